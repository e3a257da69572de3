"""Runs followers beside the rest of a process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from graph.store.database import Graph
from graph.store.follow import Follower, Pace, follow
from graph.store.tail import Tail


class Followers:
    """Some followers, from `start` to `stop`; other processes may run the same ones."""

    def __init__(self, graph: Graph, followers: Sequence[Follower], pace: Pace) -> None:
        self._graph = graph
        self._followers = followers
        self._pace = pace
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins to run them."""
        tail = Tail(self._graph)  # one look at the end of the log serves all
        self._tasks = [
            asyncio.create_task(follow(self._graph, one, tail, self._pace), name=one.name)
            for one in self._followers
        ]

    async def stop(self) -> None:
        """Ends them, and gives their leases back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
