"""EPCIS 2.0 events into the thread: the step that was done, the things it was done with, what holds what.

Everything an event says stays word for word on its operation. See docs/loading.md for how each
type of event is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from graph.errors import TraceError
from graph.model.alias import Alias
from graph.model.event import Event
from graph.model.fact import Correct, EndLink, Fact
from graph.model.identifier import Utcs, local_part
from graph.model.time import format_utc, parse_utc
from graph.store.statements import Stated
from ingest.files.epcis_epc import Codes, Thing
from ingest.files.epcis_event import (
    Action,
    EventType,
    Quantity,
    event_id,
    read_epcis_event,
    read_event_list,
)
from ingest.files.known import NOTHING, Known
from ingest.files.rejected import Rejected
from ingest.files.statement import KEY_LENGTH, Speaker, make_event, put_link, put_node

SOURCE: Final = "urn:epcglobal:epcis"
"""One source for all files, so that an event is the same event wherever it is found."""

RANK: Final = 20
"""Below the default: a scan yields to the system that owns the thing."""

MAX_PAIRS: Final = 2000
"""The most links from outputs to inputs that one transformation makes."""

_DIGEST: Final = re.compile(r"ni:///sha-256;([0-9a-f]{64})(\?.*)?")
_UNITS: Final = {
    "KGM": "kilogram",
    "GRM": "gram",
    "LTR": "litre",
    "MTR": "metre",
    "MTK": "square_metre",
    "EA": "each",
}
"""UN/ECE Recommendation 20 codes that the thread has a word for."""


def read_epcis(
    path: Path, *, actor: str, authority: str, source: str | None = None, known: Known = NOTHING
) -> Iterator[Event | Rejected]:
    """Yields what the EPCIS events in a file say, in the order of the file.

    Args:
        path: An EPCIS document, query document or single event, JSON or JSON-LD.
        actor: Who loads it.
        authority: Who issues the identifiers that are made for the things in it.
        source: The `source` of the events; by default one for all EPCIS.
        known: What the graph knows of the things in the file; see `ingest.files.known`.

    Raises:
        FileError: The file is no EPCIS document.
    """
    reader = _Reader(Speaker(source or SOURCE, actor, authority, RANK), known)
    for where, document in read_event_list(path):
        try:
            yield from reader.read(document)
        except TraceError as error:
            yield Rejected(where, error.message, json.dumps(document, ensure_ascii=False))


class _Reader:
    """One pass through one file: remembers what was met and what contains what."""

    def __init__(self, speaker: Speaker, known: Known) -> None:
        self.speaker, self.known = speaker, known
        self.codes = Codes(speaker.authority, known.things)
        self.stated = {utcs: list(said) for utcs, said in known.stated.items()}
        self.inside: dict[Utcs, dict[Utcs, bool]] = {}

    def read(self, document: dict[str, Any]) -> Iterator[Event]:
        """Yields the events of one EPCIS event: the things, the step, then who contains whom."""
        named = NamedEvent(document, self.codes)
        wrong = document.get("errorDeclaration")
        if wrong is not None:
            yield from self._withdrawn(document, wrong)
            return
        introduced = {thing.utcs: self._introduced(thing, named) for thing in named.things()}
        overlaid = {thing.utcs: self._overlaid(thing, named) for thing in named.things()}
        said = self._said(named)
        # From here on nothing can fail: what is remembered has been stated.
        for utcs, events in introduced.items():
            kept = [s for s in self.stated.get(utcs, []) if s not in overlaid[utcs]]
            end = kept[0].valid_from if kept else None
            new = [Stated(e.time, end, e.source, e.id, e.actor) for e in events[:1]]
            self.stated[utcs] = new + kept
        self._remember(named)
        for events in introduced.values():
            yield from events
        for thing in named.things():
            begins_anew = bool(introduced[thing.utcs])
            for statement in overlaid[thing.utcs]:
                yield from self._taken_back(thing, statement, named, begins_anew)
        yield from said

    def _introduced(self, thing: Thing, named: NamedEvent) -> list[Event]:
        """Returns the statements that a thing exists, unless that is known of the time of the event.

        One event for each fact, so that one which is refused or taken back takes no other along.
        """
        time, stated = named.event.time, self.stated.get(thing.utcs)
        if stated and stated[0].valid_from <= time:
            return []
        return [make_event(self.speaker, thing.key, [fact], time) for fact in thing.facts(time)]

    def _overlaid(self, thing: Thing, named: NamedEvent) -> list[Stated]:
        """Returns what scans stated of a thing that is known to have existed just before.

        A scan's words say no more than the code, so they must not hide what an owner said of an
        earlier time, nor be a version of their own once an earlier scan is known.
        """
        stated = self.stated.get(thing.utcs, [])
        ends = [before.valid_to for before in stated]
        begins_earlier = bool(stated) and named.event.time < stated[0].valid_from
        return [
            one
            for place, one in enumerate(stated)
            if one.source == self.speaker.source
            and one.id.rpartition("#")[0] == thing.key[:KEY_LENGTH]
            and (ends[place - 1] == one.valid_from if place else begins_earlier)
        ]

    def _taken_back(
        self, thing: Thing, stated: Stated, named: NamedEvent, begins_anew: bool
    ) -> Iterator[Event]:
        """Yields what corrects a statement; and what it came with, if all that is stated anew."""
        time = stated.valid_from
        reason = f"known to exist before {format_utc(time)}"
        speaker = replace(self.speaker, actor=stated.actor)
        made = [make_event(speaker, thing.key, [fact], time).id for fact in thing.facts(time)]
        for id in made if begins_anew and stated.id in made else [stated.id]:
            fact = Correct(source=stated.source, id=id, reason=reason)
            yield make_event(self.speaker, f"{thing.key} before", [fact], named.event.time)

    def _said(self, named: NamedEvent) -> list[Event]:
        """Returns what the event itself says, beyond that there are such things."""
        return [self._step(named), *self._placed(named)]

    def _step(self, named: NamedEvent) -> Event:
        facts = [named.operation(), *named.links()]
        return make_event(self.speaker, named.id, facts, named.event.time)

    def _placed(self, named: NamedEvent) -> Iterator[Event]:
        """Yields one event for each child, so that one that is refused takes no other along."""
        if named.parent is None:
            return
        parent, deleted = named.parent.utcs, named.event.action is Action.DELETE
        children = self._held(named) if named.empties else named.children
        for child in children:
            fact = containment(parent, child, deleted=deleted)
            yield make_event(self.speaker, f"{named.id} {child.local}", [fact], named.event.time)

    def _held(self, named: NamedEvent) -> list[Utcs]:
        """Returns what a parent contains: by what the graph knows, then by this file."""
        assert named.parent is not None  # noqa: S101 - only a parent can be emptied
        parent = named.parent.utcs
        known = self.known.contents.get((parent, named.event.time), ())
        inside = dict.fromkeys(known, True) | self.inside.get(parent, {})
        return [child for child, is_inside in inside.items() if is_inside]

    def _remember(self, named: NamedEvent) -> None:
        """Keeps in mind what is in the parent and what no longer is."""
        if named.parent is None:
            return
        children = self._held(named) if named.empties else named.children
        inside = self.inside.setdefault(named.parent.utcs, {})
        inside |= dict.fromkeys(children, named.event.action is not Action.DELETE)

    def _withdrawn(self, document: dict[str, Any], wrong: Any) -> Iterator[Event]:
        """Yields corrections of all that an event stated which is now declared wrong."""
        if not isinstance(wrong, dict) or "declarationTime" not in wrong:
            raise TraceError("errorDeclaration: declarationTime is missing; give one")
        declared = parse_utc(str(wrong["declarationTime"]), "declarationTime")
        reason = str(wrong.get("reason") or "declared wrong without a reason")[:1000]
        original = {name: value for name, value in document.items() if name != "errorDeclaration"}
        for event in _Reader(self.speaker, self.known)._said(NamedEvent(original, self.codes)):
            fact = Correct(source=event.source, id=event.id, reason=reason)
            yield make_event(self.speaker, f"wrong: {event.id}", [fact], declared)


class NamedEvent:
    """One EPCIS event with its codes read as things."""

    def __init__(self, document: dict[str, Any], codes: Codes) -> None:
        self.document, self.codes = document, codes
        self.event = event = read_epcis_event(document)
        self.id = event_id(event, document)
        digest = _DIGEST.fullmatch(self.id)
        local = digest[1] if digest else local_part(self.id)
        self.utcs = Utcs(codes.authority, "operation", local)
        self.parent = codes.thing(event.parent) if event.parent else None
        self.epcs = [codes.thing(code) for code in event.epcs]
        self.inside = {t.utcs: t for t in (codes.thing(code) for code in event.children)}
        self.children = list(self.inside)
        self.inputs = [codes.thing(code) for code in event.inputs]
        self.outputs = [codes.thing(code) for code in event.outputs]
        self.places = [
            codes.thing(place.id, otherwise="facility")
            for place in (event.read_point, event.location)
            if place
        ]
        self.quantities = self._classes(event.quantities)
        self.consumed = self._classes(event.input_quantities)
        self.produced = self._classes(event.output_quantities)
        self.carried = self._classes(event.child_quantities)

    @property
    def empties(self) -> bool:
        """Whether the event takes out all that the parent contains, without naming it."""
        event = self.event
        named = event.children or event.child_quantities
        return event.action is Action.DELETE and self.parent is not None and not named

    def things(self) -> list[Thing]:
        """Returns every thing that is met, each once, trade items before their units."""
        classes = [
            thing for thing, _ in (*self.quantities, *self.consumed, *self.produced, *self.carried)
        ]
        parents = [self.parent] if self.parent else []
        met = [
            *parents,
            *self.epcs,
            *self.inside.values(),
            *self.inputs,
            *self.outputs,
            *self.places,
        ]
        met += classes
        items = [thing.item for thing in met if thing.item]
        return list({thing.utcs: thing for thing in (*items, *met)}.values())

    def operation(self) -> Fact:
        """Returns the fact that the step was done, with the whole event in `extra`."""
        event = self.event
        step = (event.step or "").rpartition("-")[2].rpartition(":")[2].replace("_", " ")
        codes = "; ".join(thing.code for thing in self.things() if thing.code != thing.key)
        properties = {
            "name": f"{step} ({event.type})"[:300] if step else event.type.value,
            "description": codes[:100_000] or None,
            "ended_at": event.time,
            "aliases": [str(a) for a in Alias.guess(self.id) if a.scheme == "uri"][:1],
            "extra": {"epcis": self.document},
        }
        return put_node(self.utcs, properties)

    def links(self) -> Iterator[Fact]:
        """Yields what the step depends on, and what depends on it."""
        for place in {place.utcs: place for place in self.places}.values():
            if place.utcs.kind == "facility":
                yield put_link(self.utcs, "TAKES_PLACE_AT", place.utcs)
        for thing in self._made():
            yield put_link(thing.utcs, "PRODUCED_BY", self.utcs)
        for thing, quantity in self.consumed:
            yield put_link(self.utcs, "CONSUMES", thing.utcs, properties=_share(quantity))
        if self.event.type is EventType.ASSOCIATION and self.event.action is Action.ADD:
            for child in self.children:
                yield put_link(self.utcs, "INSTALLS", child)
        yield from self._ancestry()

    def _made(self) -> list[Thing]:
        event = self.event
        made = [*self.outputs, *(thing for thing, _ in self.produced)]
        if event.type is EventType.OBJECT and event.action is Action.ADD:
            made += [*self.epcs, *(thing for thing, _ in self.quantities)]
        return _of_kind(made, "serial", "batch")

    def _ancestry(self) -> Iterator[Fact]:
        """Yields that every output was made from every input: EPCIS does not say which from which."""
        met = [*self.inputs, *(thing for thing, _ in self.consumed)]
        inputs = _of_kind(met, "serial", "batch")
        outputs = self._made() if self.event.type is EventType.TRANSFORMATION else []
        if len(inputs) * len(outputs) > MAX_PAIRS:
            raise TraceError(
                f"event: {len(inputs)} inputs and {len(outputs)} outputs make more than {MAX_PAIRS:,} "
                "links; report the transformation in smaller steps"
            )
        for output in outputs:
            for source in inputs:
                yield put_link(output.utcs, "MADE_FROM", source.utcs)

    def _classes(self, quantities: tuple[Quantity, ...]) -> list[tuple[Thing, Quantity]]:
        return [(self.codes.thing(q.epc_class, otherwise="batch"), q) for q in quantities]


def containment(parent: Utcs, child: Utcs, *, deleted: bool) -> Fact:
    """Returns the fact that a thing is, or is no longer, in another or at a place.

    Raises:
        EventError: Such a thing cannot contain such another.
    """
    put = (
        put_link(child, "LOCATED_IN", parent)
        if parent.kind == "facility"
        else put_link(parent, "CONTAINS", child, slot=child.local)
    )
    if not deleted:
        return put
    return EndLink(source=put.source, link=put.link, target=put.target, slot=put.slot)


def _of_kind(things: list[Thing], *kinds: str) -> list[Thing]:
    return list({thing.utcs: thing for thing in things if thing.utcs.kind in kinds}.values())


def _share(quantity: Quantity) -> dict[str, Any]:
    """Returns what of a quantity the thread has words for; the rest stays in the event."""
    unit = _UNITS.get(quantity.uom or "")
    if quantity.quantity is None or (quantity.uom and unit is None):
        return {}
    return {"quantity": str(quantity.quantity)} | ({"unit_of_measure": unit} if unit else {})
