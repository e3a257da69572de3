"""The life of a unit, as it is asked over GraphQL, in a terminal and as a report."""

from __future__ import annotations

from pathlib import Path

import httpx
import orjson
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.test_cli import event, put
from tests.e2e.test_graphql import data

pytestmark = pytest.mark.timeout(300)

AIRCRAFT, PUMP = "utcs:TEST:aircraft:A-1", "utcs:TEST:serial:P-1"
FACTS = (
    put(AIRCRAFT, name="Ship 1", msn="1"),
    put(PUMP, name="Pump", serial_number="P-1", manufactured_on="2024-06-01"),
    {"fact": "put_link", "source": AIRCRAFT, "link": "CONTAINS", "target": PUMP, "slot": "29"},
)


async def test_a_life_is_told_with_its_events_and_gaps(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    (outcome,) = await submit(graph, [event("1", *FACTS)], Principal.of("anna", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    query = f"""{{ genealogy(id: "{PUMP}") {{
      isComplete total overlaps {{ since }}
      stays {{ whereabouts within {{ unit position }} aircraft until began {{ id actor }} }}
      gaps {{ since until before {{ since }} after {{ aircraft }} }} }} }}"""

    told = (await data(client, query))["genealogy"]

    assert told["stays"] == [
        {
            "whereabouts": "installed", "within": [{"unit": AIRCRAFT, "position": "29"}],
            "aircraft": AIRCRAFT, "until": None, "began": {"id": "1", "actor": "anna"},
        }
    ]  # fmt: skip
    assert told["gaps"] == [
        {
            "since": "2024-06-02T00:00:00.000000Z", "until": "2025-01-01T00:00:00.000000Z", "before": None,
            "after": {"aircraft": AIRCRAFT},
        }
    ]  # fmt: skip
    assert (told["total"], told["overlaps"], told["isComplete"]) == (1, [], False)


async def test_what_is_aboard_and_how_much_it_was_used_is_told(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    usage = "utcs:TEST:usage:U-1"
    facts = (
        *FACTS, put(usage, name="Counters", total_fh=1200, total_fc=800, measured_at="2025-01-01T00:00:00Z"),
        {"fact": "put_link", "source": usage, "link": "COUNTS", "target": PUMP},
    )  # fmt: skip
    (outcome,) = await submit(graph, [event("1", *facts)], Principal.of("anna", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    query = f"""{{
      configuration(unit: "{AIRCRAFT}", first: 1) {{
        total complete next units {{ position unit serialNumber holder slot since order thing {{ utcs }} }} }}
      accrued(unit: "{PUMP}") {{
        complete counters {{ counter unit total declaredBy flights }} sinceOverhaul {{ counter }} }} }}"""

    told = await data(client, query)

    assert told["configuration"] == {
        "total": 1, "complete": True, "next": None,
        "units": [{
            "position": "29", "unit": PUMP, "serialNumber": "P-1", "holder": AIRCRAFT, "slot": "29",
            "since": "2025-01-01T00:00:00.000000Z", "order": None, "thing": {"utcs": PUMP},
        }],
    }  # fmt: skip
    assert told["accrued"]["counters"][:2] == [
        {"counter": "fh", "unit": "FH", "total": 1200.0, "declaredBy": usage, "flights": 0},
        {"counter": "fc", "unit": "FC", "total": 800.0, "declaredBy": usage, "flights": 0},
    ]
    assert (told["accrued"]["complete"], told["accrued"]["sinceOverhaul"]) == (True, [])


def test_the_terminal_tells_life_tree_and_gaps_with_a_status(utcs: Utcs, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(orjson.dumps(event("1", *FACTS)))
    assert utcs("load", str(file)).code == 0

    life, as_json = utcs("genealogy", PUMP), utcs("genealogy", PUMP, "--gaps", "--json")
    tree, aboard = utcs("genealogy", AIRCRAFT), utcs("genealogy", AIRCRAFT, "--gaps")
    report = utcs("report", "genealogy", PUMP, "--format", "json")

    assert f"installed in {AIRCRAFT} at 29" in life.out
    assert tree.out.splitlines() == [f"-\tShip 1\t{AIRCRAFT}", f"29\tPump\t{PUMP}"]
    (gap,) = orjson.loads(as_json.out)["gaps"]
    assert (gap["before"], gap["after"]["whereabouts"]) == (None, "installed")
    assert aboard.out.splitlines() == [f"{PUMP}\t2024-06-02\t2025-01-01"]
    assert [one.code for one in (life, as_json, tree, aboard, report)] == [0, 1, 0, 1, 0]
    assert "Genealogy of Pump" in report.out
