"""An aircraft is grounded: which flights are at risk, who can work on it there, who can fly instead?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from graph.model.availability import Availability
from graph.model.identifier import Utcs
from graph.model.opening import Base
from graph.model.rotation import TURNROUND, Leg, Rotation, Turnround, stands_in
from graph.model.time import Coordinates, from_micros
from graph.store.availability import AircraftStatus, aircraft_status
from graph.store.bases import find_bases
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.question import bounded
from graph.store.rotation import find_rotations, require_aircraft

HOURS: Final = 48
MOST_HOURS: Final = 24 * 14


@dataclass(frozen=True, slots=True)
class StandIn:
    """An aircraft that could fly some flights instead, and be back for its own.

    Attributes:
        legs: The flights; until they are back at the aerodrome where they begin.
    """

    aircraft: Utcs
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Grounded:
    """What is known of an aircraft that is grounded, for those who have to act.

    Attributes:
        status: Why, and where it is.
        lost: The flights that it cannot fly unless it is released before.
        base: Who can work on it where it is; None where there is no base, and where nobody says where it is.
        parties: The bases with people who could be sent, where there is none.
        stand_ins: The aircraft of the fleet that could fly instead, those with the most of the flights first.
    """

    status: AircraftStatus
    lost: tuple[Leg, ...]
    base: Base | None
    parties: tuple[Base, ...]
    stand_ins: tuple[StandIn, ...]


async def aog_response(
    graph: Graph,
    about: Utcs | None = None,
    *,
    hours: int = HOURS,
    turnround: Turnround = TURNROUND,
    at: Coordinates = CURRENT,
) -> tuple[Grounded, ...]:
    """Returns what can be done about each aircraft that is grounded.

    Args:
        graph: Where to ask.
        about: Only this aircraft; the whole fleet unless given.
        hours: The flights of so many hours are looked at.
        turnround: What an aircraft needs between two flights.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no aircraft, there are too many, or a number is wrong.
        NotFoundError: The aircraft is not there then.
    """
    require_aircraft(about)
    moment = Moment.of(graph, at)
    now = from_micros(moment.world)
    until = now + timedelta(hours=bounded("hours", hours, MOST_HOURS))
    fleet = await aircraft_status(graph, at=at)
    if about is not None and about not in {one.utcs for one in fleet}:
        fleet = await aircraft_status(graph, about, at=at)  # says why it is not there
    rotations = await find_rotations(graph, [one.utcs for one in fleet], now, until, moment)
    bases = await find_bases(graph, moment)
    free = {
        one.utcs: rotations[one.utcs]
        for one in fleet
        if one.availability in (Availability.AVAILABLE, Availability.FLYING)
    }
    return tuple(
        _grounded(one, rotations[one.utcs], free, bases, turnround)
        for one in fleet
        if one.availability is Availability.GROUNDED and about in (None, one.utcs)
    )


def _grounded(
    status: AircraftStatus,
    flown: Rotation,
    free: Mapping[Utcs, Rotation],
    bases: tuple[Base, ...],
    turnround: Turnround,
) -> Grounded:
    base = next((one for one in bases if one.station == status.station and one.people), None)
    stand_ins = sorted(
        _stand_ins(flown.legs, free, turnround), key=lambda one: (-len(one.legs), one.aircraft)
    )
    return Grounded(
        status=status,
        lost=flown.legs,
        base=base,
        parties=() if base else tuple(one for one in bases if one.people),
        stand_ins=tuple(stand_ins),
    )


def _stand_ins(
    lost: tuple[Leg, ...], free: Mapping[Utcs, Rotation], turnround: Turnround
) -> Iterator[StandIn]:
    for aircraft, rotation in free.items():
        legs = max(
            (stands_in(lost, stop, turnround) for stop in rotation.stops), key=len, default=()
        )
        if legs:
            yield StandIn(aircraft, legs)
