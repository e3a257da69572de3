"""`utcs` on one machine with a RabbitMQ of somebody's: used instead of Kafka, and its password kept."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from cli.main import main
from graph.store.database import Graph
from tests.conftest import GraphServer
from tests.e2e.queues import PATIENCE_S, RabbitQueue, Sent
from tests.e2e.test_work import logged
from tests.rabbitmq import RabbitMQ
from tests.store.saying import event, serial

PASSWORD = "s3cr3t-w0rd"


@pytest.fixture
def uri(rabbitmq_server: RabbitMQ) -> str:
    """A virtual host of a user with a password of their own."""
    host = f"line/{uuid4().hex[:8]}"
    for words in (
        ("add_vhost", host),
        ("add_user", host, PASSWORD),
        ("set_permissions", "-p", host, host, ".*", ".*", ".*"),
    ):
        rabbitmq_server.control(*words)
    quoted = host.replace("/", "%2F")
    return f"amqp://{quoted}:{PASSWORD}@127.0.0.1:{rabbitmq_server.port}/{quoted}"


def all_text(folder: Path) -> str:
    """Returns all that is in a folder."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return "".join(f"{file.name}\n{file.read_text('utf-8', 'replace')}" for file in files)


@pytest.mark.slow
async def test_up_takes_events_from_it_and_tells_nobody_the_password(
    graph: Graph,
    neo4j_server: GraphServer,
    uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {
        "HOME": str(tmp_path / "home"),
        "API_PORT": "0",
        "NEO4J_URI": neo4j_server.uri,
        "NEO4J_USER": neo4j_server.user,
        "NEO4J_PASSWORD": neo4j_server.password,
        "QUEUE_URI": uri,
    }.items():
        monkeypatch.setenv(f"UTCS_{name}", value)

    async def utcs(*words: str) -> tuple[int, Any, str]:
        monkeypatch.setattr(sys, "argv", ["utcs", *words, "--json"])
        try:
            await asyncio.to_thread(main)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, orjson.loads(out), out + err

    queue = RabbitQueue(uri)
    try:
        code, _, told = await utcs("up")
        assert code == 0, told
        async with queue.sender() as send:
            await send("utcs.events", Sent(orjson.dumps(event(serial("s"), id="over AMQP"))))
        async with asyncio.timeout(PATIENCE_S):
            while not await logged(graph):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        _, status, told_status = await utcs("status")
        _, _, told_doctor = await utcs("doctor")
        code, refused, _ = await utcs("work", "--group", "other")
    finally:
        await utcs("down")

    parts = {part["name"]: part for part in status["parts"]}
    assert {"queue", "api", "work"} <= {*parts}
    assert all(part["is_ready"] for part in parts.values())
    assert parts["queue"]["pid"] is None
    assert await logged(graph) == ["over AMQP"]
    assert "--group" in refused["error"]["message"]
    kept = await asyncio.to_thread(all_text, tmp_path)
    assert "supervisor" in kept
    assert PASSWORD not in "".join([told, told_status, told_doctor, kept])
