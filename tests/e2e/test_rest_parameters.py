"""What an address asks is answered as asked, or refused: no name is passed over, no page mixed up."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from graph.store.apply import apply
from graph.store.database import Graph

THING = "/api/v1/things/utcs:TEST:part:a"


def put(local: str, kind: str = "part") -> dict[str, Any]:
    return {
        "fact": "put_node", "utcs": f"utcs:TEST:{kind}:{local}",
        "properties": {"name": f"tank {local}", "number": local},
    }  # fmt: skip


def link(source: str, target: str) -> dict[str, Any]:
    return {
        "fact": "put_link", "source": f"utcs:TEST:part:{source}", "link": "HAS_COMPONENT",
        "target": f"utcs:TEST:part:{target}", "slot": target,
    }  # fmt: skip


@pytest.fixture(autouse=True)
async def parts(graph: Graph) -> None:
    facts = [
        *map(put, "abcdefg"),
        *(link("a", one) for one in "bcd"),
        *(link("e", o) for o in "fg"),
    ]
    event = {
        "id": "1", "source": "urn:test", "actor": "tester", "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }  # fmt: skip
    (outcome,) = await apply(graph, [event])
    assert outcome.status == "applied", outcome


async def problem(client: httpx.AsyncClient, address: str, status: int = 400) -> dict[str, Any]:
    response = await client.get(address)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    return told


@pytest.mark.parametrize(
    ("address", "field", "said"),
    [
        (f"{THING}/trace?asof=2024-06-01", "asof", "did you mean asOf?"),
        (f"{THING}/trace?ASOF=2024-06-01", "ASOF", "did you mean asOf?"),
        (f"{THING}?as_of=2024-06-01", "as_of", "did you mean asOf?"),
        (f"{THING}?bogus=1", "bogus", "is no parameter here; use asOf, knownAt"),
        (f"{THING}/neighbours?link=CONTAINS", "link", "did you mean links?"),
        (f"{THING}/history?asOf=2024-06-01", "asOf", "this is the whole record"),
        (f"{THING}/history?knownAt=2024-06-01", "knownAt", "this is the whole record"),
        ("/api/v1/changes?asOf=2024-06-01", "asOf", "this is the whole record"),
        ("/api/v1/search?Q=tank", "Q", "did you mean q?"),
        (f"{THING}/trace?asOf=", "asOf", "is empty; give a time"),
        (f"{THING}/trace?asOf=2024-06-01&asOf=2025-06-01", "asOf", "given 2 times"),
        (f"{THING}/trace?depth=1&depth=2", "depth", "given 2 times, '1' and '2'; give it once"),
        (f"{THING}?asOf=2026-01-15T09:30:00+01:00", "asOf", "09:30:00%2B01:00"),
        ("/api/v1/changes?first=1001", "first", "is out of bounds; give a whole number from 1 to 1,000"),
        ('/api/v1/search?q="', "q", "holds no word"),
        ("/api/v1/search", "q", "q: is missing; add it"),
        (f"{THING}/paths?to=utcs:TEST:part:a", "to", "source and target are the same"),
        (f"{THING}/trace?depth=x", "depth", "a whole number is expected"),
        ("/api/v1/changes?after=-1", "after", "give 0 or more"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_by_the_name_it_was_asked_with(
    client: httpx.AsyncClient, address: str, field: str, said: str
) -> None:
    told = await problem(client, address)

    assert told["code"] == "BAD_QUESTION"
    assert said in told["detail"]
    assert told["detail"].startswith((f"{field}: ", f"'{field}': "))
    assert [one["field"] for one in told["errors"]] == [field]


async def test_value_that_was_given_is_told(client: httpx.AsyncClient) -> None:
    same = await problem(client, f"{THING}/paths?to=utcs:TEST:part:a")
    missing = await problem(client, "/api/v1/search")

    assert same["errors"][0]["value"] == "utcs:TEST:part:a"
    assert missing["errors"][0]["value"] is None


async def test_lists_may_repeat(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{THING}/trace?links=HAS_COMPONENT&links=SATISFIES&kinds=part")

    assert response.json()["total"] == 3


async def test_kind_that_there_is_not_is_said_to_be_none(client: httpx.AsyncClient) -> None:
    told = await problem(client, "/api/v1/things/utcs:TEST:bogus:X")

    assert (told["code"], "'bogus' is no kind" in told["detail"]) == ("BAD_IDENTIFIER", True)
    assert (
        "'prat' is no kind; did you mean 'part'"
        in (await problem(client, f"{THING}/paths?to=utcs:TEST:prat:X"))["detail"]
    )


@pytest.mark.parametrize("address", ["/api/v1/search/?q=x", f"{THING}/", f"{THING}/trace/"])
async def test_slash_at_the_end_is_named(client: httpx.AsyncClient, address: str) -> None:
    response = await client.get(address)

    assert response.status_code in (400, 404)
    assert "leave out the slash at the end" in response.json()["detail"]


@pytest.mark.parametrize(
    ("of", "other"),
    [
        (f"{THING}/trace?first=1", "/api/v1/things/utcs:TEST:part:e/trace?first=1"),
        (f"{THING}/trace?first=1", f"{THING}/trace?first=1&links=HAS_COMPONENT"),
        (f"{THING}/trace?first=1", f"{THING}/trace?first=1&kinds=part"),
        (f"{THING}/trace?first=1", f"{THING}/trace?first=1&depth=1"),
        (f"{THING}/trace?first=1", f"{THING}/trace?first=1&asOf=2025-06-01"),
        (f"{THING}/trace?first=1", f"{THING}/neighbours?first=1"),
        (f"{THING}/neighbours?first=1", "/api/v1/things/utcs:TEST:part:e/neighbours?first=1"),
        (f"{THING}/neighbours?first=1", f"{THING}/neighbours?first=1&direction=out"),
        (f"{THING}/neighbours?first=1", f"{THING}/neighbours?first=1&knownAt=2099-06-01"),
        (f"{THING}/history?first=1", "/api/v1/things/utcs:TEST:part:e/history?first=1"),
        ("/api/v1/search?q=tank&first=1", "/api/v1/search?q=tank%20a&first=1"),
        ("/api/v1/search?q=tank&first=1", "/api/v1/search?q=tank&first=1&kinds=part"),
    ],
)
async def test_cursor_of_another_question_is_refused(
    client: httpx.AsyncClient, of: str, other: str
) -> None:
    mark = (await client.get(of)).json()["next"]

    again = await client.get(f"{of}&after={mark}")
    told = await problem(client, f"{other}&after={mark}")

    assert again.status_code == 200
    assert "asked so; give the one that came with the page before" in told["detail"]
    assert told["errors"][0]["field"] == "after"


async def test_code_on_a_part_leads_to_the_moment_that_was_asked_for(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/id/utcs:TEST:part:a?asOf=2024-06-01")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/api/v1/things/utcs:TEST:part:a?asOf=2024-06-01"


async def test_pages_take_empty_fields_and_keep_the_moment(client: httpx.AsyncClient) -> None:
    page = await client.get("/things/utcs:TEST:part:a?asOf=2025-06-01&knownAt=")
    found = await client.get("/search?q=utcs:TEST:part:a&asOf=2025-06-01&knownAt=")
    wrong = await client.get("/things/utcs:TEST:part:a?asof=2025-06-01")

    assert page.status_code == 200
    assert 'href="/things/utcs:TEST:part:b?asOf=2025-06-01"' in page.text
    assert found.headers["location"] == "/things/utcs:TEST:part:a?asOf=2025-06-01"
    assert (wrong.status_code, "did you mean asOf" in wrong.text) == (400, True)


@pytest.mark.parametrize(
    "address",
    ["/healthz", "/readyz", "/id/utcs:TEST:part:a", THING, f"{THING}/trace", "/api/v1/changes",
     "/", "/things/utcs:TEST:part:a", "/docs", "/openapi.json", "/metrics", "/graphql",
     "/api/v1/things/utcs:TEST:part:none"],
)  # fmt: skip
async def test_head_is_get_without_its_content(client: httpx.AsyncClient, address: str) -> None:
    got, head = await client.get(address), await client.head(address)

    assert head.status_code == got.status_code
    assert head.headers.get("content-type") == got.headers.get("content-type")
    assert head.content == b""


async def test_head_does_not_use_up_a_login(client: httpx.AsyncClient) -> None:
    assert (await client.head("/login?token=x")).status_code == 405
    assert (await client.post("/healthz")).headers["allow"] == "GET, HEAD"
