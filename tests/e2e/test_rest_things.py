"""Questions over REST: by any id, at any time, with an honest end, and clear errors."""

from typing import Any

import httpx
import pytest

from graph.flows.submit import Principal, submit
from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.store.database import Graph

THINGS = "/api/v1/things"
SHIP, TANK, VALVE = (f"utcs:TEST:{name}" for name in ("aircraft:A-1", "serial:T-1", "serial:V-1"))


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs} | properties}


def installed(source: str, target: str, slot: str, fact: str = "put_link") -> dict[str, Any]:
    return {"fact": fact, "source": source, "link": "CONTAINS", "target": target, "slot": slot}


def event(id: str, time: str, *facts: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "source": "urn:test", "time": time, "data": {"facts": list(facts)}}


@pytest.fixture
async def ship(graph: Graph) -> Graph:
    """An aircraft with a tank since day 1 and a valve in the tank until June."""
    outcomes = await submit(
        graph,
        [
            event(
                "1",
                "2025-01-01T00:00:00Z",
                put(
                    SHIP,
                    name="Ship 1",
                    msn="0001",
                    serial_number="0001",
                    aliases=["dpp:DPP-H2-001"],
                ),
                put(TANK, name="Hydrogen tank", serial_number="T-1"),
                put(
                    VALVE,
                    name="Relief valve <b>",
                    serial_number="V-1",
                    aliases=["cage-serial:0AB12/V-1"],
                ),
            ),
            event(
                "2", "2025-01-01T00:00:00Z", installed(SHIP, TANK, "1"), installed(TANK, VALVE, "A")
            ),
            event("3", "2025-06-01T00:00:00Z", installed(TANK, VALVE, "A", "end_link")),
            event(
                "4",
                "2025-07-01T00:00:00Z",
                put(
                    VALVE,
                    name="Relief valve, overhauled",
                    aliases=["cage-serial:0AB12/V-1"],
                    serial_number="V-1",
                ),
            ),
        ],
        Principal.of("anna", "admin"),
    )
    assert {outcome.status for outcome in outcomes} == {Status.APPLIED}, outcomes
    return graph


def names(answer: httpx.Response) -> list[str]:
    return [one["name"] for one in answer.json()["things"]]


@pytest.mark.parametrize(
    "id", [SHIP, Utcs.parse(SHIP).checked, "dpp:DPP-H2-001", "DPP-H2-001", "%20dpp:DPP-H2-001"]
)
async def test_thing_is_found_by_any_of_its_ids(
    client: httpx.AsyncClient, ship: Graph, id: str
) -> None:
    answer = await client.get(f"{THINGS}/{id}")

    assert answer.status_code == 200
    assert answer.json()["node"]["utcs"] == SHIP
    assert answer.json()["checked"] == Utcs.parse(SHIP).checked


@pytest.mark.parametrize(
    "id", ["cage-serial:0AB12/V-1", "cage-serial:0AB12%2FV-1", "MFR 0AB12 SER V-1"]
)
async def test_id_with_a_slash_or_space_is_an_id(
    client: httpx.AsyncClient, ship: Graph, id: str
) -> None:
    thing = await client.get(f"{THINGS}/{id}")
    past = await client.get(f"{THINGS}/{id}/history")

    assert thing.json()["node"]["utcs"] == past.json()["utcs"] == VALVE


