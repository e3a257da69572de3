"""Tells the operational data hub what the change log says of maintenance."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Final

from graph.store.changes import Entry
from graph.store.database import Graph
from graph.store.maintenance import LINKS, RECORDS, find_beliefs
from graph.store.touched import Touched, touched
from ingest.followers.publishing import Publishing
from ingest.hub.maintenance import messages_of
from ingest.messages.cloudevent import Message

AT_ONCE: Final = 500
"""So many messages are under way at once: one order may carry out thousands of tasks."""


class Maintenance(Publishing):
    """A follower that sends notices of maintenance to a topic, keyed by the aircraft or unit."""

    async def take(self, entries: Sequence[Entry]) -> None:
        """Sends what some entries have to tell."""
        some: list[Message] = []
        async for message in notices(self._graph, entries):
            some.append(message)
            if len(some) == AT_ONCE:
                await self._publish(some)
                some = []
        if some:
            await self._publish(some)


async def notices(graph: Graph, entries: Sequence[Entry]) -> AsyncIterator[Message]:
    """Yields what some entries have to tell of maintenance, in their order."""
    about = [_records(one) for one in await touched(graph, entries)] if entries else []
    records = [*dict.fromkeys(record for found in about for record in found)]
    beliefs = await find_beliefs(graph, records)
    for entry, found in zip(entries, about, strict=True):
        for message in messages_of(entry, found, beliefs) if found else ():
            yield message


def _records(about: Touched) -> list[str]:
    """Returns the records of maintenance that something is said of, or of whose links."""
    return [*dict.fromkeys(_named(about))]


def _named(about: Touched) -> Iterator[str]:
    for thing in about.things:
        if thing.split(":")[2] in RECORDS:
            yield thing
    for source, link, _, _ in about.links:
        if link in LINKS and source.split(":")[2] in RECORDS:
            yield source
