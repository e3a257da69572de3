"""Limits to the life of units: which one decides, and what the record's silence means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from graph.model.life import LifeLimit, LifeStanding, LimitOf, LimitUnit, first_of

DAY = date(2025, 11, 3)


def limit(allowed: Any, used: Any, **changes: Any) -> LifeLimit:
    told: dict[str, Any] = {"of": LimitOf.LIFE, "unit": LimitUnit.FC, "why": "declared"} | changes
    return LifeLimit(allowed=Decimal(allowed), used=None if used is None else Decimal(used), **told)


@pytest.mark.parametrize(
    ("used", "standing"),
    [
        (0, LifeStanding.WITHIN),
        (899, LifeStanding.WITHIN),
        (900, LifeStanding.SOON),
        (999, LifeStanding.SOON),
        (1000, LifeStanding.OVER),
        (1001, LifeStanding.OVER),
        (None, LifeStanding.UNKNOWN),
    ],
)
def test_a_limit_is_over_once_nothing_is_left(used: int | None, standing: LifeStanding) -> None:
    assert limit(1000, used).standing() is standing


def test_what_flights_hide_is_never_within_but_may_be_known_to_be_over() -> None:
    assert limit(1000, 10, is_least=True).standing() is LifeStanding.UNKNOWN
    assert limit(1000, 1000, is_least=True).standing() is LifeStanding.OVER


def test_the_worst_limit_decides_and_of_these_the_one_that_is_reached_first() -> None:
    slow = limit(1000, 500, per_day=Decimal(1))
    fast = limit(3000, 500, unit=LimitUnit.FH, per_day=Decimal(10))
    silent = limit(100, None, unit=LimitUnit.DAYS)

    assert first_of([slow, fast], DAY) is fast
    assert fast.reached_on(DAY) == date(2026, 7, 11)
    assert first_of([slow, fast, silent], DAY) is silent
    assert first_of([slow, limit(10, 10), silent], DAY) == limit(10, 10)


def test_no_day_is_told_where_utilisation_is_not_known_or_nothing() -> None:
    assert limit(10, 5).reached_on(DAY) is None
    assert limit(10, 5, per_day=Decimal(0)).reached_on(DAY) is None
    assert limit(10, None, per_day=Decimal(1)).reached_on(DAY) is None
    assert limit(10, 12, per_day=Decimal(1)).reached_on(DAY) is None


def test_a_limit_of_nothing_is_used_up() -> None:
    assert limit(0, 0).percent == 100
    assert limit(0, 0).standing() is LifeStanding.OVER
