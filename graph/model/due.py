"""When is it due? How far an item of the maintenance programme is from its limits, whichever comes first.

All of it is pure. A task is due first at its threshold, counted from new, and then each interval from when
it was last done. A tolerance may be used but is not handed on: what was done within it counts on from when
it was due, not from when it was done (permitted variations, Appendix I to AMC M.A.302; 14 CFR 91.409(b)
counts the excess against the next interval). What was done
early, or later than the tolerance allows, counts from when it was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from graph.model.compliance import SOON, Limits
from graph.model.kind import plain
from graph.model.life import LimitUnit
from graph.model.maintenance import Task

_NOTHING: Final = Decimal(0)
_NONE: Final = Limits()


class DueSort(StrEnum):
    """What demands that something be done."""

    TASK = "task"
    DIRECTIVE = "directive"
    BULLETIN = "bulletin"
    LIFE = "life"
    OVERHAUL = "overhaul"


class DueStanding(StrEnum):
    """How an item stands, the worst first."""

    OVERDUE = "overdue"
    """Beyond its tolerance, or late and without one."""

    IN_TOLERANCE = "in_tolerance"
    """Late, and within its tolerance in every measure."""

    UNKNOWN = "unknown"
    """Nobody can say; or some measure is not known, and no other is over."""

    DUE_SOON = "due_soon"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a counter of a unit stood at.

    Attributes:
        total: What was declared last and flown since.
        is_declared: Whether anything was ever declared; if not, it may have flown before it came to us.
        silent: How many flights since do not say what they count, so that the total is too low.
    """

    total: Decimal
    is_declared: bool = True
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a unit was at a moment; None where nothing says so."""

    day: date | None
    fh: Reading | None = None
    fc: Reading | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a task is due: first at a threshold, then at intervals, each whichever comes first."""

    threshold: Limits
    interval: Limits
    tolerance: Limits = _NONE

    @classmethod
    def of(cls, task: Task) -> Schedule:
        """Returns when a task of the programme is due."""
        return cls(
            Limits(task.threshold_fh, task.threshold_fc, task.threshold_days),
            Limits(task.interval_fh, task.interval_fc, task.interval_days),
            Limits(task.tolerance_fh, task.tolerance_fc, task.tolerance_days),
        )

    @property
    def first(self) -> Limits:
        """When it is due for the first time: without a threshold, after one interval."""
        return self.interval if self.threshold.is_none else self.threshold

    def __str__(self) -> str:
        first = "" if self.threshold.is_none else f"first at {_limits(self.threshold)}"
        then = "" if self.interval.is_none else f"each {_limits(self.interval)}"
        within = "" if self.tolerance.is_none else f"tolerance {_limits(self.tolerance)}"
        return ", ".join(one for one in (first, then, within) if one) or "no time is stated"


