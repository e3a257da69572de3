"""Resource loading: no hour of labour is lost or counted twice over the days, and bays count aircraft."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.loading import Job, loads
from graph.model.opening import Base, Occupied

DAY = datetime(2026, 3, 1, tzinfo=UTC)
BASE = Base(Utcs("TEST", "facility", "B"), "Base", "AAAA", 2, 4)
DAYS = [date(2026, 3, 1) + timedelta(days=number) for number in range(6)]


def job(name: str, begins_h: float | None, lasts_h: float, labour: str | None) -> Job:
    starts = None if begins_h is None else DAY + timedelta(hours=begins_h)
    ends = None if starts is None else starts + timedelta(hours=lasts_h)
    return Job(
        Utcs("TEST", "workorder", name), Utcs("TEST", "aircraft", name), starts, ends,
        None if labour is None else Decimal(labour),
    )  # fmt: skip


def test_labour_is_spread_over_the_days_that_a_job_is_planned_for() -> None:
    found = list(loads(BASE, [job("1", 12, 36, "30")], [], DAYS))

    assert [load.labour_h for load in found] == [10, 20, 0, 0, 0, 0]
    assert [load.bays_taken for load in found] == [1, 1, 0, 0, 0, 0]


def test_a_day_is_over_with_too_many_aircraft_or_too_much_labour() -> None:
    jobs = [job("1", 1, 4, "20"), job("2", 2, 4, "20"), job("3", 30, 1, "16")]
    other = Occupied(BASE.utcs, Utcs("TEST", "aircraft", "4"), DAY, DAY + timedelta(hours=3))

    first, second, *_ = loads(BASE, jobs, [other], DAYS, Decimal(8))

    assert (first.bays_taken, first.labour_h, first.available_h) == (3, Decimal(40), Decimal(32))
    assert first.is_over
    assert (second.bays_taken, second.labour_h, second.is_over) == (1, Decimal(16), False)


def test_the_same_aircraft_takes_one_bay_however_often_it_is_told() -> None:
    twice = [job("1", 1, 4, None), job("1", 2, 4, None)]

    assert next(loads(BASE, twice, [], DAYS)).bays_taken == 1


def test_what_nobody_planned_loads_no_day() -> None:
    assert all(load.labour_h == 0 for load in loads(BASE, [job("1", None, 0, "50")], [], DAYS))


@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.integers(0, 40), st.integers(0, 100)), max_size=6
    )
)  # fmt: skip
def test_all_labour_within_the_days_is_told_once(jobs: list[tuple[int, int, int]]) -> None:
    asked = [job(str(n), begins, lasts, str(h)) for n, (begins, lasts, h) in enumerate(jobs)]

    found = list(loads(BASE, asked, [], DAYS))

    total = sum((load.labour_h for load in found), Decimal(0))
    assert abs(total - sum(h for _, _, h in jobs)) <= Decimal("0.1")
