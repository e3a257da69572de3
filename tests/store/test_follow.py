"""Followers: every entry, in order, at least once, by one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from graph.store.changes import Entry, changes
from graph.store.database import Graph
from graph.store.follow import Pace, follow
from graph.store.followers import followers
from graph.store.lease import Lease, LostLeaseError
from graph.store.patience import Patience
from graph.store.tail import Tail
from tests.store.linking import tell, thing
from tests.store.saying import event

QUICK = Pace(batch=3, idle_s=0.05, lease_s=0.6, patience=Patience(first_s=0.01, most_s=0.02))


class Recorder:
    """A follower that remembers what it was given, and fails when it is told to."""

    name = "recorder"

    def __init__(self, fails: int = 0) -> None:
        self.taken: list[int] = []
        self.fails = fails

    async def resume(self, seq: int) -> int:
        return seq

    async def take(self, entries: Sequence[Entry]) -> None:
        if entries and self.fails:
            self.fails -= 1
            raise OSError("the far end is away")
        self.taken += [entry.seq for entry in entries]

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def following(graph: Graph, recorder: Recorder, pace: Pace = QUICK) -> AsyncIterator[None]:
    task = asyncio.create_task(follow(graph, recorder, Tail(graph), pace))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not claim():  # noqa: ASYNC110 - the follower runs beside us
            await asyncio.sleep(0.02)


async def say(graph: Graph, count: int) -> None:
    await tell(graph, *[event(thing("part-1", revision=str(n)), on=n) for n in range(count)])


async def test_a_follower_is_given_every_entry_in_order_also_those_that_come_later(
    graph: Graph,
) -> None:
    await say(graph, 4)
    recorder = Recorder()

    async with following(graph, recorder):
        await until(lambda: len(recorder.taken) == 4)
        await say(graph, 3)
        await until(lambda: len(recorder.taken) >= 7)

    assert recorder.taken == [1, 2, 3, 4, 5, 6, 7]


async def test_a_follower_that_was_ended_goes_on_where_it_was(graph: Graph) -> None:
    await say(graph, 2)
    first, second = Recorder(), Recorder()
    async with following(graph, first):
        await until(lambda: len(first.taken) == 2)
        await asyncio.sleep(0.1)
    await say(graph, 2)

    async with following(graph, second):
        await until(lambda: len(second.taken) == 2)

    assert second.taken == [3, 4]


async def test_of_several_processes_one_runs_a_follower_and_another_takes_over(
    graph: Graph,
) -> None:
    first, second = Recorder(), Recorder()
    steady = replace(QUICK, lease_s=2.0)  # so long the first may be kept from the processor
    async with following(graph, first, steady):
        await say(graph, 1)
        await until(lambda: first.taken == [1])
        async with following(graph, second, steady):
            await say(graph, 4)
            await until(lambda: len(first.taken) == 5)
            await asyncio.sleep(1.5 * steady.lease_s)
            assert second.taken == []
            ended = first.taken

    async with following(graph, second, steady):
        await say(graph, 1)
        await until(lambda: bool(second.taken))

    assert (ended, second.taken) == ([1, 2, 3, 4, 5], [6])


async def test_one_that_wakes_after_its_lease_cannot_move_the_cursor(graph: Graph) -> None:
    slow, quick = Lease(graph, "f", 0.05), Lease(graph, "f", 30)
    assert await slow.claim() == 0
    await asyncio.sleep(0.1)
    assert await quick.claim() == 0
    await quick.move(0, 9)

    with pytest.raises(LostLeaseError, match="another process runs it now"):
        await slow.move(0, 5)
    with pytest.raises(LostLeaseError):
        await slow.move(9, 5)

    assert await slow.claim() is None
    assert [one.seq for one in await followers(graph)] == [9]


async def test_the_cursor_moves_only_from_where_it_was_left(graph: Graph) -> None:
    lease = Lease(graph, "f", 30)
    await lease.claim()
    await lease.move(0, 7)

    with pytest.raises(LostLeaseError):
        await lease.move(3, 8)


async def test_one_whose_lease_is_taken_away_ends_what_it_does(graph: Graph) -> None:
    class Stuck(Recorder):
        ended = False

        async def take(self, entries: Sequence[Entry]) -> None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.ended = True
                raise

    stuck = Stuck()
    async with following(graph, stuck):
        await asyncio.sleep(0.1)
        async with graph.transaction() as tx:
            await tx.run("MATCH (f:Follower) SET f.holder = 'somebody else'")
        await until(lambda: stuck.ended)

    assert [one.seq for one in await followers(graph)] == [0]


async def test_a_failure_is_told_and_the_same_entries_are_given_again(graph: Graph) -> None:
    await say(graph, 2)
    recorder = Recorder(fails=10**9)
    told = []

    async with following(graph, recorder):
        await until(lambda: recorder.fails < 10**9 - 1)  # once the first failure was told
        for fails in range(2, 12):
            await until(lambda n=fails: recorder.fails < 10**9 - n)  # type: ignore[misc]
            (failing,) = await followers(graph)
            told.append((failing.trouble, failing.seq, failing.failing_since))
        recorder.fails = 0
        await until(lambda: len(recorder.taken) == 2)
        await asyncio.sleep(0.1)
        (well,) = await followers(graph)

    assert {(trouble, seq) for trouble, seq, _ in told} == {("OSError: the far end is away", 0)}
    assert len({since for _, _, since in told} - {None}) == 1
    assert recorder.taken == [1, 2]
    assert (well.trouble, well.failing_since, well.seq, well.is_running) == (None, None, 2, True)


async def test_the_lag_is_told_in_entries_and_in_seconds(graph: Graph) -> None:
    await say(graph, 5)
    lease = Lease(graph, "slow", 30)
    await lease.claim()
    await lease.move(0, 2)
    third = (await changes(graph, after=2))[0].recorded_at.timestamp()
    graph.clock = lambda: int((third + 90) * 1e6)

    (behind,) = await followers(graph)
    await lease.move(2, 5)
    (even,) = await followers(graph)

    assert (behind.lag_entries, round(behind.lag_s, 3)) == (3, 90.0)
    assert (even.lag_entries, even.lag_s) == (0, 0.0)
