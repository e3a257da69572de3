"""How a unit stands towards a demand on it: when the demand falls due, and what was done about it.

All of it is pure: what a directive or bulletin says, what was last done, and how much the unit has been
used go in; the standing, the day and the counters at which something is due come out, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from graph.model.change import (
    Bulletin,
    BulletinCategory,
    BulletinStatus,
    Directive,
    DirectiveStatus,
)
from graph.model.identifier import Utcs
from graph.model.kind import plain


class Standing(StrEnum):
    """How a unit stands towards a directive or bulletin."""

    NOT_APPLICABLE = "not_applicable"
    NOT_YET_EFFECTIVE = "not_yet_effective"
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    COMPLIED = "complied"
    RECURRING = "recurring"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def is_outstanding(self) -> bool:
        """Whether something is still to be done, or nobody can say that nothing is."""
        return self in _OUTSTANDING


_OUTSTANDING: Final = frozenset(
    {Standing.OPEN, Standing.DUE_SOON, Standing.OVERDUE, Standing.UNKNOWN}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far something may run, whichever comes first; None where that does not limit it."""

    fh: Decimal | None = None
    fc: Decimal | None = None
    days: Decimal | None = None

    @property
    def is_none(self) -> bool:
        """Whether nothing limits it."""
        return self.fh is None and self.fc is None and self.days is None

    @property
    def is_counted(self) -> bool:
        """Whether hours or cycles limit it."""
        return self.fh is not None or self.fc is not None


SOON: Final = Limits(fh=Decimal(100), fc=Decimal(50), days=Decimal(30))
"""What is due within these is due soon, unless a question says otherwise."""


