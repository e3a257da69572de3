"""What did aircraft fly? Their flights, and the sums of what a unit flew with them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import FAR, format_micros
from graph.store.aboard import EVER, Aboard, known_text
from graph.store.database import Graph
from graph.store.moment import Moment

COUNTED: Final = ("duration_fh", "cycles_fc", "apu_h", "apu_starts", "landings")
"""The properties of a flight that count: FH, FC, APU hours, APU starts, landings."""


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight: by what, when, and what it counts, by the place of each counter in `COUNTED`.

    Its times are in canonical form, which sorts as time does: of the many flights of a fleet, reading them
    would take longest.
    """

    aircraft: str
    began: str
    ended: str
    counts: Mapping[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """What some flights count together, how many they are, and how many of them do not say."""

    total: Decimal = Decimal(0)
    flights: int = 0
    silent: int = 0

    def __add__(self, other: Sum) -> Sum:
        """Returns both together."""
        return Sum(
            self.total + other.total, self.flights + other.flights, self.silent + other.silent
        )


class Sums:
    """What units flew with the aircraft they were in.

    Most units of an aircraft were put in and declared together, and so have the same sums: each is
    worked out once.
    """

    def __init__(self, aboard: Mapping[Utcs, Iterable[Aboard]], flights: Iterable[Flown]) -> None:
        """Sorts the flights by aircraft and time."""
        self._aboard = aboard
        self._flights: defaultdict[str, list[Flown]] = defaultdict(list)
        for flight in sorted(flights, key=lambda flight: flight.began):
            self._flights[flight.aircraft].append(flight)
        self._began = {
            aircraft: [flight.began for flight in flown]
            for aircraft, flown in self._flights.items()
        }
        self._known: dict[tuple[object, ...], Sum] = {}

    def of(self, unit: Utcs, number: int, after: int | None, until: int) -> Sum:
        """Returns one count of a unit, over the flights that ended after one moment and until another."""
        parts = (
            self._part(aboard, number, EVER if after is None else after, until)
            for aboard in self._aboard[unit]
        )
        return sum(parts, Sum())

    def _part(self, aboard: Aboard, number: int, after: int, until: int) -> Sum:
        """Returns the sum of one time aboard: who is aboard is decided when a flight begins."""
        began = self._began.get(aboard.carrier, ())
        first = bisect_left(began, canonical(aboard.since))
        last = bisect_left(began, canonical(aboard.until))
        key = (aboard.carrier, first, last, number, after, until)
        if key not in self._known:
            later, end = canonical(after), canonical(until)
            counts = [
                flight.counts[number]
                for flight in self._flights[aboard.carrier][first:last]
                if later < flight.ended <= end
            ]
            told = [count for count in counts if count is not None]
            self._known[key] = Sum(sum(told, Decimal(0)), len(counts), len(counts) - len(told))
        return self._known[key]


async def find_flown(
    graph: Graph,
    needed: Iterable[tuple[Utcs, int | None]],
    aboard: Mapping[Utcs, Iterable[Aboard]],
    numbers: Sequence[int],
    until: int,
    moment: Moment,
) -> list[Flown]:
    """Returns the flights of the aircraft in which units were.

    Args:
        graph: Where to ask.
        needed: Units, and after when the flights of each count; None is from the first one on.
        aboard: When each unit was in which aircraft.
        numbers: Which counters of `COUNTED` are asked for, by their place.
        until: Up to when flights count.
        moment: The time.
    """
    since: dict[str, int] = {}
    for unit, after in needed:
        for stay in aboard[unit]:
            earliest = EVER if after is None else after
            since[stay.carrier] = min(earliest, since.get(stay.carrier, FAR))
    if not since:
        return []
    asked = {
        "aircraft": [[aircraft, canonical(after)] for aircraft, after in sorted(since.items())],
        "until": canonical(until),
        "counters": [COUNTED[number] for number in numbers],
        "knowledge": moment.knowledge,
        "far": FAR,
    }
    ((rows,),) = await graph.read(known_text("accrual/flights", "FLOWN_BY", moment), asked)
    return [
        Flown(
            aircraft,
            began,
            ended,
            {n: None if c is None else decimal(c) for n, c in zip(numbers, counts, strict=True)},
        )
        for aircraft, began, ended, *counts in rows
    ]


@lru_cache(maxsize=10_000)
def canonical(micros: int) -> str:
    """Returns a moment in canonical form, which sorts as time does; before all time is empty."""
    return "" if micros == EVER else format_micros(micros)


@lru_cache(maxsize=10_000)  # flights of a fleet last one of some hundred times
def decimal(stored: float) -> Decimal:
    """Returns the decimal that was stored; a binary64 gives back its 15 digits exactly."""
    return written(Decimal(repr(stored)))


def written(value: Decimal) -> Decimal:
    """Returns the same decimal as people write it: 100, not 100.0 or 1E+2."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()