async def test_trace_says_what_is_reached_and_that_it_is_all(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    now = await client.get(f"{THINGS}/{SHIP}/trace")
    then = await client.get(f"{THINGS}/{SHIP}/trace", params={"asOf": "2025-03-01"})

    assert names(now) == ["Hydrogen tank"]
    assert names(then) == ["Hydrogen tank", "Relief valve <b>"]
    assert then.json()["complete"] is True
    assert then.json()["extent"] == "nothing further beyond depth 2"


async def test_trace_that_is_cut_says_where(client: httpx.AsyncClient, ship: Graph) -> None:
    answer = await client.get(
        f"{THINGS}/{SHIP}/trace", params={"depth": 1, "asOf": "2025-03-01T00:00:00+01:00"}
    )

    assert answer.json()["complete"] is False
    assert answer.json()["cut"] == "cut at depth 1: at least 1 more beyond"


async def test_impact_goes_against_the_arrows(client: httpx.AsyncClient, ship: Graph) -> None:
    answer = await client.get(
        f"{THINGS}/{TANK}/impact", params={"links": ["CONTAINS"], "kinds": "aircraft"}
    )

    assert [(one["utcs"], one["depth"]) for one in answer.json()["things"]] == [(SHIP, 1)]
    assert answer.json()["kinds"] == {"aircraft": 1}


async def test_pages_go_on_where_the_last_ended(client: httpx.AsyncClient, ship: Graph) -> None:
    asked: dict[str, str | int] = {"first": 1, "asOf": "2025-03-01"}
    first = await client.get(f"{THINGS}/{SHIP}/trace", params=asked)
    second = await client.get(
        f"{THINGS}/{SHIP}/trace", params=asked | {"after": first.json()["next"]}
    )

    assert names(first) + names(second) == ["Hydrogen tank", "Relief valve <b>"]
    assert second.json()["next"] is None


async def test_what_was_known_then_is_told_as_it_was_known(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    answer = await client.get(f"{THINGS}/{SHIP}", params={"knownAt": "2025-03-01T00:00:00Z"})

    assert answer.status_code == 404  # everything was recorded by this test, long after that day


async def test_history_names_the_event_behind_every_row(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    answer = await client.get(f"{THINGS}/{VALVE}/history")

    versions = [row for row in answer.json()["rows"] if row["version"]]
    assert {row["cause"]["actor"] for row in answer.json()["rows"]} == {"anna"}
    assert {row["properties"]["name"] for row in versions} == {
        "Relief valve <b>",
        "Relief valve, overhauled",
    }


async def test_neighbours_have_direction_and_slot(client: httpx.AsyncClient, ship: Graph) -> None:
    answer = await client.get(f"{THINGS}/{TANK}/neighbours", params={"direction": "in"})

    (one,) = answer.json()["links"]
    assert (one["utcs"], one["slot"], one["direction"]) == (SHIP, "1", "in")


async def test_paths_explain_each_step(client: httpx.AsyncClient, ship: Graph) -> None:
    answer = await client.get(f"{THINGS}/{SHIP}/paths", params={"to": VALVE, "asOf": "2025-03-01"})

    (path,) = answer.json()["paths"]
    assert [(step["link"], step["slot"], step["made"]) for step in path] == [
        ("CONTAINS", "1", 2),
        ("CONTAINS", "A", 2),
    ]


async def test_search_finds_by_words(client: httpx.AsyncClient, ship: Graph) -> None:
    answer = await client.get("/api/v1/search", params={"q": "hydrogen tank"})

    assert names(answer) == ["Hydrogen tank"]


async def test_changes_are_the_events_as_they_were_logged(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    answer = await client.get("/api/v1/changes", params={"after": 1, "first": 2})

    assert [entry["seq"] for entry in answer.json()["entries"]] == [2, 3]
    assert answer.json()["entries"][0]["event"]["actor"] == "anna"
    assert answer.json()["head"] == 4


BAD = {
    "unknown thing": (f"{THINGS}/utcs:TEST:serial:T-2", 404, "NOT_FOUND", "did you mean"),
    "unknown alias": (f"{THINGS}/DPP-H2-999", 404, "NOT_FOUND", "DPP-H2-999"),
    "wrong check character": (f"{THINGS}/{TANK}~*", 400, "BAD_IDENTIFIER", "check character"),
    "wrong check character at the resolver": (f"/id/{TANK}~*", 400, "BAD_IDENTIFIER", "check character"),
    "malformed id": (f"{THINGS}/utcs:test:serial:T-1", 400, "BAD_IDENTIFIER", "authority"),
    "naive time": (f"{THINGS}/{TANK}?asOf=2025-03-01T00:00:00", 400, "BAD_QUESTION", "asOf"),
    "no time": (f"{THINGS}/{TANK}?knownAt=yesterday", 400, "BAD_QUESTION", "knownAt"),
    "depth 0": (f"{THINGS}/{TANK}/trace?depth=0", 400, "BAD_QUESTION", "depth: 0"),
    "depth too large": (f"{THINGS}/{TANK}/trace?depth=1000000000", 400, "BAD_QUESTION", "depth: 1000000000"),
    "depth no number": (f"{THINGS}/{TANK}/trace?depth=all", 400, "BAD_QUESTION", "depth: 'all'"),
    "depth beyond 64 bits": (f"{THINGS}/{TANK}/trace?depth={10**30}", 400, "BAD_QUESTION", "depth"),
    "first too large": (f"{THINGS}/{TANK}/impact?first=1001", 400, "BAD_QUESTION", "first: 1001"),
    "unknown link": (f"{THINGS}/{TANK}/trace?links=CONTAIN", 400, "BAD_QUESTION", "did you mean 'CONTAINS'"),
    "unknown kind": (f"{THINGS}/{TANK}/trace?kinds=prat", 400, "BAD_QUESTION", "did you mean 'part'"),
    "Cypher as a link": (f"{THINGS}/{TANK}/trace?links=A]->()%20DELETE%20n//", 400, "BAD_QUESTION", "links"),
    "cursor of nowhere": (f"{THINGS}/{TANK}/trace?after=%ff%00", 400, "BAD_QUESTION", "after"),
    "direction": (f"{THINGS}/{TANK}/neighbours?direction=up", 400, "BAD_QUESTION", "direction"),
    "paths to nothing": (f"{THINGS}/{TANK}/paths", 400, "BAD_QUESTION", "to"),
    "search for nothing": ("/api/v1/search?q=", 400, "BAD_QUESTION", "q: "),
    "search without q": ("/api/v1/search", 400, "BAD_QUESTION", "q"),
    "log before the start": ("/api/v1/changes?after=-1", 400, "BAD_QUESTION", "after"),
    "unknown path": ("/api/v2/things", 404, "NOT_FOUND", "/docs"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_bad_question_is_told_what_is_wrong(
    client: httpx.AsyncClient, ship: Graph, name: str
) -> None:
    address, status, code, word = BAD[name]

    answer = await client.get(address)

    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    assert answer.json()["status"] == status
    assert answer.json()["type"].startswith("urn:utcs:problem:")


async def test_field_that_is_wrong_is_told_to_programs(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    ours = await client.get(f"{THINGS}/{TANK}/trace", params={"depth": 99})
    formal = await client.get(f"{THINGS}/{TANK}/trace", params={"depth": "all"})

    assert ours.json()["errors"] == [
        {"field": "depth", "value": "99", "fix": "give a whole number from 1 to 40"}
    ]
    assert formal.json()["errors"][0]["field"] == "depth"
    assert formal.json()["errors"][0]["value"] == "all"


async def test_method_that_is_not_taken_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/api/v1/search")

    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")


async def test_lucene_syntax_of_strangers_is_only_words(
    client: httpx.AsyncClient, ship: Graph
) -> None:
    for text in (
        "name:*",
        'tank" OR "valve',
        "tank~ AND (",
        "\\",
        "*:*",
        "[a TO z]",
        "tank/valve/",
    ):
        answer = await client.get("/api/v1/search", params={"q": text})

        assert answer.status_code in (200, 400), text


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("text/html,*/*;q=0.8", f"/things/{TANK}"),
        ("application/json", f"/api/v1/things/{TANK}"),
        ("*/*", f"/api/v1/things/{TANK}"),
    ],
)
async def test_code_on_a_part_leads_people_to_a_page_and_machines_to_json(
    client: httpx.AsyncClient, accept: str, place: str
) -> None:
    answer = await client.get(f"/id/{Utcs.parse(TANK).checked}", headers={"Accept": accept})

    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert answer.headers["vary"] == "Accept, Authorization, Cookie"


@pytest.mark.parametrize(
    "address",
    [
        "/", "/docs", "/openapi.json", "/metrics", "/search?q=x", "/kinds/serial", "/graphql",
        f"/things/{TANK}", f"{THINGS}/{TANK}", "/api/v1/changes", "/nothing",
    ],
)  # fmt: skip
async def test_nothing_of_the_graph_is_told_without_a_token(
    anybody: httpx.AsyncClient, address: str
) -> None:
    assert (await anybody.get(address)).status_code == 401