@dataclass(frozen=True, slots=True)
class Life:
    """How far a unit was on a day: its counters since new; None where nothing counts them."""

    day: date
    fh: Decimal | None = None
    fc: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What a directive or bulletin demands, and when.

    Attributes:
        is_mandatory: Whether an authority demands it, or the design holder in such words.
        is_issued: Whether it is more than a proposal or draft.
        is_cancelled: Whether it was withdrawn.
        is_superseded: Whether it says of itself that another took its place.
        effective_on: Since when its times run; None if it does not say.
        threshold: When it is due for the first time.
        interval: When it is due again.
        is_recurring: Whether it is to be repeated.
        terminating_action: What ends the need to repeat it.
    """

    utcs: Utcs
    number: str
    name: str
    is_mandatory: bool
    is_issued: bool
    is_cancelled: bool
    is_superseded: bool
    effective_on: date | None
    threshold: Limits
    interval: Limits = Limits()
    is_recurring: bool = False
    terminating_action: str | None = None

    @classmethod
    def of(cls, utcs: Utcs, thing: Directive | Bulletin) -> Demand:
        """Returns what a directive or bulletin demands."""
        threshold = Limits(thing.threshold_fh, thing.threshold_fc, thing.threshold_days)
        if isinstance(thing, Bulletin):
            return cls(
                utcs=utcs,
                number=thing.number,
                name=thing.name,
                is_mandatory=thing.category in (BulletinCategory.ALERT, BulletinCategory.MANDATORY),
                is_issued=thing.status is not BulletinStatus.DRAFT,
                is_cancelled=thing.status is BulletinStatus.CANCELLED,
                is_superseded=thing.status is BulletinStatus.SUPERSEDED,
                effective_on=thing.issued_on,
                threshold=threshold,
            )
        interval = Limits(thing.interval_fh, thing.interval_fc, thing.interval_days)
        return cls(
            utcs=utcs,
            number=thing.number,
            name=thing.name,
            is_mandatory=True,
            is_issued=thing.status is not DirectiveStatus.PROPOSED,
            is_cancelled=thing.status is DirectiveStatus.CANCELLED,
            is_superseded=thing.status is DirectiveStatus.SUPERSEDED,
            effective_on=thing.effective_on,
            threshold=threshold,
            interval=interval,
            is_recurring=bool(thing.is_recurring) or not interval.is_none,
            terminating_action=thing.terminating_action,
        )

    def starts(self, in_service_on: date | None) -> date | None:
        """Returns the day from which the threshold runs for a unit; None if the demand names none."""
        if self.effective_on is None or in_service_on is None:
            return self.effective_on
        return max(self.effective_on, in_service_on)


@dataclass(frozen=True, slots=True)
class Point:
    """A point in the life of a unit, by totals since new and by a day, whichever comes first."""

    fh: Decimal | None = None
    fc: Decimal | None = None
    day: date | None = None

    @property
    def is_none(self) -> bool:
        """Whether it is nowhere."""
        return self.fh is None and self.fc is None and self.day is None

    def before(self, other: Point) -> Point:
        """Returns the earlier of two points, in each measure."""
        return Point(
            min((v for v in (self.fh, other.fh) if v is not None), default=None),
            min((v for v in (self.fc, other.fc) if v is not None), default=None),
            min((v for v in (self.day, other.day) if v is not None), default=None),
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What was last done about a demand.

    Attributes:
        life: The day, and the counters that the record gives.
        method: The method of compliance, in the words of the record.
        reference: The record it rests on, in its own words: a work order.
        work_order: That work order, where the thread knows it.
        is_terminating: Whether the record says that nothing is due again; None if it says neither.
        next_due: When the record says it is due again: totals since new, and a day.
    """

    life: Life
    method: str | None = None
    reference: str | None = None
    work_order: Utcs | None = None
    is_terminating: bool | None = None
    next_due: Point | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a unit stands towards a demand.

    Attributes:
        why: One sentence that says what the standing rests on.
        due: When it is due; None where nothing is, or nobody can say.
        remaining: How far that is: flight hours, flight cycles and days; negative is over.
    """

    standing: Standing
    why: str
    due: Point | None = None
    remaining: Limits | None = None


def assess(
    demand: Demand,
    *,
    applies: bool | None,
    because: str,
    done: Done | None,
    now: Life,
    start: Life | None,
    soon: Limits = SOON,
    superseded_by: str | None = None,
) -> Assessment:
    """Returns how a unit stands towards a demand.

    What was done once and for all stays done, also where the demand no longer selects the unit, as is
    usual: embodying a change takes a unit out of the effectivity of the bulletin for it.

    Args:
        demand: What is demanded.
        applies: Whether that applies to the unit; None if nobody can say.
        because: Why it applies or not.
        done: What was last done about it.
        now: How far the unit is.
        start: How far it was when the threshold began to run; None where no demand says when that was.
        soon: What is due within these is due soon.
        superseded_by: What took the place of the demand.
    """
    if demand.is_cancelled:
        return Assessment(Standing.CANCELLED, f"{demand.number} was cancelled")
    if demand.is_superseded or superseded_by:
        by = f" by {superseded_by}" if superseded_by else ""
        return Assessment(Standing.SUPERSEDED, f"{demand.number} was superseded{by}")
    if done is not None and not _is_to_be_repeated(demand, done):
        return _closed(demand, done)
    if not applies:
        return Assessment(Standing.UNKNOWN if applies is None else Standing.NOT_APPLICABLE, because)
    if not demand.is_issued:
        return Assessment(Standing.NOT_YET_EFFECTIVE, f"{demand.number} is only proposed")
    if demand.effective_on is not None and now.day < demand.effective_on:
        why = f"{demand.number} takes effect on {demand.effective_on}"
        return Assessment(Standing.NOT_YET_EFFECTIVE, why)
    return _when(demand, done, now, start, soon)


def next_due(demand: Demand, done: Life) -> Point:
    """Returns when a recurring demand falls due again after it was met; nowhere if it does not say."""
    return _after(done, demand.interval)


def _is_to_be_repeated(demand: Demand, done: Done) -> bool:
    if done.is_terminating:
        return False
    return demand.is_recurring or done.is_terminating is False or done.next_due is not None


def _closed(demand: Demand, done: Done) -> Assessment:
    under = f" under {done.reference}" if done.reference else ""
    if demand.is_recurring:
        return Assessment(Standing.TERMINATED, f"terminated on {done.life.day}{under}")
    return Assessment(Standing.COMPLIED, f"done on {done.life.day}{under}")


def _when(
    demand: Demand, done: Done | None, now: Life, start: Life | None, soon: Limits
) -> Assessment:
    """Returns how an applicable demand stands by the clock and the counters."""
    if done is None:
        limits, since, computed = demand.threshold, start, _after(start, demand.threshold)
        due = computed
    else:
        limits, since = demand.interval, done.life
        computed = _after(since, limits)
        due = computed.before(done.next_due) if done.next_due else computed
    gaps = [*_gaps(limits, since, due, now)]
    if due.is_none and not gaps:
        gaps = [_silent(demand, done)]
    remaining = _remaining(due, now)
    places = [*_places(remaining, soon)]
    told = _told(due, remaining)
    if done is not None and done.next_due is not None:
        told += _differs(computed, done.next_due)
    if Standing.OVERDUE in places:
        return Assessment(Standing.OVERDUE, f"overdue: {told}", due, remaining)
    if gaps:
        why = "; ".join([*gaps, *([told] if told else [])])
        return Assessment(Standing.UNKNOWN, f"unknown because {why}", due, remaining)
    if Standing.DUE_SOON in places:
        return Assessment(Standing.DUE_SOON, told, due, remaining)
    return Assessment(Standing.RECURRING if done else Standing.OPEN, told, due, remaining)


def _after(since: Life | None, limits: Limits) -> Point:
    if since is None:
        return Point()
    return Point(
        _sum(since.fh, limits.fh),
        _sum(since.fc, limits.fc),
        None if limits.days is None else _later(since.day, limits.days),
    )


def _later(day: date, days: Decimal) -> date | None:
    """Returns the day that is so many whole days later; None beyond the calendar, so never."""
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


def _sum(base: Decimal | None, more: Decimal | None) -> Decimal | None:
    return None if base is None or more is None else base + more


def _gaps(limits: Limits, since: Life | None, due: Point, now: Life) -> Iterator[str]:
    """Yields what would have to be known to say when something is due."""
    if since is None and not limits.is_none:
        yield "it does not say since when its times run"
        return
    for unit, limit, at, stands in (
        ("flight hours", limits.fh, due.fh, now.fh),
        ("flight cycles", limits.fc, due.fc, now.fc),
    ):
        if limit is not None and at is None:
            yield f"nothing says how many {unit} the unit had when they began to count"
        elif at is not None and stands is None:
            yield f"nothing counts the {unit} of the unit"


def _silent(demand: Demand, done: Done | None) -> str:
    if done is None:
        return f"{demand.number} applies, was not complied with, and says no time to do it in"
    return f"{demand.number} is to be repeated, and neither it nor the record says when"


def _remaining(due: Point, now: Life) -> Limits:
    days = None if due.day is None else Decimal((due.day - now.day).days)
    return Limits(
        None if due.fh is None or now.fh is None else due.fh - now.fh,
        None if due.fc is None or now.fc is None else due.fc - now.fc,
        days,
    )


def _places(remaining: Limits, soon: Limits) -> Iterator[Standing]:
    """Yields where each measure stands. What is due on the day, or at the hour, is not over yet."""
    for left, margin in (
        (remaining.fh, soon.fh),
        (remaining.fc, soon.fc),
        (remaining.days, soon.days),
    ):
        if left is not None and left < 0:
            yield Standing.OVERDUE
        elif left is not None and margin is not None and left <= margin:
            yield Standing.DUE_SOON


def _told(due: Point, remaining: Limits) -> str:
    told = [
        f"due at {plain(at)} {unit}" + ("" if left is None else f" ({_left(left, unit)})")
        for unit, at, left in (("FH", due.fh, remaining.fh), ("FC", due.fc, remaining.fc))
        if at is not None
    ]
    if due.day is not None and remaining.days is not None:
        unit = "day" if abs(remaining.days) == 1 else "days"
        told.append(f"due on {due.day} ({_left(remaining.days, unit)})")
    return ", ".join(told)


def _left(left: Decimal, unit: str) -> str:
    return f"{plain(abs(left))} {unit} {'over' if left < 0 else 'left'}"


def _differs(computed: Point, stated: Point) -> str:
    """Returns what to say where a record puts the next time later than the demand does."""
    later = [
        f"{plain(said)} {unit}"
        for unit, said, due in (("FH", stated.fh, computed.fh), ("FC", stated.fc, computed.fc))
        if said is not None and due is not None and said > due
    ]
    if stated.day and computed.day and stated.day > computed.day:
        later.append(str(stated.day))
    return f"; the record says {', '.join(later)}, and the sooner holds" if later else ""
