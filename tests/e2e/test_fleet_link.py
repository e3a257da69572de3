"""The fleet link over REST: schedules in; status, windows, checks, AOG and loading out, from one rotation."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from graph.flows.submit import Principal, submit
from graph.store.database import Graph

A1, A2, BASE, PUMP, LIMITED, SPARE, TASK = (
    f"utcs:TEST:{name}"
    for name in (
        "aircraft:A1", "aircraft:A2", "facility:MUC", "serial:PUMP", "part:P-1", "serial:SPARE", "task:T-1",
    )
)  # fmt: skip
TYPE = "utcs:TEST:part:TYPE"
FLEET = "/api/v1/fleet"
TOMORROW = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def at(hours: float) -> str:
    """The written time so many hours after tomorrow begins."""
    return (TOMORROW + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs} | properties}


def link(source: str, type: str, target: str, slot: str | None = None) -> dict[str, Any]:
    return {"fact": "put_link", "source": source, "link": type, "target": target, "slot": slot}


def said(*facts: dict[str, Any], days: float = 100, id: str = "1") -> dict[str, Any]:
    time = (TOMORROW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"id": id, "source": "urn:test", "time": time, "data": {"facts": list(facts)}}


async def tell(graph: Graph, *events: dict[str, Any]) -> None:
    outcomes = await submit(graph, list(events), Principal.of("anna", "admin"))
    assert all(one.status == "applied" for one in outcomes), outcomes


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Two aircraft; one has a pump whose life ends in ten days, and a task that takes 8 hours of labour."""
    made = (TOMORROW - timedelta(days=100)).date()
    people = [f"utcs:TEST:person:P{n}" for n in range(2)]
    await tell(
        graph,
        said(
            put(TYPE, number="TYPE"),
            put(A1, msn="A1", delivered_on=str(made), registration="D-AAAA"),
            put(A2, msn="A2", delivered_on=str(made)),
            put(BASE, category="hangar", icao_location="EDDM", bays=1),
            *(put(p, name=f"P{n}", pseudonym=f"P{n}", roles=["technician"]) for n, p in enumerate(people)),
            *(link(p, "LOCATED_IN", BASE) for p in people),
            put(LIMITED, number="P-1", life_limit_days=110),
            *(put(one, serial_number=one[-5:], manufactured_on=str(made)) for one in (PUMP,)),
            link(PUMP, "INSTANCE_OF", LIMITED),
            link(A1, "CONTAINS", PUMP, "1"),
            *(link(one, "INSTANCE_OF", TYPE) for one in (A1, A2)),
            put(TASK, number="28-1", threshold_days=105, estimated_h="8"),
            link(TASK, "PERFORMED_ON", TYPE),
        ),
    )  # fmt: skip
    return graph


def leg(id: str, route: str, begins: float, lasts: float = 2) -> dict[str, Any]:
    origin, _, destination = route.partition("-")
    return {
        "leg": id, "number": id, "origin": origin, "destination": destination,
        "plannedStartAt": at(begins), "plannedEndAt": at(begins + lasts),
    }  # fmt: skip


def schedule(*legs: dict[str, Any], aircraft: str = A1, **more: Any) -> dict[str, Any]:
    return {"aircraft": aircraft, "from": at(0), "until": at(24 * 9), "legs": list(legs)} | more


DAY_OUT = (leg("F1", "EDDM-LPPT", 6), leg("F2", "LPPT-EDDM", 9), leg("F3", "EDDM-EKCH", 20))


