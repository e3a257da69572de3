"""GraphQL over HTTP and graphql-transport-ws, and GraphiQL from files of our own."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import Final

import orjson
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.context import Context
from api.persisted import Documents
from api.schema import make_schema
from api.tail import Tail
from graph.store.database import Graph

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""GraphiQL's editor writes styles into the page, so inline styles are let in; scripts are not."""

MAX_BODY: Final = 4 * 1024 * 1024
"""The largest operation with its variables; more events than that go to `/api/v1/events`."""

_TYPES: Final = {"js": "text/javascript", "css": "text/css"}
_ASSETS: Final = {
    "graphiql.min.js": ".gz",
    "graphiql.min.css": ".gz",
    "react.production.min.js": ".gz",
    "react-dom.production.min.js": ".gz",
    "start.js": "",
    "start.css": "",
}
"""The files that GraphiQL is made of, and whether they are kept compressed."""


def graphql_router(graph: Graph, documents: Documents | None = None) -> APIRouter:
    """Returns `/graphql` over an open graph.

    Args:
        graph: What is asked.
        documents: What may be executed; anything, unless given.
    """
    documents, tail = documents or Documents(), Tail(graph)

    async def context(connection: HTTPConnection) -> Context:
        return Context(graph, connection.state.principal, documents, tail)

    router = _Router(
        make_schema(),
        path="/graphql",
        context_getter=context,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        include_in_schema=False,
    )
    router.add_api_route("/graphql/assets/{name}", _asset, include_in_schema=False)
    return router


class _Router(GraphQLRouter[Context, None]):
    """The endpoint, with a faster JSON and a GraphiQL that asks nothing of other hosts."""

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        if len(data) > MAX_BODY:
            raise HTTPException(413, f"body: {len(data):,} bytes is over the limit of {MAX_BODY:,}")
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, f"body: not JSON: {error.msg}") from error

    async def render_graphql_ide(self, request: Request) -> HTMLResponse:
        return HTMLResponse(_read("index.html"), headers={"Content-Security-Policy": _POLICY})


async def _asset(name: str, request: Request) -> Response:
    """A file of GraphiQL, as it is kept: compressed, unless the caller cannot read that."""
    if name not in _ASSETS:
        raise HTTPException(404)
    content = _read(name + _ASSETS[name])
    headers = {"Cache-Control": "private, max-age=86400", "Vary": "Accept-Encoding"}
    if _ASSETS[name]:
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            content = gzip.decompress(content)
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


@cache
def _read(name: str) -> bytes:
    return files("api").joinpath("static", "graphiql", name).read_bytes()
