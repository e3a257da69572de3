"""`apply` with history, log and validation, against the raw driver writing the same things and links.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.apply [largest size]

Needs an empty graph that may be filled. Grows it step by step; at each size both sides write the same
2,000 parts and 2,000 links in turns, in transactions of as many facts. The raw side does no more than
UNWIND + MERGE, on a label of its own with a unique constraint.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median
from typing import Any

from graph.flows.submit import BATCH_FACTS, Principal, submit
from graph.store.database import Graph
from graph.store.migrate import migrate

SIZES = (10_000, 100_000, 1_000_000)
SAMPLE = 2_000
ROUNDS = 5
WRITER = Principal.of("benchmark", "admin")

RAW_THINGS = "UNWIND $rows AS row MERGE (n:Raw {utcs: row.utcs}) SET n += row.properties"
RAW_LINKS = """
UNWIND $rows AS row
MATCH (s:Raw {utcs: row.source})
MATCH (t:Raw {utcs: row.target})
MERGE (s)-[:HAS_COMPONENT {slot: row.slot}]->(t)
"""
UNIQUE = "CREATE CONSTRAINT raw IF NOT EXISTS FOR (n:Raw) REQUIRE n.utcs IS UNIQUE"


def part(number: int) -> str:
    return f"utcs:BENCH:part:P-{number}"


def thing(number: int) -> dict[str, Any]:
    properties = {
        "name": f"Bracket {number}",
        "number": f"PN-{number}",
        "description": "Carries the line along the frame.",
    }
    return {"fact": "put_node", "utcs": part(number), "properties": properties}


def link(number: int) -> dict[str, Any]:
    parent = part((number - 1) // 3)
    slot = str(number)
    return {
        "fact": "put_link",
        "source": parent,
        "link": "HAS_COMPONENT",
        "target": part(number),
        "slot": slot,
    }


def events(facts: list[dict[str, Any]], at_once: int) -> Iterator[dict[str, Any]]:
    left = iter(facts)
    while chunk := list(islice(left, at_once)):
        about = chunk[0].get("utcs") or chunk[0]["target"]
        yield {
            "id": f"{chunk[0]['fact']} {about}",
            "source": "urn:bench",
            "time": "2026-01-01T00:00:00Z",
            "data": {"facts": chunk},
        }


async def ours(graph: Graph, facts: list[dict[str, Any]], at_once: int) -> float:
    batch = list(events(facts, at_once))
    start = time.perf_counter()
    outcomes = await submit(graph, batch, WRITER)
    taken = time.perf_counter() - start
    assert all(outcome.status == "applied" for outcome in outcomes), outcomes[0]
    return taken


async def raw(graph: Graph, facts: list[dict[str, Any]]) -> float:
    statement = RAW_THINGS if facts[0]["fact"] == "put_node" else RAW_LINKS
    start = time.perf_counter()
    for first in range(0, len(facts), BATCH_FACTS):
        async with graph.transaction() as tx:
            await tx.run(statement, rows=facts[first : first + BATCH_FACTS])
    return time.perf_counter() - start


async def compare(graph: Graph, start: int, at_once: int) -> tuple[int, dict[str, list[float]]]:
    """Writes the sample several times, each side in turn, and returns the seconds of each."""
    taken: dict[str, list[float]] = {"things": [], "raw things": [], "links": [], "raw links": []}
    for _ in range(ROUNDS):
        for name, fact in (("things", thing), ("links", link)):
            facts = [fact(number) for number in range(start, start + SAMPLE)]
            taken[name].append(await ours(graph, facts, at_once))
            taken[f"raw {name}"].append(await raw(graph, facts))
        start += SAMPLE
    return start, taken


async def grow(graph: Graph, start: int, size: int) -> int:
    """Fills the graph up to a number of things, on both sides."""
    while start < size:
        numbers = range(start, min(start + SAMPLE, size))
        for fact in (thing, link):
            facts = [fact(number) for number in numbers if fact is thing or number]
            await ours(graph, facts, 25)
            await raw(graph, facts)
        start = numbers.stop
    return start


async def main(largest: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await migrate(graph)
        async with graph.transaction() as tx:
            await tx.run(UNIQUE)
        written = 0
        print(
            f"{'things':>9} {'facts/event':>11} {'of':>6} {'apply/s':>9} {'raw/s':>9} {'ratio':>6}"
        )
        for size in (s for s in SIZES if s <= largest):
            written = await grow(graph, written, size)
            for at_once in (1, 25):
                written, taken = await compare(graph, written, at_once)
                for name in ("things", "links"):
                    mine, rival = (SAMPLE / median(taken[n]) for n in (name, f"raw {name}"))
                    print(
                        f"{size:9,} {at_once:11} {name:>6} {mine:9,.0f} {rival:9,.0f} {mine / rival:6.2f}",
                        flush=True,
                    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[1]))
