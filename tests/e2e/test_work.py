"""The worker between a real Kafka and a real Neo4j: nothing is lost, nothing is doubled, order is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic import SecretStr

from cli.local.part import Part, Running
from cli.local.port import free_port
from graph.store.database import Graph
from ingest.handlers import kafka as kafka_handler
from ingest.intake import Take
from ingest.messages.cloudevent import Message
from ingest.settings import Settings
from tests.conftest import GraphServer
from tests.store.saying import event, serial
from tests.store.test_database import through

PATIENCE_S = 60.0

pytestmark = pytest.mark.slow


class Worker:
    """A worker process of a test's own, with topics of its own; it can be killed and started again."""

    def __init__(self, kafka: str, graph: GraphServer, folder: Path) -> None:
        self.topic, self.dead = f"events-{uuid4().hex[:8]}", f"dead-{uuid4().hex[:8]}"
        port = free_port()
        self.part = Part(
            name="work",
            command=[sys.executable, "-m", "ingest.work"],
            url=f"http://127.0.0.1:{port}",
            port=port,
            log=folder / "work.log",
            environment={
                "UTCS_KAFKA_URI": f"kafka://{kafka}",
                "UTCS_NEO4J_URI": graph.uri,
                "UTCS_NEO4J_USER": graph.user,
                "UTCS_NEO4J_PASSWORD": graph.password,
                "UTCS_WORK_PORT": str(port),
                "UTCS_EVENTS": self.topic,
                "UTCS_DEAD_LETTERS": self.dead,
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


@pytest.fixture
def make_worker(kafka_server: str, tmp_path: Path) -> Iterator[Callable[[GraphServer], Worker]]:
    made: list[Worker] = []

    def make(graph: GraphServer) -> Worker:
        made.append(Worker(kafka_server, graph, tmp_path))
        made[-1].start()
        return made[-1]

    yield make
    for worker in made:
        worker.stop()


@asynccontextmanager
async def producer(kafka: str) -> AsyncIterator[AIOKafkaProducer]:
    sender = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await sender.start()
    try:
        yield sender
    finally:
        await sender.stop()


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await what():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.1)


async def logged(graph: Graph) -> list[str]:
    return [id for (id,) in await graph.read("MATCH (c:Change) RETURN c.id ORDER BY c.seq")]


async def read_dead(kafka: str, topic: str, count: int) -> list[Any]:
    reader = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await reader.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            return [await reader.getone() for _ in range(count)]
    finally:
        await reader.stop()


def binary(document: dict[str, Any]) -> tuple[bytes, list[tuple[str, bytes]]]:
    headers = {f"ce_{name}": str(value) for name, value in document.items() if name != "data"}
    headers |= {"ce_specversion": "1.0", "content-type": "application/json"}
    return orjson.dumps(document["data"]), [(n, v.encode()) for n, v in headers.items()]


async def test_events_in_every_mode_arrive_and_poison_holds_up_nobody(
    graph: Graph,
    neo4j_server: GraphServer,
    kafka_server: str,
    make_worker: Callable[[GraphServer], Worker],
) -> None:
    worker = make_worker(neo4j_server)
    body, headers = binary(event(serial("b"), id="binary"))
    batch = [event(serial("c"), id="batched-1"), event(serial("d"), id="batched-2")]

    async with producer(kafka_server) as sender:
        await sender.send(worker.topic, b"\xff poison", headers=[("odd", b"\xff\xfe")])
        await sender.send(worker.topic, orjson.dumps(event(serial("a"), id="structured")))
        await sender.send(worker.topic, body, headers=headers)
        kind = b"application/cloudevents-batch+json"
        await sender.send(worker.topic, orjson.dumps(batch), headers=[("content-type", kind)])
        await sender.send(worker.topic, orjson.dumps(event(serial("a", colour="red"), id="bad")))

    async def all_in() -> bool:
        return len(await logged(graph)) == 4

    await until(all_in)
    dead = await read_dead(kafka_server, worker.dead, 2)
    told = {record.value: dict(record.headers) for record in dead}
    assert set(await logged(graph)) == {"structured", "binary", "batched-1", "batched-2"}
    assert b"not UTF-8" in told[b"\xff poison"]["utcs-reason"]
    assert worker.topic.encode() in told[b"\xff poison"]["utcs-place"]
    assert {headers["utcs-code"] for headers in told.values()} == {b"invalid"}


async def test_killed_again_and_again_it_loses_nothing_and_doubles_nothing(
    graph: Graph,
    neo4j_server: GraphServer,
    kafka_server: str,
    make_worker: Callable[[GraphServer], Worker],
) -> None:
    worker = make_worker(neo4j_server)
    things = [f"t{n}" for n in range(10)]
    sent = [(name, f"{name}-{step:03}") for step in range(60) for name in things]

    async with producer(kafka_server) as sender:
        for number, (name, id) in enumerate(sent):
            document = event(serial(name, name=id), id=id, on=number // 100)
            await sender.send(worker.topic, orjson.dumps(document), key=name.encode())
            if number % 200 == 150:
                await sender.flush()
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
    kafka_server: str,
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
        async with producer(kafka_server) as sender:
            for n in range(5):
                await sender.send(worker.topic, orjson.dumps(event(serial(f"s{n}"), id=f"s{n}")))

        async def is_unready() -> bool:
            status, body = await asyncio.to_thread(worker.readiness)
            return status == 503 and "not answering" in body

        async def all_in() -> bool:
            return sorted(await logged(graph)) == [f"s{n}" for n in range(5)]

        await until(is_unready)
        assert await logged(graph) == []
        gone.set()
        await cutting
        await until(all_in)
        assert (await asyncio.to_thread(worker.readiness))[0] == 200


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
        kafka_uri=f"kafka://{kafka_server}", neo4j_uri="", neo4j_password=SecretStr(""),
        events=f"events-{name}", dead_letters=f"dead-{name}", group=name, batch=1,
    )  # fmt: skip
    intake = Failing()
    broker, declare = kafka_handler.kafka_broker(
        {settings.events: cast("Take", intake.take)}, settings
    )
    await declare()
    async with producer(kafka_server) as sender:
        for body in (b"1", b"2", b"3"):
            await sender.send_and_wait(settings.events, body, key=b"same")

    async def all_in() -> bool:
        return len(intake.taken) >= 4

    async with broker:
        await broker.start()
        await until(all_in)

    assert intake.taken == [b"failed", b"1", b"2", b"3"]
