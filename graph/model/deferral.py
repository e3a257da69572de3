"""How long a defect may be put off: the repair intervals of the MMEL, and their one extension. Pure.

Days are calendar days without the day on which the defect was recorded (EASA CS-GEN-MMEL, FAA MMEL policy
letter 25).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from graph.model.approval import Breach
from graph.model.compliance import Limits
from graph.model.kind import plain
from graph.model.maintenance import Deferral, DeferralCategory, DeferralStatus

INTERVAL_DAYS: Final[Mapping[DeferralCategory, int]] = {
    DeferralCategory.MEL_B: 3,
    DeferralCategory.MEL_C: 10,
    DeferralCategory.MEL_D: 120,
}
"""Within how many days a defect must be mended; of the other categories it is as printed for the item."""

EXTENDABLE: Final = frozenset({DeferralCategory.MEL_B, DeferralCategory.MEL_C})
"""The categories whose interval may be extended, once, by as many days again."""

RUNNING: Final = frozenset({None, DeferralStatus.OPEN, DeferralStatus.EXTENDED})
"""How a deferral stands that was not ended, though it may have run out."""


@dataclass(frozen=True, slots=True)
class Flown:
    """What was flown since a deferral was opened; None where nobody can say."""

    fh: Decimal | None = None
    fc: Decimal | None = None


def ran_out(deferral: Deferral, at: datetime, flown: Flown | None) -> str | None:
    """Returns how a deferral that was not ended ran out by a moment, in words; None if it still holds.

    It holds no longer than its first limit; nor where nobody can say how far it is from one.
    """
    if deferral.due_at is not None and deferral.due_at < at:
        return f"ran out at {deferral.due_at:%Y-%m-%d %H:%M} UTC"
    flown = flown or Flown()
    for unit, limit, used in (
        ("FH", deferral.limit_fh, flown.fh), ("FC", deferral.limit_fc, flown.fc),
    ):  # fmt: skip
        if limit is None:
            continue
        if used is None:
            return f"runs for {plain(limit)} {unit}, and nobody can say how many are flown since"
        if used > limit:
            return f"ran out after {plain(limit)} {unit}: {plain(used)} are flown since"
    return None


def limits_of(category: DeferralCategory, asked: Limits) -> Limits:
    """Returns the limits that a deferral gets: those asked for, and the interval of its category."""
    interval = INTERVAL_DAYS.get(category)
    if interval is None or asked.days is not None:
        return asked
    return Limits(asked.fh, asked.fc, Decimal(interval))


def limit_breaches(category: DeferralCategory, asked: Limits) -> Iterator[Breach]:
    """Yields why a defect may not be deferred for so long."""
    interval = INTERVAL_DAYS.get(category)
    if interval is None and asked.is_none:
        yield Breach(
            "finding.defer/limit",
            f"limit_days: not given; {_shown(category)} runs as printed for the item: give its days, flight "
            "hours or flight cycles",
        )
    if asked.days is not None and (asked.days <= 0 or asked.days != int(asked.days)):
        yield Breach("finding.defer/limit", f"limit_days: {asked.days}; give whole days, 1 or more")
    if interval is not None and asked.days is not None and asked.days > interval:
        yield Breach(
            "finding.defer/limit",
            f"limit_days: {asked.days} is more than the {interval} days of {_shown(category)}",
        )


def due_at(opened: datetime, days: Decimal | None) -> datetime | None:
    """Returns the last moment at which a deferral holds: the end in UTC of its last day."""
    if days is None:
        return None
    last = opened.date() + timedelta(days=int(days))
    return datetime.combine(last, time.max, opened.tzinfo)


def extended(deferral: Deferral) -> Deferral:
    """Returns a deferral that runs for its interval once more."""
    assert deferral.category is not None and deferral.due_at is not None  # noqa: S101, PT018
    more = INTERVAL_DAYS[deferral.category]
    return deferral.model_copy(
        update={
            "status": DeferralStatus.EXTENDED,
            "due_at": deferral.due_at + timedelta(days=more),
            "limit_days": (deferral.limit_days or Decimal()) + more,
        }
    )


def extension_breaches(deferral: Deferral, at: datetime) -> Iterator[Breach]:
    """Yields why a deferral may not be extended at a moment."""
    if deferral.category not in EXTENDABLE:
        yield Breach(
            "deferral.extend/category",
            f"category: {_shown(deferral.category)} is not extended; only MEL B and MEL C are, once",
        )
    if deferral.status is not DeferralStatus.OPEN:
        yield Breach(
            "deferral.extend/once", f"status: it is {deferral.status}; an open one is extended, once"
        )  # fmt: skip
    if deferral.due_at is None or deferral.due_at < at:
        ran_out = "never" if deferral.due_at is None else f"{deferral.due_at:%Y-%m-%d %H:%M} UTC"
        yield Breach("deferral.extend/expired", f"due_at: it ran out at {ran_out}; rectify it")


def _shown(category: DeferralCategory | None) -> str:
    return "no category" if category is None else category.value.upper().replace("_", " ")
