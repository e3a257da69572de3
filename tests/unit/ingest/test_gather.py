"""Single items become batches, in their order, and each caller gets the answer to its own."""

from __future__ import annotations

import asyncio

import pytest

from ingest.gather import Gather


class Work:
    """Notes the batches it is given, and answers with ten times the item."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.running = 0

    async def __call__(self, items: list[int]) -> list[int]:
        self.running += 1
        assert self.running == 1, "one batch at a time"
        self.batches.append(items)
        await asyncio.sleep(0.01)
        self.running -= 1
        if 13 in items:
            raise ValueError("13")
        return [10 * item for item in items]


async def test_each_gets_its_own_answer_and_the_order_is_kept() -> None:
    work = Work()
    gather = Gather(work, most=4, linger_s=0.01)

    answers = await asyncio.gather(*(gather(n) for n in range(10)))

    assert answers == [10 * n for n in range(10)]
    assert [item for batch in work.batches for item in batch] == list(range(10))
    assert max(map(len, work.batches)) == 4


async def test_a_lonely_item_does_not_wait_for_company_for_ever() -> None:
    assert await asyncio.wait_for(Gather(Work(), most=100, linger_s=0.01)(7), 1) == 70


async def test_what_fails_fails_for_those_of_its_batch_and_for_nobody_else() -> None:
    gather = Gather(Work(), most=2, linger_s=0.01)

    answers = await asyncio.gather(*(gather(n) for n in (12, 13, 14, 15)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [ValueError, ValueError, int, int]


async def test_a_caller_who_gives_up_spoils_nothing() -> None:
    gather = Gather(Work(), most=2, linger_s=0.05)
    left = asyncio.create_task(gather(1))
    await asyncio.sleep(0)

    left.cancel()

    assert await gather(2) == 20
    with pytest.raises(asyncio.CancelledError):
        await left
