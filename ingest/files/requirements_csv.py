"""Tables (CSV) of requirements, or of any other kind, read by a declared column mapping."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from graph.errors import TraceError
from graph.model.event import Event
from graph.model.identifier import Utcs
from ingest.files.mapping import Mapping, ParentColumn, choose, listed, read_mapping
from ingest.files.rejected import Rejected, file_error
from ingest.files.statement import Speaker, make_event, put_link, put_node

MAX_CELL: Final = 1024 * 1024
"""A cell beyond this is a quotation mark that was never closed, or does not belong in a graph."""

MAX_COLUMNS: Final = 10_000
"""A header beyond this is no header: a row of data, or a file of another form."""

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ",;\t|"


class _Row(dict[str, str]):
    """The cells of one row by column, and where the row begins in the file."""

    line: int
    raw: str


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
            yield from _Table(path, file, declared, speaker, stated, since).events()
    except UnicodeError as error:
        raise file_error(
            path, f"is not {encoding}: {error}; set `encoding` in the mapping"
        ) from error


class _Table:
    """One pass through one file."""

    def __init__(
        self,
        path: Path,
        file: TextIO,
        mapping: Mapping | None,
        speaker: Speaker,
        stated: datetime,
        since: datetime,
    ) -> None:
        csv.field_size_limit(MAX_CELL)
        self.path, self.speaker, self.stated, self.since = path, speaker, stated, since
        self.delimiter = (mapping.delimiter if mapping else None) or _delimiter(file)
        self.lines = csv.reader(file, delimiter=self.delimiter, strict=True)
        self.header = self._header()
        self.mapping = mapping or choose(path, self.header)
        if missing := self.mapping.required - set(self.header):
            raise file_error(
                path,
                f"column {listed(map(repr, sorted(missing)))} is missing; the file has "
                f"{listed(map(repr, self.header))}: rename it there or in the mapping",
                "line 1",
            )
        self.seen: dict[Utcs, int] = {}
        self.children: list[tuple[Utcs, int, str]] = []

    def events(self) -> Iterator[Event | Rejected]:
        for row in self._rows():
            yield row if isinstance(row, Rejected) else self._told(row)
        for utcs, line, cell in self.children:
            yield from self._linked(utcs, line, cell)

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

    def _rows(self) -> Iterator[_Row | Rejected]:
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

    def _row(self, line: int, cells: list[str]) -> _Row | Rejected:
        raw = self.delimiter.join(cells)
        if len(cells) != len(self.header):
            counted = f"{len(cells)} cells, but the header names {len(self.header)} columns"
            return Rejected(f"line {line}", f"{counted}; check quotation marks", _shown(raw))
        row = _Row(zip(self.header, cells, strict=True))
        row.line, row.raw = line, raw
        for column, cell in row.items():
            if problem := _unreadable(cell):
                return Rejected(f"line {line}", f"column {column!r}: {problem}", _shown(raw))
        return row

    def _told(self, row: _Row) -> Event | Rejected:
        try:
            utcs = self._name(row[self.mapping.id.column].strip())
            if utcs in self.seen:
                return self._rejected(
                    row, f"{utcs.local!r} already stands on line {self.seen[utcs]}"
                )
            self.seen[utcs] = row.line
            fact = put_node(utcs, self.mapping.properties(row), self.since)
            event = make_event(self.speaker, utcs.local, [fact], self.stated)
        except TraceError as error:
            return self._rejected(row, error.message)
        parent = self.mapping.parent
        if parent and row.get(parent.column):
            self.children.append((utcs, row.line, row[parent.column]))
        return event

    def _name(self, cell: str) -> Utcs:
        column = self.mapping.id
        if not cell:
            raise TraceError(f"column {column.column!r}: the id is empty; give one")
        local = column.local(cell)
        if local is None:
            raise TraceError(
                f"column {column.column!r}: {cell[:80]!r} does not fit the pattern {column.pattern!r}"
            )
        return Utcs(self.speaker.authority, self.mapping.kind, local)

    def _linked(self, utcs: Utcs, line: int, cell: str) -> Iterator[Event | Rejected]:
        parent = self.mapping.parent
        assert parent is not None  # noqa: S101 - only then are there children
        try:
            parents = self._parents(parent, cell)
            facts = [put_link(utcs, parent.link, target, self.since) for target in parents]
            if facts:
                key = f"{utcs.local} {parent.link}"
                yield make_event(self.speaker, key, facts, self.stated)
        except TraceError as error:
            yield Rejected(f"line {line}", f"column {parent.column!r}: {error.message}", cell)

    def _parents(self, parent: ParentColumn, cell: str) -> list[Utcs]:
        cell = cell.strip()
        if parent.pattern is None:
            names = (name.strip() for name in cell.split(parent.separator))
            return [self._name(name) for name in dict.fromkeys(names) if name]
        while found := re.fullmatch(parent.pattern, cell, re.DOTALL):
            cell = str(found["parent"])
            if (utcs := self._name(cell)) in self.seen:
                return [utcs]
        return []

    def _rejected(self, row: _Row, reason: str) -> Rejected:
        return Rejected(f"line {row.line}", reason, row.raw)


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
