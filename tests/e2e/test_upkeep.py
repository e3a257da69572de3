"""What falls due by the clock alone is done without anybody asking."""

import asyncio
import logging
from contextlib import suppress

import pytest

from api.upkeep import keep_up
from graph.flows.submit import Principal, submit
from graph.store.database import Graph
from graph.store.health import read_counters

YEAR = 366 * 24 * 3600 * 1_000_000
WAITING = {
    "id": "1",
    "source": "urn:test",
    "time": "2025-01-01T00:00:00Z",
    "data": {
        "facts": [
            {
                "fact": "put_link",
                "source": "utcs:TEST:requirement:R-1",
                "link": "DERIVES_FROM",
                "target": "utcs:TEST:requirement:R-2",
            }
        ]
    },
}


async def for_a_while(graph: Graph) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(keep_up(graph, every_s=0.05), 5)


async def test_what_waited_too_long_goes_to_the_dead_letters(graph: Graph) -> None:
    await submit(graph, [WAITING], Principal.of("anna", "admin"))
    before = await read_counters(graph)

    later = graph.clock() + YEAR
    graph.clock = lambda: later
    await for_a_while(graph)

    after = await read_counters(graph)
    assert (before.parked, before.refused) == (1, 0)
    assert (after.parked, after.refused) == (0, 1)


async def test_lost_graph_does_not_end_the_upkeep(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from graph.store.errors import GraphUnreachableError

    rounds = 0

    async def fail(_: Graph) -> int:
        nonlocal rounds
        rounds += 1
        raise GraphUnreachableError("gone")

    monkeypatch.setattr("api.upkeep.refresh", fail)
    # Where a test has run uvicorn in this process, its loggers no longer tell caplog.
    monkeypatch.setattr("api.upkeep._log", logging.getLogger("upkeep"))
    with suppress(TimeoutError):
        await asyncio.wait_for(keep_up(graph, every_s=0.01), 0.5)

    assert rounds > 1
    assert "gone" in caplog.text
