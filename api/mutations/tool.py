"""Tools: `takeTool`, `returnTool`, `calibrateTool`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.queries.asked import Info, find
from api.queries.tool import ToolDoubt, doubt_told
from graph.flows import tool as flow
from graph.model.engineering import Verdict
from graph.model.time import Coordinates

_NOW: Final = Coordinates()

Tool = Annotated[str, strawberry.argument(description="The tool, by any id.")]
At = Annotated[datetime | None, strawberry.argument(description="When; now unless given.")]


@strawberry.input(description="A calibration as its certificate says.")
class CalibrationReport:
    """A calibration as its certificate says."""

    number: str = strawberry.field(description="The number of the certificate.")
    performed_on: date = strawberry.field(description="The day it was done.")
    verdict: Any = strawberry.field(
        graphql_type=property_enums()["Verdict"],
        description="Whether the tool was within its limits as found: passed or failed.",
    )
    standard: str = strawberry.field(description="The reference standard it was held against.")
    as_found: str = strawberry.field(description="What it read when it came.")
    as_left: str | None = strawberry.field(
        default=None,
        description="What it read when it went; of a tool that was out of tolerance, if it was adjusted.",
    )
    due_on: date | None = strawberry.field(
        default=None,
        description="The last day it holds; by the interval of the tool unless given.",
    )
    laboratory: str | None = strawberry.field(default=None, description="Who did it.")
    accreditation: str | None = strawberry.field(
        default=None, description="The accreditation of that laboratory."
    )
    uncertainty: str | None = strawberry.field(
        default=None, description="The expanded uncertainty, with unit."
    )


@strawberry.type(description="A tool that was taken out, brought back or calibrated.")
class ToolMoved:
    """A tool that was taken out, brought back or calibrated."""

    utcs: str = strawberry.field(description="The tool.")
    state: str = strawberry.field(description="Where it stands by it.")
    order: str | None = strawberry.field(description="The work order it was taken out for.")
    calibration: str | None = strawberry.field(description="The calibration.")
    due_on: date | None = strawberry.field(description="The last day on which it reads true.")
    doubt: ToolDoubt | None = strawberry.field(
        description="What it was used on and is in doubt now; null unless it was found out of tolerance."
    )
    at: datetime = strawberry.field(description="Since when it is so.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:work`: `correct` takes it back."
    )
    seq: int = strawberry.field(description="Its number in the change log.")


async def take_tool(
    info: Info,
    tool: Tool,
    order: Annotated[str, strawberry.argument(description="The work order, by any id.")],
    at: At = None,
) -> ToolMoved | None:
    """Takes a tool out for a work order."""
    return _told(await flow.check_out(
        info.context.graph, info.context.principal, await find(info, tool, _NOW),
        await find(info, order, _NOW), at=at,
    ))  # fmt: skip


async def return_tool(
    info: Info,
    tool: Tool,
    is_damaged: Annotated[
        bool, strawberry.argument(description="Whether it is held until it is calibrated.")
    ] = False,
    at: At = None,
) -> ToolMoved | None:
    """Brings a tool back."""
    return _told(await flow.check_in(
        info.context.graph, info.context.principal, await find(info, tool, _NOW),
        is_damaged=is_damaged, at=at,
    ))  # fmt: skip


async def calibrate_tool(
    info: Info,
    tool: Tool,
    calibration: Annotated[CalibrationReport, strawberry.argument(description="What it showed.")],
    at: At = None,
) -> ToolMoved | None:
    """Records a calibration of a tool."""
    said = calibration
    report = flow.Calibrating(
        number=said.number, performed_on=said.performed_on, verdict=Verdict(said.verdict.value),
        standard=said.standard, as_found=said.as_found, as_left=said.as_left, due_on=said.due_on,
        laboratory=said.laboratory, accreditation=said.accreditation, uncertainty=said.uncertainty,
    )  # fmt: skip
    found = await find(info, tool, _NOW)
    return _told(await flow.calibrate(
        info.context.graph, info.context.principal, found, report, at=at
    ))  # fmt: skip


def _told(made: flow.ToolMoved) -> ToolMoved:
    return ToolMoved(
        utcs=str(made.utcs), state=made.state,
        order=None if made.order is None else str(made.order),
        calibration=None if made.calibration is None else str(made.calibration),
        due_on=made.due_on, doubt=None if made.doubt is None else doubt_told(made.doubt),
        at=made.at, event=made.event, seq=made.seq,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        take_tool,
        description="Takes a tool out for a work order; one that need not read true is refused.",
    ),
    strawberry.field(return_tool, description="Brings a tool back."),
    strawberry.field(
        calibrate_tool,
        description="Records a calibration; where it found the tool out of tolerance, the answer names what "
        "it was used on since it last read true.",
    ),
]
