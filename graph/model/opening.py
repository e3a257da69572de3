"""Maintenance windows: which stop of a rotation takes which work, at which base. Pure.

The rule: needs are placed in the order in which they must be done. Each goes into the last stop at a base in
which it is done in time, so that least is thrown away; what is late already goes into the first. No stop
gives more time than it has, no base takes more aircraft at once than it has bays, and no spare is promised
twice. What finds no place says why. It is a proposal, made stop by stop, not an optimum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final, Generic, TypeVar

from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.rotation import Stop
from graph.model.time import format_utc

Id = TypeVar("Id")

CREW: Final = 4
"""So many people at most work on one aircraft at once, unless a question says otherwise."""


@dataclass(frozen=True, slots=True)
class Base:
    """A facility that maintains aircraft.

    Attributes:
        station: The aerodrome that it is at (ICAO Doc 7910).
        bays: How many aircraft it takes at once; None where nobody says.
        people: How many work there who maintain.
    """

    utcs: Utcs
    name: str
    station: str
    bays: int | None
    people: int


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A stop as an opportunity to maintain.

    Attributes:
        base: Who can work there; None where no base is at that aerodrome.
        starts_at: When work can begin.
        ends_at: When it must be over.
    """

    stop: Stop
    base: Base | None
    starts_at: datetime
    ends_at: datetime

    @property
    def hours(self) -> Decimal:
        """How long can be worked."""
        return hours(self.ends_at - self.starts_at)


@dataclass(frozen=True, slots=True)
class Occupied:
    """A time for which an aircraft has a place at a base."""

    base: Utcs
    aircraft: Utcs
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Need(Generic[Id]):
    """Work that is to be placed.

    Attributes:
        id: What it is.
        by: When it must be done at the latest; in the past where it is late.
        labour_h: The labour that is stated of it.
        spares: How many spares it needs of each part number.
    """

    id: Id
    aircraft: Utcs
    by: datetime
    labour_h: Decimal
    spares: Mapping[Utcs, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Id]):
    """Where work can be done.

    Attributes:
        opening: The stop that takes it; None where none does.
        starts_at: When its work begins.
        ends_at: When it is over.
        lacking: The part numbers of which the base has no spare left for it.
        why: Why no stop takes it; None if one does.
    """

    need: Need[Id]
    opening: Opening | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lacking: tuple[Utcs, ...] = ()
    why: str | None = None


