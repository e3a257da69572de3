"""Whether the graph can do its work now, and the counts that an operator watches."""

from __future__ import annotations

from dataclasses import dataclass

from graph.store.database import Graph


@dataclass(frozen=True, slots=True)
class Counters:
    """What an operator watches.

    Attributes:
        head_seq: The number of the last entry in the change log; 0 while it is empty.
        parked: Events that wait for something that they need.
        refused: Dead letters, settled or not.
        open: Dead letters that nobody has settled.
        stale: Things whose current copy has been overtaken by the clock.
    """

    head_seq: int
    parked: int
    refused: int
    open: int
    stale: int


async def read_counters(graph: Graph) -> Counters:
    """Returns the counts as of now."""
    rows = await graph.read("health/counters", {"now": graph.clock()}, timeout_s=5)
    return Counters(*rows[0])


async def check_writable(graph: Graph) -> None:
    """Returns if the change log can be written; it is touched and stays as it is.

    Raises:
        StoreError: The graph does not answer, or takes no writes.
    """
    async with graph.transaction(timeout_s=5) as tx:
        await tx.run("health/touch")
