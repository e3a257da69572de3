"""Stock, tools and labour over GraphQL and by the command."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.test_graphql import data, error
from tests.store.linking import link, tell, thing
from tests.store.saying import event
from tests.store.storing import stores

STORE = "utcs:TEST:facility:facility-store"
TOOL = "utcs:TEST:tool:tool-wrench"
SECOND = "utcs:TEST:workorder:workorder-2"
AT = 'at: "2025-01-11T00:00:00Z"'


@pytest.fixture
async def shop(graph: Graph) -> Graph:
    await stores(graph)
    await tell(graph, event(
        thing("tool-wrench", interval_days="30", status="available", due_on="2025-02-03"),
        link("tool-wrench", "LOCATED_IN", "facility-store"), on=3,
    ))  # fmt: skip
    return graph


async def test_parts_are_received_reserved_issued_and_taken_back_over_graphql(
    shop: Graph, client: httpx.AsyncClient
) -> None:
    moved = "{ lines { stock quantity } certificate }"
    received = await data(client, f"""mutation {{ receiveStock(receipt: {{
      number: "GR-1", part: "DPP-PART-1", quantity: 4, place: "{STORE}", unit: each, batch: "H-1",
      certificate: "F1-77", form: easa_form_1, expiresOn: "2027-01-31",
      minimum: 20 }}) {moved} }}""")  # fmt: skip
    given = f'order: "WO-1", thing: "DPP-PART-1", {AT}'
    reserved = await data(client, f"mutation {{ reserveStock({given}, quantity: 3) {moved} }}")
    later = given.replace("01-11", "01-12")
    issued = await data(client, f"mutation {{ issueStock({later}, quantity: 5) {moved} }}")
    latest = given.replace("01-11", "01-13")
    back = await data(client, f"mutation {{ returnStock({latest}, quantity: 2) {moved} }}")
    refused = await error(
        client, f"mutation {{ cancelReservation({latest}, quantity: 9, unit: each) {moved} }}"
    )
    told = await data(client, """{ partStock(part: "DPP-PART-1") { next parts {
      number alternates cut levels { place onHand usable free minimum isBelow }
      lots { utcs place quantity free batches unfit promised { order quantity } } } } }""")  # fmt: skip

    (part,) = told["partStock"]["parts"]
    stock = "utcs:TEST:stock:stock-1"
    assert received["receiveStock"]["certificate"] == "utcs:TEST:release:F1-77"
    assert [made["lines"] for each in (reserved, issued, back) for made in each.values()] == [
        [{"stock": stock, "quantity": float(n)}] for n in (3, 5, 2)
    ]
    assert refused["extensions"]["code"] == "RULE_BROKEN"
    assert "0 is set aside for workorder-1, not 9" in refused["message"]
    assert part["levels"] == [
        {
            "place": STORE,
            "onHand": 11.0,
            "usable": 4.0,
            "free": 4.0,
            "minimum": 20.0,
            "isBelow": True,
        }
    ]
    assert [(one["quantity"], one["unfit"]) for one in part["lots"]] == [
        (7.0, "expired on 2026-06-30"), (4.0, None),
    ]  # fmt: skip


async def test_tools_and_hours_over_graphql(shop: Graph, client: httpx.AsyncClient) -> None:
    taken = await data(
        client, f'mutation {{ takeTool(tool: "{TOOL}", order: "WO-1", {AT}) {{ state }} }}'
    )
    again = await error(
        client,
        f'mutation {{ takeTool(tool: "{TOOL}", order: "{SECOND}") {{ state }} }}',
    )
    done = await data(client, f"""mutation {{ calibrateTool(tool: "{TOOL}", calibration: {{
      number: "C-1", performedOn: "2025-01-20", verdict: failed, standard: "RS-1", asFound: "+9 %",
      asLeft: "0 %" }}) {{ state dueOn doubt {{ since uses {{ utcs }} }} }} }}""")  # fmt: skip
    told = await data(client, f"""{{ toolStanding(id: "{TOOL}", asOf: "2025-01-25T00:00:00Z") {{
      status dueOn unfit uses {{ utcs }} calibrations {{ asFound }} doubts {{ by }} }}
      toolList {{ tools {{ utcs unfit }} next }} }}""")  # fmt: skip
    back = await data(
        client, f'mutation {{ returnTool(tool: "{TOOL}", isDamaged: true) {{ state }} }}'
    )
    span = 'startsAt: "2025-01-11T08:00:00Z", endsAt: "2025-01-11T10:30:00Z"'
    tess = 'person: "utcs:TEST:person:person-tess"'
    shift = await data(
        client, f'mutation {{ planShift({tess}, {span}, place: "{STORE}") {{ hours }} }}'
    )
    booked = await data(
        client,
        f'mutation {{ bookLabour(order: "WO-1", step: "perform", {tess}, {span}) {{ hours }} }}',
    )
    twice = await error(
        client,
        f'mutation {{ bookLabour(order: "{SECOND}", step: "perform", {tess}, {span}) {{ hours }} }}',
    )
    hours = await data(client, """{ workOrderLabour(id: "WO-1") { total byStep { step hours } }
      personRoster(id: "utcs:TEST:person:person-tess", since: "2025-01-11T00:00:00Z",
        until: "2025-01-12T00:00:00Z") { booked { order } shifts { place } } }""")  # fmt: skip

    order = "utcs:TEST:workorder:workorder-1"
    assert (taken["takeTool"]["state"], back["returnTool"]["state"]) == ("in_use", "quarantined")
    assert "in use, last on workorder-1" in again["message"]
    assert done["calibrateTool"] == {
        "state": "in_use", "dueOn": "2025-02-19", "doubt": {"since": None, "uses": [{"utcs": order}]},
    }  # fmt: skip
    assert told["toolStanding"] == {
        "status": "in_use", "dueOn": "2025-02-19", "unfit": None, "uses": [{"utcs": order}],
        "calibrations": [{"asFound": "+9 %"}], "doubts": [{"by": "utcs:TEST:calibration:C-1"}],
    }  # fmt: skip
    assert told["toolList"]["tools"] == [
        {"utcs": TOOL, "unfit": "was due for calibration on 2025-02-19"}
    ]
    assert (shift["planShift"]["hours"], booked["bookLabour"]["hours"]) == (2.5, 2.5)
    assert "worked on workorder-1 from" in twice["message"]
    assert hours["workOrderLabour"] == {
        "total": 2.5, "byStep": [{"step": "perform", "hours": 2.5}],
    }  # fmt: skip
    assert hours["personRoster"] == {"booked": [{"order": order}], "shifts": [{"place": STORE}]}


async def test_the_command_moves_stock_tools_and_hours(shop: Graph, utcs: Utcs) -> None:
    async def typed(text: str) -> Any:
        return await asyncio.to_thread(utcs, *text.split())

    at = "--at 2025-01-11T00:00:00Z"
    span = "2025-01-11T08:00:00Z 2025-01-11T10:30:00Z"
    papers = "--certificate F1-77 --form easa_form_1 --unit each --expires 2027-01-31"
    done = [
        await typed(f"stock receive GR-1 DPP-PART-1 4 {STORE} {papers}"),
        await typed(f"stock reserve WO-1 DPP-PART-1 2 {at}"),
        await typed("stock issue WO-1 DPP-PART-1 3 --at 2025-01-12T00:00:00Z"),
        await typed("stock return WO-1 DPP-PART-1 1 --at 2025-01-13T00:00:00Z"),
        await typed("stock cancel WO-1 DPP-PART-1 1 --at 2025-01-14T00:00:00Z"),
        await typed(f"tool take {TOOL} WO-1 {at}"),
        await typed(f"tool return {TOOL} --at 2025-01-12T00:00:00Z"),
        await typed(f"tool calibrate {TOOL} C-1 2025-01-20 failed --standard RS-1 --as-found 9"),
        await typed(f"labour shift person-tess {span} {STORE}"),
        await typed(f"labour book WO-1 perform person-tess {span}"),
    ]
    listed = await typed("stock list --part DPP-PART-1 --json")
    told = [
        await typed("labour list WO-1"),
        await typed("labour roster utcs:TEST:person:person-tess 2025-01-11 2025-01-12"),
        await typed("tool list --unfit"),
    ]
    held = await typed(f"tool show {TOOL}")
    refused = await typed("stock issue WO-1 DPP-PART-1 99 --json")
    bad = [
        await typed("stock issue WO-1 DPP-PART-1 lots"),
        await typed(f"tool calibrate {TOOL} C-2 soon passed --standard RS-1 --as-found 0"),
    ]

    assert [one.code for one in (*done, *told)] == [0] * 13
    assert done[7].out.splitlines()[1:] == [
        "C-1 found it out of tolerance; in doubt is what it was used on ever:",
        "  workorder-1  in_work  workorder-1",
    ]
    assert [len(one["lots"]) for one in orjson.loads(listed.out)["parts"]] == [2]
    assert told[0].out.splitlines()[-1] == "2.5 hours in all"
    assert (held.code, "may not be used\tit is quarantined" in held.out) == (1, True)
    assert (refused.code, len(orjson.loads(refused.out)["missing"])) == (1, 1)
    assert [one.code for one in bad] == [2, 2]
