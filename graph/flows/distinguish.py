"""Stating that two things that look alike are not one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from graph.flows.cleanse import SOURCE
from graph.flows.submit import Principal, submit
from graph.model.distinction import distinction_of
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.time import format_utc
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.duplicates import find_there
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment


async def distinguish(
    graph: Graph, principal: Principal, first: Utcs, second: Utcs, *, reason: str
) -> Outcome:
    """States that two things are not one, so that they are no candidates and cannot be merged any more.

    It is a thing of the kind `distinction`; retiring that, or correcting the event, takes it back.

    Raises:
        ForbiddenError: The principal may not write.
        NotFoundError: One of the two is not there now.
        BadQuestionError: They are one thing, or of two kinds.
    """
    principal.require("editor")
    if first == second or first.kind != second.kind:
        raise BadQuestionError(
            f"second: {second} could never be taken for {first}; name two things of one kind",
            field="second",
        )
    there = await find_there(graph, [first, second])
    for utcs in (first, second):
        if utcs not in there:
            raise await not_there(graph, utcs, Moment.of(graph, CURRENT))
    utcs = distinction_of(first, second)
    one, other = sorted(map(str, (first, second)))
    said = {"name": f"{one} is not {other}", "first": one, "second": other, "reason": reason}
    event = {
        "source": SOURCE,
        "id": f"distinguish {uuid4()}",
        "subject": str(utcs),
        "time": format_utc(datetime.now(UTC)),
        "data": {"facts": [{"fact": "put_node", "utcs": str(utcs), "properties": said}]},
    }
    (outcome,) = await submit(graph, [event], principal)
    return outcome
