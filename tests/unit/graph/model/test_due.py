"""When a task falls due: whichever comes first, with tolerances that are not handed on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.compliance import Limits
from graph.model.due import (
    DueStanding,
    Gauge,
    Reading,
    Schedule,
    Stand,
    gauges,
    standing_of,
)
from graph.model.life import LimitUnit
from graph.model.maintenance import Task

BEGIN = date(2025, 1, 1)
NEW = Stand(BEGIN, Reading(Decimal(0)), Reading(Decimal(0)))


def limits(**said: Any) -> Limits:
    return Limits(**{name: Decimal(value) for name, value in said.items()})


def stand(days: int, fh: Any = None, fc: Any = None, **more: Any) -> Stand:
    """How far the unit is, so many days after it was new."""
    read = [None if one is None else Reading(Decimal(str(one)), **more) for one in (fh, fc)]
    return Stand(BEGIN + timedelta(days=days), *read)


def only(schedule: Schedule, now: Stand, *done: Stand, new: Stand = NEW) -> Gauge:
    (found,) = gauges(schedule, new, done, now)
    return found


def standing(schedule: Schedule, now: Stand, *done: Stand) -> DueStanding:
    return standing_of(gauges(schedule, NEW, done, now))


HOURLY = Schedule(limits(fh=1000), limits(fh=600), limits(fh=60))


@pytest.mark.parametrize(
    ("fh", "expected"),
    [
        (0, DueStanding.SCHEDULED),
        (899, DueStanding.SCHEDULED),
        (900, DueStanding.DUE_SOON),
        (1000, DueStanding.DUE_SOON),
        (1001, DueStanding.IN_TOLERANCE),
        (1060, DueStanding.IN_TOLERANCE),
        ("1060.1", DueStanding.OVERDUE),
    ],
)
def test_a_task_is_due_first_at_its_threshold_and_overdue_beyond_its_tolerance(
    fh: Any, expected: DueStanding
) -> None:
    assert standing(HOURLY, stand(10, fh)) is expected


def test_then_it_is_due_each_interval_from_when_it_was_last_done() -> None:
    found = only(HOURLY, stand(300, 1500), stand(100, 400), stand(200, 950))

    assert found.at == 1550
    assert found.remaining == 50


@pytest.mark.parametrize(
    ("done_at", "next_due"),
    [(990, 1590), (1000, 1600), (1030, 1600), (1060, 1600), (1061, 1661)],
    ids=["early", "when due", "within", "at the end of the tolerance", "beyond"],
)
def test_what_was_done_within_the_tolerance_counts_on_from_when_it_was_due(
    done_at: int, next_due: int
) -> None:
    assert only(HOURLY, stand(300, 1100), stand(200, done_at)).at == next_due


def test_tolerances_do_not_add_up_over_years() -> None:
    late_each_time = [stand(n, 1000 + 600 * n + 60) for n in range(5)]

    assert only(HOURLY, stand(9, 3500), *late_each_time).at == 1000 + 5 * 600


def test_without_a_threshold_it_is_first_due_after_one_interval() -> None:
    assert only(Schedule(Limits(), limits(fc=50)), stand(1, fc=10)).at == 50


def test_age_counts_from_the_day_it_was_new_and_intervals_from_the_day_it_was_done() -> None:
    schedule = Schedule(limits(days=100), limits(days=30), limits(days=3))

    first, again, late = (
        only(schedule, stand(110), *done) for done in ((), (stand(99),), (stand(102),))
    )

    assert [one.on for one in (first, again, late)] == [
        BEGIN + timedelta(days=n) for n in (100, 129, 130)
    ]
    assert first.remaining == -10


@pytest.mark.parametrize(
    ("now", "expected", "first"),
    [
        (stand(10, 700, 10), DueStanding.OVERDUE, "FH"),
        (stand(10, 10, 301), DueStanding.OVERDUE, "FC"),
        (stand(366, 10, 10), DueStanding.OVERDUE, "days"),
        (stand(10, 10, 10), DueStanding.SCHEDULED, None),
    ],
)
def test_whichever_comes_first_decides(now: Stand, expected: DueStanding, first: Any) -> None:
    schedule = Schedule(Limits(), limits(fh=600, fc=300, days=365))

    found = gauges(schedule, NEW, (), now)

    assert standing_of(found) is expected
    assert {one.unit.value for one in found if one.is_over} == ({first} if first else set())


def test_late_in_one_measure_and_within_another_tolerance_is_still_overdue() -> None:
    schedule = Schedule(Limits(), limits(fh=600, days=100), limits(fh=60))

    assert standing(schedule, stand(101, 630)) is DueStanding.OVERDUE
    assert standing(schedule, stand(100, 630)) is DueStanding.IN_TOLERANCE


@pytest.mark.parametrize(
    ("new", "done", "now", "because"),
    [
        (NEW, (), stand(9), "no FH were ever declared of it, and no flight of it is known"),
        (NEW, (), stand(9, 10, is_declared=False), "it may have flown before the first on record"),
        (NEW, (stand(5),), stand(9, 10), "nothing says how many FH it had when it was last done"),
        (
            NEW,
            (stand(5, 7, is_declared=False),),
            stand(9, 5000),
            "its FH were first declared after it was last done",
        ),
        (NEW, (), stand(9, 10, silent=3), "3 flights do not say their FH"),
    ],
)
def test_what_the_record_does_not_say_is_unknown_with_the_reason(
    new: Stand, done: tuple[Stand, ...], now: Stand, because: str
) -> None:
    found = only(HOURLY, now, *done, new=new)

    assert standing_of([found]) is DueStanding.UNKNOWN
    assert found.gap is not None
    assert because in found.gap
    assert because in str(found)


def test_a_unit_whose_day_of_birth_is_unknown_has_no_age() -> None:
    found = only(Schedule(Limits(), limits(days=30)), stand(9), new=Stand(None))

    assert (found.on, found.remaining, standing_of([found])) == (None, None, DueStanding.UNKNOWN)


def test_what_is_over_stays_over_whatever_else_is_unknown() -> None:
    schedule = Schedule(Limits(), limits(fh=600, days=100))

    assert standing(schedule, stand(101)) is DueStanding.OVERDUE
    assert standing(schedule, stand(99)) is DueStanding.UNKNOWN


def test_flights_alone_suffice_between_two_times_at_which_nothing_was_declared() -> None:
    done, now = stand(5, 100, is_declared=False), stand(9, 350, is_declared=False)

    found = only(HOURLY, now, done)

    assert found.remaining == 350
    assert found.gap is None


def test_a_strict_limit_is_over_once_nothing_is_left() -> None:
    def left(number: int) -> Gauge:
        return Gauge(LimitUnit.FC, Decimal(9), remaining=Decimal(number), is_strict=True)

    assert [standing_of([left(number)]) for number in (1, 0, -1)] == [
        DueStanding.DUE_SOON,
        DueStanding.OVERDUE,
        DueStanding.OVERDUE,
    ]


def test_a_task_without_any_time_is_unknown_and_says_so() -> None:
    schedule = Schedule.of(Task(name="on condition"))

    assert (standing(schedule, stand(1, 1)), str(schedule)) == (
        DueStanding.UNKNOWN,
        "no time is stated",
    )


def test_times_are_told_as_the_programme_prints_them() -> None:
    said = Task(name="a", threshold_fh=1000, interval_fh=600, interval_days=365, tolerance_fh=60)

    assert str(Schedule.of(said)) == "first at 1000 FH, each 600 FH or 365 days, tolerance 60 FH"


def test_beyond_the_calendar_is_never() -> None:
    assert gauges(Schedule(Limits(), limits(days=9_999_999)), NEW, (), stand(9)) == ()


def by_the_clock(schedule: Schedule, done: list[int], now: int) -> int:
    """What is left in hours, counted down hour by hour: the tolerance used comes off the next interval."""
    assert schedule.threshold.fh is not None
    assert schedule.interval.fh is not None
    left, tolerance = int(schedule.threshold.fh), int(schedule.tolerance.fh or 0)
    for hour in range(now + 1):
        if hour:
            left -= 1
        for _ in range(hour in done):
            used = -left if -tolerance <= left < 0 else 0
            left = int(schedule.interval.fh) - used
    return left


@given(
    threshold=st.integers(1, 60),
    interval=st.integers(1, 40),
    tolerance=st.integers(0, 15),
    done=st.sets(st.integers(1, 200), max_size=6).map(sorted),
    since=st.integers(0, 60),
)
def test_what_remains_is_what_a_clock_counts_down(
    threshold: int, interval: int, tolerance: int, done: list[int], since: int
) -> None:
    schedule = Schedule(limits(fh=threshold), limits(fh=interval), limits(fh=tolerance))
    now = (done[-1] if done else 0) + since

    found = only(schedule, stand(now, now), *(stand(one, one) for one in done))

    assert found.remaining == by_the_clock(schedule, done, now)
    assert found.is_over == (found.remaining < -tolerance)
    if done:
        assert interval - tolerance <= found.remaining + since <= interval


@given(
    first=st.integers(0, 300),
    more=st.integers(0, 100),
    said=st.dictionaries(st.sampled_from(["fh", "fc", "days"]), st.integers(1, 200), min_size=1),
)
def test_nothing_becomes_less_urgent_as_the_unit_grows_older(
    first: int, more: int, said: dict[str, int]
) -> None:
    schedule, order = Schedule(Limits(), limits(**said), limits(fh=10, days=5)), [*DueStanding]

    younger, older = (standing(schedule, stand(n, n, n)) for n in (first, first + more))

    assert order.index(older) <= order.index(younger)
