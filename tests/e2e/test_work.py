"""The worker between a real queue and a real Neo4j: nothing is lost, nothing is doubled, order is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import orjson
import pytest
from pydantic import SecretStr

from cli.local.part import Part, Running
from cli.local.port import free_port
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.patience import Patience
from ingest.handlers import kafka as kafka_handler
from ingest.inlet import Inlet
from ingest.intake import Intake
from ingest.messages.cloudevent import Message
from ingest.messages.letter import Letter
from ingest.queue import Queue
from ingest.settings import Settings, shown
from ingest.work import QueueError, work
from tests.conftest import GraphServer
from tests.e2e.queues import JSON, PATIENCE_S, Broker, KafkaQueue, RabbitQueue, Sent
from tests.store.saying import event, serial
from tests.store.test_database import through

pytestmark = pytest.mark.slow


class Worker:
    """A worker process of a test's own, with topics of its own; it can be killed and started again."""

    def __init__(self, queue: Broker, graph: GraphServer, folder: Path) -> None:
        self.topic, self.dead = f"events-{uuid4().hex[:8]}", f"dead-{uuid4().hex[:8]}"
        self.changes = f"changes-{uuid4().hex[:8]}"
        port = free_port()
        self.part = Part(
            name="work",
            command=[sys.executable, "-m", "ingest.work"],
            url=f"http://127.0.0.1:{port}",
            port=port,
            log=folder / "work.log",
            environment={
                "UTCS_QUEUE_URI": queue.uri,
                "UTCS_NEO4J_URI": graph.uri,
                "UTCS_NEO4J_USER": graph.user,
                "UTCS_NEO4J_PASSWORD": graph.password,
                "UTCS_WORK_PORT": str(port),
                "UTCS_EVENTS": self.topic,
                "UTCS_DEAD_LETTERS": self.dead,
                "UTCS_CHANGES": self.changes,
                "UTCS_LEASE_S": "1",
                "UTCS_HUB": f"{self.topic}.hub",
                "UTCS_TELEMETRY": str(folder / "telemetry"),
                "UTCS_GROUP": self.topic,
                "UTCS_BATCH": "100",
            },
        )
        self.running: Running | None = None

    def start(self) -> None:
        self.running = Running(self.part)
        self.running.wait_ready()

    def kill(self) -> None:
        assert self.running
        os.kill(self.running.process.pid, signal.SIGKILL)
        self.running.stop()

    def stop(self) -> None:
        if self.running:
            self.running.stop()

    def readiness(self) -> tuple[int, str]:
        answer = httpx.get(f"{self.part.url}/readyz", timeout=10)
        return answer.status_code, answer.text


@pytest.fixture(params=["kafka", "rabbitmq"])
def queue(request: pytest.FixtureRequest) -> Broker:
    """Each of the queues; what is promised holds on both."""
    server = request.getfixturevalue(f"{request.param}_server")
    return KafkaQueue(server) if request.param == "kafka" else RabbitQueue(server.uri)


@pytest.fixture
def make_worker(queue: Broker, tmp_path: Path) -> Iterator[Callable[[GraphServer], Worker]]:
    made: list[Worker] = []

    def make(graph: GraphServer) -> Worker:
        made.append(Worker(queue, graph, tmp_path))
        made[-1].start()
        return made[-1]

    yield make
    for worker in made:
        worker.stop()


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await what():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.1)


async def logged(graph: Graph) -> list[str]:
    return [id for (id,) in await graph.read("MATCH (c:Change) RETURN c.id ORDER BY c.seq")]


def structured(document: dict[str, Any], key: str = "any") -> Sent:
    return Sent(orjson.dumps(document), key)


def binary(document: dict[str, Any], prefix: str) -> Sent:
    attributes = {n: v for n, v in document.items() if n != "data"} | {"specversion": "1.0"}
    headers = {f"{prefix}{name}": str(value) for name, value in attributes.items()}
    return Sent(orjson.dumps(document["data"]), content_type=JSON, headers=headers)


def batched(*documents: dict[str, Any]) -> Sent:
    return Sent(orjson.dumps(documents), content_type="application/cloudevents-batch+json")


async def test_events_in_every_mode_arrive_and_poison_holds_up_nobody(
    graph: Graph,
    neo4j_server: GraphServer,
    queue: Broker,
    make_worker: Callable[[GraphServer], Worker],
) -> None:
    worker = make_worker(neo4j_server)
    twice = event(serial("c"), id="batched-1"), event(serial("d"), id="batched-2")

    async with queue.sender() as send:
        await send(worker.topic, Sent(b"\xff poison", headers={"odd": b"\xff\xfe"}))
        await send(worker.topic, structured(event(serial("a"), id="structured")))
        await send(worker.topic, binary(event(serial("b"), id="binary"), queue.attribute))
        await send(worker.topic, binary(event(serial("e"), id="other"), "cloudEvents_"))
        await send(worker.topic, batched(*twice))
        await send(worker.topic, structured(event(serial("a", colour="red"), id="bad")))

    async def all_in() -> bool:
        return len(await logged(graph)) == 5

    await until(all_in)
    told = await queue.dead(worker.dead, 2)
    ids = {"structured", "binary", "other", "batched-1", "batched-2"}
    assert set(await logged(graph)) == ids
    assert "not UTF-8" in told[b"\xff poison"]["utcs-reason"]
    assert worker.topic in told[b"\xff poison"]["utcs-place"]
    assert {headers["utcs-code"] for headers in told.values()} == {"invalid"}


