"""A report as PDF/UA-1, set by typst: tagged, titled, with headings that go on over pages.

What the report says reaches typst as data, never as markup. The typefaces are those that typst brings along,
so that every machine makes the same bytes; a character that they do not have is written as its number.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from typing import Any, Final

import orjson

from api.report.document import Column, ReportError, Sealed, Section, Table, Type
from api.report.words import code_point, head, legible, words

MAX_ROWS: Final = 20_000
"""So many rows take typst 10 s and 2 GB (2026-11); they are 600 pages, which nobody reads."""

MAX_CELL: Final = 10_000
"""The most characters of a cell, three pages."""

_UNSET: Final = re.compile(
    r"[^\n\t\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    r"\u03a3-\u0482\u048a-\u04ff\u0531-\u0556\u0559-\u058a\u10d0-\u10ff\u1e00-\u1eff\u2010-\u2027"
    r"\u2030-\u2040\u2044-\u205e\u2070\u2071\u2074-\u208e\u2090-\u209c\u20a0-\u20bf\u2100-\u211e"
    r"\u2126-\u214f\u2153-\u2184\u2190-\u23ff\u2460-\u262f\u2639-\u268b\u27e8\u27e9\u27f5-\u27ff]"
)
"""What the typefaces of typst do not have; they were asked, character by character (typst 0.15)."""

_WORD: Final = re.compile(r"[^\s\u200b-]{17,}")
"""A word of a table so long that it may need more than one line."""

_JOINT: Final = re.compile(r"(?<=[:/_.@])(?=\w)")
_UNBROKEN: Final = re.compile(r"[^\s\u200b]{16}(?=[^\s\u200b])")
"""Where it goes on in the next: behind a mark, else after 16 characters."""

_ENDLESS: Final = re.compile(r"[^\s\u200b]{80}(?=[^\s\u200b])")
"""So much of a word beside a table is given a place to break."""

_BREAK: Final = "\u200b"
_PIECE: Final = re.compile(r"[^\s\u200b-]+-?")
_MOST: Final = 60
_LOOKED_AT: Final = 500
"""So many rows say how wide a column would like to be."""

_SIZES: Final = {8.0: 165, 7.0: 190, 6.0: 220}
"""How many characters a line of a table has, by the size of type in points: A4 across."""

_LAYOUTS: Final = {"form-1": "form-1"}
"""The reports whose page is laid out as a form is, by the template that does it."""

_COPIES: Final = frozenset({"crs", "form-1"})
"""The reports that look like certificates: each page says that it is none."""

_WHOLE: Final = 7.0
"""Type gets so small before words are broken."""


def render(sealed: Sealed) -> bytes:
    """Returns the report as PDF, the same bytes for the same report.

    Raises:
        ReportError: It has more rows than anybody prints.
    """
    if sealed.report.rows > MAX_ROWS:
        raise ReportError(
            f"format: the report has {sealed.report.rows:,} rows, a PDF takes {MAX_ROWS:,}; "
            "take xlsx, csv or html, or ask for less"
        )
    seconds = int(sealed.report.place.known_at.timestamp())
    template = _LAYOUTS.get(sealed.report.kind, "report")
    done = subprocess.run(
        [sys.executable, "-m", "api.report.typeset"],
        input=b"%d %b\n%b" % (seconds, template.encode(), orjson.dumps(_data(sealed))),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise ReportError(f"format: typst cannot set this report ({said:.300})")
    return done.stdout


def _data(sealed: Sealed) -> dict[str, Any]:
    draft, known = sealed.report.draft, sealed.report.place.known_at
    return {
        "title": _in_glyphs(draft.title),
        "day": [known.year, known.month, known.day],
        "head": [[_set(name), _set(value)] for name, value in head(sealed)],
        "sections": [_section(section) for section in draft.sections],
        "sha256": sealed.sha256,
        "is_copy": sealed.report.kind in _COPIES,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": _set(section.heading),
        "prose": [_set(paragraph) for paragraph in section.prose],
        "cut": section.cut and _set(section.cut),
        "table": section.table and _table(section.table),
    }


def _table(table: Table) -> dict[str, Any]:
    """Returns a table without its empty columns, in a size of type in which no word leaves its column."""
    lines = [[words(cell) for cell in row] for row in table.rows]
    filled = [n for n, column in enumerate(zip(*lines, strict=True)) if any(column)]
    shown = filled or [*range(len(table.columns))]
    columns = [table.columns[n] for n in shown]
    headings = [column.heading for column in columns]
    size, cells = _fitted([headings, *([line[n] for n in shown] for line in lines)])
    return {
        "headings": cells[0],
        "size": size,
        "widths": _widths(cells, _SIZES[size]),
        "aligns": [_align(column) for column in columns],
        "cells": [cell for row in cells[1:] for cell in row],
        "empty": [_set(c.heading) for n, c in enumerate(table.columns) if n not in shown],
    }


def _fitted(lines: list[list[str]]) -> tuple[float, list[list[str]]]:
    """Returns a size of type, and the cells as they are set; words are broken only where they must be.

    An id that is copied from a page should be the id, without a mark of where it may be broken.
    """
    for smallest, put in ((_WHOLE, _set), (min(_SIZES), _cell)):
        cells = [[put(cell) for cell in line] for line in lines]
        least = sum(_least(cells))
        for size, room in _SIZES.items():
            if size >= smallest and least <= room:
                return size, cells
    return smallest, cells


def _least(cells: list[list[str]]) -> list[int]:
    """Returns how many characters each column needs."""
    return [max(map(_longest, column)) for column in zip(*cells, strict=True)]


def _longest(text: str) -> int:
    """Returns how many characters the longest piece has that is set in one line, and the gap beside it."""
    return max((len(piece) for piece in _PIECE.findall(text)), default=0) + 2


def _align(column: Column) -> str:
    return "right" if column.type is Type.NUMBER else "left"


def _widths(cells: list[list[str]], room: int) -> list[int]:
    """Returns the shares of the columns in the width of the page: what each needs, then its part."""
    least = _least(cells)
    looked_at = zip(*cells[:_LOOKED_AT], strict=True)
    wanted = [min(max(map(len, column)), _MOST) for column in looked_at]
    more = [max(want - need, 0) for want, need in zip(wanted, least, strict=True)]
    rest, total = max(room - sum(least), 0), sum(more) or 1
    return [need + round(rest * want / total) for need, want in zip(least, more, strict=True)]


def _set(text: str) -> str:
    """Returns text that can be set: in glyphs that there are, and not endless."""
    if text.isascii() and len(text) <= 80:
        return legible(text)
    if len(text) > MAX_CELL:
        text = f"{text[:MAX_CELL]} … (cut here: {len(text):,} characters; the JSON form has all)"
    return _ENDLESS.sub(lambda found: found[0] + _BREAK, _in_glyphs(text))


def _cell(text: str) -> str:
    """Returns text for a column, in which a long word has places to break."""
    return _WORD.sub(lambda found: _broken(found[0]), _set(text))


def _broken(word: str) -> str:
    return _UNBROKEN.sub(lambda found: found[0] + _BREAK, _JOINT.sub(_BREAK, word))


def _in_glyphs(text: str) -> str:
    return _UNSET.sub(code_point, unicodedata.normalize("NFC", legible(text)))
