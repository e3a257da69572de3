"""Who runs a follower: one process at a time, by a lease that it has to renew.

The cursor moves only for the holder of the lease, and only from where the holder left it. So one that was
held up for longer than its lease, and wakes, finds that it may do nothing any more.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from graph.store.database import Graph, Row
from graph.store.errors import StoreError

_LONGEST_TROUBLE = 1000  # characters


class LostLeaseError(StoreError):
    """Another process runs the follower now."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The claim of one process on one follower.

    Attributes:
        name: The follower.
        lasts_s: How long the lease holds unless it is renewed.
        holder: What tells this claim from all others.
    """

    graph: Graph
    name: str
    lasts_s: float
    holder: str = field(default_factory=lambda: uuid4().hex)

    async def claim(self) -> int | None:
        """Returns how far the follower is, if it is ours to run now."""
        rows = await self._run("follower/claim", lease_ms=self._lease_ms)
        return rows[0][0] if rows else None

    async def move(self, before: int, after: int) -> None:
        """Moves the cursor, and says that nothing troubles the follower.

        Raises:
            LostLeaseError: Somebody else runs the follower, or has moved its cursor.
        """
        self._held(
            await self._run("follower/move", lease_ms=self._lease_ms, before=before, after=after)
        )

    async def keep(self) -> None:
        """Renews the lease again and again, until it is lost.

        Raises:
            LostLeaseError: Somebody else runs the follower, or may do so, as the graph did not answer
                for as long as the lease lasts.
        """
        renewed = time.monotonic()
        while True:
            await asyncio.sleep(self.lasts_s / 3)
            try:
                self._held(await self._run("follower/renew", lease_ms=self._lease_ms))
                renewed = time.monotonic()
            except LostLeaseError:
                raise
            except StoreError as error:
                if time.monotonic() - renewed > self.lasts_s:
                    raise LostLeaseError(f"follower {self.name}: {error.message}") from error

    async def release(self, trouble: str | None = None) -> None:
        """Gives the lease back, so that somebody else need not wait for its end.

        Args:
            trouble: Why the follower could not go on; kept until it can.
        """
        told = None if trouble is None else trouble[:_LONGEST_TROUBLE]
        await self._run("follower/release", trouble=told, now=self.graph.clock())

    def _held(self, rows: list[Row]) -> None:
        if not rows:
            raise LostLeaseError(f"follower {self.name}: another process runs it now")

    @property
    def _lease_ms(self) -> int:
        return int(self.lasts_s * 1000)

    async def _run(self, statement: str, **parameters: Any) -> list[Row]:
        async with self.graph.transaction() as tx:
            return await tx.run(statement, name=self.name, holder=self.holder, **parameters)
