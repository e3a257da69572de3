"""Dead letters over REST: found by anybody who may read, settled by admins, once."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any

import httpx
import orjson
import pytest

from api.keyring import Keyring
from graph.flows.submit import Principal
from tests.e2e.test_rest_events import EVENTS, JSON, LINES, requirement, thing

LETTERS = "/api/v1/dead-letters"


def bad(number: int, **attributes: Any) -> bytes:
    """An event with a property that nothing has."""
    return orjson.dumps(
        thing(requirement(number, **attributes), properties={"name": "x", "colour": "red"})
    )


async def refuse(client: httpx.AsyncClient, *documents: bytes) -> list[str]:
    """Sends documents, all of which are refused, and returns their hashes."""
    answer = await client.post(EVENTS, content=b"\n".join(documents), headers=LINES)
    assert answer.json()["counts"]["refused"] == len(documents)
    return [sha256(document).hexdigest() for document in documents]


async def test_letters_are_listed_with_where_the_list_goes_on(client: httpx.AsyncClient) -> None:
    await refuse(client, bad(1), bad(2), b'{"broken": \xff}')

    first = (await client.get(LETTERS, params={"first": 2})).json()
    rest = (await client.get(LETTERS, params={"first": 2, "after": first["next"]})).json()
    chosen = await client.get(LETTERS, params={"source": "urn:test", "code": "invalid"})

    assert (first["total"], len(first["letters"]), rest["next"]) == (3, 2, None)
    assert chosen.json()["total"] == 2
    assert {one["state"] for one in first["letters"]} == {"open"}


async def test_graphql_lists_them_too(client: httpx.AsyncClient) -> None:
    hashes = await refuse(client, bad(1), bad(2))
    query = """{
      deadLetters(state: open, source: "urn:test", code: invalid, first: 1) {
        total next letters { hash id code reason attempts state size lastAt }
      }
    }"""

    answer = (await client.post("/graphql", json={"query": query})).json()

    assert "errors" not in answer
    page = answer["data"]["deadLetters"]
    (letter,) = page["letters"]
    assert (page["total"], letter["code"], letter["state"]) == (2, "invalid", "open")
    assert page["next"]
    assert letter["hash"] in hashes
    assert "colour" in letter["reason"]


async def test_what_was_sent_comes_back_to_the_byte(client: httpx.AsyncClient) -> None:
    (text, broken) = await refuse(client, bad(1), b'{"broken": \xff}')

    shown = [(await client.get(f"{LETTERS}/{hash[:8]}")).json() for hash in (text, broken)]

    assert shown[0]["document"].encode() == bad(1)
    assert b64decode(shown[1]["document_base64"]) == b'{"broken": \xff}'
    assert shown[0]["is_whole"]
    assert shown[0]["settlements"] == []


async def test_letter_is_sent_again_and_then_mended(client: httpx.AsyncClient) -> None:
    (hash,) = await refuse(client, bad(1))

    again = await client.post(f"{LETTERS}/{hash}/resend")
    mended = await client.post(
        f"{LETTERS}/{hash}/resend",
        content=orjson.dumps(requirement(1)),
        headers=JSON,
        params={"reason": "no colour"},
    )
    late = await client.post(f"{LETTERS}/{hash}/resend")
    shown = (await client.get(f"{LETTERS}/{hash}")).json()

    assert (again.status_code, again.json()["code"]) == (422, "INVALID")
    assert mended.status_code == 200
    assert mended.json()["settlements"][0]["outcome"]["status"] == "applied"
    assert (late.status_code, late.json()["code"]) == (409, "SETTLED")
    assert [(one["actor"], one["reason"]) for one in shown["settlements"]] == [
        ("anna", None),
        ("anna", "no colour"),
    ]


async def test_letter_is_discarded_with_a_reason(client: httpx.AsyncClient) -> None:
    (hash,) = await refuse(client, bad(1))

    without = await client.post(f"{LETTERS}/{hash}/discard")
    done = await client.post(f"{LETTERS}/{hash}/discard", params={"reason": "test bench"})
    metrics = (await client.get("/metrics")).text

    assert (without.status_code, done.status_code) == (400, 200)
    assert done.json()["settlements"][0]["action"] == "discarded"
    assert (await client.get(LETTERS, params={"state": "open"})).json()["total"] == 0
    assert "utcs_events_refused 1.0" in metrics
    assert "utcs_dead_letters_open 0.0" in metrics


async def test_only_admins_settle(client: httpx.AsyncClient, keyring: Keyring) -> None:
    (hash,) = await refuse(client, bad(1))
    token = keyring.issue("token", Principal.of("erik", "editor"))
    headers = {"Authorization": f"Bearer {token}"}

    answers = [
        await client.post(f"{LETTERS}/{hash}/{verb}", params={"reason": "x"}, headers=headers)
        for verb in ("resend", "discard")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (await client.get(f"{LETTERS}/{hash}", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{LETTERS}/xyz", 400), (f"{LETTERS}/abcdef", 404), (f"{LETTERS}?state=odd", 400),
        (f"{LETTERS}?code=odd", 400), (f"{LETTERS}?since=yesterday", 400), (f"{LETTERS}?after=x", 400),
        (f"{LETTERS}?first=0", 400), (f"{LETTERS}?sourc=x", 400),
    ],
)  # fmt: skip
async def test_wrong_question_is_told(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_body_that_is_no_event_is_not_sent(client: httpx.AsyncClient) -> None:
    (hash,) = await refuse(client, bad(1))
    place = f"{LETTERS}/{hash}/resend"

    huge = await client.post(place, content=b"x" * 2_000_000, headers=JSON)
    text = await client.post(place, content=b"x", headers={"Content-Type": "text/plain"})
    packed = await client.post(place, content=b"x", headers=JSON | {"Content-Encoding": "gzip"})

    assert [huge.status_code, text.status_code, packed.status_code] == [413, 415, 415]
    assert (await client.get(f"{LETTERS}/{hash}")).json()["attempts"] == 1
