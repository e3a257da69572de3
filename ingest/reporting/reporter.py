"""One report on a schedule: made, put into its place, its manifest after it, and recorded."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from graph.errors import TraceError
from graph.flows.sending import Sent, record_sending, sending_id, sendings_of
from graph.flows.submit import Principal
from graph.model.outcome import Status
from graph.model.time import Coordinates, from_micros
from graph.store.answers import LEASE_US, Claim, InProgressError, claim, release, renew
from graph.store.database import Graph
from graph.store.errors import StoreError
from graph.store.patience import Patience
from graph.store.sendings import find_sending, last_sending
from ingest.intake import Sleep
from ingest.pickup.manifest import write_manifest
from ingest.pickup.names import MANIFEST
from ingest.places.place import Place
from ingest.reporting.settings import ReportSettings

LONGEST_SLEEP_S: Final = 30.0
"""How long a clock that is set anew can go unnoticed."""

MAX_MANIFEST: Final = 64 * 1024
ACTOR: Final = "utcs-reporting"

_log: Final = logging.getLogger(__name__)


class ReportingError(TraceError):
    """A report that was sent cannot be recorded."""


class Writer(Protocol):
    """Makes reports: it is told from outside how."""

    def check(self, report: str, form: str) -> None:
        """Raises TraceError unless there is such a report, and it takes that form."""

    async def write(
        self, graph: Graph, report: str, about: str | None, form: str, at: Coordinates
    ) -> bytes:
        """Returns a report in a form; at the same times always the same bytes."""


@dataclass(slots=True)
class Reporter:
    """Sends one report whenever it is due, however many workers are told of it.

    Attributes:
        trouble: Why nothing can be sent at this moment; None while it can.
        files: How many reports this worker sent.
    """

    settings: ReportSettings
    place: Place
    graph: Graph
    writer: Writer
    patience: Patience = field(default_factory=Patience)
    sleep: Sleep = asyncio.sleep
    trouble: str | None = None
    files: int = 0

    async def run(self) -> None:
        """Sends what is due until it is cancelled; what goes wrong is told, and tried again later."""
        failures = 0
        while True:
            try:
                await self.round()
                failures, self.trouble, pause_s = 0, None, LONGEST_SLEEP_S
            except Exception as error:  # whatever it is, what is due later must not wait for ever
                failures += 1
                self._say(error)
                with suppress(Exception):
                    await self.place.close()
                pause_s = 1 + self.patience.wait_s(failures)
            await self.sleep(pause_s)

    async def round(self) -> None:
        """Sends what is due by now, in its order; what another worker sends meanwhile is left to it.

        Raises:
            PlaceError: The place does not answer; the next round goes on where this one ended.
        """
        while (due := await self._due()) is not None:
            try:
                async with self._alone(due):
                    await self._send(due)
            except InProgressError:
                return

    async def _due(self) -> datetime | None:
        """Returns the first due time that is over and for which nothing is on record."""
        prefix = sendings_of(self.settings.name, self.settings.authority)
        last = await last_sending(self.graph, prefix)
        since = self.settings.since
        if last is not None and last.job.due_at is not None:
            since = max(since, last.job.due_at)
        due = self.settings.due_after(since)
        return due if due < from_micros(self.graph.clock()) else None

    async def _send(self, due: datetime) -> None:
        utcs = sending_id(self.settings.name, self.settings.authority, due)
        if await find_sending(self.graph, utcs) is not None:  # another worker was faster
            return
        name = f"{self.settings.name}-{due:%Y%m%dT%H%MZ}.{self.settings.form}"
        content = await self.writer.write(
            self.graph,
            self.settings.report,
            self.settings.about,
            self.settings.form,
            Coordinates(due, due),
        )
        sha256 = hashlib.sha256(content).hexdigest()
        await self._deliver(name, content, sha256)
        await self._record(due, name, sha256)
        self.files += 1

    async def _deliver(self, name: str, content: bytes, sha256: str) -> None:
        """Puts a report into its place, unless it is there, whole: then a worker was cut off after that."""
        await self.place.open()
        manifest = write_manifest([(name, len(content), sha256)])
        told = await self.place.read(name + MANIFEST, MAX_MANIFEST)
        if told == manifest:
            return
        with TemporaryDirectory(prefix="utcs-report-") as folder:
            path = Path(folder) / name
            await asyncio.to_thread(path.write_bytes, content)
            await self.place.store(path, name)
        await self.place.write(name + MANIFEST, manifest)

    async def _record(self, due: datetime, name: str, sha256: str) -> None:
        said = self.settings
        sent = Sent(
            said.name, said.authority, due, said.report, said.about, said.cron, said.recipient,
            f"{self.place}/{name}", sha256, from_micros(self.graph.clock()),
        )  # fmt: skip
        outcome = await record_sending(self.graph, Principal.of(ACTOR, "admin"), sent)
        utcs = sending_id(said.name, said.authority, due)
        if outcome.status is not Status.APPLIED and await find_sending(self.graph, utcs) is None:
            raise ReportingError(
                f"report {said.name}: {name} was sent and cannot be recorded: {outcome.status}, "
                f"{outcome.reason or 'its record was withdrawn'}"
            )

    @asynccontextmanager
    async def _alone(self, due: datetime) -> AsyncIterator[None]:
        """Keeps other workers off a report while this one sends it.

        Raises:
            InProgressError: Another one sends it.
        """
        key = str(sending_id(self.settings.name, self.settings.authority, due))
        claimed = await claim(self.graph, ACTOR, key, key)
        assert isinstance(claimed, Claim), "it is released, and never answered"  # noqa: S101
        renewing = asyncio.create_task(self._renew(claimed))
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(StoreError):
                await release(self.graph, claimed)

    async def _renew(self, claimed: Claim) -> None:
        while True:
            await asyncio.sleep(LEASE_US / 1e6 / 3)
            with suppress(StoreError):
                await renew(self.graph, claimed)

    def _say(self, error: Exception) -> None:
        foreseen = isinstance(error, TraceError)
        said = (
            error.message if isinstance(error, TraceError) else f"{type(error).__name__}: {error}"
        )
        if said != self.trouble:
            _log.error("report %s: %s", self.settings.name, said, exc_info=not foreseen)
        self.trouble = said
