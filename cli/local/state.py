"""What runs now on this machine: one small JSON file, written by the supervisor alone."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from cli.local.errors import LocalError, NotRunningError, SettingError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.settings import GraphSettings, LocalSettings

POLL_S = 0.1


class Phase(StrEnum):
    """Where a part is in its life."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class PartState(BaseModel):
    """One part: where it is in its life, how to reach it, and why it is not ready."""

    model_config = ConfigDict(frozen=True)

    name: str
    phase: Phase
    since: datetime
    url: str
    process: Process | None = None
    restarts: int = 0
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether the part answered, and its process still runs if it is one of ours."""
        has_process = self.process is None or self.process.is_alive()
        return self.phase is Phase.READY and has_process


class State(BaseModel):
    """The supervisor and its parts."""

    model_config = ConfigDict(frozen=True)

    supervisor: Process
    started_at: datetime
    parts: dict[str, PartState] = Field(default_factory=dict)

    @property
    def is_alive(self) -> bool:
        """Whether the supervisor that wrote this still runs."""
        return self.supervisor.is_alive()

    @property
    def url(self) -> str | None:
        """Where people go: the API's address."""
        api = self.parts.get("api")
        return api.url if api else None


def find_state(home: Home) -> State | None:
    """What the supervisor wrote last; it may have died since. None if nothing was written."""
    try:
        return State.model_validate_json(home.state.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingError(
            f"UTCS_HOME={home.root}: {home.state} cannot be read ({error.strerror}); make it "
            "readable for you, or name another folder"
        ) from error
    except ValidationError as error:
        raise LocalError(
            f"state file {home.state} is not readable, so nobody can tell what runs; end the "
            "process that `pgrep -f cli.local.supervisor` names and delete the file"
        ) from error


def write_state(home: Home, state: State) -> None:
    """Replace the state file in one step, so that no reader ever meets half of it."""
    replace_file(home.state, state.model_dump_json(indent=2).encode())


def replace_file(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace a file in one step and durably; a new file gets the given rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)


def graph_settings(
    home: Home,
    settings: LocalSettings | None = None,
    *,
    patience_s: float = 0.0,
    report: Callable[[str], None] = lambda _: None,
) -> GraphSettings:
    """How to reach the graph: the server that UTCS_NEO4J_URI names, else the managed one.

    Args:
        home: Where the managed one is.
        settings: What the environment says.
        patience_s: How long to wait for a managed one that is on its way up.
        report: Told that it is waited for.

    Raises:
        NotRunningError: if no server is named and the managed one is not ready.
    """
    external = (settings or LocalSettings.read()).external_graph()
    if external is not None:
        return external
    graph = _find_graph(home)
    deadline = time.monotonic() + patience_s
    if not graph.is_ready and patience_s:
        report(f"the graph is {_progress(graph)}; waiting up to {patience_s:.0f} s for it")
    while not (graph := _find_graph(home)).is_ready:
        if time.monotonic() >= deadline:
            why = f" ({graph.reason})" if graph.reason else ""
            raise NotRunningError(
                f"the graph is {_progress(graph)}{why}; try again in a moment; `utcs status` says "
                "how it is"
            )
        time.sleep(POLL_S)
    password = home.neo4j_password.read_text(encoding="utf-8")
    return GraphSettings(uri=graph.url, password=SecretStr(password))


def _find_graph(home: Home) -> PartState:
    state = find_state(home)
    graph = state.parts.get("graph") if state and state.is_alive else None
    if graph is None or graph.phase is Phase.STOPPED:
        raise NotRunningError("the graph is not running; start it with `utcs up`")
    return graph


def _progress(graph: PartState) -> str:
    """What a graph that is not ready is doing; one that just died is about to be restarted."""
    is_first = graph.restarts == 0 and graph.phase in (Phase.WAITING, Phase.STARTING)
    return "starting" if is_first else "restarting"
