"""The rules of attachment on a real graph: each is broken alone, tried only, and named in the refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from graph.flows.installation import UnitMove, install, remove
from graph.flows.submit import ForbiddenError, Principal
from graph.model.product import SerialCondition
from graph.model.time import TimeError, parse_utc
from graph.store.changes import head
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from tests.conftest import GraphServer
from tests.store.attaching import (
    AIRCRAFT,
    B1,
    B2,
    EDITOR,
    LEG,
    build,
    order,
    part,
    putting,
    taking,
    unit,
)
from tests.store.conftest import empty
from tests.store.linking import id_of, link, tell, thing, unlink
from tests.store.saying import day, event


def stands_in(name: str, **said: Any) -> list[dict[str, Any]]:
    """A part that may be in the place of the second brake."""
    return [
        part(name, **said),
        link(name, "ALTERNATE_OF", "part-brake", approval="STC 7"),
        link(name, "FITS", "position-LEG.B2"),
    ]


UNITS = (
    *unit("serial-raw", "part-brake", condition="unserviceable"),
    *unit("serial-unsaid", "part-brake", condition=None),
    *unit("serial-scrap", "part-brake", status="scrapped"),
    *unit("serial-held", "part-brake", status="quarantined"),
    *unit("serial-old", "part-brake", expires_on="2025-01-05"),
    *unit("serial-shelf", "part-shelf", manufactured_on="2025-01-01"),
    *unit("serial-lot", "part-brake", link("serial-lot", "FROM_BATCH", "batch-1")),
    *unit("serial-life", "part-life"),
    *unit("serial-young", "part-life"),
    *unit("serial-out", "part-brake", condition="serviceable"),
    *unit("serial-back", "part-brake", condition="serviceable"),
    *unit("serial-left", "part-brake", condition="serviceable"),
    *unit("serial-leg4", "part-leg"),
    *unit("serial-alt", "part-alt"),
    *unit("serial-odd", "part-odd"),
    *unit("serial-foreign", "part-foreign"),
    *unit("serial-void", "part-void"),
    *unit("serial-option", "part-option"),
    *unit("serial-nopart", None),
    *unit("serial-leg2", "part-leg"),
    *(fact for n in "12345" for fact in unit(f"serial-p{n}", "part-pump")),
    *unit("serial-p6", "part-pump2"),
    thing("serial-bare", condition="new", status="in_stock"),
    link("serial-bare", "INSTANCE_OF", "part-brake"),
    thing("serial-revoked", condition="new", status="in_stock"),
    link("serial-revoked", "INSTANCE_OF", "part-brake"),
    link("serial-revoked", "CERTIFIED_BY", "release-2"),
)
OTHERS = (
    *stands_in("part-shelf", shelf_life_days=3),
    *stands_in("part-life", life_limit_fc=10),
    *stands_in("part-void", status="cancelled"),
    part("part-foreign"),
    part("part-option"),
    link("part-inst", "HAS_COMPONENT", "part-option", "030", effectivity="MSN 2"),
    thing("position-other", number="LEG.B2"),
    link("part-foreign", "FITS", "position-other"),
    thing("release-2", form="easa_form_1", status="revoked"),
    thing("batch-1", status="quarantined"),
    thing("aircraft-2", msn="2", status="in_service"),
    thing("aircraft-3", msn="3", status="retired"),
    link("aircraft-2", "INSTANCE_OF", "part-ac"),
    link("aircraft-3", "INSTANCE_OF", "part-ac"),
    *order("workorder-2", status="released"),
    *order("workorder-3", on="aircraft-2"),
    *order("workorder-4", status="cancelled"),
    thing("modification-1", status="approved"),
    thing("modification-2", status="pending"),
    link("part-odd", "ALTERED_BY", "modification-1"),
    thing("eco-1", status="released"),
    thing("ncr-1", status="dispositioned", disposition="use_as_is"),
    thing("ncr-2", status="open", disposition="use_as_is"),
    thing("ecr-1", status="approved"),
)


@pytest.fixture(scope="module")
async def world(neo4j_server: GraphServer) -> AsyncIterator[Graph]:
    """What may be moved and what may not; the tests of this file only try it."""
    server = neo4j_server
    async with await Graph.open(server.uri, server.user, server.password) as graph:
        await empty(graph)
        await build(graph)
        await tell(
            graph,
            event(*OTHERS, *UNITS),
            event(
                link("aircraft-1", "CONTAINS", "serial-p1", "P1"),
                link("aircraft-1", "CONTAINS", "serial-p2", "P2"),
                link("aircraft-2", "CONTAINS", "serial-p3", "P1"),
                link("aircraft-2", "CONTAINS", "serial-out", "X"),
                link("aircraft-1", "CONTAINS", "serial-back", "X"),
                link("aircraft-2", "CONTAINS", "serial-leg4", "LEG"),
                link("serial-leg4", "CONTAINS", "serial-left", "B1"),
                on=2,
            ),
            event(
                unlink("aircraft-1", "CONTAINS", "serial-p2", "P2"),
                unlink("aircraft-2", "CONTAINS", "serial-out", "X"),
                unlink("aircraft-1", "CONTAINS", "serial-back", "X"),
                thing("usage-1", measured_at=day(5), total_fh=100, total_fc=50),
                link("usage-1", "COUNTS", "aircraft-1"),
                thing("usage-2", measured_at=day(5), total_fc=10),
                link("usage-2", "COUNTS", "serial-life"),
                on=5,
            ),
            event(unlink("serial-leg4", "CONTAINS", "serial-left", "B1"), on=6),
            event(
                unlink("aircraft-2", "CONTAINS", "serial-leg4", "LEG"),
                link("aircraft-1", "CONTAINS", "serial-leg4", "LEG4"),
                on=7,
            ),
            event(thing("facility-late"), thing("workorder-late", number="5"), on=15),
            event(
                thing("usage-3", measured_at=day(20), total_fh=120),
                link("usage-3", "COUNTS", "aircraft-1"),
                link("aircraft-2", "CONTAINS", "serial-p5", "P2"),
                on=20,
            ),
        )
        yield graph


def rules(made: UnitMove) -> set[str]:
    assert made.outcome is None
    return {refusal.rule for refusal in made.refusals}


async def tried(graph: Graph, **said: Any) -> UnitMove:
    return await install(graph, EDITOR, putting(**said), dry_run=True)


def on(number: float) -> dict[str, Any]:
    return {"at": parse_utc(day(number))}


def of(name: str, **said: Any) -> dict[str, Any]:
    return {"unit": id_of(f"serial-{name}")} | said


PUMP = {"into": AIRCRAFT, "slot": "P2"}
ITSELF, AS_UNIT = "not-into-itself unit-is-free", "unit-can-be-carried unit-is-serviceable"
OTHER = {"into": id_of("aircraft-2"), "slot": "O", "work_order": None}
LOOSE = {"into": id_of("serial-leg2"), "work_order": None}


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        (on(9000), "not-in-future"),
        (on(0) | {"work_order": None}, "after-last-move"),
        (on(4) | of("p4") | PUMP, "after-last-move slot-is-free"),
        (of("raw"), "unit-is-serviceable"),
        (of("unsaid"), "unit-is-serviceable"),
        (of("scrap"), "unit-may-be-used"),
        (of("held"), "unit-may-be-used"),
        (of("lot"), "unit-may-be-used"),
        (of("old"), "not-expired"),
        (of("shelf"), "not-expired"),
        (of("life"), "life-is-left"),
        (of("bare"), "unit-is-certified"),
        (of("revoked"), "unit-is-certified"),
        (of("out"), "unit-is-certified"),
        (of("left", into=id_of("serial-leg4"), slot="B1"), "unit-is-certified"),
        (of("nopart"), "part-is-known"),
        (of("void"), "part-may-be-used"),
        (of("odd"), "part-is-allowed-there"),
        (of("foreign"), "part-is-allowed-there"),
        (of("alt", slot="B3"), "part-is-allowed-there"),
        ({"slot": "010"}, "part-is-allowed-there"),
        (of("option", into=AIRCRAFT, slot="O"), "part-is-allowed-there"),
        (of("odd", slot="B2", **LOOSE), "part-is-allowed-there"),
        (of("p4", into=B1, slot="1"), "part-is-allowed-there"),
        (of("p4", **PUMP | {"slot": "P3"}) | on(4), "bill-calls-for-more"),
        (of("p3", **PUMP), "unit-is-free"),
        (of("p5", **PUMP), "unit-is-free after-last-move"),
        ({"slot": "B1"}, "slot-is-free"),
        (of("p4", into=id_of("aircraft-3"), slot="P1", work_order=None), "carrier-is-in-use"),
        (of("leg", into=LEG, slot="1"), f"{ITSELF} part-is-allowed-there"),
        (of("leg", into=B1, slot="1"), f"{ITSELF} part-is-allowed-there"),
        ({"unit": id_of("aircraft-2")}, f"{AS_UNIT} part-is-allowed-there"),
        ({"work_order": id_of("workorder-2")}, "work-is-open"),
        ({"work_order": id_of("workorder-4")}, "work-is-open"),
        ({"work_order": id_of("workorder-3")}, "work-is-on-unit"),
        ({"total_fh": Decimal(99)}, "counters-do-not-run-backwards"),
        ({"total_fh": Decimal(121)}, "counters-do-not-run-backwards"),
        ({"total_fc": Decimal(49)}, "counters-do-not-run-backwards"),
        ({"approval": id_of("ecr-1")}, "approval-holds"),
        (of("odd", approval=id_of("ncr-2")), "approval-holds part-is-allowed-there"),
        (of("odd", approval=id_of("modification-2")), "approval-holds part-is-allowed-there"),
        (of("scrap", approval=id_of("modification-1")), "unit-may-be-used"),
        (of("odd", slot="B1", approval=id_of("modification-1")), "slot-is-free"),
    ],
)  # fmt: skip
async def test_what_breaks_a_rule_of_installation_is_refused_with_it(
    world: Graph, said: dict[str, Any], broken: str
) -> None:
    assert rules(await tried(world, **said)) == {*broken.split()}


@pytest.mark.parametrize(
    ("said", "rests_on"),
    [
        ({}, "part-brake fits LEG.B2"),
        (of("alt"), "part-alt fits LEG.B2"),
        (of("young"), "part-life fits LEG.B2"),
        (of("back"), "part-brake fits LEG.B2"),
        (of("p4", **PUMP), "the bill of material calls for part-pump"),
        (of("p6", **PUMP), "part-pump2 supersedes part-pump"),
        (of("option", **OTHER), "the bill of material calls for part-option"),
        (LOOSE, "the bill of material calls for part-brake"),
        (of("alt", slot="x", **LOOSE), "part-alt is an alternate of part-brake (STC 7)"),
        ({"total_fh": Decimal(100), "total_fc": Decimal(51)}, "part-brake fits LEG.B2"),
        *(
            (of("odd", approval=id_of(one)), f"put there under {id_of(one)}")
            for one in ("modification-1", "eco-1", "ncr-1")
        ),
    ],
)
async def test_what_is_allowed_says_on_what_that_rests(
    world: Graph, said: dict[str, Any], rests_on: str
) -> None:
    made = await tried(world, **said)

    assert (rules(made), rests_on in str(made.rests_on)) == (set(), True), made.rests_on


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        (on(9000), "not-in-future"),
        (on(0.5) | {"work_order": None}, "after-last-move unit-is-there"),
        ({"unit": B2}, "unit-is-there"),
        ({"slot": "B2"}, "unit-is-there"),
        ({"out_of": AIRCRAFT, "slot": "LEG"}, "unit-is-there"),
        ({"work_order": id_of("workorder-2")}, "work-is-open"),
        ({"work_order": id_of("workorder-3")}, "work-is-on-unit"),
        ({"total_fh": Decimal(99)}, "counters-do-not-run-backwards"),
    ],
)
async def test_what_breaks_a_rule_of_removal_is_refused_with_it(
    world: Graph, said: dict[str, Any], broken: str
) -> None:
    made = await remove(world, EDITOR, taking(**said), dry_run=True)

    assert rules(made) == {*broken.split()}


@pytest.mark.parametrize(
    ("said", "error", "why"),
    [
        ({"unit": id_of("part-brake")}, BadQuestionError, "unit: .* is a part; give an aircraft"),
        ({"into": id_of("stock-1")}, BadQuestionError, "into: .* is a stock"),
        ({"slot": " "}, BadQuestionError, "slot: empty"),
        ({"slot": "x" * 101}, BadQuestionError, "slot: is too long"),
        ({"unit": id_of("serial-9")}, NotFoundError, "serial-9 is not in the graph"),
        ({"into": id_of("serial-9")}, NotFoundError, "serial-9 is not in the graph"),
        ({"work_order": id_of("workorder-9")}, NotFoundError, "workorder-9 is not in the graph"),
        ({"work_order": id_of("workorder-late")}, NotFoundError, "workorder-late .* it begins"),
        ({"work_order": B2}, BadQuestionError, "give a work order"),
        ({"approval": id_of("eco-9")}, NotFoundError, "eco-9 is not in the graph"),
        ({"at": parse_utc(day(10)).replace(tzinfo=None)}, TimeError, "at: .* has no offset"),
        ({"total_fh": Decimal(-1)}, BadQuestionError, "total_fh: is out of bounds"),
        ({"total_fh": Decimal("NaN")}, BadQuestionError, "total_fh: a finite number"),
        (LOOSE | {"total_fh": Decimal(1)}, BadQuestionError, "serial-leg2 is in none"),
    ],
)
async def test_what_cannot_be_meant_is_an_error_that_says_why(
    world: Graph, said: dict[str, Any], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        await tried(world, **said)


@pytest.mark.parametrize(
    ("said", "error", "why"),
    [
        ({"condition": SerialCondition.NEW}, BadQuestionError, "condition: new is not what"),
        ({"to": AIRCRAFT}, BadQuestionError, "to: .* give the facility"),
        ({"to": id_of("facility-9")}, NotFoundError, "facility-9 is not in the graph"),
        ({"to": id_of("facility-late")}, NotFoundError, "facility-late .* it begins"),
        ({"reason": "worn", "work_order": None}, BadQuestionError, "kept with the work order"),
        ({"reason": "x" * 301}, BadQuestionError, "reason: is too long"),
    ],
)
async def test_a_removal_that_cannot_be_meant_is_an_error_that_says_why(
    world: Graph, said: dict[str, Any], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        await remove(world, EDITOR, taking(**said), dry_run=True)


async def test_all_rules_that_are_broken_are_told_at_once_and_nothing_is_written(
    world: Graph,
) -> None:
    before = (await head(world)).seq

    claim = putting(**of("odd", slot="B1", work_order=id_of("workorder-2")))
    tried_only = await install(world, EDITOR, claim, dry_run=True)
    in_earnest = await install(world, EDITOR, claim)

    assert rules(tried_only) == {"part-is-allowed-there", "slot-is-free", "work-is-open"}
    assert (in_earnest.refusals, in_earnest.outcome) == (tried_only.refusals, None)
    assert all(";" in refusal.why for refusal in in_earnest.refusals)
    assert (await head(world)).seq == before


async def test_what_may_surprise_is_told(world: Graph) -> None:
    made = await tried(world, **of("young", approval=id_of("eco-1"), work_order=None))
    removal = await remove(world, EDITOR, taking(), dry_run=True)

    order_unsaid, life_unknown, approval_unlinked = made.warnings
    assert "no work order is named" in order_unsaid
    assert "nobody can say what is left of its 10 FC" in life_unknown
    assert "nothing shows that it is meant" in approval_unlinked
    assert "a gap in its life" in removal.warnings[0]


async def test_a_reader_may_move_nothing(world: Graph) -> None:
    reader = Principal.of("rita", "reader")

    with pytest.raises(ForbiddenError, match="editor"):
        await install(world, reader, putting())
    with pytest.raises(ForbiddenError, match="editor"):
        await remove(world, reader, taking())
