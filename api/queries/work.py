"""Work orders: `workOrder` with what is missing for its release, and `workOrderList`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import After, AsOf, First, Id, Info, KnownAt, Stop, as_float, find, stop
from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrderStatus
from graph.model.sign_off import Found, SignOff
from graph.model.time import Coordinates
from graph.model.work import STEPS
from graph.store import work_order as orders
from graph.store.errors import BadQuestionError


@strawberry.type(description="Something that is missing before a work order may be released.")
class WorkOrderMissing:
    """Something that is missing before release."""

    rule: str = strawberry.field(description="The rule, such as `workorder.release/signature`.")
    problem: str = strawberry.field(description="What is missing, and what to do.")


@strawberry.type(description="A signature on a work order.")
class WorkOrderSignOff:
    """A signature on a work order."""

    slot: str = strawberry.field(description="The role that was signed in.")
    signer: str = strawberry.field(description="Who signed.")
    signed_at: datetime = strawberry.field(description="When.")
    statement: str | None = strawberry.field(description="What was signed for, or why.")
    authorisation: str | None = strawberry.field(description="The paper that it rests on.")


@strawberry.type(description="Something that was found under a work order.")
class WorkOrderFinding:
    """Something that was found under a work order."""

    utcs: str = strawberry.field(description="The finding.")
    name: str = strawberry.field(description="What was found.")
    status: str | None = strawberry.field(description="What has become of it.")
    deferrals: list[str] = strawberry.field(description="What puts it off, or did.")
    due_at: datetime | None = strawberry.field(
        description="Until when it is put off, where a day ends that."
    )


@strawberry.type(description="Something that is set aside for a work order or was used up by it.")
class WorkOrderAmount:
    """Something that is set aside or was used up."""

    utcs: str = strawberry.field(description="The stock, part or tool.")
    quantity: float | None = strawberry.field(description="How much.")


@strawberry.type(description="Where a work order stood from a moment on, and who stated it.")
class WorkOrderStep:
    """Where a work order stood from a moment on."""

    at: datetime = strawberry.field(description="From when.")
    status: str | None = strawberry.field(description="Where it stood.")
    actor: str = strawberry.field(description="Who stated it.")
    source: str = strawberry.field(description="The source of the event.")
    event: str = strawberry.field(description="The id of the event, of that source.")
    seq: int = strawberry.field(description="Its number in the change log.")


@strawberry.type(
    description="A work order with its steps, its sign-offs, and what is missing for its release."
)
class WorkOrderCourse:
    """A work order with all that decides which step it may make."""

    utcs: str = strawberry.field(description="The work order.")
    number: str = strawberry.field(description="Its number.")
    name: str = strawberry.field(description="What people call it.")
    status: str | None = strawberry.field(description="Where it stands.")
    next_steps: list[str] = strawberry.field(description="The steps that lead on from there.")
    required: list[str] = strawberry.field(description="The roles that must sign before release.")
    missing: list[WorkOrderMissing] = strawberry.field(
        description="What is missing before it may be released; empty once it has ended."
    )
    sign_offs: list[WorkOrderSignOff] = strawberry.field(description="The signatures, by role.")
    findings: list[WorkOrderFinding] = strawberry.field(description="What was found.")
    units: list[Stop] = strawberry.field(description="What is worked on.")
    tasks: list[Stop] = strawberry.field(description="What is carried out.")
    reserved: list[WorkOrderAmount] = strawberry.field(description="What is set aside for it.")
    consumed: list[WorkOrderAmount] = strawberry.field(description="What it used up.")
    releases: list[str] = strawberry.field(description="The certificates that release it.")
    steps: list[WorkOrderStep] = strawberry.field(
        description="Where it stood, in the order of time."
    )
    cut: str | None = strawberry.field(description="What was left out; null if nothing was.")


@strawberry.type(description="A work order in a list.")
class ListedWorkOrder:
    """A work order in a list."""

    utcs: str = strawberry.field(description="The work order.")
    number: str = strawberry.field(description="Its number.")
    name: str = strawberry.field(description="What people call it.")
    status: str | None = strawberry.field(description="Where it stands.")
    units: list[str] = strawberry.field(description="What is worked on.")


@strawberry.type(description="One page of work orders, in the order of their ids.")
class WorkOrderList:
    """One page of work orders."""

    orders: list[ListedWorkOrder] = strawberry.field(description="The work orders.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def work_order(
    info: Info, id: Id, as_of: AsOf = None, known_at: KnownAt = None
) -> WorkOrderCourse | None:
    """A work order with all that decides which step it may make."""
    at = Coordinates(as_of, known_at)
    found = await orders.find_order(info.context.graph, await find(info, id, at), at=at)
    order, case = found.order, found.case
    return WorkOrderCourse(
        utcs=str(found.utcs),
        number=order.number,
        name=order.name,
        status=order.status,
        next_steps=[one.name for one in STEPS.values() if order.status in one.sources],
        required=list(case.required),
        missing=[WorkOrderMissing(rule=one.rule, problem=one.problem) for one in found.missing],
        sign_offs=[_sign_off(one) for one in case.signed],
        findings=[_finding(one) for one in case.found],
        units=[stop(utcs, utcs.kind, name, at) for utcs, name in found.units],
        tasks=[stop(utcs, utcs.kind, name, at) for utcs, name in found.tasks],
        reserved=_amounts(found.reserved),
        consumed=_amounts(found.consumed),
        releases=[str(utcs) for utcs, _ in found.releases],
        steps=[
            WorkOrderStep(
                at=one.at, status=one.status, actor=one.actor, source=one.source, event=one.event,
                seq=one.seq,
            )
            for one in found.steps
        ],
        cut=found.cut,
    )  # fmt: skip


async def work_order_list(
    info: Info,
    asset: Annotated[
        str | None, strawberry.argument(description="Only those on this unit, by any id.")
    ] = None,
    states: Annotated[
        list[str] | None,
        strawberry.argument(
            description="Where they stand; those that have not ended unless given."
        ),
    ] = None,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> WorkOrderList | None:
    """A page of work orders."""
    at = Coordinates(as_of, known_at)
    page = await orders.list_orders(
        info.context.graph,
        asset=None if asset is None else await find(info, asset, at),
        states=orders.OPEN if states is None else [read_state(one) for one in states],
        first=first, after=after, at=at,
    )  # fmt: skip
    return WorkOrderList(
        orders=[
            ListedWorkOrder(
                utcs=str(one.utcs), number=one.order.number, name=one.order.name,
                status=one.order.status, units=[str(unit) for unit in one.units],
            )
            for one in page.orders
        ],
        next=page.next,
    )  # fmt: skip


def read_state(text: str) -> WorkOrderStatus:
    """Returns where a work order may stand.

    Raises:
        BadQuestionError: There is no such state.
    """
    try:
        return WorkOrderStatus(text)
    except ValueError as error:
        raise BadQuestionError(
            f"states: {text!r:.40} is none; use {', '.join(WorkOrderStatus)}", field="states"
        ) from error


def _sign_off(one: SignOff) -> WorkOrderSignOff:
    return WorkOrderSignOff(
        slot=one.slot, signer=str(one.hand.utcs), signed_at=one.signed_at, statement=one.statement,
        authorisation=one.authorisation,
    )  # fmt: skip


def _finding(one: Found) -> WorkOrderFinding:
    due = [said.due_at for _, said in one.deferrals if said.due_at is not None]
    return WorkOrderFinding(
        utcs=str(one.utcs), name=one.finding.name, status=one.finding.status,
        deferrals=[str(utcs) for utcs, _ in one.deferrals], due_at=max(due, default=None),
    )  # fmt: skip


def _amounts(amounts: Any) -> list[WorkOrderAmount]:
    told: dict[Utcs, Any] = dict(amounts)
    return [WorkOrderAmount(utcs=str(utcs), quantity=as_float(n)) for utcs, n in told.items()]


FIELDS: Final[list[Any]] = [
    strawberry.field(
        work_order,
        name="workOrderCourse",
        description="A work order with its steps, its sign-offs, what was found and used, and what is "
        "missing before it may be released.",
    ),
    strawberry.field(
        work_order_list,
        description="Work orders in the order of their ids, on one asset or all; those that have not ended "
        "unless states are named.",
    ),
]
