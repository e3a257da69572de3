"""How much life is left, as it is asked over GraphQL and in a terminal."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.test_compliance import link, put
from tests.e2e.test_graphql import data, error

pytestmark = pytest.mark.timeout(300)

A1, DISC = "utcs:TEST:aircraft:A1", "utcs:TEST:part:DISC"
WORN, LOST = "utcs:TEST:serial:WORN", "utcs:TEST:serial:LOST"
AT = 'asOf: "2025-03-01"'


def unit(utcs: str, cycles: int) -> list[dict[str, Any]]:
    usage = f"utcs:TEST:usage:{utcs[-4:]}"
    return [
        put(utcs, serial_number=utcs[-4:]),
        link(utcs, "INSTANCE_OF", DISC),
        put(usage, measured_at="2025-01-01T00:00:00Z", total_fc=cycles),
        link(usage, "COUNTS", utcs),
    ]


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """A disc in an aircraft with 95 of its 100 cycles used, and one with 10 that nobody says where it is."""
    facts = [
        put(A1, msn="A1"),
        put(DISC, number="DISC", life_limit_fc=100),
        *unit(WORN, 95),
        *unit(LOST, 10),
        link(A1, "CONTAINS", WORN) | {"slot": "1"},
    ]
    event = {"id": "1", "source": "urn:test", "time": "2025-01-01T00:00:00Z"}
    told = [event | {"data": {"facts": facts}}]
    (outcome,) = await submit(graph, told, Principal.of("anna", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    return graph


UNIT = """
    utcs name serialNumber part aircraft position standing reachedOn thing { utcs }
    limits { of unit allowed used remaining percent isLeast perDay why gaps { since until } }
    first { unit }
"""


async def test_life_limits_tell_what_is_left_and_what_the_record_leaves_open(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    query = f"{{ lifeLimits({AT}) {{ day next counts {{ standing units }} units {{ {UNIT} }} }} }}"

    told = (await data(client, query))["lifeLimits"]

    limit = {
        "of": "life", "unit": "FC", "allowed": 100, "used": 95, "remaining": 5, "percent": 95,
        "isLeast": False, "perDay": None, "why": "since new, by WORN", "gaps": [],
    }  # fmt: skip
    worn, lost = told["units"]
    assert worn == {
        "utcs": WORN, "name": WORN, "serialNumber": "WORN", "part": "DISC", "aircraft": A1, "position": "1",
        "standing": "soon", "reachedOn": None, "thing": {"utcs": WORN}, "limits": [limit],
        "first": {"unit": "FC"},
    }  # fmt: skip
    assert lost["standing"] == "unknown"
    assert lost["limits"] == [
        limit | {
            "used": 10, "remaining": 90, "percent": 10, "isLeast": True,
            "why": "since new, by LOST; nothing says where it was since 2025-01-01",
            "gaps": [{"since": "2025-01-01T00:00:00.000000Z", "until": None}],
        }
    ]  # fmt: skip
    assert (told["day"], told["next"]) == ("2025-03-01", None)
    assert [one["units"] for one in told["counts"]] == [0, 1, 1, 0]


async def test_life_limits_are_paged_in_either_order_and_asked_of_one_aircraft(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    page = "{ next counts { units } units { utcs } }"
    pages = {"urgency": [WORN, LOST], "unit": [LOST, WORN]}
    for order, expected in pages.items():
        asked = f"{AT}, first: 1, order: {order}"
        first = (await data(client, f"{{ lifeLimits({asked}) {page} }}"))["lifeLimits"]
        after = f'{asked}, after: "{first["next"]}"'
        rest = (await data(client, f"{{ lifeLimits({after}) {page} }}"))["lifeLimits"]

        assert [one["utcs"] for one in (*first["units"], *rest["units"])] == expected
        assert (first["counts"] is None, rest["next"]) == (order == "unit", None)

    aboard = await data(client, f'{{ lifeLimits({AT}, about: "{A1}") {page} }}')
    assert [one["utcs"] for one in aboard["lifeLimits"]["units"]] == [WORN]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (f'about: "{DISC}"', "has no life to count; give an aircraft or a serialised unit"),
        ("soonPercent: 101", "soon_percent: 101 is out of bounds"),
        ("first: 1001", "first: 1001 is out of bounds"),
        ('after: "x"', "is not a cursor of life_limits"),
    ],
)
async def test_what_cannot_be_asked_of_life_limits_is_said(
    client: httpx.AsyncClient, fleet: Graph, arguments: str, said: str
) -> None:
    told = await error(client, f"{{ lifeLimits({arguments}) {{ day }} }}")

    assert said in told["message"]
