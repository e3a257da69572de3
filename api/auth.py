"""The door: every request is from this machine, from our own pages or a program, and by somebody.

Loopback alone does not keep browsers out: any web page may send requests to 127.0.0.1, and a name
that an attacker owns may resolve to it (DNS rebinding). So the Host must be a loopback name, and
an Origin, where there is one, must be ourselves on whatever could change something.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.keyring import Keyring
from api.pages.login import COOKIE, login_needed
from api.rest.problem import problem
from graph.flows.passport import ANYBODY
from graph.flows.submit import Principal

OPEN: Final = frozenset({"/healthz", "/readyz", "/login", "/static/pages.css"})
"""What anybody on this machine may ask; none of it says anything about the graph's content."""

PASSPORTS: Final = ("/id/", "/api/v1/dpp/")
"""Where anybody may read, whatever their roles: how much they are shown, the passport itself decides."""

SOCKET: Final = "/graphql"
"""Where a WebSocket is let in before it says who speaks; `api.socket` takes nothing else before."""

NOBODY: Final = Principal("nobody", frozenset())
"""Who speaks there until then: somebody without any role."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Door:
    """ASGI middleware that turns away strangers and tells the rest of the app who is asking.

    The principal is then in `request.state.principal`.

    Args:
        app: What lies behind the door.
        keyring: Who may come in.
        open_paths: Paths that answer without a principal.
    """

    def __init__(self, app: ASGIApp, keyring: Keyring, open_paths: frozenset[str] = OPEN) -> None:
        self._app = app
        self._keyring = keyring
        self._open = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request, a websocket or the start and stop of the process."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        principal = self._principal(headers)
        if principal is None and _may_say_later(scope, headers):
            principal = NOBODY
        if principal is None and _is_of_passports(scope) and "authorization" not in headers:
            principal = ANYBODY
        refusal = self._refusal(scope, headers, principal)
        if refusal is None:
            scope.setdefault("state", {})["principal"] = principal
            await self._app(scope, receive, _guarded(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await refusal(scope, receive, _guarded(send))

    def _principal(self, headers: Headers) -> Principal | None:
        """A program's token if there is one, right or wrong; else a person's session."""
        if (authorization := headers.get("authorization")) is not None:
            scheme, _, token = authorization.partition(" ")
            return self._keyring.find("token", token) if scheme.lower() == "bearer" else None
        session = session_of(headers)
        return self._keyring.find("session", session) if session else None

    def _refusal(
        self, scope: Scope, headers: Headers, principal: Principal | None
    ) -> Response | None:
        hosts, origin = headers.getlist("host"), headers.get("origin")
        if len(hosts) != 1 or _name(hosts[0]) not in _LOOPBACK:
            return problem(
                421, "HOST_NOT_ALLOWED", "Host: only 127.0.0.1 and localhost are answered here"
            )
        unsafe = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if unsafe and origin is not None and origin != f"http://{hosts[0]}":
            return problem(
                403,
                "ORIGIN_NOT_ALLOWED",
                f"Origin: {origin[:200]!r} is not this service; send none",
            )
        if scope["path"] in self._open:
            return None
        if principal is None:
            return login_needed() if _is_person(scope, headers) else _unknown_caller()
        if principal is NOBODY or _is_of_passports(scope):
            return None
        if "reader" not in principal.roles:
            return problem(403, "FORBIDDEN", f"{principal.actor} lacks the role 'reader'")
        return None


def session_of(headers: Headers) -> str | None:
    """Returns the session that a browser shows, if any."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)


def _name(host: str) -> str:
    """Returns a Host header without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _may_say_later(scope: Scope, headers: Headers) -> bool:
    """Whether a token may still come in the first message: browsers set no header on a WebSocket."""
    is_there = scope["type"] == "websocket" and scope["path"] == SOCKET
    return is_there and "authorization" not in headers


def _is_of_passports(scope: Scope) -> bool:
    """Whether a passport is read, or the identifier on an asset is followed."""
    is_read = scope["type"] == "http" and scope["method"] in _SAFE
    return is_read and scope["path"].startswith(PASSPORTS)


def _is_person(scope: Scope, headers: Headers) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] in _SAFE
        and "text/html" in headers.get("accept", "")
    )


def _unknown_caller() -> Response:
    return problem(
        401,
        "UNAUTHENTICATED",
        "Authorization: send 'Bearer <token>'; the token of this machine is in the file "
        "secrets/api_token of UTCS_HOME, and `utcs login` opens a session in a browser",
        headers={"WWW-Authenticate": 'Bearer realm="utcs"'},
    )


def _guarded(send: Send) -> Send:
    """Adds the headers that keep browsers strict; what an answer sets itself stays."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded
