"""Tools: taken out for a work order, brought back, and calibrated; one that need not read true is refused.

Each operation is one event, stated upon what was said of the tool last, so that of two who take it one is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.lifecycle import refuse
from graph.flows.submit import Principal, submit
from graph.flows.work import moment_of, refused, work_event
from graph.model.approval import Breach
from graph.model.engineering import Verdict
from graph.model.event import explain
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrderStatus
from graph.model.outcome import Status
from graph.model.resources import Calibration, Tool, ToolStatus
from graph.model.time import Coordinates, from_micros
from graph.model.tooling import Doubt, tool_flaw
from graph.model.work import ENDED
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.tool import ToolStanding, find_tool
from graph.store.work_order import Order, find_order

CERTIFICATE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""What a calibration is numbered by."""

_CLOSED: Final = ENDED | {WorkOrderStatus.REQUESTED}
"""Where a work order stands while no tool is taken out for it."""


@dataclass(frozen=True, slots=True)
class ToolMoved:
    """A tool that was taken out, brought back or calibrated.

    Attributes:
        state: Where it stands by it.
        order: The work order that it was taken out for, if it was.
        calibration: The calibration, if it was calibrated.
        due_on: The last day on which it reads true; None where nothing says.
        doubt: What it was used on and is in doubt now; None unless it was found out of tolerance.
        at: Since when it is so.
        event: The id of the event, of the source `urn:utcs:work`: `correct` takes it back.
        seq: Its number in the change log.
    """

    utcs: Utcs
    state: str
    order: Utcs | None
    calibration: Utcs | None
    due_on: date | None
    doubt: Doubt | None
    at: datetime
    event: str
    seq: int


@dataclass(frozen=True, slots=True)
class Calibrating:
    """A calibration as its certificate says.

    Attributes:
        number: The number of the certificate; it names the calibration.
        performed_on: The day it was done.
        verdict: Whether the tool was within its limits as found: passed or failed.
        standard: The reference standard it was held against.
        as_found: What it read when it came.
        as_left: What it read when it went; of a tool that was out of tolerance, only if it was adjusted.
        due_on: The last day it holds; counted by the interval of the tool unless given.
        laboratory: Who did it.
        accreditation: The accreditation of that laboratory.
        uncertainty: The expanded uncertainty, with unit.
    """

    number: str
    performed_on: date
    verdict: Verdict
    standard: str
    as_found: str
    as_left: str | None = None
    due_on: date | None = None
    laboratory: str | None = None
    accreditation: str | None = None
    uncertainty: str | None = None


async def check_out(
    graph: Graph, principal: Principal, tool: Utcs, order: Utcs, *, at: datetime | None = None
) -> ToolMoved:
    """Records that a tool is in use on a work order from a moment on.

    Raises:
        BadQuestionError: One of them is of another kind, or the moment is wrong.
        ForbiddenError: The principal may not write.
        LifecycleError: The tool may not be used, or is in use; nothing was written.
        NotFoundError: One of them is not there.
    """
    principal.require("editor")
    found, work = await find_tool(graph, tool), await find_order(graph, order)
    when = moment_of(graph, found.valid_from, at)
    refuse(list(_of_check_out(found, work, when)))
    facts: list[Fact] = [_restated(found, {"status": ToolStatus.IN_USE})]
    if order not in [one.utcs for one in found.uses]:
        facts.append(PutLink(source=order, link="USES", target=tool))
    return await _record(graph, principal, found, "take", when, facts, order=order)


async def check_in(
    graph: Graph,
    principal: Principal,
    tool: Utcs,
    *,
    is_damaged: bool = False,
    at: datetime | None = None,
) -> ToolMoved:
    """Records that a tool came back, fit for use or, where it is damaged, to be held until it is calibrated.

    Raises:
        As `check_out` does.
    """
    principal.require("editor")
    found = await find_tool(graph, tool)
    when = moment_of(graph, found.valid_from, at)
    if found.tool.status is not ToolStatus.IN_USE:
        problem = (
            f"status: {tool.local} is {found.tool.status or 'of no stated status'}; nobody has it"
        )
        refuse([Breach("tool.return/state", problem)])
    state = ToolStatus.QUARANTINED if is_damaged else ToolStatus.AVAILABLE
    facts: list[Fact] = [_restated(found, {"status": state})]
    return await _record(graph, principal, found, "return", when, facts)


