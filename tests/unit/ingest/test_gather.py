"""What arrives one by one becomes batches, in its order, and nothing waits for company for ever."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from ingest.gather import gather


@given(items=st.lists(st.integers(), min_size=1, max_size=50), most=st.integers(1, 20))
async def test_batches_in_a_row_are_what_arrived(items: list[int], most: int) -> None:
    arrived: asyncio.Queue[int] = asyncio.Queue()
    for item in items:
        arrived.put_nowait(item)

    batches = []
    while not arrived.empty():
        batches.append(await gather(arrived, most, linger_s=0))

    assert [item for batch in batches for item in batch] == items
    assert max(map(len, batches)) <= most


async def test_a_lonely_item_does_not_wait_for_company_for_ever() -> None:
    arrived: asyncio.Queue[int] = asyncio.Queue()
    arrived.put_nowait(7)

    assert await asyncio.wait_for(gather(arrived, most=100, linger_s=0.01), 1) == [7]


async def test_what_comes_within_a_moment_joins_and_a_full_batch_does_not_wait() -> None:
    arrived: asyncio.Queue[int] = asyncio.Queue()
    gathering = asyncio.create_task(gather(arrived, most=3, linger_s=60))

    for item in (1, 2, 3, 4):
        await asyncio.sleep(0)
        arrived.put_nowait(item)

    assert await asyncio.wait_for(gathering, 1) == [1, 2, 3]
    assert arrived.get_nowait() == 4


async def test_who_gives_up_waiting_takes_nothing_along() -> None:
    arrived: asyncio.Queue[int] = asyncio.Queue()
    gathering = asyncio.create_task(gather(arrived, most=3, linger_s=60))
    await asyncio.sleep(0)

    gathering.cancel()
    await asyncio.wait([gathering])
    arrived.put_nowait(1)

    assert await gather(arrived, most=1, linger_s=0) == [1]
