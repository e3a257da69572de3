"""Takes reports of one stream in: samples into files, facts into the graph, and nothing lost or doubled.

The order makes it so. Samples are written first, once for each offset; then the events, once for each
identity; and only when both are safe does the caller commit. What cannot be taken is a dead letter.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from graph.errors import TraceError
from graph.model import ontology
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.outcome import Reason, Status
from graph.model.time import Coordinates, from_micros
from graph.store.bearers import Bearers, find_bearers
from graph.store.discrepancies import find_discrepancies
from graph.store.errors import NotFoundError, StoreError
from graph.store.installed import find_installed
from graph.store.logged import find_logged
from graph.store.telemetry.append import Delivery, Series, append
from graph.store.telemetry.ask import Span, Window, window
from graph.store.telemetry.shelf import Shelf, TelemetryError
from ingest.hub.configuration import configuration_facts
from ingest.hub.event import REPORT, Who, facts_event
from ingest.hub.flight import flight_facts
from ingest.hub.health import health_facts, spans
from ingest.intake import Intake
from ingest.messages.cloudevent import Message, read_documents
from ingest.messages.configuration import ConfigurationReported
from ingest.messages.flight import FlightReported
from ingest.messages.health import HealthReported
from ingest.messages.hub import read_report
from ingest.messages.letter import Letter
from ingest.messages.report import Report, ReportError

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """A report that says something of known things.

    Attributes:
        message: Where it came in.
        subject: The thing it is about.
        series: Its samples, each of a known thing.
        who: Tells which things its other names mean.
    """

    message: Message
    report: Report
    subject: Utcs
    series: tuple[Series, ...]
    who: Who


@dataclass(slots=True)
class Hub:
    """Takes the reports of one stream.

    Attributes:
        stream: One of `ingest.messages.hub.STREAMS`.
        intake: Takes the events that reports become, and waits for the graph where it must.
        shelf: Where samples are kept.
        samples: How many samples were new.
    """

    stream: str
    intake: Intake
    shelf: Shelf
    samples: int = 0

    async def take(self, messages: Sequence[Message]) -> list[Letter]:
        """Returns the dead letters among some messages, once nothing of any of them can be lost."""
        letters: list[Letter] = []
        read = await self._read(messages, letters)
        understood = await self._understand(read, letters)
        await self._keep_samples(messages, understood)
        for run in _runs(understood):
            letters += await self._state(run)
        return letters

    async def _read(
        self, messages: Sequence[Message], letters: list[Letter]
    ) -> list[tuple[Message, Report]]:
        now = from_micros(self.intake.graph.clock())
        read = []
        for message in messages:
            for document in read_documents(message):
                try:
                    read.append((message, read_report(self.stream, document, now)))
                except Exception as error:  # whatever it is, the others must not wait for it
                    letters.append(await self._refuse(message, error))
        return read

    async def _understand(
        self, read: Sequence[tuple[Message, Report]], letters: list[Letter]
    ) -> list[Understood]:
        """Returns the reports all of whose names mean something."""
        names = {name for _, report in read for name in report.names()}
        graph = self.intake.graph
        bearers = await self.intake.patiently(lambda: find_bearers(graph, names))
        understood = []
        for message, report in read:
            try:
                understood.append(_understood(message, report, bearers))
            except TraceError as error:
                letters.append(await self._refuse(message, error))
        return understood

    async def _keep_samples(
        self, messages: Sequence[Message], understood: Iterable[Understood]
    ) -> None:
        """Returns once all samples are on the disk; while it takes none, waits."""
        deliveries = _deliveries(messages, understood)

        async def keep() -> int:
            return await asyncio.to_thread(append, self.shelf, self.stream, deliveries)

        self.samples += await self.intake.patiently(keep, TelemetryError)

    async def _state(self, run: Sequence[Understood]) -> list[Letter]:
        """States the facts of some reports, those that are known already left out."""
        letters, owners = [], {}
        graph = self.intake.graph
        known = await self.intake.patiently(
            lambda: find_logged(graph, [item.report.identity for item in run])
        )
        for item in run:
            try:
                event = await self._event(item, known.get(item.report.identity))
            except Exception as error:  # as above
                letters.append(await self._refuse(item.message, error))
            else:
                if event is not None:
                    owners[event.canonical()] = item.message
        events = [replace(owner, body=body, headers={}) for body, owner in owners.items()]
        for letter in await self.intake.take(events):
            letters.append(replace(letter, message=owners[letter.message.body]))
        return letters

    async def _event(self, item: Understood, known: Mapping[str, object] | None) -> Event | None:
        """Returns the event that a report becomes; None if it has nothing new to state."""
        if known is not None:
            if known.get(REPORT) == item.report.fingerprint():
                self.intake.count(Status.DUPLICATE)
                return None
            source, id = item.report.identity
            raise ReusedError(
                f"id: {id!r} of {source!r} came before with other content; give a new id"
            )
        facts = await self._facts(item)
        return facts_event(item.report, item.subject, facts, self.intake.principal.actor)

    async def _facts(self, item: Understood) -> list[Fact]:
        report, subject = item.report, item.subject
        if isinstance(report, FlightReported):
            return flight_facts(report, subject)
        if isinstance(report, HealthReported):
            windows = await self._windows(spans(report, subject, item.who))
            return health_facts(report, subject, item.who, windows)
        if isinstance(report, ConfigurationReported):
            return await self._differences(report, subject)
        return []

    async def _windows(self, asked: Sequence[Span]) -> dict[Span, Window]:
        """Returns the fingerprint of each window; an alert is raised without, rather than not at all."""
        found = {}
        for span in asked:
            try:
                found[span] = await asyncio.to_thread(window, self.shelf, span)
            except StoreError as error:
                _log.error("an alert goes without its window: %s", error.message)
        return found

    async def _differences(self, report: ConfigurationReported, subject: Utcs) -> list[Fact]:
        if not ontology.fits(subject.kind, frozenset({"serial"})):
            raise ReportError(f"subject: {subject} has nothing installed; name an aircraft or unit")
        graph, at = self.intake.graph, Coordinates(as_of=report.time)
        record = await self.intake.patiently(lambda: find_installed(graph, subject, at=at))
        existing = await self.intake.patiently(lambda: find_discrepancies(graph, subject, at=at))
        return configuration_facts(report, subject, record, existing)

    async def _refuse(self, message: Message, error: Exception) -> Letter:
        if not isinstance(error, TraceError):
            return await self.intake.refuse(
                message, Reason.FAILED, f"report: {type(error).__name__}: {error}"
            )
        code = next((code for kind, code in _CODES if isinstance(error, kind)), Reason.INVALID)
        return await self.intake.refuse(message, code, error.message)


class ReusedError(ReportError):
    """A report has the identity of another one."""


_CODES: Final[tuple[tuple[type[TraceError], Reason], ...]] = (
    (NotFoundError, Reason.UNKNOWN),
    (ReusedError, Reason.REUSED),
)


def _understood(message: Message, report: Report, bearers: Mapping[str, Bearers]) -> Understood:
    def who(name: str, moment: datetime) -> Utcs:
        return bearers[name].at(moment)

    subject = who(report.subject, report.time)
    for name in report.names():
        who(name, report.time)
    series = tuple(
        Series(
            thing=str(who(given.about or report.subject, given.start)),
            parameter=given.parameter,
            unit=given.unit,
            taken_at=given.taken_at(),
            values=given.values,
        )
        for given in report.data.series
    )
    return Understood(message, report, subject, series, who)


def _deliveries(messages: Sequence[Message], understood: Iterable[Understood]) -> list[Delivery]:
    """Returns what each message brought; a report that nothing numbers is numbered by its identity."""
    brought: defaultdict[int, tuple[Series, ...]] = defaultdict(tuple)
    unnumbered = []
    for item in understood:
        if item.message.origin:
            brought[id(item.message)] += item.series
        else:
            unnumbered.append(Delivery("\n".join(item.report.identity), 0, item.series))
    numbered = [Delivery(m.origin, m.offset, brought[id(m)]) for m in messages if m.origin]
    return numbered + unnumbered


def _runs(understood: Sequence[Understood]) -> Iterator[Sequence[Understood]]:
    """Cuts reports so that no subject is twice in a run: a comparison needs to see the one before."""
    run: list[Understood] = []
    for item in understood:
        compares = isinstance(item.report, ConfigurationReported)
        if compares and any(item.subject == other.subject for other in run):
            yield run
            run = []
        run.append(item)
    if run:
        yield run
