"""The subscription over graphql-transport-ws, on a real server: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from api.keyring import Keyring
from api.socket import Conversation
from graph.flows.submit import Principal
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import BadQuestionError

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


async def connected(place: str, token: str | None = None, **headers: str) -> ClientConnection:
    """A connection on which nothing was said yet."""
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return await connect(
        f"ws://{place}/graphql",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers=headers,
    )


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    """How the other side closes, without another message before."""
    with pytest.raises(ConnectionClosed):
        await asyncio.wait_for(socket.recv(), 30)
    return socket.close_code, socket.close_reason


def subscribe(query: str, **payload: Any) -> dict[str, Any]:
    return {"type": "subscribe", "id": "1", "payload": {"query": query} | payload}


async def said(socket: ClientConnection, message: dict[str, Any]) -> dict[str, Any]:
    """What is said to a message; as text, which clients in browsers need."""
    await socket.send(json.dumps(message))
    answer = await asyncio.wait_for(socket.recv(), 30)
    assert isinstance(answer, str)
    told: dict[str, Any] = json.loads(answer)
    return told


async def test_a_wrong_token_in_the_handshake_is_turned_away(place: str) -> None:
    with pytest.raises(WebSocketException):
        await connected(place, "wrong")


async def test_a_page_of_strangers_is_turned_away(place: str) -> None:
    with pytest.raises(WebSocketException):
        await connected(place, Origin="https://elsewhere.example")


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_a_token_may_come_in_the_first_message(place: str, token: str, name: str) -> None:
    socket = await connected(place)

    ack = await said(socket, {"type": "connection_init", "payload": {name: f"Bearer {token}"}})
    answer = await said(socket, subscribe("{ __typename }"))
    await socket.close()

    assert ack["type"] == "connection_ack"
    assert answer["payload"] == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "connection_init"}], 4401),
        ([{"type": "connection_init", "payload": None}], 4401),
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer wrong"}}], 4403),
        ([{"type": "connection_init", "payload": {"Authorization": "Basic x"}}], 4403),
        ([{"type": "connection_init", "payload": {"Authorization": 5}}], 4403),
        ([subscribe("{ __typename }")], 4401),
        ([subscribe('mutation { retire(utcs: "x", reason: "y") { status } }')], 4401),
    ],
)
async def test_a_stranger_is_told_nothing(
    place: str, messages: list[dict[str, Any]], code: int
) -> None:
    socket = await connected(place)

    for message in messages:
        await socket.send(json.dumps(message))

    assert (await closed(socket))[0] == code


async def test_a_wrong_token_counts_even_after_a_right_one(place: str, token: str) -> None:
    first, again = await connected(place, token), await connected(place)
    wrong = {"type": "connection_init", "payload": {"Authorization": "Bearer wrong"}}
    right = {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}

    await first.send(json.dumps(wrong))
    assert (await said(again, right))["type"] == "connection_ack"
    await again.send(json.dumps(wrong))

    assert (await closed(first))[0] == 4403
    assert (await closed(again))[0] == 4429


async def test_who_speaks_is_whom_the_token_stands_for(
    place: str, keyring: Keyring, graph: Graph
) -> None:
    reader = keyring.issue("token", Principal.of("otto", "reader"))
    socket = await connected(place)

    await said(
        socket, {"type": "connection_init", "payload": {"Authorization": f"Bearer {reader}"}}
    )
    mutation = 'mutation { retire(utcs: "utcs:TEST:part:x", reason: "y") { status } }'
    answer = await said(socket, subscribe(mutation))
    await socket.close()

    assert answer["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    "message",
    [
        "garbage", "null", "5", "[]", '"x"', "NaN", "{}", '{"type": 5}', '{"type": "zap"}',
        '{"type": "ping", "x": "\\ud800"}', '{"type": "subscribe"}', '{"type": "complete"}',
        '{"type": "subscribe", "id": "1"}', '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{a}"}}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{a}"}}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "variables": [1]}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{a}", "operationName": 1}}',
        '{"type": "connection_init", "payload": 5}', '{"type": "' + "x" * 500 + '"}', b"{}",
    ],
)  # fmt: skip
async def test_what_is_no_message_ends_the_conversation(
    place: str, token: str, message: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    socket = await connected(place, token)
    if not (isinstance(message, str) and "connection_init" in message):
        await said(socket, {"type": "connection_init"})

    await socket.send(message)
    code, reason = await closed(socket)

    assert (code, bool(reason)) == (4400, True)
    assert not caplog.records


@pytest.mark.parametrize(
    ("query", "more", "code"),
    [
        ("{ __typename }", {"operationName": "x"}, "BAD_QUESTION"),
        ("query A { __typename } query B { __typename }", {}, "BAD_QUESTION"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ", {}, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_wrong_operation_leaves_the_others_on_the_socket_alone(
    place: str, token: str, query: str, more: dict[str, Any], code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    socket = await connected(place, token)
    await said(socket, {"type": "connection_init"})

    wrong = await said(socket, subscribe(query, **more))
    right = await said(socket, subscribe("{ __typename }"))
    await socket.close()

    assert (wrong["type"], wrong["payload"][0]["extensions"]["code"]) == ("error", code)
    assert right["payload"] == {"data": {"__typename": "Query"}}
    assert not caplog.records


async def test_failure_closes_the_socket_and_is_logged(
    place: str, token: str, graph: Graph, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """The handlers of errors asked a WebSocket for its method, and failed themselves."""

    async def fail(*_: object) -> None:
        raise BadQuestionError("it: is wrong")

    monkeypatch.setattr(Conversation, "handle", fail)

    socket = await connected(place, token)

    assert await closed(socket) == (1008, "BAD_QUESTION")
    assert not caplog.records
