"""What answers what: `traceMatrix` and `threadPaths`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import LINK_TYPE, After, AsOf, First, Id, Info, KnownAt, Stop, find, stop
from api.queries.gaps import Prefix
from graph.model.time import Coordinates
from graph.model.trace_aspect import Aspect
from graph.store import cell, thread
from graph.store import matrix as question

ASPECT: Final[Any] = strawberry.enum(
    Aspect, name="TraceAspect", graphql_name_from="value", description="A side of a trace matrix."
)


@strawberry.type(description="A link on a way through the thread.")
class TraceTie:
    """A link on a way."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    source: str = strawberry.field(description="The thing that depends.")
    target: str = strawberry.field(description="The thing it depends on.")
    is_suspect: bool = strawberry.field(
        description="Whether what matters at its ends has changed since somebody looked."
    )


@strawberry.type(description="The last result of a test.")
class LastResult:
    """The last result of a test."""

    utcs: str = strawberry.field(description="The test result, or the inspection itself.")
    verdict: str | None = strawberry.field(description="The outcome.")
    performed_at: datetime | None = strawberry.field(description="When it was performed.")


@strawberry.type(description="A thing in a cell of a trace matrix, or at the end of a way.")
class TraceCell:
    """A thing in a cell."""

    item: Stop = strawberry.field(description="The thing.")
    links: list[TraceTie] = strawberry.field(description="The way to it, link by link.")
    is_suspect: bool = strawberry.field(description="Whether any link of the way is in doubt.")
    result: LastResult | None = strawberry.field(
        description="The last result, if it is a test that was run."
    )


@strawberry.type(description="What one row has in one column.")
class TraceColumn:
    """What one row has in one column."""

    aspect: Any = strawberry.field(graphql_type=ASPECT, description="The column.")
    cells: list[TraceCell] = strawberry.field(description="What stands there, by id.")
    is_cut: bool = strawberry.field(description="Whether there is more than is told.")


@strawberry.type(description="One row of a trace matrix.")
class TraceRow:
    """One row of a trace matrix."""

    item: Stop = strawberry.field(description="What the row is about.")
    number: str | None = strawberry.field(description="Its number.")
    columns: list[TraceColumn] = strawberry.field(description="Its columns.")


@strawberry.type(description="How much of all rows one column covers.")
class TraceCoverage:
    """How much of all rows one column covers."""

    aspect: Any = strawberry.field(graphql_type=ASPECT, description="The column.")
    covered: int = strawberry.field(description="How many rows have something in it.")
    orphans: int = strawberry.field(description="How many things of the column have no row.")


@strawberry.type(description="What is true of all rows of a trace matrix, whatever the page.")
class TraceTotals:
    """What is true of all rows."""

    rows: int = strawberry.field(description="How many rows there are.")
    full: int = strawberry.field(description="How many have something in every column.")
    score: float | None = strawberry.field(description="That as a share of all rows, in percent.")
    coverage: list[TraceCoverage] = strawberry.field(description="How much each column covers.")
    passed: int | None = strawberry.field(
        description="How many rows have tests of which each last passed; null without that column."
    )
    failed: int | None = strawberry.field(description="How many have a test that last failed.")
    open: int | None = strawberry.field(
        description="How many have a test without a verdict, and none that failed."
    )


