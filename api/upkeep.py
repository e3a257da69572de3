"""What falls due by the clock alone: copies that went stale are renewed, what waited too long is given up."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from graph.errors import TraceError
from graph.store.answers import forget
from graph.store.database import Graph
from graph.store.expire import expire
from graph.store.refresh import refresh

EVERY_S: Final = 60.0

_log = logging.getLogger("uvicorn.error")


async def keep_up(graph: Graph, every_s: float = EVERY_S) -> None:
    """Does what is due, again and again, until it is cancelled.

    Several processes may do so at once: each round is a transaction of the write path. A reader never
    depends on it, since questions renew stale copies themselves; it only spares them the wait.
    """
    while True:
        try:
            await refresh(graph)
            await forget(graph)
            if expired := await expire(graph):
                _log.warning("gave up on %d events that waited too long", expired)
        except TraceError as error:
            _log.warning("upkeep failed and will be tried again: %s", error)
        await asyncio.sleep(every_s)