async def planned(client: httpx.AsyncClient, *legs: dict[str, Any], **more: Any) -> dict[str, Any]:
    response = await client.post(f"{FLEET}/flight-schedule", json=schedule(*legs, **more))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_schedule_is_one_event_and_said_again_changes_nothing(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    first = await planned(client, *DAY_OUT)
    again = await planned(client, *DAY_OUT)
    moved = await planned(client, DAY_OUT[0], leg("F2", "LPPT-EDDM", 10))

    assert [one.rpartition(":")[2] for one in first["planned"]] == ["A1-F1", "A1-F2", "A1-F3"]
    assert (again["planned"], again["cancelled"], again["seq"]) == ([], [], None)
    assert len(again["unchanged"]) == 3
    assert moved["planned"] == ["utcs:TEST:flight:A1-F2"]
    assert moved["cancelled"] == ["utcs:TEST:flight:A1-F3"]
    assert moved["seq"] == first["seq"] + 1
    off = (await client.get("/api/v1/things/utcs:TEST:flight:A1-F3")).json()["node"]
    assert (off["properties"]["status"], off["version"]) == ("cancelled", 2)


async def test_windows_are_the_stops_of_the_rotation_with_the_base_that_is_there(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    await planned(client, *DAY_OUT)

    answer = (
        await client.get(f"{FLEET}/windows", params={"about": A1, "days": 2, "asOf": at(0)})
    ).json()

    found = [
        (one["station"], one["category"], one["hours"], one["base"] and one["base"]["people"])
        for one in answer["windows"]
    ]
    assert found == [
        ("EDDM", "overnight", "5.25", 2), ("EDDM", "overnight", "7.75", 2),
        ("EKCH", "base_check", "25.5", None),
    ]  # fmt: skip
    assert answer["rotations"] == [{"aircraft": A1, "flights": 3, "faults": []}]
    assert answer["windows"][2]["isOpen"] is True
    assert answer["windows"][1]["after"]["number"] == "F2"


async def test_what_falls_due_goes_into_the_last_stop_at_the_base_that_is_long_enough(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    await planned(client, *DAY_OUT)
    ask: dict[str, str | int] = {"about": A1, "days": 20, "asOf": at(0)}

    without = (await client.get(f"{FLEET}/checks", params=ask)).json()["checks"]
    stock = [
        put(SPARE, serial_number="SPARE", condition="new", status="in_stock"),
        link(SPARE, "INSTANCE_OF", LIMITED),
        link(SPARE, "LOCATED_IN", BASE),
    ]
    await tell(fleet, said(*stock, days=50, id="spare"))
    (check, *more) = (await client.get(f"{FLEET}/checks", params=ask)).json()["checks"]
    alone = (await client.get(f"{FLEET}/checks", params=ask | {"crew": 1})).json()["checks"]

    assert more == []
    assert sorted(check["items"]) == ["28-1", "P-1"]
    assert (check["labourHours"], check["unstated"], check["why"]) == ("8", 1, None)
    assert (check["startsAt"], check["endsAt"]) == (at(11.5), at(15.5))  # two people, four hours
    assert check["spares"] == [{"part": LIMITED, "quantity": 1, "isThere": True}]
    assert without[0]["spares"][0]["isThere"] is False
    assert alone[0]["window"] is None
    assert "the longest stop at a base" in alone[0]["why"]
    assert "has 7.75 h left" in alone[0]["why"]


async def test_two_aircraft_do_not_get_one_bay_at_once(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    await planned(client, *DAY_OUT)
    other = [leg("G1", "EDDM-LPPT", 6), leg("G2", "LPPT-EDDM", 9.5), leg("G3", "EDDM-EKCH", 17)]
    await planned(client, *other, aircraft=A2)

    checks = (
        await client.get(f"{FLEET}/checks", params={"days": 8, "asOf": at(0)})
    ).json()["checks"]  # fmt: skip

    first, second = sorted(
        (one for one in checks if one["window"]), key=lambda one: str(one["startsAt"])
    )
    assert {first["aircraft"], second["aircraft"]} == {A1, A2}
    assert first["endsAt"] <= second["startsAt"]


async def test_the_status_says_what_keeps_an_aircraft_from_flying(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    await planned(client, *DAY_OUT)
    order, finding, deferral = (
        f"utcs:TEST:{one}" for one in ("workorder:WO-1", "finding:F-1", "deferral:D-1")
    )

    async def status(moment: float) -> dict[str, Any]:
        answer = await client.get(
            f"{FLEET}/aircraft-status", params={"about": A1, "asOf": at(moment)}
        )
        (one,) = answer.json()["aircraft"]
        return dict(one)

    free, flying = await status(1), await status(7)
    await tell(
        fleet,
        said(
            put(order, number="WO-1", status="open", is_aog=True),
            link(order, "WORKS_ON", PUMP),
            put(finding, status="deferred"),
            link(finding, "ABOUT", PUMP),
            put(deferral, category="mel_c", status="open", restrictions="No flight in icing", due_at=at(30)),
            link(deferral, "DEFERS", finding),
            days=1, id="held",
        ),
    )  # fmt: skip
    held, late, overdue = await status(1), await status(40), await status(24 * 7)

    assert (free["availability"], free["station"], free["next"]["number"]) == (
        "available",
        "EDDM",
        "F1",
    )
    assert (flying["availability"], flying["station"]) == ("flying", None)
    assert (held["availability"], held["because"]) == ("grounded", ["WO-1 grounds it"])
    (restriction,) = held["restrictions"]
    assert restriction == {
        "deferral": deferral, "on": PUMP, "text": "No flight in icing", "until": at(30), "isOver": False,
    }  # fmt: skip
    assert late["because"] == ["WO-1 grounds it", "D-1 ran out"]
    assert overdue["overdue"] == [f"{A1} 28-1"]


async def test_a_grounded_aircraft_is_told_with_its_flights_its_base_and_who_could_fly(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    await planned(client, *DAY_OUT)
    await planned(client, leg("G1", "EDDM-LPPT", 14), leg("G2", "LPPT-EDDM", 17), aircraft=A2)
    order = "utcs:TEST:workorder:WO-1"
    grounds = [put(order, number="WO-1", status="open", is_aog=True), link(order, "WORKS_ON", A1)]
    await tell(fleet, said(*grounds, days=1, id="aog"))

    (found,) = (
        await client.get(f"{FLEET}/aog", params={"asOf": at(0), "hours": 24})
    ).json()["grounded"]  # fmt: skip

    assert found["status"]["aircraft"] == A1
    assert [one["number"] for one in found["lost"]] == ["F1", "F2", "F3"]
    assert (found["base"]["facility"], found["parties"]) == (BASE, [])
    (other,) = found["standIns"]
    assert (other["aircraft"], [one["number"] for one in other["flights"]]) == (A2, ["F1", "F2"])


async def test_loading_counts_bays_and_labour_against_what_the_base_can_do(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    order, window, loose = (
        f"utcs:TEST:{one}" for one in ("workorder:WO-1", "window:W-1", "workorder:WO-2")
    )
    await tell(
        fleet,
        said(
            put(
                order, number="WO-1", status="planned", planned_start_at=at(2), planned_end_at=at(10),
                estimated_h="20",
            ),
            link(order, "WORKS_ON", A1),
            link(order, "TAKES_PLACE_AT", BASE),
            put(window, category="base_check", starts_at=at(5), ends_at=at(30), status="reserved"),
            link(window, "GROUNDS", A2),
            link(window, "TAKES_PLACE_AT", BASE),
            put(loose, number="WO-2", status="open"),
            link(loose, "TAKES_PLACE_AT", BASE),
            days=1, id="load",
        ),
    )  # fmt: skip

    (base,) = (
        await client.get(f"{FLEET}/resource-loading", params={"asOf": at(0), "days": 2})
    ).json()["bases"]  # fmt: skip

    first, second = base["days"]
    assert (first["baysTaken"], first["labourHours"], first["availableHours"]) == (2, "20", "15")
    assert (first["isOver"], second["isOver"], second["baysTaken"]) == (True, False, 1)
    assert base["unplanned"] == base["unstated"] == [loose]


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"legs": [leg("F1", "EDDM-LPPT", 6, -1)]}, "legs.0.plannedEndAt", "is not after plannedStartAt"),
        ({"legs": [leg("F1", "EDDM-LPPT", 6), leg("F1", "LPPT-EDDM", 12)]}, "legs.0.leg", "is there 2 times"),
        ({"legs": [leg("F1", "EDDM-LPPT", 6, 5), leg("F2", "LPPT-EDDM", 9)]}, "legs.1.plannedStartAt",
         "an aircraft flies one flight at a time"),
        ({"legs": [leg("F1", "EDDM-LPPT", 240)]}, "legs.0.plannedStartAt", "is not within from and until"),
        ({"from": at(300)}, "until", "is not after from"),
        ({"from": "2026-01-01T00:00:00"}, "from", "offset"),
        ({"aircraft": PUMP}, "aircraft", "which flies no flights; give an aircraft"),
        ({"aircraft": "utcs:TEST:aircraft:NONE"}, "", "NONE"),
        ({"legs": [leg("F1", "Munich-LPPT", 6)]}, "legs.0.origin", ""),
        ({"legs": [leg("F1", "EDDM-LPPT", 6) | {"pilot": "x"}]}, "legs.0.pilot", ""),
    ],
)  # fmt: skip
async def test_a_schedule_that_cannot_be_flown_is_refused_and_nothing_is_written(
    client: httpx.AsyncClient, fleet: Graph, wrong: dict[str, Any], field: str, says: str
) -> None:
    before = await fleet.read("MATCH (l:Log) RETURN l.seq")

    response = await client.post(f"{FLEET}/flight-schedule", json=schedule(*DAY_OUT) | wrong)

    assert response.status_code in (400, 404), response.text
    assert says in response.json()["detail"]
    if field:
        assert response.json()["errors"][0]["field"] == field
    assert await fleet.read("MATCH (l:Log) RETURN l.seq") == before


async def test_what_is_flown_is_not_planned_anew_and_not_cancelled(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    await planned(client, *DAY_OUT)
    flown = put(
        "utcs:TEST:flight:A1-F1", status="departed", origin="EDDM", destination="LPPT",
        planned_start_at=at(6), planned_end_at=at(8), off_block_at=at(6),
    )  # fmt: skip
    await tell(fleet, said(flown, days=-0.0, id="off") | {"time": datetime.now(UTC).isoformat()})

    again = await client.post(f"{FLEET}/flight-schedule", json=schedule(*DAY_OUT))
    without = await planned(client, *DAY_OUT[1:])

    assert again.status_code == 409
    assert "'F1' has departed" in again.json()["detail"]
    assert without["cancelled"] == []


async def test_of_two_schedules_at_once_none_is_half_done(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    one, other = schedule(*DAY_OUT), schedule(*DAY_OUT[:2], leg("F3", "EDDM-LSZH", 21))

    answers = await asyncio.gather(
        *(client.post(f"{FLEET}/flight-schedule", json=each) for each in (one, other))
    )

    codes = sorted(answer.status_code for answer in answers)
    assert codes in ([200, 200], [200, 409])
    now = (await client.get(f"{FLEET}/windows", params={"about": A1, "days": 3})).json()
    assert now["rotations"][0] == {"aircraft": A1, "flights": 3, "faults": []}


async def test_a_reader_may_ask_and_may_not_plan(reader: httpx.AsyncClient, fleet: Graph) -> None:
    asked = await reader.get(f"{FLEET}/windows")
    refused = await reader.post(
        f"{FLEET}/flight-schedule",
        content=orjson.dumps(schedule(*DAY_OUT)),
        headers={"content-type": "application/json"},
    )

    assert (asked.status_code, refused.status_code) == (200, 403)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("windows?days=0", "days"), ("windows?days=91", "days"), ("checks?crew=0", "crew"),
        (f"windows?about={PUMP}", "about"), ("aog?hours=9999", "hours"),
        ("resource-loading?hoursPerPerson=25", "hoursPerPerson"), ("windows?abuot=x", "abuot"),
    ],
)  # fmt: skip
async def test_a_question_out_of_bounds_names_the_field(
    client: httpx.AsyncClient, fleet: Graph, path: str, field: str
) -> None:
    response = await client.get(f"{FLEET}/{path}")

    assert response.status_code == 400
    assert field in response.json()["detail"]