@strawberry.type(description="One page of a trace matrix, in the order of ids.")
class TraceMatrix:
    """One page of a trace matrix."""

    of: Any = strawberry.field(graphql_type=ASPECT, description="What stands as rows.")
    rows: list[TraceRow] = strawberry.field(description="The rows.")
    totals: TraceTotals | None = strawberry.field(description="Of all rows; null if not asked.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="One way from a requirement to a part, a unit and a work order.")
class ThreadPath:
    """One way from a requirement."""

    stops: list[Stop] = strawberry.field(description="What it passes, the requirement first.")
    links: list[TraceTie] = strawberry.field(description="The links between them, in order.")
    tests: list[TraceCell] = strawberry.field(description="What has examined that very unit.")


@strawberry.type(description="One page of the ways from a requirement, by part, unit and order.")
class ThreadPaths:
    """One page of the ways from a requirement."""

    requirement: str = strawberry.field(description="The requirement.")
    tests: list[TraceCell] = strawberry.field(description="The tests that verify it.")
    paths: list[ThreadPath] = strawberry.field(description="The ways, as far as the thread goes.")
    total: int = strawberry.field(description="How many ways there are.")
    parts: int = strawberry.field(description="To how many parts.")
    units: int = strawberry.field(description="To how many units.")
    orders: int = strawberry.field(description="To how many work orders.")
    complete: bool = strawberry.field(description="Whether all were looked at.")
    cut: str | None = strawberry.field(description="Where it was cut; null when complete.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def trace_matrix(
    info: Info,
    of: Annotated[
        Any, strawberry.argument(graphql_type=ASPECT, description="What stands as rows.")
    ] = Aspect.REQUIREMENT,
    columns: Annotated[
        list[Any] | None,
        strawberry.argument(
            graphql_type=list[ASPECT] | None, description="The columns; all others unless given."
        ),
    ] = None,
    prefix: Prefix = "",
    ata_chapter: Annotated[
        str | None,
        strawberry.argument(
            description="Only rows of this chapter, themselves or by their design."
        ),
    ] = None,
    level: Annotated[
        str | None, strawberry.argument(description="Only rows of this depth in the product.")
    ] = None,
    assurance_level: Annotated[
        str | None, strawberry.argument(description="Only rows of this assurance level: a to e.")
    ] = None,
    document: Annotated[
        str | None, strawberry.argument(description="Only rows that this document states.")
    ] = None,
    uncovered: Annotated[
        Any,
        strawberry.argument(
            graphql_type=ASPECT | None, description="Only rows with nothing in this column."
        ),
    ] = None,
    first: First = 100,
    after: After = None,
    counted: Annotated[bool, strawberry.argument(description="Whether to tell the totals.")] = True,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> TraceMatrix | None:
    """A page of a trace matrix."""
    at = Coordinates(as_of, known_at)
    found = await question.trace_matrix(
        info.context.graph, of, columns, prefix=prefix, ata_chapter=ata_chapter, level=level,
        assurance_level=assurance_level,
        document=None if document is None else await find(info, document, at),
        uncovered=uncovered, first=first, after=after, counted=counted, at=at,
    )  # fmt: skip
    return TraceMatrix(
        of=found.of,
        rows=[_row(row, found.of, at) for row in found.rows],
        totals=_totals(found.totals) if found.totals else None,
        next=found.next,
    )


async def thread_paths(
    info: Info, requirement: Id, first: First = 100, after: After = None, as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ThreadPaths | None:  # fmt: skip
    """The ways from a requirement to work orders and tests."""
    at = Coordinates(as_of, known_at)
    found = await thread.thread_paths(
        info.context.graph, await find(info, requirement, at), first=first, after=after, at=at
    )
    return ThreadPaths(
        requirement=str(found.requirement),
        tests=[_cell(one, at) for one in found.tests],
        paths=[_path(path, at) for path in found.paths],
        total=found.total, parts=found.parts, units=found.units, orders=found.orders,
        complete=found.complete, cut=found.cut, next=found.next,
    )  # fmt: skip


def _row(row: question.Row, of: Aspect, at: Coordinates) -> TraceRow:
    columns = [
        TraceColumn(
            aspect=aspect, cells=[_cell(one, at) for one in cells], is_cut=aspect in row.cut
        )
        for aspect, cells in row.cells.items()
    ]
    item = stop(row.utcs, of.kind, row.name, at)
    return TraceRow(item=item, number=row.number, columns=columns)


def _totals(totals: question.Totals) -> TraceTotals:
    coverage = [
        TraceCoverage(aspect=one.aspect, covered=one.covered, orphans=one.orphans)
        for one in totals.coverage
    ]
    return TraceTotals(
        rows=totals.rows, full=totals.full, score=totals.score, coverage=coverage,
        passed=totals.passed, failed=totals.failed, open=totals.open,
    )  # fmt: skip


def _path(path: thread.ThreadPath, at: Coordinates) -> ThreadPath:
    return ThreadPath(
        stops=[stop(one.utcs, one.kind, one.name, at) for one in path.stops],
        links=_ties(path.links),
        tests=[_cell(one, at) for one in path.tests],
    )


def _cell(one: cell.Cell, at: Coordinates) -> TraceCell:
    return TraceCell(
        item=stop(one.utcs, one.kind, one.name, at),
        links=_ties(one.links),
        is_suspect=one.is_suspect,
        result=_result(one.result) if one.result else None,
    )


def _result(result: cell.Result) -> LastResult:
    return LastResult(
        utcs=str(result.utcs), verdict=result.verdict, performed_at=result.performed_at
    )


def _ties(ties: tuple[cell.Tie, ...]) -> list[TraceTie]:
    return [
        TraceTie(
            link=LINK_TYPE(tie.link), source=str(tie.source), target=str(tie.target),
            is_suspect=tie.is_suspect,
        )
        for tie in ties
    ]  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        trace_matrix, description="What answers what: requirements, designs, tests, maintenance."
    ),
    strawberry.field(
        thread_paths,
        description="From a requirement over parts, units and work orders to the tests.",
    ),
]
