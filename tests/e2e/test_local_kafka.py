"""The managed Kafka for real: it starts, stops, dies with its parent and loses nothing."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from cli.local import machine, parts
from cli.local.errors import PartError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.java import find_java
from cli.local.kafka import Kafka
from cli.local.lock import is_held
from cli.local.part import Running
from cli.local.port import free_ports
from cli.local.settings import LocalSettings
from cli.local.state import PartState, find_state

TOPIC = "kept"
Test = TypeVar("Test", bound=Callable[..., Any])
LENIENT_STOP_S = 10.0
"""0.7 s on a quiet machine; tests share their processors."""


def alone(test: Test) -> Test:
    """A test with a server of its own: all in one worker, so that two are never up at once."""
    for mark in (pytest.mark.slow, pytest.mark.timeout(500), pytest.mark.xdist_group("machine")):
        mark(test)
    return test


@pytest.fixture
def managed(tmp_path: Path, kafka_jars: list[Path]) -> Kafka:
    return Kafka(
        folder=tmp_path / "kafka",
        logs=tmp_path / "logs",
        java=find_java(),
        jars=kafka_jars,
    )


@pytest.fixture
def settings(
    tmp_path: Path, kafka_jars: list[Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalSettings]:
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "QUEUE_URI"):
        monkeypatch.delenv(f"UTCS_{name}", raising=False)
    monkeypatch.setenv("UTCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UTCS_CACHE", str(kafka_jars[0].parents[1]))
    settings = LocalSettings.read()
    yield settings
    machine.stop(settings.places())


async def make_topic(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def topics(bootstrap: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        found: list[str] = await admin.list_topics()
        return found
    finally:
        await admin.close()


async def send(bootstrap: str, topic: str, *values: bytes) -> None:
    """Returns once the broker has acknowledged each of them."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def receive(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    async with consumer:
        return [(await consumer.getone()).value for _ in range(count)]


def bootstrap_of(running: Running) -> str:
    return running.part.url.removeprefix("kafka://")


def await_true(claim: Callable[[], bool], within_s: float = 200.0) -> bool:
    deadline = time.monotonic() + within_s
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.05)
    return claim()


def queue_of(home: Home) -> PartState:
    state = find_state(home)
    assert state is not None
    return state.parts["queue"]


async def test_a_record_comes_back_as_it_was_sent(kafka_server: str) -> None:
    await make_topic(kafka_server, "echo")

    await send(kafka_server, "echo", b"one", b"\x00\xff")

    assert await receive(kafka_server, "echo", 2) == [b"one", b"\x00\xff"]


async def test_a_mistyped_topic_is_not_made(kafka_server: str) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=kafka_server, request_timeout_ms=2000
    ) as producer:
        with pytest.raises(KafkaError):
            await producer.send_and_wait("mistyped", b"lost")

    assert "mistyped" not in await topics(kafka_server)


@alone
async def test_it_listens_on_its_two_loopback_ports_only_and_stops_cleanly(managed: Kafka) -> None:
    running = Running(managed.prepare(*free_ports(2)))
    running.wait_ready()
    await make_topic(bootstrap_of(running), TOPIC)
    sockets = psutil.Process(running.process.pid).net_connections(kind="inet")

    started = time.monotonic()
    running.stop()

    heard = [one.laddr for one in sockets if one.status == psutil.CONN_LISTEN]
    assert {address.ip.removeprefix("::ffff:") for address in heard} == {"127.0.0.1"}
    assert {address.port for address in heard} == set(running.part.ports)
    assert time.monotonic() - started < LENIENT_STOP_S
    assert (managed.folder / "data" / ".kafka_cleanshutdown").exists()


@alone
async def test_kill_9_loses_nothing_acknowledged(managed: Kafka) -> None:
    ports = free_ports(2)
    running = Running(managed.prepare(*ports))
    running.wait_ready()
    await make_topic(bootstrap_of(running), TOPIC)
    sent = [str(number).encode() for number in range(200)]
    await send(bootstrap_of(running), TOPIC, *sent)

    running.process.send(9)
    running.stop()
    again = Running(managed.prepare(*ports))
    again.wait_ready()
    kept = await receive(bootstrap_of(again), TOPIC, len(sent))
    again.stop()

    assert kept == sent


@alone
async def test_it_starts_anew_on_other_ports_with_what_it_had(managed: Kafka) -> None:
    first = Running(managed.prepare(*free_ports(2)))
    first.wait_ready()
    await make_topic(bootstrap_of(first), TOPIC)
    first.stop()

    second = Running(managed.prepare(*free_ports(2)))
    second.wait_ready()
    found = await topics(bootstrap_of(second))
    second.stop()

    assert first.part.port != second.part.port
    assert TOPIC in found


def test_a_store_of_a_newer_release_is_not_opened(managed: Kafka) -> None:
    managed.folder.mkdir()
    (managed.folder / "version").write_text("4.10.0", encoding="ascii")

    with pytest.raises(PartError, match=r"used by Kafka 4\.10\.0.*another UTCS_HOME"):
        managed.prepare(*free_ports(2))


@alone
@pytest.mark.parametrize("taken", [0, 1], ids=["broker", "controller"])
def test_a_port_that_was_taken_meanwhile_is_explained(managed: Kafka, taken: int) -> None:
    ports = free_ports(2)
    part = managed.prepare(*ports)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", ports[taken]))
        stranger.listen()
        running = Running(part)

        with pytest.raises(PartError, match=f"another program has taken port {ports[taken]}"):
            running.wait_ready()
        running.stop()


@alone
def test_a_crashed_queue_comes_back_and_kill_9_of_the_supervisor_ends_it(
    settings: LocalSettings,
) -> None:
    home = settings.places()
    state = machine.start(settings, ("queue",))
    crashed = queue_of(home).process
    assert crashed is not None
    assert [(part.name, part.is_ready) for part in machine.look(settings)] == [("queue", True)]

    crashed.send(9)

    assert await_true(lambda: queue_of(home).restarts == 1 and queue_of(home).is_ready)
    reborn = queue_of(home).process
    assert isinstance(reborn, Process)
    state.supervisor.send(9)
    assert await_true(lambda: not reborn.is_alive())
    assert await_true(lambda: not is_held(home.lock))
    assert not any(part.is_ready for part in machine.look(settings))


def test_an_existing_cluster_is_used_instead(
    kafka_server: str, settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UTCS_QUEUE_URI", f"kafka://127.0.0.1:9,{kafka_server}")

    named = LocalSettings.read()

    assert parts.managed(named) == ("graph", "api", "work")
    queue = machine.look(named)[0]
    assert (queue.name, queue.is_ready, queue.pid) == ("queue", True, None)
    assert "UTCS_QUEUE_URI" in queue.detail
