"""What is due on a hundred aircraft with five hundred tasks each, against Cypher by hand for the same facts.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.due [aircraft]

Needs an empty graph. Each aircraft has a hundred units, of as many part numbers, in ten assemblies; ten of
these have a limit to their life. Every task is performed on one of the part numbers and was done twice, in
eight checks; counters are told each month, flights for the last thirty days; there are twenty directives.
The Cypher by hand only fetches these facts, with nothing judged, and takes turns with the question.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.effectivity import event as told
from benchmarks.effectivity import link, thing
from benchmarks.impact import measure
from graph.flows.submit import Principal, submit
from graph.model.due import DueSort
from graph.model.time import Coordinates, format_utc, to_micros
from graph.store.database import Graph
from graph.store.due import due_list, due_packages
from graph.store.migrate import migrate

AIRCRAFT: Final = 100
TASKS, PARTS, ASSEMBLIES, LIMITED, DIRECTIVES = 500, 100, 10, 10, 20
CHECKS, MONTHS, FLIGHT_DAYS = 8, 24, 30
FH_PER_DAY, FC_PER_DAY = 8, 4
NEW: Final = datetime(2024, 1, 1, tzinfo=UTC)
NOW: Final = NEW + timedelta(days=30 * MONTHS + 5)

BY_HAND: Final = (
    """
    MATCH (task:Task)-[on:PERFORMED_ON]->(part) WHERE on.valid_from <= $world AND on.valid_to > $world
    RETURN task.utcs, task.name, task.number, task.interval_fh, task.interval_fc, task.interval_days,
      task.tolerance_fh, task.zones, task.access, task.skill, task.estimated_h, part.utcs
    """,
    """
    MATCH (a:Aircraft)
    MATCH way = (a)-[:CONTAINS*0..4]->(unit)-[made:INSTANCE_OF]->(part)
    WHERE all(r IN relationships(way) WHERE r.valid_from <= $world AND r.valid_to > $world)
    RETURN a.utcs, a.name, a.delivered_on, collect(DISTINCT part.utcs)
    """,
    """
    MATCH (a:Aircraft)<-[on:WORKS_ON]-(order:WorkOrder)
    WHERE on.valid_from <= $world AND on.valid_to > $world
    MATCH (order)-[does:EXECUTES]->(task)
    WHERE does.valid_from <= $world AND does.valid_to > $world
    RETURN a.utcs, order.utcs, order.status, order.ended_at, collect(task.utcs)
    """,
    """
    MATCH (a:Aircraft)<-[:COUNTS]-(usage)-[:VERSION]->(row)
    WHERE row.valid_from < row.valid_to AND row.superseded_at > $world
    RETURN a.utcs, usage.utcs, row.measured_at, row.total_fh, row.total_fc
    """,
    """
    MATCH (a:Aircraft)<-[f:FLOWN_BY]-(flight)
    WHERE f.valid_from <= $world AND f.valid_to > $world
    RETURN a.utcs, flight.takeoff_at, flight.landing_at, flight.duration_fh, flight.cycles_fc
    """,
    """
    MATCH (a:Aircraft)-[s:SUBJECT_TO]->(d:Directive)
    WHERE s.valid_from <= $world AND s.valid_to > $world
    OPTIONAL MATCH (a)-[c:COMPLIES_WITH]->(d) WHERE c.valid_from <= $world AND c.valid_to > $world
    RETURN a.utcs, d.utcs, d.number, d.effective_on, d.threshold_days, d.interval_fh, c.valid_from, c.total_fh
    """,
    """
    MATCH (part:Part)<-[made:INSTANCE_OF]-(unit)
    WHERE part.life_limit_fc IS NOT NULL AND made.valid_from <= $world AND made.valid_to > $world
    MATCH way = (unit)<-[:CONTAINS*1..4]-(a:Aircraft)
    WHERE all(r IN relationships(way) WHERE r.valid_from <= $world AND r.valid_to > $world)
    OPTIONAL MATCH (unit)<-[:COUNTS]-(usage)
    RETURN unit.utcs, unit.name, part.utcs, part.life_limit_fc, a.utcs, usage.total_fc, usage.measured_at
    """,
)  # fmt: skip


def programme() -> Iterator[dict[str, Any]]:
    """The type, its programme and its directives."""
    facts = [thing("part", "TYPE", number="TYPE")]
    for part in range(PARTS):
        limit = {"life_limit_fc": "20000"} if part < LIMITED else {}
        facts.append(thing("part", f"P-{part}", number=f"P-{part}", **limit))
    yield told("type", facts, NEW)
    for number in range(TASKS):
        measure_of, interval = [("fh", 1800), ("fh", 5400), ("fc", 1500), ("days", 540)][number % 4]
        said = {
            f"interval_{measure_of}": str(interval),
            f"tolerance_{measure_of}": str(interval // 10),
        }
        task = thing(
            "task", f"T-{number}", number=f"T-{number}", skill="B1", zones=[f"{number % 60}"],
            access=[f"{number % 60}AL"], estimated_h="1.5", status="released", **said,
        )  # fmt: skip
        on = link(f"task:T-{number}", "PERFORMED_ON", f"part:P-{number % PARTS}")
        yield told(f"task-{number}", [task, on], NEW)
    for number in range(DIRECTIVES):
        directive = thing(
            "directive", f"AD-{number}", number=f"AD-{number}", threshold_days="90", status="in_force",
            interval_fh="6000", effective_on=format_utc(NEW + timedelta(days=100))[:10],
        )  # fmt: skip
        yield told(f"directive-{number}", [directive], NEW)


def aircraft(number: int) -> Iterator[dict[str, Any]]:
    """One aircraft: built, counted, flown, checked."""
    own = f"aircraft:A-{number}"
    facts = [
        thing(
            "aircraft", f"A-{number}", msn=str(number), serial_number=str(number),
            delivered_on=format_utc(NEW)[:10],
        ),
        link(own, "INSTANCE_OF", "part:TYPE"),
    ]  # fmt: skip
    for place in range(ASSEMBLIES):
        facts.append(thing("serial", f"S-{number}-{place}", serial_number=f"S-{number}-{place}"))
        facts.append(link(own, "CONTAINS", f"serial:S-{number}-{place}", f"S{place}"))
    for part in range(PARTS):
        unit = f"U-{number}-{part}"
        facts.append(thing("serial", unit, serial_number=unit))
        facts.append(link(f"serial:{unit}", "INSTANCE_OF", f"part:P-{part}"))
        facts.append(
            link(f"serial:S-{number}-{part % ASSEMBLIES}", "CONTAINS", f"serial:{unit}", f"U{part}")
        )
        if part < LIMITED:
            facts += [
                counters(f"C-{unit}", NEW),
                link(f"usage:C-{unit}", "COUNTS", f"serial:{unit}"),
            ]
    facts += [link(own, "SUBJECT_TO", f"directive:AD-{n}") for n in range(DIRECTIVES)]
    yield told(f"built-{number}", [*facts, counters(f"C-{number}", NEW)], NEW)
    yield told(f"counted-{number}", [link(f"usage:C-{number}", "COUNTS", own)], NEW)
    for month in range(1, MONTHS + 1):
        at = NEW + timedelta(days=30 * month)
        yield told(f"counted-{number}-{month}", [counters(f"C-{number}", at)], at)
    yield from flights(number)
    yield from checks(number)


def counters(usage: str, at: datetime) -> dict[str, Any]:
    days = (at - NEW).days
    totals = {"total_fh": str(days * FH_PER_DAY), "total_fc": str(days * FC_PER_DAY)}
    return thing("usage", usage, measured_at=format_utc(at), **totals)


def flights(number: int) -> Iterator[dict[str, Any]]:
    facts = []
    for leg in range(FLIGHT_DAYS * FC_PER_DAY):
        at = NOW - timedelta(days=FLIGHT_DAYS) + timedelta(hours=6 * leg)
        said = {"takeoff_at": format_utc(at), "landing_at": format_utc(at + timedelta(hours=2))}
        flight = f"F-{number}-{leg}"
        facts += [
            thing("flight", flight, duration_fh="2", cycles_fc=1, **said),
            link(f"flight:{flight}", "FLOWN_BY", f"aircraft:A-{number}"),
        ]
    yield told(f"flown-{number}", facts, NOW)


def checks(number: int) -> Iterator[dict[str, Any]]:
    """Eight checks, each a quarter of the tasks; and the directives, complied with in the last."""
    for check in range(CHECKS):
        at = NEW + timedelta(days=80 * (check + 1), hours=number % 24)
        order = f"W-{number}-{check}"
        facts = [
            thing("workorder", order, number=order, status="released", ended_at=format_utc(at)),
            link(f"workorder:{order}", "WORKS_ON", f"aircraft:A-{number}"),
        ]
        facts += [
            link(f"workorder:{order}", "EXECUTES", f"task:T-{task}")
            for task in range(TASKS)
            if task // 4 % 4 == check % 4
        ]
        if check == CHECKS // 4:
            totals = {"total_fh": str((at - NEW).days * FH_PER_DAY), "reference": order}
            facts += [
                link(f"aircraft:A-{number}", "COMPLIES_WITH", f"directive:AD-{n}") | {"properties": totals}
                for n in range(DIRECTIVES)
            ]  # fmt: skip
        yield told(f"check-{number}-{check}", facts, at)


async def fill(graph: Graph, count: int) -> None:
    await migrate(graph)
    events = [*programme(), *(one for number in range(count) for one in aircraft(number))]
    outcomes = await submit(graph, events, Principal.of("bench", "admin"), facts_at_once=2_000)
    refused = [one for one in outcomes if one.status != "applied"]
    assert not refused, refused[0]


async def main(count: int) -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await fill(graph, count)
        at, past = Coordinates(as_of=NOW), Coordinates(as_of=NOW - timedelta(days=60))
        here = {"world": to_micros(NOW)}

        async def by_hand() -> int:
            return sum([len(await graph.read(text, here)) for text in BY_HAND])

        answer = await due_list(graph, at=at)
        assert answer.sorts[DueSort.TASK] == count * TASKS, "every task of every aircraft is told"
        taken = await measure(
            {
                "now": lambda: due_list(graph),
                "by hand": by_hand,
                "one aircraft": lambda: due_list(graph, answer.items[0].unit.aircraft),
                "at the end": lambda: due_list(graph, at=at),
                "past": lambda: due_list(graph, at=past),
                "packages": lambda: due_packages(graph, at=at),
            }
        )
    print(f"{count:,} aircraft, {TASKS:,} tasks: {answer.total:,} items, {dict(answer.counts)}")
    for name, milliseconds in taken.items():
        print(f"{name:16} {milliseconds:9.1f} ms")
    print(f"now / by hand   {taken['now'] / taken['by hand']:.2f}")
    print(f"now             {taken['now'] / 1000:.2f} s  (100 aircraft: at most 2)")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else AIRCRAFT))
