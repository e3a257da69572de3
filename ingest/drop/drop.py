"""One drop: makes a file, puts it into a place, its manifest after it, and writes down that it is there."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from graph.errors import TraceError
from graph.model.time import Coordinates, format_utc
from graph.store.changes import changes, head
from graph.store.database import Graph
from graph.store.patience import Patience
from graph.store.question import MAX_FIRST
from ingest.drop.journal import Drop, Intent, Journal, open_journal
from ingest.drop.settings import DropSettings
from ingest.files.reqif_export import export_reqif, export_reqifz
from ingest.intake import Sleep
from ingest.pickup.manifest import write_manifest
from ingest.pickup.names import MANIFEST
from ingest.places.place import CHUNK, Place

LONGEST_SLEEP_S: Final = 30.0
"""How long a clock that is set anew can go unnoticed."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Dropper:
    """Drops one thing into one place whenever it is due.

    Attributes:
        trouble: Why nothing can be dropped at this moment; None while it can.
        files: How many files were dropped.
    """

    settings: DropSettings
    place: Place
    graph: Graph
    patience: Patience = field(default_factory=Patience)
    sleep: Sleep = asyncio.sleep
    trouble: str | None = None
    files: int = 0

    async def run(self) -> None:
        """Drops what is due until it is cancelled; what goes wrong is told, and tried again later."""
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
            await self.sleep(min(pause_s, self.settings.every_s or pause_s))

    async def round(self) -> None:
        """Finishes what was begun, and drops what is due by now.

        Raises:
            PlaceError: The place does not answer; the next round goes on where this one ended.
            JournalError: The journal cannot be used.
        """
        with open_journal(self.settings.journal) as journal:
            if journal.unfinished and journal.begun:
                await self._drop(journal, journal.begun)
            now = datetime.now(UTC)
            if journal.begun and self.settings.due_after(journal.begun.due) > now:
                return
            async for intent in self._due(journal, now):
                await self._drop(journal, intent)

    async def _due(self, journal: Journal, now: datetime) -> AsyncIterator[Intent]:
        """Yields what is to be dropped: a document, or what changed since the last time."""
        name, log = self.settings.name, await head(self.graph)
        if self.settings.document is not None:
            written = f"{name}-{now:%Y%m%dT%H%M%S.%fZ}.{self.settings.form}"
            yield Intent(written, now, log.recorded_at)
            return
        while journal.last < log.seq:
            first = journal.last + 1
            last = min(log.seq, journal.last + self.settings.most_changes)
            yield Intent(f"{name}-{first:012}-{last:012}.jsonl", now, log.recorded_at, first, last)

    async def _drop(self, journal: Journal, intent: Intent) -> None:
        """Puts a file into its place; done again after a cut, it is the same file under the same name."""
        await self.place.open()
        with TemporaryDirectory(prefix="utcs-drop-") as folder:
            path = Path(folder) / intent.name
            notes = await self._make(intent, path)
            size, sha256 = await asyncio.to_thread(_measured, path)
            if not journal.unfinished:
                journal.begin(intent)
            await self.place.store(path, intent.name)
            manifest = write_manifest([(intent.name, size, sha256)])
            await self.place.write(intent.name + MANIFEST, manifest)
        ended = format_utc(datetime.now(UTC))
        journal.end(Drop(intent.name, size, sha256, str(self.place), ended, notes))
        self.files += 1

    async def _make(self, intent: Intent, path: Path) -> tuple[str, ...]:
        """Writes the file, the same whenever it is made; returns where a document says other than it did."""
        document = self.settings.document
        if document is None:
            await self._write_changes(intent, path)
            return ()
        at = Coordinates(as_of=intent.due, known_at=intent.known_at)
        if self.settings.form == "reqifz" and self.settings.files is not None:
            exported = await export_reqifz(self.graph, document, self.settings.files, at=at)
        else:
            exported = await export_reqif(self.graph, document, at=at)
        await asyncio.to_thread(path.write_bytes, exported.document)
        return tuple(map(str, exported.notes))

    async def _write_changes(self, intent: Intent, path: Path) -> None:
        after = intent.first - 1
        with path.open("wb") as file:
            while after < intent.last:
                page = await changes(self.graph, after, min(MAX_FIRST, intent.last - after))
                for entry in page:
                    file.write(entry.event.encode() + b"\n")
                if not page or page[0].seq != after + 1:
                    raise TraceError(
                        f"log: change {after + 1} is not there; the journal is another's"
                    )
                after = page[-1].seq

    def _say(self, error: Exception) -> None:
        foreseen = isinstance(error, TraceError)
        said = (
            error.message if isinstance(error, TraceError) else f"{type(error).__name__}: {error}"
        )
        if said != self.trouble:
            _log.error("drop %s: %s", self.settings.name, said, exc_info=not foreseen)
        self.trouble = said


def _measured(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
