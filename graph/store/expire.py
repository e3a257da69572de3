"""Gives up on events that waited too long for what they lack."""

from __future__ import annotations

from typing import Any

from graph.model.outcome import Reason
from graph.store.database import Graph, Row
from graph.store.write import dead_letter, write_refusals

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
                await write_refusals(tx, [_given_up(event, now) for event in due])
                await tx.run("apply/release", events=[[source, id] for source, id, *_ in due])
        expired += len(due)
        if len(due) < AT_ONCE:
            return expired


def _given_up(due: Row, now: int) -> dict[str, Any]:
    source, id, event, reason = due
    return dead_letter(
        event.encode(), source, id, Reason.EXPIRED, f"waited too long: {reason}", now
    )
