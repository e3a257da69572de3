"""What is in each place of a unit against what its bill of material calls for there.

Pure: a design as it was at some time, the units as they were at some time, and a verdict on each place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from itertools import chain, count
from math import ceil
from typing import Final

Place = tuple[str, ...]
"""The slots from the unit where it begins down to a place."""

MOST_LEVELS: Final = 40
"""No assembly is so deep; who is, contains itself."""


class Verdict(StrEnum):
    """How what is in a place stands to what is called for there."""

    AS_DESIGNED = "as_designed"
    ALLOWED_ALTERNATE = "allowed_alternate"
    UNAPPROVED = "unapproved"
    MISSING = "missing"
    EXTRA = "extra"
    UNDETERMINED = "undetermined"
    """What is recorded does not tell."""

    @property
    def is_fault(self) -> bool:
        """Whether somebody has to see to it."""
        return self in (Verdict.UNAPPROVED, Verdict.MISSING, Verdict.EXTRA)


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a bill of material: at a find number, so many of a part."""

    find: Place
    part: str
    quantity: Decimal
    effectivity: str | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """For what a part may stand in, and on what that rests.

    Attributes:
        part: The part that is called for.
        approval: The approval; None where none is recorded.
        supersedes: Whether it takes the place of that part for good, so that it needs no approval besides.
    """

    part: str
    approval: str | None = None
    supersedes: bool = False

    @property
    def why(self) -> str:
        """How it stands to the part that is called for, as a verb."""
        return "supersedes" if self.supersedes else "is an alternate of"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is known of a part.

    Attributes:
        number: As it is printed.
        is_serialised: Whether each of it is a unit of its own; None where that is not said.
        stands: For what it may stand in.
        fits: The positions in which it is allowed, by number.
    """

    number: str
    is_serialised: bool | None = None
    stands: tuple[Stand, ...] = ()
    fits: frozenset[str] = frozenset()

    @property
    def is_unit(self) -> bool:
        """Whether it is installed unit by unit, and so has places of its own."""
        return self.is_serialised is True or (self.is_serialised is None and bool(self.fits))


@dataclass(frozen=True, slots=True)
class Design:
    """What was designed, and what was allowed, at one time.

    Attributes:
        bills: The lines of each assembly.
        parts: What is known of each part.
        optional: The positions that may be empty, by number.
        accepts: The parts that each position allows, by its number.
    """

    bills: Mapping[str, Sequence[Component]]
    parts: Mapping[str, PartFacts]
    optional: frozenset[str] = frozenset()
    accepts: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        accepts: dict[str, set[str]] = {}
        for part, facts in self.parts.items():
            for position in facts.fits:
                accepts.setdefault(position, set()).add(part)
        object.__setattr__(self, "accepts", {p: frozenset(of) for p, of in accepts.items()})

    def number(self, part: str) -> str:
        """Returns what is printed on a part."""
        return facts.number if (facts := self.parts.get(part)) else part

    def units_of(self, assembly: str) -> list[Component]:
        """Returns the lines of an assembly that call for units; what is grouped only is opened."""
        return [*self._opened(assembly, (), Decimal(1), None, MOST_LEVELS)]

    def _opened(
        self, assembly: str, above: Place, times: Decimal, effectivity: str | None, levels: int
    ) -> Iterator[Component]:
        for line in self.bills.get(assembly, ()) if levels else ():
            found, quantity = above + line.find, times * line.quantity
            only = line.effectivity or effectivity
            facts = self.parts.get(line.part)
            if facts is not None and facts.is_unit:
                yield Component(found, line.part, quantity, only)
            else:
                yield from self._opened(line.part, found, quantity, only, levels - 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in its place.

    Attributes:
        part: Its part number; None where that is not recorded.
        approval: The approval that it was put there under, where its part number is not allowed there.
    """

    utcs: str
    part: str | None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One place, and what is to be said of it.

    Attributes:
        unit: What is there; None if nothing is.
        called_for: The line that calls for something there; None if none does.
        why: What the verdict rests on, as a sentence.
    """

    verdict: Verdict
    unit: Unit | None
    called_for: Component | None
    why: str


Judgement = tuple[Verdict, str]


def judge(design: Design, part: str, units: Mapping[Place, Unit]) -> dict[Place, Judged]:
    """Returns a verdict on each place of a unit, those that are empty and should not be included.

    Args:
        design: What was designed and allowed.
        part: The part number of the unit.
        units: What is in it, at any depth, by place.
    """
    inside: dict[Place, list[Place]] = {}
    for place in sorted(units):
        if place:
            inside.setdefault(place[:-1], []).append(place)
    judged: dict[Place, Judged] = {}
    todo: list[tuple[Place, list[str]]] = [((), [part])]
    while todo:
        above, parts = todo.pop()
        lines = next((found for one in parts if (found := design.units_of(one))), [])
        if not lines:
            _unknown(design, parts, inside.get(above, ()), units, judged)
            continue
        bench = _Assembly(design, above, lines)
        for place in bench.in_turn(inside.get(above, ()), units):
            judged[place] = bench.take(place, units[place])
        for place in inside.get(above, ()):
            taken = judged[place]
            own = [units[place].part, taken.called_for and taken.called_for.part]
            todo.append((place, [one for one in own if one]))
        judged |= bench.missing()
    return judged


def _unknown(
    design: Design,
    parts: Iterable[str],
    places: Iterable[Place],
    units: Mapping[Place, Unit],
    judged: dict[Place, Judged],
) -> None:
    """Says of units in an assembly without a bill that nothing tells what belongs there."""
    named = " or ".join(map(design.number, parts)) or "the unit that it is in"
    why = f"no bill of material of {named} is recorded"
    for place in places:
        judged[place] = Judged(Verdict.UNDETERMINED, units[place], None, why)


class _Assembly:
    """One assembly: its lines, and how many of each are still to be found."""

    def __init__(self, design: Design, above: Place, lines: Sequence[Component]) -> None:
        self._design = design
        self._above = above
        self._lines = lines
        self._left = [line.quantity for line in lines]
        self._filled: set[Place] = set()

    def in_turn(self, places: Iterable[Place], units: Mapping[Place, Unit]) -> list[Place]:
        """Returns places so that what is called for by its own number comes before what stands in."""
        called = {line.part for line in self._lines}
        return sorted(places, key=lambda place: (units[place].part not in called, place))

    def take(self, place: Place, unit: Unit) -> Judged:
        """Takes one unit, and returns the verdict on its place."""
        judged = self._take(place, unit)
        is_deviation = judged.verdict is Verdict.UNAPPROVED or (
            judged.verdict is Verdict.EXTRA and judged.called_for is None
        )
        if unit.approval is None or not is_deviation:
            return judged
        why = f"{judged.why}; it was put there under {unit.approval}"
        return replace(judged, verdict=Verdict.ALLOWED_ALTERNATE, why=why)

    def _take(self, place: Place, unit: Unit) -> Judged:
        self._filled.add(place)
        position = ".".join(place)
        accepted = self._design.accepts.get(position)
        fitting = [n for n, line in enumerate(self._lines) if self._calls(line, unit, accepted)]
        if not fitting:
            return Judged(
                Verdict.EXTRA, unit, None, "nothing in the bill of material calls for it there"
            )
        fitting.sort(key=lambda n: (self._left[n] <= 0, self._lines[n].part != unit.part))
        number = fitting[0]
        line = self._lines[number]
        self._left[number] -= 1
        if self._left[number] < 0:
            called = f"the bill of material calls for {line.quantity:f} only"
            return Judged(Verdict.EXTRA, unit, line, called)
        verdict, why = self._judge(unit, line, position, accepted)
        return Judged(verdict, unit, line, why)

    def _calls(self, line: Component, unit: Unit, accepted: frozenset[str] | None) -> bool:
        """Whether a line may be what calls for a unit: by its position, or else by its part."""
        if accepted and any(one.part in accepted for one in self._lines):
            return line.part in accepted
        return line.part == unit.part or any(
            stand.part == line.part for stand in self._stands(unit)
        )

    def _stands(self, unit: Unit) -> tuple[Stand, ...]:
        facts = self._design.parts.get(unit.part or "")
        return facts.stands if facts else ()

    def _judge(
        self, unit: Unit, line: Component, position: str, accepted: frozenset[str] | None
    ) -> Judgement:
        if unit.part is None:
            return Verdict.UNDETERMINED, "its part number is not recorded"
        number = self._design.number(unit.part)
        called = self._design.number(line.part)
        stand = next((one for one in self._stands(unit) if one.part == line.part), None)
        if accepted is not None and unit.part not in accepted:
            relation = f"{stand.why} {called}, but" if stand else f"is not {called} and"
            if unit.part == line.part:
                relation = "is called for, but"
            return Verdict.UNAPPROVED, f"{number} {relation} does not fit {position}"
        if unit.part == line.part:
            return Verdict.AS_DESIGNED, ""
        fits = f" and fits {position}" if accepted else ""
        if stand is None:
            return Verdict.ALLOWED_ALTERNATE, f"{number} is not {called}, but{fits[4:]}"
        rests = f" ({stand.approval})" if stand.approval else ""
        if not (fits or rests or stand.supersedes):
            why = f"{number} {stand.why} {called}, but no approval of that is recorded"
            return Verdict.UNAPPROVED, why
        return Verdict.ALLOWED_ALTERNATE, f"{number} {stand.why} {called}{rests}{fits}"

    def missing(self) -> Iterator[tuple[Place, Judged]]:
        """Yields the places that are empty and should not be."""
        for line, left in zip(self._lines, self._left, strict=True):
            empty = self._empty(line)
            mandatory = [p for p in empty if ".".join(p) not in self._design.optional]
            wanted = ceil(left) - (len(empty) - len(mandatory))
            names = self._names("/".join(line.find), alone=wanted == 1)
            for number in range(max(wanted, 0)):
                place = mandatory[number] if number < len(mandatory) else next(names)
                yield place, self._judge_missing(line)

    def _names(self, find: str, *, alone: bool) -> Iterator[Place]:
        """Yields names for places that have none, by the find number: none that a slot has."""
        numbered = (f"{find} #{number}" for number in count(1))
        for name in chain([find] if alone else [], numbered):
            if (place := (*self._above, name)) not in self._filled:
                yield place

    def _judge_missing(self, line: Component) -> Judged:
        called = self._design.number(line.part)
        if line.effectivity:
            only = (
                f"{called} is called for where {line.effectivity!r} holds, which is not evaluated"
            )
            return Judged(Verdict.UNDETERMINED, None, line, only)
        return Judged(Verdict.MISSING, None, line, f"{called} is called for, and nothing is there")

    def _empty(self, line: Component) -> list[Place]:
        """Returns the known places in this assembly that allow a line's part and have nothing in them."""
        facts = self._design.parts.get(line.part)
        places = (tuple(position.split(".")) for position in facts.fits) if facts else ()
        return sorted(p for p in places if p[:-1] == self._above and p not in self._filled)
