"""GraphQL over HTTP and graphql-transport-ws, and GraphiQL from files of our own."""

from __future__ import annotations

import gzip
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson
from cross_web import AsyncHTTPRequestAdapter
from cross_web import HTTPException as ViewError
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLRequestData
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET

from api.context import Context
from api.keyring import Keyring
from api.operation import RefusedError, read_operation
from api.persisted import Documents
from api.rest.problem import problem
from api.schema import make_schema
from api.socket import Conversation, Socket
from graph.store.database import Graph
from graph.store.tail import Tail

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""GraphiQL's editor writes styles into the page, so inline styles are let in; scripts are not."""

PATIENCE: Final = timedelta(seconds=10)
"""How long a WebSocket may stay open before it says who speaks."""

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


def graphql_router(
    graph: Graph,
    tail: Tail,
    documents: Documents | None = None,
    keyring: Keyring | None = None,
) -> APIRouter:
    """Returns `/graphql` over an open graph.

    Args:
        graph: What is asked.
        tail: Wakes who waits for changes.
        documents: What may be executed; anything, unless given.
        keyring: Who may come in by the first message of a WebSocket; nobody, unless given.
    """
    documents = documents or Documents()

    async def context(connection: HTTPConnection) -> Context:
        return Context(graph, connection.state.principal, documents, tail, keyring)

    router = _Router(
        make_schema(),
        path="/graphql",
        context_getter=context,
        subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
        connection_init_wait_timeout=PATIENCE,
        include_in_schema=False,
    )
    router.add_api_route("/graphql/assets/{name}", _asset, include_in_schema=False)
    return router


class _Router(GraphQLRouter[Context, None]):
    """The endpoint, with a faster JSON and a GraphiQL that asks nothing of other hosts."""

    websocket_adapter_class = Socket
    graphql_transport_ws_handler_class = Conversation

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    async def run(self, request: Any, context: Any = UNSET, root_value: Any = UNSET) -> Any:
        """Answers a request; what is wrong before there is a document is told as REST tells it."""
        try:
            return await super().run(request, context, root_value)
        except RefusedError as error:
            return error.answer
        except ViewError as error:
            if isinstance(error.__cause__, InvalidOperationTypeError):
                detail = (
                    "method: a mutation is sent by POST, so that following a link changes nothing"
                )
                return problem(405, "METHOD_NOT_ALLOWED", detail, headers={"Allow": "POST"})
            return problem(error.status_code, "BAD_QUESTION", error.reason)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Returns what was sent, once each part of it is what it must be."""
        return await read_operation(request)

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
