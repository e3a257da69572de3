"""The folder of the samples: which files of a day hold, what each covers, and what is wrong with one.

    <root>/stream=flight/day=2026-01-15/<first 32 digits of the SHA-256 of the file>.parquet

A file is written once, under the name that its bytes give it, so damage shows. Its footer says which
messages it covers and which files it replaces. Thus a directory alone tells what holds, and every change
of it is one rename.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from graph.model.time import from_micros
from graph.store.errors import StoreError

QUARANTINE: Final = "quarantine"
_FOOTER: Final = b"utcs"
_NAME_DIGITS: Final = 32
_log: Final = logging.getLogger(__name__)

Covers = dict[str, list[tuple[int, int]]]
"""Which messages are in a file: of each origin, such as a partition, the offsets from and to, inclusive."""

SCHEMA: Final = pa.schema(
    [
        ("thing", pa.dictionary(pa.int32(), pa.string())),
        ("parameter", pa.dictionary(pa.int32(), pa.string())),
        ("unit", pa.dictionary(pa.int32(), pa.string())),
        ("taken_at", pa.timestamp("us", "UTC")),
        ("value", pa.float64()),
        ("origin", pa.dictionary(pa.int32(), pa.string())),
        ("offset", pa.int64()),
    ]
)
"""One row for each sample."""


class TelemetryError(StoreError):
    """Samples could not be kept or read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a day.

    Attributes:
        rows: How many samples it holds.
        covers: Which messages they came in.
        replaces: Names of files whose samples it holds too.
    """

    path: Path
    rows: int
    covers: Covers
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder in which samples are kept."""

    root: Path

    def streams(self) -> list[str]:
        """Returns the streams of which there are samples."""
        return sorted(p.name.partition("=")[2] for p in self.root.glob("stream=*"))

    def days(self, stream: str) -> list[Path]:
        """Returns the folders of a stream, one for each day."""
        return sorted((self.root / f"stream={stream}").glob("day=*"))

    def day(self, stream: str, day: date) -> Path:
        """Returns the folder of one day."""
        return self.root / f"stream={stream}" / f"day={day.isoformat()}"

    def present(self, folder: Path) -> list[Stored]:
        """Returns the files of a day that can be read, with those that others replace."""
        return [
            found
            for path in sorted(folder.glob("*.parquet"))
            if (found := self._readable(path)) is not None
        ]

    def holding(self, folder: Path) -> list[Stored]:
        """Returns the files of a day that hold: together they have each sample once."""
        present = self.present(folder)
        replaced = {name for file in present for name in file.replaces}
        return [file for file in present if file.path.name not in replaced]

    def set_aside(self, folder: Path) -> list[Path]:
        """Returns what was found damaged of a day."""
        return sorted((self.root / QUARANTINE / folder.relative_to(self.root)).glob("*"))

    def _readable(self, path: Path) -> Stored | None:
        """Returns a file whose bytes are those it was written with; others are set aside."""
        try:
            seen = path.stat()
            return read_stored(path, seen.st_size, seen.st_mtime_ns)
        except FileNotFoundError:
            return None  # tidied away meanwhile; what replaces it is there already
        except (OSError, ValueError, KeyError) as error:
            self._set_aside(path, error)
            return None

    def _set_aside(self, path: Path, error: Exception) -> None:
        target = self.root / QUARANTINE / path.relative_to(self.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        _log.error("telemetry %s is damaged (%s); it was moved to %s", path, error, target)

    @contextmanager
    def locked(self, name: str, *, wait: bool = True) -> Iterator[bool]:
        """Holds a lock across processes; yields whether it was got. The kernel frees it with its holder."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / f".{name}.lock").open("a+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True


@lru_cache(maxsize=100_000)
def read_stored(path: Path, size: int, changed_ns: int) -> Stored:
    """Returns what a file says of itself, once all of its bytes were compared with its name.

    Files never change, so each is looked at once; size and time are there for one that did.

    Raises:
        ValueError: It is damaged.
    """
    data = path.read_bytes()
    if file_name(data) != path.name:
        raise ValueError("its bytes are not those that it was written with")
    found = pq.read_metadata(pa.BufferReader(data))
    told: dict[str, Any] = orjson.loads(found.metadata[_FOOTER])
    covers = {o: [(first, last) for first, last in spans] for o, spans in told["covers"].items()}
    return Stored(path, found.num_rows, covers, tuple(told["replaces"]))


def file_name(data: bytes | pa.Buffer) -> str:
    """Returns the name of the file that has these bytes."""
    return f"{sha256(data).hexdigest()[:_NAME_DIGITS]}.parquet"


def put_file(folder: Path, table: pa.Table, covers: Covers, replaces: tuple[str, ...] = ()) -> Path:
    """Writes samples into a day, so that they are there wholly or not at all, and stay."""
    told = orjson.dumps({"covers": covers, "replaces": replaces}, option=orjson.OPT_SORT_KEYS)
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata({_FOOTER: told}),
        buffer,
        compression="zstd",
        use_dictionary=["thing", "parameter", "unit", "origin"],
        column_encoding={
            "taken_at": "DELTA_BINARY_PACKED",
            "value": "BYTE_STREAM_SPLIT",
            "offset": "DELTA_BINARY_PACKED",
        },
        row_group_size=131_072,
    )
    data = buffer.getvalue()
    path = folder / file_name(data)
    _make_folder(folder)
    draft = folder / f".{path.name}.{os.getpid()}"
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(folder)
    return path


def _make_folder(folder: Path) -> None:
    """Makes a folder and those above it, each so that it outlives a loss of power."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def day_of(micros: int) -> date:
    """Returns the day, in UTC, of a moment in microseconds since 1970."""
    moment: datetime = from_micros(micros)
    return moment.date()
