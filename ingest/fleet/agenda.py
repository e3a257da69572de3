"""What happens when: a calendar of things to come, worked off in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from typing import Final

from graph.model.event import Event
from ingest.fleet.statement import NOW, days

Action = Callable[[datetime], Iterator[Event]]

LATEST: Final = NOW - days(1)
"""Nothing begins on the last day, so that what begins is told to its end."""


class Agenda:
    """A calendar; actions may add to it while they run."""

    def __init__(self) -> None:
        """Starts empty."""
        self._coming: list[tuple[datetime, int, Action]] = []
        self._added = 0

    def add(self, at: datetime, action: Action) -> None:
        """Enters something; what lies beyond the end of the story never happens."""
        if at < LATEST:
            self._added += 1
            heappush(self._coming, (at, self._added, action))

    def run(self) -> Iterator[Event]:
        """Yields the events of everything entered, in the order of time."""
        while self._coming:
            at, _, action = heappop(self._coming)
            yield from action(at)
