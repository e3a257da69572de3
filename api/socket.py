"""graphql-transport-ws: who speaks, what may be said, and a clean end where something else comes.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from graphql import GraphQLError
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)

from api.context import Context
from api.keyring import Keyring
from api.operation import wrong_operation
from graph.flows.submit import Principal

MALFORMED: Final = 4400
UNAUTHENTICATED: Final = 4401
FORBIDDEN: Final = 4403

_MAX_REASON: Final = 123
"""Bytes that the reason of a close may have (RFC 6455 §5.5)."""

_IDENTIFIED: Final = frozenset({"subscribe", "complete"})


class Socket(ASGIWebSocketAdapter):
    """A WebSocket whose messages are text, as clients in browsers need them."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Sends a message; to one who is gone, nothing."""
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except WebSocketDisconnect as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """Closes the socket, once."""
        if self.ws.application_state is not WebSocketState.DISCONNECTED:
            short = reason.encode()[:_MAX_REASON].decode(errors="ignore")
            await self.ws.close(code, short)


class Conversation(BaseGraphQLTransportWSHandler[Context, None]):
    """What is said over one socket, from `connection_init` to its end."""

    async def handle_message(self, message: Any) -> None:
        """Takes a message of the protocol; anything else ends the conversation."""
        if wrong := _wrong(message):
            await self.handle_invalid_message(wrong)
        elif message["type"] == "connection_init":
            await self._begin(message.get("payload") or {})
        else:
            await super().handle_message(message)

    async def _begin(self, payload: dict[str, Any]) -> None:
        """Acknowledges somebody; who is nobody yet must say here who they are, and is told apart once."""
        if not self.connection_init_received:
            principal = admitted(self.context.keyring, self.context.principal, payload)
            if principal is None or "reader" not in principal.roles:
                is_tried = _authorization(payload) is not None
                code = FORBIDDEN if is_tried or principal is not None else UNAUTHENTICATED
                said = "is not good here" if is_tried else "send 'Bearer <token>'"
                await self.websocket.close(code, f"Authorization: {said}")
                return
            self.context.principal = principal
        await super().handle_connection_init({"type": "connection_init", "payload": payload})

    async def handle_task_exception(self, error: Exception) -> None:
        """Logs what went wrong; that somebody has left is nothing wrong."""
        if not isinstance(error, WebSocketDisconnected):
            await super().handle_task_exception(error)

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        """A wrong operation is answered as such; the others on the socket go on."""
        return None


def admitted(
    keyring: Keyring | None, known: Principal, payload: Mapping[str, Any]
) -> Principal | None:
    """Returns who speaks: whom the token in `connection_init` stands for, else who was let in before.

    A token that is given counts, right or wrong, as one in a header does.
    """
    given = _authorization(payload)
    if given is None:
        return known if known.roles else None
    scheme, _, token = given.partition(" ") if isinstance(given, str) else ("", "", "")
    if keyring is None or scheme.lower() != "bearer":
        return None
    return keyring.find("token", token.strip())


def _authorization(payload: Mapping[str, Any]) -> Any:
    """The header that stands in the payload, under whatever case of its name."""
    return next((v for name, v in payload.items() if name.lower() == "authorization"), None)


def _wrong(message: Any) -> str | None:
    """Returns what is wrong with a message, or None."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "a message is a JSON object with a type"
    kind, payload = message["type"], message.get("payload")
    if kind in _IDENTIFIED and not (isinstance(message.get("id"), str) and message["id"]):
        return f"{kind}: id: give a text"
    if kind == "subscribe":
        wrong = wrong_operation(payload, "payload")
        if wrong is None and isinstance(payload, dict) and not payload.get("query"):
            return "query: a hash in its place is taken over HTTP only"
        return wrong
    if kind == "connection_init" and not isinstance(payload, dict | None):
        return "connection_init: payload: give a JSON object"
    return None
