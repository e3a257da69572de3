"""Work orders: requested, then moved by steps that qualified people sign, to the release of their work.

Each operation is one event. It names the statement that it was decided upon, so that of two which were made
upon the same one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.certificate import certificate, release_id, signature, unsigned
from graph.flows.lifecycle import (
    LifecycleError,
    broken,
    refuse,
    require_own_name,
    require_person,
)
from graph.flows.submit import Principal, submit
from graph.model.alias import Alias
from graph.model.approval import Breach
from graph.model.event import Event, explain
from graph.model.fact import Fact, Facts, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import (
    WorkOrder,
    WorkOrderStatus,
)
from graph.model.outcome import Outcome, Status
from graph.model.sign_off import Hand, WorkCase, missing_for_release, sign_breaches, step_breaches
from graph.model.time import Coordinates, as_utc, format_utc, from_micros
from graph.model.work import ENDED, REJECTED, SIGN_OFFS, STEPS, WorkStep, duty_of
from graph.model.work_request import TRIES, Request, category_of
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import require_unit
from graph.store.standings import find_standings
from graph.store.work_order import SOURCE, Order, find_hand, find_order, judged

ATTEMPTS: Final = 5
"""So often an operation that names no signer is decided anew when something was stated meanwhile."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A work order that was asked for.

    Attributes:
        order: What is stated of it.
        is_new: Whether this request made it; else one asked for the same before, and it has not ended.
        outcome: What became of the event; None where nothing was stated.
    """

    utcs: Utcs
    order: WorkOrder
    is_new: bool
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step that was made, or refused because another one was made meanwhile.

    Attributes:
        step: The name of the step; `sign` for a sign-off ahead of one.
        state: Where the work order stands by it.
        signer: Who signed.
        at: Since when it is so.
        release: The certificate, where the step releases the work.
        event: The id of the event, of the source `urn:utcs:work`.
        outcome: What became of the event; refused as `outdated` if somebody else was faster.
    """

    utcs: Utcs
    step: str
    state: str
    signer: Utcs
    at: datetime
    release: Utcs | None
    event: str
    outcome: Outcome


async def request_work(graph: Graph, principal: Principal, request: Request) -> Requested:
    """Asks for maintenance; asked for again, the work order is the same as long as it has not ended.

    Raises:
        BadQuestionError: The asset is no aircraft and no unit, or was asked for too often.
        ForbiddenError: The principal may not write.
        LifecycleError: The graph refuses it.
        NotFoundError: The asset is not there.
    """
    principal.require("editor")
    require_unit(request.asset, field="asset")
    _require_line(request.maintenance)
    for _ in range(ATTEMPTS):
        utcs, known = await place_request(graph, request)
        if known is not None:
            return Requested(utcs, known, is_new=False, outcome=None)
        order = requested_order(utcs, request)
        facts: list[Fact] = [
            PutNode(utcs=utcs, properties=order, replaces=0),
            PutLink(source=utcs, link="WORKS_ON", target=request.asset),
        ]
        event = work_event(f"request {utcs} {uuid4()}", utcs, _now(graph), principal, facts)
        (outcome,) = await submit(graph, [event], principal)
        if outcome.status is Status.APPLIED:
            return Requested(utcs, order, is_new=True, outcome=outcome)
    raise refused("workorder.request", outcome)


def _require_line(maintenance: str) -> None:
    if not re.fullmatch(r"\S(.{0,198}\S)?", maintenance):
        raise BadQuestionError(
            f"maintenanceType: {maintenance!r:.60} is no line of 1 to 200 characters; say what is to be done",
            field="maintenanceType",
        )


async def place_request(graph: Graph, request: Request) -> tuple[Utcs, WorkOrder | None]:
    """Returns where the work order belongs, and the one that stands there."""
    ids = list(request.ids())
    there = await find_standings(graph, [request.asset, *ids])
    if request.asset not in there:
        raise await not_there(graph, request.asset, Moment.of(graph, CURRENT))
    for utcs in ids:
        if utcs not in there:
            return utcs, None
        order = there[utcs].thing
        assert isinstance(order, WorkOrder)  # noqa: S101
        if order.name == request.title and order.status not in ENDED:
            return utcs, order
    raise BadQuestionError(
        f"maintenanceType: {request.maintenance!r:.60} was asked for {TRIES} times with the due date "
        f"{request.due_on}; give another due date",
        field="maintenanceType",
    )


def requested_order(utcs: Utcs, request: Request) -> WorkOrder:
    """Returns a work order as it is requested."""
    return WorkOrder(
        name=request.title,
        number=utcs.local,
        category=category_of(request.maintenance),
        priority=request.priority,
        status=WorkOrderStatus.REQUESTED,
        due_on=request.due_on,
        estimated_h=request.estimated_h,
        required_signoffs=SIGN_OFFS,
        aliases=(Alias.parse("erp", utcs.local),),
    )


