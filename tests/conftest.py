"""One real Neo4j for the tests that ask for it, and no test skipped in silence."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.local.jars import provide_jars, read_lock
from cli.local.java import find_java
from cli.local.neo4j import LOCK, USER, Neo4j, free_port
from cli.local.part import Running
from cli.local.settings import LocalSettings

ALLOWED_SKIPS = Path(__file__).parent / "allowed_skips.txt"


class GraphServer(NamedTuple):
    """How tests reach the throw-away graph."""

    uri: str
    user: str
    password: str


@pytest.fixture(scope="session")
def neo4j_jars() -> list[Path]:
    """The checked jars, fetched once for this machine and not for each run."""
    settings = LocalSettings.read()
    return provide_jars(read_lock(LOCK), settings.places().jars, settings.maven_url)


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
    neo4j = Neo4j(
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
    running = Running(neo4j.prepare(free_port()))
    try:
        running.wait_ready()
        yield GraphServer(running.part.url, USER, password_file.read_text(encoding="ascii"))
    finally:
        running.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all tests of the shared graph in one worker: it has one database, and they clear it."""
    for item in items:
        if "neo4j_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("graph"))


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
