"""Traceability over GraphQL: gaps, matrix, ways and links in doubt, cleared by whoever may."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graph.flows.submit import Principal, submit
from graph.store.database import Graph
from tests.e2e.test_graphql import data, error

REQUIREMENT, DESIGN, PART, CASE = (
    f"utcs:TEST:{kind}:{kind[0].upper()}-1"
    for kind in ("requirement", "design", "part", "testcase")
)


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs[-3:]} | properties}


def link(source: str, name: str, target: str) -> dict[str, Any]:
    return {"fact": "put_link", "source": source, "link": name, "target": target}


async def tell(graph: Graph, on: str, *facts: dict[str, Any]) -> None:
    event = {"id": on, "source": "urn:plm", "time": f"{on}T00:00:00Z", "data": {"facts": facts}}
    await submit(graph, [event], Principal.of("anna", "admin"))


@pytest.fixture
async def valve(graph: Graph) -> Graph:
    """A requirement that a design and a test case answer, and that was changed afterwards."""
    await tell(
        graph,
        "2025-01-01",
        put(REQUIREMENT, text="It shall close in 1 s.", number="R1"),
        put(DESIGN),
        put(PART, number="P-1"),
        put(CASE),
        link(DESIGN, "SATISFIES", REQUIREMENT),
        link(PART, "REALISES", DESIGN),
        link(CASE, "VERIFIES", REQUIREMENT),
    )
    await tell(graph, "2025-02-01", put(REQUIREMENT, text="It shall close in 2 s.", number="R1"))
    return graph


async def test_gaps_are_counted_and_listed_with_the_rule_they_break(
    client: httpx.AsyncClient, valve: Graph
) -> None:
    query = """{ traceRules { name }
      traceGapCounts(rules: ["testcase-result", "part-design"]) { rule { name } total of gaps { utcs } }
      traceGaps(rule: "testcase-result") {
        total of next gaps { utcs kind name thing { version } }
        rule { basis severity ways { links ends } } } }"""

    found = await data(client, query)

    counts = {one["rule"]["name"]: (one["total"], one["of"]) for one in found["traceGapCounts"]}
    assert counts == {"testcase-result": (1, 1), "part-design": (0, 1)}
    assert {"name": "task-basis"} in found["traceRules"]
    gaps = found["traceGaps"]
    assert gaps["gaps"] == [
        {"utcs": CASE, "kind": "testcase", "name": "T-1", "thing": {"version": 1}}
    ]
    assert gaps["rule"]["ways"] == [{"links": "HAS_RESULT", "ends": ["testresult"]}]


async def test_a_matrix_and_the_ways_tell_cells_links_and_doubt(
    client: httpx.AsyncClient, valve: Graph
) -> None:
    query = """query ($id: String!) {
      traceMatrix(columns: [design, test]) {
        of next totals { rows full score passed coverage { aspect covered orphans } }
        rows { number item { utcs } columns { aspect isCut cells {
          item { utcs kind } isSuspect links { link source target isSuspect } result { verdict } } } } }
      threadPaths(requirement: $id) {
        total parts units orders complete tests { item { utcs } }
        paths { stops { utcs } links { link isSuspect } tests { item { utcs } } } } }"""

    found = await data(client, query, {"id": REQUIREMENT})

    matrix = found["traceMatrix"]
    assert (matrix["of"], matrix["totals"]["rows"], matrix["totals"]["score"]) == (
        "requirement", 1, 100.0,
    )  # fmt: skip
    (row,) = matrix["rows"]
    design, test = row["columns"]
    assert (design["aspect"], test["aspect"]) == ("design", "test")
    assert design["cells"] == [
        {
            "item": {"utcs": DESIGN, "kind": "design"},
            "isSuspect": True,
            "links": [
                {"link": "SATISFIES", "source": DESIGN, "target": REQUIREMENT, "isSuspect": True}
            ],
            "result": None,
        }
    ]
    ways = found["threadPaths"]
    assert (ways["total"], ways["parts"], ways["units"], ways["complete"]) == (1, 1, 0, True)
    assert [stop["utcs"] for stop in ways["paths"][0]["stops"]] == [REQUIREMENT, DESIGN, PART]


async def test_a_link_in_doubt_is_told_and_cleared_by_whoever_may(
    client: httpx.AsyncClient, reader: httpx.AsyncClient, valve: Graph
) -> None:
    asked = """{ suspectLinks { total counts { link count } links { link source { utcs } target { name }
      lookedAt reviewed changes { utcs field old new since cause { actor } } } } }"""
    clear = """mutation ($reason: String!, $most: Int!) { clearSuspect(
      reason: $reason, kinds: [requirement], links: [SATISFIES], most: $most) {
        links { link } changedSince { link } event outcome { status } } }"""
    variables = {"reason": "It closes in 1 s.", "most": 1}

    found = (await data(client, asked))["suspectLinks"]
    refused = await error(reader, clear, variables)
    done = (await data(client, clear, variables))["clearSuspect"]
    after = (await data(client, asked))["suspectLinks"]

    assert found["counts"] == [{"link": "SATISFIES", "count": 1}, {"link": "VERIFIES", "count": 1}]
    (change,) = found["links"][0]["changes"]
    assert (change["field"], change["old"], change["new"]) == (
        "text", "It shall close in 1 s.", "It shall close in 2 s.",
    )  # fmt: skip
    assert refused["extensions"]["code"] == "FORBIDDEN"
    assert (done["links"], done["outcome"]) == ([{"link": "SATISFIES"}], {"status": "applied"})
    assert [one["link"] for one in after["links"]] == ["VERIFIES"]


async def test_a_trace_and_a_path_mark_the_links_in_doubt(
    client: httpx.AsyncClient, valve: Graph
) -> None:
    query = f"""{{
      trace(id: "{PART}") {{ things {{ utcs suspects {{ link source target slot }} }} }}
      paths(source: "{PART}", target: "{REQUIREMENT}") {{ paths {{ steps {{ link suspect }} }} }} }}"""

    found = await data(client, query)

    doubt = {"link": "SATISFIES", "source": DESIGN, "target": REQUIREMENT, "slot": None}
    assert found["trace"]["things"] == [
        {"utcs": DESIGN, "suspects": []}, {"utcs": REQUIREMENT, "suspects": [doubt]},
    ]  # fmt: skip
    assert found["paths"]["paths"] == [
        {"steps": [{"link": "REALISES", "suspect": False}, {"link": "SATISFIES", "suspect": True}]}
    ]


async def test_rest_marks_the_links_in_doubt_in_both_directions(
    client: httpx.AsyncClient, valve: Graph
) -> None:
    there = (await client.get(f"/api/v1/things/{PART}/trace")).json()
    back = (await client.get(f"/api/v1/things/{REQUIREMENT}/impact?kinds=design")).json()

    doubt = {"link": "SATISFIES", "source": DESIGN, "target": REQUIREMENT, "slot": None}
    assert [(one["utcs"], one["suspects"]) for one in there["things"]] == [
        (DESIGN, []), (REQUIREMENT, [doubt]),
    ]  # fmt: skip
    assert [(one["utcs"], one["suspects"]) for one in back["things"]] == [(DESIGN, [doubt])]
    assert (there["suspects_cut"], back["suspects_cut"]) == (None, None)
