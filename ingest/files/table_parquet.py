"""Tables as Parquet: rows by a mapping, or one event in each row. Read batch by batch, never as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
from pyarrow import parquet

from graph.errors import TraceError
from graph.model.event import Event, read_event
from graph.model.time import format_utc
from ingest.files.mapping import MAX_CELL, choose, listed, read_mapping, require_columns
from ingest.files.rejected import FileError, Rejected, file_error
from ingest.files.statement import Speaker
from ingest.files.table import Row, Table

BATCH: Final = 1000
"""So many rows are held in memory at once."""

MAX_COLUMNS: Final = 10_000
MAX_ROWS: Final = 20_000_000
MAX_GROUP: Final = 512 * 1024 * 1024
"""The most bytes that a row group may unpack to: a page of it is unpacked as a whole."""

_EVENT: Final = frozenset({"id", "source", "time", "data"})
"""The columns of a file that holds events; all other attributes of CloudEvents may be columns too."""


def read_parquet(
    path: Path,
    *,
    speaker: Speaker,
    stated: datetime,
    since: datetime,
    mapping: Path | None = None,
) -> Iterator[Event | Rejected]:
    """Yields the events in a file of events, or those that the rows of a table become.

    Args:
        path: The file.
        speaker: On whose word; events bring their own source.
        stated: When a table says so.
        since: When what a table says became true.
        mapping: A mapping declared in TOML; otherwise the built-in one that fits the columns.

    Raises:
        FileError: It is no Parquet, is damaged, or its columns fit no mapping.
    """
    try:
        with parquet.ParquetFile(path, read_dictionary=_texts(path)) as file:
            _require_harmless(path, file)
            names = list(file.schema_arrow.names)
            if mapping is None and set(names) >= _EVENT:
                yield from (_event(row, speaker.actor) for row in _rows(file))
                return
            declared = read_mapping(mapping) if mapping else choose(path, names)
            require_columns(path, declared, names)
            table = Table(declared, speaker, stated, since)
            yield from table.events(_cells(row) for row in _rows(file))
    except FileError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise file_error(path, f"is no whole Parquet file: {said}; write it anew") from error


def holds_events(path: Path) -> bool:
    """Whether a Parquet file holds events, rather than a table.

    Raises:
        FileError: It is damaged.
    """
    try:
        return set(parquet.read_schema(path).names) >= _EVENT
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).partition("\n")[0]
        raise file_error(path, f"is no whole Parquet file: {said}; write it anew") from error


def _require_harmless(path: Path, file: Any) -> None:
    """Refuses a file that would take more memory than it may."""
    about = file.metadata
    if about.num_columns > MAX_COLUMNS:
        raise file_error(
            path,
            f"has {about.num_columns:,} columns, at most {MAX_COLUMNS:,} are read; leave some out",
        )
    if about.num_rows > MAX_ROWS:
        raise file_error(
            path, f"has {about.num_rows:,} rows, at most {MAX_ROWS:,} are read; split it"
        )
    for number in range(about.num_row_groups):
        size = about.row_group(number).total_byte_size
        if size > MAX_GROUP:
            raise file_error(
                path,
                f"row group {number + 1} unpacks to {size:,} bytes, at most {MAX_GROUP:,} are read; "
                "write smaller row groups",
            )
    twice = {n for n in file.schema_arrow.names if file.schema_arrow.names.count(n) > 1}
    if twice:
        raise file_error(path, f"column {listed(map(repr, sorted(twice)))} stands there twice")


def _texts(path: Path) -> list[str]:
    """Returns the columns of text, which are read as references to their values.

    A value of a megabyte that stands in a million rows takes a megabyte in the file, and here.
    """
    return [
        field.name
        for field in parquet.read_schema(path)
        if pa.types.is_string(field.type) or pa.types.is_binary(field.type)
    ]


def _rows(file: Any) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Yields each row with its number, or what is wrong with it; one at a time, for the same reason."""
    number = 0
    for batch in file.iter_batches(batch_size=BATCH):
        columns = list(zip(batch.schema.names, batch.columns, strict=True))
        for place in range(batch.num_rows):
            number += 1
            row = {name: column[place].as_py() for name, column in columns}
            large = (n for n, v in row.items() if isinstance(v, str | bytes) and len(v) > MAX_CELL)
            name = next(large, None)
            yield number, row if name is None else f"column {name!r}: over {MAX_CELL:,} characters"


def _cells(numbered: tuple[int, dict[str, Any] | str]) -> Row | Rejected:
    number, row = numbered
    if isinstance(row, str):
        return Rejected(f"row {number}", row, "")
    cells = {name: _text(value) for name, value in row.items() if value is not None}
    raw = json.dumps(cells, ensure_ascii=False)
    for name, cell in cells.items():
        if "\0" in cell:
            return Rejected(f"row {number}", f"column {name!r}: holds NUL; remove it", raw)
    return Row.of(cells.items(), f"row {number}", raw)


def _text(value: Any) -> str:
    """Returns a value as a table of text would have it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_utc(value) if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, default=str, ensure_ascii=False)


def _event(numbered: tuple[int, dict[str, Any] | str], actor: str) -> Event | Rejected:
    number, row = numbered
    if isinstance(row, str):
        return Rejected(f"row {number}", row, "")
    said = {name: value for name, value in row.items() if value is not None}
    try:
        if isinstance(said.get("data"), str):
            said["data"] = orjson.loads(said["data"])
        if isinstance(said.get("time"), datetime) and said["time"].tzinfo:
            said["time"] = format_utc(said["time"].astimezone(UTC))
        return read_event({"actor": actor} | said)
    except orjson.JSONDecodeError as error:
        return Rejected(f"row {number}", f"data: not JSON: {error}", str(row.get("data")))
    except TraceError as error:
        return Rejected(f"row {number}", error.message, json.dumps(said, default=str))
