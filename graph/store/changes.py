"""What has happened? The change log: every accepted event once, numbered without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import UtcDatetime, from_micros
from graph.store.database import Graph, Row
from graph.store.question import MAX_FIRST, bounded

_LAST_SEQ: Final = 2**53


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the change log.

    Attributes:
        seq: Its number; the order of numbers is the order in which events were accepted.
        source: Who sent the event; with `id`, its identity.
        subject: The thing that the event is mainly about, if it names one.
        time: When it became true.
        recorded_at: When we learned of it.
        actor: Who did it.
        event: The event as canonical JSON text.
        hash: The SHA-256 of that text, hex.
        hashes: The hashes of the versions that the event stated.
    """

    seq: int
    source: str
    id: str
    type: str
    subject: Utcs | None
    time: UtcDatetime
    recorded_at: UtcDatetime
    actor: str
    event: str
    hash: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """How far the change log goes; `seq` is 0 while it is empty."""

    seq: int
    recorded_at: UtcDatetime


async def changes(graph: Graph, after: int = 0, first: int = 100) -> tuple[Entry, ...]:
    """Returns the entries of the change log after a number, in order, without gaps.

    Raises:
        BadQuestionError: A number is out of bounds.
    """
    bounded("after", after, _LAST_SEQ, least=0)
    bounded("first", first, MAX_FIRST)
    rows = await graph.read("log/read", {"after": after, "limit": first})
    return tuple(_entry(stored) for stored in _dense(rows, after))


async def head(graph: Graph) -> Head:
    """Returns how far the change log goes."""
    rows = await graph.read("log/head")
    seq, recorded_at = rows[0] if rows else (0, 0)
    return Head(seq, from_micros(recorded_at))


async def head_at(graph: Graph, known_at: datetime) -> Head:
    """Returns how far the change log went at a moment.

    The log is in the order of its times and has no gap, so a place in it is found by halving.
    """
    last = await head(graph)
    if last.recorded_at <= known_at:
        return last
    found, beyond = Head(0, from_micros(0)), last.seq
    while beyond - found.seq > 1:
        middle = (found.seq + beyond) // 2
        (entry,) = await changes(graph, middle - 1, 1)
        if entry.recorded_at <= known_at:
            found = Head(middle, entry.recorded_at)
        else:
            beyond = middle
    return found


def _dense(rows: Iterable[Row], after: int) -> Iterator[dict[str, Any]]:
    """Yields entries as long as none is missing: Neo4j may show half of what is being committed."""
    for number, (stored,) in enumerate(rows, start=after + 1):
        if stored["seq"] != number:
            return
        yield stored


def _entry(stored: dict[str, Any]) -> Entry:
    subject = stored.get("subject")
    return Entry(
        seq=stored["seq"],
        source=stored["source"],
        id=stored["id"],
        type=stored["type"],
        subject=None if subject is None else Utcs.parse(subject),
        time=from_micros(stored["time"]),
        recorded_at=from_micros(stored["recorded_at"]),
        actor=stored["actor"],
        event=stored["event"],
        hash=stored["hash"],
        hashes=tuple(stored.get("hashes", ())),
    )
