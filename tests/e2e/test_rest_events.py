"""Events over REST: each is answered, none takes the others down, all are signed."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from api.keyring import Keyring
from graph.flows.submit import Principal
from graph.store.changes import changes
from graph.store.database import Graph

EVENTS = "/api/v1/events"
LINES = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}


def requirement(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "urn:test",
        "time": "2026-01-15T09:30:00Z",
        "data": {
            "facts": [
                {
                    "fact": "put_node",
                    "utcs": f"utcs:TEST:requirement:R-{number}",
                    "properties": {"name": f"R {number}", "text": "It shall."},
                }
            ]
        },
    } | changes


def thing(event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The event with something else in its only fact."""
    return event | {"data": {"facts": [event["data"]["facts"][0] | changes]}}


def lines(*documents: Any) -> bytes:
    return b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in documents)


async def test_one_event_is_applied_and_recorded_under_the_callers_name(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    answer = await client.post(EVENTS, json=requirement(1))

    (entry,) = await changes(graph)
    assert answer.status_code == 200
    assert answer.json()["status"] == "applied"
    assert answer.json()["seq"] == 1
    assert entry.actor == "anna"


async def test_sending_again_changes_nothing(client: httpx.AsyncClient) -> None:
    await client.post(EVENTS, json=requirement(1))

    answer = await client.post(EVENTS, json=requirement(1))

    assert (answer.status_code, answer.json()["status"]) == (200, "duplicate")
    assert answer.json()["seq"] == 1


async def test_same_id_with_other_content_is_refused(client: httpx.AsyncClient) -> None:
    await client.post(EVENTS, json=requirement(1))

    answer = await client.post(EVENTS, json=requirement(1, time="2026-01-16T00:00:00Z"))

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "IDENTITY_REUSED"
    assert answer.json()["outcome"]["status"] == "refused"


async def test_a_name_given_twice_costs_its_own_event_alone(client: httpx.AsyncClient) -> None:
    good = [orjson.dumps(requirement(number)) for number in (1, 3)]
    twice = orjson.dumps(requirement(2)).replace(b'"id"', b'"id":"e1","id"', 1)

    answer = await client.post(
        EVENTS, content=b"[" + b",".join([good[0], twice, good[1]]) + b"]", headers=JSON
    )
    alone = await client.post(EVENTS, content=twice, headers=JSON)

    assert [o["status"] for o in answer.json()["outcomes"]] == ["applied", "refused", "applied"]
    assert "'id' is named 2 times" in answer.json()["outcomes"][1]["reason"]
    assert alone.status_code == 422


async def test_event_that_must_wait_is_accepted_for_later(client: httpx.AsyncClient) -> None:
    link = {
        "fact": "put_link",
        "source": "utcs:TEST:requirement:R-1",
        "link": "DERIVES_FROM",
        "target": "utcs:TEST:requirement:R-2",
    }

    answer = await client.post(EVENTS, json=requirement(9, data={"facts": [link]}))

    assert (answer.status_code, answer.json()["status"]) == (202, "parked")


BAD = {
    "unknown kind": (thing(requirement(1), utcs="utcs:TEST:prat:P-1"), "prat"),
    "unknown property": (
        thing(requirement(1), properties={"name": "x", "text": "x", "colour": "red"}),
        "colour",
    ),
    "wrong unit": (
        thing(
            requirement(1),
            utcs="utcs:TEST:part:P-1",
            properties={"name": "x", "number": "P-1", "mass_kg": "12 lb"},
        ),
        "mass_kg",
    ),
    "naive time": (requirement(1, time="2026-01-15T09:30:00"), "time"),
    "wrong check character": (thing(requirement(1), utcs="utcs:TEST:requirement:R-1~*"), "check"),
    "no facts": (requirement(1, data={"facts": []}), "facts"),
    "no source": ({k: v for k, v in requirement(1).items() if k != "source"}, "source"),
    "unknown type": (requirement(1, type="org.utcs.nothing.v1"), "org.utcs.nothing.v1"),
    "not an object": (5, "object"),
    "a list": ([], "object"),
    "no JSON": (b'{"id": ', "JSON"),
    "broken UTF-8": (b'{"id": "\xff"}', "UTF-8"),
    "too large": (requirement(1, data={"facts": ["x" * 2**20]}), "bytes"),
    "lone surrogate": (b'{"id": "\\ud800"}', "event"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_event_among_lines_is_named_and_loses_nothing(
    client: httpx.AsyncClient, name: str
) -> None:
    bad, word = BAD[name]

    answer = await client.post(
        EVENTS, content=lines(requirement(7), bad, requirement(8)), headers=LINES
    )

    assert answer.status_code == 200
    assert [one["status"] for one in answer.json()["outcomes"]] == ["applied", "refused", "applied"]
    assert answer.json()["counts"] == {"applied": 2, "duplicate": 0, "parked": 0, "refused": 1}
    assert word in answer.json()["outcomes"][1]["reason"]


@pytest.mark.parametrize(
    "name", [name for name, (bad, _) in BAD.items() if not isinstance(bad, bytes)]
)
async def test_bad_event_in_an_array_is_named_and_loses_nothing(
    client: httpx.AsyncClient, name: str
) -> None:
    bad, word = BAD[name]

    answer = await client.post(EVENTS, json=[requirement(7), bad, requirement(8)])

    assert [one["status"] for one in answer.json()["outcomes"]] == ["applied", "refused", "applied"]
    assert word in answer.json()["outcomes"][1]["reason"]


async def test_50_megabyte_line_is_refused_alone(client: httpx.AsyncClient) -> None:
    huge = b'{"id": "' + b"x" * 50_000_000 + b'"}'

    answer = await client.post(
        EVENTS, content=lines(requirement(7), huge, requirement(8)), headers=LINES
    )

    assert [one["status"] for one in answer.json()["outcomes"]] == ["applied", "refused", "applied"]
    assert "1,048,576" in answer.json()["outcomes"][1]["reason"]


async def test_single_50_megabyte_event_is_refused(client: httpx.AsyncClient) -> None:
    body = orjson.dumps(requirement(1, extension="x" * 50_000_000))

    answer = await client.post(EVENTS, content=body, headers=JSON)

    assert answer.status_code == 422
    assert "1,048,576" in answer.json()["detail"]


@pytest.mark.parametrize("media", ["application/json", "application/x-ndjson"])
async def test_body_over_the_limit_is_not_read(client: httpx.AsyncClient, media: str) -> None:
    async def endless() -> Any:
        while True:
            yield b"\n" * 1_000_000

    answer = await client.post(EVENTS, content=endless(), headers={"Content-Type": media})

    assert answer.status_code == 413
    assert answer.json()["code"] == "TOO_LARGE"


@pytest.mark.parametrize("media", ["", "text/plain", "application/x-www-form-urlencoded", "JSON"])
async def test_other_content_types_are_told_what_to_send(
    client: httpx.AsyncClient, media: str
) -> None:
    answer = await client.post(EVENTS, content=b"{}", headers={"Content-Type": media})

    assert answer.status_code == 415
    assert "application/cloudevents+json" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"nul", b"[1,", b'"\xed\xa0\x80"', b"[" * 5000]
)
async def test_body_that_is_no_json_says_where(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(EVENTS, content=body, headers=JSON)

    assert answer.status_code == 400
    assert answer.json()["code"] == "NOT_JSON"
    assert "line" in answer.json()["detail"]


async def test_empty_batches_are_answered(client: httpx.AsyncClient) -> None:
    array = await client.post(EVENTS, json=[])
    nothing = await client.post(EVENTS, content=b"\n \n", headers=LINES)

    assert array.json()["outcomes"] == nothing.json()["outcomes"] == []


async def test_many_lines_are_answered_in_their_order(client: httpx.AsyncClient) -> None:
    body = lines(*(requirement(number) for number in range(1200)))

    answer = await client.post(EVENTS, content=body, headers=LINES)

    assert [one["id"] for one in answer.json()["outcomes"]] == [f"e{n}" for n in range(1200)]
    assert answer.json()["counts"]["applied"] == 1200


async def test_group_in_an_array_falls_together(client: httpx.AsyncClient) -> None:
    refused = requirement(2, group="g")
    refused["data"]["facts"].append(
        refused["data"]["facts"][0] | {"valid_from": "2026-01-15T09:30:00Z"}
    )

    answer = await client.post(EVENTS, json=[requirement(1, group="g"), refused, requirement(4)])

    found = [(one["status"], one.get("code")) for one in answer.json()["outcomes"]]
    assert found == [("refused", "group_failed"), ("refused", "said_twice"), ("applied", None)]


async def test_reader_may_not_write(
    anybody: httpx.AsyncClient, keyring: Keyring, graph: Graph
) -> None:
    token = keyring.issue("token", Principal.of("rita", "reader"))

    answer = await anybody.post(
        EVENTS, json=requirement(1), headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "FORBIDDEN"
    assert await changes(graph) == ()


async def test_editor_cannot_speak_for_somebody_else(
    anybody: httpx.AsyncClient, keyring: Keyring, graph: Graph
) -> None:
    token = keyring.issue("token", Principal.of("erik", "editor"))

    await anybody.post(
        EVENTS,
        json=requirement(1, actor="anna"),
        headers={"Authorization": f"Bearer {token}"},
    )

    assert [entry.actor for entry in await changes(graph)] == ["erik"]


async def test_asking_whether_it_is_ready_never_turns_the_log_back(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    """Once the probe wrote the head of the log as it had read it, before it had the lock."""

    async def probe() -> None:
        for _ in range(20):
            assert (await client.get("/readyz")).status_code == 200

    async def send(start: int) -> None:
        for number in range(start, start + 20):
            answer = await client.post(EVENTS, json=requirement(number))
            assert answer.json()["status"] == "applied"

    await asyncio.gather(send(0), send(100), probe(), probe(), probe())

    assert [entry.seq for entry in await changes(graph)] == list(range(1, 41))


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize("levels", [250, 950, 1010, 1500])
async def test_event_that_nests_too_deep_takes_nothing_along(
    client: httpx.AsyncClient, graph: Graph, levels: int
) -> None:
    """It ended the whole batch with a failure, and the others in it were lost."""
    deep = orjson.dumps(requirement(1)).replace(b'"It shall."', nested(levels))

    answer = await client.post(
        EVENTS, content=lines(requirement(0), deep, requirement(2)), headers=LINES
    )

    outcomes = answer.json()["outcomes"]
    assert [one["status"] for one in outcomes] == ["applied", "refused", "applied"]
    assert "nested deeper than 64" in outcomes[1]["reason"] or levels > 1024
    assert await graph.read("MATCH (r:Refusal) RETURN r.document") == [[deep]]


async def test_item_of_an_array_that_nests_too_deep_takes_nothing_along(
    client: httpx.AsyncClient,
) -> None:
    deep = orjson.dumps(requirement(1)).replace(b'"It shall."', nested(300))
    array = b"[" + b",".join([orjson.dumps(requirement(0)), deep, nested(990)]) + b"]"

    many = await client.post(EVENTS, content=array, headers=JSON)
    single = await client.post(EVENTS, content=deep, headers=JSON)

    statuses = [one["status"] for one in many.json()["outcomes"]]
    assert statuses == ["applied", "refused", "refused"]
    assert many.json()["outcomes"][1]["id"] == "e1"
    assert (single.status_code, single.json()["code"]) == (422, "INVALID")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
async def test_compressed_body_is_said_to_be_one(client: httpx.AsyncClient, coding: str) -> None:
    headers = JSON | {"Content-Encoding": coding}

    answer = await client.post(EVENTS, content=b"\x1f\x8b", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.json()["detail"] == (
        f"Content-Encoding: '{coding}' is not taken; send the body as it is"
    )


async def test_line_that_is_too_long_is_not_said_to_be_shorter_than_it_is(
    client: httpx.AsyncClient,
) -> None:
    long = b'{"id": "' + b"x" * 3_000_000 + b'"}'

    answer = await client.post(EVENTS, content=lines(long, requirement(1)), headers=LINES)

    first, second = answer.json()["outcomes"]
    assert first["reason"].startswith("event: over the limit of 1,048,576 bytes; send large")
    assert second["status"] == "applied"
