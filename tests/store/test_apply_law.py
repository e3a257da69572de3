"""The law of the write path: belief depends on what was said, and never on when it arrived."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.model.outcome import Status
from graph.model.time import parse_utc, to_micros
from graph.store.apply import apply
from graph.store.database import Graph
from tests.store.belief import belief
from tests.store.conftest import empty
from tests.store.saying import contains, correct, day, event, removed, retire, serial

NAMES = ["a", "b", "c", "d"]
DAYS = st.integers(0, 6)

facts = st.one_of(
    st.builds(serial, st.sampled_from(NAMES), name=st.sampled_from(["x", "y", "z"])),
    st.builds(contains, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from("12")),
    st.builds(removed, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from("12")),
    st.builds(retire, st.sampled_from(NAMES)),
)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events about four serials: statements, installations, removals, retirements, corrections."""
    said = [
        event(draw(facts), on=draw(DAYS), id=f"h{n}", sourcerank=draw(st.sampled_from([40, 50])))
        for n in range(draw(st.integers(1, 14)))
    ]
    births = [event(*[serial(name) for name in NAMES[: draw(st.integers(0, 4))]], on=0, id="birth")]
    wrong = draw(st.lists(st.sampled_from(said), max_size=2, unique_by=lambda e: e["id"]))
    fixes = [event(correct(e["id"]), on=7, id=f"fix-{e['id']}") for e in wrong]
    return [e for e in [*births, *said, *fixes] if e["data"]["facts"]]


VERSIONS = """
MATCH (:Anchor)-[:VERSION]->(v:Version)
RETURN [v.utcs], v.name, v.valid_from, v.valid_to, v.recorded_at, v.superseded_at
"""
LINKS = """
MATCH (s:Anchor)-[r:!VERSION]->(t:Anchor)
RETURN [s.utcs, coalesce(r.was, split(type(r), '_PAST')[0]), t.utcs, r.slot], true,
       r.valid_from, r.valid_to, r.recorded_at, r.superseded_at
"""


UNDECIDED = """
MATCH (n:Refusal|Parked)
WHERE n:Refusal OR n.code IN ['not_there_then', 'no_such_event']
RETURN n.id
"""
"""What was refused, be it after it had waited; what waits for a thing to exist again that ended, or to
undo what waits itself."""


async def rows(graph: Graph) -> list[list[Any]]:
    """Every row of belief that the graph holds."""
    return [*await graph.read(VERSIONS), *await graph.read(LINKS)]


def held(stored: list[list[Any]], at: str, known: int) -> dict[tuple[str, ...], Any]:
    """What the graph says holds at an instant, as known at another."""
    w = to_micros(parse_utc(at))
    found = [
        (tuple(key), content)
        for key, content, valid_from, valid_to, recorded_at, superseded_at in stored
        if valid_from <= w < valid_to and recorded_at <= known < superseded_at
    ]
    assert len(found) == len({key for key, _ in found}), "two rows hold at one instant"
    return dict(found)


async def log(graph: Graph) -> list[tuple[int, str, int]]:
    """The change log: (seq, event id, recorded_at)."""
    found = await graph.read("MATCH (c:Change) RETURN c.seq, c.id, c.recorded_at ORDER BY c.seq")
    return [tuple(row) for row in found]


async def feed(graph: Graph, events: list[dict[str, Any]], cuts: int) -> list[Status]:
    """Applies events in batches of `cuts`."""
    statuses = []
    for start in range(0, len(events), cuts):
        batch = events[start : start + cuts]
        statuses += [outcome.status for outcome in await apply(graph, batch)]
    return statuses


QUICK: dict[str, Any] = {
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],  # shrinking on a server takes minutes
}
INSTANTS = [day(n / 2) for n in range(-1, 17)]


History = list[dict[str, Any]]
Run = Callable[[Callable[[Graph], Awaitable[Any]]], Any]


@pytest.fixture
def run(neo4j_server: Any) -> Run:
    """Runs a coroutine function on a clean graph, in an event loop of its own for each example."""

    def start(work: Callable[[Graph], Awaitable[Any]]) -> Any:
        async def on_clean_graph() -> Any:
            async with await Graph.open(*neo4j_server) as graph:
                await empty(graph)
                return await work(graph)

        return asyncio.run(on_clean_graph())

    return start


