"""Putting on record whether a repair was effective: `judgeWorkOrder`."""

from __future__ import annotations

from typing import Any, Final

import strawberry

from api.mutations.outcome import Outcome
from api.mutations.outcome import told as told_outcome
from api.queries.asked import Id, Info, find
from api.queries.work_effectiveness import Within, WorkOrderEffectiveness, read_watch, told
from graph.flows.work_effectiveness import judge_work
from graph.model.time import Coordinates


@strawberry.type(description="A work order that was judged.")
class JudgedWorkOrder:
    """A work order that was judged."""

    effectiveness: WorkOrderEffectiveness = strawberry.field(
        description="The verdict, and what it rests on."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of the event; null where nothing was stated: it is open, or stands so."
    )


async def judge_work_order(info: Info, id: Id, within: Within = None) -> JudgedWorkOrder | None:
    """Judges whether a repair was effective."""
    order = await find(info, id, Coordinates())
    judged = await judge_work(
        info.context.graph, info.context.principal, order, watch=read_watch(within)
    )
    return JudgedWorkOrder(
        effectiveness=told(judged.found),
        outcome=None if judged.outcome is None else told_outcome(judged.outcome),
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        judge_work_order,
        description="Judges whether a repair was effective, and states it of the work order once that is "
        "final; while it is open, nothing is stated.",
    ),
]
