"""Impact of one requirement, against the fastest Cypher that a person would write for it.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.impact [identifier]

Asks a loaded graph; without an identifier, about the requirement that affects most of a sample.
Questions take turns in every round, so that whatever else the machine does falls on all alike.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from graph.model.identifier import Utcs
from graph.model.ontology import link_types
from graph.model.time import FAR, Coordinates, to_micros
from graph.store.database import Graph
from graph.store.impact import impact
from graph.store.selection import Era

ROUNDS = 20
SAMPLE = "MATCH (r:Requirement)<-[l]-() RETURN r.utcs, count(l) AS n ORDER BY n DESC LIMIT 25"

NOW = "r.valid_from <= $world AND r.valid_to > $world"
CURRENT = "|".join(link_types())
BELIEVED = Era.PAST.relationship_types(link_types())

PAGE = """
WITH depth, thing.kind AS kind, collect(thing) AS things
WITH collect({depth: depth, kind: kind, things: things}) AS groups
RETURN [g IN groups | [g.depth, g.kind, size(g.things)]] AS counts,
  COLLECT {
    UNWIND groups AS g
    WITH g.depth AS depth, g
    ORDER BY depth
    UNWIND g.things AS thing
    WITH depth, thing, thing.utcs AS utcs
    ORDER BY depth, utcs
    LIMIT 100
    RETURN [utcs, thing.kind, thing.name, depth]
  } AS page
"""
"""Counts by depth and kind, and the first hundred, from one traversal."""


def older_way(types: str, holds: str) -> str:
    return (
        "MATCH (start:Anchor {utcs: $utcs}) "
        f"MATCH path = (start)<-[rs:{types}*1..41]-(thing) WHERE all(r IN rs WHERE {holds}) "
        "WITH thing, min(length(path)) AS depth" + PAGE
    )


def quantified(types: str, holds: str) -> str:
    return (
        "MATCH (start:Anchor {utcs: $utcs}) "
        f"MATCH path = (start)(()<-[r:{types} WHERE {holds}]-()){{1,41}}(thing) "
        "WITH thing, min(length(path)) AS depth" + PAGE
    )


async def pick(graph: Graph) -> Utcs:
    """The requirement that affects most, of those with the most links."""
    sample = [Utcs.parse(row[0]) for row in await graph.read(SAMPLE)]
    totals = [((await impact(graph, utcs)).total or 0, str(utcs)) for utcs in sample]
    return Utcs.parse(max(totals)[1])


async def measure(
    runs: dict[str, Callable[[], Awaitable[Any]]], rounds: int = ROUNDS
) -> dict[str, float]:
    """The median time of each, in milliseconds, after two rounds to warm up."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 2):
        for name, run in runs.items():
            start = time.perf_counter()
            await run()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: median(taken[2:]) for name, taken in times.items()}


async def main(argument: str | None) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        utcs = Utcs.parse(argument) if argument else await pick(graph)
        past = datetime.now(UTC) - timedelta(days=30)
        here = {"utcs": str(utcs), "world": graph.clock(), "knowledge": FAR - 1}
        then = here | {"world": to_micros(past)}
        found = await impact(graph, utcs)
        before = await impact(graph, utcs, at=Coordinates(as_of=past))
        taken = await measure(
            {
                "now": lambda: impact(graph, utcs),
                "now, by hand": lambda: graph.read(older_way(CURRENT, NOW), here),
                "now, by hand, quantified": lambda: graph.read(quantified(CURRENT, NOW), here),
                "past": lambda: impact(graph, utcs, at=Coordinates(as_of=past)),
                "past, by hand": lambda: graph.read(older_way(BELIEVED, NOW), then),
            }
        )
    print(f"{utcs}: {found.total} things now, {before.total} thirty days ago")
    for name, milliseconds in taken.items():
        print(f"{name:26} {milliseconds:9.1f} ms")
    by_hand = min(taken["now, by hand"], taken["now, by hand, quantified"])
    print(f"now / by hand  {taken['now'] / by_hand:.2f}  (at most 1.3)")
    print(f"past / now     {taken['past'] / taken['now']:.2f}  (at most 1.2)")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else None))
