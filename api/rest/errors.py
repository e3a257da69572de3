"""Where errors become answers: problem+json for programs, a page for people."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketState

from api.errors import INTERNAL, SILENCE, problem_for
from api.head import NEVER
from api.pages.render import page
from api.plain import plain
from api.rest.problem import problem
from api.rest.resolver import prefers_page
from graph.errors import TraceError
from graph.model.wording import fault

_LATER: Final = frozenset({"GRAPH_UNREACHABLE", "IN_PROGRESS", "TOO_MANY_KEYS"})
"""Errors that pass by themselves."""

_log = logging.getLogger(__name__)

_Handler: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]


def add_error_handlers(app: FastAPI) -> None:
    """Makes every error of an app an answer in one of the two forms."""
    handlers: tuple[tuple[type[Exception], _Handler], ...] = (
        (TraceError, _of_ours),
        (RequestValidationError, _of_validation),
        (HTTPException, _of_routing),
        (Exception, _of_surprise),
    )
    for kind, handler in handlers:
        app.add_exception_handler(kind, _over_either(handler))


def _over_either(handler: _Handler) -> Any:
    """Returns a handler that answers a request, and closes a WebSocket, which takes no answer."""

    async def handle(asked: HTTPConnection, error: Exception) -> Response | None:
        if isinstance(asked, Request):
            return await handler(asked, error)
        assert isinstance(asked, WebSocket)  # noqa: S101 - there is no third
        status, code, detail = problem_for(error)
        if status >= 500:
            _log.error("WebSocket %s: %s", asked.url.path, detail, exc_info=error)
        if asked.application_state is not WebSocketState.DISCONNECTED:
            await asked.close(1011 if status >= 500 else 1008, code)
        return None

    return handle


async def _of_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TraceError)  # noqa: S101 - registered for it above
    status, code, detail = problem_for(error)
    if status >= 500:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    members: dict[str, Any] = {}
    if field := error.facts.get("field"):
        value = error.facts.get("value") or {**request.path_params, **request.query_params}.get(
            str(field)
        )
        members["errors"] = [{"field": field, "value": value, "fix": detail.rpartition("; ")[2]}]
    if breaches := error.facts.get("breaches"):
        members["missing"] = plain(breaches)
    if code in ("NOT_FOUND", "BAD_IDENTIFIER"):
        detail += _without_slash(request)
    headers = {"Retry-After": "5"} if code in _LATER else None
    return _answer(request, status, code, detail, headers, **members)


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        {
            "field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
            "value": None if one["type"] == "missing" else str(one.get("input"))[:200],
            "fix": fault(one),
        }
        for one in error.errors()
    ]
    sentences = (
        f"{one['field']}: {one['fix']}"
        if one["value"] is None
        else f"{one['field']}: {one['value']!r}: {one['fix']}"
        for one in errors
    )
    return _answer(request, 400, "BAD_QUESTION", "; ".join(sentences), errors=errors)


async def _of_routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    path, headers = request.url.path[:200], dict(error.headers or {})
    if "GET" in (allowed := headers.get("Allow", "").split(", ")) and path not in NEVER:
        headers["Allow"] = ", ".join(sorted({*allowed, "HEAD"}))
    code, detail = {
        404: (
            "NOT_FOUND",
            f"path: nothing is at {path}; see /docs for what there is{_without_slash(request)}",
        ),
        405: (
            "METHOD_NOT_ALLOWED",
            f"method: {request.method} is not taken at {path}; see /docs",
        ),
    }.get(error.status_code, ("BAD_REQUEST", str(error.detail)))
    return _answer(request, error.status_code, code, detail, headers)


async def _of_surprise(request: Request, error: Exception) -> Response:
    # What went wrong is for the log; the caller learns only that it did.
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(request, 500, INTERNAL, SILENCE)


def _without_slash(request: Request) -> str:
    path = request.url.path[:200]
    if path == "/" or not path.endswith("/"):
        return ""
    return f"; leave out the slash at the end, as in {path.rstrip('/')}"


def _answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    headers: Any = None,
    **members: Any,
) -> Response:
    if prefers_page(request.headers.get("accept", "")):
        answer = page(
            "problem",
            status,
            title=code.replace("_", " ").capitalize(),
            detail=detail,
            status=status,
            code=code,
        )
        answer.headers.update(headers or {})
        return answer
    return problem(status, code, detail, headers=headers, **members)
