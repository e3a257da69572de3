"""Who asks for the graph gets a working address or a sentence that says what to do."""

import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.local.errors import LocalError, NotRunningError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.settings import LocalSettings
from cli.local.state import (
    PartState,
    Phase,
    State,
    find_state,
    graph_settings,
    replace_file,
    write_state,
)

NONE_NAMED = LocalSettings(neo4j_uri=None)
MYSELF = Process.of(os.getpid())


def write_graph(
    home: Home, phase: Phase, process: Process | None, supervisor: Process | None = MYSELF
) -> None:
    assert supervisor is not None
    now = datetime.now(UTC)
    graph = PartState(name="graph", phase=phase, since=now, url="bolt://h:1", process=process)
    write_state(home, State(supervisor=supervisor, started_at=now, parts={"graph": graph}))
    replace_file(home.neo4j_password, b"secret", mode=0o600)


def test_the_running_graph_can_be_reached(home: Home) -> None:
    write_graph(home, Phase.READY, MYSELF)

    place = graph_settings(home, NONE_NAMED)

    assert (place.uri, place.user) == ("bolt://h:1", "neo4j")
    assert place.password.get_secret_value() == "secret"


def test_no_state_means_not_running(home: Home) -> None:
    with pytest.raises(NotRunningError, match="start it with `utcs up`") as caught:
        graph_settings(home, NONE_NAMED)

    assert caught.value.exit_code == 3


def test_a_graph_whose_process_died_is_restarting(home: Home) -> None:
    write_graph(home, Phase.READY, Process(pid=os.getpid(), birth="another"))

    with pytest.raises(NotRunningError, match="the graph is restarting; try again"):
        graph_settings(home, NONE_NAMED)


def test_a_graph_that_is_starting_is_not_running_yet(home: Home) -> None:
    write_graph(home, Phase.STARTING, MYSELF)

    with pytest.raises(NotRunningError, match="the graph is starting; try again"):
        graph_settings(home, NONE_NAMED)


def test_a_graph_that_is_restarting_is_waited_for(home: Home) -> None:
    """`utcs load` said "not running; start it" while the supervisor was at it."""
    write_graph(home, Phase.RESTARTING, None)
    told: list[str] = []
    restarted = threading.Timer(0.3, write_graph, (home, Phase.READY, MYSELF))
    restarted.start()

    place = graph_settings(home, NONE_NAMED, patience_s=20, report=told.append)

    restarted.join()
    assert place.uri == "bolt://h:1"
    assert told == ["the graph is restarting; waiting up to 20 s for it"]


def test_a_graph_that_does_not_come_back_is_not_waited_for_for_ever(home: Home) -> None:
    write_graph(home, Phase.RESTARTING, None)

    with pytest.raises(NotRunningError, match="restarting"):
        graph_settings(home, NONE_NAMED, patience_s=0.2)


def test_a_graph_whose_supervisor_died_is_not_running(home: Home) -> None:
    write_graph(home, Phase.RESTARTING, None, supervisor=Process(pid=os.getpid(), birth="another"))

    with pytest.raises(NotRunningError, match="start it with `utcs up`"):
        graph_settings(home, NONE_NAMED, patience_s=20)


def test_a_named_server_is_used_instead(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_NEO4J_URI", "neo4j://cluster:7687")
    monkeypatch.setenv("UTCS_NEO4J_USER", "ann")
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", "secret")

    place = graph_settings(home)

    assert (place.uri, place.user) == ("neo4j://cluster:7687", "ann")
    assert "secret" not in repr(place)


def test_a_damaged_state_file_is_named(home: Home) -> None:
    home.state.write_text("{", encoding="ascii")

    with pytest.raises(LocalError, match=r"state\.json is not readable"):
        find_state(home)


def test_secrets_are_for_the_owner_alone(home: Home) -> None:
    replace_file(home.neo4j_password, b"secret", mode=0o600)

    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.neo4j_password.stat().st_mode) == 0o600


def test_a_failed_write_leaves_the_old_content(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "kept").touch()

    with pytest.raises(OSError, match="irectory"):
        replace_file(target, b"new")

    assert (target / "kept").exists()


def test_paths_are_absolute_wherever_the_settings_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_HOME", "here")
    monkeypatch.setenv("UTCS_CACHE", "~/there")

    home = LocalSettings.read().places()

    assert home.root == Path.cwd() / "here"
    assert home.cache == Path.home() / "there"
