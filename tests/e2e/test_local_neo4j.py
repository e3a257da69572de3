"""The managed Neo4j for real: it starts, stops, dies with its parent and loses nothing."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import neo4j as driver
import pytest

from cli.local import machine
from cli.local.errors import LocalError, PartError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.java import find_java
from cli.local.lock import is_held
from cli.local.neo4j import USER, Neo4j
from cli.local.part import Running
from cli.local.port import free_port
from cli.local.settings import LocalSettings
from cli.local.state import PartState, find_state, graph_settings, replace_file

# Each test runs a server of its own; all in one worker, so that two are never up at once.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(500), pytest.mark.xdist_group("machine")]

LENIENT_STOP_S = 10.0
"""0.3 s on a quiet machine and under 2 s by contract; tests share their processors."""


@pytest.fixture
def managed(tmp_path: Path, neo4j_jars: list[Path]) -> Neo4j:
    return Neo4j(
        folder=tmp_path / "neo4j",
        logs=tmp_path / "logs",
        java=find_java(),
        jars=neo4j_jars,
        password_file=tmp_path / "secrets" / "neo4j_password",
        heap="512m",
    )


@pytest.fixture
def settings(
    tmp_path: Path, neo4j_jars: list[Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalSettings]:
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "QUEUE_URI"):
        monkeypatch.delenv(f"UTCS_{name}", raising=False)
    monkeypatch.setenv("UTCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UTCS_CACHE", str(neo4j_jars[0].parents[1]))
    settings = LocalSettings.read()
    yield settings
    machine.stop(settings.places())


def run(url: str, password: str, statement: str, **parameters: object) -> list[driver.Record]:
    with driver.GraphDatabase.driver(url, auth=(USER, password)) as connection:
        return connection.execute_query(statement, parameters).records


def await_true(claim: Callable[[], bool], within_s: float = 200.0) -> bool:
    deadline = time.monotonic() + within_s
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.05)
    return claim()


def graph_of(home: Home) -> PartState:
    state = find_state(home)
    assert state is not None
    return state.parts["graph"]


def test_it_takes_queries_with_its_own_password_only_and_stops_cleanly(managed: Neo4j) -> None:
    """One random password in 64 begins with a dash, which Neo4j's program took for an option."""
    replace_file(managed.password_file, b"-begins-with-a-dash", mode=0o600)
    running = Running(managed.prepare(free_port()))
    running.wait_ready()
    password = managed.password_file.read_text(encoding="ascii")

    [version] = run(
        running.part.url, password, "CALL dbms.components() YIELD versions AS v RETURN v"
    )
    with pytest.raises(driver.exceptions.AuthError):
        run(running.part.url, "neo4j", "RETURN 1")
    started = time.monotonic()
    status = running.stop()

    assert version["v"] == ["5.26.30"]
    assert status == 0
    assert time.monotonic() - started < LENIENT_STOP_S
    assert managed.password_file.stat().st_mode & 0o077 == 0


def test_everything_lies_inside_the_folder_whatever_its_name(
    managed: Neo4j, tmp_path: Path
) -> None:
    """Neo4j wrote its logs to `/tmp/J/u00C3…` when the data folder had an umlaut in its name."""
    root = tmp_path / "all" / 'J\\örg\'s "home" \\u0041 水'
    odd = replace(
        managed, folder=root / "neo4j", logs=root / "logs", password_file=root / "password"
    )

    running = Running(odd.prepare(free_port()))
    running.wait_ready()
    running.stop()

    assert list((tmp_path / "all").iterdir()) == [root]
    assert {path.name for path in root.iterdir()} == {"neo4j", "logs", "password"}
    assert (root / "logs" / "debug.log").stat().st_size
    assert (odd.folder / "data" / "databases" / "neo4j").is_dir()


