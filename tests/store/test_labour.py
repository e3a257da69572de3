"""Labour: hours are booked by who may do the work, and nobody is in two places at once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.labour import Planned, book, plan_shift
from graph.flows.lifecycle import LifecycleError
from graph.flows.submit import ForbiddenError, Principal
from graph.model.identifier import Utcs
from graph.model.labour import Span
from graph.model.time import TimeError, parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.labour import find_hours, find_roster
from tests.store.changing import person
from tests.store.conftest import empty
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import correct, day, event
from tests.store.storing import SECOND, STORE, refusal, stores
from tests.store.working import ADMIN, ORDER, licensed

TESS, TOM = person("tess"), person("tom")


def span(starts: float, ends: float) -> Span:
    """From an hour of day 10 to another."""
    return Span(parse_utc(day(10 + starts / 24)), parse_utc(day(10 + ends / 24)))


async def worked(
    graph: Graph, starts: float, ends: float, who: Utcs = TESS, on: Utcs = ORDER, step: str = "perform",
    *, overtime: bool = False,
) -> Planned:  # fmt: skip
    return await book(graph, ADMIN, on, step, who, span(starts, ends), is_overtime=overtime)


async def shift(graph: Graph, starts: float, ends: float, who: Utcs = TESS) -> Planned:
    return await plan_shift(graph, ADMIN, who, span(starts, ends), STORE)


async def test_booked_hours_add_up_by_step_and_can_be_withdrawn(graph: Graph) -> None:
    await stores(graph)

    await worked(graph, 8, 12)
    await worked(graph, 13, 14.5, TOM)
    last = await worked(graph, 12, 12.25, person("ivan"), step="inspect")
    found = await find_hours(graph, ORDER)
    await tell(graph, event(correct(last.event) | {"source": "urn:utcs:work"}))

    assert (found.total, dict(found.by_step)) == (
        Decimal("5.75"), {"perform": Decimal("5.5"), "inspect": Decimal("0.25")},
    )  # fmt: skip
    assert [one.person for one in found.booked] == [TESS, person("ivan"), TOM]
    assert (await find_hours(graph, ORDER)).total == Decimal("5.5")


async def test_nobody_works_in_two_places_at_once(graph: Graph) -> None:
    await stores(graph)
    await worked(graph, 8, 12)

    told = await refusal(graph, worked(graph, 11.9, 13, on=SECOND))
    await worked(graph, 12, 13, on=SECOND)
    await worked(graph, 8, 12, TOM)

    assert "worked on workorder-1 from" in told["labour.book/overlap"]


async def test_of_two_who_book_the_same_hours_of_one_person_one_is_refused(graph: Graph) -> None:
    await stores(graph)

    both = await asyncio.gather(
        *(worked(graph, 8, 12, on=one) for one in (ORDER, SECOND)), return_exceptions=True
    )

    (lost,) = [one for one in both if isinstance(one, LifecycleError)]
    assert lost.rules == ("labour.book/overlap",)


async def test_whoever_has_no_right_to_the_step_books_no_hours_on_it(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(*licensed("tom", "B1", expires_on="2025-01-10"), on=3))

    planner = await refusal(graph, worked(graph, 8, 9, person("pia")))
    technician = await refusal(graph, worked(graph, 8, 9, step="inspect"))
    expired = await refusal(graph, worked(graph, 8, 9, TOM))

    assert "planner; work takes" in planner["labour.book/right"]
    assert "inspection takes" in technician["labour.book/right"]
    assert "expired on 2025-01-10" in expired["labour.book/right"]


async def test_hours_outside_the_shifts_of_a_person_are_overtime_or_refused(graph: Graph) -> None:
    await stores(graph)
    await shift(graph, 6, 10)
    await shift(graph, 10, 14)

    await worked(graph, 8, 12)
    told = await refusal(graph, worked(graph, 13, 15))
    await worked(graph, 13, 15, overtime=True)
    await worked(graph, 40, 41)

    assert "outside the shifts of person-tess" in told["labour.book/shift"]
    assert (await find_hours(graph, ORDER)).total == 7


async def test_shifts_of_one_person_do_not_overlap(graph: Graph) -> None:
    await stores(graph)
    await shift(graph, 6, 14)

    told = await refusal(graph, shift(graph, 13, 20))
    await shift(graph, 14, 20)
    await shift(graph, 13, 20, TOM)
    both = await asyncio.gather(*(shift(graph, 22, 23) for _ in range(2)), return_exceptions=True)

    found = (await find_roster(graph, TESS, span(0, 24))).roster
    assert "is rostered from" in told["shift.plan/overlap"]
    assert [type(one).__name__ for one in both].count("LifecycleError") == 1
    assert [(one.span, one.place) for one in found.shifts] == [
        (span(6, 14), STORE), (span(14, 20), STORE), (span(22, 23), STORE),
    ]  # fmt: skip


async def test_bad_bookings_and_shifts_are_refused_with_the_reason(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(thing("workorder-9", number="WO-9", status="closed"), on=3))

    async def rules(doing: object) -> set[str]:
        return set(await refusal(graph, doing))

    assert await rules(worked(graph, 9, 9)) == {"labour.book/span"}
    assert await rules(worked(graph, 9, 8)) == {"labour.book/span"}
    assert await rules(worked(graph, 0, 25)) == {"labour.book/span"}
    assert await rules(worked(graph, 9, 9 + 1e-5)) == {"labour.book/span"}
    assert await rules(worked(graph, 9, 10, step="sleep")) == {"labour.book/step"}
    assert await rules(worked(graph, -230, -229)) >= {"labour.book/before"}
    assert "labour.book/state" in await rules(worked(graph, 9, 10, on=id_of("workorder-9")))
    assert await rules(shift(graph, 0, 25)) == {"shift.plan/span"}
    far = Span(parse_utc("2999-01-01T00:00:00Z"), parse_utc("2999-01-01T01:00:00Z"))
    with pytest.raises(LifecycleError, match="still to come"):
        await book(graph, ADMIN, ORDER, "perform", TESS, far)
    naive = Span(datetime(2025, 1, 11, 8), datetime(2025, 1, 11, 9))  # noqa: DTZ001
    with pytest.raises(TimeError, match="starts_at"):
        await book(graph, ADMIN, ORDER, "perform", TESS, naive)
    with pytest.raises(BadQuestionError, match="is a workorder; give a person"):
        await worked(graph, 8, 9, ORDER)
    with pytest.raises(BadQuestionError, match="is a person; give a facility"):
        await plan_shift(graph, ADMIN, TESS, span(8, 9), TOM)
    with pytest.raises(NotFoundError, match="facility-404"):
        await plan_shift(graph, ADMIN, TESS, span(8, 9), id_of("facility-404"))
    with pytest.raises(NotFoundError, match="person-404"):
        await worked(graph, 8, 9, id_of("person-404"))
    with pytest.raises(BadQuestionError, match="more than 366 days"):
        await find_roster(graph, TESS, span(0, 24 * 400))
    with pytest.raises(ForbiddenError):
        await plan_shift(graph, Principal.of("eve", "reader"), TESS, span(8, 9), STORE)


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.booleans()), max_size=8))
async def test_what_is_booked_is_what_a_plain_calendar_takes(
    graph: Graph, wanted: list[tuple[int, int, bool]]
) -> None:
    await empty(graph)
    await stores(graph)
    calendar: set[int] = set()

    for starts, length, is_second in wanted:
        taken = set(range(starts, starts + length))
        doing = worked(graph, starts, starts + length, on=SECOND if is_second else ORDER)
        if taken & calendar:
            await refusal(graph, doing)
        else:
            await doing
            calendar |= taken

    found = (await find_roster(graph, TESS, span(0, 30))).roster
    assert sum((one.span.ends_at - one.span.starts_at for one in found.booked), timedelta()) == (
        timedelta(hours=len(calendar))
    )


async def test_a_shift_recorded_elsewhere_counts_as_well(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(
        thing("shift-1", starts_at=day(10.25), ends_at=day(10.5)),
        link("shift-1", "ASSIGNED_TO", "person-tess"), on=3,
    ))  # fmt: skip

    told = await refusal(graph, worked(graph, 11, 13))

    assert "outside the shifts" in told["labour.book/shift"]
