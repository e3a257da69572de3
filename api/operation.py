"""An operation as it was sent: its parts are what they must be, or the request is refused."""

from __future__ import annotations

from typing import Any, Final

import orjson
from cross_web import AsyncHTTPRequestAdapter
from starlette.responses import Response
from strawberry.http import GraphQLRequestData

from api.rest.body import encoded, not_json
from api.rest.problem import problem

MAX_BODY: Final = 4 * 1024 * 1024
"""The largest operation with its variables; more events than that go to `/api/v1/events`."""


class RefusedError(Exception):
    """A request holds no operation; `answer` says why."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


async def read_operation(request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
    """Returns the operation that a request holds.

    Raises:
        RefusedError: It holds none that could be looked at.
    """
    given = _of_query(request) if request.method == "GET" else await _of_body(request)
    if isinstance(given, list):
        raise _bad("body: an array is not taken; send one operation, it may ask for many things")
    if wrong := wrong_operation(given, "body"):
        raise _bad(wrong)
    return GraphQLRequestData(
        query=given.get("query"),
        variables=given.get("variables"),
        operation_name=given.get("operationName"),
        extensions=given.get("extensions"),
        protocol="http",
    )


def wrong_operation(given: Any, what: str) -> str | None:
    """Returns what is wrong with the parts of an operation as they were sent, or None."""
    if not isinstance(given, dict):
        return f"{what}: a JSON object is expected"
    for name in ("query", "operationName"):
        if not isinstance(given.get(name), str | None):
            return f"{name}: text is expected"
    for name in ("variables", "extensions"):
        if not isinstance(given.get(name), dict | None):
            return f"{name}: a JSON object is expected"
    persisted = "persistedQuery" in (given.get("extensions") or {})
    return None if given.get("query") or persisted else "query: is missing; give an operation"


def _of_query(request: AsyncHTTPRequestAdapter) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if text := given.get(name):
            given[name] = _read(text, name)
    return given


async def _of_body(request: AsyncHTTPRequestAdapter) -> Any:
    headers = {name.lower(): value for name, value in request.headers.items()}
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        detail = f"Content-Type: {media[:80]!r} is not taken; use application/json"
        raise RefusedError(problem(415, "UNSUPPORTED_MEDIA_TYPE", detail))
    if (refusal := encoded(headers)) is not None:
        raise RefusedError(refusal)
    if int(headers.get("content-length") or 0) > MAX_BODY:
        raise _too_large()
    body = await request.get_body()
    if len(body) > MAX_BODY:
        raise _too_large()
    return _read(body, "body")


def _read(text: str | bytes, field: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RefusedError(not_json(error, field)) from error


def _too_large() -> RefusedError:
    detail = f"body: over the limit of {MAX_BODY:,} bytes; send events to /api/v1/events"
    return RefusedError(problem(413, "TOO_LARGE", detail))


def _bad(detail: str) -> RefusedError:
    field, _, fix = detail.partition(": ")
    return RefusedError(
        problem(400, "BAD_QUESTION", detail, errors=[{"field": field, "value": None, "fix": fix}])
    )
