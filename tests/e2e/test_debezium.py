"""Change events of a foreign database over a real Kafka into a real graph.

The first tests send the envelopes of tests/unit/ingest/messages/test_debezium.py; the last one lets a real
Debezium capture what is done to a real PostgreSQL.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import psycopg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from cli.local.part import Running
from graph.model.outcome import Status
from graph.store.apply import apply
from graph.store.database import Graph
from ingest.files.tables import read_tables
from ingest.messages.cloudevent import Message
from ingest.messages.debezium import read_change
from tests.capture import capture
from tests.conftest import GraphServer
from tests.e2e.queues import KafkaQueue
from tests.e2e.test_work import Worker, until
from tests.postgres import PostgresServer
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
MADE = "MATCH (s:Serial) RETURN s.serial_number, s.manufactured_on ORDER BY s.utcs"
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


FLUSHED_S = 1.0
"""Longer than Kafka Connect waits until it writes down how far it is."""

SHOP = """
CREATE TABLE parts (number text PRIMARY KEY, title text, mass numeric(8,3));
CREATE TABLE units (
  serial text PRIMARY KEY, label text, made_on date, part text, assembly text, place text, seen timestamptz
);
ALTER TABLE units REPLICA IDENTITY FULL;
INSERT INTO parts VALUES ('P-1', 'valve type', 12.500);
INSERT INTO units VALUES ('A-1', 'rack', '2024-02-29', NULL, NULL, NULL, now());
"""
LIVED = (
    "INSERT INTO units VALUES ('S-1', 'valve', '2024-03-01', 'P-1', NULL, NULL, now())",
    "UPDATE units SET assembly = 'A-1', place = 'L' WHERE serial = 'S-1'",
    "UPDATE units SET label = 'first' WHERE serial = 'S-1'",
    "UPDATE units SET label = 'last' WHERE serial = 'S-1'",
)
MORE = (
    "INSERT INTO units VALUES ('S-2', 'spare', '2024-03-02', 'P-1', NULL, NULL, now())",
    "UPDATE units SET assembly = 'A-1', place = 'R' WHERE serial = 'S-2'",
    "DELETE FROM units WHERE serial = 'S-2'",
)


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


@pytest.fixture
def shop(postgres_server: PostgresServer) -> Iterator[str]:
    """A database with two tables that hold something already."""
    name = f"shop_{uuid4().hex[:8]}"
    with psycopg.connect(postgres_server.uri(), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    run(postgres_server.uri(name), SHOP)
    yield name
    run(postgres_server.uri(name), f"SELECT pg_drop_replication_slot('{name}')")


def run(uri: str, *statements: str) -> None:
    with psycopg.connect(uri, autocommit=True) as database:
        for statement in statements:
            database.execute(statement.encode())


@pytest.fixture
def start_capture(
    postgres_server: PostgresServer,
    shop: str,
    kafka_server: str,
    debezium_jars: list[Path],
    tmp_path: Path,
) -> Iterator[Callable[[], Running]]:
    """Starts Debezium, which goes on where it was when it is started again."""
    part = capture(
        tmp_path,
        debezium_jars,
        kafka_server,
        {
            "database.port": str(postgres_server.port),
            "database.dbname": shop,
            "topic.prefix": shop,
            "slot.name": shop,
            "publication.name": shop,
        },
    )
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(part))
        return started[-1]

    yield start
    for running in started:
        running.stop()


@pytest.mark.slow
async def test_what_a_real_debezium_captures_is_what_the_database_said_though_it_is_killed(
    graph: Graph,
    postgres_server: PostgresServer,
    shop: str,
    start_capture: Callable[[], Running],
    worker: Worker,
) -> None:
    told = {"UTCS_DEBEZIUM_TOPICS": f"{shop}.public.units,{shop}.public.parts"}
    worker.part = replace(worker.part, environment={**worker.part.environment, **told})
    capturing = await asyncio.to_thread(start_capture)

    async def snapshot_taken() -> bool:
        there = "MATCH (a:Anchor) WHERE a.utcs IN ['utcs:TEST:part:P-1', 'utcs:TEST:serial:A-1']"
        return (await graph.read(f"{there} RETURN count(a)")) == [[2]]

    async def valve_renamed() -> bool:
        named = "MATCH (a:Anchor {utcs: 'utcs:TEST:serial:S-1'}) WHERE a.name = 'last'"
        return (await graph.read(f"{named} RETURN count(a)")) == [[1]]

    async def spare_gone() -> bool:
        gone = "MATCH (a:Anchor {utcs: 'utcs:TEST:serial:S-2'}) WHERE NOT a:Serial"
        return (await graph.read(f"{gone} RETURN count(a)")) == [[1]]

    await asyncio.to_thread(worker.start)
    await until(snapshot_taken)
    await asyncio.to_thread(run, postgres_server.uri(shop), *LIVED)
    await until(valve_renamed)
    await asyncio.sleep(
        FLUSHED_S
    )  # cut off in its snapshot, it would begin anew and miss the spare
    os.kill(capturing.process.pid, signal.SIGKILL)
    capturing.stop()
    await asyncio.to_thread(run, postgres_server.uri(shop), *MORE)
    await asyncio.to_thread(start_capture)
    await until(spare_gone)

    await assert_told(graph)
    assert await graph.read("MATCH (p:Part) RETURN p.name, p.mass_kg") == [["valve type", 12.5]]
    assert await graph.read(MADE) == [["A-1", "2024-02-29"], ["S-1", "2024-03-01"]]
    assert (await graph.read("MATCH (r:Refusal) RETURN r.reason")) == []
