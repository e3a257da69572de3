"""Publishes the change log, entry by entry, for systems that would rather be told than ask."""

from __future__ import annotations

from collections.abc import Sequence

from graph.store.changes import Entry
from graph.store.touched import touched
from ingest.followers.publishing import Publishing
from ingest.messages.change import change_message


class Changes(Publishing):
    """A follower that sends each entry to a topic.

    The key is the subject, or else the first thing that the event speaks of, or the event that it
    withdraws; so all that is said mainly about one thing stays in order.
    """

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
