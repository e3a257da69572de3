"""What a report is, whatever form it takes: sections of typed tables, and where in time they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final, TypeAlias

from graph.errors import TraceError
from graph.model.identifier import Utcs

Cell: TypeAlias = str | Utcs | int | Decimal | date | datetime | bool | None
"""What stands in one place of a table; None is nothing known."""


class ReportError(TraceError):
    """A report cannot be made, written or read so; the sentence says why."""


class Type(StrEnum):
    """What a column holds."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"


_FIT: Final[dict[Type, tuple[type, ...]]] = {
    Type.TEXT: (str,),
    Type.ID: (Utcs,),
    Type.NUMBER: (int, Decimal),
    Type.DAY: (date,),
    Type.MOMENT: (datetime,),
    Type.FLAG: (bool,),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it holds, and the unit of its numbers."""

    name: str
    type: Type = Type.TEXT
    unit: str = ""

    @property
    def heading(self) -> str:
        """What stands above it, with the unit."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name

    def takes(self, cell: Cell) -> bool:
        """Whether it may hold a cell; a flag is no number, and a moment no day."""
        kind = type(cell)
        return cell is None or kind in _FIT[self.type]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns.

    Raises:
        ReportError: A row has another length, or a cell is of another type than its column.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ReportError(f"row {number}: {len(row)} cells for {len(self.columns)} columns")
            for column, cell in zip(self.columns, row, strict=True):
                if not column.takes(cell):
                    raise ReportError(
                        f"row {number}: {column.name} holds {column.type}, not {type(cell).__name__}"
                    )


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report.

    Attributes:
        heading: What it is about.
        prose: Paragraphs that stand above the table.
        table: What it lists.
        cut: Where and why the list is not whole; None when it is.
    """

    heading: str
    prose: tuple[str, ...] = ()
    table: Table | None = None
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that sums something up: how many of what."""

    name: str
    value: int | Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands in time, pinned on both axes, so that it can be made again exactly.

    Attributes:
        as_of: When what it says was true.
        known_at: What was recorded up to then is in it, and nothing later.
        seq: The number of the last entry of the change log that was recorded by then.
    """

    as_of: datetime
    known_at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class BaselineRef:
    """The baseline that a report is about or is held against: its id, and the hash of its content."""

    utcs: Utcs
    root: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a report says, before it is said of what and when.

    Attributes:
        title: What it is called.
        sections: Its parts.
        figures: What sums it up.
        used: What it was made from: versions (`utcs:…@3`), entries of the log (`urn:utcs:change:12`).
        baseline: The baseline that it is about or is held against.
    """

    title: str
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...] = ()
    used: tuple[str, ...] = ()
    baseline: BaselineRef | None = None


@dataclass(frozen=True)
class Report:
    """What a report says. Who asked for it, and the form it takes, are no part of that.

    Attributes:
        kind: Which report of the catalogue it is.
        subject: The thing that it is about; None if it is about all.
        options: What else was asked, by name.
        place: Where in time it stands.
    """

    kind: str
    subject: Utcs | None
    options: tuple[tuple[str, str], ...]
    place: Place
    draft: Draft

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Where it is not whole, section by section; empty when it is."""
        sections = self.draft.sections
        return tuple(f"{one.heading}: {one.cut}" for one in sections if one.cut)

    @property
    def rows(self) -> int:
        """How many rows all its tables have."""
        return sum(len(one.table.rows) for one in self.draft.sections if one.table)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A report as it is handed out.

    Attributes:
        report: What it says.
        asked_by: Who asked for it.
        sha256: The hash of what it says, lower-case hex; see `api.report.json`.
    """

    report: Report
    asked_by: str
    sha256: str


def facts_table(facts: Iterable[tuple[str, str]]) -> Table:
    """Returns a table of names and values."""
    return Table((Column("property"), Column("value")), tuple(facts))


def cells(table: Table) -> Iterator[tuple[Column, Cell]]:
    """Yields every cell with its column, row by row."""
    for row in table.rows:
        yield from zip(table.columns, row, strict=True)
