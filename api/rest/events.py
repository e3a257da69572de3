"""Taking events: one, an array, or a line each; what became of every one of them is the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from api.rest.asked import AskedGraph, Asker
from api.rest.body import encoded, json_answer, not_json
from api.rest.idempotency import answered_once, read_key
from api.rest.problem import problem
from graph.flows.submit import submit
from graph.model.event import MAX_BYTES
from graph.model.nesting import write_json
from graph.model.outcome import Outcome, Status
from graph.model.strict import JsonError, is_plain, split_array

router = APIRouter(prefix="/api/v1", tags=["events"])

LINES: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
JSON: Final = frozenset(
    {
        "application/json",
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
    }
)
CHUNK: Final = 500
"""How many lines are applied together; a `group` therefore fits in an array, not across lines."""

EXAMPLE: Final = {
    "specversion": "1.0",
    "id": "7d0c1a52",
    "source": "urn:example:plm",
    "type": "org.utcs.facts.put.v1",
    "time": "2026-01-15T09:30:00Z",
    "data": {
        "facts": [
            {
                "fact": "put_node",
                "utcs": "utcs:EXAMPLE:requirement:REQ-1",
                "properties": {"name": "Tank pressure", "text": "The tank shall hold 6 bar."},
            }
        ]
    },
}
_BODY: Final = {
    "required": True,
    "content": {
        "application/cloudevents+json": {"schema": {"type": "object"}, "example": EXAMPLE},
        "application/cloudevents-batch+json": {
            "schema": {"type": "array", "items": {"type": "object"}},
            "example": [EXAMPLE],
        },
        "application/x-ndjson": {
            "schema": {"type": "string"},
            "example": orjson.dumps(EXAMPLE).decode() + "\n",
        },
    },
}


Key = Annotated[
    str | None,
    Header(
        description="A key of your own for this request: sent again with it, it is answered alike.",
        examples=['"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
    ),
]


class TooLargeError(Exception):
    """The request's body is over the limit."""


@router.post(
    "/events",
    summary="Send events",
    openapi_extra={"requestBody": _BODY},
    responses={
        200: {"description": "What became of each event; one bad event does not lose the rest."},
        202: {"description": "The one event waits for something that it needs."},
        409: {"description": "The request of this `Idempotency-Key` is worked on now; ask again."},
        413: {"description": "The body is too large."},
        415: {"description": "The content type is not one of those listed."},
        422: {
            "description": "The one event was refused; `outcome` and `detail` say why. Or the "
            "`Idempotency-Key` came with another body."
        },
        429: {"description": "No more keys are kept; send without one."},
    },
)
async def post_events(
    request: Request,
    graph: AskedGraph,
    asker: Asker,
    idempotency_key: Key = None,
) -> Response:
    """Takes CloudEvents 1.0 in structured form and says what became of each, in order.

    A batch is answered with 200 and an outcome per event. A single event that is refused is
    answered with 422, so that simple clients notice. With an `Idempotency-Key`, the same body is
    answered with the same bytes for 24 hours.
    """
    asker.require("editor")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if (refusal := encoded(request.headers)) is not None:
        return refusal
    if media not in LINES | JSON:
        return problem(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            f"Content-Type: {media[:80]!r} is not taken; use application/cloudevents+json for one "
            "event, application/cloudevents-batch+json for an array, application/x-ndjson for lines",
        )
    limit: int = request.app.state.settings.max_body_bytes
    key = read_key(request.headers)
    outcomes: list[Outcome] = []
    try:
        if media in LINES and key is None:
            return await _taken(limited(request, limit), graph, asker, outcomes)
        body = b"".join([part async for part in limited(request, limit)])
    except TooLargeError:
        detail = f"body: over the limit of {limit:,} bytes; send smaller batches"
        return problem(413, "TOO_LARGE", detail, **_members(outcomes))
    if key is None:
        return await _answer(media, body, graph, asker)
    return await answered_once(
        graph, asker.actor, key, (media, body), lambda: _answer(media, body, graph, asker)
    )


async def _answer(media: str, body: bytes, graph: AskedGraph, asker: Asker) -> Response:
    if media in LINES:
        return await _taken(_whole(body), graph, asker, [])
    return await _document(body, graph, asker)


async def _taken(
    parts: AsyncIterator[bytes], graph: AskedGraph, asker: Asker, outcomes: list[Outcome]
) -> Response:
    """Takes lines as they come, and notes what became of each."""
    async for chunk in _chunks(_lines(parts)):
        outcomes += await submit(graph, chunk, asker)
    return _batch(outcomes)


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _document(body: bytes, graph: AskedGraph, asker: Asker) -> Response:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return not_json(error)
    if not isinstance(document, list):
        return _single((await submit(graph, [body], asker))[0])
    try:
        items = (
            [_sized(item) for item in document] if is_plain(body, document) else split_array(body)
        )
    except JsonError as error:
        return problem(400, "NOT_JSON", f"body: {error}")
    return _batch(await submit(graph, items, asker))


def _sized(item: Any) -> bytes | dict[str, Any]:
    """Returns an item as it is taken; what is no object, or too large, goes on to be refused."""
    written = write_json(item)
    return item if isinstance(item, dict) and len(written) <= MAX_BYTES else written


def _single(outcome: Outcome) -> Response:
    if outcome.status is Status.REFUSED:
        code = str(outcome.code or "invalid").upper()
        return problem(
            422, code, outcome.reason or "refused", outcome=outcome.model_dump(mode="json")
        )
    return json_answer(outcome, 202 if outcome.status is Status.PARKED else 200)


def _batch(outcomes: list[Outcome]) -> Response:
    return json_answer(_members(outcomes))


def _members(outcomes: list[Outcome]) -> dict[str, Any]:
    counts = Counter(outcome.status for outcome in outcomes)
    return {
        "counts": {status.value: counts[status] for status in Status},
        "outcomes": [outcome.model_dump(mode="json", exclude_none=True) for outcome in outcomes],
    }


async def limited(request: Request, limit: int) -> AsyncIterator[bytes]:
    """Yields the parts of a body.

    Raises:
        TooLargeError: It is longer than the limit.
    """
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooLargeError
    total = 0
    async for part in request.stream():
        total += len(part)
        if total > limit:
            raise TooLargeError
        yield part


async def _lines(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yields the lines that are not blank; of one that is too long only enough to refuse it."""
    rest, dropped = b"", False
    async for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            if line.strip() and not dropped:
                yield line
            dropped = False
        if len(rest) > MAX_BYTES:
            if not dropped:
                yield rest
            rest, dropped = b"", True
    if rest.strip() and not dropped:
        yield rest


async def _chunks(lines: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    chunk: list[bytes] = []
    async for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
