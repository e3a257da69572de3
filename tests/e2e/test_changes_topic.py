"""The topic of changes on a real Kafka: nothing of the log is missing, and what comes twice is the same."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer

from graph.model.event import MAX_BYTES
from graph.model.time import format_utc
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from tests.conftest import GraphServer
from tests.e2e.queues import PATIENCE_S, KafkaQueue
from tests.e2e.test_work import Worker
from tests.store.saying import correct, event, serial

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(kafka_server: str, neo4j_server: GraphServer, tmp_path: Path) -> Iterator[Worker]:
    made = Worker(KafkaQueue(kafka_server), neo4j_server, tmp_path)
    yield made
    made.stop()


async def read_until(kafka: str, topic: str, last: int) -> list[Any]:
    """Every message of a topic, up to a while after the entry of a number has come."""
    reader = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=2**22,
    )
    await reader.start()
    found: list[Any] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            while all(seq(message) != last for message in found):
                found.append(await reader.getone())
        while some := await reader.getmany(timeout_ms=500):
            found += [message for messages in some.values() for message in messages]
    finally:
        await reader.stop()
    return found


def seq(message: Any) -> int:
    return int(orjson.loads(message.value)["utcsseq"])


async def test_each_entry_is_published_as_it_was_recorded_with_its_number(
    graph: Graph, kafka_server: str, worker: Worker
) -> None:
    long = "x" * 100_000
    huge = [serial(f"h{n}", description=long) for n in range(10)]
    said = [event(serial("a"), id="first"), event(*huge), event(correct("first"), on=1)]
    for one in said:
        await apply(graph, [one])

    await asyncio.to_thread(worker.start)
    found = await read_until(kafka_server, worker.changes, 3)

    by_seq = {seq(message): message for message in found}
    for entry in await changes(graph):
        told = orjson.loads(by_seq[entry.seq].value)
        assert told.pop("utcsseq") == str(entry.seq)
        assert told.pop("utcsrecordedat") == format_utc(entry.recorded_at)
        assert told == orjson.loads(entry.event)
        assert dict(by_seq[entry.seq].headers)["content-type"] == b"application/cloudevents+json"
    assert by_seq[1].key == by_seq[3].key == b"utcs:TEST:serial:a", (
        "a correction follows what it corrects"
    )
    assert len(by_seq[2].value) > MAX_BYTES * 0.95, "the largest event still finds its way"


async def test_killed_again_and_again_nothing_is_missing_and_doubles_are_the_same(
    graph: Graph, kafka_server: str, worker: Worker
) -> None:
    names = [f"t{n}" for n in range(7)]
    total = 1500
    await asyncio.to_thread(worker.start)
    for start in range(0, total, 60):
        batch = [
            event(serial(names[n % 7], name=f"{n}"), id=f"e{n}", on=n)
            for n in range(start, start + 60)
        ]
        await apply(graph, batch)
        if start % 420 == 360:
            await asyncio.to_thread(worker.kill)
            await asyncio.to_thread(worker.start)

    found = await read_until(kafka_server, worker.changes, total)

    assert {seq(message) for message in found} == set(range(1, total + 1))
    contents = defaultdict(set)
    for message in found:
        contents[seq(message)].add(message.value)
    assert all(len(different) == 1 for different in contents.values())
    for name in names:
        own = [seq(m) for m in found if m.key == f"utcs:TEST:serial:{name}".encode()]
        assert list(dict.fromkeys(own)) == sorted(set(own)), "the order of each thing is kept"
        assert own[-1] == max(own), "what is told last is what holds"
