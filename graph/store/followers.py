"""How far is each follower of the change log, and what troubles it?"""

from __future__ import annotations

from dataclasses import dataclass

from graph.model.time import UtcDatetime, from_micros
from graph.store.database import Graph


@dataclass(frozen=True, slots=True)
class Following:
    """How one follower does.

    Attributes:
        name: The follower.
        seq: The last entry of the change log that it is done with.
        lag_entries: How many entries wait for it.
        lag_s: How long the first of them has waited, in seconds; 0 if none does.
        is_running: Whether a process runs it.
        trouble: Why it could not go on when it last tried; None if it could.
        failing_since: Since when it cannot go on.
    """

    name: str
    seq: int
    lag_entries: int
    lag_s: float
    is_running: bool
    trouble: str | None
    failing_since: UtcDatetime | None


async def followers(graph: Graph) -> tuple[Following, ...]:
    """Returns every follower that ever ran, in the order of their names."""
    now = graph.clock()
    return tuple(_following(now, *row) for row in await graph.read("follower/list"))


def _following(
    now: int,
    name: str,
    seq: int,
    lag: int,
    waiting_since: int | None,
    is_running: bool,
    trouble: str | None,
    failing_since: int | None,
) -> Following:
    waited = 0 if waiting_since is None else max(0, now - waiting_since)
    since = None if failing_since is None else from_micros(failing_since)
    return Following(name, seq, max(0, lag), waited / 1e6, is_running, trouble, since)
