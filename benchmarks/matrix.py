"""A trace matrix of many requirements, against the Cypher that a person would write for it.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.matrix [requirements]

Fills the graph first: each requirement with a parent, a design, two tests with two results each, and of
every second one a task. One in a hundred lacks a test; the text of one in fifty was revised since.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.impact import measure
from graph.flows.submit import Principal, submit
from graph.model.time import FAR, format_utc
from graph.store.database import Graph
from graph.store.matrix import trace_matrix
from graph.store.migrate import migrate
from graph.store.question import MAX_FIRST

FEWEST = 1_000
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
AT_ONCE = 500
"""So many requirements are told between two looks at the clock."""

COVERAGE = """
MATCH (r:Requirement)
WHERE NOT coalesce(r.status IN ['rejected', 'withdrawn'], false)
WITH EXISTS { (r)<-[d:SATISFIES]-() WHERE d.valid_from <= $world AND d.valid_to > $world } AS design,
     EXISTS { (r)<-[v:VERIFIES]-() WHERE v.valid_from <= $world AND v.valid_to > $world } AS test,
     EXISTS { (r)<-[m:MEETS]-() WHERE m.valid_from <= $world AND m.valid_to > $world } AS task
RETURN count(*), count(CASE WHEN design THEN 1 END), count(CASE WHEN test THEN 1 END),
  count(CASE WHEN task THEN 1 END), count(CASE WHEN design AND test AND task THEN 1 END)
"""
ROWS = """
MATCH (r:Requirement)
WHERE NOT coalesce(r.status IN ['rejected', 'withdrawn'], false)
WITH r ORDER BY r.utcs
RETURN r.utcs, r.name, r.number,
  COLLECT {
    MATCH (r)<-[d:SATISFIES WHERE d.valid_from <= $world AND d.valid_to > $world]-(x)
    RETURN [x.utcs, x.kind, x.name, type(d)]
  },
  COLLECT {
    MATCH (r)<-[v:VERIFIES WHERE v.valid_from <= $world AND v.valid_to > $world]-(x)
    RETURN [x.utcs, x.kind, x.name, type(v), head(COLLECT {
      MATCH (x)<-[o:RESULT_OF WHERE o.valid_from <= $world AND o.valid_to > $world]-(t)
      RETURN [t.utcs, t.verdict, t.performed_at] ORDER BY t.performed_at DESC LIMIT 1
    })]
  },
  COLLECT {
    MATCH (r)<-[m:MEETS WHERE m.valid_from <= $world AND m.valid_to > $world]-(x)
    RETURN [x.utcs, x.kind, x.name, type(m)]
  }
"""
"""All rows at once, without saying what is in doubt."""


def put(kind: str, local: str, **said: Any) -> dict[str, Any]:
    return {
        "fact": "put_node",
        "utcs": f"utcs:BENCH:{kind}:{local}",
        "properties": {"name": local} | said,
    }


def link(source: str, name: str, target: str) -> dict[str, Any]:
    return {
        "fact": "put_link",
        "source": f"utcs:BENCH:{source}",
        "link": name,
        "target": f"utcs:BENCH:{target}",
    }


def demand(number: int) -> Iterator[dict[str, Any]]:
    """What is said of one requirement."""
    own = f"requirement:R-{number:06d}"
    yield put("requirement", f"R-{number:06d}", text=f"It shall do {number}.", number=str(number))
    if number:
        yield link(own, "DERIVES_FROM", f"requirement:R-{number // 10:06d}")
    yield put("design", f"D-{number:06d}", ata_chapter=f"{20 + number % 60}")
    yield link(f"design:D-{number:06d}", "SATISFIES", own)
    for test in range(2 if number % 100 else 0):
        case = f"T-{number:06d}-{test}"
        yield put("testcase", case)
        yield link(f"testcase:{case}", "VERIFIES", own)
        for run in range(2):
            at = format_utc(BEGIN + timedelta(days=run))
            verdict = "passed" if run else "failed"
            yield put("testresult", f"{case}-{run}", verdict=verdict, performed_at=at)
            yield link(f"testresult:{case}-{run}", "RESULT_OF", f"testcase:{case}")
    if number % 2:
        yield put("task", f"M-{number:06d}")
        yield link(f"task:M-{number:06d}", "MEETS", own)


def events(count: int) -> Iterator[dict[str, Any]]:
    def event(name: str, days: int, facts: list[dict[str, Any]]) -> dict[str, Any]:
        at = format_utc(BEGIN + timedelta(days=days))
        return {"id": name, "source": "urn:bench", "time": at, "data": {"facts": facts}}

    for number in range(count):
        yield event(f"R-{number}", 0, list(demand(number)))
    for number in range(0, count, 50):
        text = f"It shall do {number}, and well."
        said = put("requirement", f"R-{number:06d}", text=text, number=str(number))
        yield event(f"R-{number}-B", 100, [said])


async def fill(graph: Graph, count: int) -> None:
    await migrate(graph)
    start, batch = time.perf_counter(), list[dict[str, Any]]()
    for said in [*events(count)]:
        batch.append(said)
        if len(batch) == AT_ONCE:
            await told(graph, batch)
            batch = []
    await told(graph, batch)
    (found,) = await graph.read("MATCH (a:Anchor) RETURN count(a)")
    print(f"{count:,} requirements, {found[0]:,} things in {time.perf_counter() - start:.0f} s")


async def told(graph: Graph, batch: list[dict[str, Any]]) -> None:
    for outcome in await submit(graph, batch, Principal.of("benchmark", "admin")):
        assert outcome.status == "applied", outcome


async def every_row(graph: Graph, **at: Any) -> int:
    """Reads all pages, the totals with the first."""
    found, after = 0, None
    while True:
        page = await trace_matrix(graph, first=MAX_FIRST, after=after, counted=after is None)
        found += len(page.rows)
        if (after := page.next) is None:
            return found


async def main(count: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await fill(graph, count)
        here = {"world": graph.clock(), "knowledge": FAR - 1}
        assert await every_row(graph) == count
        taken = await measure(
            {
                "totals and first page": lambda: trace_matrix(graph),
                "totals, by hand": lambda: graph.read(COVERAGE, here),
                "all rows": lambda: every_row(graph),
                "all rows, by hand": lambda: graph.read(ROWS, here),
            }
        )
    for name, milliseconds in taken.items():
        print(f"{name:26} {milliseconds:9.1f} ms")
    print(f"all rows / by hand  {taken['all rows'] / taken['all rows, by hand']:.2f}")
    print(
        f"matrix of {count:,} requirements  {taken['all rows'] / 1000:.2f} s  (10,000: at most 3)"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else FEWEST))
