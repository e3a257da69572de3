"""What is this tool, does it read true, and what was it used on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrder
from graph.model.resources import Calibration, Tool
from graph.model.time import Coordinates, UtcDatetime, from_micros, parse_utc
from graph.model.tooling import Calibrated, Doubt, Use, UsedTool, doubts, due_on, tool_flaw
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.text import fill

MOST: Final = 1000
"""So many calibrations and uses of one tool are told, the latest first."""


@dataclass(frozen=True, slots=True)
class ToolStanding:
    """A tool at a moment, with its calibrations and what it was used on.

    Attributes:
        version: The number of the statement that holds.
        valid_from: From when it holds.
        place: Where it is.
        calibrations: Those that were done by then, in the order of time.
        uses: What it was used on, in the order of time; empty in a list.
        due_on: The last day on which it reads true; None where nothing says.
        why: Why it may not be used then; None if it may.
        cut: What was left out, in words; None if nothing was.
    """

    utcs: Utcs
    tool: Tool
    version: int
    valid_from: UtcDatetime
    place: Utcs | None
    calibrations: tuple[Calibrated, ...]
    uses: tuple[Use, ...]
    due_on: date | None
    why: str | None
    cut: str | None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What each calibration that found it out of tolerance casts doubt on."""
        return doubts(self.calibrations, self.uses)


@dataclass(frozen=True, slots=True)
class ToolPage:
    """One page of tools, in the order of their ids; `next` is the cursor of the next page."""

    tools: tuple[ToolStanding, ...]
    next: str | None


async def find_tool(graph: Graph, tool: Utcs, *, at: Coordinates = CURRENT) -> ToolStanding:
    """Returns a tool as it stands at a moment, with all that it was used on until then.

    Raises:
        BadQuestionError: The thing is no tool.
        NotFoundError: It is not there then.
    """
    if tool.kind != "tool":
        raise BadQuestionError(f"id: {tool} is a {tool.kind}; give a tool", field="id")
    moment = Moment.of(graph, at)
    asked = {"tool": str(tool), "start": str(tool), "limit": 1, "most": MOST}
    row = await moment.ask(graph, tools_text(moment, is_one=True), asked)
    if row is None or not row[0]:
        raise await not_there(graph, tool, moment)
    return _standing(moment, *row[0][0])


async def list_tools(
    graph: Graph, *, first: int = 100, after: str | None = None, at: Coordinates = CURRENT
) -> ToolPage:
    """Returns a page of tools, without what they were used on.

    Raises:
        BadQuestionError: A number or the cursor is wrong.
    """
    asked = sealed("tools", at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    parameters = {"start": start, "limit": limit + 1, "most": MOST}
    row = await moment.ask(graph, tools_text(moment, is_one=False), parameters)
    found = [_standing(moment, *one) for one in row[0]] if row else []
    mark = write_cursor(asked, str(found[limit].utcs)) if len(found) > limit else None
    return ToolPage(tuple(found[:limit]), mark)


def tools_text(moment: Moment, *, is_one: bool) -> str:
    """Returns the statement that reads one tool with its uses, or a page of tools."""
    return fill(
        "tool/standing",
        tools=fill("tool/one" if is_one else "tool/all"),
        uses=uses_text(moment) if is_one else "[]",
        calibrations=calibrations_text(moment),
        located=moment.types(["LOCATED_IN"]),
        lies_holds=moment.holds("lies", ["LOCATED_IN"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def uses_text(moment: Moment) -> str:
    """Returns the expression for what a tool was used on."""
    return fill(
        "tool/uses",
        used=moment.types(["USES"]),
        use_holds=moment.holds("use", ["USES"]),
        holds_work=moment.holds_row("work"),
    )


def calibrations_text(moment: Moment) -> str:
    """Returns the expression for the calibrations of a tool, as `read_calibrations` takes it."""
    return fill(
        "tool/calibrations",
        calibrated=moment.types(["CALIBRATED_BY"]),
        check_holds=moment.holds("check", ["CALIBRATED_BY"]),
        holds_paper=moment.holds_row("paper"),
    )


def read_calibrations(found: Sequence[Any]) -> tuple[Calibrated, ...]:
    """Returns the calibrations of a tool, in the order of time."""
    read = [_calibrated(*one) for one in found]
    return tuple(sorted(read, key=lambda one: (one.at, str(one.utcs))))


def read_used_tool(
    order: Utcs,
    said: WorkOrder,
    utcs: str,
    stood: Mapping[str, Any] | None,
    since: int,
    done: Sequence[Any],
) -> UsedTool:
    """Returns a tool that was used on a work order, with what it was said to be when that began."""
    tool = None if stood is None else read_as(Tool, stood)
    use = Use(order, said.name, said.status, from_micros(since), said.ended_at)
    return UsedTool(Utcs.parse(utcs), tool, use, read_calibrations(done))


def _calibrated(utcs: str, said: Mapping[str, Any], since: int) -> Calibrated:
    calibration, told = read_as(Calibration, said), from_micros(since)
    done = calibration.performed_on
    at = told if done is None else min(told, datetime.combine(done, time.max, UTC))
    return Calibrated(Utcs.parse(utcs), calibration, at)


def _standing(
    moment: Moment, said: Mapping[str, Any], place: str | None, calibrations: Sequence[Any],
    uses: Sequence[Any],
) -> ToolStanding:  # fmt: skip
    tool, done = read_as(Tool, said), read_calibrations(calibrations)
    now = from_micros(moment.world)
    full = [
        name for name, rows in (("calibrations", calibrations), ("uses", uses)) if len(rows) >= MOST
    ]
    return ToolStanding(
        utcs=Utcs.parse(said["utcs"]),
        tool=tool,
        version=said["n"],
        valid_from=from_micros(said["valid_from"]),
        place=None if place is None else Utcs.parse(place),
        calibrations=done,
        uses=tuple(_use(*one) for one in reversed(uses)),
        due_on=due_on(tool, done, now),
        why=tool_flaw(tool, done, now),
        cut=f"no more than the last {MOST:,} {' and '.join(full)} are told" if full else None,
    )


def _use(utcs: str, name: str, status: str | None, since: int, ended: str | None) -> Use:
    """Reads a use; work that has no end of its own, such as a test, is over when it was recorded."""
    used, began = Utcs.parse(utcs), from_micros(since)
    goes_on = used.kind in ("workorder", "operation")
    until = parse_utc(ended) if ended else (None if goes_on else began)
    return Use(used, name, status, began, until)
