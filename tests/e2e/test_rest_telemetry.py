"""Samples and counters over REST: the answers of the store, and refusals that say what to do."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.settings import Settings
from graph.model.identifier import Utcs
from graph.model.time import parse_utc
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.telemetry.ask import Span, window
from graph.store.telemetry.shelf import Shelf
from tests.store.reporting import AIRCRAFT, flight, make_hub, message, series
from tests.store.saying import day, event, put

ASKED = {"parameter": "engine.egt", "from": day(10), "to": day(11)}


@pytest.fixture
async def fleet(graph: Graph, settings: Settings) -> Graph:
    """An aircraft with one flight of two hours, and two samples of it."""
    said = event(put(AIRCRAFT, name="A1", aliases=["registration:D-AXYZ"]))
    assert [outcome.status for outcome in await apply(graph, [said])] == ["applied"]
    sent = flight("L1", hours=2, series=[series(values=[600.0, 602.0])])
    assert await make_hub(graph, settings.samples, "flight").take([message(sent)]) == []
    return graph


async def test_samples_are_told_with_their_unit(fleet: Graph, client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/telemetry/D-AXYZ", params=ASKED)

    assert answer.json() == {
        "utcs": AIRCRAFT, "parameter": "engine.egt", "unit": "Cel", "buckets": [], "damaged": [],
        "samples": [{"at": day(10), "value": 600.0}, {"at": "2025-01-11T00:00:01.000000Z", "value": 602.0}],
        "next": None,
    }  # fmt: skip


async def test_buckets_draw_samples_together(fleet: Graph, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/api/v1/telemetry/{AIRCRAFT}", params=ASKED | {"bucket": "3600"})

    assert answer.json()["buckets"] == [
        {"at": day(10), "count": 2, "min": 600.0, "max": 602.0, "mean": 601.0}
    ]


async def test_the_location_of_a_window_leads_to_its_samples(
    fleet: Graph, client: httpx.AsyncClient, settings: Settings
) -> None:
    span = Span(Utcs.parse(AIRCRAFT), "engine.egt", parse_utc(day(10)), parse_utc(day(11)))

    answer = await client.get(window(Shelf(settings.samples), span).location)

    assert len(answer.json()["samples"]) == 2


async def test_counters_are_told_with_what_they_are_made_of(
    fleet: Graph, client: httpx.AsyncClient
) -> None:
    after = await client.get("/api/v1/things/D-AXYZ/accrued")
    before = await client.get("/api/v1/things/D-AXYZ/accrued", params={"asOf": day(5)})

    assert after.json()["counters"][0] == {
        "counter": "fh", "unit": "FH", "total": "2", "declared": None, "declared_at": None,
        "declared_by": None, "flown": "2", "flights": 1, "silent": 0,
    }  # fmt: skip
    assert before.json()["counters"][0]["total"] == "0"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"parameter": "engine.etg"}, "did you mean 'engine.egt'"),
        ({"from": "yesterday"}, "from: 'yesterday' is not an RFC 3339 time"),
        ({"to": day(10)}, "is not after from"),
        ({"bucket": "1"}, "bucket: 1 is out of bounds; give a whole number from 9"),
        ({"first": "99999"}, "first: 99999 is out of bounds"),
    ],
)
async def test_a_question_that_cannot_be_meant_is_refused(
    fleet: Graph, client: httpx.AsyncClient, changes: dict[str, Any], problem: str
) -> None:
    answer = await client.get(f"/api/v1/telemetry/{AIRCRAFT}", params=ASKED | changes)

    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_QUESTION")
    assert problem in answer.json()["detail"]
