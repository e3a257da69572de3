"""A report as one CSV file (RFC 4180), every record of the same length, every field quoted.

First the head, a name and a value to a record; then each section: a blank record, one with its heading, one
with each paragraph or note, one with the headings of the columns, and the rows. Text that a spreadsheet would
take for a formula gets an apostrophe in front, and so does text that begins with one, so that a reader who
takes one apostrophe off has it as it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from api.report.document import Cell, Sealed, Section
from api.report.words import exactly, head, legible, words

_ACTIVE: Final = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\n",
    "'",
    "＝",
    "＋",
    "－",
    "＠",
)  # OWASP, CSV injection


def render(sealed: Sealed) -> bytes:
    """Returns the report as CSV, UTF-8 without a byte order mark, lines ended by CR LF."""
    records = list(_records(sealed))
    width = max(map(len, records))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([*record, *("" for _ in range(width - len(record)))] for record in records)
    return text.getvalue().encode()


def _records(sealed: Sealed) -> Iterator[Sequence[str]]:
    draft = sealed.report.draft
    yield "Title", _inert(legible(draft.title))
    for name, value in head(sealed):
        yield name, _inert(value)
    for section in draft.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[Sequence[str]]:
    yield ("",)
    yield "Section", _inert(legible(section.heading))
    for paragraph in section.prose:
        yield "", _inert(legible(paragraph))
    if section.cut:
        yield "Not complete", _inert(legible(section.cut))
    if section.table:
        yield [_inert(legible(column.heading)) for column in section.table.columns]
        for row in section.table.rows:
            yield [_field(cell) for cell in row]


def _field(cell: Cell) -> str:
    """Returns a cell as programs read it: numbers bare, times as RFC 3339."""
    if isinstance(cell, str):
        return _inert(legible(cell))
    if isinstance(cell, datetime):
        return exactly(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return str(cell) if type(cell) is int else words(cell)


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_ACTIVE) else text
