"""The page of changes: every entry once, exact pages, and what happens while it is open."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.pages import changes as changes_page
from graph.store.apply import apply
from graph.store.database import Graph

TANK = "utcs:TEST:serial:T-1"
HTML = {"Accept": "text/html"}


def event(id: str, *facts: dict[str, Any]) -> dict[str, Any]:
    time = "2026-01-01T00:00:00Z"
    return {"id": id, "source": "urn:test", "actor": "anna", "time": time, "data": {"facts": facts}}


def put(local: str, **properties: Any) -> dict[str, Any]:
    kind = {"name": local, "serial_number": local} | properties
    return {"fact": "put_node", "utcs": f"utcs:TEST:serial:{local}", "properties": kind}


async def rows(client: httpx.AsyncClient, address: str = "/changes") -> list[int]:
    html = (await client.get(address, headers=HTML)).text
    return [int(n) + 1 for n in re.findall(r"/api/v1/changes\?after=([0-9]+)&amp;first=1", html)]


@pytest.fixture
async def lines(place: str, token: str) -> AsyncIterator[Any]:
    """Opens the stream that feeds the page, as a browser would."""
    async with httpx.AsyncClient(base_url=f"http://{place}", timeout=20) as client:

        async def opened(query: str = "", **headers: str) -> AsyncIterator[str]:
            headers |= {"Authorization": f"Bearer {token}"}
            async with client.stream("GET", f"/changes/live{query}", headers=headers) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                async for line in answer.aiter_lines():
                    if line.startswith(("id:", "data:")):
                        yield line

        yield opened


async def test_every_sort_of_fact_is_told_and_nothing_of_the_graph_is_markup(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    link = {
        "source": "utcs:TEST:serial:T-2",
        "link": "CONTAINS",
        "target": TANK,
        "slot": "<b>L</b>",
    }
    told = [
        event(
            "1", put("T-1", name="Tank <script>alert(1)</script>", status="in_service"), put("T-2")
        ),
        event("2", {"fact": "put_link"} | link),
        event("3", {"fact": "end_link", "valid_from": "2026-02-01T00:00:00Z"} | link),
        event("4", {"fact": "correct", "source": "urn:test", "id": "3", "reason": "<i>wrong</i>"}),
        event(
            "5",
            {"fact": "end_link", "valid_from": "2026-02-01T00:00:00Z"} | link,
            {
                "fact": "retire_node",
                "utcs": "utcs:TEST:serial:T-2",
                "reason": "lost",
                "valid_from": "2026-03-01T00:00:00Z",
            },
        ),
    ]
    outcomes = await apply(graph, told)

    html = (await client.get("/changes", headers=HTML)).text

    assert [o.seq or o.reason for o in outcomes] == [1, 2, 3, 4, 5]
    assert await rows(client) == [5, 4, 3, 2, 1]
    assert "Tank &lt;script&gt;" in html
    assert "no longer contains" in html
    assert "&lt;b&gt;L&lt;/b&gt;" in html
    assert "&lt;i&gt;wrong&lt;/i&gt;" in html
    assert "is no more: lost" in html


async def test_pages_of_the_log_hold_each_entry_once(
    client: httpx.AsyncClient, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes_page, "LISTED", 3)
    await apply(graph, [event(str(n), put(f"S-{n}")) for n in range(7)])

    pages = [await rows(client, a) for a in ("/changes", "/changes?before=5", "/changes?before=2")]

    assert pages == [[7, 6, 5], [4, 3, 2], [1]]
    assert "Earlier changes" not in (await client.get("/changes?before=2", headers=HTML)).text
    assert (await client.get("/changes?before=0", headers=HTML)).status_code == 200


async def test_what_happens_while_it_is_open_appears_and_after_a_cut_it_goes_on(
    client: httpx.AsyncClient, graph: Graph, lines: Any
) -> None:
    await apply(graph, [event("1", put("T-1"))])

    stream = lines("?after=0")
    first = [await anext(stream) for _ in range(2)]
    await apply(graph, [event("2", put("T-2", name="Two\nlines")), event("3", put("T-3"))])
    later = [await anext(stream) for _ in range(4)]
    await stream.aclose()
    resumed = [await anext(lines("?after=0", **{"Last-Event-ID": "2"})) for _ in range(1)]

    assert first[0] == "id: 1"
    assert "T-1" in first[1]
    assert [line for line in later if line.startswith("id:")] == ["id: 2", "id: 3"]
    assert resumed == ["id: 3"]


async def test_strangers_see_no_changes(anybody: httpx.AsyncClient) -> None:
    assert (await anybody.get("/changes")).status_code == 401
    assert (await anybody.get("/changes/live")).status_code == 401
