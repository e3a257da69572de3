"""Followers of the change log: each does something about every entry, after the commit, at least once.

A follower has a name and, by that name, a cursor in the graph. Of all processes exactly one runs it
(`graph.store.lease`). It is given the entries in their order, in batches; the cursor moves once it has
done with a batch, so after a crash it is given the last batch again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from graph.errors import TraceError
from graph.store.changes import Entry, changes
from graph.store.database import Graph
from graph.store.errors import StoreError
from graph.store.lease import Lease, LostLeaseError
from graph.store.patience import Patience
from graph.store.tail import Tail

_log: Final = logging.getLogger(__name__)


class Follower(Protocol):
    """Something that is to be done about each entry of the change log."""

    @property
    def name(self) -> str:
        """What its cursor is kept under."""

    async def resume(self, seq: int) -> int:
        """Returns the last entry that it is done with, before it is given the next.

        Args:
            seq: What the graph says; a follower that keeps its own cursor knows better.
        """

    async def take(self, entries: Sequence[Entry]) -> None:
        """Does what is to be done about some entries, or about none, when nothing came for a while.

        Whatever it raises, it is given the same entries again, after `close` and `resume`.
        """

    async def close(self) -> None:
        """Gives back what `resume` took; called however it ended, also if `resume` failed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a follower is run.

    Attributes:
        batch: How many entries it is given at once at most.
        idle_s: After so long without an entry it is given none.
        lease_s: How long it belongs to a process that does not answer any more.
        patience: How long it waits after a failure.
    """

    batch: int = 200
    idle_s: float = 10.0
    lease_s: float = 30.0
    patience: Patience = field(default_factory=Patience)


async def follow(graph: Graph, follower: Follower, tail: Tail, pace: Pace) -> None:
    """Runs a follower until it is cancelled, whenever no other process does."""
    await _Run(graph, follower, tail, pace, Lease(graph, follower.name, pace.lease_s)).forever()


@dataclass(slots=True)
class _Run:
    graph: Graph
    follower: Follower
    tail: Tail
    pace: Pace
    lease: Lease
    failures: int = 0
    is_well: bool = False
    """Whether the graph says that nothing troubles it."""

    async def forever(self) -> None:
        while True:
            try:
                seq = await self.lease.claim()
                if seq is None:
                    await asyncio.sleep(self.pace.lease_s / 3)
                else:
                    await self._lead(seq)
            except LostLeaseError as error:
                _log.warning("%s", error.message)
            except asyncio.CancelledError:
                await self._let_go()
                raise
            except Exception as error:  # whatever it is, this follower is tried again
                await self._failed(error)

    async def _failed(self, error: Exception) -> None:
        self.failures += 1
        self.is_well = False
        said = (
            error.message if isinstance(error, TraceError) else f"{type(error).__name__}: {error}"
        )
        _log.warning("follower %s failed and tries again: %s", self.follower.name, said)
        await self._let_go(said)
        await asyncio.sleep(self.pace.patience.wait_s(self.failures))

    async def _let_go(self, trouble: str | None = None) -> None:
        with suppress(StoreError):  # the lease ends by itself
            await self.lease.release(trouble)

    async def _lead(self, seq: int) -> None:
        """Goes on until that fails or the lease is lost, whichever comes first."""
        tasks = asyncio.create_task(self._go_on(seq)), asyncio.create_task(self.lease.keep())
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.follower.close()

    async def _go_on(self, seq: int) -> None:
        done = await self.follower.resume(seq)
        if done != seq:
            await self.lease.move(seq, done)
        while True:
            entries = await changes(self.graph, done, self.pace.batch)
            await self.follower.take(entries)
            if entries or not self.is_well:
                last = entries[-1].seq if entries else done
                await self.lease.move(done, last)
                done, self.failures, self.is_well = last, 0, True
            if not entries:
                await self._await_more(done)

    async def _await_more(self, seq: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.pace.idle_s):
                await self.tail.beyond(seq)
