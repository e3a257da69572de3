"""Messages whose JSON is published: read, answered once for a key, and documented in the same words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final, TypeVar

from fastapi import Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.rest.asked import Asker
from api.rest.body import encoded
from api.rest.events import TooLargeError, limited
from api.rest.idempotency import answered_once, read_key
from api.rest.problem import problem
from api.rest.work_messages import WorkProblem
from graph.errors import TraceError
from graph.model.exchange.message import PASSPORT, schema_of
from graph.model.strict import JsonError, read_json
from graph.store.database import Graph

AT_ONCE: Final = 4
"""So many of these calls are worked on at once. They write one after the other anyway; without a bound, a
rush took every connection to wait for the lock of the log, and all other questions failed (2026-11)."""

MAX_BODY: Final = 256 * 1024
"""The longest body of such a call, in bytes."""

Message = TypeVar("Message", bound=BaseModel)

DppId = Annotated[
    str,
    Path(
        description="The passport id of the aircraft or unit.",
        examples=["DPP-H2-001"],
        pattern=PASSPORT,
        max_length=130,
    ),
]


def told(description: str, message: type[BaseModel]) -> dict[str, Any]:
    """Returns how OpenAPI tells of an answer."""
    media = "application/problem+json" if message is WorkProblem else "application/json"
    return {"description": description, "content": {media: {"schema": schema_of(message)}}}


def taken(message: type[BaseModel], example: Mapping[str, Any]) -> dict[str, Any]:
    """Returns how OpenAPI tells of a body."""
    media = {"schema": schema_of(message), "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": media}}}


PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: told("A field is wrong; `errors` says which, and how to write it.", WorkProblem),
    403: told("The token may not write.", WorkProblem),
    404: told("Nothing goes by an id that is given; `errors` says which.", WorkProblem),
    413: told("The body is too large.", WorkProblem),
    415: told("The content type is not application/json.", WorkProblem),
    422: told("The `Idempotency-Key` came with another body.", WorkProblem),
}
"""How OpenAPI tells of what can go wrong with any of them."""


async def answered(
    request: Request,
    graph: Graph,
    asker: Asker,
    answer: Callable[[bytes], Awaitable[Response]],
) -> Response:
    """Returns the answer to a body that is JSON and within the limit; under a key, the one that was given."""
    asker.require("editor")
    if (refusal := encoded(request.headers)) is not None:
        return refusal
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        detail = f"Content-Type: {media[:80]!r} is not taken; send application/json"
        return problem(415, "UNSUPPORTED_MEDIA_TYPE", detail)
    try:
        body = b"".join([part async for part in limited(request, MAX_BODY)])
    except TooLargeError:
        return problem(413, "TOO_LARGE", f"body: over the limit of {MAX_BODY:,} bytes; send less")
    key = read_key(request.headers)

    async def in_turn() -> Response:
        async with _turn(request):
            return await answer(body)

    if key is None:
        return await in_turn()
    place = f"{request.url.path} {media}"
    return await answered_once(graph, asker.actor, key, (place, body), in_turn)


def _turn(request: Request) -> asyncio.Semaphore:
    """Returns what lets so many of these calls through at once, one for each app."""
    state = request.app.state
    if not hasattr(state, "message_turn"):
        state.message_turn = asyncio.Semaphore(AT_ONCE)
    turn: asyncio.Semaphore = state.message_turn
    return turn


def read_message(message: type[Message], body: bytes) -> Message:
    """Returns the message in a body.

    Raises:
        RequestValidationError: It is no JSON, or not such a message; says in which field.
    """
    try:
        return message.model_validate(read_json(body))
    except JsonError as error:
        wrong = {"type": "value_error", "loc": ("body", "body"), "msg": str(error)}
        raise RequestValidationError(
            [wrong | {"input": body[:80].decode(errors="replace")}]
        ) from error
    except ValidationError as error:
        wrongs = error.errors(include_url=False)
        raise RequestValidationError([w | {"loc": ("body", *w["loc"])} for w in wrongs]) from error


def read_values(**fields: tuple[Any, Callable[[Any], Any]]) -> list[Any]:
    """Returns what fields mean; each with its value and what reads it.

    Raises:
        RequestValidationError: Some cannot be read; says of each why.
    """
    values, wrongs = [], []
    for name, (value, read) in fields.items():
        try:
            values.append(read(value))
        except TraceError as error:
            why = error.message.removeprefix(f"{name}: ").removeprefix(f"{value!r} ")
            wrong = {"type": "value_error", "loc": ("body", name), "msg": why, "input": value}
            wrongs.append(wrong)
    if wrongs:
        raise RequestValidationError(wrongs)
    return values


def message_answer(answer: BaseModel, status: int = 200) -> Response:
    """Returns an answer as JSON, in the form that is published."""
    return Response(answer.model_dump_json().encode(), status, media_type="application/json")
