"""Answers as JSON responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from api.plain import plain
from api.rest.problem import problem


def encoded(headers: Mapping[str, str]) -> Response | None:
    """Returns the refusal of a body that came compressed, or None."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding in ("", "identity"):
        return None
    detail = f"Content-Encoding: {coding[:40]!r} is not taken; send the body as it is"
    return problem(415, "UNSUPPORTED_MEDIA_TYPE", detail, headers={"Accept-Encoding": "identity"})


def not_json(error: orjson.JSONDecodeError, field: str = "body") -> Response:
    """Returns the refusal of what is not JSON."""
    place = f"line {error.lineno} column {error.colno}"
    return problem(400, "NOT_JSON", f"{field}: not JSON, {place}: {error.msg}")


def json_answer(value: Any, status: int = 200) -> Response:
    """Returns an answer as a JSON response."""
    return Response(orjson.dumps(plain(value)), status, media_type="application/json")
