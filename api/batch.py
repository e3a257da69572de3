"""What one field selects of many things that resolvers named: fetched by one statement."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from api.plan import TIMEOUT_S
from api.reading import Details, Reading
from api.shape import nullable
from api.vocabulary import THING
from graph.model.time import Coordinates
from graph.store.select import place_in_time, select
from graph.store.selection import Named, Page, Property, Root, Row

if TYPE_CHECKING:
    from api.executor import Executor


class Batch:
    """The things that one field names at one place in time.

    All names that are given before the event loop turns are fetched together.
    """

    def __init__(self, executor: Executor, details: Details, at: Coordinates) -> None:
        self._executor = executor
        self._details = details
        self._at = at
        self._names: dict[str, None] = {}
        self._things: asyncio.Task[dict[str, Any]] | None = None
        self._reading = Reading(executor, faults=executor.reading.faults)

    async def answer(self, utcs: str) -> Any:
        """Returns what is selected of a thing; None if it is not there."""
        self._names[utcs] = None
        if self._things is None:
            self._things = asyncio.create_task(self._fetch())
        return (await self._things).get(utcs)

    async def _fetch(self) -> dict[str, Any]:
        graph = self._executor.context_value.graph
        reading, names = self._reading, list(self._names)
        add = reading.values.add
        with reading.repeated(len(names)):
            view = reading.view(THING, self._details)
        shape = nullable(view.shape, reading.faults)
        page = Page(Named(add(names)), (Property("utcs"), Row(view.columns)), limit=add(len(names)))
        era, world, knowledge = place_in_time(self._at, graph.clock())
        root = Root(page, era, add(world), add(knowledge))
        (rows,) = await select(graph, (root,), reading.values.items, timeout_s=TIMEOUT_S)
        return {utcs: shape(row) for utcs, row in rows}
