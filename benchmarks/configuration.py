"""What is in an aircraft of 5,000 serials on any day, as its history grows, against Cypher by hand.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.configuration [units]

Needs an empty graph, and loads an aircraft for each length of history: so many units were in each slot
before the one that is there. All aircraft are asked in turn, for the present, for a day in the middle of that
history and for its first, for a page of a thousand and for all places. The Cypher by hand knows the same
times and pages; of two ways to write it, the faster counts.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.effectivity import event, link, thing
from benchmarks.impact import measure
from graph.flows.submit import Principal, submit
from graph.model.identifier import Utcs
from graph.model.time import FAR, Coordinates, to_micros
from graph.store.configuration import configuration
from graph.store.database import Graph
from graph.store.installed import find_installed
from graph.store.migrate import migrate
from graph.store.question import MAX_FIRST

UNITS: Final = 5_000
INSIDE: Final = 99
"""So many units are in each assembly."""

HISTORIES: Final = (1, 10, 100)
ROUNDS: Final = 5
BUILT: Final = datetime(2024, 1, 1, tzinfo=UTC)
STEP: Final = timedelta(days=3)
"""So long each unit was in its slot."""

HISTORY: Final = """
MATCH (aircraft:Anchor {utcs: $aircraft})-[:CONTAINS]->(assembly)-[current:CONTAINS]->(unit)
WITH assembly, current, unit ORDER BY unit.utcs
WITH collect([assembly, current, unit]) AS places
UNWIND range(0, size(places) - 1) AS number
WITH places, number, places[number][0] AS assembly, places[number][1] AS current
CALL (places, number, assembly, current) {
  UNWIND range(0, $history - 1) AS turn
  WITH turn, places[(number + turn + 1) % size(places)][2] AS other, assembly, current
  CREATE (assembly)-[past:CONTAINS_PAST]->(other)
  SET past = properties(current),
      past.valid_from = $begin + turn * $step,
      past.valid_to = $begin + (turn + 1) * $step
} IN TRANSACTIONS OF 100 ROWS
"""
"""Gives each slot a history, in the form in which `apply` leaves it: it would take hours to tell it all."""

OLDER: Final = """
MATCH (top:Anchor {{utcs: $utcs}})
MATCH path = (top)-[:{contains}*1..20]->(unit)
WHERE all(l IN relationships(path) WHERE {holds})
WITH unit, relationships(path) AS links
WITH unit, links[-1] AS link, [l IN links | l.slot] AS slots
"""
QUANTIFIED: Final = """
MATCH (top:Anchor {{utcs: $utcs}})
MATCH (top)(()-[links:{contains} WHERE {quantified}]->()){{1,20}}(unit)
WITH unit, links[-1] AS link, [l IN links | l.slot] AS slots
"""
HOLDS: Final = "{0}.valid_from <= $world AND {0}.valid_to > $world"
ROWS: Final = """
MATCH (unit)-[:VERSION]->(row)
WHERE row.valid_from <= $world AND row.valid_to > $world
  AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
RETURN slots, unit.utcs, row.name, row.serial_number, startNode(link).utcs, link.valid_from, link.reference,
  head(COLLECT {{
    MATCH (unit)-[made:{instances}]->(part)
    WHERE made.valid_from <= $world AND made.valid_to > $world
    MATCH (part)-[:VERSION]->(said)
    WHERE said.valid_from <= $world AND said.valid_to > $world
      AND said.recorded_at <= $knowledge AND said.superseded_at > $knowledge
    RETURN [part.utcs, said.number]
  }}),
  COLLECT {{
    MATCH (unit)<-[put:{installs}]-(order)
    WHERE put.made = link.made
    RETURN order.utcs
  }}
"""
PAGE: Final = "ORDER BY slots LIMIT 1000"
TREE: Final = """
MATCH (unit)-[:VERSION]->(row)
WHERE row.valid_from <= $world AND row.valid_to > $world
  AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
