"""The worker keeps the mirror: killed at any moment, also in its snapshot, it loses and doubles nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import AsyncConnection

from graph.model.time import to_micros
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.followers import followers
from tests.conftest import GraphServer
from tests.e2e.queues import PATIENCE_S, KafkaQueue
from tests.e2e.test_work import Worker
from tests.store.mirrored import as_known, graph_rows, mirror_rows
from tests.store.saying import correct, event, serial

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(
    kafka_server: str, neo4j_server: GraphServer, postgres_uri: str, tmp_path: Path
) -> Iterator[Worker]:
    made = Worker(KafkaQueue(kafka_server), neo4j_server, tmp_path)
    told = {**made.part.environment, "UTCS_POSTGRES_URI": postgres_uri, "UTCS_CHANGES": ""}
    made.part = replace(made.part, environment=told)
    yield made
    made.stop()


async def reached(graph: Graph) -> list[tuple[str, int]]:
    return [(one.name, one.seq) for one in await followers(graph)]


async def test_a_worker_killed_again_and_again_leaves_a_mirror_that_is_exact(
    graph: Graph, postgres_uri: str, worker: Worker
) -> None:
    names = [f"t{n}" for n in range(600)]
    await apply(graph, [event(serial(name), id=f"birth-{name}") for name in names])
    for round in range(4):
        await asyncio.to_thread(worker.start)
        for step in range(5):
            said = [
                event(serial(name, name=f"{round}.{step}"), id=f"{round}-{step}-{name}", on=round)
                for name in names[step::40]
            ]
            await apply(graph, said)
            await apply(graph, [event(correct(said[0]["id"]), id=f"fix-{round}-{step}", on=9)])
        await asyncio.to_thread(worker.kill)
    await asyncio.to_thread(worker.start)

    entries = await changes(graph, first=1000)
    async with await AsyncConnection.connect(postgres_uri, autocommit=True) as connection:
        async with asyncio.timeout(PATIENCE_S):
            while ("postgres", entries[-1].seq) not in await reached(graph):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        mirrored = await mirror_rows(connection)

    assert len(mirrored) == len(set(mirrored))
    known = to_micros(entries[-1].recorded_at)
    assert set(mirrored) == as_known(await graph_rows(graph), known)
