"""What followers that send to a topic have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from graph.store.database import Graph
from ingest.messages.cloudevent import Message

Publish = Callable[[Sequence[Message]], Awaitable[None]]
"""Sends messages in their order, and returns once the broker has all of them."""


class Publishing:
    """The base of a follower that sends to a topic.

    Args:
        graph: Where the log is.
        topic: The name of the topic, and so of the follower: a new topic begins at the beginning.
        publish: Sends to that topic.
    """

    def __init__(self, graph: Graph, topic: str, publish: Publish) -> None:
        self.name = topic
        self._graph = graph
        self._publish = publish

    async def resume(self, seq: int) -> int:
        """Returns what the graph says: the topic keeps no cursor."""
        return seq

    async def close(self) -> None:
        """Nothing is held: the broker belongs to the process."""
