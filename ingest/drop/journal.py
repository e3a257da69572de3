"""The journal of one drop on this machine: what was begun and what was done, only ever added to."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from graph.errors import TraceError
from graph.model.time import format_utc, parse_utc

_TIMES: Final = ("due", "known_at")


class JournalError(TraceError):
    """A journal cannot be used; nothing is dropped until it can."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One file that is to be dropped, told so that it can be made again, byte for byte.

    Attributes:
        name: What it is called.
        due: When it was due; a document is written as it stood then.
        known_at: When the last change had been recorded that there was by then: what was known.
        first: The first change in it; 0 for a document.
        last: The last one.
    """

    name: str
    due: datetime
    known_at: datetime
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Drop:
    """The receipt of one file that was dropped: it was there, and its manifest after it."""

    name: str
    size: int
    sha256: str
    place: str
    ended_at: str
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Journal:
    """The journal in one file, which one worker at a time holds."""

    _file: BinaryIO
    begun: Intent | None = None
    unfinished: bool = False
    last: int = 0

    def begin(self, intent: Intent) -> None:
        """Writes down what is to be dropped, before anything of it is there."""
        times = {name: format_utc(getattr(intent, name)) for name in _TIMES}
        self._add({"begun": asdict(intent) | times})
        self.begun, self.unfinished = intent, True

    def end(self, drop: Drop) -> None:
        """Writes down the receipt of what was begun last."""
        assert self.begun is not None, "an end follows a beginning"  # noqa: S101
        self._add({"done": asdict(drop)})
        self.last, self.unfinished = self.begun.last or self.last, False

    def _add(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Yields a journal with what stands in it; a last line that was cut off never was.

    Raises:
        JournalError: Another worker holds it, it cannot be written, or it is damaged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab+")
    except OSError as error:
        raise JournalError(f"journal: {path} cannot be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalError(
                f"journal: {path} is held by another worker; give each drop to one alone"
            ) from error
        yield _read(path, file)


def _read(path: Path, file: BinaryIO) -> Journal:
    journal = Journal(file)
    file.seek(0)
    whole = 0
    for number, line in enumerate(file, start=1):
        if not line.endswith(b"\n"):
            file.truncate(whole)
            break
        whole += len(line)
        try:
            _take_in(journal, json.loads(line))
        except (ValueError, KeyError, TypeError, TraceError) as error:
            raise JournalError(
                f"journal: {path}, line {number} is damaged ({error}); mend it, or begin a new journal"
            ) from error
    file.seek(0, os.SEEK_END)
    return journal


def _take_in(journal: Journal, said: dict[str, Any]) -> None:
    if "begun" in said:
        times = {name: parse_utc(said["begun"][name], name) for name in _TIMES}
        journal.begun, journal.unfinished = Intent(**said["begun"] | times), True
    else:
        Drop(**said["done"])
        journal.unfinished = False
        journal.last = (journal.begun.last if journal.begun else 0) or journal.last
