"""Compliance, status and record lint over GraphQL: asked, recorded, and refused with the rule."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.test_graphql import data, error

A1, AD, WO, CRS = (
    f"utcs:TEST:{name}" for name in ("aircraft:A1", "directive:AD-1", "workorder:WO-1", "release:CRS-1")
)  # fmt: skip
AT = 'asOf: "2025-03-01"'


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs} | properties}


def link(source: str, type: str, target: str) -> dict[str, Any]:
    return {"fact": "put_link", "source": source, "link": type, "target": target}


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """An aircraft, a directive that applies to it, and a released work order on it."""
    directive = {"effective_on": "2025-01-01", "threshold_days": 90, "interval_fh": 100}
    facts = [
        put(A1, msn="A1", delivered_on="2024-01-01"),
        put(AD, number="AD-1", issued_on="2025-01-01", **directive),
        link(A1, "SUBJECT_TO", AD),
        put(WO, number="WO-1", status="released", ended_at="2025-02-01T12:00:00Z"),
        link(WO, "WORKS_ON", A1),
        put(CRS, form="crs", status="valid"),
        link(CRS, "RELEASES", WO),
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


COMPLY = """
    mutation ($fh: Float, $dry: Boolean!) {
      comply(unit: "utcs:TEST:aircraft:A1", change: "utcs:TEST:directive:AD-1",
             workOrder: "utcs:TEST:workorder:WO-1", method: "Part 2", totalFh: $fh, dryRun: $dry) {
        doneAt life { fh day } nextDue { fh } refusals { rule why } outcome { status }
      }
    }"""


async def test_a_directive_is_open_until_compliance_is_recorded(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    query = f"""{{ compliance({AT}) {{
      day units demands next counts {{ standing count }}
      standpoints {{ unit demand number isMandatory applies because standing why notes thing {{ name }}
        due {{ fh fc day }} remaining {{ days }}
        done {{ at {{ fh }} method workOrder isTerminating }} }} }} }}"""

    (before,) = (await data(client, query))["compliance"]["standpoints"]
    refused = (await data(client, COMPLY, {"dry": False}))["comply"]
    made = (await data(client, COMPLY, {"fh": 50, "dry": False}))["comply"]
    told = (await data(client, query))["compliance"]

    assert (before["standing"], before["applies"], before["done"]) == ("open", True, None)
    assert before["due"] == {"fh": None, "fc": None, "day": "2025-04-01"}
    assert before["thing"] == {"name": A1}
    assert [one["rule"] for one in refused["refusals"]] == ["counters-are-known"]
    assert refused["outcome"] is None
    assert made["outcome"] == {"status": "applied"}
    assert made["nextDue"] == {"fh": 150}
    (after,) = told["standpoints"]
    assert after["done"] == {
        "at": {"fh": 50}, "method": "Part 2", "workOrder": WO, "isTerminating": False,
    }  # fmt: skip
    assert (told["units"], told["demands"], told["next"]) == (1, 1, None)


async def test_status_history_and_lint_are_told(client: httpx.AsyncClient, fleet: Graph) -> None:
    query = f"""{{
      statusOf(id: "{A1}", {AT}) {{
        identity {{ utcs }} counters {{ counter total }} releases {{ releases isValid }}
        compliance {{ counts {{ standing count }} }} openRecords {{ about }} openOrders {{ utcs }} cut }}
      maintenanceHistory(id: "{A1}", {AT}) {{ total next entries {{ sort record kind other }} }}
      recordLint(profile: faa, about: "{A1}", {AT}) {{
        examined next findings {{ utcs rule clause missing severity }} }}
      campaign(change: "{AD}") {{ units }}
    }}"""

    problem = await error(client, query)
    found = await data(client, query.replace(f'campaign(change: "{AD}") {{ units }}', ""))

    assert "is not embodied in units" in problem["message"]
    status = found["statusOf"]
    assert status["releases"] == [{"releases": WO, "isValid": True}]
    assert status["compliance"]["counts"] == [{"standing": "open", "count": 1}]
    history = found["maintenanceHistory"]
    assert [(e["sort"], e["record"]) for e in history["entries"]] == [
        ("release", CRS), ("work", WO),
    ]  # fmt: skip
    lint = found["recordLint"]
    assert {(f["utcs"], f["rule"]) for f in lint["findings"]} == {
        (A1, "aircraft-time"), (WO, "work-described"), (WO, "work-performer"), (CRS, "release-signed"),
    }  # fmt: skip


async def test_a_change_is_embodied_by_an_editor(client: httpx.AsyncClient, fleet: Graph) -> None:
    bulletin = "utcs:TEST:bulletin:SB-1"
    event = {
        "id": "2", "source": "urn:test", "time": "2025-01-02T00:00:00Z",
        "data": {"facts": [put(bulletin, number="SB-1"), link(A1, "SUBJECT_TO", bulletin)]},
    }  # fmt: skip
    await submit(fleet, [event], Principal.of("anna", "admin"))

    made = await data(
        client,
        f"""mutation {{ embody(unit: "{A1}", change: "{bulletin}", workOrder: "{WO}") {{
          refusals {{ rule }} outcome {{ status }} }} }}""",
    )
    told = await data(
        client,
        f"""{{ campaign(change: "{bulletin}", progress: [embodied]) {{
          counts {{ progress count }} embodiments {{ unit progress done {{ workOrder }} }} }} }}""",
    )

    assert made["embody"] == {"refusals": [], "outcome": {"status": "applied"}}
    assert told["campaign"] == {
        "counts": [{"progress": "embodied", "count": 1}],
        "embodiments": [{"unit": A1, "progress": "embodied", "done": {"workOrder": WO}}],
    }
