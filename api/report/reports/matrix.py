"""The trace matrix: requirements, designs, tests and maintenance against each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from graph.model.identifier import Utcs
from graph.store import cell
from graph.store.matrix import Matrix, Row, Totals, trace_matrix
from graph.store.question import MAX_FIRST

THINGS: Final = (
    Column("thing", Type.ID), Column("kind"), Column("name"), Column("last verdict"),
    Column("run", Type.MOMENT),
)  # fmt: skip
LINKS: Final = (
    Column("source", Type.ID), Column("link"), Column("target", Type.ID), Column("in doubt", Type.FLAG),
)  # fmt: skip
_COVERAGE: Final = (
    Column("column"), Column("rows covered", Type.NUMBER), Column("rows", Type.NUMBER),
    Column("orphans", Type.NUMBER),
)  # fmt: skip
_PROSE: Final = (
    "A cell names what answers the row, over the links below; ? marks what is reached over a link in "
    "doubt. An orphan is a thing in force of that column that answers no row."
)
_TOO_MUCH: Final = "some cells have more than is told here; they end in …"


async def make(asked: Asked) -> Draft:
    """Returns a trace matrix, what stands in its cells, and the links that lead there."""
    options = asked.options

    async def page(after: str | None) -> Matrix:
        return await trace_matrix(
            asked.graph, options.of or "requirement", options.columns or None,
            prefix=options.prefix or "", first=MAX_FIRST, after=after, counted=after is None,
            at=asked.at,
        )  # fmt: skip

    found = await gather(page, lambda one: one.rows, asked.progress, "rows")
    first = found.pages[0]
    things, links = _things(found.items), _links(found.items)
    wide = (
        Column(first.of.value, Type.ID), Column("name"), Column("number"),
        *(Column(column.value) for column in first.columns),
    )  # fmt: skip
    rows = tuple(_row(row, first) for row in found.items)
    over = _TOO_MUCH if any(row.cut for row in found.items) else None
    return Draft(
        title=f"Trace matrix of {first.of.value}s",
        sections=(
            *([_coverage(first.totals)] if first.totals else []),
            Section(
                "Matrix",
                (_PROSE,),
                Table(wide, rows),
                "; ".join(filter(None, (found.cut, over))) or None,
            ),
            Section("Things in it", table=Table(THINGS, things)),
            Section("Links", table=Table(LINKS, links)),
        ),
        figures=_figures(first.totals),
        used=tuple(dict.fromkeys(str(row.utcs) for row in found.items)),
    )


MATRIX = ReportKind(
    "matrix", "Requirements, designs, tests and maintenance against each other, with coverage.", make,
    takes=frozenset({"of", "columns", "prefix"}),
)  # fmt: skip


def _coverage(totals: Totals) -> Section:
    rows = tuple(
        (one.aspect.value, one.covered, totals.rows, one.orphans) for one in totals.coverage
    )
    return Section("Coverage", table=Table(_COVERAGE, rows))


def _figures(totals: Totals | None) -> tuple[Figure, ...]:
    if totals is None:
        return ()
    told = {
        "rows": totals.rows,
        "fully covered": totals.full,
        "rows whose tests passed": totals.passed,
        "rows with a failed test": totals.failed,
        "rows with a test without verdict": totals.open,
    }
    return tuple(Figure(name, number) for name, number in told.items() if number is not None)


def _row(row: Row, matrix: Matrix) -> tuple[Cell, ...]:
    cells = (
        ", ".join(f"{one.utcs.local}{'?' if one.is_suspect else ''}" for one in row.cells[column])
        + (", …" if column in row.cut else "")
        for column in matrix.columns
    )
    return row.utcs, row.name, row.number, *cells


def _things(rows: Sequence[Row]) -> tuple[tuple[Cell, ...], ...]:
    """Returns all that stands in the matrix, each once: the rows, then what is in cells."""
    told: dict[Utcs, tuple[Cell, ...]] = {
        row.utcs: (row.utcs, row.utcs.kind, row.name, None, None) for row in rows
    }
    for one in _cells(rows):
        result = one.result
        verdict, at = (result.verdict, result.performed_at) if result else (None, None)
        told.setdefault(one.utcs, (one.utcs, one.kind, one.name, verdict, at))
    return tuple(told.values())


def _links(rows: Sequence[Row]) -> tuple[tuple[Cell, ...], ...]:
    """Returns the links of all ways, each once."""
    ties = (tie for one in _cells(rows) for tie in one.links)
    told = {(tie.source, tie.link, tie.target): tie.is_suspect for tie in ties}
    return tuple((*link, is_suspect) for link, is_suspect in told.items())


def _cells(rows: Iterable[Row]) -> Iterable[cell.Cell]:
    return (one for row in rows for cells in row.cells.values() for one in cells)
