"""A forecast rests on what was flown, has a range, and is not made of nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.due import Gauge, Reading
from graph.model.life import LimitUnit
from graph.model.utilisation import Forecast, Rate, Utilisation, forecast, rate_of

DAY = date(2025, 6, 1)
FH = LimitUnit.FH


def readings(*totals: Any, **more: Any) -> list[Reading | None]:
    return [None if one is None else Reading(Decimal(one), **more) for one in totals]


def used(mean: Any = "2", low: Any = "1", high: Any = "4") -> Utilisation:
    rate = Rate(Decimal(mean), Decimal(low), Decimal(high))
    return Utilisation(90, {FH: rate}, {LimitUnit.FC: "too little was flown"})


def left(remaining: int, unit: LimitUnit = FH) -> Gauge:
    return Gauge(unit, Decimal(600), at=Decimal(900), remaining=Decimal(remaining))


def on(day: int) -> Gauge:
    return Gauge(LimitUnit.DAYS, Decimal(90), on=DAY + timedelta(days=day), remaining=Decimal(day))


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def test_a_rate_is_the_average_with_the_slowest_and_the_fastest_third() -> None:
    assert rate_of(FH, readings(100, 130, 220, 280), 90) == Rate(
        Decimal("2.0000"), Decimal("1.0000"), Decimal("3.0000")
    )


@pytest.mark.parametrize(
    ("given_readings", "because"),
    [
        (readings(None, None, 50, 90), "no FH were declared before the last 90 days began"),
        (readings(0, 1, 2, 3, is_declared=False), "no FH were declared"),
        (readings(5, 5, 5, 5), "too little was flown in the last 90 days"),
        (readings(5, 5, 5, 50), "too little was flown in the last 90 days"),
        (readings(5, 9, 7, 50), "the FH run backwards"),
        (readings(5, 9, 17, 50, silent=2), "flights do not say their FH"),
    ],
)
def test_where_too_little_was_flown_or_told_there_is_no_rate(
    given_readings: list[Reading | None], because: str
) -> None:
    found = rate_of(FH, given_readings, 90)

    assert isinstance(found, str)
    assert because in found


def test_a_forecast_says_the_day_and_its_range() -> None:
    assert forecast([left(100)], DAY, used()) == Forecast(after(50), after(25), after(100))


def test_of_hours_and_days_the_first_is_forecast() -> None:
    assert forecast([left(100), on(40)], DAY, used()) == Forecast(after(40), after(25), after(40))


def test_what_was_parked_for_a_third_may_never_come() -> None:
    assert forecast([left(100)], DAY, used(low="0")) == Forecast(after(50), after(25), None)


@pytest.mark.parametrize(
    ("found", "utilisation", "latest", "because"),
    [
        ([left(9, LimitUnit.FC)], used(), None, "too little was flown"),
        ([left(9), on(30)], None, after(30), "it is in no aircraft"),
        ([Gauge(FH, Decimal(9), gap="nobody counts")], used(), None, "nobody counts"),
        ([], used(), None, "no limit is stated"),
    ],
)
def test_no_day_is_invented(
    found: list[Gauge], utilisation: Utilisation | None, latest: date | None, because: str
) -> None:
    assert forecast(found, DAY, utilisation) == Forecast(None, None, latest, because)


def test_what_is_late_is_not_forecast() -> None:
    assert forecast([left(-1), on(30)], DAY, used()) is None


@given(remaining=st.integers(0, 5000), rate=st.decimals("0.01", "20", places=2))
def test_on_the_day_of_a_forecast_something_is_left_and_on_the_next_no_more(
    remaining: int, rate: Decimal
) -> None:
    found = forecast([left(remaining)], DAY, used(rate, rate, rate))

    assert found is not None
    if found.on is None:
        assert remaining / rate > 36_500
    else:
        days = (found.on - DAY).days
        assert days * rate <= remaining < (days + 1) * rate
