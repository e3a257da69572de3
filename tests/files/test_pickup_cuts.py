"""A worker that is cut off: whoever goes on, wherever the cut was, comes to the same end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from graph.flows.submit import submit
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError
from ingest.pickup import load as load_module
from ingest.pickup.pickup import Pickup
from ingest.places.place import Place, PlaceError
from tests.files.test_pickup import logged, manifest, receipt, tree

Make = Callable[..., Pickup]

WATCHED = ("create", "write", "store", "move", "remove", "remove_folder", "fetch")


class Cut(BaseException):
    """The process is no more: nothing that it would have done next is done."""


class Fuse:
    """Cuts the worker off before, or right after, the nth step that leaves a trace."""

    def __init__(self, at: int, *, before: bool) -> None:
        self.left, self.before, self.is_burnt = at, before, False

    async def __call__(self, step: Callable[..., Any], *given: Any, **named: Any) -> Any:
        if self.is_burnt:
            raise Cut
        self.left -= 1
        if self.left == 0 and self.before:
            self.is_burnt = True
            raise Cut
        answer = await step(*given, **named)
        if self.left == 0:
            self.is_burnt = True
            raise Cut
        return answer


class FusedPlace:
    """A place behind a fuse."""

    def __init__(self, place: Place, fuse: Fuse) -> None:
        self._place, self._fuse = place, fuse

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._place, name)
        if name not in WATCHED:
            return step

        async def fused(*given: Any) -> Any:
            return await self._fuse(step, *given)

        return fused


def rows(count: int) -> bytes:
    """A table of things, all but the first of which derive from the first."""
    return b"id,name,parent\nR0,first,\n" + b"".join(b"R%d,next,R0\n" % n for n in range(1, count))


def fuse_in(pickup: Pickup, fuse: Fuse) -> None:
    pickup.place = FusedPlace(pickup.place, fuse)
    pickup.claims.place = pickup.place
    pickup.lookout.place = pickup.place


async def run_until_cut(pickup: Pickup, fuse: Fuse, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Says whether the worker was cut off before all was done."""

    async def fused(*given: Any, **named: Any) -> Any:
        return await fuse(submit, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(load_module, "submit", fused)
        fuse_in(pickup, fuse)
        try:
            await pickup.round()
        except Cut:
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False])
async def test_cut_off_at_any_step_it_ends_the_same(
    graph: Graph,
    place: Place,
    make_pickup: Make,
    monkeypatch: pytest.MonkeyPatch,
    before: bool,
) -> None:
    """A table and an event file, of which a part can be there already: the counts must still be right."""
    monkeypatch.setattr("ingest.pickup.plan.CHUNK", 2)
    step = 0
    while True:
        step += 1
        table, name = rows(4).replace(b"R", b"S%d-" % step), f"{step}.csv"
        await place.write(name, table)
        await place.write(f"{name}.manifest.json", manifest(**{name: table}))
        first = make_pickup(source=f"urn:{step}")
        await first.place.open()
        seq = len(await logged(graph))

        was_cut = await run_until_cut(first, Fuse(step, before=before), monkeypatch)
        second = make_pickup(source=f"urn:{step}", lease_s=0.001)
        await second.round()
        await asyncio.sleep(0.002)
        await second.round()

        found = await tree(place)
        assert {path for path in found if not path.startswith("done/")} == set(), step
        told = receipt(found, name)
        assert told["counts"] == {"applied": 7}, (step, told)
        assert told["seq"] == [seq + 1, seq + 7], step
        assert found[f"done/{name}"] == table
        assert len(await logged(graph)) == seq + 7, "each event once"
        receipts = [path for path in found if path.endswith(f"/{name}.receipt.json")]
        assert len(receipts) == 1
        if not was_cut:
            break
    assert step > 10, "the fuse reached every step"


