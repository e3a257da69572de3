"""The parent of all parts: one detached process for each home, from `utcs up` to `utcs down`.

python -m cli.local.supervisor graph queue api
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from cli.local.errors import AlreadyRunningError, LocalError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.keeper import Keeper
from cli.local.lock import hold_lock
from cli.local.part import Part
from cli.local.parts import make_parts
from cli.local.settings import LocalSettings
from cli.local.state import PartState, State, find_state, write_state
from graph.errors import TraceError

POLL_S = 0.1


class Supervisor:
    """Runs parts until it is told to stop, and writes down how they are.

    Args:
        home: Where the state is written.
        parts: What to run, each after those that it needs; the others start at the same time.
    """

    def __init__(self, home: Home, parts: Sequence[Part]) -> None:
        self._home = home
        self._is_stopping = False
        self._keepers: list[Keeper] = []
        for part in parts:
            needed = [keeper for keeper in self._keepers if keeper.state.name in part.needs]
            self._keepers.append(Keeper(part, _all_ready(needed)))
        now = datetime.now(UTC)
        self._state = State(supervisor=_myself(), started_at=now, parts=self._look())

    def request_stop(self, *_: object) -> None:
        """End `run` soon; fit for a signal handler."""
        self._is_stopping = True

    def run(self) -> None:
        """Keep all parts running until a stop is requested, then end them, last one first."""
        write_state(self._home, self._state)
        try:
            while not self._is_stopping:
                for keeper in self._keepers:
                    keeper.tick()
                self._write()
                time.sleep(POLL_S)
        finally:
            for keeper in reversed(self._keepers):
                keeper.stop()
            self._home.state.unlink(missing_ok=True)

    def _look(self) -> dict[str, PartState]:
        return {keeper.state.name: keeper.state for keeper in self._keepers}

    def _write(self) -> None:
        parts = self._look()
        if parts != self._state.parts:
            self._state = self._state.model_copy(update={"parts": parts})
            write_state(self._home, self._state)


def _all_ready(keepers: list[Keeper]) -> Callable[[], bool]:
    return lambda: all(keeper.is_ready for keeper in keepers)


def _myself() -> Process:
    process = Process.of(os.getpid())
    return process or Process(pid=os.getpid(), birth="unknown")


def end_leftovers(home: Home) -> None:
    """Kill what a dead supervisor left behind, and forget its state.

    Parts are bound to their supervisor, so there should be none; a recycled pid is left alone.
    """
    try:
        state = find_state(home)
    except LocalError:  # of another version, or damaged; whoever wrote it is dead
        state = None
    for part in state.parts.values() if state else ():
        if part.process is not None:
            part.process.send(signal.SIGKILL)
    home.state.unlink(missing_ok=True)


def main(names: Sequence[str]) -> int:
    """Supervise the named parts of the home that the environment names."""
    settings = LocalSettings.read()
    home = settings.places()
    try:
        # `status` and `down` look at the lock by trying it for a moment.
        with hold_lock(home.lock, patience_s=1.0):
            end_leftovers(home)
            supervisor = Supervisor(home, make_parts(home, settings, tuple(names)))
            signal.signal(signal.SIGTERM, supervisor.request_stop)
            signal.signal(signal.SIGINT, supervisor.request_stop)
            supervisor.run()
    except AlreadyRunningError:
        return 0  # whoever started us sees the other one's state
    except TraceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
