"""Units are put in and taken out over GraphQL: tried, refused with the rule, and recorded."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.test_compliance import link, put
from tests.e2e.test_graphql import data, error

A1, BRAKE, ODD, WO, ECO = (
    f"utcs:TEST:{name}" for name in ("aircraft:A1", "serial:B1", "serial:B2", "workorder:WO-1", "eco:E1")
)  # fmt: skip
PARTS = {"A": "utcs:TEST:part:P-A", "B": "utcs:TEST:part:P-B", "ODD": "utcs:TEST:part:P-ODD"}
FORM, STORE = "utcs:TEST:release:F1", "utcs:TEST:facility:STORE"

INSTALL = """
    mutation ($unit: String!, $approval: String, $dry: Boolean!) {
      install(unit: $unit, into: "utcs:TEST:aircraft:A1", slot: "BRAKE-1", approval: $approval,
              workOrder: "utcs:TEST:workorder:WO-1", totalFh: 100, dryRun: $dry) {
        unit carrier slot aircraft position restsOn life { fh } warnings
        refusals { rule why } outcome { status code } } }"""
REMOVE = """
    mutation ($from: String!) {
      remove(unit: "utcs:TEST:serial:B1", from: $from, slot: "BRAKE-1", workOrder: "utcs:TEST:workorder:WO-1",
             reason: "worn", isScheduled: true, condition: unserviceable, to: "utcs:TEST:facility:STORE") {
        at warnings refusals { rule } outcome { status } } }"""


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """An aircraft whose bill of material calls for a brake; one that it calls for, and another."""
    state = {"condition": "repaired", "status": "in_stock"}
    facts = [
        *(put(utcs, number=name, is_serialised=True) for name, utcs in PARTS.items()),
        link(PARTS["A"], "HAS_COMPONENT", PARTS["B"]) | {"slot": "010"},
        put(A1, msn="A1", status="in_service"),
        link(A1, "INSTANCE_OF", PARTS["A"]),
        put(FORM, form="easa_form_1", status="valid"),
        put(BRAKE, **state),
        put(ODD, **state),
        link(BRAKE, "INSTANCE_OF", PARTS["B"]),
        link(ODD, "INSTANCE_OF", PARTS["ODD"]),
        *(link(unit, "CERTIFIED_BY", FORM) for unit in (BRAKE, ODD)),
        put(WO, number="WO-1", status="in_work"),
        link(WO, "WORKS_ON", A1),
        put(ECO, status="released"),
        put(STORE, category="warehouse"),
    ]
    event = {
        "id": "1",
        "source": "urn:test",
        "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }
    (outcome,) = await submit(graph, [event], Principal.of("anna", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    return graph


async def asked(client: httpx.AsyncClient, query: str, **said: Any) -> dict[str, Any]:
    (answer,) = (await data(client, query, said)).values()
    found: dict[str, Any] = answer
    return found


async def test_a_unit_is_tried_put_in_and_taken_out(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    tried = await asked(client, INSTALL, unit=BRAKE, dry=True)
    put_in = await asked(client, INSTALL, unit=BRAKE, dry=False)
    again = await asked(client, INSTALL, unit=BRAKE, dry=False)
    elsewhere = await asked(client, REMOVE, **{"from": BRAKE})
    taken = await asked(client, REMOVE, **{"from": A1})

    assert (tried["outcome"], tried["refusals"]) == (None, [])
    assert put_in["outcome"] == {"status": "applied", "code": None}
    assert (put_in["carrier"], put_in["aircraft"], put_in["position"]) == (A1, A1, "BRAKE-1")
    assert put_in["restsOn"] == "the bill of material calls for B"
    assert [one["rule"] for one in again["refusals"]] == ["unit-is-free"]
    assert [one["rule"] for one in elsewhere["refusals"]] == ["unit-is-there", "work-is-on-unit"][
        :1
    ]
    assert (taken["outcome"], taken["warnings"]) == ({"status": "applied"}, [])


async def test_another_part_number_takes_an_approval(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    refused = await asked(client, INSTALL, unit=ODD, dry=False)
    allowed = await asked(client, INSTALL, unit=ODD, dry=False, approval=ECO)
    (row,) = await fleet.read("MATCH ()-[r:CONTAINS]->() RETURN r.approval, r.reference")

    assert [one["rule"] for one in refused["refusals"]] == ["part-is-allowed-there"]
    assert "name the approval that allows it" in refused["refusals"][0]["why"]
    assert allowed["outcome"]["status"] == "applied"
    assert allowed["restsOn"].endswith(f"it is put there under {ECO}")
    assert row == [ECO, WO]


async def test_what_is_no_unit_is_an_error(client: httpx.AsyncClient, fleet: Graph) -> None:
    problem = await error(client, INSTALL, {"unit": WO, "dry": True})

    assert "unit: utcs:TEST:workorder:WO-1 is a workorder" in problem["message"]
