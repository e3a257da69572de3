"""Tools: one that need not read true is refused, and one found wrong names what it was used on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from graph.flows.lifecycle import LifecycleError
from graph.flows.submit import ForbiddenError, Principal
from graph.flows.tool import Calibrating, ToolMoved, calibrate, check_in, check_out
from graph.model.engineering import Verdict
from graph.model.identifier import Utcs
from graph.model.time import parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.tool import find_tool, list_tools
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import correct, day, event
from tests.store.storing import SECOND, refusal, stores
from tests.store.working import ADMIN, ORDER

WRENCH, GAUGE = id_of("tool-wrench"), id_of("tool-gauge")

GOOD = Calibrating(
    "C-2", date(2025, 1, 21), Verdict.PASSED, "RS-1", "+0.1 %", due_on=date(2025, 12, 31)
)
WRONG = replace(GOOD, verdict=Verdict.FAILED, as_found="+9 %", as_left="+0.1 %")


async def workshop(graph: Graph) -> None:
    """The stores with a wrench that was calibrated on day 3, and a gauge that never was."""
    await stores(graph)
    await tell(
        graph,
        event(
            thing("tool-wrench", interval_days="30", status="available", due_on="2025-02-03"),
            thing("tool-gauge", interval_days="30", status="available"),
            thing("tool-lamp", status="available"),
            thing(
                "calibration-1", verdict="passed", performed_on="2025-01-04", due_on="2025-02-03"
            ),
            link("tool-wrench", "CALIBRATED_BY", "calibration-1"),
            on=3,
        ),
    )


async def take(graph: Graph, on: float, tool: Utcs = WRENCH, order: Utcs = ORDER) -> ToolMoved:
    return await check_out(graph, ADMIN, tool, order, at=parse_utc(day(on)))


async def bring(graph: Graph, on: float, tool: Utcs = WRENCH, **more: Any) -> ToolMoved:
    return await check_in(graph, ADMIN, tool, at=parse_utc(day(on)), **more)


async def test_a_tool_is_taken_brought_back_and_remembered_by_what_it_was_used_on(
    graph: Graph,
) -> None:
    await workshop(graph)

    taken = await take(graph, 5)
    back = await bring(graph, 6)
    again = await take(graph, 7)

    found = await find_tool(graph, WRENCH)
    assert [one.state for one in (taken, back, again)] == ["in_use", "available", "in_use"]
    assert [(one.utcs, one.since) for one in found.uses] == [(ORDER, parse_utc(day(5)))]
    assert (await find_tool(graph, WRENCH, at=as_of(4))).uses == ()


async def test_a_tool_that_need_not_read_true_is_refused(graph: Graph) -> None:
    await workshop(graph)
    await tell(graph, event(thing("tool-held", status="quarantined"), on=3))

    late = await refusal(graph, take(graph, 34))
    never = await refusal(graph, take(graph, 5, GAUGE))
    held = await refusal(graph, take(graph, 5, id_of("tool-held")))
    lamp = await take(graph, 5, id_of("tool-lamp"))

    assert "tool-wrench was due for calibration on 2025-02-03" in late["tool.take/unfit"]
    assert "tool-gauge was never calibrated" in never["tool.take/unfit"]
    assert "tool-held is quarantined" in held["tool.take/unfit"]
    assert lamp.state == "in_use"


async def test_a_tool_is_good_through_its_due_day_and_the_sooner_day_holds(graph: Graph) -> None:
    await workshop(graph)

    await take(graph, 33.9)
    await bring(graph, 33.95)
    sooner = {"interval_days": "30", "status": "available", "due_on": "2025-02-01"}
    await tell(graph, event(thing("tool-wrench", **sooner), on=33.96))

    assert (
        "was due for calibration on 2025-02-01"
        in (await refusal(graph, take(graph, 33.97)))["tool.take/unfit"]
    )


async def test_of_two_who_take_one_tool_one_is_refused(graph: Graph) -> None:
    await workshop(graph)

    both = await asyncio.gather(
        *(take(graph, 5, order=one) for one in (ORDER, SECOND)), return_exceptions=True
    )
    (won,) = [one for one in both if isinstance(one, ToolMoved)]
    told = await refusal(graph, take(graph, 6, order=SECOND))

    assert sorted(type(one).__name__ for one in both) == ["LifecycleError", "ToolMoved"]
    assert won.order is not None
    assert f"in use, last on {won.order.local}" in told["tool.take/in-use"]


async def test_a_calibration_sets_the_next_and_frees_the_tool(graph: Graph) -> None:
    await workshop(graph)

    made = await calibrate(graph, ADMIN, WRENCH, replace(GOOD, due_on=None))
    used = await take(graph, 40)

    found = await find_tool(graph, WRENCH, at=as_of(40))
    assert (made.due_on, found.due_on, made.doubt) == (date(2025, 2, 20), date(2025, 2, 20), None)
    assert (used.state, made.at.date()) == ("in_use", date(2025, 1, 21))


async def test_a_tool_found_wrong_names_what_it_was_used_on_since_it_last_read_true(
    graph: Graph,
) -> None:
    await workshop(graph)
    for name, opened, ended in (("old", 1, 2), ("across", 2, 5), ("within", 8, 9)):
        await tell(graph, event(
            thing(f"workorder-{name}", number=name, status="released", ended_at=day(ended)),
            link(f"workorder-{name}", "USES", "tool-wrench"), on=opened + 2.1,
        ))  # fmt: skip
    await tell(
        graph, event(thing("testresult-1"), link("testresult-1", "USES", "tool-wrench"), on=12)
    )
    await take(graph, 10)
    await bring(graph, 11)

    made = await calibrate(graph, ADMIN, WRENCH, WRONG)
    after = await take(graph, 30, order=SECOND)

    assert made.doubt is not None
    assert made.doubt.since == date(2025, 1, 4)
    assert {one.utcs.local for one in made.doubt.uses} == {
        "workorder-across", "workorder-within", "workorder-1", "testresult-1",
    }  # fmt: skip
    assert after.state == "in_use", "it was adjusted"
    assert [one.by.local for one in (await find_tool(graph, WRENCH)).doubts] == ["C-2"]


async def test_a_tool_that_was_not_adjusted_is_held_and_two_failures_reach_back_as_one(
    graph: Graph,
) -> None:
    await workshop(graph)
    await take(graph, 10)
    await bring(graph, 11)

    first = await calibrate(graph, ADMIN, WRENCH, replace(WRONG, as_left=None))
    held = await refusal(graph, take(graph, 25))
    second = replace(WRONG, number="C-3", performed_on=date(2025, 1, 27))
    again = await calibrate(graph, ADMIN, WRENCH, second)

    assert (first.state, again.state) == ("quarantined", "available")
    assert "tool-wrench is quarantined" in held["tool.take/unfit"]
    assert first.doubt is not None
    assert again.doubt is not None
    assert (again.doubt.since, again.doubt.uses) == (first.doubt.since, first.doubt.uses)


async def test_a_damaged_tool_waits_for_its_calibration(graph: Graph) -> None:
    await workshop(graph)
    await take(graph, 5)

    back = await bring(graph, 6, is_damaged=True)
    held = await refusal(graph, take(graph, 7))
    made = await calibrate(graph, ADMIN, WRENCH, GOOD)

    assert (back.state, made.state) == ("quarantined", "available")
    assert "is quarantined" in held["tool.take/unfit"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"performed_on": date(2999, 1, 1), "due_on": date(3000, 1, 1)}, "future"),
    ({"standard": " "}, "needs"),
    ({"as_found": ""}, "needs"),
    ({"verdict": Verdict.NOT_RUN}, "verdict"),
    ({"due_on": date(2025, 1, 21)}, "due"),
    ({"number": "calibration-1"}, "twice"),
    ({"performed_on": date(2025, 1, 3)}, "order"),
]


async def test_bad_input_is_refused_with_the_reason(graph: Graph) -> None:
    await workshop(graph)
    await tell(graph, event(thing("workorder-9", number="WO-9", status="closed"), on=3))

    for changes, rule in BAD:
        told = await refusal(graph, calibrate(graph, ADMIN, WRENCH, replace(GOOD, **changes)))
        assert f"tool.calibrate/{rule}" in told, changes
    assert set(await refusal(graph, bring(graph, 5))) == {"tool.return/state"}
    ended = await refusal(graph, take(graph, 5, order=id_of("workorder-9")))
    assert set(ended) == {"tool.take/state"}
    with pytest.raises(BadQuestionError, match="is a workorder; give a tool"):
        await take(graph, 5, ORDER)
    with pytest.raises(BadQuestionError, match="number: 'a b' names nothing"):
        await calibrate(graph, ADMIN, WRENCH, replace(GOOD, number="a b"))
    with pytest.raises(NotFoundError, match="tool-404"):
        await take(graph, 5, id_of("tool-404"))
    with pytest.raises(ForbiddenError):
        await check_out(graph, Principal.of("eve", "reader"), WRENCH, ORDER)


async def test_tools_are_listed_page_by_page_as_they_were_and_as_it_was_known(graph: Graph) -> None:
    await workshop(graph)
    made = await calibrate(graph, ADMIN, WRENCH, WRONG)

    first = await list_tools(graph, first=2, at=as_of(40))
    rest = await list_tools(graph, first=2, after=first.next, at=as_of(40))
    before = await find_tool(graph, WRENCH, at=as_of(10))
    await tell(graph, event(correct(made.event) | {"source": "urn:utcs:work"}))
    undone = await find_tool(graph, WRENCH, at=as_of(40))

    standing = {one.utcs.local: one.why for page in (first, rest) for one in page.tools}
    assert standing == {
        "tool-gauge": "was never calibrated",
        "tool-lamp": None,
        "tool-wrench": None,
    }
    assert (rest.next, len(before.calibrations), before.doubts) == (None, 1, ())
    assert undone.why == "was due for calibration on 2025-02-03"


async def test_a_certificate_of_another_tool_is_not_taken_twice(graph: Graph) -> None:
    await workshop(graph)
    await calibrate(graph, ADMIN, WRENCH, GOOD)

    with pytest.raises(LifecycleError, match="C-2"):
        await calibrate(graph, ADMIN, GAUGE, GOOD)