RETURN slots, properties(row), COLLECT {{
  MATCH (unit)-[load:{loads}]->(software)
  WHERE load.valid_from <= $world AND load.valid_to > $world
  MATCH (software)-[:VERSION]->(said)
  WHERE said.valid_from <= $world AND said.valid_to > $world
    AND said.recorded_at <= $knowledge AND said.superseded_at > $knowledge
  RETURN properties(said)
}}
"""
"""All places at once, each with all that is said of the unit and its software."""


def aircraft(history: int) -> Utcs:
    return Utcs("BENCH", "aircraft", f"A-{history}")


def built(history: int, units: int) -> Iterator[dict[str, Any]]:
    """What is in an aircraft now: assemblies, and units in them, all of one part."""
    own = f"A-{history}"
    yield thing("aircraft", own, serial_number=own, msn=own)
    for number in range(units // (INSIDE + 1)):
        assembly = f"S-{history}-{number:03d}"
        yield thing("serial", assembly, serial_number=assembly)
        yield link(f"aircraft:{own}", "CONTAINS", f"serial:{assembly}", f"{number:03d}")
        for place in range(INSIDE):
            unit = f"U-{history}-{number:03d}-{place:02d}"
            yield thing("serial", unit, serial_number=unit)
            yield link(f"serial:{unit}", "INSTANCE_OF", "part:P-1")
            yield link(f"serial:{assembly}", "CONTAINS", f"serial:{unit}", f"{place:02d}")


async def fill(graph: Graph, units: int) -> None:
    await migrate(graph)
    begun = BUILT - STEP * max(HISTORIES) - timedelta(days=30)
    facts = [thing("part", "P-1", number="P-1")]
    for history in HISTORIES:
        facts += built(history, units)
    # Things and what they are made to are there from the beginning, what is in what since the last exchange.
    things = [one for one in facts if one.get("link") != "CONTAINS"]
    inside = [one for one in facts if one.get("link") == "CONTAINS"]
    for name, told, at in (("things", things, begun), ("inside", inside, BUILT)):
        events = [event(f"{name}-{n}", told[n : n + 500], at) for n in range(0, len(told), 500)]
        outcomes = await submit(graph, events, Principal.of("bench", "admin"), facts_at_once=2_000)
        assert all(outcome.status == "applied" for outcome in outcomes), outcomes[0]
    assemblies = (
        "MATCH (:Anchor {utcs: $aircraft})-[link:CONTAINS]->() SET link.valid_from = $begun"
    )
    for history in HISTORIES:
        asked = {"aircraft": str(aircraft(history)), "begun": to_micros(begun)}
        async with graph.driver.session(database=graph.database) as session:
            await (await session.run(assemblies, asked)).consume()
            begin = to_micros(BUILT - STEP * history)
            more = {"history": history, "begin": begin, "step": STEP // timedelta(microseconds=1)}
            await (await session.run(HISTORY, asked | more)).consume()


def texts(suffixes: tuple[str, ...], rows: str) -> list[str]:
    """The two ways by hand, over the present links or those of the past, too."""
    names = {
        "contains": "CONTAINS",
        "instances": "INSTANCE_OF",
        "installs": "INSTALLS",
        "loads": "LOADED_WITH",
    }
    types = {key: "|".join(name + s for s in suffixes) for key, name in names.items()}
    types |= {"holds": HOLDS.format("l"), "quantified": HOLDS.format("links")}
    return [f"{way}{rows}".format(**types) for way in (OLDER, QUANTIFIED)]


async def whole(graph: Graph, utcs: Utcs, at: Coordinates) -> int:
    """Reads all pages."""
    found, after = 0, None
    while True:
        page = await configuration(graph, utcs, first=MAX_FIRST, after=after, at=at)
        found += len(page.units)
        if (after := page.next) is None:
            return found


async def main(units: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=600) as graph:
        start = time.perf_counter()
        await fill(graph, units)
        print(f"filled in {time.perf_counter() - start:.0f} s", flush=True)
        taken: dict[str, float] = {}
        for day in ("now", "middle", "first"):
            runs: dict[str, Callable[[], Awaitable[Any]]] = {}
            for history in HISTORIES:
                runs |= await _runs(graph, history, day, units)
            taken |= await measure(runs, ROUNDS)
    for day in ("now", "middle", "first"):
        for history in HISTORIES:
            for what in ("page", "all"):
                ours, by_hand = (taken[f"{day} {history} {what}{who}"] for who in ("", " by hand"))
                flat = ours / taken[f"{day} {HISTORIES[0]} {what}"]
                print(
                    f"{day:6} {what:4} {history:4} before: {ours:8.1f} ms, by hand {by_hand:8.1f} ms; "
                    f"ratio {ours / by_hand:.2f} (at most 1.3), to {HISTORIES[0]} before {flat:.2f}"
                )


async def _runs(
    graph: Graph, history: int, day: str, units: int
) -> dict[str, Callable[[], Awaitable[Any]]]:
    """What is to be measured of one aircraft on one day: ours, and the faster of two ways by hand."""
    utcs, begin = aircraft(history), BUILT - STEP * history
    as_of = {"now": None, "middle": begin + STEP * history / 2, "first": begin}[day]
    at = Coordinates(as_of=as_of and as_of + timedelta(hours=1))
    world = graph.clock() if at.as_of is None else to_micros(at.as_of)
    asked = {"utcs": str(utcs), "world": world, "knowledge": FAR - 1}
    suffixes = ("",) if as_of is None else ("", "_PAST")
    assert await whole(graph, utcs, at) == units
    page = await _faster(graph, texts(suffixes, ROWS + PAGE), asked)
    every = await _faster(graph, texts(suffixes, TREE), asked)
    name = f"{day} {history}"
    return {
        f"{name} page": lambda: configuration(graph, utcs, first=MAX_FIRST, at=at),
        f"{name} page by hand": lambda: graph.read(page, asked),
        f"{name} all": lambda: find_installed(graph, utcs, at=at),
        f"{name} all by hand": lambda: graph.read(every, asked),
    }


async def _faster(graph: Graph, ways: list[str], asked: dict[str, Any]) -> str:
    """Returns the faster of some statements, of which each has been planned before."""
    spent: dict[str, float] = {}
    for text in [*ways, *ways]:
        start = time.perf_counter()
        await graph.read(text, asked)
        spent[text] = time.perf_counter() - start
    return min(spent, key=lambda text: spent[text])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else UNITS))
