"""How much life is left in the units of a hundred aircraft, against the fastest Cypher by hand for hours.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.life [aircraft]

Needs an empty graph, and loads aircraft with fifty life-limited units each, in assemblies, whose counters
were declared a hundred days ago; three flights a day since; and every tenth aircraft gave one of its units
to the next one by way of a shop. The Cypher by hand adds up hours and cycles of each unit and sorts by what
is used up. It looks for no gap in any life, says nothing of when a limit is reached, nor on what it rests.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.effectivity import event, link, thing
from benchmarks.impact import measure
from graph.flows.submit import Principal, submit
from graph.model.life import LifeOrder
from graph.model.time import format_micros, format_utc
from graph.store.database import Graph, Row
from graph.store.flown import decimal
from graph.store.life import LifeLimited, life_limits
from graph.store.migrate import migrate
from graph.store.question import MAX_FIRST

AIRCRAFT: Final = 100
ASSEMBLIES, UNITS, PARTS = 5, 10, 10
DAYS, FLIGHTS_A_DAY = 100, 3
AT_ONCE: Final = 2_000

BY_HAND: Final = """
MATCH (part:Part)<-[made:INSTANCE_OF]-(unit)
WHERE (part.life_limit_fh IS NOT NULL OR part.life_limit_fc IS NOT NULL)
  AND made.valid_from <= $world AND made.valid_to > $world
