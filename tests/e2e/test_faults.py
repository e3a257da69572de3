"""Worker, broker and database are killed while events flow; the graph has each once, in order, as sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.faults import Trial, run
from benchmarks.stage import BROKER, DATABASE, QUEUES, WORKER
from tests.rabbitmq import find_rabbitmq

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("queue", QUEUES)
async def test_whatever_is_killed_nothing_is_lost_doubled_moved_or_changed(
    queue: str, tmp_path: Path, neo4j_jars: list[Path], kafka_jars: list[Path]
) -> None:
    if queue == "rabbitmq" and find_rabbitmq() is None:
        pytest.skip("no RabbitMQ server")
    trial = Trial(queue, events=1_500, things=15, kills=3)

    verdict = await run(trial, tmp_path)

    assert verdict.kills == {WORKER: 1, BROKER: 1, DATABASE: 1}
    assert verdict.is_clean, verdict