@dataclass(frozen=True, slots=True)
class Gauge:
    """One limit of an item, and how far it is.

    Attributes:
        unit: What it is measured in.
        limit: The threshold, interval or life.
        tolerance: How far it may run over.
        at: The total since new at which it is due; None for days, and where it is not known.
        on: The day on which it is due; None for hours and cycles.
        remaining: What is left; below 0 when it is late; None where nobody can say.
        gap: What is not known; with it, no more is left than `remaining`.
        is_strict: Whether nothing left is over already, as at the end of a life.
    """

    unit: LimitUnit
    limit: Decimal
    tolerance: Decimal = _NOTHING
    at: Decimal | None = None
    on: date | None = None
    remaining: Decimal | None = None
    gap: str | None = None
    is_strict: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it is past when it was due. What is due at this hour, or today, is not late yet."""
        left = self.remaining
        return left is not None and (left < 0 or (self.is_strict and left == 0))

    @property
    def is_over(self) -> bool:
        """Whether it is past its tolerance, too."""
        left = self.remaining
        return self.is_late and left is not None and (left + self.tolerance < 0 or self.is_strict)

    def __str__(self) -> str:
        left = self.remaining
        if left is None:
            return f"unknown because {self.gap}"
        where = (
            f"after {plain(self.limit)} {self.unit}"
            if self.at is None
            else f"at {plain(self.at)} {self.unit}"
        )
        when = where if self.on is None else f"on {self.on}"
        unit = "day" if self.on is not None and abs(left) == 1 else self.unit
        told = f"due {when} ({plain(abs(left))} {unit} {'over' if left < 0 else 'left'})"
        return f"{told}, or sooner because {self.gap}" if self.gap else told


def gauges(schedule: Schedule, new: Stand, done: Sequence[Stand], now: Stand) -> tuple[Gauge, ...]:
    """Returns how far an item is from each limit that it has now; nothing for one that was done for good.

    Args:
        schedule: When it is due.
        new: When its unit was new: the day from which age counts, and nothing on the counters.
        done: How far the unit was each time that it was done, in the order of time.
        now: How far it is.
    """
    base, limits = new, schedule.first
    for stand in done:
        base, limits = _counted_on(base, limits, schedule.tolerance, stand), schedule.interval
    return tuple(_gauges(base, limits, schedule.tolerance, now))


def standing_of(found: Iterable[Gauge], soon: Limits = SOON) -> DueStanding:
    """Returns how an item with some limits stands, of which the first that is reached counts."""
    every = tuple(found)
    if any(one.is_over for one in every):
        return DueStanding.OVERDUE
    if not every or any(one.gap for one in every):
        return DueStanding.UNKNOWN
    if any(one.is_late for one in every):
        return DueStanding.IN_TOLERANCE
    margins = {LimitUnit.FH: soon.fh, LimitUnit.FC: soon.fc, LimitUnit.DAYS: soon.days}
    for one in every:
        margin = margins[one.unit]
        if margin is not None and one.remaining is not None and one.remaining <= margin:
            return DueStanding.DUE_SOON
    return DueStanding.SCHEDULED


def _counted_on(base: Stand, limits: Limits, tolerance: Limits, done: Stand) -> Stand:
    """Returns from where the next interval counts, measure by measure."""
    return Stand(
        _day_from(base.day, limits.days, tolerance.days, done.day),
        _total_from(base.fh, limits.fh, tolerance.fh, done.fh),
        _total_from(base.fc, limits.fc, tolerance.fc, done.fc),
    )


def _day_from(
    base: date | None, limit: Decimal | None, tolerance: Decimal | None, done: date | None
) -> date | None:
    due = later(base, limit)
    if due is None or done is None:
        return done
    last = later(due, tolerance or _NOTHING)
    return due if due < done and (last is None or done <= last) else done


def _total_from(
    base: Reading | None, limit: Decimal | None, tolerance: Decimal | None, done: Reading | None
) -> Reading | None:
    if base is None or limit is None or done is None or base.is_declared is not done.is_declared:
        return done
    due = base.total + limit
    if due < done.total <= due + (tolerance or _NOTHING):
        return Reading(due, done.is_declared, done.silent)
    return done


def _gauges(base: Stand, limits: Limits, tolerance: Limits, now: Stand) -> Iterator[Gauge]:
    if limits.fh is not None:
        yield _counted(LimitUnit.FH, limits.fh, tolerance.fh, base.fh, now.fh)
    if limits.fc is not None:
        yield _counted(LimitUnit.FC, limits.fc, tolerance.fc, base.fc, now.fc)
    if limits.days is not None:
        yield from _aged(limits.days, tolerance.days, base.day, now.day)


def _aged(
    limit: Decimal, tolerance: Decimal | None, base: date | None, now: date | None
) -> Iterator[Gauge]:
    """Yields how far a day is; nothing for one beyond the calendar, which never comes."""
    allowed = tolerance or _NOTHING
    if base is None or now is None:
        gap = "the day from which its age counts is not on record"
        yield Gauge(LimitUnit.DAYS, limit, allowed, gap=gap)
    elif (due := later(base, limit)) is not None:
        yield Gauge(LimitUnit.DAYS, limit, allowed, on=due, remaining=Decimal((due - now).days))


def _counted(
    unit: LimitUnit,
    limit: Decimal,
    tolerance: Decimal | None,
    base: Reading | None,
    now: Reading | None,
) -> Gauge:
    allowed = tolerance or _NOTHING
    if base is None:
        gap = f"nothing says how many {unit} it had when it was last done"
        return Gauge(unit, limit, allowed, gap=gap)
    at = base.total + limit
    if now is None:
        gap = f"no {unit} were ever declared of it, and no flight of it is known"
        return Gauge(unit, limit, allowed, at=at if base.is_declared else None, gap=gap)
    if now.is_declared and not base.is_declared:
        gap = f"its {unit} were first declared after it was last done"
        return Gauge(unit, limit, allowed, gap=gap)
    missing: str | None = None
    if base.is_declared and not now.is_declared:
        missing = (
            f"no {unit} were ever declared of it, and it may have flown before the first on record"
        )
    elif now.silent:
        flights = "1 flight does" if now.silent == 1 else f"{now.silent:,} flights do"
        missing = f"{flights} not say their {unit}"
    return Gauge(unit, limit, allowed, at=at, remaining=at - now.total, gap=missing)


def later(day: date | None, days: Decimal | None) -> date | None:
    """Returns the day that is so many whole days later; None where either is unknown, and never."""
    if day is None or days is None:
        return None
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


def _limits(limits: Limits) -> str:
    told = (
        f"{plain(value)} {unit}"
        for value, unit in ((limits.fh, "FH"), (limits.fc, "FC"), (limits.days, "days"))
        if value is not None
    )
    return " or ".join(told)
