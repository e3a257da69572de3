"""What is due on aircraft and units, on a real graph: by which rule, since when, and what nobody can say."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model.compliance import Limits
from graph.model.due import DueSort, DueStanding
from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.due import due_list, due_packages, read_horizon
from graph.store.due_item import DueItem
from graph.store.errors import BadQuestionError, NotFoundError
from tests.store.conftest import empty
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event

A1, A2 = id_of("aircraft-1"), id_of("aircraft-2")
OVERDUE, IN_TOLERANCE, UNKNOWN, SOON, SCHEDULED = DueStanding


def date_of(number: int) -> str:
    return day(number)[:10]


def task(name: str, on: str = "part-1", **said: Any) -> list[dict[str, Any]]:
    """A task of the programme, performed on a part, position or design."""
    stated = {"number": name, "status": "released"} | said
    return [thing(name, **stated), link(name, "PERFORMED_ON", on)]


def counted(of: str, on: float, **counters: Any) -> dict[str, Any]:
    name = f"usage-{of}"
    return event(thing(name, measured_at=day(on), **counters), link(name, "COUNTS", of), on=on)


def order(name: str, on: str, at: float, *does: str, **said: Any) -> dict[str, Any]:
    """A work order that was released when it ended."""
    stated = {"number": name, "status": "released", "ended_at": day(at)} | said
    return event(
        thing(name, **stated),
        link(name, "WORKS_ON", on),
        *(link(name, "EXECUTES", one) for one in does),
        on=at,
    )


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Two aircraft with a unit of part-1 each; the first has counters of ten hours and one cycle a day."""
    await tell(
        graph,
        event(
            *(thing(f"aircraft-{n}", delivered_on=date_of(0), msn=str(n)) for n in (1, 2)),
            thing("aircraft-3", status="in_production"),
            thing("part-1"),
            *(thing(f"serial-{n}", manufactured_on=date_of(0)) for n in (1, 2)),
            *(link(f"serial-{n}", "INSTANCE_OF", "part-1") for n in (1, 2)),
            *(link(f"aircraft-{n}", "CONTAINS", f"serial-{n}", "ENG") for n in (1, 2)),
        ),
        *(
            counted("aircraft-1", n, total_fh=10 * n, total_fc=n)
            for n in (0, 10, 40, 70, 90, 100, 130)
        ),
    )
    return graph


async def due(
    graph: Graph, on: float, about: Utcs | None = None, **more: Any
) -> dict[Any, DueItem]:
    found = await due_list(graph, about, at=as_of(on), **more)
    return {(one.unit.utcs.local, one.rule.utcs.local): one for one in found.items}


async def only(graph: Graph, on: float, name: str = "task-1", unit: str = "aircraft-1") -> DueItem:
    return (await due(graph, on))[unit, name]


@pytest.mark.slow  # it waits for the first plan of each statement
async def test_a_task_is_due_first_at_its_threshold_then_each_interval_from_when_it_was_done(
    fleet: Graph,
) -> None:
    await tell(fleet, event(*task("task-1", threshold_fh=950, interval_fh=400, tolerance_fh=50)))

    before, late, over = [await only(fleet, on) for on in (90, 100, 130)]
    await tell(fleet, order("workorder-1", "aircraft-1", 70, "task-1"))
    after = await only(fleet, 90)

    assert [one.standing for one in (before, late, over)] == [SOON, IN_TOLERANCE, OVERDUE]
    assert late.why == "due at 950 FH (50 FH over)"
    assert before.last is None
    assert after.why == "due at 1100 FH (200 FH left)"
    assert after.last is not None
    assert (after.last.order, after.last.fh) == (id_of("workorder-1"), Decimal(700))
    assert (after.rule.schedule, after.rule.performed_on) == (
        "first at 950 FH, each 400 FH, tolerance 50 FH", (id_of("part-1"),),
    )  # fmt: skip


async def test_whichever_comes_first_is_due_and_each_limit_is_told(fleet: Graph) -> None:
    await tell(fleet, event(*task("task-1", interval_fh=9000, interval_fc=150, interval_days=95)))

    found = await only(fleet, 100)

    assert found.standing is OVERDUE
    assert {one.unit.value: one.remaining for one in found.judged.gauges} == {
        "FH": 8000, "FC": 50, "days": -5,
    }  # fmt: skip
    assert [one.unit.value for one in found.judged.gauges if one.is_over] == ["days"]