def test_the_password_is_never_an_argument(managed: Neo4j, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    real = subprocess.run

    def spy(command: list[object], **options: object) -> subprocess.CompletedProcess[str]:
        seen.extend(command)
        return real(command, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "run", spy)
    part = managed.prepare(free_port())

    password = managed.password_file.read_text(encoding="ascii")
    assert seen
    assert password not in " ".join(map(str, [*seen, *part.command, *part.environment.values()]))
    assert not list((managed.folder / "run").iterdir())


def test_kill_9_loses_nothing_acknowledged(managed: Neo4j) -> None:
    port = free_port()
    running = Running(managed.prepare(port))
    running.wait_ready()
    password = managed.password_file.read_text(encoding="ascii")
    acknowledged = 0
    with driver.GraphDatabase.driver(running.part.url, auth=(USER, password)) as connection:
        for number in range(200):
            connection.execute_query("CREATE (:Kept {number: $number})", number=number)
            acknowledged += 1
        running.process.send(9)
    running.stop()

    again = Running(managed.prepare(port))
    again.wait_ready()
    [row] = run(again.part.url, password, "MATCH (k:Kept) RETURN count(DISTINCT k.number) AS kept")
    again.stop()

    assert row["kept"] == acknowledged


def test_a_store_of_a_newer_release_is_not_opened(managed: Neo4j) -> None:
    managed.folder.mkdir()
    (managed.folder / "version").write_text("5.27.0", encoding="ascii")

    with pytest.raises(PartError, match=r"used by Neo4j 5\.27\.0.*another UTCS_HOME"):
        managed.prepare(free_port())


def test_up_twice_status_down_twice(settings: LocalSettings) -> None:
    home = settings.places()
    first: list[str] = []
    second: list[str] = []

    state = machine.start(settings, ("graph",), first.append)
    again = machine.start(settings, ("graph",), second.append)

    assert again.supervisor == state.supervisor
    assert f"supervisor process {state.supervisor.pid}; nothing new was started" in second[0]
    assert [(part.name, part.is_ready) for part in machine.look(settings)] == [("graph", True)]
    place = graph_settings(home, settings)
    run(place.uri, place.password.get_secret_value(), "CREATE (:Kept)")

    with pytest.raises(LocalError, match="the api cannot be added to what runs"):
        machine.start(settings, ("graph", "api"))
    graph = graph_of(home).process
    assert graph is not None
    assert machine.stop(home)
    assert not graph.is_alive()
    assert not state.supervisor.is_alive()
    assert not machine.stop(home)
    assert not any(part.is_ready for part in machine.look(settings))


def test_two_ups_at_once_start_one_supervisor(settings: LocalSettings) -> None:
    code = "from cli.local import machine; from cli.local.settings import LocalSettings\n"
    code += "print(machine.start(LocalSettings.read(), ('graph',)).supervisor.pid)"
    command = [sys.executable, "-c", code]
    ups = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]

    pids = {up.communicate(timeout=200)[0].strip() for up in ups}

    assert [up.returncode for up in ups] == [0, 0]
    assert len(pids) == 1


def test_a_crashed_graph_comes_back_and_kill_9_of_the_supervisor_ends_it(
    settings: LocalSettings,
) -> None:
    home = settings.places()
    state = machine.start(settings, ("graph",))
    crashed = graph_of(home).process
    assert crashed is not None

    crashed.send(9)

    assert await_true(lambda: graph_of(home).restarts == 1 and graph_of(home).is_ready)
    reborn = graph_of(home).process
    assert isinstance(reborn, Process)
    state.supervisor.send(9)
    assert await_true(lambda: not reborn.is_alive())
    assert await_true(lambda: not is_held(home.lock))
    # What the dead supervisor wrote is stale: it is told apart, and the next start cleans it.
    assert not any(part.is_ready for part in machine.look(settings))
    assert machine.start(settings, ("graph",)).supervisor != state.supervisor


def test_an_existing_server_is_used_and_left_alone(
    managed: Neo4j, settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    existing = Running(managed.prepare(free_port()))
    existing.wait_ready()
    monkeypatch.setenv("UTCS_NEO4J_URI", existing.part.url)
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", managed.password_file.read_text(encoding="ascii"))
    monkeypatch.setenv("UTCS_API_PORT", "0")
    named = LocalSettings.read()

    state = machine.start(named, ("graph", "api"))

    assert set(state.parts) == {"api"}
    found = {part.name: part.is_ready for part in machine.look(named)}
    assert found == {"graph": True, "api": True}
    assert machine.stop(named.places())
    assert not existing.has_ended
    existing.stop()


def test_a_port_that_was_taken_meanwhile_is_explained(managed: Neo4j) -> None:
    port = free_port()
    part = managed.prepare(port)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        running = Running(part)

        with pytest.raises(PartError, match=f"another program has taken port {port}"):
            running.wait_ready()
        running.stop()