def hours(lasts: timedelta) -> Decimal:
    """Returns how many hours a time has, to the minute."""
    return (Decimal(int(lasts.total_seconds() // 60)) / 60).quantize(Decimal("0.01"))


class Placing(Generic[Id]):
    """Places work, one need after the other, in what is left of the openings."""

    def __init__(
        self,
        openings: Iterable[Opening],
        occupied: Iterable[Occupied] = (),
        stock: Mapping[tuple[Utcs, Utcs], int] | None = None,
        crew: int = CREW,
    ) -> None:
        """Begins with nothing placed.

        Args:
            openings: The stops.
            occupied: What is reserved at the bases already.
            stock: How many spares lie at a base, by base and part number.
            crew: How many people work on one aircraft at once at most.
        """
        self._openings: defaultdict[Utcs, list[Opening]] = defaultdict(list)
        for opening in openings:
            self._openings[opening.stop.aircraft].append(opening)
        self._free = {opening: opening.starts_at for opening in chain(*self._openings.values())}
        self._occupied: defaultdict[Utcs, list[Occupied]] = defaultdict(list)
        for one in occupied:
            self._occupied[one.base].append(one)
        self._stock = dict(stock or {})
        self._crew = crew

    def place(self, need: Need[Id], now: datetime) -> Placed[Id]:
        """Returns where a need goes, and keeps that place for it."""
        is_late = need.by <= now
        mine = self._openings[need.aircraft]
        at_bases = [
            one
            for one in mine
            if one.base is not None and one.base.people > 0 and (is_late or one.starts_at < need.by)
        ]
        if not at_bases:
            return Placed(need, why=_nowhere(need, mine, is_late))
        fits = [one for one in at_bases if self._end(one, need) <= self._until(one, need, is_late)]
        if not fits:
            return Placed(need, why=self._too_short(need, at_bases, is_late))
        free = [one for one in fits if self._has_bay(one, need)]
        if not free:
            return Placed(need, why=_full(fits))
        stocked = [one for one in free if not self._lacking(one, need)]
        chosen = (stocked or free)[0 if is_late else -1]
        return self._take(chosen, need)

    def _take(self, opening: Opening, need: Need[Id]) -> Placed[Id]:
        assert opening.base is not None  # noqa: S101
        begin, end = self._free[opening], self._end(opening, need)
        lacking = self._lacking(opening, need)
        for part, number in need.spares.items():
            if part not in lacking:
                self._stock[opening.base.utcs, part] -= number
        self._free[opening] = end
        self._occupied[opening.base.utcs].append(
            Occupied(opening.base.utcs, need.aircraft, begin, end)
        )
        return Placed(need, opening, begin, end, lacking)

    def _end(self, opening: Opening, need: Need[Id]) -> datetime:
        """Returns when the work would be over, with as many people as can work on it."""
        assert opening.base is not None  # noqa: S101
        people = min(self._crew, opening.base.people)
        return self._free[opening] + timedelta(hours=float(need.labour_h / people))

    @staticmethod
    def _until(opening: Opening, need: Need[Id], is_late: bool) -> datetime:
        return opening.ends_at if is_late else min(opening.ends_at, need.by)

    def _has_bay(self, opening: Opening, need: Need[Id]) -> bool:
        base = opening.base
        if base is None or base.bays is None:
            return True
        begin, end = self._free[opening], self._end(opening, need)
        others = [
            one
            for one in self._occupied[base.utcs]
            if one.aircraft != need.aircraft and one.starts_at < end and one.ends_at > begin
        ]
        return most_at_once(others) < base.bays

    def _lacking(self, opening: Opening, need: Need[Id]) -> tuple[Utcs, ...]:
        assert opening.base is not None  # noqa: S101
        at = opening.base.utcs
        return tuple(
            part for part, number in need.spares.items() if self._stock.get((at, part), 0) < number
        )

    def _too_short(self, need: Need[Id], openings: Sequence[Opening], is_late: bool) -> str:
        def left(one: Opening) -> timedelta:
            return self._until(one, need, is_late) - self._free[one]

        longest = max(openings, key=left)
        assert longest.base is not None  # noqa: S101
        people = min(self._crew, longest.base.people)
        takes = hours(timedelta(hours=float(need.labour_h / people)))
        return (
            f"{plain(need.labour_h)} h of labour take {people} people {plain(takes)} h; the longest stop at "
            f"a base, on {longest.starts_at.date()} at {longest.base.name}, has "
            f"{plain(max(hours(left(longest)), Decimal(0)))} h left: take it out of rotation, or split "
            "the work"
        )


def most_at_once(occupied: Iterable[Occupied]) -> int:
    """Returns how many aircraft have a place at once at most."""
    spans: defaultdict[Utcs, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in occupied:
        spans[one.aircraft].append((one.starts_at, one.ends_at))
    changes = [
        change
        for of_one in spans.values()
        for begin, end in _joined(of_one)
        for change in ((begin, 1), (end, -1))
    ]
    most = there = 0
    for _, change in sorted(changes):  # at one moment, who leaves goes before who comes
        there += change
        most = max(most, there)
    return most


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined


def _nowhere(need: Need[Id], openings: Sequence[Opening], is_late: bool) -> str:
    when = "within the time asked about" if is_late else f"before {format_utc(need.by)}"
    stations = sorted({one.stop.station for one in openings if one.stop.station})
    seen = f"it stops at {', '.join(stations)}" if stations else "nobody says where it stops"
    return f"no stop at a base with people {when}; {seen}: bring it to a base"


def _full(openings: Sequence[Opening]) -> str:
    bases = {one.base.name: one.base.bays for one in openings if one.base is not None}
    told = ", ".join(f"{name} ({bays})" for name, bays in sorted(bases.items()))
    return f"in every stop that is long enough all bays are taken: {told}; move another aircraft"
