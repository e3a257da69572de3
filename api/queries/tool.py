"""Tools: `toolStanding` with what it was used on, and `toolList`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import strawberry

from api.filters import property_enums
from api.queries.asked import After, AsOf, First, Id, Info, KnownAt, find
from graph.model.time import Coordinates
from graph.model.tooling import Calibrated, Doubt, Use
from graph.store import tool as store

_STATUS: Final[Any] = property_enums()["ToolStatus"]
_VERDICT: Final[Any] = property_enums()["Verdict"]


@strawberry.type(description="A calibration of a tool.")
class ToolCalibration:
    """A calibration of a tool."""

    utcs: str = strawberry.field(description="The calibration.")
    on: date = strawberry.field(description="The day it was done.")
    verdict: Any = strawberry.field(
        graphql_type=_VERDICT | None, description="Whether it was within its limits as found."
    )
    standard: str | None = strawberry.field(description="The reference standard.")
    as_found: str | None = strawberry.field(description="What it read when it came.")
    as_left: str | None = strawberry.field(description="What it read when it went.")
    due_on: date | None = strawberry.field(description="The last day it holds.")


@strawberry.type(description="Something that a tool was used on.")
class ToolUse:
    """Something that a tool was used on."""

    utcs: str = strawberry.field(description="The work order, operation, test or inspection.")
    name: str = strawberry.field(description="What people call it.")
    status: str | None = strawberry.field(description="Where it stands.")
    since: datetime = strawberry.field(description="From when.")
    until: datetime | None = strawberry.field(description="When the work ended; null until it has.")


@strawberry.type(
    description="What a calibration that found a tool out of tolerance casts doubt on."
)
class ToolDoubt:
    """What a calibration casts doubt on."""

    by: str = strawberry.field(description="The calibration.")
    on: date = strawberry.field(description="The day it was done.")
    since: date | None = strawberry.field(
        description="The day of the last one that left the tool true; null where none did."
    )
    uses: list[ToolUse] = strawberry.field(description="What it was used on in between.")


@strawberry.type(description="A tool, whether it may be used, and what it was used on.")
class ToolStanding:
    """A tool and whether it may be used."""

    utcs: str = strawberry.field(description="The tool.")
    name: str = strawberry.field(description="What people call it.")
    status: Any = strawberry.field(graphql_type=_STATUS | None, description="Where it stands.")
    place: str | None = strawberry.field(description="Where it is kept.")
    due_on: date | None = strawberry.field(
        description="The last day on which it reads true; null where nothing says."
    )
    unfit: str | None = strawberry.field(description="Why it may not be used; null if it may.")
    calibrations: list[ToolCalibration] = strawberry.field(description="In the order of time.")
    uses: list[ToolUse] = strawberry.field(
        description="What it was used on, in the order of time; empty in a list."
    )
    doubts: list[ToolDoubt] = strawberry.field(
        description="What calibrations that found it out of tolerance cast doubt on; empty in a list."
    )
    cut: str | None = strawberry.field(description="What was left out; null if nothing was.")


@strawberry.type(description="One page of tools, in the order of their ids.")
class ToolPage:
    """One page of tools."""

    tools: list[ToolStanding] = strawberry.field(description="The tools.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def tool_standing(
    info: Info, id: Id, as_of: AsOf = None, known_at: KnownAt = None
) -> ToolStanding | None:
    """A tool and whether it may be used."""
    at = Coordinates(as_of, known_at)
    return _tool(await store.find_tool(info.context.graph, await find(info, id, at), at=at))


async def tool_list(
    info: Info,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ToolPage | None:
    """A page of tools."""
    at = Coordinates(as_of, known_at)
    page = await store.list_tools(info.context.graph, first=first, after=after, at=at)
    return ToolPage(tools=[_tool(one) for one in page.tools], next=page.next)


def _tool(one: store.ToolStanding) -> ToolStanding:
    return ToolStanding(
        utcs=str(one.utcs), name=one.tool.name, status=one.tool.status,
        place=None if one.place is None else str(one.place), due_on=one.due_on, unfit=one.why,
        calibrations=[_calibration(done) for done in one.calibrations],
        uses=[_use(use) for use in one.uses], doubts=[doubt_told(d) for d in one.doubts], cut=one.cut,
    )  # fmt: skip


def _calibration(one: Calibrated) -> ToolCalibration:
    said = one.calibration
    return ToolCalibration(
        utcs=str(one.utcs), on=one.on, verdict=said.verdict, standard=said.standard,
        as_found=said.as_found, as_left=said.as_left, due_on=said.due_on,
    )  # fmt: skip


def doubt_told(one: Doubt) -> ToolDoubt:
    """Returns what a calibration casts doubt on, as GraphQL tells it."""
    return ToolDoubt(by=str(one.by), on=one.on, since=one.since, uses=[_use(u) for u in one.uses])


def _use(one: Use) -> ToolUse:
    return ToolUse(
        utcs=str(one.utcs), name=one.name, status=one.status, since=one.since, until=one.until
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        tool_standing,
        description="A tool, whether it may be used, what it was used on, and what calibrations that found "
        "it out of tolerance cast doubt on.",
    ),
    strawberry.field(
        tool_list,
        description="Tools in the order of their ids, with their calibrations and due days.",
    ),
]
