"""HEAD wherever GET is (RFC 9110 §9.3.2): the same answer, without its content."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NEVER: Final = frozenset({"/login"})
"""GET uses up the link there, and those who ask HEAD (previews of links, scanners) must not."""


class Head:
    """ASGI middleware that answers HEAD as GET and keeps the content back.

    Args:
        app: What answers GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request; of all but HEAD it changes nothing."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] in NEVER:
            await self._app(scope, receive, send)
            return
        # The server is not told of the other method: it would count the bytes that do not come.
        asked = dict(scope, method="GET")

        async def without_content(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = dict(message, body=b"")
            await send(message)

        try:
            await self._app(asked, receive, without_content)
        finally:
            scope["route"] = asked.get("route")  # what it is measured under
