"""Worker, broker and database are killed while events flow; the graph has each once, in order, as sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.faults import Trial, run
from benchmarks.stage import QUEUES
from tests.rabbitmq import find_rabbitmq

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("queue", QUEUES)
async def test_whatever_is_killed_nothing_is_lost_doubled_moved_or_changed(
    queue: str, tmp_path: Path, neo4j_jars: list[Path], kafka_jars: list[Path]
) -> None:
    if queue == "rabbitmq" and find_rabbitmq() is None:
        pytest.skip("no RabbitMQ server")
    trial = Trial(queue, events=2_000, things=20, kills=4)

    verdict = await run(trial, tmp_path)

    assert min(verdict.kills[victim] for victim in ("work", "queue", "graph")) >= 1
    assert verdict.is_clean, verdict
