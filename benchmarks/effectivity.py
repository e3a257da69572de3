"""To which of a thousand aircraft a directive applies, against the fastest Cypher by hand for that one rule.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.effectivity [aircraft]

Needs an empty graph, and loads aircraft with forty units each, of ten part numbers, in assemblies two deep.
The rule has an installed part, a change that is not embodied in it, and a range of serial numbers of
aircraft. The Cypher by hand knows the rule, reads no expression and gives no reasons; both take turns.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.impact import measure
from graph.flows.submit import Principal, submit
from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros, to_micros
from graph.store.database import Graph
from graph.store.effectivity import effectivity
from graph.store.migrate import migrate

AIRCRAFT: Final = 1_000
ASSEMBLIES, UNITS, PARTS = 8, 4, 10
BUILT: Final = datetime(2024, 1, 1, tzinfo=UTC)
DIRECTIVE: Final = Utcs("BENCH", "directive", "AD-1")
RULE: Final = "MSN 1-{last} and installed P-3 and pre MOD-1"

BY_HAND: Final = """
MATCH (part:Part {{number: 'P-3'}})<-[made:{instances}]-(unit)
WHERE made.valid_from <= $world AND made.valid_to > $world
  AND NOT EXISTS {{
    MATCH (unit)-[has:{embodies}]->(:Modification {{number: 'MOD-1'}})
    WHERE has.valid_from <= $world AND has.valid_to > $world
  }}
MATCH path = (aircraft:Aircraft)-[:{contains}*1..20]->(unit)
WHERE all(r IN relationships(path) WHERE r.valid_from <= $world AND r.valid_to > $world)
WITH DISTINCT aircraft
WHERE toInteger(aircraft.msn) <= $last AND NOT EXISTS {{
  MATCH (aircraft)-[has:{embodies}]->(:Modification {{number: 'MOD-1'}})
  WHERE has.valid_from <= $world AND has.valid_to > $world
}}
RETURN aircraft.utcs ORDER BY aircraft.utcs
"""


def thing(kind: str, local: str, **properties: Any) -> dict[str, Any]:
    utcs = f"utcs:BENCH:{kind}:{local}"
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": local} | properties}


def link(source: str, name: str, target: str, slot: str | None = None) -> dict[str, Any]:
    ends = {"source": f"utcs:BENCH:{source}", "target": f"utcs:BENCH:{target}"}
    return {"fact": "put_link", "link": name, "slot": slot} | ends


def event(id: str, facts: list[dict[str, Any]], at: datetime = BUILT) -> dict[str, Any]:
    envelope = {"id": id, "source": "urn:bench", "actor": "bench", "time": at.isoformat()}
    return envelope | {"data": {"facts": facts}}


def fleet(aircraft: int) -> Iterator[dict[str, Any]]:
    """The type, the directive, and each aircraft; a third of the units in question have the change."""
    facts = [thing("part", f"P-{n}", number=f"P-{n}") for n in range(PARTS)]
    facts += [
        thing("modification", "MOD-1", number="MOD-1"),
        thing("directive", "AD-1", number="AD-1"),
        thing("effectivity", "EFF-1", expression=RULE.format(last=aircraft * 9 // 10)),
        link("directive:AD-1", "LIMITED_BY", "effectivity:EFF-1"),
    ]
    yield event("type", facts)
    for number in range(1, aircraft + 1):
        yield event(f"aircraft-{number}", list(built(number)))
        if number % 3 == 0:
            modified = [f"U-{number}-{a}-{u}" for a in range(ASSEMBLIES) for u in range(UNITS)]
            facts = [
                link(f"serial:{unit}", "EMBODIES", "modification:MOD-1")
                for place, unit in enumerate(modified)
                if place % PARTS == 3
            ]
            yield event(f"modified-{number}", facts, BUILT + timedelta(days=30))


def built(number: int) -> Iterator[dict[str, Any]]:
    yield thing("aircraft", f"A-{number}", msn=str(number), serial_number=str(number))
    for a in range(ASSEMBLIES):
        assembly = f"S-{number}-{a}"
        yield thing("serial", assembly, serial_number=assembly)
        yield link(f"aircraft:A-{number}", "CONTAINS", f"serial:{assembly}", f"S{a}")
        for u in range(UNITS):
            unit = f"U-{number}-{a}-{u}"
            yield thing("serial", unit, serial_number=unit)
            yield link(f"serial:{unit}", "INSTANCE_OF", f"part:P-{(a * UNITS + u) % PARTS}")
            yield link(f"serial:{assembly}", "CONTAINS", f"serial:{unit}", f"U{u}")


def by_hand(suffixes: tuple[str, ...]) -> str:
    """The statement by hand, over the present links or those of the past, too."""
    names = {"instances": "INSTANCE_OF", "embodies": "EMBODIES", "contains": "CONTAINS"}
    return BY_HAND.format(
        **{key: "|".join(name + s for s in suffixes) for key, name in names.items()}
    )


async def main(aircraft: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await migrate(graph)
        outcomes = await submit(
            graph, list(fleet(aircraft)), Principal.of("bench", "admin"), facts_at_once=2_000
        )
        assert all(outcome.status == "applied" for outcome in outcomes)
        past = Coordinates(as_of=BUILT + timedelta(days=10))
        known = Coordinates(known_at=from_micros(graph.clock()))
        last = aircraft * 9 // 10
        now = {"world": graph.clock(), "last": last}
        then = {"world": to_micros(BUILT + timedelta(days=10)), "last": last}
        texts = by_hand(("",)), by_hand(("", "_PAST"))
        answer = await effectivity(graph, DIRECTIVE, first=1_000)
        expected = {row[0] for row in await graph.read(texts[0], now)}
        applying = {str(one.utcs) for one in answer.judged if one.applies}
        assert applying == expected or answer.next, "both say the same"
        taken = await measure(
            {
                "now": lambda: effectivity(graph, DIRECTIVE),
                "now, by hand": lambda: graph.read(texts[0], now),
                "past": lambda: effectivity(graph, DIRECTIVE, at=past),
                "past, by hand": lambda: graph.read(texts[1], then),
                "as known": lambda: effectivity(graph, DIRECTIVE, at=known),
            }
        )
    print(
        f"{aircraft:,} aircraft with {ASSEMBLIES * (UNITS + 1)} units each: {answer.applying:,} selected"
    )
    for name, milliseconds in taken.items():
        print(f"{name:16} {milliseconds:9.1f} ms")
    print(f"now / by hand   {taken['now'] / taken['now, by hand']:.2f}")
    print(f"past / by hand  {taken['past'] / taken['past, by hand']:.2f}")
    print(
        f"slowest         {max(taken['now'], taken['past'], taken['as known']):.0f} ms  (at most 1,000)"
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else AIRCRAFT))
