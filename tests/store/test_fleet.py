"""The sample fleet on a real Neo4j: all of it goes in, and what is wrong in it can be found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from api.app import create_app
from api.keyring import Keyring
from api.passport import document
from api.report.catalogue import REPORTS
from api.report.document import Sealed
from api.report.json import read, render
from api.report.make import make
from api.settings import Settings
from graph.flows.baseline import Request, create_baseline
from graph.flows.exchange.certifications import report_certifications
from graph.flows.exchange.predictions import report_predictions
from graph.flows.exchange.results import report_results
from graph.flows.exchange.tell import tell
from graph.flows.installation import Installing, install
from graph.flows.passport import ANYBODY, show_passport
from graph.flows.submit import Principal
from graph.model import ontology
from graph.model.compliance import Limits, Standing
from graph.model.due import DueSort, DueStanding
from graph.model.event import Event
from graph.model.exchange.reports import (
    CERTIFICATIONS,
    PREDICTIONS,
    TESTS,
    CaosPredictions,
    TechnicianCertifications,
    TestResults,
)
from graph.model.exchange.table import ANSWERED
from graph.model.fact import Correct, EndLink, PutLink, PutNode
from graph.model.governance import BaselineRule
from graph.model.identifier import Utcs
from graph.model.life import LimitUnit
from graph.model.operation import FlightStatus, Usage
from graph.model.outcome import Outcome
from graph.model.reconciliation import Verdict
from graph.model.record_rule import Profile
from graph.model.time import Coordinates, from_micros
from graph.model.whereabouts import Unsaid
from graph.store.aog import aog_response
from graph.store.apply import apply
from graph.store.campaign import campaign
from graph.store.compare_baselines import compare_baselines
from graph.store.compliance import compliance
from graph.store.database import Graph
from graph.store.due import due_list, due_packages
from graph.store.effectivity import Basis, effectivity, selected
from graph.store.findings import findings
from graph.store.gaps import count_gaps
from graph.store.genealogy import find_gaps, genealogy
from graph.store.impact import impact
from graph.store.installed import find_installed
from graph.store.life import life_limits
from graph.store.matrix import trace_matrix
from graph.store.migrate import migrate
from graph.store.reconcile import reconcile
from graph.store.record_lint import record_lint
from graph.store.resolve import resolve
from graph.store.show import show
from graph.store.suspects import suspects
from graph.store.thread import thread_paths
from graph.store.trace import trace
from graph.store.verify_baseline import verify_baseline
from graph.store.windows import find_windows
from graph.store.work import find_work
from ingest.fleet import faults
from ingest.fleet.change import DIRECTIVES, RETROFITTED, bulletin_id, modification_id
from ingest.fleet.generate import generate
from ingest.fleet.live import live
from ingest.fleet.passport import STOCK, WORK_ORDER
from ingest.fleet.product import part_id
from ingest.fleet.statement import NOW, utcs
from tests.e2e.documented import Documented

SCALE = 0.2
EDITOR = Principal.of("emma", "editor")

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


async def test_no_passport_of_the_fleet_names_a_person_or_licence_but_to_the_authority(
    fleet: Fleet,
) -> None:
    statement = """
        MATCH (p:Person) OPTIONAL MATCH (p)-[:QUALIFIED_BY]->(q:Qualification)
        UNWIND [p.pseudonym, q.number] AS word
        RETURN DISTINCT word
    """
    words = [re.escape(word) for (word,) in await fleet.found(statement) if word]
    named = re.compile(rf"(?<![\w-])({'|'.join(words)})(?![\w-])")

    for dpp in ("DPP-H2-001", "DPP-H2-002", "DPP-PART-123"):
        for role in ("public", "operator", "reader", "authority"):
            who = ANYBODY if role == "public" else Principal.of("someone", role)
            found = await show_passport(fleet.graph, who, dpp, first=1000)
            is_told = bool(named.search(document(found).decode()))
            assert is_told == (role == "authority" and dpp != "DPP-PART-123"), (dpp, role)


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


async def test_the_genealogy_finds_that_gap_back_to_birth_and_no_other_in_a_limited_life(
    fleet: Fleet,
) -> None:
    limited = await fleet.found(
        "MATCH (u:Serial)-[:INSTANCE_OF]->(:Part {is_life_limited: true}) RETURN u.utcs"
    )
    lost = utcs("serial", faults.GAP_SERIAL)

    found = await find_gaps(fleet.graph, [Utcs.parse(unit) for (unit,) in limited])
    life = await genealogy(fleet.graph, lost)

    assert {unit for unit, gaps in found.items() if gaps} == {lost}
    assert len(found) == len(limited) > 1
    (gap,) = life.gaps
    assert (gap.since, gap.until) == (faults.GAP_BEGINS, faults.GAP_ENDS)
    assert gap.before is not None
    assert gap.after is not None
    assert [stay.aircraft for stay in (gap.before, gap.after)] == [
        utcs("aircraft", "MSN-10001"),
        utcs("aircraft", "MSN-10002"),
    ]
    assert life.overlaps == ()


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


async def test_that_directive_is_all_that_grounds_an_aircraft_and_every_rotation_fits(
    fleet: Fleet,
) -> None:
    at = Coordinates(as_of=NOW)

    (grounded,) = await aog_response(fleet.graph, at=at)
    windows = await find_windows(fleet.graph, days=9, at=at)

    directive, aircraft = faults.OPEN_DIRECTIVE_ON
    assert grounded.status.utcs == utcs("aircraft", aircraft)
    assert [item.rule.utcs for item in grounded.status.overdue] == [utcs("directive", directive)]
    assert grounded.lost[0].starts_at > NOW
    assert {fault for one in windows.rotations for fault in one.faults} == set()
    at_bases = {one.stop.aircraft for one in windows.openings if one.base is not None}
    assert at_bases == {one.aircraft for one in windows.rotations}, "each comes to its base"


async def test_that_directive_is_all_that_is_overdue_when_the_story_ends(fleet: Fleet) -> None:
    directive, aircraft = faults.OPEN_DIRECTIVE_ON

    found = await compliance(fleet.graph, at=Coordinates(as_of=NOW))

    (overdue,) = [s for s in found.standpoints if s.standing.is_outstanding]
    assert (overdue.demand.utcs, overdue.unit) == (
        utcs("directive", directive),
        utcs("aircraft", aircraft),
    )
    assert overdue.why == "overdue: due on 2025-09-25 (39 days over)"
    assert set(found.counts) == {Standing.COMPLIED, Standing.RECURRING, Standing.OVERDUE}
    assert [s.notes for s in found.standpoints if s.notes] == []


async def test_that_directive_is_all_that_is_overdue_or_late_and_one_life_with_a_gap_is_unknown(
    fleet: Fleet,
) -> None:
    directive, aircraft = faults.OPEN_DIRECTIVE_ON

    found = await due_list(fleet.graph, at=Coordinates(as_of=NOW))

    assert (found.items[0].rule.utcs, found.items[0].unit.utcs) == (
        utcs("directive", directive),
        utcs("aircraft", aircraft),
    )
    assert [found.counts[one] for one in list(DueStanding)[:3]] == [1, 0, 1]
    unknown = [item for item in found.items if item.judged.standing is DueStanding.UNKNOWN]
    assert [item.unit.utcs.local for item in unknown] == [faults.GAP_SERIAL]


async def test_the_fleet_never_ran_a_check_into_its_tolerance(fleet: Fleet) -> None:
    """Checks are done fifteen hours early, and the counters are read when they end."""
    sorts, late = [DueSort.TASK], [DueStanding.OVERDUE, DueStanding.IN_TOLERANCE]

    found = [
        await due_list(fleet.graph, sorts=sorts, standings=late, at=Coordinates(as_of=at))
        for at in (NOW - timedelta(days=days) for days in (120, 375, 700))
    ]

    assert [one.items for one in found] == [(), (), ()]


async def test_all_that_falls_due_is_packaged_once_and_not_after_its_limit(fleet: Fleet) -> None:
    at, days = Coordinates(as_of=NOW), Decimal(120)
    wanted = await due_list(fleet.graph, within=Limits(days=days), first=1000, at=at)

    found = await due_packages(fleet.graph, within=Limits(days=days), at=at)

    told = Counter(item.place for package in found.packages for item in package.items)
    told += Counter(item.place for item in found.unplaced)
    assert told == Counter(item.place for item in wanted.items)
    assert all(
        package.on <= item.judged.forecast.earliest
        for package in found.packages
        for item in package.items
        if item.judged.forecast is not None and item.judged.forecast.earliest is not None
    )
    assert {item.judged.forecast.gap for item in found.unplaced if item.judged.forecast} == {
        "it is in no aircraft",
        "more may be used up than the record says",  # the planted gap in the life of a stay
    }


async def test_compliance_is_believed_from_when_it_was_recorded_and_not_before(
    fleet: Fleet,
) -> None:
    number, msn = faults.OPEN_DIRECTIVE_ON
    directive, aircraft = utcs("directive", number), utcs("aircraft", "MSN-10001")
    statement = (
        "MATCH (:Anchor {utcs: $a})-[r:COMPLIES_WITH]->(:Anchor {utcs: $d}) RETURN r.recorded_at"
    )
    ((recorded,),) = await fleet.graph.read(statement, {"a": str(aircraft), "d": str(directive)})

    async def standing(unit: Utcs, known: int) -> Standing:
        at = Coordinates(as_of=NOW, known_at=from_micros(known))
        found = await compliance(fleet.graph, unit, at=at)
        return next(s.standing for s in found.standpoints if s.demand.utcs == directive)

    assert await standing(aircraft, recorded - 1) is Standing.OVERDUE
    assert await standing(aircraft, recorded) is Standing.COMPLIED
    assert await standing(utcs("aircraft", msn), recorded) is Standing.OVERDUE


async def test_the_campaign_of_each_bulletin_is_the_embodiment_on_record(fleet: Fleet) -> None:
    statement = "MATCH (a:Aircraft)-[r:EMBODIES]->(b:Bulletin) RETURN b.utcs, a.utcs, r.reference"
    recorded = await fleet.found(statement)
    told = set()
    for key in RETROFITTED:
        found = await campaign(fleet.graph, bulletin_id(key), at=Coordinates(as_of=NOW))
        told |= {
            (str(found.change), str(e.unit), e.done.work_order.local)
            for e in found.embodiments
            if e.done is not None and e.done.work_order is not None
        }

    assert told == recorded


async def test_records_of_the_fleet_miss_nothing_that_the_law_demands(fleet: Fleet) -> None:
    """A contract that asks for a certificate of every unit is another matter: only some items have one."""
    at = Coordinates(as_of=NOW)

    faa, easa, contract = [await record_lint(fleet.graph, p, first=1000, at=at) for p in Profile]

    assert faa.findings == easa.findings == ()
    assert faa.next is easa.next is None
    assert {one.rule for one in contract.findings} == {"unit-certified"}


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


async def test_that_brake_would_be_refused_where_it_is_and_no_other_unit_of_the_leg(
    fleet: Fleet,
) -> None:
    aircraft = utcs("aircraft", faults.UNAPPROVED_AIRCRAFT)
    leg, slot = faults.UNAPPROVED_SLOT
    units = await find_installed(fleet.graph, aircraft)
    claims = {
        place[1]: Installing(one.unit.utcs, units[leg,].unit.utcs, place[1])
        for place, one in units.items()
        if len(place) == 2 and place[0] == leg
    }

    tried = {
        place: await install(fleet.graph, EDITOR, claim, dry_run=True)
        for place, claim in claims.items()
    }

    rules = {place: {one.rule for one in made.refusals} for place, made in tried.items()}
    assert {place for place, broken in rules.items() if "part-is-allowed-there" in broken} == {slot}
    assert all("unit-is-free" in broken for broken in rules.values())
    assert tried["BRAKE-1"].rests_on == f"H2-BRAKE-01 fits {leg}.BRAKE-1"


async def test_a_repaired_brake_in_stock_lacks_nothing_but_a_free_slot(fleet: Fleet) -> None:
    statement = """
        MATCH (s:Serial)-[:INSTANCE_OF]->(:Part {number: 'H2-BRAKE-01'})
        WHERE s.status = 'in_stock' AND s.condition = 'repaired'
        RETURN s.utcs ORDER BY s.utcs LIMIT 1
    """
    ((brake,),) = await fleet.found(statement)
    leg, slot = faults.UNAPPROVED_SLOT
    units = await find_installed(fleet.graph, utcs("aircraft", faults.UNAPPROVED_AIRCRAFT))
    claim = Installing(Utcs.parse(brake), units[leg,].unit.utcs, slot)

    made = await install(fleet.graph, EDITOR, claim, dry_run=True)

    assert [one.rule for one in made.refusals] == ["slot-is-free"]


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
    made = await create_baseline(fleet.graph, EDITOR, request)
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


@dataclass
class ByHand:
    """Hours and cycles of each unit, added up event by event as they are told."""

    parent: dict[Utcs, Utcs] = field(default_factory=dict)
    counted: dict[Utcs, Utcs] = field(default_factory=dict)
    totals: dict[Utcs, tuple[Decimal, Decimal]] = field(default_factory=dict)

    def tell(self, event: Event) -> None:
        for fact in event.facts:
            if isinstance(fact, EndLink) and fact.link == "CONTAINS":
                del self.parent[fact.target]
        for fact in event.facts:
            if isinstance(fact, PutLink) and fact.link == "CONTAINS":
                self.parent[fact.target] = fact.source
            if isinstance(fact, PutLink) and fact.link == "COUNTS":
                self.counted[fact.source] = fact.target
        said = {fact.utcs: fact.properties for fact in event.facts if isinstance(fact, PutNode)}
        for usage, properties in said.items():
            if isinstance(properties, Usage):
                total = (properties.total_fh or Decimal(0), properties.total_fc or Decimal(0))
                self.totals[self.counted[usage]] = total
        for fact in event.facts:
            if isinstance(fact, PutLink) and fact.link == "FLOWN_BY":
                self.fly(fact.target, said[fact.source])

    def fly(self, aircraft: Utcs, flight: Any) -> None:
        if flight.status is not FlightStatus.ARRIVED:
            return
        for unit, (fh, fc) in self.totals.items():
            if self.carrier(unit) == aircraft:
                self.totals[unit] = (fh + flight.duration_fh, fc + flight.cycles_fc)

    def carrier(self, unit: Utcs) -> Utcs:
        while unit in self.parent:
            unit = self.parent[unit]
        return unit


async def test_the_life_of_each_unit_is_what_adding_up_by_hand_gives(fleet: Fleet) -> None:
    told, by_hand = [*generate(seed=1, scale=SCALE)], ByHand()
    wrong = {fact.id for event in told for fact in event.facts if isinstance(fact, Correct)}
    for event in sorted(told, key=lambda event: event.time):
        if event.id not in wrong:
            by_hand.tell(event)

    found = await life_limits(fleet.graph, first=1000)

    used = {
        (one.utcs, limit.unit): limit.used
        for one in found.units
        for limit in one.limits
        if limit.unit is not LimitUnit.DAYS
    }
    places = {LimitUnit.FH: 0, LimitUnit.FC: 1}
    assert len(used) > 20
    assert used == {(unit, of): by_hand.totals[unit][places[of]] for unit, of in used}
    gaps = {
        (one.utcs.local, gap) for one in found.units for limit in one.limits for gap in limit.gaps
    }
    assert gaps == {(faults.GAP_SERIAL, Unsaid(faults.GAP_BEGINS, faults.GAP_ENDS))}


@pytest.mark.parametrize("key", RETROFITTED)
async def test_a_bulletin_applies_where_the_first_part_is_and_the_modification_is_not(
    fleet: Fleet, key: str
) -> None:
    statement = f"""
        MATCH (a:Aircraft)-[:CONTAINS*1..4]->(u)-[:INSTANCE_OF]->(:Part {{number: '{part_id(key).local}'}})
        WHERE NOT (u)-[:EMBODIES]->(:Modification {{number: '{modification_id(key).local}'}})
        RETURN DISTINCT a.utcs
    """
    answer = await effectivity(fleet.graph, bulletin_id(key))

    assert {(str(one.utcs),) for one in answer.judged if one.applies} == await fleet.found(
        statement
    )
    assert (answer.basis, answer.undecided, answer.unknown) == (Basis.RULE, 0, ())


async def test_every_rule_of_the_fleet_can_be_read_and_knows_what_it_names(fleet: Fleet) -> None:
    verdicts = await selected(fleet.graph, [notice.utcs for notice in DIRECTIVES])
    faults_found = await findings(fleet.graph, "effectivity")

    assert {one.applies for found in verdicts.values() for one in found.values()} == {True}
    assert (len(verdicts), faults_found.findings) == (len(DIRECTIVES), ())


async def test_trace_rules_find_the_two_faults_and_no_other_gap(fleet: Fleet) -> None:
    found = {
        (one.rule.name, gap.utcs)
        for one in await count_gaps(fleet.graph, first=10)
        for gap in one.gaps
    }

    orphan = utcs("requirement", faults.ORPHAN_REQUIREMENT)
    assert found == {
        ("requirement-design", orphan),
        ("requirement-verification", orphan),
        ("modelversion-validation", utcs("modelversion", faults.UNVALIDATED_MODEL_VERSION)),
    }


async def test_the_orphan_is_the_only_row_of_the_matrix_without_design_or_test(
    fleet: Fleet,
) -> None:
    found = await trace_matrix(fleet.graph, columns=["design", "test"], uncovered="test")

    assert [row.utcs.local for row in found.rows] == [faults.ORPHAN_REQUIREMENT]
    totals = (await trace_matrix(fleet.graph, columns=["design", "test"], first=1)).totals
    assert totals is not None
    assert [(c.covered, c.orphans) for c in totals.coverage] == [(totals.rows - 1, 0)] * 2
    assert (totals.full, totals.failed) == (totals.rows - 1, 0)


async def test_links_are_in_doubt_only_where_the_text_of_a_requirement_was_revised(
    fleet: Fleet,
) -> None:
    found = await suspects(fleet.graph, first=1000)

    assert found.counts.keys() == {"DERIVES_FROM", "SATISFIES", "VERIFIES"}
    changes = [change for one in found.links for change in one.changes]
    assert {(change.utcs.kind, change.field) for change in changes} == {("requirement", "text")}
    assert {change.cause.id for change in changes} == {
        event.id
        for event in generate(seed=1, scale=SCALE)
        if event.id.startswith("requirement-") and event.id.endswith("-B")
    }


async def test_a_requirement_leads_over_units_to_the_work_on_them(fleet: Fleet) -> None:
    found = await thread_paths(fleet.graph, utcs("requirement", "REQ-STACK-FUNC"), first=1000)

    kinds = {tuple(stop.kind for stop in path.stops) for path in found.paths}
    assert ("requirement", "design", "part", "serial", "workorder") in kinds
    assert {cell.kind for cell in found.tests} == {"testcase"}
    assert all(cell.result is not None for cell in found.tests)
    assert found.complete


async def test_a_brake_is_traced_up_to_its_certification_paragraph(fleet: Fleet) -> None:
    reached = await trace(fleet.graph, utcs("serial", "BRAKE-00001"), kinds=["certbasis"])

    assert utcs("certbasis", "CS-25.735") in {thing.utcs for thing in reached.things}


REPORTED = {
    "status": utcs("aircraft", "MSN-10001"),
    "configuration": utcs("aircraft", "MSN-10001"),
    "reconciliation": utcs("aircraft", faults.UNAPPROVED_AIRCRAFT),
    "hours": utcs("aircraft", "MSN-10001"),
    "genealogy": utcs("serial", faults.GAP_SERIAL),
    "llp": None,
    "due": None,
    "maintenance": utcs("serial", faults.GAP_SERIAL),
    "crs": utcs("workorder", "WO-10013"),
    "form-1": STOCK,
    "lint": utcs("aircraft", "MSN-10001"),
    "directives": None,
    "bulletins": None,
    "deferrals": None,
    "occurrences": None,
    "campaign": utcs("modification", "MOD-32-SIDEST"),
    "effectivity": utcs("directive", faults.OPEN_DIRECTIVE_ON[0]),
    "changes": None,
    "change": utcs("ecr", "ECR-SIDEST"),
    "change-impact": utcs("ecr", "ECR-SIDEST"),
    "baseline": utcs("baseline", "ASBUILT-10001"),
    "matrix": None,
    "gaps": None,
    "suspects": None,
    "trace": utcs("workorder", "WO-54321"),
    "impact": utcs("requirement", "REQ-28-FUNC"),
    "history": utcs("serial", faults.GAP_SERIAL),
}


async def reported(fleet: Fleet, kind: str, at: Coordinates | None = None) -> Sealed:
    about = REPORTED[kind]
    return await make(
        fleet.graph,
        REPORTS[kind],
        None if about is None else str(about),
        asked_by="auditor",
        at=at or Coordinates(),
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", REPORTS)
async def test_every_report_says_something_and_is_the_same_when_made_again(
    fleet: Fleet, kind: str
) -> None:
    made = await reported(fleet, kind)
    place = made.report.place

    again = await reported(fleet, kind, Coordinates(place.as_of, place.known_at))

    assert made.report.rows > 0
    assert again.sha256 == made.sha256
    assert read(render(made)) == made


async def test_the_directive_that_is_open_is_the_only_one_outstanding_in_its_report(
    fleet: Fleet,
) -> None:
    made = await reported(fleet, "directives")

    (table,) = (s.table for s in made.report.draft.sections if s.heading == "Outstanding")
    assert table is not None
    directive, aircraft = faults.OPEN_DIRECTIVE_ON
    assert [(row[0], row[2]) for row in table.rows] == [
        (utcs("aircraft", aircraft), utcs("directive", directive))
    ]


async def test_the_brake_that_nobody_approved_is_the_fault_in_the_report(fleet: Fleet) -> None:
    made = await reported(fleet, "reconciliation")

    (table,) = (s.table for s in made.report.draft.sections if s.heading == "Differences")
    assert table is not None
    part = f"H2-{faults.UNAPPROVED_ITEM}-{faults.UNAPPROVED_DASH}"
    assert [(row[0], row[7]) for row in table.rows if row[10]] == [
        (".".join(faults.UNAPPROVED_SLOT), part)
    ]


async def test_the_orphan_is_in_the_reports_of_gaps_and_of_the_matrix(fleet: Fleet) -> None:
    orphan = utcs("requirement", faults.ORPHAN_REQUIREMENT)
    gaps, matrix = await reported(fleet, "gaps"), await reported(fleet, "matrix")

    (listed,) = (s.table for s in gaps.report.draft.sections if s.heading == "Gaps")
    (wide,) = (s.table for s in matrix.report.draft.sections if s.heading == "Matrix")
    assert listed is not None
    assert wide is not None
    assert ("requirement-design", orphan) in {row[:2] for row in listed.rows}
    assert [row[3:5] for row in wide.rows if row[0] == orphan] == [("", "")]


async def test_what_the_fleet_does_now_is_applied_too(fleet: Fleet) -> None:
    """Last, because it adds to the fleet."""
    start = datetime(2026, 1, 1, tzinfo=UTC)

    outcomes = await apply(fleet.graph, [*islice(live(1, 3, start), 100)])

    assert {(outcome.status, outcome.reason) for outcome in outcomes} == {("applied", None)}


async def test_the_exchanges_are_taken_as_their_examples_print_them_and_agree_with_the_due_list(
    fleet: Fleet,
) -> None:
    """It adds to the record, after all that read it."""
    graph, cmms = fleet.graph, Principal.of("cmms", "admin")
    aircraft, dpp = utcs("aircraft", "MSN-10001"), "DPP-H2-001"

    results = await report_results(graph, cmms, dpp, TestResults.model_validate(TESTS))
    rights = await report_certifications(
        graph, cmms, dpp, TechnicianCertifications.model_validate(CERTIFICATIONS)
    )
    foreseen = await report_predictions(graph, cmms, CaosPredictions.model_validate(PREDICTIONS))
    answers = {one.name: await tell(graph, one.name, aircraft, dpp) for one in ANSWERED}
    due = await due_list(graph, aircraft)

    recorded = [one.kind for done in (results, rights, foreseen) for one in done.recorded]
    assert recorded == ["testresult", "qualification", "prediction", "alert"]
    schedule: Any = answers["cmms.maintenance-schedule"]
    assert (schedule.counts, len(schedule.items)) == (due.counts, due.total)
    status: Any = answers["cmms.component-status"]
    assert foreseen.recorded[1] in {one.record.utcs for one in status.records}
    assert all(one.cut is None for one in answers.values())


async def test_the_two_calls_of_the_guide_are_answered_as_printed(
    fleet: Fleet, tmp_path: Path, neo4j_server: Any
) -> None:
    """Last, too: it completes the open work order."""
    place = Settings(
        home=tmp_path, neo4j_uri=neo4j_server.uri, neo4j_user=neo4j_server.user,
        neo4j_password=SecretStr(neo4j_server.password),
    )  # fmt: skip
    token = Keyring(tmp_path / "secrets").api_token(Principal.of("cmms", "editor"))
    app = create_app(fleet.graph, place)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8765",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:  # fmt: skip
        outside = await Documented.of(client)

        due = await outside.post("/api/v1/cmms/maintenance-due", {
            "dppId": "DPP-H2-001", "maintenanceType": "Scheduled Inspection", "dueDate": "2026-01-15",
            "priority": "Medium", "estimatedDuration": "4 hours",
        })  # fmt: skip
        done = await outside.post("/api/v1/dpp/{dppId}/work-order-complete", {
            "workOrderId": "WO-54321", "completionDate": "2025-11-05", "findings": "No issues",
            "partsUsed": ["DPP-PART-123"], "returnToService": True,
        }, dppId="DPP-H2-001")  # fmt: skip

    assert (due.status_code, due.json()["status"]) == (201, "requested")
    assert (done.status_code, done.json()["status"]) == (200, "released")
    assert done.json()["partsUsed"] == [{"stock": str(STOCK), "quantity": "1"}]
    assert (await find_work(fleet.graph, WORK_ORDER)).unreleased is None
    statement = f"MATCH (s:Stock {{utcs: '{STOCK}'}}) RETURN s.quantity, s.reserved_quantity"
    assert await fleet.found(statement) == {(11, 0)}
    lint = await record_lint(fleet.graph, Profile.EASA, about=utcs("aircraft", "MSN-10001"))
    assert WORK_ORDER not in {one.utcs for one in lint.findings}
    assert utcs("release", "CRS-WO-54321") not in {one.utcs for one in lint.findings}
