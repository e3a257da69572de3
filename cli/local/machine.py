"""Start, stop and look at the parts of this machine; what `utcs up`, `down` and `status` do."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli.local.check import check, check_port_of, find_move
from cli.local.errors import LocalError, PartError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.lock import hold_lock, is_held
from cli.local.part import last_line
from cli.local.parts import API, GRAPH, NAMES, QUEUE, fetch_jars, managed
from cli.local.probe import find_trouble
from cli.local.settings import GraphSettings, LocalSettings
from cli.local.state import PartState, Phase, State, find_state, graph_settings
from graph.store.database import Graph
from graph.store.errors import StoreError
from graph.store.letters import count_letters
from graph.store.migrate import migrate

POLL_S = 0.1
STOP_WITHIN_S = 60.0
MIGRATE_WITHIN_S = 600.0
"""An index over a large graph takes minutes to fill."""

Report = Callable[[str], None]
"""Told in one sentence what happens now."""


@dataclass(frozen=True)
class PartReport:
    """How one part is, asked just now."""

    name: str
    url: str
    is_ready: bool
    detail: str
    pid: int | None = None
    restarts: int = 0


def start(
    settings: LocalSettings,
    names: tuple[str, ...] = NAMES,
    report: Report = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> State:
    """Start what does not run yet, wait until all of it answers, and bring the graph up to date.

    If something already runs in this home, nothing is started; what runs is waited for.

    Args:
        settings: Says which home, which Java, which graph.
        names: Of the parts that are wanted; `("graph",)` starts the graph alone.
        report: Told what happens.
        progress: Told how many bytes of jars have arrived since it was last told.

    Returns:
        What runs now.

    Raises:
        SettingError: if a setting cannot be meant; then nothing was started.
        LocalError: if a part cannot be started; then nothing is left running.
    """
    home = settings.places()
    wanted = managed(settings, names)
    home.make()
    ours = None
    if not is_held(home.lock):
        check(settings, names)
        # In the foreground, where a progress bar can be seen.
        fetch_jars(home, settings, wanted, progress)
        ours = _spawn(home, wanted)
    try:
        state = _await_supervisor(home, ours)
        _tell_if_other(state, ours, report)
        if API in wanted:
            check_port_of(state, settings)
        state = _await_parts(settings, state, wanted, report)
        if moved := find_move(state, settings):
            report(moved)
    except BaseException:
        if ours is not None:
            ours.terminate()
            ours.wait(STOP_WITHIN_S)
        raise
    if ours is not None and ours.poll() is None:
        ours.returncode = 0  # it is meant to outlive us, and Popen need not warn of it
    return state


def _await_supervisor(home: Home, ours: subprocess.Popen[bytes] | None) -> State:
    """What the supervisor wrote first: ours, or the one that was there before."""
    while True:
        state = find_state(home)
        if state is not None and state.is_alive:
            return state
        if (ours is None or ours.poll() is not None) and not is_held(home.lock):
            raise PartError(f"the supervisor ended: {last_line(_log(home))}", part="supervisor")
        time.sleep(POLL_S)


def _tell_if_other(state: State, ours: subprocess.Popen[bytes] | None, report: Report) -> None:
    if ours is None or state.supervisor.pid != ours.pid:
        report(
            f"already running since {state.started_at:%Y-%m-%d %H:%M:%S} UTC, supervisor "
            f"process {state.supervisor.pid}; nothing new was started"
        )


def _await_parts(
    settings: LocalSettings, state: State, wanted: tuple[str, ...], report: Report
) -> State:
    missing = [name for name in wanted if name not in state.parts]
    if missing:
        raise LocalError(
            f"the {' and the '.join(missing)} cannot be added to what runs "
            f"({', '.join(state.parts)}); run `utcs down`, then `utcs up`"
        )
    home = settings.places()
    is_migrated = GRAPH not in state.parts and settings.neo4j_uri is None  # there is none
    reached: set[str] = set()
    while not (is_migrated and reached.issuperset(wanted)):
        state = find_state(home) or state
        reached |= _newly_ready(state, reached, report)
        if not is_migrated and (GRAPH in reached or GRAPH not in state.parts):
            with hold_lock(
                home.migrating, patience_s=MIGRATE_WITHIN_S
            ):  # another `up` may be at it
                asyncio.run(_migrate(graph_settings(home, settings), report))
            is_migrated = True
        time.sleep(POLL_S)
    return state


def _newly_ready(state: State, reached: set[str], report: Report) -> set[str]:
    """The parts that became ready since they were last looked at.

    Raises:
        PartError: if one failed to start, or the supervisor is gone.
    """
    if not state.is_alive:
        raise PartError("the supervisor was ended while its parts started", part="supervisor")
    ready = {name for name, part in state.parts.items() if part.is_ready} - reached
    for part in state.parts.values():
        if part.name in ready:
            report(f"{part.name} is ready: {part.url}")
        elif part.phase is Phase.RESTARTING:
            raise PartError(part.reason, part=part.name)
    return ready


async def _migrate(place: GraphSettings, report: Report) -> None:
    password = place.password.get_secret_value()
    async with await Graph.open(
        place.uri, place.user, password, timeout_s=MIGRATE_WITHIN_S
    ) as graph:
        made = await migrate(graph)
    if made:
        report(f"graph brought up to date: {len(made)} migrations")


def stop(home: Home) -> bool:
    """End the supervisor and all its parts; says whether there was anything to end.

    Raises:
        LocalError: if the supervisor does not end in time.
    """
    if not is_held(home.lock):
        home.state.unlink(missing_ok=True)
        return False
    deadline = time.monotonic() + STOP_WITHIN_S
    while is_held(home.lock):
        state = find_state(home)  # None while the supervisor is still getting its parts together
        if state is not None:
            state.supervisor.send(signal.SIGTERM)
            _await_end(state.supervisor, deadline)
        if time.monotonic() > deadline:
            raise LocalError(f"the supervisor did not end within {STOP_WITHIN_S:.0f} s")
        time.sleep(POLL_S)
    return True


def _await_end(process: Process, deadline: float) -> None:
    while process.is_alive() and time.monotonic() < deadline:
        time.sleep(POLL_S)


def look(settings: LocalSettings) -> list[PartReport]:
    """How each part that was started, or could be, is at this moment: whether it answers."""
    state = find_state(settings.places())
    parts = dict(state.parts) if state and state.is_alive else {}
    reports = _look_at_named(settings)
    if not parts:
        missing = "not running; start it with `utcs up`"
        return reports + [PartReport(name, "", False, missing) for name in managed(settings)]
    return reports + [_look_at(part) for part in parts.values()]


def count_open_letters(settings: LocalSettings) -> int | None:
    """How many dead letters nobody has settled; None while the graph does not say."""

    async def asked() -> int:
        place = graph_settings(settings.places(), settings)
        password = place.password.get_secret_value()
        async with await Graph.open(place.uri, place.user, password, timeout_s=5) as graph:
            return await count_letters(graph)

    try:
        return asyncio.run(asked())
    except (LocalError, StoreError):
        return None


def _look_at(part: PartState) -> PartReport:
    trouble = part.reason or (find_trouble(part.url) if part.is_ready else part.phase.value)
    pid = part.process.pid if part.process else None
    return PartReport(part.name, part.url, not trouble, trouble or "ready", pid, part.restarts)


def _look_at_named(settings: LocalSettings) -> list[PartReport]:
    """How the servers are that are used instead of managed ones."""
    named = (
        (GRAPH, settings.neo4j_uri, "UTCS_NEO4J_URI"),
        (QUEUE, settings.kafka_uri, "UTCS_KAFKA_URI"),
    )
    return [_look_at_external(name, url, variable) for name, url, variable in named if url]


def _look_at_external(name: str, url: str, variable: str) -> PartReport:
    trouble = find_trouble(url)
    detail = trouble or f"ready (an existing server, named by {variable})"
    return PartReport(name, url, trouble is None, detail)


def _spawn(home: Home, names: tuple[str, ...]) -> subprocess.Popen[bytes]:
    with _log(home).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "cli.local.supervisor", *names],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home.root,
            env={
                **os.environ,
                "PYTHONSAFEPATH": "1",
                "UTCS_HOME": str(home.root),
                "UTCS_CACHE": str(home.cache),
            },
            start_new_session=True,  # it outlives this terminal
        )


def _log(home: Home) -> Path:
    return home.logs / "supervisor.log"