async def test_living_worker_keeps_its_file_however_long_it_takes(
    place: Place, make_pickup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.write("a.csv", rows(2))
    slow, other = make_pickup(lease_s=0.4), make_pickup(lease_s=0.4)
    begun = asyncio.Event()

    async def slowly(*given: Any, **named: Any) -> Any:
        begun.set()
        await asyncio.sleep(1.5)
        return await submit(*given, **named)

    monkeypatch.setattr(load_module, "submit", slowly)
    working = asyncio.create_task(slow.round())
    await begun.wait()
    while not working.done():
        await other.round()
        await asyncio.sleep(0.05)
    await working

    told = receipt(await tree(place), "a.csv")
    assert (told["attempts"], slow.files, other.files) == (1, {"done": 1}, {})


async def test_worker_that_was_taken_for_dead_leaves_the_file_to_the_other(
    place: Place, graph: Graph, make_pickup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.write("a.csv", rows(2))
    asleep, other = make_pickup(lease_s=3600), make_pickup(lease_s=0.001)
    begun, wake = asyncio.Event(), asyncio.Event()

    async def asleep_first(*given: Any, **named: Any) -> Any:
        if not begun.is_set():
            begun.set()
            await wake.wait()
        return await submit(*given, **named)

    monkeypatch.setattr(load_module, "submit", asleep_first)
    working = asyncio.create_task(asleep.round())
    await begun.wait()
    await other.round()
    await asyncio.sleep(0.002)
    await other.round()
    wake.set()
    await working

    found = await tree(place)
    told = receipt(found, "a.csv")
    assert (told["attempts"], told["counts"]) == (2, {"applied": 3})
    assert set(found) == {"done/a.csv", "done/a.csv.receipt.json"}
    assert (asleep.files, other.files) == ({}, {"done": 1})
    assert len(await logged(graph)) == 3


async def test_while_the_graph_is_away_the_file_waits(
    place: Place, make_pickup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.write("a.csv", rows(2))
    pickup = make_pickup()
    told: list[str | None] = []

    async def away(*given: Any, **named: Any) -> Any:
        if len(told) < 7:  # oftener than what fails otherwise is tried
            told.append(pickup.trouble)
            raise GraphUnreachableError("the graph is not answering")
        return await submit(*given, **named)

    monkeypatch.setattr(load_module, "submit", away)
    await pickup.round()

    assert told[1:] == ["the graph is not answering"] * 6
    assert pickup.trouble is None
    assert receipt(await tree(place), "a.csv")["counts"] == {"applied": 3}


async def test_file_that_fails_again_and_again_is_put_aside_and_the_next_is_taken(
    place: Place, graph: Graph, make_pickup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.pickup.plan.CHUNK", 2)
    await place.write("a.csv", rows(2))
    await place.write("b.csv", b"id,name\nB,b\n")
    pickup, calls = make_pickup(), 0

    async def failing(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if 2 <= calls <= 4:
            raise RuntimeError("boom")
        return await submit(*given, **named)

    monkeypatch.setattr(load_module, "submit", failing)
    await pickup.round()

    found = await tree(place)
    told = receipt(found, "a.csv", "quarantine")
    assert "RuntimeError: boom" in told["reason"]
    assert (told["counts"], told["seq"]) == ({"applied": 2}, [1, 2]), (
        "what is in the graph, is told"
    )
    assert receipt(found, "b.csv")["counts"] == {"applied": 1}


async def test_place_that_does_not_answer_is_told_and_tried_again(
    place: Place, make_pickup: Make
) -> None:
    await place.write("a.csv", rows(2))
    pickup = make_pickup(every_s=0.01)
    told: list[str | None] = []
    opened = pickup.place.open

    async def failing() -> None:
        if len(told) < 3:
            raise PlaceError("place: nobody answers")
        await opened()

    async def sleep(_: float) -> None:
        told.append(pickup.trouble)
        if pickup.files:
            raise asyncio.CancelledError

    pickup.place.open = failing  # type: ignore[method-assign]
    pickup.sleep = sleep
    with pytest.raises(asyncio.CancelledError):
        await pickup.run()

    assert told == ["place: nobody answers"] * 3 + [None]
    assert json.loads((await tree(place))["done/a.csv.receipt.json"])["counts"] == {"applied": 3}
