"""The REST reference as a page of our own: made from the OpenAPI document, without any script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import orjson
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from api.pages.render import page, static

_TAGS: Final = (
    "things", "graph", "telemetry", "quality", "reports", "maintenance", "fleet", "events",
    "operation",
)  # fmt: skip
"""In the order in which people meet them."""


def docs_router() -> APIRouter:
    """Returns `/docs` and the files that pages load."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        document = request.app.openapi()
        base = str(request.base_url).rstrip("/")
        return page(
            "reference",
            document=document,
            operations=sorted(_operations(document, base), key=_place),
        )

    @router.get("/static/{name}")
    async def static_file(name: str) -> Response:
        if (found := static(name)) is None:
            raise HTTPException(404)
        return found

    return router


def _operations(document: dict[str, Any], base: str) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            example = _body_example(operation)
            yield {
                "tag": operation["tags"][0],
                "method": method.upper(),
                "path": path,
                "parameters": operation.get("parameters", []),
                "body": example,
                "curl": _curl(method.upper(), base + path, operation, example),
                **{key: operation.get(key, "") for key in ("summary", "description", "responses")},
            }


def _place(operation: dict[str, Any]) -> tuple[int, str]:
    return _TAGS.index(operation["tag"]), operation["path"]


def _curl(method: str, url: str, operation: dict[str, Any], body: Any) -> str:
    """Returns a command that works as it stands, in a shell where UTCS_HOME is set."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            example = next(iter(parameter["schema"].get("examples", ["utcs:AMPEL360:…"])))
            url = url.replace(f"{{{parameter['name']}}}", quote(example, safe=":/~"))
    asked = [
        f"{parameter['name']}={quote(parameter['schema'].get('examples', ['…'])[0])}"
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter.get("required")
    ]
    url += f"?{'&'.join(asked)}" if asked else ""
    lines = [f"curl -s '{url}'", '-H "Authorization: Bearer $(cat $UTCS_HOME/secrets/api_token)"']
    if body:
        media = next(iter(operation["requestBody"]["content"]))
        lines += [
            f"-H 'Content-Type: {media}'",
            f"-d @{'event' if 'events' in media else 'body'}.json",
        ]
    elif method == "POST":
        lines.append("-X POST")
    return " \\\n  ".join(lines)


def _body_example(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    example = next((media["example"] for media in content.values() if "example" in media), None)
    return orjson.dumps(example, option=orjson.OPT_INDENT_2).decode() if example else ""
