"""The door: who is let in, and what browsers and strangers cannot make it do."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket
from starlette.middleware import Middleware

from api.auth import Door
from api.keyring import Keyring
from api.pages.login import login_router
from graph.flows.submit import Principal

HOST = "http://127.0.0.1:8765"


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "secrets")


@pytest.fixture
def app(keyring: Keyring) -> FastAPI:
    app = FastAPI(middleware=[Middleware(Door, keyring=keyring)])
    app.include_router(login_router(keyring))

    @app.api_route("/who", methods=["GET", "POST", "DELETE"])
    async def who(request: Request) -> str:
        actor: str = request.state.principal.actor
        return actor

    @app.get("/healthz")
    async def healthz() -> str:
        return "ok"

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(socket.state.principal.actor)
        await socket.close()

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


@pytest.fixture
def token(keyring: Keyring) -> dict[str, str]:
    return bearer(keyring.api_token(Principal.of("anna", "admin")))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_bearer_of_the_token_is_who_it_says(client: httpx.AsyncClient, token: Any) -> None:
    answer = await client.get("/who", headers=token)

    assert (answer.status_code, answer.json()) == (200, "anna")


async def test_nobody_gets_in_without_a_token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/who")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "UNAUTHENTICATED"
    assert "utcs login" in answer.json()["detail"]


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Bearer wrong", "bearer  x", "Basic YTpi", "Bearer \x7f", "Token x"],
)
async def test_wrong_authorization_is_refused(client: httpx.AsyncClient, value: str) -> None:
    answer = await client.get("/who", headers={"Authorization": value})

    assert answer.status_code == 401


async def test_wrong_token_is_not_saved_by_a_good_session(
    client: httpx.AsyncClient, keyring: Keyring
) -> None:
    session = keyring.issue("session", Principal.of("anna", "reader"), 60)

    answer = await client.get(
        "/who", headers=bearer("wrong") | {"Cookie": f"utcs_session={session}"}
    )

    assert answer.status_code == 401


async def test_health_needs_no_token(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    "path", ["//healthz", "/healthz/../who", "/healthz/", "/HEALTHZ", "/%77ho"]
)
async def test_no_spelling_of_a_path_slips_past(app: FastAPI, path: str) -> None:
    status = []

    async def send(message: Any) -> None:
        status.append(message.get("status"))

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")], "scheme": "http", "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)

    assert status[0] == 401


async def test_login_link_opens_a_session_once(client: httpx.AsyncClient, keyring: Keyring) -> None:
    link = keyring.issue("login", Principal.of("anna", "admin"), 60)

    opened = await client.get("/login", params={"token": link})
    who = await client.get("/who")
    client.cookies.clear()
    again = await client.get("/login", params={"token": link})

    cookie = opened.headers["set-cookie"]
    assert opened.status_code == 200
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert who.json() == "anna"
    assert link not in opened.text
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


async def test_logging_out_ends_the_session_for_good(
    client: httpx.AsyncClient, keyring: Keyring
) -> None:
    link = keyring.issue("login", Principal.of("anna", "admin"), 60)
    await client.get("/login", params={"token": link})
    session = client.cookies["utcs_session"]

    await client.post("/logout")

    assert keyring.find("session", session) is None


async def test_person_without_a_session_is_told_how_to_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/who", headers={"Accept": "text/html,*/*;q=0.8"})

    assert answer.status_code == 401
    assert "<pre>utcs login</pre>" in answer.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8765", "10.0.0.1", "", "[::2]",
     "evil.example:127.0.0.1", "127.0.0.1@evil.example", "127.0.0.1:8765:1"],
)  # fmt: skip
async def test_foreign_host_is_turned_away_even_with_a_token(
    client: httpx.AsyncClient, token: Any, host: str
) -> None:
    answer = await client.get("/who", headers=token | {"Host": host})

    assert answer.status_code == 421
    assert answer.json()["code"] == "HOST_NOT_ALLOWED"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "[::1]:8765", "[::1]"])
async def test_loopback_hosts_are_answered(
    client: httpx.AsyncClient, token: Any, host: str
) -> None:
    assert (await client.get("/who", headers=token | {"Host": host})).status_code == 200


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:8765", "http://127.0.0.1:9999", ""]
)
async def test_foreign_origin_changes_nothing(
    client: httpx.AsyncClient, token: Any, method: str, origin: str
) -> None:
    answer = await client.request(method, "/who", headers=token | {"Origin": origin})

    assert answer.status_code == 403
    assert answer.json()["code"] == "ORIGIN_NOT_ALLOWED"


@pytest.mark.parametrize("origin", [{}, {"Origin": HOST}])
async def test_own_pages_and_programs_may_write(
    client: httpx.AsyncClient, token: Any, origin: Any
) -> None:
    assert (await client.post("/who", headers=token | origin)).status_code == 200


async def test_somebody_without_a_role_may_nothing(
    client: httpx.AsyncClient, keyring: Keyring
) -> None:
    token = keyring.issue("token", Principal("anna", frozenset()))

    answer = await client.get("/who", headers=bearer(token))

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/healthz", "/who", "/login"])
async def test_every_answer_keeps_browsers_strict(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


async def connect(app: FastAPI, headers: dict[str, str]) -> list[Any]:
    """What a websocket client is sent."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "websocket",
        "path": "/live",
        "headers": raw,
        "query_string": b"",
        "scheme": "ws",
    }
    await app(scope, receive, send)
    return sent


async def test_websocket_with_a_session_is_who_it_says(app: FastAPI, keyring: Keyring) -> None:
    session = keyring.issue("session", Principal.of("anna", "reader"), 60)

    sent = await connect(
        app,
        {"Host": "127.0.0.1:8765", "Origin": HOST, "Cookie": f"a=b; utcs_session={session}"},
    )

    assert [message.get("text") for message in sent] == [None, "anna", None]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9999"])
async def test_websocket_from_a_foreign_page_is_closed(
    app: FastAPI, keyring: Keyring, origin: str
) -> None:
    session = keyring.issue("session", Principal.of("anna", "reader"), 60)

    sent = await connect(
        app, {"Host": "127.0.0.1:8765", "Origin": origin, "Cookie": f"utcs_session={session}"}
    )

    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Host": "evil.example"}, {"Cookie": "utcs_session=x"}],
)
async def test_websocket_of_a_stranger_is_closed(app: FastAPI, headers: dict[str, str]) -> None:
    sent = await connect(app, {"Host": "127.0.0.1"} | headers)

    assert [message["type"] for message in sent] == ["websocket.close"]


@pytest.mark.parametrize("path", ["/id/utcs:A1:serial:1", "/api/v1/dpp/DPP-T-1"])
async def test_anybody_may_read_passports_and_nobody_without_a_role_changes_them(
    client: httpx.AsyncClient, keyring: Keyring, path: str
) -> None:
    viewer = bearer(keyring.issue("token", Principal.of("olga", "operator")))

    assert (await client.get(path)).status_code == 404, "let in; there is no such route here"
    assert (await client.get(path, headers=viewer)).status_code == 404
    assert (await client.get(path, headers=bearer("wrong"))).status_code == 401
    assert (await client.post(path)).status_code == 401
    assert (await client.post(path, headers=viewer)).status_code == 403
    assert (await client.get("/who", headers=viewer)).status_code == 403
