"""Endpoints of other systems: told of everything they asked for, signed, in order, at least once."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from aiohttp import web

from graph.flows.settle import discard, resend
from graph.flows.submit import Principal
from graph.model.outcome import Reason
from graph.model.time import from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.follow import follow
from graph.store.followers import Following, followers
from graph.store.letters import Letter, Opened, State, count_letters, list_letters, open_letter
from graph.store.tail import Tail
from ingest.webhooks.settings import EndpointSettings
from ingest.webhooks.webhook import Webhook
from tests.store.linking import tell, thing
from tests.store.saying import event
from tests.store.test_follow import QUICK, until

KEY = bytes(range(32))
SECRET = f"whsec_{b64encode(KEY).decode()}"
ANNA = Principal.of("anna", "admin")

Answer = TypeVar("Answer")
Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FarEnd:
    """A server of another system: it keeps what it is told, and answers as it is bidden, then with 204."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.replies: list[int | Reply] = []
        self.always: int | None = None
        self.port = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.told.append((headers, await request.read()))
        reply = self.replies.pop(0) if self.replies else (self.always or 204)
        return web.Response(status=reply) if isinstance(reply, int) else await reply(request)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FarEnd]:
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/hook", self.answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await runner.cleanup()

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.told]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [orjson.loads(body) for _, body in self.told]

    @property
    def revisions(self) -> list[tuple[str, str]]:
        """Of what it was told, and which of it."""
        facts = [body["data"]["facts"][0] for body in self.bodies]
        return [(one["utcs"][-1], one["properties"]["revision"]) for one in facts]


@pytest.fixture
async def far() -> AsyncIterator[FarEnd]:
    async with FarEnd().running() as server:
        yield server


@pytest.fixture(autouse=True)
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    return tmp_path / "secret"


@pytest.fixture
def make(graph: Graph, far: FarEnd, secret: Path) -> Callable[..., Webhook]:
    """Makes the follower of an endpoint; it is the far end unless another is named."""

    def made(**changes: Any) -> Webhook:
        said = {
            "name": "cmms", "url": f"http://127.0.0.1:{far.port}/hook", "secret_file": secret,
            "types": ["org.utcs.facts.put.v1"], "first_wait_s": 0.01, "most_wait_s": 0.02,
            "timeout_s": 2,
        }  # fmt: skip
        return Webhook(graph, EndpointSettings(**said | changes))

    return made


@asynccontextmanager
async def following(graph: Graph, *hooks: Webhook) -> AsyncIterator[list[asyncio.Task[None]]]:
    tail = Tail(graph)
    tasks = [asyncio.create_task(follow(graph, one, tail, QUICK)) for one in hooks]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def say(graph: Graph, *names: str, revision: str = "A") -> None:
    await tell(graph, *[event(thing(name, revision=revision)) for name in names])


async def cursors(graph: Graph) -> dict[str, Following]:
    return {one.name: one for one in await followers(graph)}


async def letters(graph: Graph) -> tuple[Letter, ...]:
    return (await list_letters(graph)).letters


async def eventually(ask: Callable[[], Awaitable[Answer | None]], within_s: float = 20) -> Answer:
    """What is answered once there is an answer."""
    async with asyncio.timeout(within_s):
        while not (found := await ask()):  # noqa: ASYNC110 - the follower runs beside us
            await asyncio.sleep(0.02)
    return found


async def until_moved(graph: Graph, seq: int, name: str = "webhook.cmms") -> None:
    async def moved() -> bool:
        found = (await cursors(graph)).get(name)
        return found is not None and found.seq >= seq

    await eventually(moved)


async def trouble(graph: Graph, name: str = "webhook.cmms") -> str:
    async def told() -> str | None:
        found = (await cursors(graph)).get(name)
        return None if found is None else found.trouble

    return await eventually(told)


def keep(place: Path, *secrets: str) -> None:
    place.write_text("\n".join(secrets))