async def test_a_tolerance_that_was_used_is_not_handed_on(fleet: Graph) -> None:
    done = [order(f"workorder-{n}", "aircraft-1", n, "task-1") for n in (40, 70, 100)]
    await tell(fleet, event(*task("task-1", interval_fh=330, tolerance_fh=70)), *done)

    found = await only(fleet, 130)

    # Done at 400, 700 and 1000 hours; due at 330, 660 and 990: each within the tolerance.
    assert found.judged.gauges[0].at == 4 * 330


async def test_without_counters_hours_are_unknown_and_days_are_not(fleet: Graph) -> None:
    said = task("task-1", interval_fh=400), task("task-2", interval_days=400)
    await tell(fleet, event(*said[0], *said[1]))

    found = await due(fleet, 100, A2)

    assert found["aircraft-2", "task-1"].standing is UNKNOWN
    assert "no FH were ever declared of it" in found["aircraft-2", "task-1"].why
    assert found["aircraft-2", "task-2"].standing is SCHEDULED


async def test_only_released_work_counts_as_done_and_open_work_is_named(fleet: Graph) -> None:
    await tell(
        fleet,
        event(*task("task-1", interval_days=50), *task("task-2", threshold_days=50)),
        order("workorder-1", "aircraft-1", 40, "task-1", "task-2", status="inspected"),
        order("workorder-2", "aircraft-2", 40, "task-1", "task-2"),
        order("workorder-3", "aircraft-1", 40, "task-1", status="cancelled"),
    )

    found = await due(fleet, 60)

    assert (found["aircraft-1", "task-1"].standing, found["aircraft-2", "task-1"].standing) == (
        OVERDUE, SOON,
    )  # fmt: skip
    assert found["aircraft-1", "task-1"].orders == (id_of("workorder-1"),)
    assert ("aircraft-2", "task-2") not in found  # it is not to be repeated


async def test_released_work_that_does_not_say_when_it_ended_makes_it_unknown(fleet: Graph) -> None:
    await tell(
        fleet,
        event(*task("task-1", interval_days=50)),
        order("workorder-1", "aircraft-1", 40, "task-1", ended_at=None),
    )

    found = await only(fleet, 60)

    assert (found.standing, found.why) == (
        UNKNOWN, "workorder-1 has done it and does not say when it ended",
    )  # fmt: skip


async def test_a_task_applies_by_what_is_on_board_by_its_rule_and_by_links(fleet: Graph) -> None:
    await tell(
        fleet,
        event(
            thing("part-2"), thing("part-3"), thing("part-9"), thing("part-type"), thing("design-1"),
            thing("position-1", number="ENG"), thing("position-2", number="APU"),
            link("part-2", "SUPERSEDES", "part-1"), link("part-1", "REALISES", "design-1"),
            link("aircraft-1", "INSTANCE_OF", "part-type"),
            link("part-type", "HAS_COMPONENT", "part-3", "010"),
            thing("effectivity-1", expression="MSN 1"),
            *task("task-part", interval_days=50), *task("task-new", "part-2", interval_days=50),
            *task("task-design", "design-1", interval_days=50),
            *task("task-bill", "part-3", interval_days=50),
            *task("task-place", "position-1", interval_days=50),
            *task("task-empty", "position-2", interval_days=50),
            *task("task-elsewhere", "part-9", interval_days=50),
            *task("task-ruled", interval_days=50), link("task-ruled", "LIMITED_BY", "effectivity-1"),
            thing("task-named", interval_days=50), link("aircraft-2", "SUBJECT_TO", "task-named"),
            thing("task-nothing", interval_days=50),
            *task("task-draft", interval_days=50, status="draft"),
            *task("task-old", interval_days=50), link("task-part", "SUPERSEDES", "task-old"),
        ),
        event(unlink("serial-2", "INSTANCE_OF", "part-1"), on=1),
        event(link("serial-2", "INSTANCE_OF", "part-2"), on=2),
    )  # fmt: skip

    found = await due(fleet, 10)

    both = ("task-part", "task-design", "task-place", "task-nothing")
    assert set(found) == {
        *((f"aircraft-{n}", name) for n in (1, 2) for name in both),
        ("aircraft-2", "task-new"), ("aircraft-1", "task-bill"), ("aircraft-1", "task-ruled"),
        ("aircraft-2", "task-named"),
    }  # fmt: skip
    assert {name for (_, name), one in found.items() if one.standing is UNKNOWN} == {"task-nothing"}
    assert found["aircraft-1", "task-nothing"].why == (
        "no link says and no rule says to what task-nothing applies"
    )


