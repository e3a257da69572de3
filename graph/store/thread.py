"""Where does a requirement end up? The way over parts, units and work orders to the tests, explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.model.trace_aspect import CELLS, Aspect
from graph.store.absence import not_there
from graph.store.cell import Cell, Tie, read_cell, read_ties, result_text
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.paths import Stop
from graph.store.question import MAX_FIRST, bounded, counted, read_cursor, sealed, write_cursor
from graph.store.suspicion import find_suspect
from graph.store.text import fill
from graph.store.ways import tie_text, ways_text

DEPTH: Final = 20
"""So many links lie between a requirement and a part at most."""

MOST: Final = 100_000
"""So many ways are looked at; what a part stands for in a large fleet may be more."""

_ANSWERS: Final = ("DERIVES_FROM", "SATISFIES", "REFINES", "REALISES")
_WORKS: Final = ("WORKS_ON", "INSTALLS", "REMOVES")


@dataclass(frozen=True, slots=True)
class ThreadPath:
    """One way from a requirement: to a part, a unit of it, and a work order on that, as far as it goes.

    Attributes:
        stops: What it passes: the requirement, those derived from it, designs, the part, the unit, the
            work order.
        links: The links between them, in the same order.
        tests: What has examined that very unit.
    """

    stops: tuple[Stop, ...]
    links: tuple[Tie, ...]
    tests: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ThreadPaths:
    """One page of the ways from a requirement, by part, unit and work order.

    To each part there is one way, the shortest; of a part without units, or a unit that nobody worked on,
    the way ends there.

    Attributes:
        tests: The tests that verify the requirement itself, with their last results; the first of them.
        total: How many ways there are, whatever the page.
        parts: To how many parts.
        units: To how many units.
        orders: To how many work orders.
        complete: Whether all were looked at.
        cut: Where the answer was cut; None when it is complete.
        next: The cursor of the next page; None on the last.
    """

    requirement: Utcs
    tests: tuple[Cell, ...]
    paths: tuple[ThreadPath, ...]
    total: int
    parts: int
    units: int
    orders: int
    complete: bool
    cut: str | None
    next: str | None


async def thread_paths(
    graph: Graph,
    requirement: Utcs,
    *,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> ThreadPaths:
    """Returns a page of the ways from a requirement to work orders and tests, by one statement.

    Args:
        graph: Where to ask.
        requirement: The requirement.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no requirement, or a number or the cursor is wrong.
        NotFoundError: It is not there then.
        QueryTimeoutError: It took too long.
    """
    if requirement.kind != "requirement":
        raise BadQuestionError(
            f"requirement: {requirement} is a {requirement.kind}; give a requirement, or ask for impact",
            field="requirement",
        )
    asked = sealed("thread", str(requirement), at)
    place = [] if after is None else read_cursor(asked, after, str, str, str, str)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    parameters = {
        "utcs": str(requirement),
        "after": place,
        "limit": limit + 1,
        "most": MOST + 1,
    }
    row = await moment.ask(graph, thread_text(moment), parameters)
    if row is None or not row[0]:
        raise await not_there(graph, requirement, moment)
    _, counts, tests, page = row
    ways = [each[2] for each in page]
    ways += [cell[4] for cells in (tests, *(each[3] for each in page)) for cell in cells]
    suspect = await find_suspect(graph, moment, ways)
    cut = f"cut at {counted(MOST, 'way')}: there are more" if counts[0] > MOST else None
    total, parts, units, orders = counts
    return ThreadPaths(
        requirement=requirement,
        tests=tuple(read_cell(suspect, *cell) for cell in tests[:limit]),
        paths=tuple(_path(suspect, *each) for each in page[:limit]),
        total=total,
        parts=parts,
        units=units,
        orders=orders,
        complete=cut is None,
        cut=cut,
        next=write_cursor(asked, *page[limit - 1][0]) if len(page) > limit else None,
    )


def _path(
    suspect: frozenset[str],
    _place: list[str],
    stops: list[list[str]],
    links: list[list[str]],
    tests: list[list[Any]],
) -> ThreadPath:
    return ThreadPath(
        tuple(Stop(Utcs.parse(utcs), kind, name) for utcs, kind, name in stops),
        read_ties(suspect, links),
        tuple(read_cell(suspect, *cell) for cell in tests),
    )


def thread_text(moment: Moment) -> str:
    """Returns the statement that finds the ways from a requirement."""
    return fill(
        "thread/paths",
        exists=moment.exists("start"),
        depth=DEPTH,
        answers=moment.types(_ANSWERS),
        answers_hold=moment.holds("answer", _ANSWERS),
        instances=moment.types(["INSTANCE_OF"]),
        instances_hold=moment.holds("made", ["INSTANCE_OF"]),
        works=moment.types(_WORKS),
        works_hold=moment.holds("work", _WORKS),
        work_type=fill("link/type", link="work"),
        verifies=ways_text(moment, CELLS[Aspect.REQUIREMENT, Aspect.TEST]),
        examines=moment.types(["EXAMINES"]),
        examines_hold=moment.holds("link", ["EXAMINES"]),
        goal_name=moment.name("goal"),
        stop_name=moment.name("stop"),
        result=result_text(moment),
        verdict=moment.said("goal", "verdict"),
        performed_at=moment.said("goal", "performed_at"),
        tie=tie_text(),
        stale=fill("thing/stale"),
    )
