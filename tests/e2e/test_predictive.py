"""From a prediction to its work order, over GraphQL."""

from __future__ import annotations

import httpx

from graph.flows.exchange.predictions import report_predictions
from graph.store.database import Graph
from tests.e2e.test_graphql import data, error
from tests.store.predicting import fleet, predicted
from tests.store.working import ADMIN

RAISE = """mutation { raiseRecommendation(upon: "utcs:TEST:alert:ALT-CAOS-1", action: "Exchange the pump",
    severity: 3, likelihood: 3, exposure: %s, toDo: ["utcs:TEST:part:part-2"]
    signer: "utcs:TEST:person:person-tess", at: "2025-01-05T00:30:00Z") {
    utcs priority dueOn risk { index mayFly words } outcome { status } } }"""
ACCEPT = """mutation { acceptRecommendation(id: "utcs:TEST:recommendation:RCM-ALT-CAOS-1",
    duration: "8 hours", signer: "utcs:TEST:person:person-pia", at: "2025-01-05T01:00:00Z") {
    status order dueOn window { startsAt endsAt station base people lacking why } outcome { status } } }"""
REJECT = """mutation { rejectRecommendation(id: "utcs:TEST:recommendation:RCM-ALT-CAOS-1", reason: "No need.",
    signer: "utcs:TEST:person:person-pia") { status } }"""
HEALTH = """{ healthAlerts(id: "dpp:DPP-T-1", asOf: "2025-01-05T02:00:00Z") { groundedBy cut alerts {
    utcs severity status about predictions { utcs remainingDays }
    recommendations { action status priority dueOn risk { words }
    orders { utcs status plannedStartAt } } } } }"""


async def test_a_prediction_becomes_a_work_order(graph: Graph, client: httpx.AsyncClient) -> None:
    await fleet(graph)
    await report_predictions(graph, ADMIN, predicted())

    wrong = await error(client, RAISE % 6)
    raised = (await data(client, RAISE % 5))["raiseRecommendation"]
    accepted = (await data(client, ACCEPT))["acceptRecommendation"]
    refused = await error(client, REJECT)
    found = (await data(client, HEALTH))["healthAlerts"]

    assert wrong["extensions"]["code"] == "BAD_QUESTION"
    assert "exposure: 6 is no rating; give 1 less often" in wrong["message"]
    assert (raised["priority"], raised["dueOn"], raised["risk"]["index"]) == (
        "high",
        "2025-01-08",
        45,
    )
    assert (accepted["status"], accepted["dueOn"]) == ("accepted", "2025-01-08")
    assert accepted["window"]["base"] == "utcs:TEST:facility:facility-1"
    assert accepted["window"]["lacking"] == ["utcs:TEST:part:part-2"]
    assert "is accepted already" in refused["message"]
    (alert,) = found["alerts"]
    (told,) = alert["recommendations"]
    assert [one["utcs"] for one in told["orders"]] == [accepted["order"]]
    assert (found["groundedBy"], alert["predictions"][0]["remainingDays"]) == ([], 4.0)
