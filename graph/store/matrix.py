"""What answers what? A matrix of requirements, designs, tests and maintenance, any two or all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from graph.model.engineering import AssuranceLevel, ProductLevel
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.model.trace_aspect import CELLS, FILTERS, Aspect, Filter, Where
from graph.model.trace_rule import Way
from graph.store.cell import Cell, parsed, read_cell, result_text
from graph.store.database import Graph
from graph.store.gaps import untraced_text
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, chosen, read_cursor, sealed, write_cursor
from graph.store.suspicion import find_suspect
from graph.store.text import fill
from graph.store.ways import GOAL, hops_text, kinds_text, leads, tie_text, ways_text

MOST: Final = 50
"""So much is told of one cell; coverage counts all the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        cells: What answers it, by aspect.
        cut: The aspects of which there is more than is told here.
    """

    utcs: Utcs
    name: str
    number: str | None
    cells: Mapping[Aspect, tuple[Cell, ...]]
    cut: frozenset[Aspect]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the rows one column covers.

    Attributes:
        covered: How many rows have something in it.
        orphans: How many things of this aspect stand in no row of any such matrix; see `Matrix`.
    """

    aspect: Aspect
    covered: int
    orphans: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What is true of all rows, whatever the page.

    Attributes:
        rows: How many rows there are.
        full: How many have something in every column.
        coverage: How much each column covers, and its orphans.
        passed: How many rows have tests of which each last passed; None where tests are no column.
        failed: How many have a test that last failed.
        open: How many have a test that has no verdict, and none that failed.
    """

    rows: int
    full: int
    coverage: tuple[Coverage, ...]
    passed: int | None
    failed: int | None
    open: int | None

    @property
    def score(self) -> float | None:
        """The share of rows that have something in every column, in percent; None without rows."""
        return round(100 * self.full / self.rows, 1) if self.rows else None


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of a trace matrix, in the order of ids.

    Things that are rejected, withdrawn or superseded are no rows. An orphan is a thing in force that would
    be a row of the matrix turned about, and have nothing in the column of these rows; `prefix` narrows
    orphans too, other filters only rows.

    Attributes:
        of: What stands as rows.
        columns: What stands as columns.
        totals: What is true of all rows; None where the question leaves it out.
        next: The cursor of the next page; None on the last.
    """

    of: Aspect
    columns: tuple[Aspect, ...]
    rows: tuple[Row, ...]
    totals: Totals | None
    next: str | None


async def trace_matrix(
    graph: Graph,
    of: str = Aspect.REQUIREMENT,
    columns: Iterable[str] | None = None,
    *,
    prefix: str = "",
    ata_chapter: str | None = None,
    level: str | None = None,
    assurance_level: str | None = None,
    document: Utcs | None = None,
    uncovered: str | None = None,
    first: int = 100,
    after: str | None = None,
    counted: bool = True,
    at: Coordinates = CURRENT,
) -> Matrix:
    """Returns a page of a trace matrix, and how much of all rows is covered.

    Args:
        graph: Where to ask.
        of: What stands as rows: requirement, design, test or maintenance.
        columns: What stands as columns; all others unless given.
        prefix: Only rows whose ids begin so.
        ata_chapter: Only rows of this chapter; a requirement or test is of the chapter of its design.
        level: Only rows of this depth in the product.
        assurance_level: Only rows of this development assurance level.
        document: Only rows that this document states.
        uncovered: Only rows with nothing in this column: its orphans.
        first: How many rows to a page.
        after: The `next` of the page before.
        counted: Whether to tell the totals; they take as long as a page of all rows.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name, a number or the cursor is wrong.
        QueryTimeoutError: It took too long.
    """
    (rows,) = _aspects("of", [of])
    wanted = tuple(a for a in _aspects("columns", columns) if columns is not None or a != rows)
    _differ("columns", rows, wanted)
    lacking = _aspects("uncovered", [uncovered]) if uncovered is not None else ()
    _differ("uncovered", rows, lacking)
    given: dict[Filter, str | None] = {
        "ata_chapter": ata_chapter,
        "level": level and _one_of(ProductLevel, "level", level),
        "assurance_level": assurance_level
        and _one_of(AssuranceLevel, "assurance_level", assurance_level),
        "document": str(document) if document else None,
    }
    filters = {name: value for name, value in given.items() if value is not None}
    asked = sealed("matrix", rows, wanted, prefix, filters, lacking, at)
    (place,) = [""] if after is None else read_cursor(asked, after, str)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    question = Question(rows, wanted, tuple(filters), lacking)
    parameters = question.parameters(prefix) | filters
    listed = await _page(graph, moment, question, parameters | {"after": place, "limit": limit + 1})
    totals = await _totals(graph, moment, question, parameters) if counted else None
    more = len(listed) > limit
    mark = write_cursor(asked, str(listed[limit - 1].utcs)) if more else None
    return Matrix(rows, wanted, listed[:limit], totals, mark)


def _aspects(field: str, names: Iterable[str] | None) -> tuple[Aspect, ...]:
    known = [aspect.value for aspect in Aspect]
    return tuple(map(Aspect, chosen(field, names, known, "an aspect")))


def _one_of(values: type[StrEnum], field: str, value: str) -> str:
    (known,) = chosen(field, [value], [each.value for each in values], "a level")
    return known


