"""Baselines and reconciliation as people meet them: over GraphQL, at the terminal, and as a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.test_graphql import data, error

pytestmark = pytest.mark.timeout(300)

SHIP, TANK, OTHER = "utcs:TEST:aircraft:A-1", "utcs:TEST:serial:T-1", "utcs:TEST:serial:T-2"
PART, TYPE = "utcs:TEST:part:P-1", "utcs:TEST:part:TYPE"
BASELINE = "utcs:TEST:baseline:AS-BUILT"


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": properties}


def link(source: str, type: str, target: str, **more: Any) -> dict[str, Any]:
    return {"fact": "put_link", "source": source, "link": type, "target": target, **more}


def events() -> list[dict[str, Any]]:
    """An aircraft of a type with one tank, which on the next day is replaced by one of no part number."""
    facts = [
        put(SHIP, name="Ship 1", serial_number="1", msn="1", delivered_on="2025-01-01"),
        put(TANK, name="Tank 1", serial_number="T-1"),
        put(OTHER, name="Tank 2", serial_number="T-2"),
        put(PART, name="Tank", number="P-1", is_serialised=True),
        put(TYPE, name="Type", number="TYPE", is_serialised=True),
        put("utcs:TEST:person:P-9", name="P-9", pseudonym="P-9"),
        link(TYPE, "HAS_COMPONENT", PART, slot="010"),
        link(SHIP, "INSTANCE_OF", TYPE),
        link(TANK, "INSTANCE_OF", PART),
        link(SHIP, "CONTAINS", TANK, slot="TANK"),
    ]
    later = [
        link(SHIP, "CONTAINS", TANK, slot="TANK") | {"fact": "end_link"},
        link(SHIP, "CONTAINS", OTHER, slot="TANK"),
    ]
    return [
        {"id": id, "source": "urn:test", "time": time, "data": {"facts": said}}
        for id, time, said in (
            ("1", "2025-01-01T00:00:00Z", facts), ("2", "2025-01-02T06:00:00Z", later),
        )
    ]  # fmt: skip


@pytest.fixture
async def ship(graph: Graph) -> Graph:
    outcomes = await submit(graph, events(), Principal.of("anna", "admin"))
    assert {one.status for one in outcomes} == {Status.APPLIED}, outcomes
    return graph


CREATE = f"""mutation {{ createBaseline(id: "{BASELINE}", rule: configuration, scopeRoot: "{SHIP}",
  category: as_built, name: "As built", signedBy: [{{role: "approved", person: "utcs:TEST:person:P-9"}}],
  asOf: "2025-01-01T12:00:00Z") {{ utcs merkleRoot members hash outcome {{ status }} thing {{ name }} }} }}"""


async def test_a_baseline_is_frozen_compared_and_verified_over_graphql(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    made = (await data(client, CREATE))["createBaseline"]
    again = (await data(client, CREATE))["createBaseline"]
    compare = f"""{{ baselineComparison(id: "{BASELINE}", fields: true) {{ added removed changed next
      changes {{ utcs name sort fields {{ field before after }} thing {{ name }} }} }} }}"""
    found = (await data(client, compare))["baselineComparison"]
    verify = f"""{{ baselineVerification(id: "{BASELINE}") {{ verified merkleRoot recomputed members
      problems faults {{ utcs problem }} differing }} }}"""
    verified = (await data(client, verify))["baselineVerification"]
    shown = await data(client, "{ baselines { nodes { name members rule } } }")

    assert (made["members"], made["outcome"]["status"], made["thing"]["name"]) == (
        2,
        "applied",
        "As built",
    )
    assert again == made | {"outcome": None}
    assert [(one["sort"], one["utcs"]) for one in found["changes"]] == [
        ("changed", SHIP), ("removed", TANK), ("added", OTHER),
    ]  # fmt: skip
    (slot,) = found["changes"][0]["fields"]
    assert (slot["field"], slot["before"]["target"], slot["after"]["target"]) == (
        "CONTAINS [TANK]", TANK, OTHER,
    )  # fmt: skip
    assert (verified["verified"], verified["recomputed"]) == (True, made["merkleRoot"])
    assert (verified["problems"], verified["faults"], verified["differing"]) == ([], [], 0)
    assert shown["baselines"]["nodes"][0]["rule"] == "configuration"


async def test_what_cannot_be_frozen_is_an_error_with_its_reason(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    await data(client, CREATE)

    taken = await error(client, CREATE.replace("T12:00", "T13:00"))
    wrong = await error(client, CREATE.replace(SHIP, PART).replace("AS-BUILT", "B-2"))

    assert "is frozen already" in taken["message"]
    assert "cannot be the root of the rule 'configuration'" in wrong["message"]


async def test_reconciliation_is_told_over_graphql(client: httpx.AsyncClient, ship: Graph) -> None:
    query = f"""{{ reconciliation(id: "{SHIP}") {{ part builtAt places built {{ verdict count }}
      maintained {{ verdict count }} exchanged complete notes next
      rows {{ position find designed fault exchanged
        built {{ verdict unit thing {{ name }} }} maintained {{ verdict unit part why }} }} }} }}"""

    found = (await data(client, query))["reconciliation"]

    assert (found["part"], found["places"], found["exchanged"]) == ("TYPE", 2, 1)
    assert found["built"] == [{"verdict": "as_designed", "count": 1}]
    rows = {row["position"]: row for row in found["rows"]}
    assert rows["TANK"]["maintained"]["verdict"] == "extra"
    assert rows["TANK"]["built"]["thing"] == {"name": "Tank 1"}
    assert rows["010"]["maintained"]["verdict"] == "missing"


def test_a_baseline_is_frozen_compared_and_handed_on_at_the_terminal(
    utcs: Utcs, tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join(map(orjson.dumps, events())))
    assert utcs("load", str(file)).code == 0
    export = tmp_path / "as-built.jsonl"
    create = ("baseline", "create", BASELINE, "--root", SHIP, "--as-of", "2025-01-01",
              "--signed-by", "approved=utcs:TEST:person:P-9")  # fmt: skip

    made, again = utcs(*create), utcs(*create)
    listed = utcs("baseline", "list", "--root", SHIP)
    shown = orjson.loads(utcs("baseline", "show", BASELINE, "--json").out)
    compared = utcs("baseline", "compare", BASELINE, "--fields")
    same = utcs("baseline", "compare", BASELINE, BASELINE)
    verified = utcs("baseline", "verify", BASELINE)
    exported = utcs("baseline", "export", BASELINE, str(export))

    assert (made.code, again.code, exported.code) == (0, 0, 0)
    assert "Frozen." in made.err
    assert "nothing was done" in again.err
    assert listed.out.split("\t")[3:] == ["2", BASELINE + "\n"]
    assert (compared.code, same.code, verified.code) == (1, 0, 0)
    assert f"CONTAINS [TANK]: {TANK} → {OTHER}" in compared.out
    assert verified.out.startswith("verified: 2 members give ")
    command = [sys.executable, "-I", str(tmp_path / "verify_baseline.py"), str(export)]
    alone = subprocess.run(
        [*command, shown["node"]["hash"]], capture_output=True, text=True, check=False
    )
    assert (alone.returncode, alone.stdout.splitlines()[-1]) == (0, "VERIFIED")


def test_what_is_wrong_at_the_terminal_is_said_with_its_exit_status(
    utcs: Utcs, tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join(map(orjson.dumps, events())))
    utcs("load", str(file))

    unknown = utcs("baseline", "create", BASELINE, "--root", "utcs:TEST:serial:none")
    early = utcs("baseline", "create", BASELINE, "--root", SHIP, "--as-of", "2200-01-01")
    signature = utcs("baseline", "create", BASELINE, "--root", SHIP, "--signed-by", "somebody")
    missing = utcs("baseline", "verify", BASELINE)

    assert [one.code for one in (unknown, early, signature, missing)] == [1, 2, 2, 1]
    assert "still to come" in early.err
    assert "is not role=person" in signature.err
