"""A setting that cannot work is refused while nothing has been started yet."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.local import machine
from cli.local.check import check, check_port_of, find_move
from cli.local.errors import SettingError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.parts import NAMES
from cli.local.settings import LocalSettings
from cli.local.state import PartState, Phase, State


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        yield stranger.getsockname()[1]


@pytest.fixture
def environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NEO4J_URI", "NEO4J_PASSWORD", "API_PORT", "API_HOST", "JAVA"):
        monkeypatch.delenv(f"UTCS_{name}", raising=False)
    monkeypatch.setenv("UTCS_HOME", str(home.root))
    monkeypatch.setenv("UTCS_CACHE", str(home.cache))
    return monkeypatch


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UTCS_JAVA", "/nonexistent"),
        ("UTCS_API_HOST", "0.0.0.0"),
        ("UTCS_API_HOST", "::1"),
        ("UTCS_API_HOST", "nowhere"),
        ("UTCS_TIMEOUT_S", "0"),
    ],
)
def test_wrong_setting_of_a_part_is_bad_input_before_anything_starts(
    environment: pytest.MonkeyPatch, home: Home, name: str, value: str
) -> None:
    """The API's settings were wrong only after Neo4j had been started and migrated, with status 1."""
    environment.setenv(name, value)

    with pytest.raises(SettingError, match=f"{name}={value}") as caught:
        machine.start(LocalSettings.read())

    assert caught.value.exit_code == 2
    assert not home.state.exists()
    assert not list(home.jars.iterdir())


def test_port_that_was_asked_for_and_is_taken_is_refused(
    environment: pytest.MonkeyPatch, home: Home, taken: int
) -> None:
    """`utcs up` took another one, and said that all was well."""
    environment.setenv("UTCS_API_PORT", str(taken))

    with pytest.raises(SettingError, match=f"UTCS_API_PORT={taken}: another program has this port"):
        machine.start(LocalSettings.read())

    assert not home.state.exists()


def test_usual_port_may_be_taken(
    environment: pytest.MonkeyPatch, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = LocalSettings.read().model_copy(update={"api_port": taken})
    settings.model_fields_set.discard("api_port")

    check(settings, NAMES)

    assert not settings.is_port_named


def running(home: Home, port: int) -> State:
    myself, now = Process.of(os.getpid()), datetime.now(UTC)
    assert myself is not None
    url = f"http://127.0.0.1:{port}"
    api = PartState(name="api", phase=Phase.READY, since=now, url=url, process=myself)
    return State(supervisor=myself, started_at=now, parts={"api": api})


def test_api_that_took_another_port_than_usual_says_so(
    environment: pytest.MonkeyPatch, home: Home
) -> None:
    settings = LocalSettings.read()

    assert find_move(running(home, settings.api_port), settings) is None
    assert "another program has port 8765" in str(find_move(running(home, 9000), settings))


def test_api_that_runs_on_another_port_than_asked_for_is_told(
    environment: pytest.MonkeyPatch, home: Home
) -> None:
    check_port_of(running(home, 9000), LocalSettings.read())
    environment.setenv("UTCS_API_PORT", "9001")

    with pytest.raises(SettingError, match=r"UTCS_API_PORT=9001: the api runs already, at http"):
        check_port_of(running(home, 9000), LocalSettings.read())


@pytest.mark.parametrize("names", [("graph",), NAMES])
def test_what_is_not_started_is_not_looked_at(
    environment: pytest.MonkeyPatch, names: Any, tmp_path: Path
) -> None:
    if names == NAMES:  # a graph and a queue elsewhere need no Java here
        environment.setenv("UTCS_NEO4J_URI", "bolt://elsewhere")
        environment.setenv("UTCS_QUEUE_URI", "kafka://elsewhere:9092")
        environment.setenv("UTCS_JAVA", str(tmp_path / "java"))
    else:
        environment.setenv("UTCS_API_HOST", "0.0.0.0")

    check(LocalSettings.read(), names)