async def test_hard_time_follows_the_unit_through_every_aircraft(fleet: Graph) -> None:
    await tell(
        fleet,
        event(*task("task-1", category="restoration", interval_fh=400, interval_days=200)),
        counted("serial-1", 0, total_fh=0),
        order("workorder-1", "serial-1", 40, "task-1"),
        event(unlink("aircraft-1", "CONTAINS", "serial-1", "ENG"), on=70),
        event(
            unlink("aircraft-2", "CONTAINS", "serial-2", "ENG"),
            link("aircraft-2", "CONTAINS", "serial-1", "ENG"), on=80,
        ),
        counted("serial-1", 90, total_fh=500),
    )  # fmt: skip

    first, shelf, second = [await only(fleet, on, unit="serial-1") for on in (50, 75, 95)]

    assert [one.unit.aircraft for one in (first, shelf, second)] == [A1, None, A2]
    assert [one.unit.position for one in (first, shelf, second)] == ["ENG", "", "ENG"]
    assert second.why == "due at 400 FH (100 FH over); due on 2025-08-29 (145 days left)"
    assert set(await due(fleet, 95, A1)) == set()
    assert {unit for unit, _ in await due(fleet, 95, A2)} == {"serial-1"}


async def test_a_life_limit_is_due_where_the_unit_is_and_the_task_that_discards_it_is_not_told_twice(
    fleet: Graph,
) -> None:
    limits = {"life_limit_fh": 1000, "overhaul_limit_fc": 90}
    same = task("task-1", category="discard", interval_fh=1000)
    other = task("task-2", category="discard", interval_fh=900)
    await tell(
        fleet,
        event(thing("part-1", **limits), *same, *other),
        counted("serial-1", 100, total_fh=1000, total_fc=80),
    )

    found = (await due_list(fleet, A1, at=as_of(100))).items

    told = {(one.rule.sort, one.rule.utcs.local): one for one in found}
    assert set(told) == {
        (DueSort.LIFE, "part-1"), (DueSort.OVERHAUL, "part-1"), (DueSort.TASK, "task-2"),
    }  # fmt: skip
    life = told[DueSort.LIFE, "part-1"]
    assert (life.standing, life.why) == (OVERDUE, "due at 1000 FH (0 FH left)")
    assert (life.rule.tasks, life.rule.schedule) == ((id_of("task-1"),), "1000 FH")
    assert told[DueSort.OVERHAUL, "part-1"].standing is SOON
    assert (await due(fleet, 100, A2))["serial-2", "part-1"].standing is UNKNOWN


async def test_directives_are_due_until_they_are_terminated_and_so_are_the_tasks_that_meet_them(
    fleet: Graph,
) -> None:
    directive = {"number": "AD-1", "effective_on": date_of(10), "threshold_days": 60}
    await tell(
        fleet,
        event(
            thing("directive-1", interval_fh=400, **directive),
            link("aircraft-1", "SUBJECT_TO", "directive-1"),
            thing("bulletin-1", number="SB-1", threshold_days=9, issued_on=date_of(0)),
            link("aircraft-1", "SUBJECT_TO", "bulletin-1"),
            *task("task-1", interval_fh=400, zones=["191"], skill="B1"),
            link("task-1", "MEETS", "directive-1"),
        ),
    )
    first = await due(fleet, 60, A1)
    complies: dict[str, Any] = {"total_fh": 700, "reference": "workorder-1"}
    await tell(
        fleet,
        order("workorder-1", "aircraft-1", 70, "directive-1", "task-1"),
        event(link("aircraft-1", "COMPLIES_WITH", "directive-1", **complies), on=70),
    )
    again = await due(fleet, 90, A1)
    ended: dict[str, Any] = {"is_terminating": True, "reference": "workorder-1"}
    await tell(
        fleet,
        event(unlink("aircraft-1", "COMPLIES_WITH", "directive-1"), on=94),
        event(link("aircraft-1", "COMPLIES_WITH", "directive-1", **complies | ended), on=95),
    )

    # Six hundred hours since new, and not yet due: the times of the directive run from its own day.
    assert {key: one.why for key, one in first.items()} == {
        ("aircraft-1", "directive-1"): "due on 2025-03-12 (10 days left)",
        ("aircraft-1", "task-1"): "due on 2025-03-12 (10 days left)",
    }
    rule = first["aircraft-1", "directive-1"].rule
    assert (rule.tasks, rule.zones, rule.skill) == ((id_of("task-1"),), ("191",), "B1")
    assert {one.why for one in again.values()} == {"due at 1100 FH (200 FH left)"}
    last = again["aircraft-1", "directive-1"].last
    assert last is not None
    assert last.order == id_of("workorder-1")
    assert await due(fleet, 99, A1) == {}


