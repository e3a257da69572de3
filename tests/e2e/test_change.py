"""Changes over GraphQL: raised, signed, decided, told and tried on, by whoever may."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.keyring import Keyring
from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.conftest import URL
from tests.e2e.test_graphql import data, error

ECR, OLD, NEW = "utcs:TEST:ecr:1", "utcs:TEST:part:OLD", "utcs:TEST:part:NEW"
ANN, BO, CLEO = (f"utcs:TEST:person:{name}" for name in ("ann", "bo", "cleo"))


def person(utcs: str, role: str, grade: str | None = None) -> list[dict[str, Any]]:
    name = utcs.rpartition(":")[2]
    said = {"name": name, "pseudonym": name, "roles": [role]}
    facts: list[dict[str, Any]] = [{"fact": "put_node", "utcs": utcs, "properties": said}]
    if grade:
        right = f"utcs:TEST:qualification:{name}"
        given = {"name": right, "category": "authorisation", "grade": grade, "status": "valid"}
        facts.append({"fact": "put_node", "utcs": right, "properties": given})
        facts.append({"fact": "put_link", "source": utcs, "link": "QUALIFIED_BY", "target": right})
    return facts


@pytest.fixture
async def office(graph: Graph) -> Graph:
    """Three people and a part."""
    facts = [
        *person(ANN, "design engineer"), *person(BO, "change board", "CCB"),
        *person(CLEO, "configuration management", "CM"),
        {"fact": "put_node", "utcs": OLD, "properties": {"name": "Seal", "number": "OLD"}},
    ]  # fmt: skip
    event = {
        "id": "1",
        "source": "urn:hr",
        "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }
    (outcome,) = await submit(graph, [event], Principal.of("hr", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    return graph


def client_of(app: FastAPI, keyring: Keyring, actor: str, role: str) -> httpx.AsyncClient:
    token = keyring.issue("token", Principal.of(actor, role))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url=URL, headers={"Authorization": f"Bearer {token}"}
    )


RAISE = """mutation { raiseEcr(utcs: "%s", signer: "%s", about: ["%s"],
  input: {name: "Seal leaks", reason: "It leaks.", proposal: "Another seal.", changeClass: minor})
  { step state signer outcome { status } } }"""


def step(name: str, signer: str, more: str = "") -> str:
    return (
        f'mutation {{ {name}(id: "{ECR}", signer: "{signer}"{more}) '
        "{ state event outcome { status code reason } } }"
    )


async def test_a_request_is_raised_decided_and_told(
    client: httpx.AsyncClient, office: Graph
) -> None:
    made = await data(client, RAISE % (ECR, ANN, OLD))
    await data(client, step("submitEcr", ANN))
    await data(client, step("reviewEcr", CLEO))
    decided = await data(
        client, step("approveEcr", BO, ', statement: "Safe.", input: {decision: "Do it."}')
    )

    assert made["raiseEcr"]["state"] == "draft"
    assert decided["approveEcr"]["outcome"]["status"] == "applied"
    record = (
        await data(
            client,
            """query ($id: String!) { changeRecord(id: $id) { members { role state } complete
              entries { what state slot by text } } }""",
            {"id": ECR},
        )
    )["changeRecord"]
    assert record["members"] == [{"role": "itself", "state": "approved"}]
    assert record["entries"][-1] == {
        "what": "signed", "state": "approved", "slot": "board", "by": BO, "text": "Safe.",
    }  # fmt: skip
    audit = await data(
        client,
        "query ($id: String!) { lifecycleAudit(id: $id) { made steps { step } } }",
        {"id": ECR},
    )
    assert audit["lifecycleAudit"] == {"made": 3, "steps": []}


async def test_a_broken_rule_is_an_error_with_its_name(
    client: httpx.AsyncClient, office: Graph
) -> None:
    await data(client, RAISE % (ECR, ANN, OLD))

    refused = await error(client, step("approveEcr", ANN))
    wrong = await error(client, step("approveEco", ANN).replace("approveEco", "releaseEco"))

    assert refused["extensions"]["code"] == "RULE_BROKEN"
    assert set(refused["extensions"]["rules"]) == {
        "ecr.approve/state", "ecr.approve/needs", "ecr.approve/right", "ecr.approve/apart",
    }  # fmt: skip
    assert wrong["message"] == f"id: {ECR} is of the kind ecr; name one of the kind eco"


async def test_an_editor_signs_for_oneself_only(
    app: FastAPI, keyring: Keyring, client: httpx.AsyncClient, office: Graph
) -> None:
    await data(client, RAISE % (ECR, ANN, OLD))

    async with client_of(app, keyring, "bo", "editor") as other:
        refused = await error(other, step("submitEcr", ANN))
    async with client_of(app, keyring, "ann", "editor") as own:
        moved = await data(own, step("submitEcr", ANN))

    assert refused["extensions"]["code"] == "FORBIDDEN"
    assert moved["submitEcr"]["state"] == "submitted"


async def test_a_request_is_tried_on_with_what_it_would_replace(
    client: httpx.AsyncClient, office: Graph
) -> None:
    await data(client, RAISE % (ECR, ANN, OLD))
    query = """query ($id: String!, $old: String!, $new: String!, $proposal: JSON) {
      rehearseChange(id: $id, replacements: [{old: $old, new: $new}], proposal: $proposal) {
        objections
        impact { replacements { new unitCostEur } units { utcs } costs { what amount } complete } } }"""
    asked: dict[str, Any] = {"id": ECR, "old": OLD, "new": NEW}
    new = {"name": "New seal", "number": "NEW", "unit_cost_eur": 12.5}
    facts = [{"fact": "put_node", "utcs": NEW, "properties": new}]

    made = (await data(client, query, asked | {"proposal": {"data": {"facts": facts}}}))[
        "rehearseChange"
    ]
    impact = (
        await data(
            client,
            """query ($id: String!) { changeImpact(id: $id) {
              subjects { utcs reasons { link } } replacements { new } } }""",
            {"id": ECR},
        )
    )["changeImpact"]
    bad = await error(client, query, asked | {"proposal": [1]})

    assert made["objections"] == []
    assert made["impact"]["replacements"] == [{"new": NEW, "unitCostEur": 12.5}]
    assert made["impact"]["costs"] == [{"what": "new parts", "amount": 0.0}]
    assert impact == {
        "subjects": [{"utcs": OLD, "reasons": [{"link": "ABOUT"}]}],
        "replacements": [],
    }
    assert bad["extensions"]["code"] == "BAD_EVENT"
