"""The exchanges between a maintenance system and the passports, as the table declares them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.asked import AskedGraph, Asker, At
from api.rest.events import Key
from api.rest.message import (
    PROBLEMS,
    DppId,
    answered,
    message_answer,
    read_message,
    taken,
    told,
)
from api.rest.work_messages import WorkProblem
from graph.flows.exchange.certifications import report_certifications
from graph.flows.exchange.findings import report_findings
from graph.flows.exchange.parts import report_parts
from graph.flows.exchange.predictions import report_predictions
from graph.flows.exchange.results import report_results
from graph.flows.exchange.take import Taken
from graph.flows.exchange.tell import tell
from graph.flows.submit import Principal
from graph.model.exchange.message import Report, Reported
from graph.model.exchange.reports import CaosPredictions
from graph.model.exchange.table import ANSWERED, REPORTED, Exchange
from graph.model.time import format_utc, from_micros
from graph.store.bearers import find_bearers
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.moment import Moment

router = APIRouter(tags=["maintenance"])

Take = Callable[[Graph, Principal, str, Any], Awaitable[Taken]]


async def _predictions(graph: Graph, asker: Principal, dpp: str, said: CaosPredictions) -> Taken:
    return await report_predictions(graph, asker, said)


_TAKERS: Final[dict[str, Take]] = {
    "dpp.parts-usage": report_parts,
    "dpp.findings": report_findings,
    "dpp.technician-certifications": report_certifications,
    "dpp.test-results": report_results,
    "cmms.caos-predictions": _predictions,
}


def _report(exchange: Exchange) -> Callable[..., Awaitable[Response]]:
    """Returns what takes the reports of an exchange."""
    taker, message = _TAKERS[exchange.name], exchange.message

    async def take(request: Request, graph: Graph, asker: Principal, dpp: str | None) -> Response:
        async def asked(body: bytes) -> Response:
            said = read_message(message, body)
            assert isinstance(said, Report)  # noqa: S101 - those that are reported are
            passport = dpp or getattr(said, "dppId")  # noqa: B009 - of those that name it themselves
            done = await taker(graph, asker, passport, said)
            return message_answer(_reported(exchange, passport, said, done))

        return await answered(request, graph, asker, asked)

    async def on_passport(
        dppId: DppId,  # noqa: N803 - as it is written in the address
        request: Request,
        graph: AskedGraph,
        asker: Asker,
        idempotency_key: Key = None,
    ) -> Response:
        return await take(request, graph, asker, dppId)

    async def by_body(
        request: Request, graph: AskedGraph, asker: Asker, idempotency_key: Key = None
    ) -> Response:
        return await take(request, graph, asker, None)

    return on_passport if "{dppId}" in exchange.path else by_body


def _reported(exchange: Exchange, dpp: str, said: Report, done: Taken) -> Reported:
    return Reported(
        exchange=exchange.name,
        reportId=said.reportId,
        dppId=dpp,
        at=format_utc(done.at),
        recorded=[str(utcs) for utcs in done.recorded],
        event=done.event,
        seq=done.seq,
    )


def _answer(exchange: Exchange) -> Callable[..., Awaitable[Response]]:
    """Returns what answers an exchange."""

    async def answer(
        dppId: DppId,  # noqa: N803 - as it is written in the address
        graph: AskedGraph,
        at: At,
    ) -> Response:
        moment = from_micros(Moment.of(graph, at).world)
        name = f"dpp:{dppId}"
        try:
            asset = (await find_bearers(graph, [name]))[name].at(moment)
        except (NotFoundError, BadQuestionError) as error:
            raise type(error)(f"dppId: {error.message}", field="dppId", value=dppId) from error
        return message_answer(await tell(graph, exchange.name, asset, dppId, at=at))

    return answer


def _add(exchange: Exchange) -> None:
    """Adds the route of an exchange, documented as the table and its message say."""
    name = exchange.name.replace(".", "_").replace("-", "_")
    shared: dict[str, Any] = {
        "summary": exchange.says,
        "description": exchange.message.__doc__,
        "response_class": Response,
        "operation_id": name,
        "name": name,
    }
    if exchange.is_answer:
        responses: dict[int | str, dict[str, Any]] = {
            200: told("At the times that were asked for; now unless given.", exchange.message),
            400: told("A time or the id is wrong.", WorkProblem),
            404: told("Nobody has that passport id then.", WorkProblem),
        }
        router.add_api_route(exchange.path, _answer(exchange), responses=responses, **shared)
        return
    responses = {
        200: told("It is taken. The same again is answered with the same bytes.", Reported),
        409: told(
            "The record does not allow it, and nothing was done; `missing` says why. Or another report has "
            "this number, or the request of this key is worked on now.",
            WorkProblem,
        ),
        **PROBLEMS,
    }
    router.add_api_route(
        exchange.path,
        _report(exchange),
        methods=["POST"],
        openapi_extra=taken(exchange.message, exchange.example or {}),
        responses=responses,
        **shared,
    )


for _exchange in (*REPORTED, *ANSWERED):
    _add(_exchange)
