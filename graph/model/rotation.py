"""Rotations: the flights of an aircraft one after the other, and the times on the ground between them. Pure.

A stop lies between two flights that follow one another, at the aerodrome at which the one ends and the other
begins. Where the two do not meet, nobody says where the aircraft is, and that is told instead of guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from graph.model.identifier import Utcs, local_part
from graph.model.maintenance import WindowCategory
from graph.model.operation import FlightStatus
from graph.model.time import format_utc

OVERNIGHT: Final = timedelta(hours=6)
"""A stop of so long is told as `overnight`, a shorter one as `line_stop`."""

BASE_CHECK: Final = timedelta(hours=24)
"""A stop of so long is told as `base_check`."""


@dataclass(frozen=True, slots=True)
class Turnround:
    """What of a stop is not for maintenance.

    Attributes:
        after: From on blocks until work can begin.
        before: From the end of work until off blocks.
    """

    after: timedelta = timedelta(minutes=30)
    before: timedelta = timedelta(minutes=45)


TURNROUND: Final = Turnround()


@dataclass(frozen=True, slots=True)
class Leg:
    """One flight, as far as it is known: its times are those flown, else those planned.

    Attributes:
        starts_at: Off blocks.
        ends_at: On blocks.
    """

    flight: Utcs
    aircraft: Utcs
    number: str | None
    origin: str | None
    destination: str | None
    starts_at: datetime
    ends_at: datetime
    status: FlightStatus

    def __str__(self) -> str:
        """The flight, as people call it."""
        return f"{self.number or self.flight.local} {self.origin or '?'}–{self.destination or '?'}"


@dataclass(frozen=True, slots=True)
class Stop:
    """A time on the ground.

    Attributes:
        station: The aerodrome (ICAO Doc 7910); None where nobody says where the aircraft is.
        ends_at: When the next flight leaves, or how far was looked where none is planned.
        after: The flight with which it came; None where none is known.
        before: The flight with which it goes; None where none is planned.
    """

    aircraft: Utcs
    station: str | None
    starts_at: datetime
    ends_at: datetime
    after: Leg | None
    before: Leg | None

    @property
    def category(self) -> WindowCategory:
        """What sort of opportunity it is, by how long it lasts."""
        lasts = self.ends_at - self.starts_at
        if lasts >= BASE_CHECK:
            return WindowCategory.BASE_CHECK
        return WindowCategory.OVERNIGHT if lasts >= OVERNIGHT else WindowCategory.LINE_STOP

    def usable(self, turnround: Turnround = TURNROUND) -> tuple[datetime, datetime] | None:
        """Returns from when until when can be worked; None where there is no time left to work in."""
        begin = self.starts_at + (turnround.after if self.after else timedelta())
        end = self.ends_at - (turnround.before if self.before else timedelta())
        return (begin, end) if begin < end else None


@dataclass(frozen=True, slots=True)
class Rotation:
    """The flights of one aircraft within a time, and its stops.

    Attributes:
        legs: The flights, in the order of time; those that were cancelled are left out.
        stops: The times on the ground, in the order of time.
        faults: Where the flights do not fit one another, in sentences.
    """

    aircraft: Utcs
    legs: tuple[Leg, ...]
    stops: tuple[Stop, ...]
    faults: tuple[str, ...]


def flight_id(aircraft: Utcs, leg: str) -> Utcs:
    """Returns the identifier of a flight, which its aircraft and its leg make."""
    return Utcs(aircraft.authority, "flight", local_part(f"{aircraft.local}-{leg}"))


def stands_in(lost: Sequence[Leg], stop: Stop, turnround: Turnround = TURNROUND) -> tuple[Leg, ...]:
    """Returns the flights that another aircraft can fly instead, and be back for its own next one.

    Args:
        lost: The flights that are at risk, in the order of time, from where they begin.
        stop: A time on the ground of the other aircraft.
        turnround: What it needs between two flights.

    Returns:
        The flights from the first on until they are back at that aerodrome; empty if it cannot fly them. One
        that has no flight planned needs not be back.
    """
    if not lost or stop.station != lost[0].origin:
        return ()
    ready = stop.starts_at + turnround.after + turnround.before if stop.after else stop.starts_at
    if ready > lost[0].starts_at:
        return ()
    for number, leg in enumerate(lost, start=1):
        if stop.before and leg.ends_at + turnround.after + turnround.before > stop.ends_at:
            return ()
        if leg.destination == stop.station:
            return tuple(lost[:number])
    return () if stop.before else tuple(lost)


def rotation(aircraft: Utcs, told: Iterable[Leg], since: datetime, until: datetime) -> Rotation:
    """Returns the flights of an aircraft and its stops within a time.

    Args:
        aircraft: The aircraft.
        told: Its flights; the last one before that time tells where it stands as it begins.
        since: The first moment.
        until: The last one.
    """
    legs = sorted(
        (leg for leg in told if leg.status is not FlightStatus.CANCELLED and leg.starts_at < until),
        key=lambda leg: (leg.starts_at, leg.ends_at, leg.flight),
    )
    stops = [stop for stop in _stops(aircraft, legs, since, until) if stop.starts_at < stop.ends_at]
    inside = tuple(leg for leg in legs if leg.ends_at > since)
    return Rotation(aircraft, inside, tuple(stops), tuple(_faults(legs, since)))


def _stops(aircraft: Utcs, legs: Sequence[Leg], since: datetime, until: datetime) -> Iterator[Stop]:
    if not legs:
        yield Stop(aircraft, None, since, until, None, None)
        return
    yield Stop(aircraft, legs[0].origin, since, legs[0].starts_at, None, legs[0])
    latest = legs[0]
    for leg in legs[
        1:
    ]:  # of flights that overlap, the one that ends last says when it is on the ground
        if leg.starts_at > latest.ends_at:
            begin = max(latest.ends_at, since)
            yield Stop(aircraft, _between(latest, leg), begin, leg.starts_at, latest, leg)
        latest = max(latest, leg, key=lambda one: one.ends_at)
    yield Stop(aircraft, _place_after(latest), max(latest.ends_at, since), until, latest, None)


def _place_after(leg: Leg) -> str | None:
    """Returns where a flight ended, as far as that is said: not at its destination if it was diverted."""
    return None if leg.status is FlightStatus.DIVERTED else leg.destination


def _between(before: Leg, after: Leg) -> str | None:
    arrived = _place_after(before)
    return after.origin if arrived in (None, after.origin) else None


def _faults(legs: Sequence[Leg], since: datetime) -> Iterator[str]:
    for before, after in pairwise(legs):
        if after.ends_at <= since:
            continue
        if after.starts_at < before.ends_at:
            yield (
                f"{after} leaves at {format_utc(after.starts_at)}, before {before} is on blocks at "
                f"{format_utc(before.ends_at)}; correct one of them"
            )
        elif _place_after(before) and after.origin and _between(before, after) is None:
            yield (
                f"{before} ends at {before.destination}, and {after} leaves from {after.origin}; no flight "
                "says how it gets there"
            )
