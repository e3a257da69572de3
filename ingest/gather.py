"""Makes batches of what arrives one by one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Gather(Generic[Item, Answer]):
    """Calls a function with many items at once, and gives each caller the answer to its own.

    One call at a time, in the order of arrival: what arrives meanwhile makes the next batch.

    Args:
        work: Answers items, one answer to each, in their order.
        most: The most items of one batch.
        linger_s: How long the first item of a batch waits for others.
    """

    def __init__(
        self, work: Callable[[list[Item]], Awaitable[list[Answer]]], most: int, linger_s: float
    ) -> None:
        self._work = work
        self._most = most
        self._linger_s = linger_s
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._full = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Answer:
        """Returns the answer to an item."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._waiting) >= self._most:
            self._full.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), self._linger_s)
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if len(self._waiting) < self._most:
                self._full.clear()
            await self._answer(batch)

    async def _answer(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._work([item for item, _ in batch])
        except Exception as error:  # it is the callers', each of them
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)
