"""Keep one part running: start it, know when it is ready, start it again when it ends."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from cli.local.errors import LocalError
from cli.local.part import Part, Running
from cli.local.state import PartState, Phase

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""A part that ran this long has earned a short pause again."""


class Keeper:
    """The life of one part.

    Args:
        part: What to run.
        is_wanted: Asked before each start; a part may have to wait for another one.
        clock: Tells monotonic seconds; tests give their own.
    """

    def __init__(
        self,
        part: Part,
        is_wanted: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._part = part
        self._is_wanted = is_wanted
        self._clock = clock
        self._running: Running | None = None
        self._pause_s = FIRST_PAUSE_S
        self._next_start = clock()
        self._restarts = 0
        self._ready_at = 0.0
        self._enter(Phase.WAITING)

    @property
    def is_ready(self) -> bool:
        """Whether the part answered since it was last started."""
        return self.state.phase is Phase.READY

    def tick(self) -> None:
        """Look at the part, and do the next thing that is due."""
        if self._running is None:
            if self._clock() >= self._next_start and self._is_wanted():
                self._start()
        elif self._running.has_ended or self._is_overdue():
            self._fail(self._running.failure())
        elif not self.is_ready:
            self._look(self._running)

    def stop(self) -> None:
        """End the part and do not start it again."""
        if self._running is not None:
            self._running.stop()
            self._running = None
        self._enter(Phase.STOPPED)

    def _start(self) -> None:
        try:
            self._running = Running(self._part)
            self._enter(Phase.STARTING)
        except (LocalError, OSError) as error:
            self._fail(error)

    def _look(self, running: Running) -> None:
        trouble = running.find_trouble()
        if trouble is None:
            self._ready_at = self._clock()
            self._enter(Phase.READY)
        elif trouble != self.state.reason:
            self._enter(Phase.STARTING, trouble)

    def _is_overdue(self) -> bool:
        running = self._running
        return not self.is_ready and running is not None and running.is_late

    def _fail(self, error: Exception) -> None:
        if self.is_ready and self._clock() - self._ready_at >= STEADY_S:
            self._pause_s = FIRST_PAUSE_S
        if self._running is not None:
            self._running.stop()
            self._running = None
        self._restarts += 1
        self._next_start = self._clock() + self._pause_s
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        self._enter(Phase.RESTARTING, str(error))

    def _enter(self, phase: Phase, reason: str = "") -> None:
        running = self._running
        self.state = PartState(
            name=self._part.name,
            phase=phase,
            since=datetime.now(UTC),
            url=self._part.url,
            process=running.process if running else None,
            restarts=self._restarts,
            reason=reason,
        )
