"""The streams of the hub, over each queue: a worker killed again and again loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from graph.model.identifier import Utcs
from graph.model.time import parse_utc
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.telemetry.ask import Span, buckets
from graph.store.telemetry.shelf import Shelf
from tests.conftest import GraphServer
from tests.e2e.queues import Broker, Sent
from tests.e2e.test_work import Worker, logged, make_worker, queue, until
from tests.store.reporting import AIRCRAFT, flight, report, series
from tests.store.saying import day, event, put

__all__ = ["make_worker", "queue"]

pytestmark = pytest.mark.slow


async def test_killed_again_and_again_it_keeps_each_sample_and_each_flight_once(
    graph: Graph,
    neo4j_server: GraphServer,
    queue: Broker,
    tmp_path: Path,
    make_worker: Callable[[GraphServer], Worker],
) -> None:
    await apply(graph, [event(put(AIRCRAFT, name="A1"))])
    worker = make_worker(neo4j_server)
    flights, readings = 60, 120

    async with queue.sender() as send:
        for number in range(readings):
            heard = series(on=10 + number / 100, values=[500.0 + number] * 50)
            sent = report("health", on=10 + number / 100, series=[heard])
            await send(f"{worker.topic}.hub.health", Sent(orjson.dumps(sent)))
            if number < flights:
                sent = flight(f"L{number}", on=20 + number, series=[series(on=20 + number)])
                await send(f"{worker.topic}.hub.flight", Sent(orjson.dumps(sent)))
            if number == 30:
                await send(f"{worker.topic}.hub.health", Sent(b"\xff poison"))
            if number % 40 == 30:
                worker.kill()
                worker.start()

    span = Span(Utcs.parse(AIRCRAFT), "engine.egt", parse_utc(day(0)), parse_utc(day(200)))
    expected = readings * 50 + flights * 2

    async def all_in() -> bool:
        counted = sum(
            b.count for b in buckets(Shelf(tmp_path / "telemetry"), span, bucket_s=86_400).buckets
        )
        return counted >= expected and len(await logged(graph)) > flights

    await until(all_in)
    rows = await graph.read("MATCH (f:Flight)-[:FLOWN_BY]->() RETURN count(f)")
    dead = await queue.dead(worker.dead, 1)
    kept = sum(f.rows for s in ("health", "flight") for d in Shelf(tmp_path / "telemetry").days(s)
               for f in Shelf(tmp_path / "telemetry").holding(d))  # fmt: skip
    assert kept == expected, "each once, also where a question would not see a double"
    assert (rows, len(await logged(graph))) == ([[flights]], flights + 1)
    assert "not UTF-8" in dead[b"\xff poison"]["utcs-reason"]
