"""The one write: events in, one transaction, an outcome for each."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, Protocol

import orjson

from graph.model.event import MAX_BYTES, Event, EventError, read_event
from graph.model.outcome import Outcome, Reason, Status
from graph.store.database import Graph, Transaction
from graph.store.decide import decide
from graph.store.errors import GraphUnreachableError
from graph.store.load import load_world
from graph.store.prepared import Prepared, Sent, prepare, written
from graph.store.world import Unit
from graph.store.write import Refused, refusals, write, write_refusals

ATTEMPTS: Final = 5
"""How often a transaction is tried that the server gave up on (a deadlock, a change of leader)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A document in somebody's name.

    Attributes:
        sent: As it was sent; that is what a dead letter keeps.
        read: What is taken in: the same event, with the name in it where one can be put in.
        actor: The name.
    """

    sent: Sent
    read: Sent
    actor: str | None = None


Document = Sent | Signed


class Beside(Protocol):
    """What else happens in the transaction of a write, and what becomes of its refusals."""

    async def before(self, tx: Transaction) -> None:
        """Locks the change log and looks whether the write may begin; raises if not."""

    async def after(
        self, tx: Transaction, outcomes: Sequence[Outcome], refused: Sequence[Refused], now: int
    ) -> None:
        """Records what became of the events, and keeps what was refused."""


async def apply(
    graph: Graph, batch: Sequence[Document], beside: Beside | None = None
) -> list[Outcome]:
    """Applies events in one transaction and returns what became of each, in their order.

    An event is in the change log exactly once, whatever fails on the way: after an error, or none of
    it happened, or sending the same batch again answers `duplicate`. One event that is refused takes
    nothing along but its group.

    Args:
        graph: Where to.
        batch: The events.
        beside: What else happens in the same transaction; unless given, refusals are kept.

    Raises:
        GraphUnreachableError: The graph did not answer. What was sent may or may not be applied; send
            the same events again.
    """
    return await _apply_read(graph, [_read(document) for document in batch], beside)


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


async def refuse(graph: Graph, batch: Sequence[Document], code: Reason, reason: str) -> None:
    """Makes dead letters of documents that `apply` could not even refuse.

    Raises:
        GraphUnreachableError: The graph did not answer; keep them yourself, and try again.
    """
    refused = [replace(_no_event(_signed(document), reason), code=code) for document in batch]
    async with graph.transaction() as tx:
        await write_refusals(tx, refused, graph.clock())


async def _apply_read(
    graph: Graph, read: Sequence[Prepared | Refused], beside: Beside | None = None
) -> list[Outcome]:
    read = _whole_groups(read)
    batch = list(units(item for item in read if isinstance(item, Prepared)))
    for attempt in range(1, ATTEMPTS):
        try:
            return await _apply_once(graph, read, batch, beside)
        except GraphUnreachableError as error:
            if not error.is_transient:
                raise
            await asyncio.sleep(random.uniform(0, 0.05) * 2**attempt)  # noqa: S311
    return await _apply_once(graph, read, batch, beside)


def _whole_groups(read: Sequence[Prepared | Refused]) -> Sequence[Prepared | Refused]:
    """Refuses the events of a group of which one is no event."""
    broken = {(r.source, r.group) for r in read if isinstance(r, Refused) and r.group}
    if not broken:
        return read
    return [
        Refused(
            item.document,
            Reason.GROUP,
            f"group: refused with its group {item.event.group!r}, of which one is not a valid event",
            *item.identity,
            item.event.group,
            item.event.actor,
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


async def _apply_once(
    graph: Graph,
    read: Sequence[Prepared | Refused],
    batch: Sequence[Unit],
    beside: Beside | None,
) -> list[Outcome]:
    now = graph.clock()
    refused = [item for item in read if isinstance(item, Refused)]
    decided: dict[int, Outcome] = {}
    async with graph.transaction() as tx:
        if beside is not None:
            await beside.before(tx)
        if batch:
            world = await load_world(tx, batch, now)
            verdicts = decide(world, batch)
            await write(tx, world, verdicts)
            refused += refusals(verdicts)
            decided = verdicts.outcomes
        outcomes = [
            _refusal(item) if isinstance(item, Refused) else decided[id(item)] for item in read
        ]
        if beside is not None:
            await beside.after(tx, outcomes, refused, now)
        else:
            await write_refusals(tx, refused, now)
    return outcomes


def _signed(document: Document) -> Signed:
    return document if isinstance(document, Signed) else Signed(document, document)


def _read(document: Document) -> Prepared | Refused:
    signed = _signed(document)
    read = signed.read
    try:
        return prepare(read if isinstance(read, Event) else read_event(read), signed.sent)
    except EventError as error:
        return _no_event(signed, str(error))


def _no_event(signed: Signed, reason: str) -> Refused:
    raw = written(signed.sent)
    fields = signed.read if isinstance(signed.read, dict) else _fields(raw)
    source, id, group = (
        None if fields.get(name) is None else str(fields[name])
        for name in ("source", "id", "group")
    )
    return Refused(raw, Reason.INVALID, reason, source, id, group, signed.actor)


def _fields(raw: bytes) -> dict[str, Any]:
    """Returns what can be read of a document that is no event, so that its sender knows it again."""
    try:
        found = orjson.loads(raw) if len(raw) <= MAX_BYTES else None
    except orjson.JSONDecodeError:
        found = None
    return found if isinstance(found, dict) else {}


def _refusal(item: Refused) -> Outcome:
    return Outcome(
        status=Status.REFUSED, source=item.source, id=item.id, code=item.code, reason=item.reason
    )
