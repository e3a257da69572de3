"""Kafka to committed in Neo4j, against `apply` alone of as many events in transactions of the same size.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.ingest

Needs an empty graph. Starts a Kafka of its own. Rounds take turns: the same 2,000 new things, one or 25 to an
event, wait in a topic and are consumed, or are given to `submit` as bytes.
"""

from __future__ import annotations

import asyncio
import os
import time
from statistics import median
from typing import Any
from uuid import uuid4

import orjson
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from benchmarks.apply import events, thing
from benchmarks.server import kafka
from graph.flows.submit import Principal, submit
from graph.store.database import Graph
from graph.store.migrate import migrate
from ingest.handlers.kafka import kafka_broker
from ingest.inlet import Inlet
from ingest.intake import Intake
from ingest.settings import Settings

SAMPLE, ROUNDS = 2_000, 7
WORKER = Principal.of("benchmark", "admin")


async def consumed(graph: Graph, broker: str, documents: list[bytes], batch: int) -> float:
    """Seconds from the start of a worker until all that waits in its topic is committed."""
    name = uuid4().hex[:8]
    settings = Settings(
        queue_uri=SecretStr(f"kafka://{broker}"), neo4j_uri="", neo4j_password=SecretStr(""),
        events=f"e-{name}", dead_letters=f"d-{name}", group=name, partitions=1, batch=batch,
        changes="",
    )  # fmt: skip
    intake = Intake(graph, WORKER)
    queue, declare = kafka_broker([Inlet.of_events(intake, settings)], settings)
    await declare()
    sender = AIOKafkaProducer(bootstrap_servers=broker, acks="all", max_batch_size=512 * 1024)
    await sender.start()
    await asyncio.gather(*[await sender.send(settings.events, one) for one in documents])
    await sender.stop()
    async with queue:
        await queue.start()
        while not intake.counts:  # noqa: ASYNC110 - joining the group is not what is measured
            await asyncio.sleep(0)
        first, start = sum(intake.counts.values()), time.perf_counter()
        while sum(intake.counts.values()) < len(documents):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        taken = time.perf_counter() - start
    assert intake.counts == {"applied": len(documents)}, intake.counts
    return taken * len(documents) / (len(documents) - first)


async def applied(graph: Graph, documents: list[bytes], batch: int) -> float:
    start = time.perf_counter()
    for first in range(0, len(documents), batch):
        outcomes = await submit(graph, documents[first : first + batch], WORKER)
        assert all(outcome.status == "applied" for outcome in outcomes)
    return time.perf_counter() - start


async def main() -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await migrate(graph)
        start = 0
        with kafka() as broker:
            print(f"{'facts/event':>11} {'from Kafka/s':>13} {'apply/s':>9} {'ratio':>6}")
            for at_once in (1, 25):
                both: dict[str, list[float]] = {"kafka": [], "apply": []}
                batch = 500 // at_once
                for number in range(ROUNDS + 1):
                    for side in both:
                        facts: list[Any] = [thing(n) for n in range(start, start + SAMPLE)]
                        documents = [
                            orjson.dumps(e | {"actor": "b"}) for e in events(facts, at_once)
                        ]
                        start += SAMPLE
                        run = (
                            consumed(graph, broker, documents, batch)
                            if side == "kafka"
                            else applied(graph, documents, batch)
                        )
                        taken = await run
                        if number:
                            both[side].append(taken)
                ours, alone = (SAMPLE / median(both[side]) for side in ("kafka", "apply"))
                print(f"{at_once:11} {ours:13,.0f} {alone:9,.0f} {ours / alone:6.2f}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
