"""The two calls of the guide, by a client that knows only what is published; GraphQL; the command."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from api.keyring import Keyring
from graph.flows.submit import Principal
from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.documented import Documented
from tests.e2e.test_graphql import data, error
from tests.store.working import ORDER, signed_off, station

DUE = "/api/v1/cmms/maintenance-due"
COMPLETE = "/api/v1/dpp/{dppId}/work-order-complete"
SIGNED = (
    ("performed", "tess", "2025-01-03T12:00:00Z"),
    ("inspected", "ivan", "2025-01-04T12:00:00Z"),
    ("certified", "cora", "2025-01-05T12:00:00Z"),
)
KEY = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    await station(graph)
    return graph


@pytest.fixture
async def outside(client: httpx.AsyncClient) -> Documented:
    return await Documented.of(client)


def due(outside: Documented, **changes: Any) -> dict[str, Any]:
    return outside.example(DUE) | {"dppId": "DPP-T-1"} | changes


def done(outside: Documented, **changes: Any) -> dict[str, Any]:
    said = {"workOrderId": "WO-1", "completionDate": "2025-01-05", "partsUsed": ["DPP-PART-1"]}
    return outside.example(COMPLETE) | said | changes


async def head(graph: Graph) -> int:
    return int((await graph.read("MATCH (l:Log {name: 'changes'}) RETURN l.seq"))[0][0])


async def test_maintenance_that_is_due_becomes_one_work_order(
    fleet: Graph, outside: Documented
) -> None:
    first = await outside.post(DUE, due(outside))
    again = await outside.post(DUE, due(outside, priority="HIGH", estimatedDuration="90 minutes"))
    late = await outside.post(DUE, due(outside, dueDate="2020-01-15"))

    told = first.json()
    assert (first.status_code, again.status_code, late.status_code) == (201, 200, 201)
    assert told["workOrderId"] == again.json()["workOrderId"] != late.json()["workOrderId"]
    assert (told["status"], told["priority"], told["estimatedDuration"]) == (
        "requested", "Medium", "4 hours",
    )  # fmt: skip
    assert [note.partition(":")[0] for note in again.json()["notes"]] == [
        "priority", "estimatedDuration",
    ]  # fmt: skip
    assert late.json()["isOverdue"] is True


WRONG_REQUESTS: list[tuple[dict[str, Any], int, str, str]] = [
    ({"estimatedDuration": "four hours"}, 400, "estimatedDuration", "as in 4 hours"),
    ({"estimatedDuration": "4"}, 400, "estimatedDuration", "as in 4 hours"),
    ({"estimatedDuration": "-4 hours"}, 400, "estimatedDuration", "as in 4 hours"),
    ({"estimatedDuration": "0 hours"}, 400, "estimatedDuration", "more than nothing"),
    ({"estimatedDuration": "4 hours\n"}, 400, "estimatedDuration", "as in 4 hours"),
    ({"priority": "Urgent"}, 400, "priority", "use Low, Medium, High, Critical"),
    ({"dueDate": "15.01.2026"}, 400, "dueDate", "YYYY-MM-DD"),
    ({"dueDate": "2026-02-30"}, 400, "dueDate", "YYYY-MM-DD"),
    ({"dueDate": "9999-01-01"}, 400, "dueDate", "century"),
    ({"dueDate": 20260115}, 400, "dueDate", "write it in quotes"),
    ({"maintenanceType": " "}, 400, "maintenanceType", "must match"),
    ({"dppId": "DPP-NONE-1"}, 404, "dppId", "record the thing"),
    ({"dppId": "DPP-PART-1"}, 400, "dppId", "give an aircraft"),
    ({"dppId": "MSN-10001"}, 400, "dppId", "must match"),
    ({"technician": "P-1"}, 400, "technician", "there is no such field"),
]


async def test_a_wrong_request_names_field_value_and_fix(fleet: Graph, outside: Documented) -> None:
    before = await head(fleet)

    for changes, status, field, fix in WRONG_REQUESTS:
        answer = await outside.post(DUE, due(outside, **changes))
        told = answer.json()
        assert (answer.status_code, told["errors"][0]["field"]) == (status, field)
        assert fix in told["detail"]
    assert await head(fleet) == before


async def test_a_completion_waits_for_its_sign_offs_and_is_then_granted(
    fleet: Graph, outside: Documented, client: httpx.AsyncClient
) -> None:
    refused = await outside.post(COMPLETE, done(outside), dppId="DPP-T-1")
    for slot, who, at in SIGNED:
        signer = f"utcs:TEST:person:person-{who}"
        await data(
            client,
            f"""mutation {{
            signWorkOrder(id: "WO-1", slot: "{slot}", signer: "{signer}", at: "{at}") {{ state }} }}""",
        )
    granted = await outside.post(COMPLETE, done(outside), dppId="DPP-T-1")
    again = await outside.post(COMPLETE, done(outside), dppId="DPP-T-1")
    other = await outside.post(COMPLETE, done(outside, findings="A leak."), dppId="DPP-T-1")

    assert refused.status_code == 409
    assert [one["problem"].partition(":")[0] for one in refused.json()["missing"]] == [
        "performed", "inspected", "certified",
    ]  # fmt: skip
    assert granted.status_code == 200
    assert (granted.json()["status"], granted.json()["certifiedBy"]) == ("released", "person-cora")
    assert (again.status_code, again.content) == (200, granted.content)
    assert (other.status_code, other.json()["missing"][0]["rule"]) == (
        409, "workorder.complete/twice",
    )  # fmt: skip


WRONG_REPORTS: list[tuple[dict[str, Any], int, str | None]] = [
    ({"workOrderId": "WO-NONE"}, 404, "workOrderId"),
    ({"workOrderId": "DPP-T-1"}, 400, "workOrderId"),
    ({"partsUsed": ["DPP-PART-NONE"]}, 404, "partsUsed"),
    ({"partsUsed": ["DPP-T-2"]}, 400, "partsUsed"),
    ({"partsUsed": "DPP-PART-1"}, 400, "partsUsed"),
    ({"completionDate": "2025-01-05T10:00:00"}, 400, "completionDate"),
    ({"completionDate": "2025-02-30"}, 400, "completionDate"),
    ({"completionDate": "2999-01-01"}, 409, None),
    ({"returnToService": "yes"}, 400, "returnToService"),
    ({"findings": "x" * 10_001}, 400, "findings"),
    ({"findings": "x" * 300_000}, 413, None),
]


async def test_a_wrong_report_is_refused_and_nothing_half_done(
    fleet: Graph, outside: Documented
) -> None:
    await signed_off(fleet)
    before = await head(fleet)

    for changes, status, where in WRONG_REPORTS:
        answer = await outside.post(COMPLETE, done(outside, **changes), dppId="DPP-T-1")
        told = answer.json()
        assert answer.status_code == status, told
        assert [one["field"] for one in told.get("errors", [])] == ([where] if where else [])
    assert await head(fleet) == before


async def test_a_work_order_of_another_aircraft_is_refused(
    fleet: Graph, outside: Documented
) -> None:
    await signed_off(fleet)

    foreign = await outside.post(COMPLETE, done(outside), dppId="DPP-T-2")

    assert foreign.json()["missing"] == [
        {"rule": "workorder.complete/asset",
         "problem": "workOrderId: workorder-1 is on aircraft-1, not on aircraft-2"},
    ]  # fmt: skip


async def test_of_many_equal_reports_at_once_all_are_answered_alike(
    fleet: Graph, outside: Documented
) -> None:
    await signed_off(fleet)

    answers = await asyncio.gather(
        *(outside.post(COMPLETE, done(outside), dppId="DPP-T-1") for _ in range(4))
    )

    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}


async def test_a_key_stands_for_one_request_and_answers_it_again(
    fleet: Graph, outside: Documented
) -> None:
    first = await outside.post(DUE, due(outside), KEY)
    again = await outside.post(DUE, due(outside), KEY)
    other = await outside.post(DUE, due(outside, dueDate="2026-01-16"), KEY)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content


async def test_the_calls_take_json_from_those_who_may_write(
    fleet: Graph, outside: Documented, client: httpx.AsyncClient, keyring: Keyring
) -> None:
    reader = {"Authorization": f"Bearer {keyring.issue('token', Principal.of('eve', 'reader'))}"}
    body = orjson.dumps(due(outside))

    forbidden = await outside.post(DUE, due(outside), reader)
    media = await client.post(DUE, content=body, headers={"Content-Type": "text/plain"})
    broken = await client.post(DUE, content=body[:-1], headers={"Content-Type": "application/json"})

    assert (forbidden.status_code, media.status_code, broken.status_code) == (403, 415, 400)


def test_the_document_refuses_what_the_service_refuses(outside_document: Documented) -> None:
    example = outside_document.example(DUE)

    assert not outside_document.takes(DUE, example | {"estimatedDuration": "four hours"})
    assert not outside_document.takes(DUE, example | {"priority": "Urgent"})
    assert not outside_document.takes(COMPLETE, outside_document.example(DUE))


@pytest.fixture
def outside_document(app: Any) -> Documented:
    return Documented(httpx.AsyncClient(), app.openapi())


async def test_steps_findings_and_what_is_missing_are_told_over_graphql(
    fleet: Graph, client: httpx.AsyncClient
) -> None:
    tess = 'signer: "utcs:TEST:person:person-tess"'

    made = await data(
        client,
        f"""mutation {{
      performWorkOrder(id: "WO-1", {tess}, at: "2025-01-04T10:00:00Z",
        input: {{workPerformed: "Looked at it.", actualH: 3.5}})
      {{ step state outcome {{ status }} }} }}""",
    )
    found = await data(
        client,
        f"""mutation {{ reportFinding(
      id: "WO-1", name: "Cover is scratched.", severity: minor, {tess}) {{ utcs state }} }}""",
    )
    put_off = await data(client, f"""mutation {{
      deferFinding(id: "{found["reportFinding"]["utcs"]}", category: mel_c, reference: "MEL 53-11",
        reason: "No spare.", signer: "utcs:TEST:person:person-cora") {{ state deferral }} }}""")  # fmt: skip
    refused = await error(
        client, f'mutation {{ releaseWorkOrder(id: "WO-1", {tess}) {{ state }} }}'
    )
    told = await data(client, """{ workOrderCourse(id: "WO-1") {
      number status nextSteps required missing { rule problem } signOffs { slot signer }
      findings { name status } units { utcs } steps { status } releases cut } }""")  # fmt: skip
    listed = await data(client, """{ workOrderList(asset: "DPP-T-1", states: ["performed"]) {
      orders { number units } next } }""")  # fmt: skip

    course = told["workOrderCourse"]
    assert made["performWorkOrder"] == {
        "step": "perform", "state": "performed", "outcome": {"status": "applied"},
    }  # fmt: skip
    assert put_off["deferFinding"]["state"] == "deferred"
    assert refused["extensions"]["code"] == "RULE_BROKEN"
    assert (course["status"], course["nextSteps"]) == (
        "performed",
        ["inspect", "reject", "release"],
    )
    assert [one["problem"].partition(":")[0] for one in course["missing"]] == [
        "inspected",
        "certified",
    ]
    assert course["findings"] == [{"name": "Cover is scratched.", "status": "deferred"}]
    assert listed["workOrderList"]["orders"] == [
        {"number": "WO-1", "units": ["utcs:TEST:aircraft:aircraft-1"]}
    ]


async def test_the_command_tells_what_is_missing_signs_and_completes(
    fleet: Graph, utcs: Utcs
) -> None:
    def typed(*words: str) -> Any:
        return asyncio.to_thread(utcs, "workorder", *words)

    before = await typed("show", "WO-1", "--json")
    refused = await typed("complete", "WO-1", "--on", "2025-01-05", "--json")
    for slot, who, at in SIGNED:
        await typed("sign", "WO-1", slot, "--signer", f"person-{who}", "--at", at)
    done = await typed("complete", "WO-1", "--on", "2025-01-05", "--part", "DPP-PART-1")
    listed = await typed("list", "--state", "released", "--json")
    asked = await typed("request", "DPP-T-1", "Oil change", "2020-01-01", "--duration", "2 hours")

    assert (before.code, len(orjson.loads(before.out)["missing"])) == (1, 3)
    assert (refused.code, len(orjson.loads(refused.out)["missing"])) == (1, 3)
    assert (done.code, done.out.splitlines()[0]) == (
        0, "WO-1  released, released by CRS-workorder-1",
    )  # fmt: skip
    assert orjson.loads(listed.out)["orders"][0]["utcs"] == str(ORDER)
    assert asked.out.split()[1:] == ["requested,", "overdue"]
    assert (await typed("request", "DPP-T-1", "x", "soon")).code == 2
