"""A station with a store: what the tests of stock, tools and labour begin with."""

from __future__ import annotations

from typing import Any

import pytest

from graph.flows.lifecycle import LifecycleError
from graph.store.database import Graph
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import event
from tests.store.working import station

STORE, SECOND = id_of("facility-store"), id_of("workorder-2")


async def stores(graph: Graph) -> None:
    """The station with a store, and a second work order on its aircraft."""
    await station(graph)
    await tell(graph, event(
        thing("facility-store", category="warehouse"),
        thing("workorder-2", number="WO-2", status="open"),
        link("workorder-2", "WORKS_ON", "aircraft-1"),
        link("stock-1", "LOCATED_IN", "facility-store"),
        on=2.5,
    ))  # fmt: skip


async def head(graph: Graph) -> int:
    return int((await graph.read("MATCH (l:Log {name: 'changes'}) RETURN l.seq"))[0][0])


async def refusal(graph: Graph, doing: Any) -> dict[str, str]:
    """The rules that refuse an operation, each with what it says; nothing is written."""
    before = await head(graph)
    with pytest.raises(LifecycleError) as caught:
        await doing
    assert await head(graph) == before
    return {one.rule: one.problem for one in caught.value.breaches}
