"""Fills the graph that UTCS_NEO4J_URI names with the sample fleet: `python -m benchmarks.fill 4`."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from itertools import islice

from graph.flows.submit import Principal, submit
from graph.store.database import Graph
from graph.store.migrate import migrate
from ingest.fleet.generate import generate


async def main(scale: float) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password) as graph:
        await migrate(graph)
        start, facts, events = time.perf_counter(), 0, generate(scale=scale)
        while chunk := list(islice(events, 2_000)):
            outcomes = await submit(graph, chunk, Principal.of("benchmark", "admin"))
            assert all(outcome.status == "applied" for outcome in outcomes)
            facts += sum(len(event.facts) for event in chunk)
        taken = time.perf_counter() - start
    print(
        f"sample fleet at scale {scale:g}: {facts:,} facts in {taken:.0f} s, {facts / taken:,.0f}/s"
    )


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
