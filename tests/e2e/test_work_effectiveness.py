"""Whether a repair was effective, over GraphQL and by the command."""

from __future__ import annotations

import httpx
import pytest

from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.test_graphql import data, error
from tests.store.linking import tell
from tests.store.repairing import alert, counted, repaired
from tests.store.saying import event

ASKED = "verdict why recorded cured returned until remainingFh remainingDays"


@pytest.fixture
async def pump(graph: Graph) -> Graph:
    await repaired(graph, *counted(17, 112))
    return graph


async def test_it_is_asked_judged_and_put_on_record_over_graphql(
    pump: Graph, client: httpx.AsyncClient
) -> None:
    judge = f"""mutation {{ judgeWorkOrder(id: "utcs:TEST:workorder:workorder-1", within: "10fh,5d") {{
        effectiveness {{ {ASKED} }} outcome {{ status }} }} }}"""
    ask = f"""{{ workOrderEffectiveness(id: "utcs:TEST:workorder:workorder-1", within: "10fh,5d"
        asOf: "2025-01-14T00:00:00Z") {{ {ASKED} }} }}"""

    before = (await data(client, ask))["workOrderEffectiveness"]
    first = (await data(client, judge))["judgeWorkOrder"]
    again = (await data(client, judge))["judgeWorkOrder"]
    refused = await error(client, ask.replace("10fh,5d", "soon"))

    assert (before["verdict"], before["until"]) == ("pending", "2025-01-17")
    assert before["cured"] == ["utcs:TEST:alert:alert-1"]
    assert first["effectiveness"]["verdict"] == "effective"
    assert first["outcome"]["status"] == "applied"
    assert (again["outcome"], again["effectiveness"]["recorded"]) == (None, "effective")
    assert refused["extensions"]["code"] == "BAD_QUESTION"


def test_the_command_says_what_came_back_and_ends_with_1(returned: Utcs) -> None:
    order = "utcs:TEST:workorder:workorder-1"

    opened = returned("workorder", "effectiveness", order, "--as-of", "2025-01-12T12:00:00Z")
    said = returned("workorder", "effectiveness", order, "--within", "10fh,5d", "--record")
    wrong = returned("workorder", "effectiveness", order, "--record", "--as-of", "2025-01-12")

    assert (opened.code, "open until 2025-02-11" in opened.out) == (0, True)
    assert (said.code, "returned as alert-2" in said.out, "Recorded as" in said.err) == (
        1,
        True,
        True,
    )
    assert (wrong.code, "--record" in wrong.err) == (2, True)


@pytest.fixture
async def returned(pump: Graph, utcs: Utcs) -> Utcs:
    await tell(pump, event(*alert("alert-2", "serial-2", 13), on=13))
    return utcs
