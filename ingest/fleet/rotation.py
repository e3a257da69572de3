"""What aircraft are planned to fly: to their base, and every day out from there and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from graph.model.fact import Fact
from graph.model.operation import Flight, FlightStatus
from ingest.fleet.statement import NOW, days, link, put, utcs
from ingest.fleet.unit import Airframe
from ingest.fleet.words import AIRPORTS, BASES

PLANNED_DAYS: Final = 10
"""So many days are planned."""

IN_WORK: Final = days(3)
"""The first aircraft is in the hangar for so long."""

REST: Final = 4
"""Every so many days an aircraft stays at its base for the day."""

_OUT: Final = (timedelta(hours=7), timedelta(hours=15))
"""When an aircraft leaves its base on a day; each time it is back five hours later."""

_LEG: Final = timedelta(hours=2)
_TURN: Final = timedelta(hours=1)


def planned(airframe: Airframe, origin: str) -> list[Fact]:
    """Returns the flights that an aircraft is planned for, from where it stands."""
    facts: list[Fact] = []
    for number, (start, place, to) in enumerate(_legs(airframe, origin), start=1):
        flight = utcs("flight", f"PL-{airframe.msn}-{number:03d}")
        properties = Flight(
            name=f"{place}–{to} on {start.date()}",
            number=f"{airframe.operator[:2].upper()}{airframe.number % 100:02d}{number + 50:02d}",
            origin=place,
            destination=to,
            planned_start_at=start,
            planned_end_at=start + _LEG,
            status=FlightStatus.PLANNED,
        )
        facts += [put(flight, properties), link(flight, "FLOWN_BY", airframe.utcs)]
    return facts


def _legs(airframe: Airframe, origin: str) -> Iterator[tuple[datetime, str, str]]:
    """Yields when each flight leaves, from where and whereto."""
    home = next(base.icao for base in BASES if base.code == airframe.station)
    away = [known for known in AIRPORTS if known != home]
    begin = NOW + (IN_WORK if airframe.number == 0 else days(0)) + days(0.25)
    if origin != home:
        yield begin, origin, home
    midnight = begin.replace(hour=0, minute=0) + days(1)
    for day in range(PLANNED_DAYS):
        if (day + airframe.number) % REST == 0:
            continue
        for number, out in enumerate(_OUT):
            to = away[(airframe.number + 2 * day + number) % len(away)]
            leaves = midnight + days(day) + out
            yield leaves, home, to
            yield leaves + _LEG + _TURN, to, home
