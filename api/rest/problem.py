"""Errors as RFC 9457 problem details: what went wrong, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """Returns an error answer.

    Args:
        status: The HTTP status.
        code: One word for programs, the same as GraphQL's `extensions.code`.
        detail: A sentence that names the field, the value and the fix.
        headers: More headers, such as Retry-After.
        members: Extension members, such as `errors` for a list of fields.
    """
    body = {
        "type": f"urn:utcs:problem:{code.lower().replace('_', '-')}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    return Response(orjson.dumps(body | members), status, headers=headers, media_type=MEDIA_TYPE)
