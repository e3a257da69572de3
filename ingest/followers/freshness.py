"""Notes when each source speaks, and raises an alert when one is silent for longer than it should be."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from graph.flows.submit import Principal, submit
from graph.model.event import Event
from graph.model.fact import Fact, Facts, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.operation import Alert, AlertCategory, AlertSeverity, AlertStatus
from graph.model.outcome import Status
from graph.model.time import format_utc, to_micros
from graph.store.changes import Entry
from graph.store.database import Graph
from graph.store.freshness import Freshness, find_alerts, freshness, hear
from graph.store.node import read_properties

SOURCE: Final = "urn:utcs:freshness"
"""What our own events carry; they are nobody's sign of life."""

CODE: Final = "stale-source"
EVERY_S: Final = 60.0

_log: Final = logging.getLogger(__name__)


class SourceWatch:
    """The follower that knows when each source last spoke.

    An alert belongs to one lapse: the silence after one event. So it is raised once, however often and by
    whomever it is looked, and is resolved once the source has spoken again.
    """

    name = "freshness"

    def __init__(self, graph: Graph, every_s: float = EVERY_S) -> None:
        self._graph = graph
        self._every_s = every_s
        self._looked = -every_s
        self._principal = Principal.of("utcs-freshness", "admin")

    async def resume(self, seq: int) -> int:
        """Returns what the graph says: when sources spoke is kept there, too."""
        return seq

    async def close(self) -> None:
        """Nothing is held."""

    async def take(self, entries: Sequence[Entry]) -> None:
        """Notes who spoke, and once in a while looks who has not."""
        await hear(self._graph, (entry for entry in entries if entry.source != SOURCE))
        now = self._graph.clock()
        heard_until = to_micros(entries[-1].recorded_at) if entries else now
        is_behind = now - heard_until > self._every_s * 1e6  # those may have spoken since
        if not is_behind and time.monotonic() - self._looked >= self._every_s:
            await self.look(heard_until)
            self._looked = time.monotonic()

    async def look(self, heard_until: int) -> None:
        """Raises the alerts that are due, and resolves those whose source has spoken.

        Args:
            heard_until: Until when it is known who spoke, in microseconds since 1970.
        """
        sources = {str(s.utcs): s for s in await freshness(self._graph, heard_until) if s.utcs}
        lapses = {str(_alert_id(s)): s for s in sources.values()}
        alerts = await find_alerts(self._graph, CODE, lapses)
        events = [
            _raised(s) for alert, s in lapses.items() if s.is_stale and alert not in alerts.raised
        ]
        for source, alert in alerts.open:
            # Of the lapse that goes on, the alert stays.
            if source in sources and alert["utcs"] not in lapses:
                events += _resolved(sources[source], alert)
        for outcome in await submit(self._graph, events, self._principal):
            if outcome.status is not Status.APPLIED:
                _log.warning("alert %s is %s: %s", outcome.id, outcome.status, outcome.reason)


def _alert_id(source: Freshness) -> Utcs:
    """Returns the identifier of the alert about the silence of a source since it last spoke."""
    assert source.utcs is not None, "only registered sources are waited for"  # noqa: S101
    lapse = f"{source.utcs} {source.last_seq}"
    return Utcs(source.utcs.authority, "alert", f"STALE-{sha256(lapse.encode()).hexdigest()[:16]}")


def _raised(source: Freshness) -> Event:
    assert source.utcs is not None  # noqa: S101
    assert source.due_at is not None  # noqa: S101
    last = "never" if source.last_at is None else f"at {format_utc(source.last_at)}"
    alert = Alert(
        name=f"{source.name} is silent"[:300],
        description=f"It was expected to speak every {source.interval_h} h; it last did {last}.",
        code=CODE,
        category=AlertCategory.EXCEEDANCE,
        severity=AlertSeverity.ADVISORY,
        parameter="hours since its last event",
        unit_of_measurement="h",
        threshold=source.interval_h,
        status=AlertStatus.OPEN,
        detected_at=source.due_at,
    )
    utcs = _alert_id(source)
    about = PutLink(source=utcs, link="ABOUT", target=source.utcs)
    return _event("raised", utcs, source.due_at, PutNode(utcs=utcs, properties=alert), about)


def _resolved(source: Freshness, stored: Mapping[str, Any]) -> Iterator[Event]:
    """Yields what says that a source has spoken; nothing for one that was deregistered meanwhile."""
    alert = read_properties("alert", stored)
    if source.last_at is None or not isinstance(alert, Alert):
        return
    since = alert.detected_at or source.last_at
    told = {"status": AlertStatus.RESOLVED, "closed_at": source.last_at}
    utcs = Utcs.parse(stored["utcs"])
    put = PutNode(utcs=utcs, properties=alert.model_copy(update=told))
    yield _event("resolved", utcs, max(since, source.last_at), put)


def _event(what: str, alert: Utcs, time: datetime, *facts: Fact) -> Event:
    return Event(
        id=f"{what}-{alert}",
        source=SOURCE,
        actor="utcs-freshness",
        subject=alert,
        time=time,
        data=Facts(facts=facts),
    )
