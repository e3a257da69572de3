"""From a file on this machine into the graph: first the plan, then what is in it, however long it takes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from graph.errors import TraceError
from graph.flows.submit import Principal, submit
from graph.model.outcome import Outcome
from graph.store.changes import head
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError, StoreError
from graph.store.patience import Patience
from ingest.files.changes import read_changes
from ingest.intake import Sleep
from ingest.pickup.plan import Plan, write_plan
from ingest.pickup.settings import PickupSettings

Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


class UnfitError(TraceError):
    """A file is not taken, or not to its end; the sentence says why, and what its sender can do."""


@dataclass(slots=True)
class Loader:
    """Loads files into a graph in somebody's name.

    Attributes:
        trouble: Why the graph takes nothing at this moment; None while it does.
    """

    graph: Graph
    principal: Principal
    settings: PickupSettings
    patience: Patience = field(default_factory=Patience)
    sleep: Sleep = asyncio.sleep
    trouble: str | None = None

    async def plan(self, path: Path, to: Path) -> Plan:
        """Returns what a file needs, written down at a path.

        Raises:
            UnfitError: The file as a whole is no use.
        """

        async def written() -> Plan:
            before = await head(self.graph)
            items = read_changes(
                self.graph,
                path,
                authority=self.settings.authority,
                actor=self.settings.actor or f"pickup-{self.settings.name}",
                source=self.settings.source,
                mapping=self.settings.mapping,
            )
            return await write_plan(to, items, before.seq)

        return await self._persist(written)

    async def send(self, plan: Plan) -> AsyncIterator[Outcome]:
        """Yields what became of each event of a plan.

        Raises:
            UnfitError: Some of it fails again and again; what came before it is in the graph.
        """
        for batch in plan.batches():

            async def sent(batch: list[dict[str, object]] = batch) -> list[Outcome]:
                return await submit(self.graph, batch, self.principal)

            for outcome in await self._persist(sent):
                yield outcome

    async def _persist(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Returns what some work returns, as soon as there is a graph; what fails otherwise, fails."""
        failures = waits = 0
        while True:
            try:
                answer = await work()
            except GraphUnreachableError as error:
                waits += 1
                self.trouble = error.message
                await self.sleep(self.patience.wait_s(waits))
            except Exception as error:  # whatever it is, the other files must not wait for it
                failures += 1
                is_told = isinstance(error, TraceError) and not isinstance(error, StoreError)
                if is_told or failures == self.patience.attempts:
                    raise _unfit(error) from error
                await self.sleep(self.patience.wait_s(failures))
            else:
                self.trouble = None
                return answer


def _unfit(error: Exception) -> UnfitError:
    if isinstance(error, TraceError):
        return UnfitError(error.message)
    _log.error("a file cannot be loaded", exc_info=error)
    return UnfitError(
        f"a fault of the program itself ({type(error).__name__}: {error}); report it, and send the "
        "file again once it is mended"
    )
