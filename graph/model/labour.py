"""Whether hours may be booked and a shift be planned: nobody is in two places at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from graph.model.approval import Breach
from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrder, WorkOrderStatus
from graph.model.resources import Labour, Person, PersonStatus, Shift
from graph.model.sign_off import Hand, WorkCase, lack
from graph.model.time import format_utc
from graph.model.work import STEPS

LONGEST: Final = timedelta(hours=24)
"""No shift and no booking is longer."""

_CENT: Final = Decimal("0.01")
_SHUT: Final = (WorkOrderStatus.CLOSED, WorkOrderStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; its end is no more part of it."""

    starts_at: datetime
    ends_at: datetime

    @property
    def hours(self) -> Decimal:
        """How many hours that are, to the hundredth."""
        seconds = Decimal((self.ends_at - self.starts_at) // timedelta(seconds=1))
        return (seconds / 3600).quantize(_CENT)

    @property
    def days(self) -> Span:
        """All of the days, in UTC, that it reaches into."""
        first, last = sorted((self.starts_at, self.ends_at))
        return Span(
            datetime.combine(first.date(), time.min, UTC),
            datetime.combine(last.date(), time.max, UTC),
        )

    def overlaps(self, other: Span) -> bool:
        """Whether the two have some time in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def __str__(self) -> str:
        return f"{format_utc(self.starts_at)} to {format_utc(self.ends_at)}"


@dataclass(frozen=True, slots=True)
class Booked:
    """Hours that are booked.

    Attributes:
        order: The work order.
        person: Who worked.
    """

    utcs: Utcs
    labour: Labour
    order: Utcs | None
    person: Utcs

    @property
    def span(self) -> Span:
        """When that was."""
        return Span(self.labour.starts_at, self.labour.ends_at)


@dataclass(frozen=True, slots=True)
class Rostered:
    """A shift that is planned, and where."""

    utcs: Utcs
    shift: Shift
    place: Utcs | None

    @property
    def span(self) -> Span:
        """When that is."""
        return Span(self.shift.starts_at, self.shift.ends_at)


@dataclass(frozen=True, slots=True)
class Roster:
    """A person, and what they are booked and rostered for around some time."""

    utcs: Utcs
    person: Person
    booked: tuple[Booked, ...]
    shifts: tuple[Rostered, ...]


def booking_breaches(
    case: WorkCase,
    step: str,
    span: Span,
    hand: Hand,
    roster: Roster,
    now: datetime,
    *,
    overtime: bool,
) -> list[Breach]:
    """Returns every rule that booking hours would break; none if they may be booked.

    The qualifications of the person are those that were theirs when the work began.
    """
    rule = "labour.book"
    found = [*_of_span(span, rule), *_of_order(case.order, case.utcs, span)]
    if span.ends_at > now:
        problem = f"ends_at: {format_utc(span.ends_at)} is still to come; book what was worked"
        found.append(Breach(f"{rule}/future", problem))
    if step not in STEPS:
        problem = f"step: {step!a:.40} is no step; use {', '.join(STEPS)}"
        found.append(Breach(f"{rule}/step", problem))
    elif why := lack(STEPS[step].duty, hand, case.scope, span.starts_at.date()):
        found.append(Breach(f"{rule}/right", f"person: {why}"))
    found += _of_others(span, roster)
    return [*found, *_of_shifts(span, roster, overtime)]


def shift_breaches(span: Span, roster: Roster) -> list[Breach]:
    """Returns every rule that planning a shift would break; none if it may be planned."""
    rule = "shift.plan"
    found = list(_of_span(span, rule))
    if roster.person.status not in (None, PersonStatus.ACTIVE):
        problem = f"person: {roster.utcs.local} is {roster.person.status}, not active"
        found.append(Breach(f"{rule}/person", problem))
    for other in roster.shifts:
        if other.span.overlaps(span):
            problem = (
                f"starts_at: {roster.utcs.local} is rostered from {other.span} ({other.utcs.local})"
            )
            found.append(Breach(f"{rule}/overlap", problem))
    return found


def hours(booked: Sequence[Booked]) -> Decimal:
    """Returns how many hours are booked in all."""
    return sum((one.span.hours for one in booked), Decimal())


def _of_span(span: Span, rule: str) -> Iterator[Breach]:
    if span.ends_at <= span.starts_at:
        yield Breach(f"{rule}/span", f"ends_at: {format_utc(span.ends_at)} is not after the start")
    elif span.ends_at - span.starts_at > LONGEST:
        yield Breach(f"{rule}/span", f"ends_at: {span.hours} hours in one go; give at most 24")
    elif span.hours == 0:
        yield Breach(f"{rule}/span", "ends_at: less than a hundredth of an hour; give more")


def _of_order(order: WorkOrder, utcs: Utcs, span: Span) -> Iterator[Breach]:
    if order.status in _SHUT:
        yield Breach("labour.book/state", f"order: {utcs.local} is {order.status}")
    if order.opened_at is not None and span.starts_at < order.opened_at:
        opened = format_utc(order.opened_at)
        problem = (
            f"starts_at: {utcs.local} was opened later, at {opened}; give the time of the work"
        )
        yield Breach("labour.book/before", problem)


def _of_others(span: Span, roster: Roster) -> Iterator[Breach]:
    for other in roster.booked:
        if other.span.overlaps(span):
            on = "no order" if other.order is None else other.order.local
            problem = f"starts_at: {roster.utcs.local} worked on {on} from {other.span} ({other.utcs.local})"
            yield Breach("labour.book/overlap", problem)


def _of_shifts(span: Span, roster: Roster, overtime: bool) -> Iterator[Breach]:
    """Yields hours outside of all shifts, where there are any on the days of the work."""
    near = [one.span for one in roster.shifts if one.span.overlaps(span.days)]
    if overtime or not near:
        return
    rest = span.starts_at
    for shift in sorted(near, key=lambda one: one.starts_at):
        if shift.starts_at <= rest:
            rest = max(rest, shift.ends_at)
    if rest < span.ends_at:
        told = ", ".join(map(str, near))
        problem = (
            f"starts_at: outside the shifts of {roster.utcs.local} ({told}); say if it was overtime"
        )
        yield Breach("labour.book/shift", problem)
