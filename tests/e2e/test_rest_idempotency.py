"""Idempotency-Key: one request, one effect, one answer, whichever process is asked and whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from api.app import create_app
from api.keyring import Keyring
from api.rest import events as events_module
from api.settings import Settings
from graph.flows.submit import Principal, submit
from graph.store import answers
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError
from tests.e2e.conftest import URL
from tests.e2e.test_rest_events import EVENTS, JSON, LINES, lines, requirement, thing

KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
BARE = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
DAY_US = 24 * 3600 * 1_000_000


@pytest.fixture
async def other(
    graph: Graph, settings: Settings, client: httpx.AsyncClient
) -> AsyncIterator[httpx.AsyncClient]:
    """The same caller at another process of the API."""
    transport = httpx.ASGITransport(app=create_app(graph, settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=URL, headers=client.headers
    ) as second:
        yield second


def same(*answers: httpx.Response) -> bool:
    """Whether answers are alike to the byte."""
    return (
        len({(one.status_code, one.content, one.headers["content-type"]) for one in answers}) == 1
    )


SENT: dict[str, tuple[bytes, dict[str, str], int]] = {
    "one": (orjson.dumps(requirement(1)), JSON, 200),
    "refused": (
        orjson.dumps(thing(requirement(1), properties={"name": "x", "colour": "red"})),
        JSON,
        422,
    ),
    "many": (orjson.dumps([requirement(1), requirement(2)]), JSON, 200),
    "lines": (lines(requirement(1), b"\xff", requirement(2)), LINES, 200),
}


@pytest.mark.parametrize("name", SENT)
async def test_request_sent_again_is_answered_alike_by_every_process(
    client: httpx.AsyncClient, other: httpx.AsyncClient, graph: Graph, name: str
) -> None:
    body, media, status = SENT[name]

    first = await client.post(EVENTS, content=body, headers=media | KEY)
    again = await client.post(EVENTS, content=body, headers=media | BARE)
    elsewhere = await other.post(EVENTS, content=body, headers=media | KEY)

    counted = await graph.read("MATCH (r:Refusal) RETURN r.attempts")
    assert first.status_code == status
    assert same(first, again, elsewhere)
    assert [a.headers.get("idempotent-replayed") for a in (first, again)] == [None, "true"]
    assert all(attempts == 1 for (attempts,) in counted)


async def test_key_with_another_body_is_refused(client: httpx.AsyncClient, graph: Graph) -> None:
    body = orjson.dumps(requirement(1))
    await client.post(EVENTS, content=body, headers=JSON | KEY)

    other_body = await client.post(EVENTS, json=requirement(2), headers=KEY)
    other_media = await client.post(EVENTS, content=body, headers=LINES | KEY)

    assert [(a.status_code, a.json()["code"]) for a in (other_body, other_media)] == [
        (422, "KEY_REUSED"),
        (422, "KEY_REUSED"),
    ]
    assert len(await changes(graph)) == 1


async def test_everybody_has_keys_of_their_own(
    client: httpx.AsyncClient, keyring: Keyring, graph: Graph
) -> None:
    token = keyring.issue("token", Principal.of("erik", "editor"))
    await client.post(EVENTS, json=requirement(1), headers=KEY)

    answer = await client.post(
        EVENTS, json=requirement(2), headers=KEY | {"Authorization": f"Bearer {token}"}
    )

    assert answer.json()["status"] == "applied"
    assert len(await changes(graph)) == 2


async def test_request_that_is_worked_on_is_not_begun_again(
    client: httpx.AsyncClient,
    other: httpx.AsyncClient,
    graph: Graph,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(*args: Any, **more: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await submit(*args, **more)

    monkeypatch.setattr(events_module, "submit", slow)
    first = asyncio.create_task(client.post(EVENTS, json=requirement(1), headers=KEY))
    await begun.wait()
    meanwhile = await other.post(EVENTS, json=requirement(1), headers=KEY)
    go_on.set()
    given = await first
    after = await other.post(EVENTS, json=requirement(1), headers=KEY)

    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "IN_PROGRESS")
    assert meanwhile.headers["retry-after"] == "5"
    assert same(given, after)


async def test_of_many_at_once_each_event_is_applied_once_and_all_answers_agree(
    client: httpx.AsyncClient, other: httpx.AsyncClient, graph: Graph
) -> None:
    answers = await asyncio.gather(
        *(each.post(EVENTS, json=requirement(1), headers=KEY) for each in (client, other) * 4)
    )

    given = [a for a in answers if a.status_code == 200]
    assert {a.status_code for a in answers} <= {200, 409}
    assert same(*given)
    assert len(await changes(graph)) == 1


async def test_request_whose_process_died_goes_through(
    client: httpx.AsyncClient, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = graph.clock()
    graph.clock = lambda: now

    async def die(*args: Any, **more: Any) -> Any:
        await submit(*args, **more)
        raise asyncio.CancelledError

    async def silent(*_: Any) -> None:
        """A process that is dead releases nothing."""

    with monkeypatch.context() as dead:
        dead.setattr(events_module, "submit", die)
        dead.setattr("api.rest.idempotency.release", silent)
        with pytest.raises(asyncio.CancelledError):
            await client.post(EVENTS, json=requirement(1), headers=KEY)
    at_once = await client.post(EVENTS, json=requirement(1), headers=KEY)
    graph.clock = lambda: now + answers.LEASE_US
    later = await client.post(EVENTS, json=requirement(1), headers=KEY)

    assert at_once.status_code == 409
    assert (later.status_code, later.json()["status"]) == (200, "duplicate")
    assert len(await changes(graph)) == 1


async def test_what_failed_is_not_kept_as_the_answer(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any, **__: Any) -> Any:
        raise GraphUnreachableError("graph neo4j: not answering now")

    with monkeypatch.context() as broken:
        broken.setattr(events_module, "submit", down)
        failed = await client.post(EVENTS, json=requirement(1), headers=KEY)
    no_json = await client.post(EVENTS, content=b"{", headers=JSON | {"Idempotency-Key": "2"})
    again = await client.post(EVENTS, json=requirement(1), headers=KEY)
    mended = await client.post(EVENTS, json=requirement(2), headers={"Idempotency-Key": "2"})

    assert [failed.status_code, no_json.status_code] == [503, 400]
    assert [again.json()["status"], mended.json()["status"]] == ["applied", "applied"]


async def test_answer_is_kept_for_a_day_and_then_forgotten(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    now = graph.clock()
    await client.post(EVENTS, json=requirement(1), headers=KEY)
    graph.clock = lambda: now + DAY_US - 1
    kept = await client.post(EVENTS, json=requirement(1), headers=KEY)
    forgotten_early = await answers.forget(graph)

    graph.clock = lambda: now + DAY_US + 60_000_000
    anew = await client.post(EVENTS, json=requirement(2), headers=KEY)
    graph.clock = lambda: now + 3 * DAY_US
    forgotten = await answers.forget(graph)

    assert kept.headers["idempotent-replayed"] == "true"
    assert anew.json()["status"] == "applied"
    assert (forgotten_early, forgotten) == (0, 1)


async def test_answer_that_is_too_large_to_be_kept_is_given_all_the_same(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_BYTES", 10)

    given = [await client.post(EVENTS, json=requirement(1), headers=KEY) for _ in range(2)]

    assert [answer.json()["status"] for answer in given] == ["applied", "duplicate"]


async def test_there_is_room_for_so_many_keys_and_no_more(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_KEYS", 1)
    first = await client.post(EVENTS, json=requirement(1), headers=KEY)

    full = await client.post(EVENTS, json=requirement(1), headers={"Idempotency-Key": "other"})
    again = await client.post(EVENTS, json=requirement(1), headers=KEY)

    assert (full.status_code, full.json()["code"]) == (429, "TOO_MANY_KEYS")
    assert same(first, again)


@pytest.mark.parametrize(
    "key",
    ["", " ", '""', '"', '"a', 'a"', '"a"b"', '"a";b=1', "a,b", "a b", '"a\\b"', "\x01", "é", '"é"',
     "x" * 256],
)  # fmt: skip
async def test_what_is_no_key_is_refused_before_anything_is_done(
    client: httpx.AsyncClient, graph: Graph, key: str
) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]

    answer = await client.post(EVENTS, json=requirement(1), headers=headers)
    twice = await client.post(EVENTS, json=requirement(1), headers=[*KEY.items(), *KEY.items()])

    assert [answer.status_code, twice.status_code] == [400, 400]
    assert "Idempotency-Key" in answer.json()["detail"]
    assert await changes(graph) == ()
