"""Putting on record whether a repair was effective, once that is final."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from graph.flows.submit import Principal, submit
from graph.flows.work import ATTEMPTS, moment_of, refused, work_event
from graph.model.compliance import Limits
from graph.model.fact import PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import Effectiveness
from graph.model.outcome import Outcome, Status
from graph.model.work_effectiveness import WATCH
from graph.store.database import Graph
from graph.store.work_effectiveness import WorkEffectiveness, work_effectiveness


@dataclass(frozen=True, slots=True)
class Judged:
    """A work order that was judged.

    Attributes:
        found: The verdict, and what it rests on.
        outcome: What became of the event; None where nothing was stated: the verdict is not final, or stands.
    """

    found: WorkEffectiveness
    outcome: Outcome | None


async def judge_work(
    graph: Graph, principal: Principal, utcs: Utcs, *, watch: Limits = WATCH
) -> Judged:
    """Judges whether a repair was effective, and states it of the work order once that is final.

    Judged again, a verdict that stands is not stated twice. One that does not stand any more, because an
    alert was told of late or taken back, is stated anew; one that is open again leaves what is on record.

    Raises:
        BadQuestionError: The thing is no work order, or the watch has no end.
        ForbiddenError: The principal may not write.
        LifecycleError: The graph refuses it.
        NotFoundError: It is not there.
    """
    principal.require("editor")
    for _ in range(ATTEMPTS):
        found = await work_effectiveness(graph, utcs, watch=watch)
        order, verdict = found.order, found.judgement.verdict
        if verdict in (None, Effectiveness.PENDING, order.order.effectiveness):
            return Judged(found, None)
        thing = order.order.model_copy(update={"effectiveness": verdict})
        fact = PutNode(utcs=utcs, properties=thing, replaces=order.version)
        when = moment_of(graph, order.valid_from, None)
        event = work_event(f"judge {utcs} {uuid4()}", utcs, when, principal, [fact])
        (outcome,) = await submit(graph, [event], principal)
        if outcome.status is Status.APPLIED:
            return Judged(found, outcome)
    raise refused("workorder.judge", outcome)
