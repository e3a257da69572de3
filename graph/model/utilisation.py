"""How fast is it used? What an aircraft flew on an average day, how much that varies, and what follows.

A forecast is made from the aircraft's own record, over a window that is stated; where that says too little
there is none, and it says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from graph.model.due import Gauge, Reading
from graph.model.life import LimitUnit

PARTS: Final = 3
"""A window is looked at in so many parts; of these the slowest and the fastest make the range."""

FLOWN_PARTS: Final = 2
"""In so many of them something must have been flown; less says too little about the next months."""

FARTHEST_DAYS: Final = 36_500
"""What lies further ahead is not forecast."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What is used up on a day: on average over the window, in its slowest part and in its fastest."""

    mean: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Utilisation:
    """How fast an aircraft is used.

    Attributes:
        window_days: Over so many days up to the moment asked about.
        rates: What is used up on a day; without what the record says too little of.
        gaps: Why there is no rate.
    """

    window_days: int
    rates: dict[LimitUnit, Rate]
    gaps: dict[LimitUnit, str]


@dataclass(frozen=True, slots=True)
class Forecast:
    """When an item falls due if its aircraft flies on as it did over the window.

    Attributes:
        on: The day on average; None where nobody can say.
        earliest: If it flies as in the fastest part of the window.
        latest: If it flies as in the slowest; None where it may never come.
        gap: Why there is no day.
    """

    on: date | None
    earliest: date | None
    latest: date | None
    gap: str | None = None


def rate_of(unit: LimitUnit, readings: Sequence[Reading | None], window_days: int) -> Rate | str:
    """Returns what is used up on a day, or why nobody can say.

    Args:
        unit: What is counted.
        readings: What the counter stood at where the parts of the window begin and at its end.
        window_days: How long the window is.
    """
    first = readings[0]
    known = [one for one in readings if one is not None and one.is_declared]
    if first is None or len(known) < len(readings):
        return f"no {unit} were declared before the last {window_days} days began"
    if known[-1].silent:
        return f"flights do not say their {unit}"
    grown = [after.total - before.total for before, after in pairwise(known)]
    if any(one < 0 for one in grown):
        return f"the {unit} run backwards in the last {window_days} days"
    if sum(one > 0 for one in grown) < FLOWN_PARTS:
        return f"too little was flown in the last {window_days} days"
    each = Decimal(window_days) / len(grown)
    mean = sum(grown, Decimal(0)) / window_days
    return Rate(*(_written(one) for one in (mean, min(grown) / each, max(grown) / each)))


def forecast(found: Iterable[Gauge], day: date, utilisation: Utilisation | None) -> Forecast | None:
    """Returns when the first of some limits is reached; None where one is reached already."""
    every = tuple(found)
    if any(one.is_late for one in every):
        return None
    each = [_of(one, day, utilisation) for one in every]
    gap = next((one.gap for one in each if one.gap), None) if each else "no limit is stated"
    return Forecast(
        on=None if gap else _first(one.on for one in each),
        earliest=None if gap else _first(one.earliest for one in each),
        latest=_first(one.latest for one in each),
        gap=gap,
    )


def _of(gauge: Gauge, day: date, utilisation: Utilisation | None) -> Forecast:
    if gauge.on is not None:
        return Forecast(gauge.on, gauge.on, gauge.on)
    if gauge.remaining is None or gauge.gap is not None:
        return Forecast(None, None, None, gauge.gap or "what remains is not known")
    if utilisation is None:
        return Forecast(None, None, None, "it is in no aircraft")
    rate = utilisation.rates.get(gauge.unit)
    if rate is None:
        return Forecast(None, None, None, utilisation.gaps[gauge.unit])
    left = gauge.remaining
    return Forecast(
        on=reached(left, rate.mean, day),
        earliest=reached(left, rate.high, day),
        latest=reached(left, rate.low, day),
    )


def reached(remaining: Decimal, per_day: Decimal, day: date) -> date | None:
    """Returns the last day on which something is still left, or used up exactly; None if that is far off."""
    if per_day <= 0 or (days := remaining / per_day) > FARTHEST_DAYS:
        return None
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        return None


def _first(days: Iterable[date | None]) -> date | None:
    return min((one for one in days if one is not None), default=None)


def _written(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))
