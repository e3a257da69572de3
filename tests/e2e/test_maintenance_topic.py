"""Maintenance on a real queue: a worker that is killed loses nothing, and doubles have the same id."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aio_pika import connect
from aiokafka import AIOKafkaConsumer

from graph.store.apply import apply
from graph.store.database import Graph
from tests.conftest import GraphServer
from tests.e2e.queues import PATIENCE_S, KafkaQueue, RabbitQueue
from tests.e2e.test_work import Worker
from tests.store.saying import correct, event
from tests.store.test_maintenance import births, kept, link, order, told

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(kafka_server: str, neo4j_server: GraphServer, tmp_path: Path) -> Iterator[Worker]:
    made = Worker(KafkaQueue(kafka_server), neo4j_server, tmp_path)
    yield made
    made.stop()


async def read_until(kafka: str, topic: str, ids: set[str]) -> list[Any]:
    """Every message of a topic, up to a while after all of some ids have come."""
    reader = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await reader.start()
    found: list[Any] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            while ids - {id_of(message) for message in found}:
                found.append(await reader.getone())
        while some := await reader.getmany(timeout_ms=500):
            found += [message for messages in some.values() for message in messages]
    finally:
        await reader.stop()
    return found


def id_of(message: Any) -> str:
    id: str = orjson.loads(message.value)["id"]
    return id


async def test_killed_again_and_again_nothing_is_missing_and_doubles_have_the_same_id(
    graph: Graph, kafka_server: str, worker: Worker
) -> None:
    await apply(graph, [births()])
    await asyncio.to_thread(worker.start)
    for n in range(0, 600, 100):
        batch = [done(f"{n + m}") for m in range(100)]
        await apply(graph, [*batch, event(correct(f"done-{n}"), on=2)])
        if n % 200 == 100:
            await asyncio.to_thread(worker.kill)
            await asyncio.to_thread(worker.start)
    expected = await told(graph)

    found = await read_until(
        kafka_server, f"{worker.topic}.hub.maintenance", {m["id"] for m in expected}
    )

    contents = defaultdict(set)
    for message in found:
        contents[id_of(message)].add((message.key, message.value))
    assert contents.keys() == {message["id"] for message in expected}
    assert all(len(different) == 1 for different in contents.values())
    assert len(kept(expected)) == len(expected) - 2 * 6 * 2, (
        "two of each that was wrong, and their ends"
    )
    for message in found:
        document = orjson.loads(message.value)
        assert message.key == document["subject"].encode()
        assert dict(message.headers)["content-type"] == b"application/cloudevents+json"
    for key in {message.key for message in found}:
        own = [orjson.loads(message.value) for message in found if message.key == key]
        first = [m for n, m in enumerate(own) if m["id"] not in {o["id"] for o in own[:n]}]
        assert first == [m for m in expected if m["subject"].encode() == key], "in order"


def done(name: str) -> dict[str, Any]:
    """An order that was performed on one of seven units."""
    utcs, unit = f"utcs:TEST:workorder:W{name}", f"utcs:TEST:serial:S{int(name) % 7}"
    serial = {"name": unit, "serial_number": unit[-2:]}
    return event(
        {"fact": "put_node", "utcs": unit, "properties": serial},
        order(utcs, status="performed", category="scheduled"),
        link(utcs, "WORKS_ON", unit),
        on=1,
        id=f"done-{name}",
    )


async def test_rabbitmq_keeps_what_was_told_as_a_stream_that_is_read_from_where_one_likes(
    graph: Graph, rabbitmq_server: Any, neo4j_server: GraphServer, tmp_path: Path
) -> None:
    worker = Worker(RabbitQueue(rabbitmq_server.uri), neo4j_server, tmp_path)
    await apply(graph, [births(), done("1")])
    expected = await told(graph)

    try:
        await asyncio.to_thread(worker.start)
        found = await stream(rabbitmq_server.uri, f"{worker.topic}.hub.maintenance", len(expected))
    finally:
        worker.stop()

    assert found == expected


async def stream(uri: str, name: str, count: int) -> list[Any]:
    """The first messages of a stream."""
    async with await connect(uri) as connection, connection.channel() as channel:
        await channel.set_qos(prefetch_count=10)
        queue = await channel.get_queue(name, ensure=False)
        arrived: asyncio.Queue[Any] = asyncio.Queue()
        await queue.consume(arrived.put, arguments={"x-stream-offset": "first"})
        async with asyncio.timeout(PATIENCE_S):
            messages = [await arrived.get() for _ in range(count)]
    return [orjson.loads(message.body) for message in messages]
