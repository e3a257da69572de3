"""The subscription over graphql-transport-ws, on a real server: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from api.keyring import Keyring
from graph.flows.submit import Principal
from graph.store.apply import apply
from graph.store.database import Graph

CHANGES = """subscription ($after: Int, $kinds: [KindName!]) {
  changes(after: $after, kinds: $kinds) { seq id thing { name } } }"""


def put(number: int, kind: str = "part") -> dict[str, Any]:
    name = f"{kind}{number}"
    more = {"number": name} if kind == "part" else {"serial_number": name}
    return {
        "id": name, "source": "urn:test", "actor": "tester", "time": "2025-01-01T00:00:00Z",
        "subject": f"utcs:TEST:{kind}:{name}",
        "data": {"facts": [
            {"fact": "put_node", "utcs": f"utcs:TEST:{kind}:{name}", "properties": {"name": name} | more}
        ]},
    }  # fmt: skip


@pytest.fixture
async def place(app: FastAPI) -> AsyncIterator[str]:
    """Where a server runs; its host and port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    await running


@pytest.fixture
def token(keyring: Keyring) -> str:
    return keyring.api_token(Principal.of("anna", "admin"))


async def opened(place: str, token: str, **variables: Any) -> ClientConnection:
    """A connection that is subscribed to changes."""
    socket = await connect(
        f"ws://{place}/graphql",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers={"Authorization": f"Bearer {token}"},
    )
    await socket.send(json.dumps({"type": "connection_init"}))
    assert json.loads(await socket.recv())["type"] == "connection_ack"
    payload = {"query": CHANGES, "variables": variables}
    await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
    return socket


async def received(socket: ClientConnection, count: int) -> list[dict[str, Any]]:
    """The next changes."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        message = json.loads(await asyncio.wait_for(socket.recv(), 30))
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        found.append(message["payload"]["data"]["changes"])
    return found


async def test_every_change_comes_once_over_reconnects(
    place: str, token: str, graph: Graph
) -> None:
    await apply(graph, [put(n) for n in range(3)])
    first = await opened(place, token, after=0)
    met = await received(first, 2)
    await first.close()

    await apply(graph, [put(n) for n in range(3, 6)])
    second = await opened(place, token, after=met[-1]["seq"])
    met += await received(second, 4)
    await apply(graph, [put(6)])
    met += await received(second, 1)
    await second.close()

    assert [change["seq"] for change in met] == list(range(1, 8))
    assert [change["thing"]["name"] for change in met] == [f"part{n}" for n in range(7)]


async def test_only_what_was_asked_for_comes(place: str, token: str, graph: Graph) -> None:
    socket = await opened(place, token, after=0, kinds=["serial"])
    await apply(graph, [put(1), put(2, "serial"), put(3), put(4, "serial")])

    met = await received(socket, 2)
    await socket.close()

    assert [change["id"] for change in met] == ["serial2", "serial4"]


async def test_two_watchers_see_the_same(place: str, token: str, graph: Graph) -> None:
    sockets = [await opened(place, token, after=0) for _ in range(2)]
    for number in range(5):
        await apply(graph, [put(number)])

    met = [await received(socket, 5) for socket in sockets]
    for socket in sockets:
        await socket.close()

    assert met[0] == met[1]


async def test_a_stranger_is_turned_away(place: str) -> None:
    with pytest.raises(WebSocketException):
        await connect(f"ws://{place}/graphql", subprotocols=["graphql-transport-ws"])  # type: ignore[list-item]