async def test_what_was_told_late_counts_and_what_was_known_before_stays(fleet: Graph) -> None:
    (*_, known) = await tell(fleet, event(*task("task-1", interval_days=50)))
    await tell(fleet, order("workorder-1", "aircraft-1", 40, "task-1"))

    now, then, before = [
        (await due_list(fleet, A1, at=at)).items[0]
        for at in (as_of(60), Coordinates(as_of(60).as_of, from_micros(known)), as_of(39))
    ]

    assert (now.standing, then.standing, before.last) == (SOON, OVERDUE, None)


@pytest.mark.slow
async def test_the_copies_of_now_say_what_the_versions_say(fleet: Graph) -> None:
    await tell(
        fleet,
        event(
            thing("part-1", life_limit_days=100), thing("position-1", number="ENG"),
            *task("task-1", interval_fh=400), *task("task-2", "position-1", interval_days=9),
            *task("task-3", category="restoration", interval_fh=1),
        ),
        order("workorder-1", "aircraft-1", 40, "task-1"),
    )  # fmt: skip

    now = await due_list(fleet)
    general = await due_list(fleet, at=Coordinates(known_at=from_micros(fleet.clock())))

    assert now == general
    assert now.total == 8


async def test_a_day_is_forecast_from_the_flying_of_the_aircraft_itself_with_a_range(
    fleet: Graph,
) -> None:
    await tell(fleet, event(*task("task-1", interval_fh=1600)))

    found = await due_list(fleet, A1, at=as_of(130))
    none = await due_list(fleet, A1, at=as_of(80))

    (item,) = found.items
    # Between days 40 and 130, in thirds: 300, 300 and 300 hours; 300 are left.
    assert item.judged.forecast is not None
    assert item.judged.forecast.on == item.judged.forecast.earliest
    assert str(item.judged.forecast.on) == date_of(160)
    assert found.utilisation[A1].window_days == 90
    (item,) = none.items
    assert item.judged.forecast is not None
    assert item.judged.forecast.gap == "no FH were declared before the last 90 days began"


async def test_pages_hold_each_item_once_and_the_worst_first(fleet: Graph) -> None:
    said = [one for n in range(7) for one in task(f"task-{n}", interval_days=40 + 10 * n)]
    await tell(fleet, event(*said))
    whole = await due_list(fleet, at=as_of(60))

    items: list[DueItem] = []
    after: str | None = None
    while True:
        page = await due_list(fleet, first=4, after=after, at=as_of(60))
        items += page.items
        if (after := page.next) is None:
            break

    assert tuple(items) == whole.items
    order_of = [[*DueStanding].index(one.standing) for one in items]
    assert order_of == sorted(order_of)
    assert page.counts == whole.counts
    assert +Counter(whole.counts) == Counter(one.standing for one in items)
    assert whole.total == 14


async def test_a_horizon_takes_what_falls_due_within_it_and_what_nobody_can_say(
    fleet: Graph,
) -> None:
    await tell(
        fleet,
        event(
            *task("task-hours", interval_fh=1600), *task("task-soon", interval_days=150),
            *task("task-late", interval_days=500), thing("task-nothing", interval_days=9),
        ),
    )  # fmt: skip

    async def within(text: str) -> set[str]:
        found = await due(fleet, 130, A1, within=read_horizon(text))
        return {name for _, name in found}

    assert await within("20d") == {"task-soon", "task-nothing"}
    assert await within("30d") == {"task-soon", "task-hours", "task-nothing"}
    assert await within("299fh") == {"task-nothing"}
    assert await within("300fh,20d") == {"task-soon", "task-hours", "task-nothing"}
    sorts = await due(fleet, 130, A1, sorts=["life"])
    assert sorts == {}


