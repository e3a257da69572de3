"""Makes batches of what arrives one by one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TypeVar

Item = TypeVar("Item")


async def gather(arrived: asyncio.Queue[Item], most: int, linger_s: float) -> list[Item]:
    """Returns the next items in their order: one at least, and what joins it within a moment.

    Args:
        arrived: Where they arrive.
        most: The most to return.
        linger_s: How long the first one waits for others.
    """
    batch = [await arrived.get()]
    with suppress(TimeoutError):
        async with asyncio.timeout(linger_s):
            while len(batch) < most:
                batch.append(await arrived.get())
    return batch
