"""Resource loading: how much of what a base can do is taken, day by day. Pure.

A day is a day in UTC. Labour of a job is spread evenly over the time that it is planned for. What nobody
planned for a time loads no day, and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from graph.model.identifier import Utcs
from graph.model.opening import Base, Occupied, most_at_once

HOURS_A_PERSON: Final = Decimal("7.5")
"""So long somebody works on a day, unless a question says otherwise."""

_DAY: Final = timedelta(days=1)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is to be done at a base.

    Attributes:
        on: The aircraft or unit that it is done on; None where nobody says.
        starts_at: When it is planned to begin; None where nobody planned it.
        ends_at: When it is planned to end.
        labour_h: The labour that it is thought to take; None where nobody says.
    """

    id: Utcs
    on: Utcs | None
    starts_at: datetime | None
    ends_at: datetime | None
    labour_h: Decimal | None


@dataclass(frozen=True, slots=True)
class Load:
    """How much of a base is taken on a day.

    Attributes:
        bays: How many aircraft it takes at once; None where nobody says.
        bays_taken: How many are there at once at most.
        labour_h: The labour that is planned.
        available_h: What the people who work there can do.
    """

    day: date
    bays: int | None
    bays_taken: int
    labour_h: Decimal
    available_h: Decimal

    @property
    def is_over(self) -> bool:
        """Whether more is planned than the base can do."""
        too_many = self.bays is not None and self.bays_taken > self.bays
        return too_many or self.labour_h > self.available_h


def loads(
    base: Base,
    jobs: Sequence[Job],
    occupied: Iterable[Occupied],
    days: Sequence[date],
    hours_a_person: Decimal = HOURS_A_PERSON,
) -> Iterator[Load]:
    """Yields how much of a base is taken on each of some days.

    Args:
        base: The base.
        jobs: What is to be done there.
        occupied: What is reserved at its bays.
        days: The days.
        hours_a_person: How long somebody works on a day.
    """
    places = [*occupied, *_places(base, jobs)]
    available = base.people * hours_a_person
    for day in days:
        begin = datetime.combine(day, time(), UTC)
        there = [one for one in places if one.starts_at < begin + _DAY and one.ends_at > begin]
        labour = sum((_share(job, begin) for job in jobs), Decimal(0)).quantize(_CENT)
        yield Load(day, base.bays, most_at_once(there), labour, available)


def _places(base: Base, jobs: Iterable[Job]) -> Iterator[Occupied]:
    """Yields the bays that jobs take: those on aircraft do."""
    for job in jobs:
        if (
            job.on is None
            or job.on.kind != "aircraft"
            or job.starts_at is None
            or job.ends_at is None
        ):
            continue
        yield Occupied(base.utcs, job.on, job.starts_at, job.ends_at)


def _share(job: Job, begin: datetime) -> Decimal:
    """Returns what of the labour of a job falls on the day that begins then."""
    if job.labour_h is None or job.starts_at is None or job.ends_at is None:
        return Decimal(0)
    lasts = job.ends_at - job.starts_at
    if not lasts:  # a moment lies on one day
        return job.labour_h if begin <= job.starts_at < begin + _DAY else Decimal(0)
    overlap = min(job.ends_at, begin + _DAY) - max(job.starts_at, begin)
    return job.labour_h * Decimal(max(overlap, timedelta()) / lasts)
