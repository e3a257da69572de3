"""Keeps the copies on the anchors true as time passes."""

from __future__ import annotations

from graph.store import write
from graph.store.database import Graph

AT_ONCE = 1000
"""So many things are refreshed in one transaction at most."""


async def refresh(graph: Graph) -> int:
    """Renews every copy that has gone stale by the clock alone, and returns how many there were."""
    renewed = 0
    while True:
        now = graph.clock()
        async with graph.transaction() as tx:
            stale = await tx.run("apply/stale", now=now, limit=AT_ONCE)
            if stale:
                await write.refresh(tx, [(utcs, kind) for utcs, kind in stale], now)
        renewed += len(stale)
        if len(stale) < AT_ONCE:
            return renewed
