"""The end of the change log, watched once for all who wait for it."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from graph.store.changes import head
from graph.store.database import Graph
from graph.store.errors import StoreError

EVERY_S: Final = 0.1
_AFTER_FAILURE_S: Final = 1.0
_log: Final = logging.getLogger(__name__)


class Tail:
    """Wakes those who wait for changes; it looks only while somebody waits."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._seq = 0
        self._waiting = 0
        self._grown = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def beyond(self, seq: int) -> None:
        """Returns once the log goes beyond a number."""
        self._waiting += 1
        try:
            while self._seq <= seq:
                if self._watch is None or self._watch.done():
                    self._watch = asyncio.create_task(self._look())
                await self._grown.wait()
        finally:
            self._waiting -= 1

    async def _look(self) -> None:
        while self._waiting:
            try:
                self._seq = (await head(self._graph)).seq
                pause = EVERY_S
            except StoreError as error:
                _log.warning("the change log cannot be watched now: %s", error)
                pause = _AFTER_FAILURE_S
            grown, self._grown = self._grown, asyncio.Event()
            grown.set()
            await asyncio.sleep(pause)
