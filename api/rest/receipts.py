"""Reports that were sent, and the receipts of those who got them."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import Response

from api.rest.asked import AskedGraph, Asker, At
from api.rest.body import json_answer
from api.rest.events import Key
from api.rest.message import PROBLEMS, answered, read_message, read_values, taken, told
from api.rest.work_messages import WorkProblem
from graph.flows.sending import Receipt, record_receipt
from graph.model.exchange.message import Message
from graph.model.governance import Job
from graph.model.identifier import Utcs
from graph.model.time import format_utc, parse_utc
from graph.store.sendings import Sending, sendings

RECEIPT: Final[dict[str, JsonValue]] = {
    "sending": "utcs:AMPEL360:job:REPORT.easa-occurrences.20251103T0600Z",
    "sha256": "5fbb7f1b9a3f003e237ae1b5881ba695967323778436e51044c204438d46061e",
    "number": "EASA-2025-118204",
    "receivedAt": "2025-11-03T08:12:00Z",
    "receivedBy": "EASA occurrence reporting",
}


class ReportReceipt(Message):
    """What the recipient of a report says: that it came, and under which number."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [RECEIPT]})

    sending: str = Field(max_length=500, description="The record of the report that was sent.")
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="The SHA-256 of the file that came, in hex."
    )
    number: str = Field(
        min_length=1, max_length=100, description="The number under which it was taken."
    )
    receivedAt: str = Field(  # noqa: N815 - as it is written there, here and below
        max_length=50,
        description="When it was taken: an RFC 3339 time with offset.",
        json_schema_extra={"format": "date-time"},
    )
    receivedBy: str = Field(  # noqa: N815
        min_length=1, max_length=300, description="Who took it, for the recipient."
    )


class SentReport(BaseModel):
    """A report that was sent."""

    sending: str
    report: str | None
    about: str | None
    recipient: str | None
    dueAt: str | None  # noqa: N815
    sentAt: str | None  # noqa: N815
    location: str | None
    sha256: str | None
    isAcknowledged: bool  # noqa: N815
    receipt: str | None
    receivedAt: str | None  # noqa: N815
    receivedBy: str | None  # noqa: N815


def receipts_router() -> APIRouter:
    """Returns `/api/v1/reports/sent` and `/api/v1/reports/receipts`."""
    router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

    @router.get("/sent", summary="Which reports were sent, to whom, and which were acknowledged")
    async def get_sent(
        graph: AskedGraph,
        at: At,
        outstanding: Annotated[
            bool, Query(description="Only those that the recipient has not acknowledged.")
        ] = False,
        first: Annotated[int, Query(description="How many to a page.")] = 100,
        after: Annotated[
            str | None, Query(description="The `next` of the page before.", max_length=2000)
        ] = None,
    ) -> Response:
        """A page of what was sent on a schedule, by identifier."""
        found = await sendings(graph, is_outstanding=outstanding, first=first, after=after, at=at)
        listed = [told_of(one).model_dump() for one in found.sendings]
        return json_answer({"sent": listed, "total": found.total, "next": found.next})

    @router.post(
        "/receipts",
        summary="A report was received",
        response_class=Response,
        openapi_extra=taken(ReportReceipt, RECEIPT),
        responses={
            201: told("The receipt is recorded.", SentReport),
            200: told("The same receipt was recorded before.", SentReport),
            409: told("Another file came, or there is another receipt; nothing was done.", WorkProblem),
            **PROBLEMS,
        },
    )  # fmt: skip
    async def post_receipt(
        request: Request, graph: AskedGraph, asker: Asker, idempotency_key: Key = None
    ) -> Response:
        """Records that the recipient acknowledged a report, with the hash of the file that came."""

        async def asked(body: bytes) -> Response:
            said = read_message(ReportReceipt, body)
            sending, at = read_values(
                sending=(said.sending, Utcs.parse),
                receivedAt=(said.receivedAt, lambda text: parse_utc(text, "receivedAt")),
            )
            receipt = Receipt(sending, said.sha256, said.number, at, said.receivedBy)
            made = await record_receipt(graph, asker, receipt)
            return json_answer(_told(made.utcs, made.job).model_dump(), 201 if made.is_new else 200)

        return await answered(request, graph, asker, asked)

    return router


def told_of(sending: Sending) -> SentReport:
    """Returns a report that was sent as programs are told of it."""
    return _told(sending.utcs, sending.job)


def _told(utcs: Utcs, job: Job) -> SentReport:
    def written(value: Any) -> str | None:
        return None if value is None else format_utc(value)

    return SentReport(
        sending=str(utcs),
        report=job.report,
        about=job.about,
        recipient=job.recipient,
        dueAt=written(job.due_at),
        sentAt=written(job.ended_at),
        location=job.location,
        sha256=job.sha256,
        isAcknowledged=job.receipt is not None,
        receipt=job.receipt,
        receivedAt=written(job.received_at),
        receivedBy=job.received_by,
    )
