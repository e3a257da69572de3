"""Change events of a foreign database over a real Kafka into a real graph.

No Debezium runs here; the envelopes are those of tests/unit/ingest/messages/test_debezium.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from graph.model.outcome import Status
from graph.store.apply import apply
from graph.store.database import Graph
from ingest.files.tables import read_tables
from ingest.messages.cloudevent import Message
from ingest.messages.debezium import read_change
from tests.conftest import GraphServer
from tests.e2e.queues import KafkaQueue
from tests.e2e.test_work import Worker, until
from tests.unit.ingest.messages.test_debezium import MAPPING, UNIT, envelope


def sent(*changes: dict[str, Any] | None) -> list[bytes | None]:
    return [None if change is None else orjson.dumps(change) for change in changes]


INSTALLED = UNIT | {"assembly": "A-1", "place": "L"}
STORY = sent(
    envelope("r", None, {"number": "P-1", "title": "valve type"}, "parts", lsn=1, ts_us=10**15),
    envelope("c", None, UNIT | {"serial": "A-1", "label": "rack"}, lsn=2, ts_us=10**15),
    envelope("c", None, UNIT, lsn=3, ts_us=10**15 + 1),
    envelope("u", UNIT, INSTALLED, lsn=4, ts_us=10**15 + 2),
    envelope("u", INSTALLED, INSTALLED | {"label": "first"}, lsn=9, ts_us=10**15 + 3),
    envelope("u", INSTALLED, INSTALLED | {"label": "last"}, lsn=10, ts_us=10**15 + 3),
    envelope("c", None, UNIT | {"serial": "S-2"}, lsn=11, ts_us=10**15 + 4),
    envelope("d", UNIT | {"serial": "S-2"}, None, lsn=12, ts_us=10**15 + 5),
    None,
)
SERIALS = "MATCH (a:Serial) RETURN a.utcs, a.name ORDER BY a.utcs"
INSTALLATIONS = "MATCH (a)-[r:CONTAINS]->(b) RETURN a.utcs, r.slot, b.utcs"


async def assert_told(graph: Graph) -> None:
    assert await graph.read(SERIALS) == [
        ["utcs:TEST:serial:A-1", "rack"],
        ["utcs:TEST:serial:S-1", "last"],
    ]
    assert await graph.read(INSTALLATIONS) == [
        ["utcs:TEST:serial:A-1", "L", "utcs:TEST:serial:S-1"]
    ]


async def test_any_order_and_any_repeats_of_the_changes_give_the_same(graph: Graph) -> None:
    tables = read_tables(MAPPING)
    events = [event for body in STORY for event in read_change(Message(body or b""), tables)]

    for event in reversed(events):
        await apply(graph, [event])
    again = await apply(graph, events)

    assert {outcome.status for outcome in again} == {Status.DUPLICATE}
    await assert_told(graph)


@pytest.fixture
def worker(kafka_server: str, neo4j_server: GraphServer, tmp_path: Path) -> Iterator[Worker]:
    made = Worker(KafkaQueue(kafka_server), neo4j_server, tmp_path)
    topics = f"shop-{uuid4().hex[:8]}.public.units,shop-{uuid4().hex[:8]}.public.parts"
    told = {"UTCS_DEBEZIUM_TOPICS": topics, "UTCS_DEBEZIUM_MAPPING": str(MAPPING)}
    made.part = replace(made.part, environment={**made.part.environment, **told})
    yield made
    made.stop()


@pytest.mark.slow
async def test_the_worker_takes_them_from_kafka_and_what_it_cannot_take_is_a_dead_letter(
    graph: Graph, kafka_server: str, worker: Worker
) -> None:
    units, parts = worker.part.environment["UTCS_DEBEZIUM_TOPICS"].split(",")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    await admin.create_topics([NewTopic(units, 1, 1), NewTopic(parts, 1, 1)])
    await admin.close()
    await asyncio.to_thread(worker.start)
    truncated = orjson.dumps(envelope("t", None, None))

    async with AIOKafkaProducer(bootstrap_servers=kafka_server, acks="all") as sender:
        for body in [*STORY, truncated, *STORY]:
            topic = parts if body and b'"parts"' in body else units
            await sender.send(topic, body, key=b'{"serial":"any"}')

    async def all_in() -> bool:
        return (await graph.read("MATCH (c:Change) RETURN count(c)")) == [[8]]

    await until(all_in)
    dead = await KafkaQueue(kafka_server).dead(worker.dead, 1)
    await assert_told(graph)
    assert "public.units was emptied" in dead[truncated]["utcs-reason"]
    kept = await graph.read("MATCH (r:Refusal) RETURN r.code, r.reason")
    assert [(code, "was emptied" in reason) for code, reason in kept] == [("invalid", True)]
