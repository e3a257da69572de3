"""What occurred that bears on safety, and does the authority know of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs, VersionRef
from graph.model.occurrence import Reported, Reporting, reported
from graph.model.operation import Incident
from graph.model.product import Aircraft
from graph.model.time import Coordinates, from_micros, to_micros
from graph.store.aboard import find_aboard
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import bounded
from graph.store.running_deferrals import flies
from graph.store.select import select
from graph.store.selection import Hop, Kinds, Named, Page, Property, Root, Value

MOST: Final = 20_000
"""So many occurrences are read at most."""

MOST_LINKS: Final = 100
"""Of each occurrence so many things are read that it is about, and on which it was found."""

_STATED: Final = ("utcs", "kind", "n")
_SAID: Final = (*_STATED, *Incident.model_fields)
_AIRCRAFT: Final = (*_STATED, *Aircraft.model_fields)
_ABOUT: Final = Page(Hop("ABOUT", forward=True), (Property("utcs"),), limit=Value(3))
_FLIGHT: Final = Page(
    Hop("FOUND_IN", forward=True),
    tuple(map(Property, ("kind", "number", "origin", "destination"))),
    limit=Value(3),
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An occurrence, and how it stands towards the authority.

    Attributes:
        on: What it is about, by identifier.
        aircraft: The aircraft that it is about, or that the unit was in when it happened.
        said: What the record says of that aircraft.
        flight: The number, origin and destination of the flight on which it happened.
    """

    ref: VersionRef
    incident: Incident
    on: tuple[Utcs, ...]
    aircraft: Utcs | None
    said: Aircraft | None
    flight: tuple[str | None, str | None, str | None]
    reported: Reported


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences: what is most urgent to report first, then the latest first.

    Attributes:
        total: How many there are in all.
        is_whole: Whether all of them were read.
    """

    occurrences: tuple[Occurrence, ...]
    total: int
    is_whole: bool


async def occurrences(
    graph: Graph, about: Utcs | None = None, *, most: int = MOST, at: Coordinates = CURRENT
) -> Occurrences:
    """Returns what occurred in the fleet, or on an aircraft or unit and all that was in it then.

    Args:
        graph: Where to ask.
        about: The aircraft or unit.
        most: So many are read, by identifier.
        at: The coordinates of time.

    Raises:
        BadQuestionError: The number is out of bounds.
        QueryTimeoutError: It took too long.
    """
    moment = Moment.of(graph, at)
    page = Page(
        Kinds(("incident",)), (*map(Property, _SAID), _ABOUT, _FLIGHT), limit=Value(2), total=True
    )
    values = [moment.world, moment.knowledge, bounded("most", most, MOST), MOST_LINKS]
    ((rows, total),) = await select(graph, (Root(page, moment.era, Value(0), Value(1)),), values)
    read = [_read(row) for row in rows]
    aircraft = await _aircraft(graph, read, moment)
    said = await _said(graph, set(aircraft.values()), moment)
    now = from_micros(moment.world)
    found = [
        Occurrence(ref, incident, on, then, said.get(then), flight, reported(incident, now))  # type: ignore[arg-type]
        for ref, incident, on, flight in read
        for then in (aircraft.get(ref.utcs),)
    ]
    kept = [one for one in found if about is None or about in (one.aircraft, *one.on)]
    return Occurrences(
        tuple(sorted(kept, key=_urgency)),
        total if about is None else len(kept),
        len(rows) == total,
    )


_Read = tuple[VersionRef, Incident, tuple[Utcs, ...], tuple[str | None, str | None, str | None]]


def _read(row: Sequence[Any]) -> _Read:
    *said, about, found_in = row
    stored = {name: value for name, value in zip(_SAID, said, strict=True) if value is not None}
    on = tuple(sorted((Utcs.parse(one) for (one,) in about), key=str))
    flights = [tuple(of) for kind, *of in found_in if kind == "flight"]
    number, origin, destination = flights[0] if flights else (None, None, None)
    ref = VersionRef(Utcs.parse(stored["utcs"]), stored["n"])
    return ref, read_as(Incident, stored), on, (number, origin, destination)


async def _aircraft(graph: Graph, read: Sequence[_Read], moment: Moment) -> dict[Utcs, Utcs]:
    """Returns the aircraft of each occurrence: as it was when it happened."""
    units = {on for _, _, about, _ in read for on in about if flies(on)}
    aboard = await find_aboard(graph, units, moment)
    found = {}
    for ref, incident, about, _ in read:
        at = moment.world if incident.occurred_at is None else to_micros(incident.occurred_at)
        carriers = sorted(
            one.carrier for on in about for one in aboard.get(on, ()) if one.since <= at < one.until
        )
        if carriers:
            found[ref.utcs] = Utcs.parse(carriers[0])
    return found


async def _said(graph: Graph, aircraft: set[Utcs], moment: Moment) -> Mapping[Utcs, Aircraft]:
    page = Page(Named(Value(2)), tuple(map(Property, _AIRCRAFT)), limit=Value(3))
    values = [moment.world, moment.knowledge, sorted(map(str, aircraft)), len(aircraft)]
    (rows,) = await select(graph, (Root(page, moment.era, Value(0), Value(1)),), values)
    stored = [
        {name: value for name, value in zip(_AIRCRAFT, row, strict=True) if value is not None}
        for row in rows
    ]
    return {Utcs.parse(one["utcs"]): read_as(Aircraft, one) for one in stored}


def _urgency(one: Occurrence) -> tuple[int, float, str]:
    at = one.incident.occurred_at
    return (
        [*Reporting].index(one.reported.standing),
        0.0 if at is None else -at.timestamp(),
        str(one.ref.utcs),
    )
