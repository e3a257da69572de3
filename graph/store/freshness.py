"""When did each source last speak, and is that longer ago than it should be?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from graph.model.governance import SourceStatus
from graph.model.identifier import Utcs
from graph.model.time import UtcDatetime, from_micros, to_micros
from graph.store.changes import Entry
from graph.store.database import Graph

OTHERS: Final = 100
"""So many sources that nobody registered are told of at most."""

_HOUR_US: Final = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the knowledge of one source is.

    Attributes:
        source: What its events carry as `source`; None if it is registered without.
        utcs: The thing that registers it; None if none does.
        name: What people call it.
        interval_h: How often it is expected to speak, if that is known.
        last_at: When its last event was recorded; None if there is none.
        last_seq: The number of that event in the change log; 0 if there is none.
        silent_s: How long ago that is, in seconds.
        due_at: When it should have spoken next; None if nothing is expected of it.
        is_stale: Whether that is past.
    """

    source: str | None
    utcs: Utcs | None
    name: str | None
    interval_h: Decimal | None
    last_at: UtcDatetime | None
    last_seq: int
    silent_s: float | None
    due_at: UtcDatetime | None
    is_stale: bool


async def hear(graph: Graph, entries: Iterable[Entry]) -> None:
    """Notes of each source when it last spoke; the same entries may be told again."""
    last = {entry.source: entry for entry in entries}
    rows = [
        {"source": source, "seq": entry.seq, "recorded_at": to_micros(entry.recorded_at)}
        for source, entry in last.items()
    ]
    if rows:
        async with graph.transaction() as tx:
            await tx.run("source/hear", rows=rows)


async def freshness(graph: Graph, now: int | None = None) -> tuple[Freshness, ...]:
    """Returns every registered source, then others that spoke, the last to do so first.

    Args:
        graph: Where they speak.
        now: When it is asked, in microseconds since 1970; the present unless given.
    """
    at = graph.clock() if now is None else now
    ((registered, others),) = await graph.read("source/freshness", {"others": OTHERS})
    return tuple(
        [_registered(at, *row) for row in registered] + [_other(at, *row) for row in others]
    )


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts about silent sources: those of the asked that were ever raised, and all that are open."""

    raised: frozenset[str]
    open: tuple[tuple[str, Mapping[str, Any]], ...]


async def find_alerts(graph: Graph, code: str, wanted: Iterable[str]) -> Alerts:
    """Returns which alerts there are, and each open one with the source that it is about."""
    ((raised, open),) = await graph.read("source/alerts", {"code": code, "alerts": [*wanted]})
    return Alerts(frozenset(raised), tuple((source, alert) for source, alert in open))


def _registered(
    now: int,
    utcs: str,
    name: str,
    source: str | None,
    interval_h: float | None,
    status: str | None,
    known_since: int,
    born: int,
    last_seq: int | None,
    last_at: int | None,
) -> Freshness:
    due = None
    if interval_h is not None and status in (None, SourceStatus.ACTIVE):
        # Before we knew of it we could not wait for it.
        since = max(known_since, born, last_at or known_since)
        due = since + round(interval_h * _HOUR_US)
    return Freshness(
        source=source,
        utcs=Utcs.parse(utcs),
        name=name,
        interval_h=None if interval_h is None else _hours(interval_h),
        last_at=None if last_at is None else from_micros(last_at),
        last_seq=last_seq or 0,
        silent_s=None if last_at is None else max(0, now - last_at) / 1e6,
        due_at=None if due is None else from_micros(due),
        is_stale=due is not None and due < now,
    )


def _hours(stored: float) -> Decimal:
    return Decimal(format(Decimal(repr(stored)).normalize(), "f"))  # not 1E+2


def _other(now: int, source: str, last_seq: int, last_at: int) -> Freshness:
    silent_s = max(0, now - last_at) / 1e6
    return Freshness(
        source, None, None, None, from_micros(last_at), last_seq, silent_s, None, is_stale=False
    )
