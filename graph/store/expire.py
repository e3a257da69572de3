"""Gives up on events that waited too long for what they lack."""

from __future__ import annotations

from graph.model.outcome import Reason
from graph.store.database import Graph, Row
from graph.store.write import Refused, write_refusals

AT_ONCE = 1000
"""So many are given up in one transaction at most."""


async def expire(graph: Graph) -> int:
    """Moves parked events whose time is up to the dead letters, and returns how many there were."""
    expired = 0
    while True:
        now = graph.clock()
        async with graph.transaction() as tx:
            due = await tx.run("apply/expired", now=now, limit=AT_ONCE)
            if due:
                await write_refusals(tx, [_given_up(event) for event in due], now)
                await tx.run("apply/release", events=[event[:2] for event in due])
        expired += len(due)
        if len(due) < AT_ONCE:
            return expired


def _given_up(due: Row) -> Refused:
    source, id, group, actor, document, reason = due
    return Refused(
        document.encode() if isinstance(document, str) else document,
        Reason.EXPIRED,
        f"waited too long: {reason}",
        source,
        id,
        group,
        actor,
    )
