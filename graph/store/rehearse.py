"""What would be said against an event, all of it, without applying the event."""

from __future__ import annotations

from graph.model.event import Event
from graph.store.database import Graph
from graph.store.decide import object_to
from graph.store.load import load_world
from graph.store.prepared import prepare
from graph.store.rules import Objection


async def rehearse(graph: Graph, event: Event) -> tuple[Objection, ...]:
    """Returns every objection that `apply` would have to an event now; the graph stays as it is.

    Raises:
        EventError: The event could not even be decided about.
        GraphUnreachableError: The graph did not answer.
    """
    unit = (prepare(event),)
    async with graph.transaction() as tx:
        return object_to(await load_world(tx, [unit], graph.clock()), unit)
