"""Publishes the change log, entry by entry, for systems that would rather be told than ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from graph.store.changes import Entry
from graph.store.database import Graph
from graph.store.touched import touched
from ingest.followers.publishing import Publishing
from ingest.messages.change import change_message
from ingest.messages.cloudevent import Message


class Changes(Publishing):
    """A follower that sends each entry to a topic.

    The key is the subject, or else the first thing that the event speaks of, or the event that it
    withdraws; so all that is said mainly about one thing stays in order.
    """

    async def take(self, entries: Sequence[Entry]) -> None:
        """Sends some entries."""
        if entries:
            await self._publish([one async for one in change_messages(self._graph, entries)])


async def change_messages(graph: Graph, entries: Sequence[Entry]) -> AsyncIterator[Message]:
    """Yields some entries as messages, keyed by what they are mainly about."""
    about = await touched(graph, entries)
    for entry, found in zip(entries, about, strict=True):
        key = entry.subject or found.first
        yield change_message(entry, None if key is None else str(key))
