"""The whole worker, killed again and again while files come in."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from cli.local.part import Part, Running
from cli.local.port import free_port
from graph.store.database import Graph
from ingest.places.place import Place
from tests.conftest import GraphServer
from tests.files.conftest import Where
from tests.files.test_pickup import lines, logged, receipt, tree

PATIENCE_S = 120.0

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(
    kafka_server: str, neo4j_server: GraphServer, where: Where, tmp_path: Path
) -> Iterator[Callable[[], Running]]:
    """Starts a worker that picks files up, as often as it is asked."""
    says = {
        "name": "dock",
        "authority": "ACME",
        "settle_s": 0,
        "every_s": 0.1,
        "lease_s": 1,
    } | where
    told = [
        f"{n} = {str(v)!r}" if not isinstance(v, int | float) else f"{n} = {v}"
        for n, v in says.items()
    ]
    (tmp_path / "places.toml").write_text("[[pickup]]\n" + "\n".join(told))
    started: list[Running] = []

    def start() -> Running:
        port = free_port()
        environment = {
            "UTCS_HOME": str(tmp_path),
            "UTCS_QUEUE_URI": f"kafka://{kafka_server}",
            "UTCS_NEO4J_URI": neo4j_server.uri,
            "UTCS_NEO4J_USER": neo4j_server.user,
            "UTCS_NEO4J_PASSWORD": neo4j_server.password,
            "UTCS_WORK_PORT": str(port),
            "UTCS_PLACES": str(tmp_path / "places.toml"),
        }
        url, command = f"http://127.0.0.1:{port}", [sys.executable, "-m", "ingest.work"]
        started.append(Running(Part("work", command, url, port, tmp_path / "log", environment)))
        started[-1].wait_ready()
        return started[-1]

    yield start
    for running in started:
        running.stop()


async def test_killed_again_and_again_it_takes_every_file_once(
    graph: Graph, place: Place, worker: Callable[[], Running]
) -> None:
    names = [f"{n:02}.jsonl" for n in range(12)]
    ids = {name: [f"{name}-{n}" for n in range(40)] for name in names}

    for number, name in enumerate(names):
        if number % 4 == 0:
            running = await asyncio.to_thread(worker)
        await place.write(name, lines(*ids[name]))
        if number % 4 == 3:
            await asyncio.sleep(0.3)
            os.kill(running.process.pid, signal.SIGKILL)
    running = await asyncio.to_thread(worker)

    async def all_done() -> bool:
        entries = {entry.name for entry in await place.entries()}
        return not entries & set(names) and not await place.entries("processing")

    async with asyncio.timeout(PATIENCE_S):
        while not await all_done():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.2)
    found = await tree(place)
    told = [receipt(found, name) for name in names]
    assert [one["counts"] for one in told] == [{"applied": 40}] * len(names)
    assert sorted(await logged(graph)) == sorted(id for each in ids.values() for id in each)
    seen = (await asyncio.to_thread(httpx.get, f"{running.part.url}/metrics")).text
    assert 'utcs_pickup_up{pickup="dock"} 1.0' in seen
