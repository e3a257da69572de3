"""Baselines: what a comparison costs as sets grow, against reading both whole; and freezing and verifying.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.baseline [members] [frozen]

Two sets that differ in 100 members are kept in an empty graph, of 10,000 members and of more (100,000 unless
given), and compared in turn: by their trees, and by reading all members of both. Then an aircraft of so many
serials (2,000 unless given) is frozen and verified.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from random import Random
from statistics import median
from typing import Any

from graph.flows.baseline import Request, create_baseline
from graph.flows.submit import Principal, submit
from graph.model.governance import BaselineRule
from graph.model.identifier import Utcs
from graph.model.prefix_tree import Member, Tree, build
from graph.store.database import Graph
from graph.store.migrate import migrate
from graph.store.tree_nodes import find_differences, keep_tree, read_whole
from graph.store.verify_baseline import verify_baseline

SMALL, LARGE, FROZEN = 10_000, 100_000, 2_000
CHANGES = 100
ROUNDS = 9
OWNER = Principal.of("benchmark", "admin")


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def two(size: int) -> tuple[Tree, Tree]:
    """Two sets that differ in a hundred members."""
    changed = {*Random(size).sample(range(size), CHANGES)}
    before = [Member(f"utcs:BENCH:serial:{size}-{n}", digest(f"{n}")) for n in range(size)]
    after = [
        Member(one.utcs, digest(f"{n}x")) if n in changed else one for n, one in enumerate(before)
    ]
    return build(before), build(after)


async def by_reading_all(graph: Graph, before: bytes, after: bytes) -> int:
    """How many members differ, found as one would without a tree of hashes."""
    sides = [await read_whole(graph, root) for root in (before, after)]
    one, other = ({m.utcs: m.version for m in side.members()} for side in sides)
    return sum(one.get(utcs) != other.get(utcs) for utcs in one | other)


async def taken(run: Callable[[], Awaitable[Any]]) -> float:
    start = time.perf_counter()
    await run()
    return time.perf_counter() - start


async def compare(graph: Graph, large: int) -> None:
    pairs: dict[int, tuple[Tree, Tree]] = {}
    for size in (SMALL, large):
        start = time.perf_counter()
        pairs[size] = two(size)
        built = time.perf_counter() - start
        kept = [await keep_tree(graph, tree) for tree in pairs[size]]
        spent = time.perf_counter() - start - built
        print(
            f"{size:9,} members: built twice in {built:.1f} s; {kept[0]:,} nodes, then {kept[1]:,}"
            f" new ones kept in {spent:.1f} s"
        )
    times: dict[int, list[float]] = {SMALL: [], large: []}
    for _ in range(ROUNDS + 2):
        for size, (before, after) in pairs.items():
            start = time.perf_counter()
            found = await find_differences(graph, before.root, after.root)
            times[size].append(time.perf_counter() - start)
            assert len(found) == CHANGES
    whole = {}
    for size, (one, other) in pairs.items():
        start = time.perf_counter()
        assert await by_reading_all(graph, one.root, other.root) == CHANGES
        whole[size] = time.perf_counter() - start
    middle = {size: median(spent[2:]) for size, spent in times.items()}
    for size in pairs:
        print(
            f"{size:9,} members: {CHANGES} changes found in {middle[size] * 1000:8.1f} ms, "
            f"by reading all in {whole[size] * 1000:10.1f} ms ({whole[size] / middle[size]:.0f}×)"
        )
    print(f"{large:,} / {SMALL:,}  {middle[large] / middle[SMALL]:.2f}  (at most 2)")


async def freeze(graph: Graph, size: int) -> None:
    names = [Utcs("BENCH", "serial", f"S-{n}") for n in range(size)]
    facts: list[dict[str, Any]] = [
        {"fact": "put_node", "utcs": str(one), "properties": {"name": one.local, "serial_number": one.local}}
        for one in names
    ]  # fmt: skip
    facts += [
        {"fact": "put_link", "source": str(names[(n - 1) // 20]), "link": "CONTAINS",
         "target": str(names[n]), "slot": f"S{n}"} for n in range(1, size)
    ]  # fmt: skip
    events = [
        {"id": f"bench {at}", "source": "urn:bench", "time": "2025-01-01T00:00:00Z",
         "data": {"facts": facts[at : at + 500]}} for at in range(0, len(facts), 500)
    ]  # fmt: skip
    await submit(graph, events, OWNER)
    own = Utcs("BENCH", "baseline", f"B-{size}")
    request = Request(own, BaselineRule.CONFIGURATION, names[0])
    made = await taken(lambda: create_baseline(graph, OWNER, request))
    again = Request(Utcs("BENCH", "baseline", f"B-{size}-2"), BaselineRule.CONFIGURATION, names[0])
    shared = await taken(lambda: create_baseline(graph, OWNER, again))
    found = await verify_baseline(graph, own)
    assert (found.is_verified, found.members) == (True, size)
    verified = await taken(lambda: verify_baseline(graph, own))
    for what, spent in {"frozen": made, "frozen again": shared, "verified": verified}.items():
        print(f"{size:9,} serials {what:13} in {spent:6.2f} s, {size / spent:9,.0f} members/s")


async def main(large: int = LARGE, frozen: int = FROZEN) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=600) as graph:
        await migrate(graph)
        await compare(graph, large)
        await freeze(graph, frozen)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:3])))
