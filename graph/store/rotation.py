"""What do aircraft fly, and where do they stand in between? Rotations, from what is planned and flown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from graph.model.identifier import Utcs
from graph.model.operation import FlightStatus
from graph.model.rotation import Leg, Rotation, rotation
from graph.model.time import format_utc, parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import Moment
from graph.store.text import fill

_BEFORE: Final = timedelta(days=60)
"""So far back the last flight before a time is sought; where an aircraft stands is not known otherwise."""

LOOK_AHEAD: Final = timedelta(days=30)
"""So far ahead the next flight is sought."""

_FLOWN_BY: Final = ("FLOWN_BY",)


def require_aircraft(utcs: Utcs | None, field: str = "about") -> None:
    """Refuses a question about a thing that flies no flights.

    Raises:
        BadQuestionError: It is no aircraft.
    """
    if utcs is not None and utcs.kind != "aircraft":
        raise BadQuestionError(
            f"{field}: {utcs} is a {utcs.kind}, which flies no flights; give an aircraft",
            field=field,
        )


async def find_rotations(
    graph: Graph, aircraft: Collection[Utcs], since: datetime, until: datetime, moment: Moment
) -> dict[Utcs, Rotation]:
    """Returns the rotation of each of some aircraft within a time; one query however many there are.

    Args:
        graph: Where to ask.
        aircraft: The aircraft.
        since: The first moment.
        until: The last one.
        moment: The coordinates of time at which flights are told so.
    """
    asked = {
        "aircraft": sorted(map(str, aircraft)),
        "since": format_utc(since),
        "until": format_utc(until),
        "earliest": format_utc(since - _BEFORE),
    }
    row = await moment.ask(graph, flights_text(moment), asked) if aircraft else None
    legs: defaultdict[str, list[Leg]] = defaultdict(list)
    parsed = {str(one): one for one in aircraft}
    for flown_by, flight, number, origin, destination, begins, ends, status in (
        row[0] if row else ()
    ):
        legs[flown_by].append(
            Leg(
                flight=Utcs.parse(flight),
                aircraft=parsed[flown_by],
                number=number,
                origin=origin,
                destination=destination,
                starts_at=parse_utc(begins),
                ends_at=parse_utc(ends),
                status=FlightStatus(status or FlightStatus.PLANNED),
            )
        )
    return {one: rotation(one, legs[str(one)], since, until) for one in aircraft}


def flights_text(moment: Moment) -> str:
    """Returns the statement that reads flights."""
    return fill(
        "fleet/flights",
        flown_by=moment.types(_FLOWN_BY),
        flown_holds=moment.holds("link", _FLOWN_BY),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
