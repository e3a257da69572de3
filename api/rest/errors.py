"""Where errors become answers: problem+json for programs, a page for people."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.errors import problem_for
from api.pages.render import page
from api.rest.problem import problem
from api.rest.resolver import prefers_page
from graph.errors import TraceError

_log = logging.getLogger(__name__)


def add_error_handlers(app: FastAPI) -> None:
    """Makes every error of an app an answer in one of the two forms."""
    app.add_exception_handler(TraceError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_routing)
    app.add_exception_handler(Exception, _of_surprise)


async def _of_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TraceError)  # noqa: S101 - registered for it above
    status, code, detail = problem_for(error)
    if status >= 500:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    members: dict[str, Any] = {}
    if field := error.facts.get("field"):
        members["errors"] = [
            {
                "field": field,
                "value": request.query_params.get(str(field)),
                "fix": detail.rpartition("; ")[2],
            }
        ]
    headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return _answer(request, status, code, detail, headers, **members)


async def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        {
            "field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]),
            "value": str(one.get("input"))[:200],
            "fix": one["msg"],
        }
        for one in error.errors()
    ]
    detail = "; ".join(f"{one['field']}: {one['value']!r}: {one['fix']}" for one in errors)
    return _answer(request, 400, "BAD_QUESTION", detail, errors=errors)


async def _of_routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    path = request.url.path[:200]
    code, detail = {
        404: ("NOT_FOUND", f"path: nothing is at {path}; see /docs for what there is"),
        405: ("METHOD_NOT_ALLOWED", f"method: {request.method} is not taken at {path}; see /docs"),
    }.get(error.status_code, ("BAD_REQUEST", str(error.detail)))
    return _answer(request, error.status_code, code, detail, error.headers)


async def _of_surprise(request: Request, error: Exception) -> Response:
    # What went wrong is for the log; the caller learns only that it did.
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(request, 500, "INTERNAL", "The service failed; its log says more.")


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
