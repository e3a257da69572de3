"""Reports made up for tests, one of them out of all that is hostile in text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from api.report.document import (
    BaselineRef,
    Cell,
    Column,
    Draft,
    Figure,
    Place,
    Report,
    Sealed,
    Section,
    Table,
    Type,
)
from api.report.json import seal
from graph.model.identifier import Utcs

WHEN = datetime(2025, 6, 30, 12, 0, 0, 250000, tzinfo=UTC)
SHIP = Utcs("TEST", "aircraft", "A-1")

COLUMNS = (
    Column("text"), Column("unit", Type.ID), Column("mass", Type.NUMBER, "kg"),
    Column("flights", Type.NUMBER), Column("day", Type.DAY), Column("moment", Type.MOMENT),
    Column("open", Type.FLAG),
)  # fmt: skip

HOSTILE = (
    "<script>alert(1)</script>&amp;\"'",
    "=HYPERLINK(\"http://evil\",\"x\")",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "＝1+1",
    "#sys.inputs *bold* $x$ \\ _y_ // <label> @ref",
    "part \u202e7-10\u202c \u2066x\u2069",
    "bell\x07 null\x00 escape\x1b[31m",
    "line one\nline two\ttabbed",
    "'quoted",
    "中文 🚀 e\u0301 ก ا",
    "{{ 7 * 7 }} {% for %}",
    "https://evil.example/x",
    "12,5;\"=1+1\"",
    "a\u200bb\ufeffc\u00add",
)  # fmt: skip


def row(text: str | None = "plain", number: int = 1) -> tuple[Cell, ...]:
    """A row with one cell of each type."""
    mass = Decimal(number) / 8
    return text, Utcs("TEST", "serial", f"S-{number}"), mass, number, WHEN.date(), WHEN, True


def make_sealed(
    *rows: tuple[Cell, ...], title: str = "Units of A-1", heading: str = "Units"
) -> Sealed:
    """A report with one table, one that is cut, and all that a head can say."""
    draft = Draft(
        title=title,
        sections=(
            Section(heading, ("What it says.",), Table(COLUMNS, rows)),
            Section("History", (), Table(COLUMNS[:1], (("one",),)), "cut at 1 of 2 rows"),
        ),
        figures=(Figure("units", len(rows)), Figure("mass", Decimal("12.50"), "kg")),
        used=("utcs:TEST:serial:S-1@3", "urn:utcs:change:12"),
        baseline=BaselineRef(Utcs("TEST", "baseline", "B-1"), "ab" * 32),
    )
    report = Report("configuration", SHIP, (("depth", "3"),), Place(WHEN, WHEN, 1234), draft)
    return seal(report, "anna")


def hostile() -> Sealed:
    """A report with all hostile texts, in every place that takes text."""
    rows = [row(text, number) for number, text in enumerate(HOSTILE, start=1)]
    empty = (None,) * len(COLUMNS)
    old: tuple[Cell, ...] = (*row()[:4], date(1850, 1, 1), datetime(1850, 1, 1, tzinfo=UTC), False)
    return make_sealed(*rows, empty, old, title=HOSTILE[0], heading=HOSTILE[1])
