"""When something is due, held against what cron itself would do, minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.drop.schedule import Cron

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


def field(least: int, most: int) -> st.SearchStrategy[str]:
    number = st.integers(least, most)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.tuples(st.one_of(st.just("*"), span), st.integers(1, 9)).map(
        lambda p: f"{p[0]}/{p[1]}"
    )
    part = st.one_of(number.map(str), span, step)
    return st.one_of(st.just("*"), st.lists(part, min_size=1, max_size=3).map(",".join))


CRONS = st.tuples(field(0, 59), field(0, 23), field(1, 28), st.just("*"), field(0, 7)).map(" ".join)


def is_due(cron: Cron, moment: datetime) -> bool:
    """Whether a minute is one of the expression, said once more in other words."""
    day, weekday = moment.day in cron.days, (moment.weekday() + 1) % 7 in cron.weekdays
    days = day and weekday if cron.any_day or cron.any_weekday else day or weekday
    return days and moment.hour in cron.hours and moment.minute in cron.minutes


@given(CRONS, MOMENTS)
def test_next_is_due_and_nothing_before_it_is(text: str, moment: datetime) -> None:
    cron = Cron.parse(text)

    due = cron.next_after(moment)

    assert due > moment
    assert is_due(cron, due)
    minute = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(3000):
        if minute >= due:
            break
        assert not is_due(cron, minute)
        minute += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "after", "due"),
    [
        ("30 2 * * *", "2026-01-01T02:30", "2026-01-02T02:30"),
        ("30 2 * * *", "2026-01-01T02:29", "2026-01-01T02:30"),
        ("*/15 * * * *", "2026-01-01T23:50", "2026-01-02T00:00"),
        ("0 6 * * 1-5", "2026-01-02T06:00", "2026-01-05T06:00"),
        ("0 0 29 2 *", "2026-01-01T00:00", "2028-02-29T00:00"),
        ("0 0 13 * 5", "2026-01-01T00:00", "2026-01-02T00:00"),
        ("0 0 * * 7", "2026-01-01T00:00", "2026-01-04T00:00"),
    ],
)
def test_expression_means_what_it_means_to_cron(text: str, after: str, due: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)

    assert Cron.parse(text).next_after(moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("* * * *", "has 4 fields; give five"),
        ("60 * * * *", "minute: '60' is not within 0 to 59"),
        ("* * 0 * *", "day of the month: '0' is not within 1 to 31"),
        ("* * * JAN *", "month: 'JAN' is not"),
        ("5-1 * * * *", "minute: '5-1' is not within"),
        ("*/0 * * * *", "minute: '\\*/0' is not within"),
        ("0 0 31 2 *", "the day of the month never comes in that month"),
    ],
)
def test_expression_that_cannot_be_meant_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Cron.parse(text)
