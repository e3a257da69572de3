"""What is due over GraphQL, REST and the command line: one answer in three forms, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from graph.flows.submit import Principal, submit
from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.test_graphql import data, error

A1, PART, TASK, LATE, WO = (
    f"utcs:TEST:{name}"
    for name in ("aircraft:A1", "part:P-1", "task:T-1", "task:T-2", "workorder:WO-1")
)
AT = "2025-03-01"


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs} | properties}


def link(source: str, type: str, target: str) -> dict[str, Any]:
    return {"fact": "put_link", "source": source, "link": type, "target": target}


def said() -> dict[str, Any]:
    """An aircraft with two tasks, one done in time and one never."""
    facts = [
        put(A1, msn="A1", delivered_on="2025-01-01", aliases=["dpp:DPP-H2-001"]),
        put(PART, number="P-1"),
        link(A1, "INSTANCE_OF", PART),
        put(TASK, number="28-1", interval_days=40, skill="B1", access=["141AL"], estimated_h="1.5"),
        put(LATE, number="28-2", threshold_days=50, tolerance_days=3),
        *(link(task, "PERFORMED_ON", PART) for task in (TASK, LATE)),
        put(WO, number="WO-1", status="released", ended_at="2025-02-01T12:00:00Z"),
        link(WO, "WORKS_ON", A1),
        link(WO, "EXECUTES", TASK),
    ]
    return {
        "id": "1",
        "source": "urn:test",
        "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    (outcome,) = await submit(graph, [said()], Principal.of("anna", "admin"))
    assert outcome.status == "applied", outcome
    return graph


async def test_graphql_and_rest_tell_the_same_list(client: httpx.AsyncClient, fleet: Graph) -> None:
    query = f"""{{ dueList(about: "DPP-H2-001", asOf: "{AT}") {{
      day total aircraft next counts {{ standing count }}
      utilisation {{ aircraft unit windowDays mean low high gap }}
      items {{ unit unitName aircraft position standing why orders notes
        rule {{ sort utcs number name schedule performedOn zones access skill labourH tasks
           thing {{ name }} }}
        limits {{ unit limit tolerance at on remaining gap isLate isOver }}
        forecast {{ on earliest latest gap }} last {{ on fh fc order reference }} }} }} }}"""

    told = (await data(client, query))["dueList"]
    rest = (await client.get(f"/api/v1/due?about=DPP-H2-001&asOf={AT}")).json()

    late, done = told["items"]
    assert (late["standing"], late["why"], late["last"]) == (
        "overdue", "due on 2025-02-20 (9 days over)", None,
    )  # fmt: skip
    assert (done["standing"], done["forecast"]["on"]) == ("due_soon", "2025-03-13")
    assert done["last"] == {
        "on": "2025-02-01", "fh": None, "fc": None, "order": WO, "reference": "WO-1",
    }  # fmt: skip
    assert done["rule"]["thing"] == {"name": TASK}
    assert {one["standing"]: one["count"] for one in told["counts"]} == rest["counts"]
    assert [one["why"] for one in told["items"]] == [one["why"] for one in rest["items"]]
    assert (told["total"], told["aircraft"], told["next"]) == (2, 1, None)
    assert rest["items"][0]["limits"][0]["is_over"] is True
    assert rest["utilisation"][0]["gaps"]["FH"].startswith("no FH were declared")


async def test_packages_are_told_by_both(client: httpx.AsyncClient, fleet: Graph) -> None:
    query = f"""{{ duePackages(within: "30d", asOf: "{AT}") {{ day unplaced {{ why }} packages {{
      stops on labourH unstated earlyDays late
      blocks {{ skill zones access labourH items {{ rule {{ number }} }} }} }} }} }}"""

    (first, second) = (await data(client, query))["duePackages"]["packages"]
    rest = (
        await client.get(f"/api/v1/due/packages?within=30d&asOf={AT}&earlyDays=20&earlyPercent=90")
    ).json()

    assert (first["on"], first["late"], first["stops"]) == (AT, 1, A1)
    assert (second["on"], second["labourH"], second["blocks"][0]["skill"]) == (
        "2025-03-13",
        1.5,
        "B1",
    )
    (package,) = rest["packages"]
    numbers = [i["rule"]["number"] for b in package["blocks"] for i in b["items"]]
    assert (sorted(numbers), package["early_days"]) == (["28-1", "28-2"], 12)


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("about=utcs:TEST:part:P-1", 400, "give an aircraft or a serialised unit"),
        ("about=utcs:TEST:aircraft:NONE", 404, "NONE"),
        ("about=utcs:TEST", 400, "about: "),
        ("within=soon", 400, "is no horizon"),
        ("within=99999d", 400, "from 0 to 36,500 days"),
        ("windowDays=1", 400, "windowDays: 1 is out of bounds"),
        ("first=0", 400, "first: 0 is out of bounds"),
        ("after=x", 400, "is not a cursor"),
        ("sort=magic", 400, "sort"),
        ("standing=fine", 400, "standing"),
        ("asOf=2025-03-01T00:00:00", 400, "has no offset"),
        ("horizon=90d", 400, "horizon"),
    ],
)
async def test_what_is_wrong_is_a_problem_that_names_it(
    client: httpx.AsyncClient, fleet: Graph, query: str, status: int, word: str
) -> None:
    answer = await client.get(f"/api/v1/due?{query}")

    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    assert word in answer.json()["detail"]


async def test_graphql_names_the_field_that_is_wrong(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    failed = await error(client, '{ dueList(within: "90") { total } }')

    assert "is no horizon; give days, FH or FC" in failed["message"]


@pytest.mark.timeout(300)
def test_the_command_says_what_is_due_and_its_status_whether_anything_is_overdue(
    utcs: Utcs, tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(orjson.dumps(said()))
    assert utcs("load", str(file)).code == 0

    late = utcs("due", "DPP-H2-001", "--as-of", AT)
    early = utcs("due", "--as-of", "2025-02-10", "--json")
    packed = utcs("due", "--packages", "--within", "30d", "--as-of", AT)
    wrong = utcs("due", "--within", "soon")

    assert late.code == 1
    assert "overdue\tA1\t28-2\t" in late.out
    assert "On 2025-03-01: 1 overdue, 1 due soon, on 1 aircraft" in late.err
    assert early.code == 0
    assert orjson.loads(early.out)["counts"]["overdue"] == 0
    assert packed.code == 1
    assert "A1 by 2025-03-01: 1 item, 0 h, 1 late" in packed.out
    assert (wrong.code, wrong.out) == (2, "")
    assert "--within: 'soon' is no horizon" in wrong.err