async def test_packages_hold_each_item_of_the_horizon_once_and_say_what_is_in_none(
    fleet: Graph,
) -> None:
    await tell(
        fleet,
        event(
            *task("task-1", interval_days=140, access=["141AL"], skill="B1", estimated_h="1.5"),
            *task("task-2", interval_days=145, access=["141AL"], skill="B1", estimated_h=2),
            *task("task-3", interval_fh=1600), *task("task-4", interval_days=100),
        ),
    )  # fmt: skip

    found = await due_packages(fleet, within=Limits(days=Decimal(30)), at=as_of(130))

    placed = Counter(
        (i.unit.utcs.local, i.rule.utcs.local) for p in found.packages for i in p.items
    )
    assert placed == Counter(
        [("aircraft-1", f"task-{n}") for n in (1, 2, 3, 4)]
        + [("aircraft-2", f"task-{n}") for n in (1, 2, 4)]
    )
    assert [(one.unit.utcs, one.rule.utcs) for one in found.unplaced] == [(A2, id_of("task-3"))]
    for package in found.packages:
        for item in package.items:
            forecast = item.judged.forecast
            if forecast is not None and forecast.earliest is not None:
                assert package.on <= forecast.earliest
    first = next(one for one in found.packages if one.stops == str(A1))
    assert (str(first.on), first.late) == (date_of(130), 1)


async def test_what_is_no_unit_or_not_there_or_out_of_bounds_is_refused(fleet: Graph) -> None:
    with pytest.raises(BadQuestionError, match="about: utcs:TEST:part:part-1 is a part"):
        await due_list(fleet, id_of("part-1"))
    with pytest.raises(NotFoundError):
        await due_list(fleet, id_of("aircraft-9"))
    with pytest.raises(BadQuestionError, match="window_days: 2 is out of bounds"):
        await due_list(fleet, window_days=2)
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await due_list(fleet, first=0)
    with pytest.raises(BadQuestionError, match="within: is empty"):
        await due_list(fleet, within=Limits())
    with pytest.raises(BadQuestionError, match="is out of bounds; give from 0 to 36,500 days"):
        await due_packages(fleet, within=Limits(days=Decimal(99_999)))
    page = await due_list(fleet, at=as_of(1))
    with pytest.raises(BadQuestionError, match="is not a cursor of due_list"):
        await due_list(fleet, after=page.next or "x")


@pytest.mark.parametrize("text", ["", "90", "90m", "-1d", "1e9d", "90d,30d", "d", "90d;"])
def test_a_horizon_that_means_nothing_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(BadQuestionError, match="is no horizon; give days, FH or FC"):
        read_horizon(text)


async def test_what_was_scrapped_or_taken_out_of_the_record_is_no_longer_due(fleet: Graph) -> None:
    await tell(fleet, event(*task("task-1", interval_days=50)))
    await tell(fleet, event(thing("aircraft-2", status="scrapped"), on=50))
    before = {unit for unit, _ in await due(fleet, 40)}
    await tell(fleet, event(thing("task-1", status="withdrawn"), on=60))

    assert before == {"aircraft-1", "aircraft-2"}
    assert {unit for unit, _ in await due(fleet, 55)} == {"aircraft-1"}
    assert await due(fleet, 61) == {}


def expected(done: list[int], interval: int, tolerance: int) -> int:
    """When a task is due next, at one hour a day: what was used of a tolerance is paid back."""
    due_at = interval
    for at in done:
        over = at - due_at
        due_at = at + interval - (over if 0 < over <= tolerance else 0)
    return due_at


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    done=st.sets(st.integers(1, 90), max_size=4).map(sorted),
    interval=st.integers(5, 60),
    tolerance=st.integers(0, 10),
    until=st.integers(0, 100),
    data=st.data(),
)
@pytest.mark.slow
async def test_in_whatever_order_work_is_told_the_next_time_is_that_of_a_small_reference(
    graph: Graph, done: list[int], interval: int, tolerance: int, until: int, data: st.DataObject
) -> None:
    await empty(graph)
    times: dict[str, Any] = {
        "interval_fh": interval,
        "tolerance_fh": tolerance,
        "interval_days": interval,
    }
    work = [order(f"workorder-{at}", "aircraft-1", at, "task-1") for at in done]
    hours = [counted("aircraft-1", at, total_fh=at) for at in {0, until, *done}]
    await tell(
        graph,
        event(
            thing("aircraft-1", delivered_on=date_of(0)), thing("part-1"),
            link("aircraft-1", "INSTANCE_OF", "part-1"), *task("task-1", **times),
        ),
        *data.draw(st.permutations([*work, *hours])),
    )  # fmt: skip

    found = (await only(graph, until)).judged.gauges

    known = [at for at in done if at <= until]
    by_hours, by_days = expected(known, interval, tolerance), expected(known, interval, 0)
    assert {one.unit.value: one.remaining for one in found} == {
        "FH": by_hours - until, "days": by_days - until,
    }  # fmt: skip
