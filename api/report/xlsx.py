"""A report as a workbook: a sheet for its head, one for each table, with real numbers and times."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from api.report.document import Cell, Column, ReportError, Sealed, Section, Table, Type
from api.report.words import head, legible, words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MAX_ROWS: Final = 1_000_000
"""A sheet has 1,048,576 rows."""

MAX_CHARS: Final = 32_767
"""The most characters of a cell."""

_FIRST_DAY: Final = date(1900, 3, 1)
"""From then on Excel counts days as the calendar does: it has a 29 February 1900."""

_DIGITS: Final = 15
"""So many digits of a number Excel keeps."""

_NAME: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MAX_NAME: Final = 31
_FORMATS: Final = {
    Type.DAY: "yyyy-mm-dd",
    Type.MOMENT: "yyyy-mm-dd hh:mm:ss",
    Type.NUMBER: "#,##0",
}
_WIDEST: Final = 60
_LOOKED_AT: Final = 500
"""So many rows say how wide a column is."""


def render(sealed: Sealed) -> bytes:
    """Returns the report as .xlsx, the same bytes for the same report.

    Raises:
        ReportError: A table has more rows than a sheet.
    """
    from xlsxwriter import Workbook  # most commands write none

    content = io.BytesIO()
    book = Workbook(content, {"constant_memory": True})
    created = sealed.report.place.known_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    title = legible(sealed.report.draft.title)
    book.set_properties({"title": title, "comments": sealed.sha256, "created": created})
    _Writer(book).write(sealed)
    book.close()
    return content.getvalue()


class _Writer:
    """One pass over one report; in constant memory every row is written in its turn."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._plain = book.add_format({"valign": "top"})
        self._formats = {
            kind: book.add_format({"num_format": form, "valign": "top", "align": "right"})
            for kind, form in _FORMATS.items()
        }
        self._decimal = book.add_format({"valign": "top", "align": "right"})
        self._names: set[str] = set()

    def write(self, sealed: Sealed) -> None:
        draft = sealed.report.draft
        sheet = self._sheet("Report", "About")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 90)
        lines = [("Title", legible(draft.title)), *head(sealed)]
        for section in draft.sections:
            lines += [("Section", legible(section.heading))]
            lines += [("", legible(paragraph)) for paragraph in section.prose]
            lines += [("Not complete", legible(section.cut))] if section.cut else []
        for number, (name, value) in enumerate(lines):
            sheet.write_string(number, 0, name, self._bold)
            sheet.write_string(number, 1, _fitting(value), self._wrapped)
        for section in draft.sections:
            if section.table:
                self._table(section, section.table)

    def _table(self, section: Section, table: Table) -> None:
        if len(table.rows) > MAX_ROWS:
            raise ReportError(
                f"format: {section.heading} has {len(table.rows):,} rows, a sheet {MAX_ROWS:,}; "
                "take csv or json"
            )
        sheet = self._sheet(section.heading, "Table")
        last = len(table.columns) - 1
        for place, width in enumerate(_widths(table)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if last >= 0:
            sheet.autofilter(0, 0, len(table.rows), last)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, _fitting(legible(column.heading)), self._bold)
        for number, row in enumerate(table.rows, start=1):
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
                if cell is not None:
                    self._cell(sheet, number, place, column, cell)

    def _cell(self, sheet: Worksheet, row: int, place: int, column: Column, cell: Cell) -> None:
        form = self._formats.get(column.type, self._plain)
        if isinstance(cell, datetime):
            if cell.date() >= _FIRST_DAY:
                sheet.write_datetime(row, place, cell.astimezone(UTC).replace(tzinfo=None), form)
                return
        elif isinstance(cell, date):
            if cell >= _FIRST_DAY:
                sheet.write_datetime(row, place, cell, form)
                return
        elif isinstance(cell, int | Decimal) and column.type is Type.NUMBER and _is_exact(cell):
            is_whole = cell == int(cell)
            sheet.write_number(row, place, cell, form if is_whole else self._decimal)
            return
        sheet.write_string(row, place, _fitting(words(cell)), self._plain)

    def _sheet(self, name: str, instead: str) -> Worksheet:
        """Returns a new sheet; its name has no character and no length that Excel refuses."""
        plain = _NAME.sub(" ", legible(name)).strip(" '") or instead
        if plain.lower() == "history":  # Excel keeps that one for itself
            plain = "History of it"
        unique = _cut(plain, _MAX_NAME)
        for count in itertools.count(2):
            if unique.casefold() not in self._names:
                break
            unique = f"{_cut(plain, _MAX_NAME - 6)} {count}"
        self._names.add(unique.casefold())
        return self._book.add_worksheet(unique)


def _is_exact(cell: int | Decimal) -> bool:
    return len(str(cell).replace("-", "").replace(".", "").strip("0")) <= _DIGITS


def _fitting(text: str) -> str:
    """Returns text that a cell can hold; what is too long says so."""
    if len(text) <= MAX_CHARS // 2 or _cut(text, MAX_CHARS) == text:
        return text
    said = f" … (cut here: {len(text):,} characters; the JSON form has all)"
    return _cut(text, MAX_CHARS - len(said)) + said


def _cut(text: str, most: int) -> str:
    """Returns the beginning of a text, in characters as Excel counts them: units of UTF-16."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _widths(table: Table) -> Sequence[int]:
    lines = [[column.heading for column in table.columns]]
    lines += [[words(cell)[:_WIDEST] for cell in row] for row in table.rows[:_LOOKED_AT]]
    return [min(max(map(len, column)) + 3, _WIDEST) for column in zip(*lines, strict=True)]