async def calibrate(
    graph: Graph, principal: Principal, tool: Utcs, said: Calibrating, *, at: datetime | None = None
) -> ToolMoved:
    """Records a calibration; one that found the tool out of tolerance names what that casts doubt on.

    Raises:
        As `check_out` does.
    """
    principal.require("editor")
    found = await find_tool(graph, tool)
    now = from_micros(graph.clock())
    done = min(datetime.combine(said.performed_on, time.max, UTC), now) if at is None else at
    least = found.valid_from + timedelta(microseconds=1)
    when = moment_of(graph, found.valid_from, max(done, least) if at is None else at)
    refuse(list(_of_calibration(found, said, when)))
    utcs, due = _calibration_id(tool, said), _due(found.tool, said)
    state = ToolStatus.AVAILABLE
    if said.verdict is Verdict.FAILED and said.as_left is None:
        state = ToolStatus.QUARANTINED
    elif found.tool.status in (ToolStatus.IN_USE, ToolStatus.RETIRED):
        state = found.tool.status
    try:
        facts: list[Fact] = [
            PutNode(utcs=utcs, properties=_calibration(tool, said, due), replaces=0),
            PutLink(source=tool, link="CALIBRATED_BY", target=utcs),
            _restated(found, {"status": state, "due_on": due}),
        ]
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error
    made = await _record(graph, principal, found, "calibrate", when, facts, calibration=utcs)
    after = await find_tool(graph, tool, at=Coordinates(as_of=max(when, now)))
    doubt = next((one for one in after.doubts if one.by == utcs), None)
    return replace(made, due_on=due, doubt=doubt)


def _of_check_out(found: ToolStanding, order: Order, at: datetime) -> Iterator[Breach]:
    name = found.utcs.local
    if found.tool.status is ToolStatus.IN_USE:
        on = found.uses[-1].utcs.local if found.uses else "something that is not on record"
        yield Breach(
            "tool.take/in-use", f"tool: {name} is in use, last on {on}; bring it back first"
        )
    if why := tool_flaw(found.tool, found.calibrations, at):
        yield Breach("tool.take/unfit", f"tool: {name} {why}; have it calibrated, or take another")
    if order.order.status in _CLOSED:
        problem = f"order: {order.utcs.local} is {order.order.status}; name one that is in work"
        yield Breach("tool.take/state", problem)


def _of_calibration(found: ToolStanding, said: Calibrating, at: datetime) -> Iterator[Breach]:
    rule = "tool.calibrate"
    if said.performed_on > at.date():
        yield Breach(f"{rule}/future", f"performed_on: {said.performed_on} is still to come")
    for name in ("standard", "as_found"):
        if not getattr(said, name).strip():
            yield Breach(f"{rule}/needs", f"{name}: not given; a calibration says it")
    if said.verdict not in (Verdict.PASSED, Verdict.FAILED):
        problem = f"verdict: {said.verdict} tells nothing; give passed or failed, as found"
        yield Breach(f"{rule}/verdict", problem)
    due = _due(found.tool, said)
    if due is None:
        yield Breach(f"{rule}/due", "due_on: not given, and the tool has no interval; give it")
    elif due <= said.performed_on:
        yield Breach(f"{rule}/due", f"due_on: {due} is not after {said.performed_on}")
    if _calibration_id(found.utcs, said) in [one.utcs for one in found.calibrations]:
        problem = f"number: {said.number} is on record; give another calibration its own number"
        yield Breach(f"{rule}/twice", problem)
    last = found.calibrations[-1] if found.calibrations else None
    if last is not None and said.performed_on < last.on:
        problem = f"performed_on: {said.performed_on} is before the last calibration, of {last.on}"
        yield Breach(f"{rule}/order", problem)


def _due(tool: Tool, said: Calibrating) -> date | None:
    if said.due_on is not None or tool.interval_days is None:
        return said.due_on
    return said.performed_on + timedelta(days=int(tool.interval_days))


def _calibration_id(tool: Utcs, said: Calibrating) -> Utcs:
    if not CERTIFICATE.fullmatch(said.number):
        raise BadQuestionError(
            f"number: {said.number!a:.70} names nothing; give 1 to 60 letters, digits, '.', '_' and '-'",
            field="number",
        )
    return Utcs(tool.authority, "calibration", said.number)


def _calibration(tool: Utcs, said: Calibrating, due: date | None) -> Calibration:
    return Calibration(
        name=f"Calibration {said.number} of {tool.local}",
        number=said.number,
        laboratory=said.laboratory,
        accreditation=said.accreditation,
        standard=said.standard,
        as_found=said.as_found,
        as_left=said.as_left,
        uncertainty=said.uncertainty,
        verdict=said.verdict,
        performed_on=said.performed_on,
        due_on=due,
    )


def _restated(found: ToolStanding, said: dict[str, object]) -> PutNode:
    thing = found.tool.model_copy(update=said)
    return PutNode(utcs=found.utcs, properties=thing, replaces=found.version)


async def _record(
    graph: Graph, principal: Principal, found: ToolStanding, verb: str, at: datetime,
    facts: Sequence[Fact], *, order: Utcs | None = None, calibration: Utcs | None = None,
) -> ToolMoved:  # fmt: skip
    event = work_event(f"{verb} {found.utcs} {uuid4()}", found.utcs, at, principal, facts)
    (outcome,) = await submit(graph, [event], principal)
    if outcome.status is not Status.APPLIED or outcome.seq is None:
        raise refused(f"tool.{verb}", outcome)
    thing = next(
        one.properties for one in facts if isinstance(one, PutNode) and one.utcs == found.utcs
    )
    assert isinstance(thing, Tool)  # noqa: S101
    return ToolMoved(
        found.utcs, str(thing.status), order, calibration, found.due_on, None, at, event.id, outcome.seq
    )  # fmt: skip
