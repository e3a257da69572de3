"""Putting units in and taking them out on a real graph: what is written, and who comes too late."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.installation import Installing, Removing, UnitMove, install, remove
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.outcome import Reason, Status
from graph.model.product import Serial, SerialCondition, SerialStatus
from graph.model.reconciliation import Verdict
from graph.model.resources import Stock
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.aboard import find_aboard
from graph.store.accrual import accrued
from graph.store.database import Graph
from graph.store.genealogy import genealogy
from graph.store.installed import find_installed
from graph.store.moment import Moment
from graph.store.places import find_lives
from graph.store.reconcile import reconcile
from graph.store.show import show
from tests.store.attaching import (
    AIRCRAFT,
    B1,
    B2,
    EDITOR,
    LEG,
    ORDER,
    build,
    putting,
    taking,
    unit,
)
from tests.store.conftest import empty
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import correct, day, event


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    await build(graph)
    return graph


def status(made: UnitMove) -> Status | None:
    assert made.refusals == (), made.refusals
    return None if made.outcome is None else made.outcome.status


async def said_of(graph: Graph, utcs: Utcs) -> Kind:
    return (await show(graph, utcs)).node.properties


async def inside(graph: Graph, at: Coordinates, of: Utcs = AIRCRAFT) -> dict[str, str]:
    found = await find_installed(graph, of, at=at)
    return {".".join(place): one.unit.utcs.local for place, one in found.items() if place}


async def test_what_is_put_in_is_there_from_that_day_on_and_lies_in_no_store(fleet: Graph) -> None:
    made = await install(fleet, EDITOR, putting())

    assert status(made) is Status.APPLIED
    assert (made.position, made.aircraft) == ("LEG.B2", AIRCRAFT)
    assert await inside(fleet, as_of(9)) == {"LEG": "serial-leg", "LEG.B1": "serial-b1"}
    assert await inside(fleet, as_of(11)) == await inside(fleet, as_of(9)) | {"LEG.B2": "serial-b2"}
    brake, stock = await said_of(fleet, B2), await said_of(fleet, id_of("stock-1"))
    assert isinstance(brake, Serial)
    assert isinstance(stock, Stock)
    assert (brake.status, brake.condition) == (SerialStatus.IN_SERVICE, SerialCondition.SERVICEABLE)
    assert (stock.quantity, str(stock.status)) == (Decimal(0), "issued")
    life = await genealogy(fleet, B2, at=as_of(11))
    assert {(str(s.whereabouts), s.until) for s in life.stays} == {
        ("located", parse_utc(day(10))), ("in_stock", parse_utc(day(10))), ("installed", None),
    }  # fmt: skip
    assert (life.stays[-1].aircraft, life.stays[-1].began_under) == (AIRCRAFT, ORDER)
    assert (life.gaps, life.overlaps) == ((), ())


async def test_what_is_taken_out_is_gone_from_that_day_on_and_lies_where_it_is_said_to(
    fleet: Graph,
) -> None:
    made = await remove(fleet, EDITOR, taking(reason="worn", to=id_of("facility-1")))

    assert (status(made), made.warnings) == (Status.APPLIED, ())
    assert "LEG.B1" in await inside(fleet, as_of(9))
    assert "LEG.B1" not in await inside(fleet, as_of(11))
    brake = await said_of(fleet, B1)
    assert isinstance(brake, Serial)
    assert (brake.status, brake.condition) == (
        SerialStatus.IN_TRANSIT, SerialCondition.UNSERVICEABLE,
    )  # fmt: skip
    life = await genealogy(fleet, B1, at=as_of(11))
    assert (life.stays[-1].place, life.stays[-2].ended_under) == (id_of("facility-1"), ORDER)
    rows = await fleet.read("MATCH ()-[r:REMOVES]->() RETURN r.reason, r.position")
    assert rows == [["worn", "LEG.B1"]]


async def test_aboard_and_places_agree_with_what_was_moved(fleet: Graph) -> None:
    await install(fleet, EDITOR, putting())
    await remove(fleet, EDITOR, taking(unit=B2, slot="B2", at=parse_utc(day(12))))

    moment = Moment.of(fleet, as_of(20))
    aboard = await find_aboard(fleet, [B2], moment)
    lives = await find_lives(fleet, [B2], moment)

    assert [(one.carrier, from_micros(one.since), from_micros(one.until)) for one in aboard[B2]] == [
        (str(AIRCRAFT), parse_utc(day(10)), parse_utc(day(12)))
    ]  # fmt: skip
    assert {
        (from_micros(p.since), from_micros(p.until)) for p in lives[B2].places if p.where == LEG
    } == {(parse_utc(day(10)), parse_utc(day(12)))}


async def test_an_exchange_at_one_moment_leaves_the_slot_full_all_the_time(fleet: Graph) -> None:
    assert status(await remove(fleet, EDITOR, taking())) is Status.APPLIED

    made = await install(fleet, EDITOR, putting(slot="B1"))

    assert status(made) is Status.APPLIED
    assert (await inside(fleet, as_of(9.99)))["LEG.B1"] == "serial-b1"
    assert (await inside(fleet, as_of(10)))["LEG.B1"] == "serial-b2"


async def test_counters_read_at_that_moment_are_the_aircrafts_from_then_on(fleet: Graph) -> None:
    made = await install(fleet, EDITOR, putting(total_fh=Decimal("812.5"), total_fc=Decimal(430)))

    counted = await accrued(fleet, AIRCRAFT)
    assert status(made) is Status.APPLIED
    assert (counted.total("fh"), counted.total("fc")) == (Decimal("812.5"), Decimal(430))
    assert counted.counters[0].declared_at == parse_utc(day(10))


async def test_what_is_there_under_an_approval_is_allowed_and_says_so(fleet: Graph) -> None:
    await tell(fleet, event(*unit("serial-odd", "part-odd"), thing("eco-1", status="released")))

    odd = id_of("serial-odd")
    made = await install(fleet, EDITOR, putting(unit=odd, approval=id_of("eco-1")))
    answer = await reconcile(fleet, AIRCRAFT)

    assert status(made) is Status.APPLIED
    (cell,) = (row.maintained for row in answer.rows if row.position == "LEG.B2")
    assert cell is not None
    assert cell.verdict is Verdict.ALLOWED_ALTERNATE
    assert cell.why.endswith("it was put there under utcs:TEST:eco:eco-1")


async def test_a_correction_takes_a_move_back_as_if_it_had_never_been(fleet: Graph) -> None:
    before = await inside(fleet, as_of(11)), await said_of(fleet, B2)
    made = await install(fleet, EDITOR, putting())

    await tell(fleet, event(correct(made.event) | {"source": "urn:utcs:installation"}, on=11))

    assert (await inside(fleet, as_of(11)), await said_of(fleet, B2)) == before
    assert status(await install(fleet, EDITOR, putting())) is Status.APPLIED


async def test_of_two_who_put_two_units_into_one_slot_one_is_refused(fleet: Graph) -> None:
    await tell(fleet, event(*unit("serial-b3", "part-brake")))
    claims = [putting(), putting(unit=id_of("serial-b3"))]

    made = await asyncio.gather(*(install(fleet, EDITOR, claim) for claim in claims))

    assert await _stood(made) == {Reason.CARDINALITY}


async def test_of_two_who_put_one_unit_into_two_slots_one_is_refused(fleet: Graph) -> None:
    loose = putting(into=id_of("serial-leg2"), work_order=None)
    await tell(fleet, event(*unit("serial-leg2", "part-leg")))

    made = await asyncio.gather(*(install(fleet, EDITOR, claim) for claim in (putting(), loose)))

    assert await _stood(made) == {Reason.OUTDATED}


async def test_of_two_who_take_out_one_unit_one_is_refused(fleet: Graph) -> None:
    claims = [taking(at=parse_utc(day(d))) for d in (10, 11)]

    made = await asyncio.gather(*(remove(fleet, EDITOR, claim) for claim in claims))

    assert await _stood(made) == {Reason.OUTDATED}


async def _stood(made: list[UnitMove]) -> set[Reason | None]:
    """Why one of two was refused, whose decision was as good as that of the other."""
    outcomes = [one.outcome for one in made if one.outcome is not None]
    assert sorted(str(one.status) for one in outcomes) == ["applied", "refused"], made
    return {one.code for one in outcomes if one.status is Status.REFUSED}


BRAKES, LEGS = ("b1", "b2", "b3"), ("leg", "leg2")
Slot = tuple[str, str]
"""A leg, and the slot in it."""

STEPS = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(BRAKES),
        st.tuples(st.sampled_from(LEGS), st.sampled_from(("B1", "B2"))),
        st.integers(-1, 3),
    ),
    min_size=5,
    max_size=12,
)


@dataclass
class Rack:
    """What is where, as a plain reading of the steps has it."""

    held: dict[Slot, str] = field(default_factory=dict)
    last: dict[object, int] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    """The leg that a brake came out of: without a new certificate it goes into no other."""
    steps: list[tuple[int, bool, str, Slot]] = field(default_factory=list)

    def takes(self, is_in: bool, brake: str, slot: Slot, on: int) -> bool:
        """Makes a step if it may be made."""
        is_late = on <= self.last.get(brake, 0) or on < self.last.get(slot, 0)
        if is_in:
            is_free = slot not in self.held and brake not in self.held.values()
            may = is_free and self.home.get(brake, slot[0]) == slot[0]
        else:
            may = self.held.get(slot) == brake
        if is_late or not may:
            return False
        self.home[brake] = slot[0]
        self.last |= {brake: on, slot: on}
        self.steps.append((on, is_in, brake, slot))
        self.held = self.on(99)
        return True

    def on(self, day: int) -> dict[Slot, str]:
        """What is where when all steps of a day are made."""
        held: dict[Slot, str] = {}
        for on, is_in, brake, slot in sorted(self.steps, key=lambda step: step[0]):
            if on <= day and is_in:
                held[slot] = brake
            elif on <= day:
                del held[slot]
        return held


async def racked(graph: Graph, at: Coordinates) -> dict[Slot, str]:
    found = {leg: await inside(graph, at, id_of(f"serial-{leg}")) for leg in LEGS}
    return {
        (leg, slot): brake.removeprefix("serial-")
        for leg, brakes in found.items()
        for slot, brake in brakes.items()
    }


async def build_rack(graph: Graph) -> None:
    """Two loose legs and three brakes, all allowed in all slots: only place and order of time decide."""
    legs = [fact for n in LEGS for fact in unit(f"serial-{n}", "part-leg")]
    brakes = [fact for n in BRAKES for fact in unit(f"serial-{n}", "part-brake")]
    parts = [thing(n, is_serialised=True) for n in ("part-leg", "part-brake")]
    bill = link("part-leg", "HAS_COMPONENT", "part-brake", "010", quantity="2")
    release = thing("release-1", form="easa_form_1", status="valid")
    await tell(graph, event(*parts, bill, release, *legs, *brakes))


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
@pytest.mark.slow
async def test_random_moves_leave_what_a_plain_reading_of_them_does(
    graph: Graph, steps: list[tuple[bool, str, Slot, int]]
) -> None:
    await empty(graph)
    await build_rack(graph)
    rack, now = Rack(), 2

    for is_in, brake, slot, later in steps:
        now = max(now + later, 1)
        one, leg, at = id_of(f"serial-{brake}"), id_of(f"serial-{slot[0]}"), parse_utc(day(now))
        if is_in:
            made = await install(graph, EDITOR, Installing(one, leg, slot[1], at))
        else:
            as_new = SerialCondition.SERVICEABLE
            made = await remove(graph, EDITOR, Removing(one, leg, slot[1], at, condition=as_new))
        is_taken = made.outcome is not None and made.outcome.status is Status.APPLIED
        assert is_taken == rack.takes(is_in, brake, slot, now), made
        assert await racked(graph, Coordinates()) == rack.held

    for on in range(now + 1):
        assert await racked(graph, as_of(on + 0.5)) == rack.on(on)
