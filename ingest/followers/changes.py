"""Publishes the change log, entry by entry, for systems that would rather be told than ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from graph.store.changes import Entry
from graph.store.database import Graph
from graph.store.touched import touched
from ingest.messages.change import change_message
from ingest.messages.cloudevent import Message

Publish = Callable[[Sequence[Message]], Awaitable[None]]
"""Sends messages in their order, and returns once the broker has all of them."""


class Changes:
    """A follower that sends each entry to a topic.

    The key is the subject, or else the first thing that the event speaks of, or the event that it
    withdraws; so all that is said mainly about one thing stays in order.

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

    async def take(self, entries: Sequence[Entry]) -> None:
        """Sends some entries."""
        if entries:
            about = await touched(self._graph, entries)
            keys = [e.subject or t.first for e, t in zip(entries, about, strict=True)]
            await self._publish(
                [
                    change_message(entry, None if key is None else str(key))
                    for entry, key in zip(entries, keys, strict=True)
                ]
            )

    async def close(self) -> None:
        """Nothing is held: the broker belongs to the process."""
