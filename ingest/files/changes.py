"""What a file says that the graph does not believe yet: all of it that is worth sending.

A table or a ReqIF document says how things are, so loading one again must bring the graph to what
the file says now, and must add nothing where the graph says so already. See docs/decisions/0007.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from graph.model.event import Event
from graph.model.time import from_micros
from graph.store.believed import find_believed
from graph.store.database import Graph
from ingest.files.known_to import known_to
from ingest.files.open import is_state, read_file
from ingest.files.rejected import Rejected
from ingest.files.statement import restated

CHUNK: Final = 500
"""So many parts of a file are compared with the graph by one question."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """One part of a file of which the graph believes every word already.

    Attributes:
        event: What would have been sent.
    """

    event: Event


Item = Event | Rejected | Unchanged


async def read_changes(
    graph: Graph,
    path: Path,
    *,
    authority: str,
    actor: str,
    source: str | None = None,
    mapping: Path | None = None,
    at: datetime | None = None,
    stated: datetime | None = None,
) -> AsyncIterator[Item]:
    """Yields the events that a file needs, what cannot be read, and what holds already.

    The arguments are those of `read_file`. Each chunk is compared when the chunks before it have
    been taken, so a load that was cut off goes on where it ended when it is repeated.

    Raises:
        FileError: The file as a whole cannot be read; what is only a part of it is `Rejected`.
    """
    items = read_file(
        path,
        authority=authority,
        actor=actor,
        now=from_micros(graph.clock()),
        source=source,
        mapping=mapping,
        at=at,
        stated=stated,
        known=await known_to(graph, path, authority=authority),
    )
    compares = is_state(path)
    # Beside the loop: a parser at work must not keep others from it.
    while chunk := await asyncio.to_thread(lambda: list(islice(items, CHUNK))):
        for item in await _compared(graph, chunk) if compares else chunk:
            yield item


def changed(event: Event, believed: Sequence[bool]) -> Event | Unchanged:
    """Returns the event with those of its facts that are not believed, if there are any."""
    if not any(believed):
        return event
    facts = [fact for fact, known in zip(event.facts, believed, strict=True) if not known]
    return restated(event, facts) if facts else Unchanged(event)


async def _compared(graph: Graph, chunk: Sequence[Event | Rejected]) -> list[Item]:
    events = [item for item in chunk if isinstance(item, Event)]
    believed = iter(await find_believed(graph, events))
    return [changed(i, next(believed)) if isinstance(i, Event) else i for i in chunk]