CALL (unit) {
  MATCH (unit)<-[counts:COUNTS]-(usage)
  WHERE counts.valid_from <= $world AND counts.valid_to > $world AND usage.measured_at <= $until
  RETURN usage ORDER BY usage.measured_at DESC LIMIT 1
}
CALL (unit) {
  MATCH (unit)<-[low:CONTAINS|CONTAINS_PAST]-(assembly)<-[high:CONTAINS|CONTAINS_PAST]-(aircraft:Aircraft)
  WITH aircraft,
    CASE WHEN low.valid_from > high.valid_from THEN low.valid_from ELSE high.valid_from END AS since,
    CASE WHEN low.valid_to < high.valid_to THEN low.valid_to ELSE high.valid_to END AS until
  WHERE since < until
  RETURN aircraft, since, until
}
WITH aircraft, since, until, usage.measured_at AS declared, collect([part, unit, usage]) AS units
CALL (aircraft, since, until, declared) {
  MATCH (aircraft)<-[:FLOWN_BY]-(flight)
  WHERE flight.landing_at > declared AND flight.landing_at <= $until AND flight.status = 'arrived'
    AND datetime(flight.takeoff_at).epochMillis * 1000 >= since
    AND datetime(flight.takeoff_at).epochMillis * 1000 < until
  RETURN sum(flight.duration_fh) AS fh, sum(flight.cycles_fc) AS fc
}
UNWIND units AS one
WITH one[0] AS part, one[1] AS unit, one[2] AS usage, sum(fh) AS fh, sum(fc) AS fc
WITH part, unit, usage.total_fh + fh AS fh, usage.total_fc + fc AS fc
RETURN unit.utcs, part.number, fh, fc, fh / part.life_limit_fh, fc / part.life_limit_fc
ORDER BY fc / part.life_limit_fc DESC, unit.utcs
"""


def fleet(aircraft: int, start: datetime) -> Iterator[dict[str, Any]]:
    """The type, each aircraft as it was built, what it flew, and the units that went from one to the next."""
    facts = [
        thing("part", f"P-{n}", number=f"P-{n}", life_limit_fh=20_000 + n, life_limit_fc=9_000 + n)
        for n in range(PARTS)
    ]
    yield event("type", [*facts, thing("facility", "SHOP", category="shop")], start)
    for number in range(1, aircraft + 1):
        yield event(f"aircraft-{number}", list(built(number, start)), start)
        for day in range(DAYS):
            yield event(f"flights-{number}-{day}", list(flown(number, start, day)), start)
    for number in range(10, aircraft, 10):
        yield from moved(f"U-{number}-0-0", f"S-{number}-0", f"S-{number + 1}-0", start)


def built(number: int, start: datetime) -> Iterator[dict[str, Any]]:
    yield thing("aircraft", f"A-{number}", msn=str(number), serial_number=str(number))
    yield from declared(f"aircraft:A-{number}", number, start)
    for a in range(ASSEMBLIES):
        assembly = f"S-{number}-{a}"
        yield thing("serial", assembly, serial_number=assembly)
        yield link(f"aircraft:A-{number}", "CONTAINS", f"serial:{assembly}", f"S{a}")
        for u in range(UNITS):
            unit = f"U-{number}-{a}-{u}"
            yield thing("serial", unit, serial_number=unit)
            yield link(f"serial:{unit}", "INSTANCE_OF", f"part:P-{(a * UNITS + u) % PARTS}")
            yield link(f"serial:{assembly}", "CONTAINS", f"serial:{unit}", f"U{u}")
            yield from declared(f"serial:{unit}", number * 10 + u, start)


def declared(unit: str, number: int, start: datetime) -> Iterator[dict[str, Any]]:
    usage = f"C-{unit.partition(':')[2]}"
    counters = {"total_fh": 2 * number + 0.5, "total_fc": number}
    yield thing("usage", usage, measured_at=format_utc(start), **counters)
    yield link(f"usage:{usage}", "COUNTS", unit)


def flown(number: int, start: datetime, day: int) -> Iterator[dict[str, Any]]:
    for leg in range(FLIGHTS_A_DAY):
        takeoff = start + timedelta(days=day, hours=2 + 5 * leg)
        flight = f"F-{number}-{day}-{leg}"
        yield thing(
            "flight", flight, takeoff_at=format_utc(takeoff), duration_fh=1.7, cycles_fc=1,
            landing_at=format_utc(takeoff + timedelta(hours=1.7)), status="arrived",
        )  # fmt: skip
        yield link(f"flight:{flight}", "FLOWN_BY", f"aircraft:A-{number}")


def moved(unit: str, out_of: str, into: str, start: datetime) -> Iterator[dict[str, Any]]:
    out, back = start + timedelta(days=40.5), start + timedelta(days=60.5)
    at_shop = link(f"serial:{unit}", "LOCATED_IN", "facility:SHOP")
    taken = link(f"serial:{out_of}", "CONTAINS", f"serial:{unit}", "U0") | {"fact": "end_link"}
    fitted = link(f"serial:{into}", "CONTAINS", f"serial:{unit}", f"U{UNITS}")
    yield event(f"out-{unit}", [taken, at_shop], out)
    yield event(f"in-{unit}", [at_shop | {"fact": "end_link"}, fitted], back)


async def every_page(graph: Graph) -> list[LifeLimited]:
    """All units, page by page in the order of their ids, as the report takes them."""
    found: list[LifeLimited] = []
    after = None
    while True:
        page = await life_limits(graph, order=LifeOrder.UNIT, first=MAX_FIRST, after=after)
        found += page.units
        if (after := page.next) is None:
            return found


def agree(ours: list[LifeLimited], by_hand: list[Row]) -> bool:
    """Whether both count the same hours and cycles of the same units."""
    counted = {str(one.utcs): [limit.used for limit in one.limits] for one in ours}
    expected = {utcs: [decimal(round(fh, 6)), decimal(fc)] for utcs, _, fh, fc, *_ in by_hand}
    return len(ours) == len(by_hand) > 0 and counted == expected


async def load(graph: Graph, aircraft: int) -> None:
    await migrate(graph)
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS)
    outcomes = await submit(
        graph,
        list(fleet(aircraft, start)),
        Principal.of("bench", "admin"),
        facts_at_once=AT_ONCE,
    )
    assert all(outcome.status == "applied" for outcome in outcomes)


async def main(aircraft: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await load(graph, aircraft)
        now = {"world": graph.clock(), "until": format_micros(graph.clock())}
        assert agree(await every_page(graph), await graph.read(BY_HAND, now)), "both say the same"
        taken = await measure(
            {
                "most urgent, counts": lambda: life_limits(graph),
                "by hand": lambda: graph.read(BY_HAND, now),
                "a page by unit": lambda: life_limits(graph, order=LifeOrder.UNIT),
                "all pages by unit": lambda: every_page(graph),
            }
        )
    print(f"{aircraft:,} aircraft, {aircraft * ASSEMBLIES * UNITS:,} life-limited units")
    for name, milliseconds in taken.items():
        print(f"{name:20} {milliseconds:9.1f} ms")
    print(f"most urgent / by hand  {taken['most urgent, counts'] / taken['by hand']:.2f}")
    print(f"status of the fleet    {taken['most urgent, counts'] / 1000:.2f} s  (100: at most 2)")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else AIRCRAFT))
