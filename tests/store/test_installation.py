"""Putting units in and taking them out on a real graph: what is written, and who is too late."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from graph.flows.installation import UnitMove, install, remove
from graph.flows.submit import ForbiddenError, Principal
from graph.model.maintenance import WorkOrder
from graph.model.outcome import Status
from graph.model.product import Serial, SerialCondition, SerialStatus
from graph.model.resources import Stock
from graph.model.time import parse_utc
from graph.store.accrual import accrued
from graph.store.database import Graph
from graph.store.genealogy import genealogy
from graph.store.installed import find_installed
from graph.store.reconcile import reconcile
from graph.store.show import show
from tests.store.attaching import AIRCRAFT, B1, B2, EDITOR, LEG, ORDER, build, putting, taking, unit
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import day, event


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    await build(graph)
    return graph


def status(made: UnitMove) -> Status | None:
    assert made.refusals == (), made.refusals
    return made.outcome and made.outcome.status


async def inside(graph: Graph, on: float) -> dict[str, str]:
    found = await find_installed(graph, AIRCRAFT, at=as_of(on))
    return {".".join(place): one.unit.utcs.local for place, one in found.items() if place}


async def test_what_is_put_in_is_there_from_that_day_on_and_lies_in_no_store(fleet: Graph) -> None:
    made = await install(fleet, EDITOR, putting())

    assert status(made) is Status.APPLIED
    assert (made.position, made.aircraft) == ("LEG.B2", AIRCRAFT)
    assert made.rests_on == "part-brake fits LEG.B2"
    assert await inside(fleet, 9) == {"LEG": "serial-leg", "LEG.B1": "serial-b1"}
    assert await inside(fleet, 11) == await inside(fleet, 9) | {"LEG.B2": "serial-b2"}
    brake = (await show(fleet, B2)).node.properties
    assert isinstance(brake, Serial)
    assert (brake.status, brake.condition) == (SerialStatus.IN_SERVICE, SerialCondition.SERVICEABLE)
    stock = (await show(fleet, id_of("stock-1"))).node.properties
    assert isinstance(stock, Stock)
    assert (stock.quantity, str(stock.status)) == (Decimal(0), "issued")
    life = await genealogy(fleet, B2, at=as_of(11))
    assert [str(stay.whereabouts) for stay in life.stays][-1] == "installed"
    assert (life.stays[-1].aircraft, life.stays[-1].began_under) == (AIRCRAFT, ORDER)
    assert (life.gaps, life.overlaps) == ((), ())


async def test_what_is_taken_out_is_gone_from_that_day_on_and_lies_where_it_is_said_to(
    fleet: Graph,
) -> None:
    made = await remove(fleet, EDITOR, taking(reason="worn", to=id_of("facility-1")))

    assert (status(made), made.warnings) == (Status.APPLIED, ())
    assert "LEG.B1" in await inside(fleet, 9)
    assert "LEG.B1" not in await inside(fleet, 11)
    brake = (await show(fleet, B1)).node.properties
    assert isinstance(brake, Serial)
    assert (brake.status, brake.condition) == (SerialStatus.IN_TRANSIT, SerialCondition.UNSERVICEABLE)
    life = await genealogy(fleet, B1, at=as_of(11))
    assert (life.stays[-1].place, life.stays[-2].ended_under) == (id_of("facility-1"), ORDER)
    (row,) = await fleet.read("MATCH ()-[r:REMOVES]->() RETURN r.reason, r.position")
    assert row == ["worn", "LEG.B1"]
