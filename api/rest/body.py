"""Answers as JSON responses."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from api.plain import plain
from graph.store.reach import Answer


def json_answer(value: Any, status: int = 200) -> Response:
    """Returns an answer as a JSON response."""
    return Response(orjson.dumps(plain(value)), status, media_type="application/json")


def reached(answer: Answer) -> Response:
    """Returns what a thing reaches, with how far the answer goes in words."""
    return json_answer(plain(answer) | {"extent": answer.extent})
