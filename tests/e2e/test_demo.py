"""`utcs demo` as a new user meets it: one command, a link, and a clean end."""

import itertools
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

import ingest.fleet.generate
from cli.main import main
from graph.store.database import Graph

EVENTS = 150
"""Enough of the fleet to be asked about; all of it is tests/store/test_fleet.py's."""


@pytest.fixture
def typed(
    tmp_path: Path,
    neo4j_jars: Any,
    kafka_jars: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Types a command, in a data folder of its own; whatever it started is stopped at the end."""
    whole = ingest.fleet.generate.generate
    monkeypatch.setattr(
        "ingest.fleet.generate.generate", lambda **asked: itertools.islice(whole(**asked), EVENTS)
    )
    # So short a story has no aircraft that could be frozen.
    monkeypatch.setattr("cli.demo.freeze", _nothing_to_freeze)
    monkeypatch.setenv("UTCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UTCS_API_PORT", "0")
    monkeypatch.setenv("UTCS_NEO4J_HEAP", "512m")
    monkeypatch.setenv("UTCS_LIVE_AIRCRAFT", "3")
    for name in ("UTCS_NEO4J_URI", "UTCS_NEO4J_USER", "UTCS_NEO4J_PASSWORD", "UTCS_QUEUE_URI"):
        monkeypatch.delenv(name, raising=False)

    def utcs(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["utcs", *words])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return (code, *capsys.readouterr())

    try:
        yield utcs
    finally:
        utcs("down")


async def _nothing_to_freeze(graph: Graph) -> None:
    """Stands for the freezing of the fleet as built."""


def assert_soon(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_demo_from_nothing_to_an_answer_and_back(
    typed: Callable[..., tuple[int, str, str]],
) -> None:
    code, welcome, told = typed("demo", "--scale", "0.05")
    assert code == 0, told

    link = re.search(r"http://127\.0\.0\.1:\d+/login\?token=\S+", welcome)
    assert link, welcome
    with httpx.Client(timeout=60) as browser:
        assert "Welcome" in browser.get(link[0]).text
        address = link[0].partition("/login")[0]
        assert "cert basis" in browser.get(address).text
        assert "/static/changes.js" in browser.get(f"{address}/changes").text
        # The first part of the fleet has no aircraft yet, so that what these do now waits for them.
        assert_soon(lambda: "utcs_events_parked 0" not in browser.get(f"{address}/metrics").text)
    assert httpx.get(link[0], timeout=60).status_code == 401

    _, answer, _ = typed("status", "--json")
    parts = orjson.loads(answer)["parts"]
    assert [part["name"] for part in parts] == ["graph", "queue", "api", "work"]
    assert all(part["is_ready"] for part in parts)
    _, found, _ = typed("show", "weight", "--json")
    assert orjson.loads(found)["things"]

    code, again, told = typed("demo", "--scale", "0.05", "--json")
    assert code == 0
    assert "nothing new was started" in told
    assert orjson.loads(again)["loaded"] is None
    assert "/login?token=" in orjson.loads(again)["link"]

    assert typed("down")[0] == 0
    assert typed("status")[0] == 3