@settings(max_examples=60, **QUICK)
@given(history=histories(), cuts=st.integers(1, 6), seed=st.integers(0, 99))
def test_belief_is_that_of_the_events_in_the_log_at_every_instant_of_both_axes(
    run: Run, history: History, cuts: int, seed: int
) -> None:
    random.Random(seed).shuffle(history)

    async def work(graph: Graph) -> None:
        await feed(graph, history, cuts)
        by_id = {e["id"]: e for e in history}
        entries = await log(graph)
        stored = await rows(graph)

        assert [seq for seq, _, _ in entries] == list(range(1, len(entries) + 1))
        for seq, _, recorded_at in entries:
            known = [by_id[id] for n, id, _ in entries if n <= seq]
            for at in INSTANTS:
                assert held(stored, at, recorded_at) == belief(known, at), (seq, at)

    run(work)


@settings(max_examples=60, **QUICK)
@given(history=histories(), seed=st.integers(0, 99), cuts=st.integers(1, 20))
def test_any_order_of_events_that_do_not_contradict_gives_the_same_belief(
    run: Run, history: History, seed: int, cuts: int
) -> None:
    shuffled = history.copy()
    random.Random(seed).shuffle(shuffled)

    async def work(graph: Graph, order: list[dict[str, Any]]) -> tuple[bool, Any]:
        await feed(graph, order, cuts)
        stored, entries = await rows(graph), await log(graph)
        last = entries[-1][2] if entries else 0
        held_now = [held(stored, at, last) for at in INSTANTS]
        return bool(await graph.read(UNDECIDED)), held_now

    first = run(lambda graph: work(graph, history))
    second = run(lambda graph: work(graph, shuffled))

    if not first[0] and not second[0]:
        assert first[1] == second[1]


@settings(max_examples=40, **QUICK)
@given(history=histories(), cuts=st.integers(1, 20))
def test_the_rules_hold_at_every_instant(run: Run, history: History, cuts: int) -> None:
    async def work(graph: Graph) -> None:
        await feed(graph, history, cuts)
        stored, entries = await rows(graph), await log(graph)
        for _, _, known in entries:
            for at in INSTANTS:
                there = held(stored, at, known)
                links = [key for key in there if len(key) > 1]
                assert all((s,) in there and (t,) in there for s, _, t, _ in links)
                assert len(links) == len({t for _, _, t, _ in links}), "one parent"
                assert len(links) == len({(s, slot) for s, _, _, slot in links}), "one slot"
                parents = {t: s for s, _, t, _ in links}
                for start in parents:
                    above, steps = start, 0
                    while above in parents and steps <= len(NAMES):
                        above, steps = parents[above], steps + 1
                    assert steps <= len(NAMES), "no cycle"

    run(work)


@settings(max_examples=30, **QUICK)
@given(history=histories(), cuts=st.integers(1, 6))
def test_sending_everything_again_changes_nothing(run: Run, history: History, cuts: int) -> None:
    async def work(graph: Graph) -> None:
        await feed(graph, history, cuts)
        stored, entries = await rows(graph), await log(graph)
        is_decided = not await graph.read(UNDECIDED)

        again = await feed(graph, history, cuts)

        applied = {id for _, id, _ in entries}
        for e, after in zip(history, again, strict=True):
            if e["id"] in applied:  # of the others, what waited may find now what it waits for
                assert after == Status.DUPLICATE
        if is_decided:
            assert sorted(map(repr, await rows(graph))) == sorted(map(repr, stored))

    run(work)


@settings(max_examples=30, **QUICK)
@given(history=histories(), cuts=st.integers(1, 6))
def test_the_anchor_carries_what_is_true_now(run: Run, history: History, cuts: int) -> None:
    async def work(graph: Graph) -> None:
        await feed(graph, history, cuts)
        stored = await rows(graph)
        anchors = await graph.read("MATCH (a:Anchor) RETURN a.utcs, a.name, 'Serial' IN labels(a)")

        now = held(stored, day(600), graph.clock())
        for utcs, name, is_living in anchors:
            assert name == now.get((utcs,))
            assert is_living == ((utcs,) in now)

    run(work)
