"""The one write: events in, one transaction, an outcome for each."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import orjson

from graph.model.event import MAX_BYTES, Event, EventError, read_event
from graph.model.nesting import write_json
from graph.model.outcome import Outcome, Reason, Status
from graph.store.database import Graph
from graph.store.decide import decide
from graph.store.errors import GraphUnreachableError
from graph.store.load import load_world
from graph.store.prepared import Prepared, prepare
from graph.store.world import Unit
from graph.store.write import dead_letter, write, write_refusals

ATTEMPTS: Final = 5
"""How often a transaction is tried that the server gave up on (a deadlock, a change of leader)."""

Document = Event | bytes | str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that is no event, and why."""

    document: bytes
    reason: str
    source: str | None = None
    id: str | None = None
    group: str | None = None
    code: Reason = Reason.INVALID


async def apply(graph: Graph, batch: Sequence[Document]) -> list[Outcome]:
    """Applies events in one transaction and returns what became of each, in their order.

    An event is in the change log exactly once, whatever fails on the way: after an error, or none of
    it happened, or sending the same batch again answers `duplicate`. One event that is refused takes
    nothing along but its group.

    Raises:
        GraphUnreachableError: The graph did not answer. What was sent may or may not be applied; send
            the same events again.
    """
    return await _apply_read(graph, [_read(document) for document in batch])


async def apply_in_turn(
    graph: Graph, batches: Iterable[Sequence[Document]]
) -> AsyncIterator[list[Outcome]]:
    """Applies batches one after the other, each in its own transaction, and yields their outcomes.

    While the graph writes one batch the next is read and checked, which takes about as long.
    """
    writing: asyncio.Task[list[Outcome]] | None = None
    for batch in batches:
        read = []
        for document in batch:
            read.append(_read(document))
            await asyncio.sleep(0)  # so that an answer of the graph is taken up at once
        if writing is not None:
            yield await writing
        writing = asyncio.create_task(_apply_read(graph, read))
    if writing is not None:
        yield await writing


async def _apply_read(graph: Graph, read: Sequence[Prepared | Rejected]) -> list[Outcome]:
    read = _whole_groups(read)
    prepared = [item for item in read if isinstance(item, Prepared)]
    rejected = [item for item in read if isinstance(item, Rejected)]
    outcomes = await _with_retries(graph, list(units(prepared)), rejected)
    return [_rejection(item) if isinstance(item, Rejected) else outcomes[id(item)] for item in read]


def _whole_groups(read: Sequence[Prepared | Rejected]) -> Sequence[Prepared | Rejected]:
    """Rejects the events of a group of which one is no event."""
    broken = {(r.source, r.group) for r in read if isinstance(r, Rejected) and r.group}
    if not broken:
        return read
    return [
        Rejected(
            item.canonical,
            f"group: refused with its group {item.event.group!r}, of which one is not a valid event",
            *item.identity,
            code=Reason.GROUP,
        )
        if isinstance(item, Prepared) and (item.event.source, item.event.group) in broken
        else item
        for item in read
    ]


def units(events: Iterable[Prepared]) -> Iterable[Unit]:
    """Yields events in their order, those of one group together at the place of the first."""
    first: dict[tuple[str, str], int] = {}
    numbered = []
    for number, prepared in enumerate(events):
        group = prepared.event.group
        place = (
            number if group is None else first.setdefault((prepared.event.source, group), number)
        )
        numbered.append((place, prepared))
    numbered.sort(key=lambda item: item[0])
    for _, unit in groupby(numbered, key=lambda item: item[0]):
        yield tuple(prepared for _, prepared in unit)


async def _with_retries(
    graph: Graph, batch: Sequence[Unit], rejected: Sequence[Rejected]
) -> dict[int, Outcome]:
    for attempt in range(1, ATTEMPTS):
        try:
            return await _apply_once(graph, batch, rejected)
        except GraphUnreachableError as error:
            if not error.is_transient:
                raise
            await asyncio.sleep(random.uniform(0, 0.05) * 2**attempt)  # noqa: S311
    return await _apply_once(graph, batch, rejected)


async def _apply_once(
    graph: Graph, batch: Sequence[Unit], rejected: Sequence[Rejected]
) -> dict[int, Outcome]:
    now = graph.clock()
    async with graph.transaction() as tx:
        outcomes: dict[int, Outcome] = {}
        if batch:
            world = await load_world(tx, batch, now)
            verdicts = decide(world, batch)
            await write(tx, world, verdicts)
            outcomes = verdicts.outcomes
        if rejected:
            letters = [
                dead_letter(r.document, r.source, r.id, r.code, r.reason, now) for r in rejected
            ]
            await write_refusals(tx, letters)
    return outcomes


def _read(document: Document) -> Prepared | Rejected:
    try:
        return prepare(document if isinstance(document, Event) else read_event(document))
    except EventError as error:
        return _rejected(document, str(error))


def _rejected(document: Document, reason: str) -> Rejected:
    raw = document if isinstance(document, bytes) else write_json(document)
    fields = document if isinstance(document, dict) else _fields(raw)
    source, id, group = (
        None if fields.get(name) is None else str(fields[name])
        for name in ("source", "id", "group")
    )
    return Rejected(raw, reason, source, id, group)


def _fields(raw: bytes) -> dict[str, Any]:
    """Returns what can be read of a document that is no event, so that its sender knows it again."""
    try:
        found = orjson.loads(raw) if len(raw) <= MAX_BYTES else None
    except orjson.JSONDecodeError:
        found = None
    return found if isinstance(found, dict) else {}


def _rejection(item: Rejected) -> Outcome:
    return Outcome(
        status=Status.REFUSED, source=item.source, id=item.id, code=item.code, reason=item.reason
    )