def _differ(field: str, rows: Aspect, columns: tuple[Aspect, ...]) -> None:
    if rows in columns:
        others = [aspect.value for aspect in Aspect if aspect is not rows]
        chosen(field, [rows.value], others, f"a column of a {rows} matrix")


@dataclass(frozen=True, slots=True)
class Question:
    """What a matrix is of, which decides the text of its statements."""

    rows: Aspect
    columns: tuple[Aspect, ...]
    filters: tuple[Filter, ...]
    lacking: tuple[Aspect, ...]

    def parameters(self, prefix: str) -> dict[str, Any]:
        """Returns what tells its rows, and how much of a cell is told."""
        return _rows_of(self.rows, prefix) | {"most": MOST + 1}


def _rows_of(aspect: Aspect, prefix: str) -> dict[str, Any]:
    conditions = [condition.stored() for condition in aspect.only]
    return {"kinds": [aspect.kind], "prefix": prefix, "conditions": conditions}


async def _page(
    graph: Graph, moment: Moment, asked: Question, parameters: Mapping[str, Any]
) -> tuple[Row, ...]:
    row = await moment.ask(graph, page_text(moment, asked), parameters)
    assert row is not None, "an aggregation has one row"  # noqa: S101
    found: list[list[Any]] = row[0]
    ways = (way for *_, columns in found for cells in columns for *_, way in cells)
    suspect = await find_suspect(graph, moment, ways)
    return tuple(_row(asked.columns, suspect, *each) for each in found)


def _row(
    columns: tuple[Aspect, ...],
    suspect: frozenset[str],
    utcs: str,
    name: str,
    number: str | None,
    found: list[list[list[Any]]],
) -> Row:
    cells, cut = {}, set[Aspect]()
    for aspect, listed in zip(columns, found, strict=True):
        plainest: dict[str, Cell] = {}
        for one in listed[:MOST]:
            plainest.setdefault(one[0], read_cell(suspect, *one))
        cells[aspect] = tuple(plainest[id] for id in sorted(plainest))
        if len(listed) > MOST:
            cut.add(aspect)
    return Row(parsed(utcs), name, number, cells, frozenset(cut))


async def _totals(
    graph: Graph, moment: Moment, asked: Question, parameters: Mapping[str, Any]
) -> Totals:
    row = await moment.ask(graph, totals_text(moment, asked), parameters)
    assert row is not None, "an aggregation has one row"  # noqa: S101
    total, full, covered, verdicts = row
    orphans = [
        await _orphans(graph, moment, asked.rows, aspect, parameters["prefix"])
        for aspect in asked.columns
    ]
    told = verdicts if Aspect.TEST in asked.columns else (None, None, None)
    coverage = tuple(map(Coverage, asked.columns, covered, orphans))
    return Totals(total, full, coverage, *told)


async def _orphans(graph: Graph, moment: Moment, rows: Aspect, column: Aspect, prefix: str) -> int:
    """Returns how many things of a column have no row."""
    parameters = _rows_of(column, prefix) | {"after": "", "limit": 0}
    row = await moment.ask(graph, untraced_text(moment, CELLS[column, rows]), parameters)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    return int(row[0])


def page_text(moment: Moment, asked: Question) -> str:
    """Returns the statement that lists rows with their cells."""
    cells = [_cell_text(moment, aspect, CELLS[asked.rows, aspect]) for aspect in asked.columns]
    return fill(
        "matrix/page",
        things=moment.things(),
        filters=_filters_text(moment, asked),
        cells=",\n".join(cells),
        stale=fill("thing/stale"),
    )


def totals_text(moment: Moment, asked: Question) -> str:
    """Returns the statement that counts rows and what covers them."""
    verdicts = "[]"
    if Aspect.TEST in asked.columns:
        ways = ways_text(moment, CELLS[asked.rows, Aspect.TEST])
        verdicts = fill("matrix/verdicts", ways=ways, result=result_text(moment))
    sums = [fill("matrix/sum", number=number) for number, _ in enumerate(asked.columns)]
    return fill(
        "matrix/totals",
        things=moment.things(),
        filters=_filters_text(moment, asked),
        covered=", ".join(leads(moment, CELLS[asked.rows, aspect]) for aspect in asked.columns),
        verdicts=verdicts,
        sums=", ".join(sums),
        stale=fill("thing/stale"),
    )


def _cell_text(moment: Moment, aspect: Aspect, ways: tuple[Way, ...]) -> str:
    return fill(
        "matrix/cell",
        ways=ways_text(moment, ways),
        name=moment.name(GOAL),
        result=result_text(moment) if aspect is Aspect.TEST else "null",
        tie=tie_text(),
    )


def _filters_text(moment: Moment, asked: Question) -> str:
    conditions = [_filter_text(moment, FILTERS[name][asked.rows], name) for name in asked.filters]
    conditions += [f"NOT ({leads(moment, CELLS[asked.rows, aspect])})" for aspect in asked.lacking]
    return " AND ".join(conditions) or "true"


def _filter_text(moment: Moment, where: Where, name: Filter) -> str:
    operator = "STARTS WITH" if name == "ata_chapter" else "="
    if where.path is None:
        return fill("matrix/own", said=f"itself.{where.name}", operator=operator, name=name)
    said = f"{GOAL}.utcs" if where.name == "utcs" else moment.said(GOAL, where.name)
    return fill(
        "matrix/linked",
        hops=hops_text(moment, where.path.hops),
        kinds=kinds_text(where.path),
        own=fill("matrix/own", said=said, operator=operator, name=name),
    )