async def test_killed_again_and_again_it_loses_nothing_and_doubles_nothing(
    graph: Graph,
    neo4j_server: GraphServer,
    queue: Broker,
    make_worker: Callable[[GraphServer], Worker],
) -> None:
    worker = make_worker(neo4j_server)
    things = [f"t{n}" for n in range(10)]
    sent = [(name, f"{name}-{step:03}") for step in range(60) for name in things]

    async with queue.sender() as send:
        for number, (name, id) in enumerate(sent):
            document = event(serial(name, name=id), id=id, on=number // 100)
            await send(worker.topic, structured(document, name))
            if number % 200 == 150:
                worker.kill()
                worker.start()

    async def all_in() -> bool:
        return len(await logged(graph)) >= len(sent)

    await until(all_in)
    log = await logged(graph)
    assert sorted(log) == sorted(id for _, id in sent), "each once"
    for name in things:
        own = [id for id in log if id.startswith(f"{name}-")]
        assert own == sorted(own), "the order of each thing is kept"


async def test_while_the_graph_is_away_it_waits_says_so_and_goes_on_by_itself(
    graph: Graph,
    neo4j_server: GraphServer,
    queue: Broker,
    make_worker: Callable[[GraphServer], Worker],
) -> None:
    async with through(neo4j_server.uri) as (uri, ends):
        worker = await asyncio.to_thread(make_worker, neo4j_server._replace(uri=uri))
        gone = asyncio.Event()

        async def cut() -> None:
            while not gone.is_set():
                for end in ends:
                    end.transport.abort()
                await asyncio.sleep(0.02)

        cutting = asyncio.create_task(cut())
        async with queue.sender() as send:
            for n in range(5):
                await send(worker.topic, structured(event(serial(f"s{n}"), id=f"s{n}")))

        async def is_unready() -> bool:
            status, body = await asyncio.to_thread(worker.readiness)
            return status == 503 and "not answering" in body

        async def is_ready() -> bool:
            return (await asyncio.to_thread(worker.readiness))[0] == 200

        async def all_in() -> bool:
            return sorted(await logged(graph)) == [f"s{n}" for n in range(5)]

        await until(is_unready)
        assert await logged(graph) == []
        gone.set()
        await cutting
        await until(all_in)
        await until(is_ready)


@asynccontextmanager
async def consuming(intake: Intake, settings: Settings) -> AsyncIterator[None]:
    """A worker in this process."""
    queue = Queue.of([Inlet.of_events(intake, settings)], settings)
    await queue.start()
    async with queue.broker:
        await queue.broker.start()
        yield
        await queue.stop()


class Dying(Intake):
    """Has everything in the graph, and dies before the queue hears of it, once."""

    has_died = False

    async def take(self, messages: Sequence[Message]) -> list[Letter]:
        letters = await super().take(messages)
        if not self.has_died:
            self.has_died = True
            raise MemoryError
        return letters


async def test_what_was_committed_and_not_acknowledged_is_known_when_it_comes_again(
    graph: Graph, queue: Broker
) -> None:
    name = uuid4().hex[:8]
    settings = Settings(
        queue_uri=SecretStr(queue.uri), neo4j_uri="", neo4j_password=SecretStr(""),
        events=f"events-{name}", dead_letters=f"dead-{name}", group=name,
    )  # fmt: skip
    intake = Dying(graph, Principal.of("worker", "admin"), patience=Patience(first_s=0.01))

    async def all_known() -> bool:
        return intake.counts.get("applied") == 3 and intake.counts.get("duplicate", 0) > 0

    async with consuming(intake, settings), queue.sender() as send:
        for n in range(3):
            await send(settings.events, structured(event(serial("s", name=f"{n}"), id=f"{n}")))
        await until(all_known)

    assert await logged(graph) == ["0", "1", "2"]


async def test_a_batch_that_could_not_be_finished_is_read_again_and_not_passed_over(
    kafka_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The next commit would have passed over it: Kafka knows how far, not what.
    class Failing:
        def __init__(self) -> None:
            self.taken: list[bytes] = []

        async def take(self, messages: list[Message]) -> list[Any]:
            if not self.taken:
                self.taken.append(b"failed")
                raise OSError("no space left on device")
            self.taken += [message.body for message in messages]
            return []

    monkeypatch.setattr(kafka_handler, "AGAIN_S", 0.01)
    name = uuid4().hex[:8]
    settings = Settings(
        queue_uri=SecretStr(f"kafka://{kafka_server}"), neo4j_uri="", neo4j_password=SecretStr(""),
        events=f"events-{name}", dead_letters=f"dead-{name}", changes="", group=name, batch=1,
    )  # fmt: skip
    intake = Failing()
    broker, declare = kafka_handler.kafka_broker(
        [Inlet.of_events(cast("Intake", intake), settings)], settings
    )
    await declare()
    async with KafkaQueue(kafka_server).sender() as send:
        for body in (b"1", b"2", b"3"):
            await send(settings.events, Sent(body))

    async def all_in() -> bool:
        return len(intake.taken) >= 4

    async with broker:
        await broker.start()
        await until(all_in)

    assert intake.taken == [b"failed", b"1", b"2", b"3"]


@pytest.mark.parametrize("uri", ["kafka://127.0.0.1:9", "amqp://plant:s3cr3t@127.0.0.1:9/line"])
async def test_a_queue_that_is_not_there_is_named_without_its_password(
    graph: Graph, neo4j_server: GraphServer, uri: str
) -> None:
    settings = Settings(
        queue_uri=SecretStr(uri), neo4j_uri=neo4j_server.uri, neo4j_user=neo4j_server.user,
        neo4j_password=SecretStr(neo4j_server.password), work_port=0,
    )  # fmt: skip

    with pytest.raises(QueueError, match=f"the queue {shown(uri)} cannot be used") as caught:
        await work(settings)

    assert "s3cr3t" not in caught.value.message
