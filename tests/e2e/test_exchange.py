"""The exchanges by a client that knows only what is published: taken once, all or nothing, with reasons."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from jsonschema import Draft202012Validator

from api.keyring import Keyring
from graph.flows.submit import Principal
from graph.model.exchange.table import ANSWERED, EXCHANGES, REPORTED
from graph.store.database import Graph
from graph.store.letters import count_letters
from tests.e2e.documented import Documented
from tests.e2e.test_work_orders import head
from tests.store.linking import tell, thing
from tests.store.saying import day, event
from tests.store.test_exchange import (
    CERTIFICATIONS,
    DPP,
    FINDINGS,
    PARTS,
    PREDICTIONS,
    RESULTS,
    shop,
)
from tests.store.working import lot, signed_off

DOCS = Path(__file__).parents[2] / "docs"
BODIES = dict(
    zip(
        [one.name for one in REPORTED],
        [PARTS, FINDINGS, CERTIFICATIONS, RESULTS, PREDICTIONS],
        strict=True,
    )
)
PATHS = {one.name: one.path for one in REPORTED}


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    await shop(graph)
    return graph


@pytest.fixture
async def outside(client: httpx.AsyncClient) -> Documented:
    return await Documented.of(client)


async def post(
    outside: Documented, name: str, body: Any, dpp: str = DPP, **headers: str
) -> httpx.Response:
    places = {"dppId": dpp} if "{dppId}" in PATHS[name] else {}
    return await outside.post(PATHS[name], body, headers, **places)


def said(schema: Any) -> Any:
    """A schema as OpenAPI documents have it: that what is left out is null goes without saying."""
    if isinstance(schema, list):
        return [said(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {k: said(v) for k, v in schema.items() if not (k == "default" and v is None)}


async def test_the_document_and_the_page_have_each_exchange_of_the_table(
    client: httpx.AsyncClient,
) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    page = (DOCS / "exchange.md").read_text()

    for one in EXCHANGES:
        method = "get" if one.is_answer else "post"
        operation = paths[one.path][method]
        published = said(orjson.loads((DOCS / "schemas" / one.schema).read_bytes()))
        published.pop("$schema")
        if one.is_answer:
            told = operation["responses"]["200"]["content"]["application/json"]["schema"]
        else:
            told = operation["requestBody"]["content"]["application/json"]["schema"]
        assert told == published
        row = f"| `{method.upper()} {one.path}` | `{one.type}` | [schema](schemas/{one.schema}) |"
        assert row in page


@pytest.mark.parametrize("name", BODIES)
async def test_a_report_is_taken_once_and_answered_alike(
    fleet: Graph, outside: Documented, name: str
) -> None:
    before = await head(fleet)

    first = await post(outside, name, BODIES[name])
    again = await post(outside, name, BODIES[name] | {"at": "2025-01-05T02:00:00+02:00"})
    at_once = await asyncio.gather(*(post(outside, name, BODIES[name]) for _ in range(3)))
    other = await post(outside, name, BODIES[name] | {"at": day(5)})

    assert first.status_code == again.status_code == 200, first.json()
    assert {one.content for one in (again, *at_once)} == {first.content}
    assert await head(fleet) == before + 1 == first.json()["seq"]
    assert (other.status_code, other.json()["missing"][0]["rule"]) == (409, f"{name}/twice")


@pytest.mark.parametrize("name", BODIES)
async def test_of_many_equal_reports_at_once_one_is_taken(
    fleet: Graph, outside: Documented, name: str
) -> None:
    before = await head(fleet)

    answers = await asyncio.gather(*(post(outside, name, BODIES[name]) for _ in range(4)))

    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert await head(fleet) == before + 1


LATER = {"reportId": "NEW-1"}
UNIT2 = "utcs:TEST:serial:serial-2"


def one_of(name: str, **changes: Any) -> dict[str, Any]:
    """A report whose first item is changed."""
    listed = {"dpp.parts-usage": "parts", "dpp.findings": "findings",
              "dpp.technician-certifications": "certifications", "dpp.test-results": "results",
              "cmms.caos-predictions": "predictions"}[name]  # fmt: skip
    items = BODIES[name][listed]
    return BODIES[name] | {listed: [items[0] | changes, *items[1:]]}


P, F, C, T, A = BODIES
WRONG: list[tuple[str, dict[str, Any], int, str]] = [
    *[(name, BODIES[name] | {"at": "2025-01-05T10:00:00"}, 400, "at") for name in BODIES],
    *[(name, BODIES[name] | {"at": "2999-01-05T10:00:00Z"}, 400, "at") for name in BODIES],
    *[(name, BODIES[name] | {"reportId": "a b"}, 400, "reportId") for name in BODIES],
    *[(name, BODIES[name] | {"colour": "red"}, 400, "colour") for name in BODIES],
    (P, PARTS | {"workOrderId": "WO-NONE"}, 404, "workOrderId"),
    (P, PARTS | {"workOrderId": DPP}, 400, "workOrderId"),
    (P, one_of(P, part="DPP-PART-NONE"), 404, "parts.0.part"),
    (P, one_of(P, part=UNIT2), 400, "parts.0.part"),
    (P, one_of(P, quantity="2 kg"), 400, "parts.0.quantity"),
    (P, one_of(P, quantity=0), 400, "parts.0"),
    (P, one_of(P, quantity=-1), 400, "parts.0"),
    (P, one_of(P, unit="litres"), 400, "parts.0.unit"),
    (P, PARTS | {"parts": []}, 400, "parts"),
    (F, FINDINGS | {"reportedBy": "P-NONE"}, 404, "reportedBy"),
    (F, FINDINGS | {"reportedBy": UNIT2}, 400, "reportedBy"),
    (F, one_of(F, about=UNIT2), 400, "findings.0.about"),
    (F, one_of(F, lengthMm="1 inch"), 400, "findings.0.lengthMm"),
    (F, one_of(F, severity="terrible"), 400, "findings.0.severity"),
    (F, one_of(F, text="x" * 400), 400, "findings.0.text"),
    (F, FINDINGS | {"at": day(2)}, 400, "at"),
    (C, CERTIFICATIONS | {"technician": "P-NONE"}, 404, "technician"),
    (C, one_of(C, expiresOn="2024-01-01"), 400, "certifications.0"),
    (C, one_of(C, issuedOn="01.01.2025"), 400, "certifications.0.issuedOn"),
    (T, one_of(T, testCase="TC-NONE"), 404, "results.0.testCase"),
    (T, one_of(T, testCase=UNIT2), 400, "results.0.testCase"),
    (T, one_of(T, verdict="perhaps"), 400, "results.0.verdict"),
    (A, PREDICTIONS | {"dppId": "DPP-NONE"}, 404, "dppId"),
    (A, one_of(A, model="MV-NONE"), 404, "predictions.0.model"),
    (A, one_of(A, remainingFh="350 h"), 400, "predictions.0.remainingFh"),
    (A, one_of(A, probabilityPercent=101), 400, "predictions.0.probabilityPercent"),
    (A, one_of(A, remainingFh=None), 400, "predictions.0"),
]


async def test_a_wrong_report_names_field_and_fix_and_writes_nothing(
    fleet: Graph, outside: Documented
) -> None:
    before = await head(fleet)

    for name, body, status, field in WRONG:
        answer = await post(outside, name, body | LATER if "reportId" not in field else body)
        told = answer.json()
        assert answer.status_code == status, (name, field, told)
        assert [one["field"] for one in told["errors"]] == [field], told
        assert told["errors"][0]["fix"]
        assert field in told["detail"]
    assert await head(fleet) == before


FORBIDDEN: list[tuple[str, dict[str, Any], str, str]] = [
    (P, one_of(P, quantity=99), DPP, "part"),
    (P, one_of(P, unit="kilogram"), DPP, "unit"),
    (P, PARTS, "DPP-T-2", "asset"),
    (P, PARTS | {"at": day(1.1)}, DPP, ""),
    (F, FINDINGS | {"reportedBy": "utcs:TEST:person:person-pia"}, DPP, "finding.report/right"),
    (T, RESULTS | {"results": [RESULTS["results"][0]] * 2}, DPP, "number"),
]


async def test_what_the_record_does_not_allow_is_refused_with_the_rule(
    fleet: Graph, outside: Documented
) -> None:
    before = await head(fleet)

    for name, body, dpp, rule in FORBIDDEN:
        answer = await post(outside, name, body, dpp)
        told = answer.json()
        if not rule:
            assert answer.status_code == 404, told  # its stock was not there yet
            continue
        assert answer.status_code == 409, told
        expected = rule if "/" in rule else f"{name}/{rule}"
        assert expected in [one["rule"] for one in told["missing"]]
    assert await head(fleet) == before
    assert await count_letters(fleet) == await waiting(fleet) == 0


async def test_what_was_not_there_yet_is_refused_and_does_not_wait(
    fleet: Graph, outside: Documented
) -> None:
    await tell(fleet, event(thing("part-3"), on=2))
    await tell(fleet, event(*lot("stock-2", "part-3", quantity="5"), on=5))
    body = one_of(P, part="utcs:TEST:part:part-3")

    early = await post(outside, P, body)
    later = await post(outside, P, body | {"at": day(6)})

    assert (early.status_code, early.json()["missing"][0]["rule"]) == (409, f"{P}/refused")
    assert "stock-2 does not exist at 2025-01-05" in early.json()["detail"]
    assert later.status_code == 200, later.json()
    assert await count_letters(fleet) == await waiting(fleet) == 0


async def waiting(graph: Graph) -> int:
    return int((await graph.read("MATCH (p:Parked) RETURN count(p)"))[0][0])


async def test_bodies_that_are_too_large_broken_or_not_json_are_refused(
    fleet: Graph, client: httpx.AsyncClient
) -> None:
    path = PATHS[T].format(dppId=DPP)
    json = {"content-type": "application/json"}
    whole = orjson.dumps(RESULTS)

    large = await client.post(path, content=b" " * 300_000 + whole, headers=json)
    broken = await client.post(path, content=whole.replace(b"2 bar", b"2 \xff"), headers=json)
    cut = await client.post(path, content=whole[:-5], headers=json)
    text = await client.post(path, content=whole, headers={"content-type": "text/plain"})

    assert [one.status_code for one in (large, broken, cut, text)] == [413, 400, 400, 415]
    assert "UTF-8" in broken.json()["detail"]


async def test_rights_are_given_by_admins_and_reports_by_editors(
    fleet: Graph, client: httpx.AsyncClient, keyring: Keyring
) -> None:
    def bearer(role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {keyring.issue('token', Principal.of('eve', role))}"}

    rights = PATHS[C].format(dppId=DPP)
    results = PATHS[T].format(dppId=DPP)

    statuses = [
        (await client.post(path, json=body, headers=bearer(role))).status_code
        for path, body, role in (
            (rights, CERTIFICATIONS, "editor"), (results, RESULTS, "reader"),
            (results, RESULTS, "editor"), (rights, CERTIFICATIONS, "admin"),
        )
    ]  # fmt: skip

    assert statuses == [403, 403, 200, 200]


async def test_parts_that_were_reported_are_not_drawn_again_by_the_completion(
    fleet: Graph, outside: Documented, client: httpx.AsyncClient
) -> None:
    await post(outside, P, PARTS)
    await post(outside, P, PARTS | {"reportId": "PU-2", "at": day(4.1)})
    await signed_off(fleet)
    done = {
        "workOrderId": "WO-1", "completionDate": "2025-01-06", "findings": "No issues",
        "partsUsed": ["DPP-PART-1"] * 5, "returnToService": False,
    }  # fmt: skip
    answer = await outside.post("/api/v1/dpp/{dppId}/work-order-complete", done, dppId=DPP)
    stock = (await client.get("/api/v1/things/utcs:TEST:stock:stock-1")).json()

    assert answer.status_code == 200, answer.json()
    assert answer.json()["partsUsed"] == [{"stock": "utcs:TEST:stock:stock-1", "quantity": "5"}]
    assert stock["node"]["properties"]["quantity"] == "5"


@pytest.mark.parametrize("exchange", ANSWERED, ids=lambda one: one.name)
async def test_an_answer_is_given_at_any_two_times_as_its_schema_says(
    fleet: Graph, client: httpx.AsyncClient, exchange: Any
) -> None:
    path = exchange.path.format(dppId=DPP)
    schema = orjson.loads((DOCS / "schemas" / exchange.schema).read_bytes())

    now = await client.get(path)
    then = await client.get(path, params={"asOf": day(3), "knownAt": "2999-01-01T00:00:00Z"})
    never = await client.get(path, params={"asOf": "2020-01-01T00:00:00Z"})
    nobody = await client.get(exchange.path.format(dppId="DPP-NONE"))
    odd = await client.get(path, params={"asof": day(3)})

    for answer in (now, then):
        assert answer.status_code == 200, answer.json()
        Draft202012Validator(schema).validate(answer.json())
    assert [one.status_code for one in (never, nobody, odd)] == [404, 404, 400]
    assert nobody.json()["errors"][0]["field"] == "dppId"
    assert re.match("2025-01-04", then.json()["asOf"])
