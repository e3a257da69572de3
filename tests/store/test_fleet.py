"""The sample fleet on a real Neo4j: all of it goes in, and what is wrong in it can be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from graph.flows.baseline import Request, create_baseline
from graph.flows.submit import Principal
from graph.model import ontology
from graph.model.event import Event
from graph.model.governance import BaselineRule
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.reconciliation import Verdict
from graph.model.time import Coordinates, from_micros
from graph.store.apply import apply
from graph.store.compare_baselines import compare_baselines
from graph.store.database import Graph
from graph.store.impact import impact
from graph.store.migrate import migrate
from graph.store.reconcile import reconcile
from graph.store.resolve import resolve
from graph.store.show import show
from graph.store.trace import trace
from graph.store.verify_baseline import verify_baseline
from ingest.fleet import faults
from ingest.fleet.generate import generate
from ingest.fleet.live import live
from ingest.fleet.statement import utcs

SCALE = 0.2

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Fleet:
    graph: Graph
    outcomes: Sequence[Outcome]

    async def found(self, statement: str) -> set[tuple[Any, ...]]:
        return {tuple(row) for row in await self.graph.read(statement)}


def chunks(events: Iterator[Event], size: int) -> Iterator[list[Event]]:
    while chunk := list(islice(events, size)):
        yield chunk


@pytest.fixture(scope="module")
async def fleet(neo4j_server: Any) -> AsyncIterator[Fleet]:
    """The smallest fleet, loaded once for all tests of this file; they only read it."""
    async with await Graph.open(
        neo4j_server.uri, neo4j_server.user, neo4j_server.password
    ) as graph:
        await migrate(graph)
        async with graph.transaction() as tx:
            await tx.run("MATCH (n) WHERE NOT n:Migration AND NOT n:Log DETACH DELETE n")
            await tx.run("MATCH (l:Log {name: 'changes'}) SET l.seq = 0, l.recorded_at = 0")
        outcomes: list[Outcome] = []
        for chunk in chunks(generate(seed=1, scale=SCALE), 200):
            outcomes += await apply(graph, chunk)
        yield Fleet(graph, outcomes)


async def test_every_event_is_applied(fleet: Fleet) -> None:
    assert Counter(o.status.value for o in fleet.outcomes) == {"applied": len(fleet.outcomes)}
    rest = await fleet.graph.read("MATCH (x:Parked|Refusal) RETURN count(x)")
    assert rest == [[0]]


async def test_sending_the_fleet_again_changes_nothing(fleet: Fleet) -> None:
    again = list(islice(generate(seed=1, scale=SCALE), 300))

    outcomes = await apply(fleet.graph, again)

    assert {outcome.status.value for outcome in outcomes} == {"duplicate"}


async def test_every_kind_is_in_the_graph(fleet: Fleet) -> None:
    empty = [
        kind
        for kind in ontology.kinds()
        if await fleet.graph.read(f"MATCH (n:{ontology.label(kind)}) RETURN count(n) > 0")
        != [[True]]
    ]

    assert empty == []


@pytest.mark.parametrize(
    ("printed", "thing"),
    [
        ("DPP-H2-001", utcs("aircraft", "MSN-10001")),
        ("WO-54321", utcs("workorder", "WO-54321")),
        ("DPP-PART-123", utcs("part", "DPP-PART-123")),
    ],
)
async def test_what_the_tour_names_is_found_as_printed(
    fleet: Fleet, printed: str, thing: object
) -> None:
    assert await resolve(fleet.graph, printed) == thing


async def test_the_open_work_order_could_be_completed(fleet: Fleet) -> None:
    """Everything that the completion call of WO-54321 with DPP-PART-123 asks for is there."""
    statement = """
        MATCH (w:WorkOrder {number: 'WO-54321'})-[:WORKS_ON]->(a:Aircraft),
              (w)-[:RESERVES]->(s:Stock)-[:INSTANCE_OF]->(p:Part {number: 'DPP-PART-123'}),
              (s)-[:CERTIFIED_BY]->(form:Release), (s)-[:FROM_BATCH]->(b:Batch)
        RETURN w.status, a.utcs, s.status, s.quantity - s.reserved_quantity > 0,
               s.expires_on > '2025-11-05' AND b.expires_on > '2025-11-05', form.status
    """
    assert await fleet.found(statement) == {
        ("in_work", str(utcs("aircraft", "MSN-10001")), "available", True, True, "valid")
    }

    signed = """
        MATCH (w:WorkOrder {number: 'WO-54321'})-[s:SIGNED_BY]->(p:Person)
        MATCH (p)-[:QUALIFIED_BY]->(q:Qualification {grade: 'H2', status: 'valid'})
        WHERE q.expires_on > '2025-11-05'
        RETURN s.slot
    """
    assert await fleet.found(signed) == {("performed",), ("inspected",), ("certified",)}

    pending = """
        MATCH (a:Aircraft {msn: '10001'})
        OPTIONAL MATCH (a)-[:CONTAINS*0..4]->(u)<-[:ABOUT]-(f:Finding)
        WHERE f.status IN ['open', 'deferred']
        WITH a, count(f) AS findings
        OPTIONAL MATCH (a)-[:SUBJECT_TO]->(d:Directive) WHERE NOT (a)-[:COMPLIES_WITH]->(d)
        RETURN findings, count(d)
    """
    assert await fleet.found(pending) == {(0, 0)}


async def test_the_orphan_requirement_is_the_only_one(fleet: Fleet) -> None:
    statement = """
        MATCH (r:Requirement)
        WHERE NOT (r)<-[:SATISFIED_BY|SATISFIES]-() AND NOT (r)<-[:VERIFIES]-()
        RETURN r.utcs
    """
    orphan = utcs("requirement", faults.ORPHAN_REQUIREMENT)

    assert await fleet.found(statement) == {(str(orphan),)}
    assert (await impact(fleet.graph, orphan)).things == ()


async def test_the_gap_in_a_life_is_the_only_one_and_has_its_bounds(fleet: Fleet) -> None:
    statement = """
        MATCH (u:Serial)-[:INSTANCE_OF]->(:Part {is_life_limited: true})
        MATCH (u)-[r:LOCATED_IN|LOCATED_IN_PAST|CONTAINS|CONTAINS_PAST]-()
        WHERE r.superseded_at = 253402300799999999
          AND r.valid_from < r.valid_to
          AND (type(r) STARTS WITH 'LOCATED_IN' OR endNode(r) = u)
        WITH u, r ORDER BY r.valid_from
        WITH u, collect([r.valid_from, r.valid_to]) AS spans
        UNWIND range(1, size(spans) - 1) AS i
        WITH u, spans[i - 1][1] AS ended, spans[i][0] AS began
        WHERE ended < began
        RETURN u.utcs, ended, began
    """
    found = {
        (unit, from_micros(ended), from_micros(began))
        for unit, ended, began in await fleet.found(statement)
    }
    lost = utcs("serial", faults.GAP_SERIAL)

    assert found == {(str(lost), faults.GAP_BEGINS, faults.GAP_ENDS)}


async def test_in_the_gap_the_unit_is_nowhere(fleet: Fleet) -> None:
    lost = utcs("serial", faults.GAP_SERIAL)

    async def places(moment: datetime) -> set[str]:
        shown = await show(fleet.graph, lost, at=Coordinates(as_of=moment))
        return {count.link for count in shown.links} & {"CONTAINS", "LOCATED_IN"}

    middle = faults.GAP_BEGINS + (faults.GAP_ENDS - faults.GAP_BEGINS) / 2
    assert await places(faults.GAP_BEGINS - (faults.GAP_ENDS - faults.GAP_BEGINS)) == {"CONTAINS"}
    assert await places(middle) == set()
    assert await places(faults.GAP_ENDS) == {"CONTAINS"}


async def test_one_directive_is_open_on_one_aircraft(fleet: Fleet) -> None:
    statement = """
        MATCH (a:Aircraft)-[:SUBJECT_TO]->(d:Directive)
        WHERE NOT (a)-[:COMPLIES_WITH]->(d)
        RETURN d.utcs, a.utcs
    """
    directive, aircraft = faults.OPEN_DIRECTIVE_ON

    assert await fleet.found(statement) == {
        (str(utcs("directive", directive)), str(utcs("aircraft", aircraft)))
    }


async def test_one_aircraft_has_a_part_that_its_position_does_not_allow(fleet: Fleet) -> None:
    statement = """
        MATCH way = (a:Aircraft)-[:CONTAINS*1..4]->(u:Serial), (u)-[:INSTANCE_OF]->(p:Part)
        WITH a, p, reduce(code = '', r IN relationships(way) | code + '.' + r.slot) AS code
        WHERE NOT EXISTS { (p)-[:FITS]->(:Position {number: substring(code, 1)}) }
        RETURN a.utcs, substring(code, 1), p.number
    """
    part = utcs("part", f"H2-{faults.UNAPPROVED_ITEM}-{faults.UNAPPROVED_DASH}")
    aircraft = utcs("aircraft", faults.UNAPPROVED_AIRCRAFT)

    assert await fleet.found(statement) == {
        (str(aircraft), ".".join(faults.UNAPPROVED_SLOT), part.local)
    }
    affected = await impact(fleet.graph, part, kinds=["aircraft"])
    assert [thing.utcs for thing in affected.things] == [aircraft]


async def test_reconciliation_finds_that_part_and_nothing_else(fleet: Fleet) -> None:
    part = f"H2-{faults.UNAPPROVED_ITEM}-{faults.UNAPPROVED_DASH}"
    aircraft = {row[0] for row in await fleet.found("MATCH (a:Aircraft) RETURN a.utcs")}
    found = {one: await reconcile(fleet.graph, Utcs.parse(one), first=1000) for one in aircraft}

    wrong = {
        (one, row.position, row.maintained.part, row.maintained.verdict)
        for one, answer in found.items()
        for row in answer.rows
        if row.is_fault and row.maintained
    }
    assert wrong == {
        (
            str(utcs("aircraft", faults.UNAPPROVED_AIRCRAFT)),
            ".".join(faults.UNAPPROVED_SLOT),
            part,
            Verdict.UNAPPROVED,
        )
    }
    for answer in found.values():
        assert answer.notes == ()
        assert answer.next is None
        assert answer.built == {Verdict.AS_DESIGNED: answer.places}
        alternates = [row for row in answer.rows if not row.is_fault]
        assert len(alternates) == answer.maintained.get(Verdict.ALLOWED_ALTERNATE, 0)
        for row in alternates:
            assert row.maintained is not None
            assert "fits" in row.maintained.why
    assert any(answer.maintained.get(Verdict.ALLOWED_ALTERNATE) for answer in found.values())


async def test_before_the_brake_was_fitted_the_aircraft_was_as_it_should_be(fleet: Fleet) -> None:
    aircraft = utcs("aircraft", faults.UNAPPROVED_AIRCRAFT)

    day = Coordinates(as_of=faults.UNAPPROVED_AT - timedelta(days=1))
    before = await reconcile(fleet.graph, aircraft, at=day)
    after = await reconcile(fleet.graph, aircraft, at=Coordinates(as_of=faults.UNAPPROVED_AT))

    assert not any(row.is_fault for row in before.rows)
    assert [row.position for row in after.rows if row.is_fault] == [
        ".".join(faults.UNAPPROVED_SLOT)
    ]


async def test_the_aircraft_that_differs_from_its_baseline_is_found_by_comparing(
    fleet: Fleet,
) -> None:
    """Frozen on the day before; then the brake comes, and what else happened that week."""
    aircraft = utcs("aircraft", faults.UNAPPROVED_AIRCRAFT)
    baseline = utcs("baseline", "BEFORE-THE-BRAKE")
    week = timedelta(days=1)
    request = Request(
        baseline,
        BaselineRule.CONFIGURATION,
        aircraft,
        at=Coordinates(as_of=faults.UNAPPROVED_AT - week),
    )
    made = await create_baseline(fleet.graph, Principal.of("emma", "editor"), request)
    assert made.baseline is not None
    assert (await verify_baseline(fleet.graph, baseline)).is_verified

    answer = await compare_baselines(
        fleet.graph, baseline, fields=True, at=Coordinates(as_of=faults.UNAPPROVED_AT + week)
    )

    slots = {field.field for change in answer.changes for field in change.fields}
    assert f"CONTAINS [{faults.UNAPPROVED_SLOT[1]}]" in slots


async def test_one_model_version_was_validated_on_nothing(fleet: Fleet) -> None:
    statement = "MATCH (m:ModelVersion) WHERE NOT (m)-[:VALIDATED_ON]->() RETURN m.utcs"
    version = utcs("modelversion", faults.UNVALIDATED_MODEL_VERSION)

    assert await fleet.found(statement) == {(str(version),)}


async def test_a_brake_is_traced_up_to_its_certification_paragraph(fleet: Fleet) -> None:
    reached = await trace(fleet.graph, utcs("serial", "BRAKE-00001"), kinds=["certbasis"])

    assert utcs("certbasis", "CS-25.735") in {thing.utcs for thing in reached.things}


async def test_what_the_fleet_does_now_is_applied_too(fleet: Fleet) -> None:
    """Last, because it adds to the fleet."""
    start = datetime(2026, 1, 1, tzinfo=UTC)

    outcomes = await apply(fleet.graph, [*islice(live(1, 3, start), 100)])

    assert {(outcome.status, outcome.reason) for outcome in outcomes} == {("applied", None)}
