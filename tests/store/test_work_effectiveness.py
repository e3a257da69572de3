"""Did a repair help? What is on record of alerts since its release, and the verdict on the work order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graph.flows.submit import ForbiddenError, Principal
from graph.flows.work_effectiveness import judge_work
from graph.model.compliance import Limits
from graph.model.maintenance import Effectiveness, WorkOrderStatus
from graph.model.outcome import Status
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.history import history
from graph.store.work_effectiveness import WorkEffectiveness, work_effectiveness
from tests.store.linking import as_of, id_of, tell, thing
from tests.store.repairing import alert, counted, repaired
from tests.store.saying import day, event
from tests.store.working import ADMIN, ORDER

WATCH = Limits(fh=Decimal(10), days=Decimal(5))


async def asked(graph: Graph, on: float | None = None) -> WorkEffectiveness:
    at = {} if on is None else {"at": as_of(on)}
    return await work_effectiveness(graph, ORDER, watch=WATCH, **at)


async def test_it_is_open_until_the_watch_is_over_and_then_effective(graph: Graph) -> None:
    await repaired(graph, *counted(14, 108), *counted(17, 112))

    early, parked, over = [await asked(graph, on) for on in (14, 16.5, 17)]
    ahead = await asked(graph, 9.5)

    assert early.judgement.why == "open until 2025-01-17 and 2 more FH"
    assert early.cured == (id_of("alert-1"),)
    assert early.unit == id_of("aircraft-1")
    assert parked.judgement.why == "open until 2 more FH"
    assert over.judgement.verdict is Effectiveness.EFFECTIVE
    assert ahead.judgement.why == "it is in_work; it is watched from its release on"


RETURNS: list[tuple[str, tuple[dict[str, Any], ...], bool]] = [
    ("the unit that it was about", alert("alert-2", "serial-1", 13), True),
    ("the unit that was put in", alert("alert-2", "serial-2", 13), True),
    ("the aircraft", alert("alert-2", "aircraft-1", 13), True),
    ("the alert itself, raised again", (thing("alert-1", code="28-1", detected_at=day(13)),), True),
    ("another code", alert("alert-2", "serial-2", 13, code="28-2"), False),
    ("a false alarm", alert("alert-2", "serial-2", 13, status="false_alarm"), False),
    ("another unit", (thing("serial-3"), *alert("alert-2", "serial-3", 13)), False),
    ("before the release", alert("alert-2", "serial-1", 9.5), False),
    ("after the watch", alert("alert-2", "serial-2", 18), False),
]


async def test_what_counts_as_a_return(graph: Graph) -> None:
    for number, (what, facts, is_return) in enumerate(RETURNS):
        if number:
            async with graph.transaction() as tx:
                await tx.run("MATCH (n) WHERE NOT n:Migration AND NOT n:Log DETACH DELETE n")
                await tx.run("MATCH (l:Log {name: 'changes'}) SET l.seq = 0, l.recorded_at = 0")
        await repaired(graph, *counted(14, 105), *counted(17, 112), *facts)

        found = (await asked(graph, 20)).judgement

        expected = Effectiveness.INEFFECTIVE if is_return else Effectiveness.EFFECTIVE
        assert found.verdict is expected, what


async def test_a_final_verdict_is_stated_once_and_an_open_one_is_not(graph: Graph) -> None:
    await repaired(graph)
    opened = await judge_work(graph, ADMIN, ORDER, watch=WATCH)
    await tell(graph, event(*counted(17, 112), on=17))

    first = await judge_work(graph, ADMIN, ORDER, watch=WATCH)
    again = await judge_work(graph, ADMIN, ORDER, watch=WATCH)

    assert (opened.outcome, again.outcome) == (None, None)
    assert opened.found.judgement.why.startswith("open until")
    assert first.outcome is not None
    assert first.outcome.status is Status.APPLIED
    order = again.found.order.order
    assert (order.effectiveness, order.status) == (Effectiveness.EFFECTIVE, WorkOrderStatus.CLOSED)
    assert (await asked(graph, 14)).order.order.effectiveness is None


async def test_an_alert_that_is_told_late_changes_the_verdict(graph: Graph) -> None:
    await repaired(graph, *counted(17, 112))
    await judge_work(graph, ADMIN, ORDER, watch=WATCH)
    before = (await history(graph, ORDER)).rows
    await tell(graph, event(*alert("alert-2", "serial-2", 13), on=13))

    judged = await judge_work(graph, ADMIN, ORDER, watch=WATCH)

    assert judged.found.judgement.returned == id_of("alert-2")
    assert (await asked(graph)).order.order.effectiveness is Effectiveness.INEFFECTIVE
    assert len((await history(graph, ORDER)).rows) > len(before)


async def test_without_an_alert_there_is_nothing_to_judge(graph: Graph) -> None:
    await tell(graph, event(thing("workorder-1", number="WO-1", status="released"), on=1))

    judged = await judge_work(graph, ADMIN, ORDER)

    assert judged.found.judgement.why == "no alert is on record that it was to cure"
    assert (judged.found.judgement.verdict, judged.outcome) == (None, None)


async def test_bad_questions_are_refused(graph: Graph) -> None:
    await repaired(graph)

    with pytest.raises(BadQuestionError, match="within: has no end; give days, FH or FC"):
        await work_effectiveness(graph, ORDER, watch=Limits())
    with pytest.raises(BadQuestionError, match="is a aircraft; give a work order"):
        await work_effectiveness(graph, id_of("aircraft-1"))
    with pytest.raises(NotFoundError, match="is not in the graph"):
        await work_effectiveness(graph, id_of("workorder-9"))
    with pytest.raises(ForbiddenError, match="lacks the role 'editor'"):
        await judge_work(graph, Principal.of("rita", "reader"), ORDER)
