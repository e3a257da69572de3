"""Tables as text (CSV): rows out of lines, whatever is wrong with one of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from graph.model.event import Event
from ingest.files.mapping import MAX_CELL, Mapping, choose, read_mapping, require_columns
from ingest.files.rejected import Rejected, file_error
from ingest.files.statement import Speaker
from ingest.files.table import Row, Table

MAX_COLUMNS: Final = 10_000
"""A header beyond this is no header: a row of data, or a file of another form."""

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ",;\t|"


def read_csv(
    path: Path, *, speaker: Speaker, stated: datetime, since: datetime, mapping: Path | None = None
) -> Iterator[Event | Rejected]:
    """Yields one event for each row, then one for each row that names what it derives from.

    Rows come before links, so that a parent may stand below its children.

    Args:
        path: The file; its first row names the columns.
        speaker: On whose word.
        stated: When the file says so: of two that speak of one instant the later holds.
        since: When what the file says became true.
        mapping: A mapping declared in TOML; otherwise the built-in one that fits the columns.

    Raises:
        FileError: The encoding, the header or the mapping is wrong.
    """
    declared = read_mapping(mapping) if mapping else None
    _refuse_utf16(path, declared)
    encoding = declared.encoding if declared else "utf-8-sig"
    # Bytes of another encoding become lone surrogates, which reject their row and no other.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    try:
        with path.open(encoding=encoding, errors=errors, newline="") as file:
            lines = _Lines(path, file, declared)
            table = Table(lines.mapping, speaker, stated, since)
            yield from table.events(lines.rows())
    except UnicodeError as error:
        raise file_error(
            path, f"is not {encoding}: {error}; set `encoding` in the mapping"
        ) from error


class _Lines:
    """One pass through one file."""

    def __init__(self, path: Path, file: TextIO, mapping: Mapping | None) -> None:
        csv.field_size_limit(MAX_CELL)
        self.path = path
        self.delimiter = (mapping.delimiter if mapping else None) or _delimiter(file)
        self.lines = csv.reader(file, delimiter=self.delimiter, strict=True)
        self.header = self._header()
        self.mapping = mapping or choose(path, self.header)
        require_columns(path, self.mapping, self.header)

    def _header(self) -> list[str]:
        try:
            header = [cell.strip() for cell in next(self.lines, [])]
        except csv.Error as error:
            raise file_error(self.path, f"the header cannot be read: {error}", "line 1") from error
        if not any(header):
            raise file_error(self.path, "is empty; the first row must name the columns", "line 1")
        if len(header) > MAX_COLUMNS:
            counted = f"the header names {len(header):,} columns, {MAX_COLUMNS:,} at most are read"
            raise file_error(self.path, f"{counted}; leave columns out", "line 1")
        if twice := [cell for cell, times in Counter(header).items() if times > 1]:
            raise file_error(self.path, f"column {min(twice)!r} stands there twice", "line 1")
        return header

    def rows(self) -> Iterator[Row | Rejected]:
        """Yields each row, or what is wrong with it."""
        while True:
            line = self.lines.line_num + 1
            try:
                cells = next(self.lines, None)
            except csv.Error as error:
                last = self.lines.line_num
                yield Rejected(f"lines {line}–{last}", f"not CSV: {_explained(error)}", "")
                continue
            if cells is None:
                return
            if any(cells):
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Row | Rejected:
        raw = self.delimiter.join(cells)
        if len(cells) != len(self.header):
            counted = f"{len(cells)} cells, but the header names {len(self.header)} columns"
            return Rejected(f"line {line}", f"{counted}; check quotation marks", _shown(raw))
        row = Row.of(zip(self.header, cells, strict=True), f"line {line}", raw)
        for column, cell in row.items():
            if problem := _unreadable(cell):
                return Rejected(row.where, f"column {column!r}: {problem}", _shown(raw))
        return row


def _delimiter(file: TextIO) -> str:
    """Returns the character that separates the columns of the first line."""
    header = file.readline()
    file.seek(0)
    return max(_DELIMITERS, key=header.count)


def _refuse_utf16(path: Path, mapping: Mapping | None) -> None:
    with path.open("rb") as file:
        start = file.read(2)
    if start in _UTF16 and not (mapping and mapping.encoding.lower().startswith("utf-16")):
        raise file_error(
            path, 'is UTF-16; save it as UTF-8, or set encoding = "utf-16" in a mapping'
        )


def _unreadable(cell: str) -> str | None:
    """Returns what keeps a cell from being stored as text, and the fix."""
    if "\0" in cell:
        return f"NUL at character {cell.index(chr(0)) + 1}; remove it"
    try:
        cell.encode()
    except UnicodeEncodeError as error:
        byte = ord(cell[error.start]) & 0xFF
        return (
            f"byte {byte:#04x} at character {error.start + 1} is not UTF-8; save the file as UTF-8, "
            "or set `encoding` in the mapping"
        )
    return None


def _shown(raw: str) -> str:
    return raw.encode("utf-8", "backslashreplace").decode()


def _explained(error: csv.Error) -> str:
    text = str(error)
    if "larger than field limit" in text:
        return f"a cell is over {MAX_CELL:,} characters; is a quotation mark never closed?"
    if "unexpected end of data" in text:
        return "a quotation mark is never closed"
    return text
