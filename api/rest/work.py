"""The two calls between a maintenance system and the passports: maintenance is due, work is completed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.naming import named
from api.rest.asked import AskedGraph, Asker
from api.rest.events import Key
from api.rest.message import (
    PROBLEMS,
    DppId,
    answered,
    message_answer,
    read_message,
    read_values,
    taken,
    told,
)
from api.rest.work_messages import (
    DUE,
    CompleteAnswer,
    Drawn,
    DueAnswer,
    MaintenanceDue,
    WorkLinks,
    WorkProblem,
)
from graph.flows.complete import Completed, complete
from graph.flows.work import Requested, request_work
from graph.model import work_request as words
from graph.model.exchange.reports import COMPLETE, WorkOrderComplete
from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrder, WorkOrderStatus
from graph.model.time import format_utc, from_micros
from graph.store.bearers import find_bearers
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.question import require_unit

router = APIRouter(prefix="/api/v1", tags=["maintenance"])


@router.post(
    "/cmms/maintenance-due",
    summary="Maintenance is due",
    status_code=201,
    response_class=Response,
    openapi_extra=taken(MaintenanceDue, DUE),
    responses={
        201: told("The work order that was made, as requested.", DueAnswer),
        200: told("The work order that was requested so before, and has not ended.", DueAnswer),
        409: told("The request of this key is worked on now, or the graph refuses it.", WorkProblem),
        **PROBLEMS,
    },
)  # fmt: skip
async def post_maintenance_due(
    request: Request, graph: AskedGraph, asker: Asker, idempotency_key: Key = None
) -> Response:
    """Makes a requested work order on the asset of a passport.

    The same request again (asset, sort of maintenance, due date) answers the same work order, as long as
    that is not released, closed or cancelled. A due date that is over is accepted: the work is overdue.
    """

    async def asked(body: bytes) -> Response:
        return await _due(graph, asker, read_message(MaintenanceDue, body))

    return await answered(request, graph, asker, asked)


@router.post(
    "/dpp/{dppId}/work-order-complete",
    summary="A work order is completed",
    response_class=Response,
    openapi_extra=taken(WorkOrderComplete, COMPLETE),
    responses={
        200: told("It is completed. The same report again is answered with the same bytes.", CompleteAnswer),
        409: told(
            "The record does not allow it, and nothing was done; `missing` says what is missing. Or another "
            "report completed the work order, or the request of this key is worked on now.",
            WorkProblem,
        ),
        **PROBLEMS,
    },
)  # fmt: skip
async def post_work_order_complete(
    dppId: DppId,  # noqa: N803 - as it is written in the address
    request: Request,
    graph: AskedGraph,
    asker: Asker,
    idempotency_key: Key = None,
) -> Response:
    """Completes a work order on the asset of a passport: findings, parts and release with it, or nothing.

    The report names no signer. Return to service is granted if every sign-off that the work order asks for
    is on record, each by somebody who was qualified when signing, and no finding is open or put off beyond
    its limit.
    """

    async def asked(body: bytes) -> Response:
        return await _completed(graph, asker, dppId, read_message(WorkOrderComplete, body))

    return await answered(request, graph, asker, asked)


async def _meant(graph: Graph, *given: tuple[str, str, str]) -> list[Utcs]:
    """Returns the thing that each name means now; each with its field and as it was given.

    Raises:
        BadQuestionError: One means several things, or was mistyped.
        NotFoundError: One means nothing.
    """
    now = from_micros(graph.clock())
    bearers = await find_bearers(graph, dict.fromkeys(name for _, _, name in given))
    found = []
    for field, value, name in given:
        try:
            found.append(bearers[name].at(now))
        except (NotFoundError, BadQuestionError) as error:
            raise type(error)(f"{field}: {error.message}", field=field, value=value) from error
    return found


async def _due(graph: Graph, asker: Asker, said: MaintenanceDue) -> Response:
    today = from_micros(graph.clock()).date()
    due_on, priority, hours = read_values(
        dueDate=(said.dueDate, lambda text: words.read_due(text, today)),
        priority=(said.priority, words.read_priority),
        estimatedDuration=(said.estimatedDuration, lambda text: text and words.read_duration(text)),
    )
    (asset,) = await _meant(graph, ("dppId", said.dppId, f"dpp:{said.dppId}"))
    require_unit(asset, field="dppId")
    asked = words.Request(asset, said.maintenanceType, due_on, priority, hours)
    made = await request_work(graph, asker, asked)
    return message_answer(_due_answer(made, said, asked, today), 201 if made.is_new else 200)


def _due_answer(
    made: Requested, said: MaintenanceDue, asked: words.Request, today: date
) -> DueAnswer:
    order = made.order
    return DueAnswer(
        workOrderId=order.number,
        utcs=str(made.utcs),
        dppId=said.dppId,
        status=order.status or WorkOrderStatus.REQUESTED,
        maintenanceType=said.maintenanceType,
        dueDate=asked.due_on.isoformat(),
        isOverdue=asked.is_overdue(today),
        priority=order.priority and order.priority.value.capitalize(),
        estimatedDuration=_duration(order),
        notes=list(_notes(made, asked)),
        links=_links(said.dppId, made.utcs, asked.asset),
    )


def _notes(made: Requested, asked: words.Request) -> Iterator[str]:
    """Yields in what a work order differs that was requested before."""
    order = made.order
    if order.priority is not asked.priority:
        yield f"priority: {asked.priority} was asked for; the work order stays {order.priority}"
    if asked.estimated_h is not None and order.estimated_h != asked.estimated_h:
        yield f"estimatedDuration: the work order stays with {_duration(order) or 'none'}"


async def _completed(graph: Graph, asker: Asker, dpp: str, said: WorkOrderComplete) -> Response:
    (completed,) = read_values(completionDate=(said.completionDate, words.read_completed))
    asset, order, *parts = await _meant(
        graph,
        ("dppId", dpp, f"dpp:{dpp}"),
        ("workOrderId", said.workOrderId, said.workOrderId),
        *(("partsUsed", part, part) for part in said.partsUsed),
    )
    require_unit(asset, field="dppId")
    with named(id="workOrderId"):
        report = words.Report(completed, said.findings, tuple(said.partsUsed), said.returnToService)
        done = await complete(graph, asker, asset, order, report, parts)
    return message_answer(_complete_answer(done, dpp))


def _complete_answer(done: Completed, dpp: str) -> CompleteAnswer:
    return CompleteAnswer(
        workOrderId=done.number,
        utcs=str(done.utcs),
        dppId=dpp,
        status=WorkOrderStatus(done.state),
        completedAt=format_utc(done.ended_at or done.at),
        effectiveAt=format_utc(done.at),
        returnedToService=done.release is not None,
        release=_text(done.release),
        certifiedBy=None if done.certified_by is None else done.certified_by.local,
        finding=_text(done.finding),
        partsUsed=[Drawn(stock=str(one.stock), quantity=f"{one.quantity:f}") for one in done.used],
        unitsInstalled=[str(one) for one in done.fitted],
        event=done.event,
        seq=done.seq,
        links=_links(dpp, done.utcs, done.asset, done.release),
    )


def _links(dpp: str, order: Utcs, asset: Utcs, release: Utcs | None = None) -> WorkLinks:
    return WorkLinks(
        workOrder=f"/api/v1/things/{order}",
        asset=f"/api/v1/things/{asset}",
        complete=f"/api/v1/dpp/{dpp}/work-order-complete",
        release=None if release is None else f"/api/v1/things/{release}",
    )


def _duration(order: WorkOrder) -> str | None:
    return None if order.estimated_h is None else words.write_duration(order.estimated_h)


def _text(utcs: Utcs | None) -> str | None:
    return None if utcs is None else str(utcs)
