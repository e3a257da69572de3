"""Master data over GraphQL and REST: found, proposed, merged, judged and scored by whoever may."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.test_graphql import ask, data, error

ONE, OTHER, THIRD = (f"utcs:TEST:part:P-{n}" for n in (1, 2, 3))
QUALITY = "/api/v1/quality"


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": "Valve"} | properties}


@pytest.fixture
async def parts(graph: Graph) -> Graph:
    """Two parts that are one, a third that is not, and their source."""
    facts = [
        put(ONE, number="P-100", cage="0AB12", material="steel"),
        put(OTHER, number="P\u2013100", cage="0AB12", mass_kg=2, aliases=["erp:42"]),
        put(THIRD, number="P-200", cage="0AB12"),
        put("utcs:TEST:source:PLM", uri="urn:plm"),
    ]
    event = {
        "id": "1",
        "source": "urn:plm",
        "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }
    (outcome,) = await submit(graph, [event], Principal.of("anna", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    return graph


async def test_findings_are_told_the_same_over_graphql_and_rest(
    client: httpx.AsyncClient, parts: Graph
) -> None:
    query = """{ qualityFindings(kind: part, rules: ["plain-code", "part-cage"]) {
      findings { utcs rule sort severity field problem value source thing { name } } examined next } }"""

    page = (await data(client, query))["qualityFindings"]
    answer = await client.get(f"{QUALITY}/findings?kind=part&rule=plain-code&rule=part-cage")

    (found,) = page["findings"]
    assert (found["utcs"], found["value"], found["source"]) == (OTHER, "P-100", "urn:plm")
    assert found.pop("thing") == {"name": "Valve"}
    (told,) = answer.json()["findings"]
    assert {name: told[name] for name in found} == found
    assert (page["examined"], page["next"]) == (3, None)


async def test_rules_can_be_read_up(client: httpx.AsyncClient, graph: Graph) -> None:
    query = "{ qualityRules(kind: serial) { name sort kinds severity weight dimension basis } }"

    told = (await data(client, query))["qualityRules"]
    answer = (await client.get(f"{QUALITY}/rules", params={"kind": "serial"})).json()["rules"]

    assert [rule["name"] for rule in told] == [rule["name"] for rule in answer]
    assert {rule["name"]: rule["weight"] for rule in told}["serial-part"] == 5
    assert len((await client.get(f"{QUALITY}/rules")).json()["rules"]) > len(answer)


async def test_a_pair_is_found_planned_merged_and_its_alias_leads_on(
    client: httpx.AsyncClient, parts: Graph
) -> None:
    pairs = """{ duplicateCandidates(kind: part) { total complete cut pairs {
      first second verdict score veto comparisons { feature first second contribution } } } }"""
    merge = f"""mutation ($dry: Boolean!) {{ merge(survivor: "{ONE}", duplicate: "{OTHER}",
      reason: "one drawing", prefer: [{{field: "number", side: survivor}}], dryRun: $dry) {{
      choices {{ field value why }} moves {{ reads }} conflicts warnings event outcome {{ status }} }} }}"""

    (best, *_) = (await data(client, pairs))["duplicateCandidates"]["pairs"]
    plan = (await data(client, merge, {"dry": True}))["merge"]
    made = (await data(client, merge, {"dry": False}))["merge"]

    assert (best["first"], best["second"], best["verdict"]) == (ONE, OTHER, "likely")
    assert plan["outcome"] is None
    assert made["outcome"] == {"status": "applied"}
    assert {one["field"]: one["value"] for one in made["choices"]} == {
        "number": "P-100", "mass_kg": "2", "aliases": ["erp:42"],
    }  # fmt: skip
    shown = (await client.get(f"/api/v1/things/{OTHER}")).json()
    assert (shown["standing"], shown["merged_into"]) == ("ended", ONE)
    assert (await client.get("/api/v1/things/erp:42")).json()["node"]["utcs"] == ONE
    missing = await client.get(f"/api/v1/things/{OTHER}/trace")
    assert (missing.status_code, ONE in missing.json()["detail"]) == (404, True)
    page = (await client.get(f"/things/{OTHER}", headers={"Accept": "text/html"})).text
    assert f'it was merged into <a href="/things/{ONE}">' in page
    past = f'{{ history(id: "{OTHER}") {{ rows {{ mergedInto }} }} }}'
    assert {"mergedInto": ONE} in (await data(client, past))["history"]["rows"]


async def test_a_judgement_keeps_a_pair_away(client: httpx.AsyncClient, parts: Graph) -> None:
    judge = (
        f'mutation {{ notDuplicate(first: "{ONE}", second: "{OTHER}", reason: "x") {{ status }} }}'
    )
    before = (await client.get(f"{QUALITY}/duplicates?kind=part")).json()

    outcome = (await data(client, judge))["notDuplicate"]

    after = (await client.get(f"{QUALITY}/duplicates?kind=part")).json()
    assert outcome == {"status": "applied"}
    assert after["total"] == before["total"] - 1


async def test_cleansing_is_a_dry_run_unless_told_otherwise(
    client: httpx.AsyncClient, parts: Graph
) -> None:
    query = """mutation ($dry: Boolean) { cleanse(kind: part, dryRun: $dry) {
      proposals { utcs changes { field old new rule why } outcome { status } } } }"""

    proposed = (await data(client, query))["cleanse"]["proposals"]
    done = (await data(client, query, {"dry": False}))["cleanse"]["proposals"]

    assert [(one["utcs"], one["outcome"]) for one in proposed] == [(OTHER, None)]
    assert [one["outcome"] for one in done] == [{"status": "applied"}]
    assert (await client.get(f"/api/v1/things/{OTHER}")).json()["node"]["properties"][
        "number"
    ] == "P-100"


async def test_scores_are_stated_and_told_as_a_series(
    client: httpx.AsyncClient, parts: Graph
) -> None:
    score = "mutation { scoreSources { uri utcs percent outcome { status } } }"
    series = """{ sourceQuality(source: "utcs:TEST:source:PLM") {
      uri points { percent counts source id } } }"""

    scores = (await data(client, score))["scoreSources"]
    (told,) = (await data(client, series))["sourceQuality"]

    plm = next(one for one in scores if one["uri"] == "urn:plm")
    (point,) = told["points"]
    assert plm["outcome"] == {"status": "applied"}
    assert point["percent"] == plm["percent"]
    assert point["counts"]["accepted"] == 1
    answer = (await client.get(f"{QUALITY}/sources")).json()["sources"]
    assert [one["points"][0]["percent"] for one in answer] == [plm["percent"]]


async def test_what_is_wrong_with_a_question_is_said(
    client: httpx.AsyncClient, parts: Graph
) -> None:
    kind = await client.get(f"{QUALITY}/findings?kind=prat")
    rule = await client.get(f"{QUALITY}/findings?kind=part&rule=colour")
    cursor = await client.get(f"{QUALITY}/duplicates?kind=part&after=x")
    strange = await error(client, '{ qualityFindings(kind: part, rules: ["x"]) { next } }')

    assert [(a.status_code, a.json()["code"]) for a in (kind, rule, cursor)] == [
        (400, "BAD_QUESTION")
    ] * 3
    assert "did you mean part" in kind.json()["detail"]
    assert strange["extensions"]["code"] == "BAD_QUESTION"


async def test_a_reader_may_look_and_may_not_change(
    reader: httpx.AsyncClient, parts: Graph
) -> None:
    async with reader as asking:
        seen = await ask(asking, "{ qualityFindings(kind: part) { examined } }")
        for change in (
            "scoreSources { uri }",
            "cleanse(kind: part, dryRun: false) { examined }",
            f'merge(survivor: "{ONE}", duplicate: "{OTHER}", reason: "x", dryRun: false) {{ event }}',
            f'notDuplicate(first: "{ONE}", second: "{OTHER}", reason: "x") {{ status }}',
        ):
            refused = await error(asking, f"mutation {{ {change} }}")

            assert refused["extensions"]["code"] == "FORBIDDEN", change
    assert seen["data"]["qualityFindings"]["examined"] == 3
