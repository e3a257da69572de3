"""What rules of effectivity are held against: of all aircraft at once, the facts that expressions name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.model import ontology
from graph.model.applicability import Facts, Finding, Fitted, Held, Leaves, Subject
from graph.model.identifier import IdentifierError, Utcs
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.text import fill

UNIT_KINDS: Final = [k for k in ontology.kinds() if ontology.fits(k, frozenset({"serial"}))]

_CHANGES: Final = ontology.get_link_type("EMBODIES").targets
_EMBODIES: Final = ("EMBODIES",)
_LOADED: Final = ("LOADED_WITH",)
_CONTAINS: Final = ("CONTAINS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_SUBJECT_TO: Final = ("SUBJECT_TO",)
_NAMED: Final = ("parts", "changes", "software")

Place = tuple[Utcs | None, str]
"""The aircraft that something is or is in, and the position there."""


@dataclass(frozen=True, slots=True)
class Named:
    """What links say is subject to a change.

    Attributes:
        change: The change.
        is_linked: Whether any link says what is subject to it; it may be of a part that has no unit.
        units: What makes a unit, or the aircraft that it is in, subject to it: the thing that is named.
    """

    change: Utcs
    is_linked: bool
    units: Mapping[Utcs, Utcs]

    def judge(self, subject: Subject) -> Finding:
        """Returns whether links name an aircraft, something in it, or a part number of these."""
        if not self.is_linked:
            fact = f"{self.change.local} has neither a rule nor a link that says to what it applies"
            return Finding(None, fact)
        if (named := self.units.get(subject.utcs)) is None:
            return Finding(False, f"no link says that it is subject to {self.change.local}")
        if named == subject.utcs:
            return Finding(True, f"a link says that it is subject to {self.change.local}")
        return Finding(
            True, f"{named.local}, which it is or has in it, is subject to {self.change.local}"
        )


async def read_facts(
    graph: Graph, names: Leaves, moment: Moment, unruled: Collection[Utcs] = ()
) -> tuple[Facts, dict[Utcs, Named]]:
    """Returns the facts that some names ask for, and what is subject to changes that have no rule."""
    asked = facts_asked(names) | {"unruled": [str(change) for change in unruled]}
    row = await moment.ask(graph, facts_text(moment, names, bool(unruled)), asked)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    *found, subjects = row
    return facts_of(names, found, moment.day), {one: _named(one, subjects) for one in unruled}


def facts_asked(names: Leaves) -> dict[str, list[str]]:
    """Returns the parameters of the statement that reads the facts."""
    keys = {kind: list(_keys(getattr(names, kind))) for kind in _NAMED}
    return keys | {"unit_kinds": UNIT_KINDS}


def facts_of(names: Leaves, row: Sequence[Any], day: date) -> Facts:
    """Returns the facts, from the columns of that statement: aircraft, fitted, embodied, loaded."""
    aircraft, fitted, embodied, loaded = row
    held = _Read({kind: _keys(getattr(names, kind)) for kind in _NAMED})
    return Facts(
        day=day,
        aircraft={one.utcs: one for one in map(_aircraft, aircraft)},
        fitted=tuple(held.fitted(fitted)),
        embodied=tuple(held.held("changes", embodied)),
        loaded=tuple(held.held("software", loaded)),
        unknown=held.unknown,
    )


async def find_named(graph: Graph, names: Leaves, moment: Moment) -> dict[str, tuple[Utcs, ...]]:
    """Returns the things that each of some names means, such as `part number H2-PRV-01`."""
    found: dict[str, tuple[Utcs, ...]] = {}
    for what, wanted, kinds in (
        ("part number", names.parts, ["part"]),
        ("position", names.positions, ["position"]),
        ("modification", names.changes, sorted(_CHANGES)),
        ("software", names.software, ["software"]),
    ):
        asked = {"names": [key_of(name) for name in wanted], "kinds": kinds}
        row = await moment.ask(graph, named_text(moment), asked) if wanted else None
        things = [(Utcs.parse(utcs), number) for utcs, number in (row[0] if row else [])]
        for name in sorted(wanted):
            key = key_of(name)
            found[f"{what} {name}"] = tuple(
                utcs for utcs, number in things if key in (str(utcs), number)
            )
    return found


def named_text(moment: Moment) -> str:
    """Returns the statement that finds what goes by some names."""
    row = moment.holds_row("row")
    return fill("effectivity/named", holds_row=row, stale=fill("thing/stale"))


def carrier_text(moment: Moment) -> str:
    """Returns the expression for the aircraft that a `unit` is or is in, with the slots down to it."""
    holds = moment.holds("link", _CONTAINS)
    return fill("effectivity/carrier", contains=moment.types(_CONTAINS), holds=holds)


def facts_text(moment: Moment, names: Leaves, has_subjects: bool) -> str:
    """Returns the statement that reads the facts; what nobody asks for is left out of it."""
    carrier = carrier_text(moment)
    made = {
        "instances": moment.types(_INSTANCE_OF),
        "carrier": carrier,
    }
    fitted = fill(
        "effectivity/fitted",
        holds_row=moment.holds_row("row"),
        made_holds=moment.holds("made", _INSTANCE_OF),
        holds_state=moment.holds_row("state"),
        **made,
    )
    subjects = fill(
        "effectivity/subjects",
        types=moment.types(_SUBJECT_TO),
        holds=moment.holds("subject", _SUBJECT_TO),
        made_holds=moment.holds("link", _INSTANCE_OF),
        **made,
    )
    return fill(
        "effectivity/facts",
        holds_row=moment.holds_row("row"),
        fitted=fitted if names.parts else "[]",
        embodied=_held(moment, "changes", _CHANGES, _EMBODIES, carrier) if names.changes else "[]",
        loaded=_held(moment, "software", ["software"], _LOADED, carrier)
        if names.software
        else "[]",
        subjects=subjects if has_subjects else "[]",
        stale=fill("thing/stale"),
    )


def _held(moment: Moment, names: str, kinds: Iterable[str], link: tuple[str], carrier: str) -> str:
    return fill(
        "effectivity/held",
        names=names,
        kinds=", ".join(f"'{kind}'" for kind in sorted(kinds)),
        types=moment.types(link),
        holds=moment.holds("has", link),
        holds_row=moment.holds_row("row"),
        carrier=carrier,
    )


class _Read:
    """Reads rows about what is named, under the names by which expressions call it."""

    def __init__(self, keys: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        self._keys = keys
        self._known: set[str] = set()
        self._things: dict[str, Utcs] = {}  # an aircraft comes once for each unit in it

    @property
    def unknown(self) -> frozenset[str]:
        """The names under which nothing was read."""
        asked = {name for keys in self._keys.values() for names in keys.values() for name in names}
        return frozenset(asked - self._known)

    def fitted(self, rows: Iterable[Sequence[Any]]) -> Iterator[Fitted]:
        for utcs, number, units in rows:
            for name in self._names("parts", utcs, number):
                for unit, title, serial_number, made, place in units:
                    carrier, position = self._place(place)
                    yield Fitted(
                        name, self._thing(unit), title, serial_number, day(made), carrier, position
                    )

    def held(self, kind: str, rows: Iterable[Sequence[Any]]) -> Iterator[Held]:
        for utcs, number, units in rows:
            for name in self._names(kind, utcs, number):
                for unit, place in units:
                    yield Held(name, self._thing(unit), self._place(place)[0])

    def _place(self, place: Sequence[Any] | None) -> Place:
        if place is None:
            return None, ""
        aircraft, slots = place
        return self._thing(aircraft), ".".join(slots)

    def _thing(self, utcs: str) -> Utcs:
        found = self._things.get(utcs)
        if found is None:
            found = self._things[utcs] = Utcs.parse(utcs)
        return found

    def _names(self, kind: str, utcs: str, number: str | None) -> frozenset[str]:
        keys = self._keys[kind]
        names = keys.get(utcs, frozenset()) | keys.get(number or "", frozenset())
        self._known |= names
        return names


def _keys(names: Iterable[str]) -> dict[str, frozenset[str]]:
    """Returns the numbers and plain identifiers that names stand for, each with the names for it."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        keys[key_of(name)].add(name)
    return {key: frozenset(found) for key, found in keys.items()}


def key_of(name: str) -> str:
    """Returns what a name is looked up by: a number as it is, an identifier without its check character."""
    try:
        return str(Utcs.parse(name)) if name.startswith("utcs:") else name
    except IdentifierError:
        return name


def _aircraft(row: Sequence[Any]) -> Subject:
    utcs, name, msn, type_designation, model_designation, delivered, manufactured = row
    thing = Utcs.parse(utcs)
    return Subject(
        thing,
        name,
        thing,
        msn,
        type_designation,
        model_designation,
        day(delivered),
        day(manufactured),
    )


def _named(change: Utcs, rows: Iterable[Sequence[Any]]) -> Named:
    """Returns what links name; what names a thing itself goes before what names something in it."""
    units: dict[Utcs, Utcs] = {}
    linked = [(Utcs.parse(thing), found) for utcs, thing, found in rows if utcs == str(change)]
    for named, found in linked:
        for unit, place in found:
            for one in (unit, *(place or ())[:1]):
                if units.get(subject := Utcs.parse(one)) != subject:
                    units[subject] = named
    return Named(change, bool(linked), units)


def day(written: str | None) -> date | None:
    """Returns a day as the store writes it."""
    return None if written is None else date.fromisoformat(written)