async def test_each_entry_is_told_once_in_order_signed_and_to_whom(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    verify = documented()
    await say(graph, "part-1", "part-2")

    async with following(graph, make()):
        await until_moved(graph, 2)
        await say(graph, "part-1", revision="B")
        await until_moved(graph, 3)

    assert sorted(far.revisions[:2]) + far.revisions[2:] == [("1", "A"), ("2", "A"), ("1", "B")]
    assert {body["utcsto"] for body in far.bodies} == {"cmms"}
    assert len(set(far.ids)) == 3
    for headers, body in far.told:
        assert headers["content-type"] == "application/cloudevents+json"
        assert verify(headers, body, [SECRET]) == orjson.loads(body)


def documented() -> Callable[..., Any]:
    """The function that the documentation gives to whoever is called."""
    text = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 - ours
    verify: Callable[..., Any] = space["verify"]
    return verify


async def test_while_a_secret_is_changed_both_verify_and_no_other_does(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook], secret: Path
) -> None:
    verify, new = documented(), f"whsec_{b64encode(bytes(24)).decode()}"
    other = f"whsec_{b64encode(b'x' * 24).decode()}"
    hook = make()
    async with following(graph, hook):
        keep(secret, new, SECRET)
        await say(graph, "part-1")
        await until_moved(graph, 1)

    ((headers, body),) = far.told
    assert verify(headers, body, [SECRET]) == verify(headers, body, [new])
    for wrong in (
        (headers, body, [other]),
        (headers, body + b" ", [SECRET]),
        (headers | {"webhook-id": "msg_x"}, body, [SECRET]),
        (headers | {"webhook-timestamp": str(int(time.time()) - 400)}, body, [SECRET]),
        ({}, body, [SECRET]),
    ):
        with pytest.raises(ValueError, match="webhook"):
            verify(*wrong)


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def close(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def redirect(request: web.Request) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect("/elsewhere")


async def cut_off(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(status=500, headers={"content-length": "1000"})
    await answer.prepare(request)
    await answer.write(b"half")
    assert request.transport is not None
    request.transport.close()
    return answer


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    with suppress(ConnectionError):
        while True:
            await answer.write(b"x" * 65_536)
    return answer


async def test_whatever_fails_is_called_again_with_the_same_id_and_body_until_it_is_taken(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    far.replies = [500, hang, close, cut_off, redirect, 429, 404, 503]
    await say(graph, "part-1", "part-2", "part-3")

    async with following(graph, make(timeout_s=1, at_once=1)):
        await until_moved(graph, 3)

    tries = [body for _, body in far.told]
    assert (len(tries), len(set(far.ids)), len(set(tries))) == (11, 3, 3)
    assert await count_letters(graph) == 0


async def test_an_endless_answer_is_not_read(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    far.replies = [endless]
    await say(graph, "part-1")

    async with following(graph, make()):
        await until_moved(graph, 1)

    assert len(far.told) == 1


async def test_a_call_that_holds_nothing_for_the_endpoint_is_not_made(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    await say(graph, "part-1")

    async with following(graph, make(types=["org.utcs.maintenance.*"])):
        await until_moved(graph, 1)

    assert far.told == []


async def test_a_dead_endpoint_holds_up_no_other_and_is_told_all_once_it_is_back(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    dead = FarEnd()
    async with dead.running():
        port = dead.port  # free again from here on
    down = make(name="dpp", url=f"http://127.0.0.1:{port}/hook", tries=1000)

    async with following(graph, make(), down):
        await say(graph, "part-1", "part-2")
        await until_moved(graph, 2)
        told = await trouble(graph, "webhook.dpp")
        assert (await cursors(graph))["webhook.dpp"].seq == 0
        async with dead.running():
            await until_moved(graph, 2, "webhook.dpp")

    assert "tries again" not in told
    assert f"http://127.0.0.1:{port}/hook" in told
    assert sorted(far.revisions) == sorted(dead.revisions) == [("1", "A"), ("2", "A")]
    assert not set(far.ids) & set(dead.ids)


async def test_one_that_is_ended_between_call_and_cursor_calls_again_with_the_same_ids(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    ended: list[asyncio.Task[None]] = []

    async def last_breath(request: web.Request) -> web.StreamResponse:
        ended[0].cancel()
        return web.Response()

    far.replies = [200, last_breath]
    await say(graph, "part-1", "part-2", "part-3")
    async with following(graph, make(at_once=1)) as tasks:
        ended.append(tasks[0])
        await until(lambda: len(far.told) == 2)
        await asyncio.wait(tasks, timeout=10)
    assert (await cursors(graph))["webhook.cmms"].seq == 0

    async with following(graph, make(at_once=1)):
        await until_moved(graph, 3)

    assert [number for number, _ in far.revisions] == ["1", "2", "1", "2", "3"]
    assert far.ids[:2] == far.ids[2:4]


async def test_of_one_thing_nothing_overtakes_and_other_things_go_on(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    async def first_fails(request: web.Request) -> web.StreamResponse:
        facts = orjson.loads(await request.read())["data"]["facts"]
        return web.Response(status=500 if facts[0]["utcs"].endswith("-1") else 200)

    far.replies = [first_fails] * 5
    for revision in "AB":
        await say(graph, "part-1", "part-2", revision=revision)

    async with following(graph, make(at_once=2)):
        await until_moved(graph, 4)

    of_one = [revision for number, revision in far.revisions if number == "1"]
    assert of_one == sorted(of_one)
    assert far.revisions.count(("2", "A")) == far.revisions.count(("2", "B")) == 1


async def test_what_is_refused_becomes_a_dead_letter_and_the_rest_goes_on(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    async def refuse(request: web.Request) -> web.StreamResponse:
        return web.Response(status=422, text="no\x1b[31m such asset\n" + "x" * 1000)

    far.replies = [refuse]
    await say(graph, "part-1", "part-2")

    async with following(graph, make(at_once=1)):
        await until_moved(graph, 2)

    (letter,) = await letters(graph)
    assert (letter.endpoint, letter.code, letter.state) == ("cmms", Reason.UNDELIVERED, State.OPEN)
    assert letter.id == far.ids[0]
    assert "answered 422: no [31m such asset xxx" in letter.reason
    assert len(letter.reason) < 500
    assert (await open_letter(graph, letter.hash)).document == far.told[0][1]
    assert far.revisions == [("1", "A"), ("2", "A")]


async def test_after_so_many_tries_a_call_is_a_dead_letter_and_resent_with_its_id(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    far.always = 503
    await say(graph, "part-1")
    hook = make(tries=3)
    async with following(graph, hook):
        await until_moved(graph, 1)
        (letter,) = await letters(graph)
        (waits,) = await resend(graph, letter.hash, ANNA, reason="it is mended")
        await until(lambda: len(far.told) >= 6)  # it was not
        await eventually(lambda: count_letters(graph))
        far.always = None
        await resend(graph, letter.hash, ANNA)
        opened = await eventually(lambda: settled_often(graph, letter.hash, 4))

    assert (waits.is_settled, len(far.told), len(set(far.ids))) == (True, 7, 1)
    assert (opened.letter.state, opened.letter.attempts) == (State.RESENT, 2)
    assert [(s.actor, s.outcome and s.outcome.status.value) for s in opened.settlements] == [
        ("anna", "parked"), ("utcs-webhooks", "refused"), ("anna", "parked"), ("utcs-webhooks", "applied"),
    ]  # fmt: skip
    assert hook.counts == {"failed": 4, "undelivered": 2, "delivered": 1}


async def settled_often(graph: Graph, hash: str, times: int) -> Opened | None:
    opened = await open_letter(graph, hash)
    return opened if len(opened.settlements) >= times else None


async def test_a_call_is_resent_as_it_was_or_discarded(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    far.replies = [400]
    await say(graph, "part-1")
    async with following(graph, make()):
        await until_moved(graph, 1)
    (letter,) = await letters(graph)

    with pytest.raises(BadQuestionError, match="made as it was; correct the event"):
        await resend(graph, letter.hash, ANNA, mended=b"{}")
    await discard(graph, letter.hash, ANNA, "nobody needs it")

    assert await count_letters(graph) == 0


async def test_an_endpoint_that_is_gone_is_called_no_more_and_loses_nothing(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    far.always = 410
    await say(graph, "part-1", "part-2")
    async with following(graph, make(at_once=1)):
        told = await trouble(graph)
        await asyncio.sleep(0.3)
        gone = (await cursors(graph))["webhook.cmms"]
    calls, far.always = len(far.told), None

    async with following(graph, make(at_once=1)):
        await until_moved(graph, 2)

    assert (calls, gone.seq) == (1, 0)
    assert "answered 410; it is called no more until a worker starts anew" in told
    assert gone.trouble == told
    assert far.revisions == [("1", "A"), ("1", "A"), ("2", "A")]


async def test_one_that_asks_to_be_left_alone_is(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    moments: list[float] = []

    async def later(request: web.Request) -> web.StreamResponse:
        moments.append(time.monotonic())
        return web.Response(status=429, headers={"Retry-After": "1"})

    async def now(request: web.Request) -> web.StreamResponse:
        moments.append(time.monotonic())
        return web.Response()

    far.replies = [later, now]
    await say(graph, "part-1")

    async with following(graph, make()):
        await until_moved(graph, 1)

    assert moments[1] - moments[0] >= 0.99


async def test_what_was_recorded_before_it_was_wanted_is_not_told(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook]
) -> None:
    recorded = await tell(graph, *[event(thing(f"part-{n}", revision="A")) for n in (1, 2, 3)])

    async with following(graph, make(since=from_micros(recorded[1]))):
        await until_moved(graph, 3)

    assert far.revisions == [("3", "A")]


async def test_a_secret_that_went_missing_stops_the_calls_and_is_never_shown(
    graph: Graph, far: FarEnd, make: Callable[..., Webhook], secret: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    hook = make()
    keep(secret, "whsec_tooshortsecret")
    await say(graph, "part-1")
    async with following(graph, hook):
        told = await trouble(graph)
        keep(secret, SECRET)
        await until_moved(graph, 1)

    assert "a secret is none" in told
    assert "tooshortsecret" not in told + caplog.text + repr(hook.settings)
