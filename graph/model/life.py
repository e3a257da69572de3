"""Limits to the life of units: what is allowed, what is used up, and which limit comes first.

A life-limited part has a mandatory replacement limit (14 CFR 43.10, EASA M.A.305(d)); others are limited
between overhauls. What the record does not say makes a limit unknown, never far away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from graph.model.whereabouts import Unsaid

SOON_PERCENT: Final = 10
"""With so much of a limit left, or less, it comes soon."""


class LifeStanding(StrEnum):
    """How a unit stands towards a limit, the worst first."""

    OVER = "over"
    SOON = "soon"
    UNKNOWN = "unknown"
    WITHIN = "within"


class LimitOf(StrEnum):
    """What a limit is counted from."""

    LIFE = "life"
    OVERHAUL = "overhaul"


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    FH = "FH"
    FC = "FC"
    DAYS = "days"


class LifeOrder(StrEnum):
    """In what order units with limits are listed."""

    URGENCY = "urgency"
    """The most urgent first: all have to be worked out for every page."""

    UNIT = "unit"
    """By identifier: a page takes what is on it."""


@dataclass(frozen=True, slots=True)
class LifeLimit:
    """One limit of a unit.

    Attributes:
        of: Whether it is counted since new or since overhaul.
        unit: What it is counted in.
        allowed: The limit.
        used: How much of it is used up; None where the record does not say.
        why: What `used` rests on, or why it is not known.
        is_least: Whether more may be used up than that.
        per_day: How much the carrier uses up on an average day lately; None where that is not known.
        gaps: When nothing says where the unit was, of the time that is counted: it may have flown then.
    """

    of: LimitOf
    unit: LimitUnit
    allowed: Decimal
    used: Decimal | None
    why: str
    is_least: bool = False
    per_day: Decimal | None = None
    gaps: tuple[Unsaid, ...] = ()

    @property
    def remaining(self) -> Decimal | None:
        """What is left; below 0 once it is exceeded."""
        return None if self.used is None else self.allowed - self.used

    @property
    def percent(self) -> Decimal | None:
        """How much of the limit is used up, in percent, to a tenth."""
        if self.used is None:
            return None
        if not self.allowed:
            return Decimal(100)
        return (self.used * 100 / self.allowed).quantize(Decimal("0.1"))

    def standing(self, soon_percent: int = SOON_PERCENT) -> LifeStanding:
        """Returns how the unit stands towards it: over once nothing is left."""
        if self.remaining is None:
            return LifeStanding.UNKNOWN
        if self.remaining <= 0:
            return LifeStanding.OVER
        if self.remaining * 100 <= self.allowed * soon_percent:
            return LifeStanding.SOON
        # What is silent may hide that it is over; what is known to be over stays so.
        return LifeStanding.UNKNOWN if self.is_least else LifeStanding.WITHIN

    def reached_on(self, day: date) -> date | None:
        """Returns the day on which it is reached if all goes on as lately; None if it was, or if unknown."""
        if self.remaining is None or self.remaining <= 0 or not self.per_day or self.per_day < 0:
            return None
        days = self.remaining / self.per_day
        return day + timedelta(days=int(days)) if days < 100_000 else None


def first_of(limits: Iterable[LifeLimit], day: date, soon_percent: int = SOON_PERCENT) -> LifeLimit:
    """Returns the limit that decides: the worst, of these the one that is reached first, or used up most."""
    order = list(LifeStanding)

    def urgency(limit: LifeLimit) -> tuple[int, date, Decimal]:
        reached = limit.reached_on(day) or date.max
        return order.index(limit.standing(soon_percent)), reached, -(limit.percent or Decimal(0))

    return min(limits, key=urgency)
