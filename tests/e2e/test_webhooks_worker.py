"""A worker that is killed while it calls an endpoint: nothing is missed, and what comes twice is the same."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest
from aiohttp import web

from graph.store.apply import apply
from graph.store.database import Graph
from tests.conftest import GraphServer
from tests.e2e.queues import PATIENCE_S, KafkaQueue
from tests.e2e.test_work import Worker
from tests.store.saying import event, serial
from tests.store.test_webhooks import FarEnd, eventually

pytestmark = pytest.mark.slow

SECRET = f"whsec_{b64encode(bytes(range(32))).decode()}"


@pytest.fixture
def worker(kafka_server: str, neo4j_server: GraphServer, tmp_path: Path) -> Iterator[Worker]:
    made = Worker(KafkaQueue(kafka_server), neo4j_server, tmp_path)
    yield made
    made.stop()


async def test_killed_between_call_and_cursor_it_calls_again_with_the_same_id(
    graph: Graph, worker: Worker, tmp_path: Path
) -> None:
    async def killed(request: web.Request) -> web.StreamResponse:
        await asyncio.to_thread(worker.kill)
        return web.Response()

    far = FarEnd()
    far.replies = [204, 204, killed]
    await apply(graph, [event(serial(f"s{n}")) for n in range(5)])
    async with far.running():
        configure(worker, tmp_path, far.port)
        await asyncio.to_thread(worker.start)
        await eventually(lambda: reached(far, 3), PATIENCE_S)
        await asyncio.sleep(0.5)
        assert len(far.told) == 3
        await asyncio.to_thread(worker.start)
        await eventually(lambda: reached(far, 8), PATIENCE_S)
        metrics = await eventually(lambda: measured(worker), PATIENCE_S)

    said = defaultdict(set)
    for headers, body in far.told:
        said[headers["webhook-id"]].add(body)
    assert [len(bodies) for bodies in said.values()] == [1] * 5
    assert far.ids[:3] == far.ids[3:6]
    assert {orjson.loads(body)["utcsseq"] for _, body in far.told} == set("12345")
    assert 'utcs_webhook_calls_total{end="delivered",endpoint="far"} 5.0' in metrics
    assert 'utcs_webhook_up{endpoint="far"} 1.0' in metrics
    log = await asyncio.to_thread(worker.part.log.read_text)
    assert SECRET not in log


def configure(worker: Worker, folder: Path, port: int) -> None:
    """Tells a worker to call an endpoint on this machine, one thing at a time."""
    file = folder / "webhooks.toml"
    file.write_text(
        f'[[endpoint]]\nname = "far"\nurl = "http://127.0.0.1:{port}/hook"\nat_once = 1\n'
        'types = ["org.utcs.facts.put.v1"]\nsecret_env = "FAR_SECRET"\nfirst_wait_s = 0.1\n'
    )
    told = {"UTCS_WEBHOOKS": str(file), "FAR_SECRET": SECRET}
    worker.part = replace(worker.part, environment={**worker.part.environment, **told})


async def reached(far: FarEnd, calls: int) -> bool:
    return len(far.told) >= calls


async def measured(worker: Worker) -> str | None:
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{worker.part.url}/metrics")).text
    return text if 'end="delivered"' in text else None
