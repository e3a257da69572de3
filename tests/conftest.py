"""One real server of each sort for the tests that ask for it; no test skipped in silence."""

import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from cli.local import kafka, neo4j
from cli.local.jars import Jar, parse_lock, provide_jars, read_lock
from cli.local.java import find_java
from cli.local.kafka import Kafka
from cli.local.neo4j import USER, Neo4j
from cli.local.part import Running
from cli.local.port import free_port, free_ports
from cli.local.probe import brokers
from cli.local.settings import LocalSettings
from tests.postgres import PostgresServer, find_programs
from tests.rabbitmq import RabbitMQ, find_rabbitmq, rabbitmq

_SERVERS = {"neo4j_server", "kafka_server", "rabbitmq_server", "postgres_server"}

ALLOWED_SKIPS = Path(__file__).parent / "allowed_skips.txt"


class GraphServer(NamedTuple):
    """How tests reach the throw-away graph."""

    uri: str
    user: str
    password: str


@pytest.fixture(scope="session")
def neo4j_jars() -> list[Path]:
    """The checked jars, fetched once for this machine and not for each run."""
    return _jars(read_lock(neo4j.LOCK))


@pytest.fixture(scope="session")
def kafka_jars() -> list[Path]:
    """The checked jars, fetched once for this machine and not for each run."""
    return _jars(read_lock(kafka.LOCK))


@pytest.fixture(scope="session")
def debezium_jars() -> list[Path]:
    """The checked jars, fetched once for this machine and not for each run."""
    lock = Path(__file__).parent / "debezium_jars.lock"
    return _jars(parse_lock(lock.read_text(encoding="utf-8")))


def _jars(pinned: Iterable[Jar]) -> list[Path]:
    settings = LocalSettings.read()
    return provide_jars(pinned, settings.places().jars, settings.maven_url)


@pytest.fixture(scope="session")
def neo4j_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphServer]:
    """A Neo4j of this run alone, or the throw-away one that UTCS_NEO4J_URI names."""
    external = LocalSettings.read().external_graph()
    if external is not None:
        yield GraphServer(external.uri, external.user, external.password.get_secret_value())
        return
    folder = tmp_path_factory.mktemp("neo4j")
    password_file = folder / "password"
    managed = Neo4j(
        folder=folder,
        logs=folder / "logs",
        java=find_java(),
        jars=request.getfixturevalue("neo4j_jars"),
        password_file=password_file,
        settings={
            # Each test empties the graph; planning every statement anew each time takes minutes.
            "dbms.cypher.min_replan_interval": "1h",
            # Tests look for words as soon as they are written.
            "db.index.fulltext.eventually_consistent": "false",
        },
    )
    running = Running(managed.prepare(free_port()))
    try:
        running.wait_ready()
        yield GraphServer(running.part.url, USER, password_file.read_text(encoding="ascii"))
    finally:
        running.stop()


@pytest.fixture(scope="session")
def kafka_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The `host:port` of a Kafka of this run alone, or of those that UTCS_QUEUE_URI names.

    It has no topics, and makes none by itself; tests share it, so each names its topics its own way.
    """
    external = LocalSettings.read().external_queue
    if external is not None and external.startswith("kafka"):
        yield ",".join(brokers(external))
        return
    folder = tmp_path_factory.mktemp("kafka")
    managed = Kafka(
        folder=folder,
        logs=folder / "logs",
        java=find_java(),
        jars=request.getfixturevalue("kafka_jars"),
        heap="256m",
    )
    running = Running(managed.prepare(*free_ports(2)))
    try:
        running.wait_ready()
        yield f"127.0.0.1:{running.part.port}"
    finally:
        running.stop()


@pytest.fixture(scope="session")
def rabbitmq_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A RabbitMQ of this run alone; tests share it, so each names its queues its own way."""
    if find_rabbitmq() is None:
        pytest.skip("no RabbitMQ server")
    with rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as node:
        yield node


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this run alone; tests share it, so each makes a database of its own."""
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server")
    server = PostgresServer(programs)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def postgres_uri(postgres_server: PostgresServer) -> str:
    """A database that is empty and this test's own."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_server.uri(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return postgres_server.uri(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share tests of servers out by the file: each worker of a run starts servers of its own.

    All of them go to one worker where the graph is one that somebody named: they empty it.
    """
    is_shared = LocalSettings.read().external_graph() is not None
    for item in items:
        if _SERVERS & {*getattr(item, "fixturenames", ())}:
            group = "servers" if is_shared else item.nodeid.partition("::")[0]
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips itself, or is skipped by a mark."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole file that skips itself."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """With UTCS_TEST_STRICT=1 a skip is a failure, unless its reason is on the list."""
    is_strict = os.environ.get("UTCS_TEST_STRICT") == "1"
    if not is_strict or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if reason not in _allowed_skips():
        report.outcome = "failed"
        report.longrepr = f"skipped, and tests/allowed_skips.txt does not allow it: {reason}"


def _allowed_skips() -> set[str]:
    lines = ALLOWED_SKIPS.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}
