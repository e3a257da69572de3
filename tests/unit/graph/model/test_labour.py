"""Hours and shifts: what is covered hour by hour is covered as a whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.labour import Roster, Rostered, Span, booking_breaches
from graph.model.maintenance import WorkOrder, WorkOrderStatus
from graph.model.resources import Person, Shift
from graph.model.sign_off import Hand, Scope, WorkCase

START = datetime(2025, 1, 10, tzinfo=UTC)
TESS = Person(name="tess", pseudonym="tess", roles=("planner",))
WHO, ORDER = Utcs("TEST", "person", "tess"), Utcs("TEST", "workorder", "WO-1")
CASE = WorkCase(
    ORDER, WorkOrder(name="WO-1", number="1", status=WorkOrderStatus.IN_WORK), (), (), Scope()
)

spans = st.tuples(st.integers(0, 20), st.integers(1, 4))


def span(starts: int, length: int) -> Span:
    return Span(START + timedelta(hours=starts), START + timedelta(hours=starts + length))


def rostered(number: int, at: Span) -> Rostered:
    shift = Shift(name="S", starts_at=at.starts_at, ends_at=at.ends_at)
    return Rostered(Utcs("TEST", "shift", f"S-{number}"), shift, None)


@given(st.lists(spans, max_size=5), spans, st.booleans())
def test_hours_are_outside_the_shifts_if_and_only_if_one_of_them_is_in_none(
    shifts: list[tuple[int, int]], worked: tuple[int, int], overtime: bool
) -> None:
    planned = tuple(rostered(number, span(*one)) for number, one in enumerate(shifts))
    roster = Roster(WHO, TESS, (), planned)

    found = booking_breaches(
        CASE, "plan", span(*worked), Hand(WHO, TESS, ()), roster, START + timedelta(days=9),
        overtime=overtime,
    )  # fmt: skip

    on_duty = {hour for starts, length in shifts for hour in range(starts, starts + length)}
    is_outside = bool(shifts) and not set(range(worked[0], sum(worked))) <= on_duty
    assert [one.rule for one in found] == (
        ["labour.book/shift"] if is_outside and not overtime else []
    )


@given(spans, spans)
def test_two_spans_overlap_if_and_only_if_they_share_an_hour(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    shared = set(range(one[0], sum(one))) & set(range(other[0], sum(other)))

    assert span(*one).overlaps(span(*other)) is bool(shared)
    assert span(*one).hours == Decimal(one[1])
