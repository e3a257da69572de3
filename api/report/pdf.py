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

_UNBROKEN: Final = re.compile(r"[^\s\u200b-]{24}")
"""So much text without a place to break it is given one."""

_BREAK: Final = "\u200b"
_LEAST, _MOST = 6, 60
_LOOKED_AT: Final = 500
"""So many rows say how wide a column is."""


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
    done = subprocess.run(
        [sys.executable, "-m", "api.report.typeset"],
        input=b"%d\n%b" % (seconds, orjson.dumps(_data(sealed))),
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
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": _set(section.heading),
        "prose": [_set(paragraph) for paragraph in section.prose],
        "cut": section.cut and _set(section.cut),
        "table": section.table and _table(section.table),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "headings": [_set(column.heading) for column in table.columns],
        "widths": _widths(table),
        "aligns": [_align(column) for column in table.columns],
        "cells": [_set(words(cell)) for row in table.rows for cell in row],
    }


def _align(column: Column) -> str:
    return "right" if column.type is Type.NUMBER else "left"


def _widths(table: Table) -> list[int]:
    """Returns the shares of the columns in the width of the page; whoever measured all would be slow."""
    lines = [[column.heading for column in table.columns]]
    lines += [[words(cell)[:_MOST] for cell in row] for row in table.rows[:_LOOKED_AT]]
    return [min(max(_LEAST, *map(len, column)), _MOST) for column in zip(*lines, strict=True)]


def _set(text: str) -> str:
    """Returns text that can be set: in glyphs that there are, with places to break, and not endless."""
    if text.isascii() and len(text) <= 24:
        return legible(text)
    if len(text) > MAX_CELL:
        text = f"{text[:MAX_CELL]} … (cut here: {len(text):,} characters; the JSON form has all)"
    return _UNBROKEN.sub(lambda found: found[0] + _BREAK, _in_glyphs(text))


def _in_glyphs(text: str) -> str:
    return _UNSET.sub(code_point, unicodedata.normalize("NFC", legible(text)))
