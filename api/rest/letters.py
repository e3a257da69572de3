"""Dead letters: what could not be taken, and settling it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.letter import letter_json
from api.plain import plain
from api.rest.asked import AskedGraph, Asker, find_moment
from api.rest.body import encoded, json_answer
from api.rest.events import EXAMPLE, JSON, TooLargeError, limited
from api.rest.problem import problem
from api.rest.things import After, First
from graph.flows import settle
from graph.model.event import MAX_BYTES
from graph.model.outcome import Reason
from graph.store.letters import Selection, Settlement, State, list_letters, open_letter

router = APIRouter(prefix="/api/v1/dead-letters", tags=["events"])

Hash = Annotated[
    str,
    Path(
        description="The SHA-256 of the document as it was sent, hex, or its first 6 characters.",
        max_length=100,
        examples=["3f8a12"],
    ),
]
Why = Annotated[str | None, Query(description="Why, for the record.", examples=["test bench"])]
Since = Annotated[str | None, Query(description="Refused last then or later.", max_length=50)]
Until = Annotated[str | None, Query(description="Refused last before then.", max_length=50)]

_MENDED: Final = {
    "required": False,
    "content": {"application/cloudevents+json": {"schema": {"type": "object"}, "example": EXAMPLE}},
}
_ADMIN: Final[dict[int | str, dict[str, Any]]] = {
    403: {"description": "The caller is no admin."},
    404: {"description": "There is no such letter."},
    409: {"description": "It is not open any more: somebody was faster."},
}


@router.get("", summary="What could not be taken")
async def get_letters(
    graph: AskedGraph,
    state: Annotated[
        State | None, Query(description="How they stand; whatever they do unless given.")
    ] = None,
    source: Annotated[str | None, Query(description="Who sent it.")] = None,
    code: Annotated[Reason | None, Query(description="Why it was refused last.")] = None,
    since: Since = None,
    until: Until = None,
    first: First = 100,
    after: After = None,
) -> Response:
    """Dead letters, those refused last first, without the documents in them."""
    selection = Selection(
        state, source, code, find_moment(since, "since"), find_moment(until, "until")
    )
    return json_answer(await list_letters(graph, selection, first=first, after=after))


@router.get("/{hash}", summary="One of them, with what was sent")
async def get_letter(hash: Hash, graph: AskedGraph) -> Response:
    """The bytes as they were sent, why they could not be taken, and all that was done about it."""
    return json_answer(letter_json(await open_letter(graph, hash)))


@router.post(
    "/{hash}/resend",
    summary="Send it again, or a mended event instead",
    openapi_extra={"requestBody": _MENDED},
    responses=_ADMIN | {422: {"description": "It was refused again, and stays open."}},
)
async def post_resend(
    hash: Hash, request: Request, graph: AskedGraph, asker: Asker, reason: Why = None
) -> Response:
    """Sends what was sent, in the name of its sender, or the event in the body, in the caller's.

    The other open letters of its `group` go along. What is applied, known or waiting is settled.
    """
    asker.require("admin")
    if (refusal := encoded(request.headers)) is not None:
        return refusal
    try:
        mended = b"".join([part async for part in limited(request, MAX_BYTES)])
    except TooLargeError:
        return problem(413, "TOO_LARGE", f"body: over the limit of {MAX_BYTES:,} bytes")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mended and media not in JSON:
        detail = f"Content-Type: {media[:80]!r} is not taken; send application/cloudevents+json"
        return problem(415, "UNSUPPORTED_MEDIA_TYPE", detail)
    return _told(await settle.resend(graph, hash, asker, mended=mended or None, reason=reason))


@router.post("/{hash}/discard", summary="Settle it without sending it", responses=_ADMIN)
async def post_discard(
    hash: Hash,
    graph: AskedGraph,
    asker: Asker,
    reason: Annotated[str, Query(description="Why, for the record.", examples=["test bench"])],
) -> Response:
    """It stays readable, with who decided so and why."""
    return _told([await settle.discard(graph, hash, asker, reason)])


def _told(settlements: Sequence[Settlement]) -> Response:
    refused = next((one.outcome for one in settlements if not one.is_settled), None)
    members = {"settlements": plain(settlements)}
    if refused is None:
        return json_answer(members)
    code = str(refused.code or "invalid").upper()
    return problem(422, code, refused.reason or "refused", **members)