async def advance(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    name: str,
    *,
    signer: Utcs,
    at: datetime | None = None,
    given: Mapping[str, Any] | None = None,
    statement: str | None = None,
) -> Stepped:
    """Makes one step of a work order: `start`, `perform`, `release` and so on.

    Args:
        graph: Where.
        principal: Who asks.
        utcs: The work order.
        name: The step.
        signer: The person who signs for it.
        at: When; now unless given. It may be over, but not before what was said of the order last.
        given: The properties that the step states.
        statement: What the person signs for; `hold`, `reject` and `cancel` need the reason.

    Raises:
        BadQuestionError: There is no such step, or a property is none of it or wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The work order or the signer is not there.
    """
    principal.require("editor")
    step = STEPS.get(name)
    if step is None:
        raise BadQuestionError(
            f"step: {name!a:.40} is no step; use {', '.join(STEPS)}", field="step"
        )
    order, when, hand = await _before(graph, principal, utcs, signer, at)
    order = await judged(graph, order, when)
    case = replace(order.case, order=_stated(order.order, step, given or {}, when))
    found = step_breaches(case, step, hand, when, statement)
    if step.target is WorkOrderStatus.RELEASED:
        found += missing_for_release(case, when, without=frozenset({step.slot}))
    refuse(found)
    thing = case.order.model_copy(update={"status": step.target})
    facts: list[Fact] = [PutNode(utcs=utcs, properties=thing, replaces=order.version)]
    facts += signature(case, step.slot, step.duty, hand, when, statement)
    if step.name == "reject":
        facts += _taken_back(case)
    release: Utcs | None = None
    if step.target is WorkOrderStatus.RELEASED:
        release = release_id(order)
        facts += certificate(order, thing, release, hand, when)
    return await _step(graph, principal, utcs, step.name, step.target, hand, when, release, facts)


async def sign_off(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    slot: str,
    *,
    signer: Utcs,
    at: datetime | None = None,
    statement: str | None = None,
) -> Stepped:
    """Signs a work order off in a role that its release asks for, without moving it.

    Raises:
        BadQuestionError: The moment is still to come, or before what was said of the order last.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The work order or the signer is not there.
    """
    principal.require("editor")
    order, when, hand = await _before(graph, principal, utcs, signer, at)
    refuse(sign_breaches(order.case, slot, hand, when))
    facts: list[Fact] = [PutNode(utcs=utcs, properties=order.order, replaces=order.version)]
    facts += signature(order.case, slot, duty_of(slot), hand, when, statement)
    state = str(order.order.status)
    return await _step(graph, principal, utcs, "sign", state, hand, when, None, facts)


async def _before(
    graph: Graph, principal: Principal, utcs: Utcs, signer: Utcs, at: datetime | None
) -> tuple[Order, datetime, Hand]:
    """Returns the work order, when the step is made, and who signs, as they are qualified then."""
    order = await find_order(graph, utcs)
    when = moment_of(graph, order.valid_from, at)
    return order, when, await signing(graph, principal, signer, when)


async def signing(graph: Graph, principal: Principal, signer: Utcs, at: datetime) -> Hand:
    """Returns the person who signs at a moment; others than themselves only an admin may sign for.

    Raises:
        BadQuestionError: It is no person.
        ForbiddenError: The principal may not sign for that person.
        NotFoundError: The person is not there then.
    """
    require_person(signer)
    hand = await find_hand(graph, signer, at)
    if hand.person is None:
        raise await not_there(graph, signer, Moment.of(graph, Coordinates(as_of=at)))
    require_own_name(principal, hand.person)
    return hand


def moment_of(graph: Graph, said: datetime, at: datetime | None) -> datetime:
    """Returns when something is done: now, or when it is said to have been; after what was said last.

    Raises:
        BadQuestionError: It is still to come, or not after what was said last.
        TimeError: It has no offset.
    """
    now, least = _now(graph), said + timedelta(microseconds=1)
    if at is None:
        return max(now, least)
    when = as_utc(at, "at")
    if when > now:
        raise BadQuestionError(f"at: {format_utc(when)} is still to come", field="at")
    if when < least:
        raise BadQuestionError(
            f"at: {format_utc(when)} is not after what was said last, of {format_utc(said)}; give a later "
            "time, or correct that event",
            field="at",
        )
    return when


def _now(graph: Graph) -> datetime:
    return from_micros(graph.clock())


def _stated(order: WorkOrder, step: WorkStep, given: Mapping[str, Any], at: datetime) -> WorkOrder:
    """Returns a work order as a step will state it, but for its status."""
    allowed = (*step.needs, *step.takes)
    for name in given.keys() - set(allowed):
        takes = ", ".join(allowed) or "no properties"
        raise BadQuestionError(f"{name}: {step.name} takes {takes}", field=name)
    said = order.model_dump(exclude_none=True) | dict(given)
    if step.stamps is not None:
        said.setdefault(step.stamps, at)
    try:
        stated = WorkOrder.model_validate(said)
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error
    starts, ends = stated.planned_start_at, stated.planned_end_at
    if starts is not None and ends is not None and ends <= starts:
        raise BadQuestionError(
            f"planned_end_at: {format_utc(ends)} is not after the start; give a later time",
            field="planned_end_at",
        )
    return stated


def _taken_back(case: WorkCase) -> list[Fact]:
    """Returns the end of each signature that a rejection takes back."""
    return [
        unsigned(case.utcs, one.hand.utcs, one.slot) for one in case.signed if one.slot in REJECTED
    ]


async def _step(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    name: str,
    state: str,
    hand: Hand,
    at: datetime,
    release: Utcs | None,
    facts: Sequence[Fact],
) -> Stepped:
    event = work_event(f"{name} {utcs} {uuid4()}", utcs, at, principal, facts)
    (outcome,) = await submit(graph, [event], principal)
    return Stepped(utcs, name, str(state), hand.utcs, at, release, event.id, outcome)


def work_event(
    id: str, subject: Utcs, at: datetime, principal: Principal, facts: Sequence[Fact], **more: Any
) -> Event:
    """Returns an operation on maintenance as the one event that it is."""
    return Event(
        source=SOURCE,
        id=id,
        subject=subject,
        time=at,
        actor=principal.actor,
        data=Facts(facts=tuple(facts)),
        **more,
    )


def refused(rule: str, outcome: Outcome) -> LifecycleError:
    """Returns the error for an event that the graph refuses, or does not take now."""
    return broken([Breach(f"{rule}/refused", outcome.reason or "the graph refuses it")])
