"""The law of the mirror: at every position of its cursor it holds, row by row, what was known there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import AsyncConnection

from graph.model.time import to_micros
from graph.store.changes import changes
from graph.store.database import Graph
from ingest.followers.postgres.mirror import Mirror
from tests.conftest import GraphServer
from tests.store.belief import belief
from tests.store.conftest import empty
from tests.store.mirrored import as_known, graph_rows, mirror_rows
from tests.store.saying import correct, event, put, serial
from tests.store.test_apply_law import DAYS, INSTANTS, NAMES, QUICK, History, facts, feed, held

PART = "utcs:TEST:part:P"


def instance_of(local: str, fact: str) -> dict[str, Any]:
    source = f"utcs:TEST:serial:{local}"
    return {"fact": fact, "source": source, "link": "INSTANCE_OF", "target": PART, "slot": None}


made_to = st.builds(
    instance_of, st.sampled_from(NAMES), st.sampled_from(["put_link", "put_link", "end_link"])
)


renamed = st.builds(serial, st.sampled_from(NAMES), name=st.sampled_from(["x", "y", "z"]))
stated = st.one_of(renamed, renamed, made_to, facts)
"""Mostly what can be believed: a restatement is never refused."""


@st.composite
def tellings(draw: st.DrawFn) -> History:
    """Events of several facts: statements, ends, retirements, and corrections beside them."""
    births = event(*[serial(name) for name in NAMES], put(PART, number="P"), on=0, id="birth")
    said = [births]
    for n in range(draw(st.integers(8, 16))):
        own: list[Any] = draw(st.lists(stated, min_size=1, max_size=2))
        wrong = draw(st.sampled_from([None, None, None, *[e["id"] for e in said[1:]]]))
        fixes = [correct(wrong)] if wrong else []
        said.append(event(*fixes, *own, on=draw(DAYS), id=f"m{n}"))
    return said


@pytest.fixture
def run(neo4j_server: GraphServer, postgres_uri: str) -> Callable[..., Any]:
    """Runs a coroutine function on a clean graph and a clean mirror, in an event loop of its own."""

    async def on_clean(work: Callable[[Graph, Mirror, Any], Awaitable[None]]) -> None:
        async with (
            await Graph.open(*neo4j_server) as graph,
            await AsyncConnection.connect(postgres_uri, autocommit=True) as connection,
        ):
            await empty(graph)
            await _clear(connection)
            mirror = Mirror(graph, postgres_uri)
            try:
                await work(graph, mirror, connection)
            finally:
                await mirror.close()

    return lambda work: asyncio.run(on_clean(work))


async def _clear(connection: AsyncConnection[Any]) -> None:
    found = await connection.execute("SELECT to_regclass('utcs.mirror') IS NOT NULL")
    if (await found.fetchone()) == (True,):
        await connection.execute(
            "TRUNCATE utcs.serial, utcs.part, utcs.contains, utcs.instance_of, utcs.things;"
            "UPDATE utcs.mirror SET seq = NULL, recorded_at = NULL"
        )


@pytest.mark.slow
@settings(max_examples=20, **QUICK)
@given(
    history=tellings(),
    cuts=st.integers(1, 5),
    told_first=st.integers(0, 12),
    steps=st.integers(1, 5),
)
def test_the_mirror_is_the_graph_as_known_at_its_cursor_row_by_row(
    run: Any, history: History, cuts: int, told_first: int, steps: int
) -> None:
    async def work(graph: Graph, mirror: Mirror, connection: AsyncConnection[Any]) -> None:
        await feed(graph, history[:told_first], cuts)
        done = await mirror.resume(0)
        await feed(graph, history[told_first:], cuts)
        stored = [r for r in await graph_rows(graph) if r[0] != PART]
        entries = await changes(graph, first=1000)
        by_id = {e["id"]: e for e in history}

        while True:
            known = to_micros(entries[done - 1].recorded_at) if done else 0
            mirrored = await mirror_rows(connection)
            assert len(mirrored) == len(set(mirrored))
            assert set(mirrored) == as_known(stored, known)
            if not (batch := entries[done : done + steps]):
                break
            await mirror.take(batch)
            done = batch[-1].seq

        said = [by_id[entry.id] for entry in entries]
        told = [
            ((r[0],) if r[1] not in ("CONTAINS", "INSTANCE_OF") else r[:4], *_content(r), *r[6:])
            for r in mirrored
        ]
        for at in INSTANTS:
            expected = {k: v for k, v in belief(said, at).items() if k != (PART,)}
            assert held([list(t) for t in told], at, known) == expected

    run(work)


def _content(row: tuple[Any, ...]) -> tuple[Any]:
    return (True,) if row[1] in ("CONTAINS", "INSTANCE_OF") else (row[3],)


@pytest.mark.slow
@settings(max_examples=6, **QUICK)
@given(history=tellings(), cuts=st.integers(1, 5), stop=st.integers(0, 12))
def test_a_mirror_of_any_age_is_the_same_as_one_made_anew(
    run: Any, history: History, cuts: int, stop: int
) -> None:
    async def work(graph: Graph, mirror: Mirror, connection: AsyncConnection[Any]) -> None:
        await feed(graph, history[:stop], cuts)
        done = await mirror.resume(0)
        await feed(graph, history[stop:], cuts)
        await mirror.take(await changes(graph, after=done, first=1000))
        streamed = set(await mirror_rows(connection))
        await mirror.close()
        await _clear(connection)

        await mirror.resume(0)

        assert set(await mirror_rows(connection)) == streamed

    run(work)
