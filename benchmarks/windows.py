"""Windows of a hundred aircraft over thirty days, against Cypher by hand that only fetches their flights.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.windows [aircraft]

Needs an empty graph. The fleet is that of `benchmarks.due`; each aircraft flies four flights a day, out of a
base and back, for thirty days after thirty that it has flown. `checks` also works out what falls due by then,
and puts it into the windows.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from benchmarks.due import AIRCRAFT, NOW, fill
from benchmarks.effectivity import event as told
from benchmarks.effectivity import link, thing
from benchmarks.impact import measure
from graph.flows.submit import Principal, submit
from graph.model.time import Coordinates, format_utc
from graph.store.database import Graph
from graph.store.windows import find_checks, find_windows

DAYS, BASES, PEOPLE, LEGS = 30, 4, 30, 4

BY_HAND: Final = """
MATCH (a:Aircraft)<-[f:FLOWN_BY]-(flight)
WHERE f.valid_from <= $world AND f.valid_to > $world
  AND coalesce(flight.on_block_at, flight.landing_at, flight.planned_end_at) > $since
RETURN a.utcs, flight.utcs, flight.number, flight.origin, flight.destination, flight.planned_start_at,
  flight.planned_end_at, flight.status
"""


def bases() -> Iterator[dict[str, Any]]:
    for base in range(BASES):
        facts = [
            thing(
                "facility",
                f"B-{base}",
                category="hangar",
                icao_location=f"BAS{'ABCD'[base]}",
                bays=8,
            )
        ]
        for number in range(PEOPLE):
            person = f"P{base}{number}"
            facts.append(thing("person", person, pseudonym=person, roles=["technician"]))
            facts.append(link(f"person:{person}", "LOCATED_IN", f"facility:B-{base}"))
        yield told(f"base-{base}", facts, NOW - timedelta(days=1))  # fmt: skip


def rotation(number: int) -> dict[str, Any]:
    home, facts = f"BAS{'ABCD'[number % BASES]}", []
    for leg in range(DAYS * LEGS):
        begins = NOW + timedelta(hours=24 * (leg // LEGS) + 3 * (leg % LEGS) + 7)
        origin, destination = (home, "OUTA") if leg % 2 == 0 else ("OUTA", home)
        flight = f"N-{number}-{leg}"
        facts += [
            thing(
                "flight", flight, origin=origin, destination=destination, status="planned",
                planned_start_at=format_utc(begins), planned_end_at=format_utc(begins + timedelta(hours=2)),
            ),
            link(f"flight:{flight}", "FLOWN_BY", f"aircraft:A-{number}"),
        ]  # fmt: skip
    return told(f"planned-{number}", facts, NOW)


async def main(count: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await fill(graph, count)
        events = [*bases(), *map(rotation, range(count))]
        outcomes = await submit(graph, events, Principal.of("bench", "admin"), facts_at_once=2_000)
        assert all(one.status == "applied" for one in outcomes), outcomes[0]
        at = Coordinates(as_of=NOW)
        found = await find_windows(graph, days=DAYS, at=at)
        assert sum(len(one.legs) for one in found.rotations) == count * DAYS * LEGS
        here = {"world": graph.clock(), "since": format_utc(NOW)}
        taken = await measure(
            {
                "windows": lambda: find_windows(graph, days=DAYS, at=at),
                "by hand": lambda: graph.read(BY_HAND, here),
                "one aircraft": lambda: find_windows(
                    graph, found.rotations[0].aircraft, days=DAYS, at=at
                ),
                "checks": lambda: find_checks(graph, days=DAYS, at=at),
            }
        )
        placed = (await find_checks(graph, days=DAYS, at=at)).placed
    print(f"{count:,} aircraft, {count * DAYS * LEGS:,} flights: {len(found.openings):,} windows, "
          f"{sum(one.opening is not None for one in placed)} of {len(placed)} packages placed")  # fmt: skip
    for name, milliseconds in taken.items():
        print(f"{name:16} {milliseconds:9.1f} ms")
    print(f"windows / by hand  {taken['windows'] / taken['by hand']:.2f}")
    print(f"windows            {taken['windows'] / 1000:.2f} s  (100 aircraft: at most 2)")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else AIRCRAFT))
