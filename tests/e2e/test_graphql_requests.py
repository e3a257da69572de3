"""GraphQL over HTTP: what a request must be before any of it is carried out."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from graph.store.changes import head
from graph.store.database import Graph

PUT = 'putPart(utcs: "utcs:TEST:part:a", input: {name: "a", number: "a"}) { status }'


async def first_error(client: httpx.AsyncClient, **sent: Any) -> dict[str, Any]:
    response = await client.post("/graphql", json=sent)
    assert response.status_code == 200, response.text
    assert not any((response.json().get("data") or {}).values())
    error: dict[str, Any] = response.json()["errors"][0]
    return error


@pytest.mark.parametrize(
    ("body", "status", "code", "said"),
    [
        (b"null", 400, "BAD_QUESTION", "body: a JSON object is expected"),
        (b"5", 400, "BAD_QUESTION", "body: a JSON object is expected"),
        (b'"x"', 400, "BAD_QUESTION", "body: a JSON object is expected"),
        (b"true", 400, "BAD_QUESTION", "body: a JSON object is expected"),
        (b"[]", 400, "BAD_QUESTION", "body: an array is not taken; send one operation"),
        (b"{}", 400, "BAD_QUESTION", "query: is missing; give an operation"),
        (b'{"query": ""}', 400, "BAD_QUESTION", "query: is missing"),
        (b'{"query": 5}', 400, "BAD_QUESTION", "query: text is expected"),
        (b'{"query": "{a}", "variables": [1]}', 400, "BAD_QUESTION", "variables: a JSON object"),
        (b'{"query": "{a}", "extensions": 1}', 400, "BAD_QUESTION", "extensions: a JSON object"),
        (b'{"query": "{a}", "operationName": 1}', 400, "BAD_QUESTION", "operationName: text is"),
        (b'{"query": ', 400, "NOT_JSON", "body: not JSON, line 1 column"),
        (b'{"query": NaN}', 400, "NOT_JSON", "body: not JSON"),
        (b" " * (4 * 1024 * 1024 + 1), 413, "TOO_LARGE", "body: over the limit of 4,194,304 bytes"),
    ],
)
async def test_request_without_an_operation_is_a_problem(
    client: httpx.AsyncClient, body: bytes, status: int, code: str, said: str
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = await client.post("/graphql", content=body, headers=headers)

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].startswith(said)


async def test_other_bodies_are_refused_by_their_type(client: httpx.AsyncClient) -> None:
    text = await client.post("/graphql", content=b"{a}", headers={"Content-Type": "text/plain"})
    coded = await client.post(
        "/graphql", content=b"x", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )  # fmt: skip

    assert (text.status_code, coded.status_code) == (415, 415)
    assert "use application/json" in text.json()["detail"]
    assert "Content-Encoding: 'gzip' is not taken" in coded.json()["detail"]


async def test_get_takes_questions_only(client: httpx.AsyncClient, graph: Graph) -> None:
    asked = await client.get("/graphql", params={"query": "{ parts { totalCount } }"})
    wrong = await client.get("/graphql", params={"query": "{ __typename }", "variables": "{"})
    changed = await client.get("/graphql", params={"query": f"mutation {{ {PUT} }}"})

    assert asked.json() == {"data": {"parts": {"totalCount": 0}}}
    assert wrong.json()["detail"].startswith("variables: not JSON")
    assert (changed.status_code, changed.headers["allow"]) == (405, "POST")
    assert changed.json()["code"] == "METHOD_NOT_ALLOWED"
    assert (await head(graph)).seq == 0


async def test_several_operations_need_a_name(client: httpx.AsyncClient, graph: Graph) -> None:
    """The first one was run, be it a mutation (GraphQL §6.1 asks for an error)."""
    query = f"mutation A {{ {PUT} }} query B {{ __typename }}"

    error = await first_error(client, query=query)
    named = await client.post("/graphql", json={"query": query, "operationName": "B"})
    unknown = await first_error(client, query=query, operationName="C")
    single = await first_error(client, query="{ __typename }", operationName="C")

    assert error["extensions"]["code"] == "BAD_QUESTION"
    assert "has 2 operations; give operationName, one of A, B" in error["message"]
    assert named.json() == {"data": {"__typename": "Query"}}
    assert "operationName: 'C' is not in the document; use one of A, B" in unknown["message"]
    assert "leave it out" in single["message"]
    assert (await head(graph)).seq == 0


async def test_document_of_fragments_only_is_said_to_hold_no_operation(
    client: httpx.AsyncClient,
) -> None:
    error = await first_error(client, query="fragment F on Part { name }")

    assert "query: holds no operation" in error["message"]


async def test_subscription_over_http_is_shown_the_way(client: httpx.AsyncClient) -> None:
    error = await first_error(client, query="subscription { changes { seq } }")

    assert error["message"].startswith("subscriptions need a WebSocket")
    assert error["extensions"]["code"] == "BAD_QUESTION"


async def test_mutation_of_a_kind_takes_things_of_that_kind(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    """A supplier was made by putRequirement: all kinds have a name."""
    query = (
        """mutation { putSupplier(utcs: "utcs:TEST:part:MIX", input: {name: "x"}) { status } }"""
    )

    error = await first_error(client, query=query)

    assert error["message"].startswith(
        "utcs: utcs:TEST:part:MIX names a part, putSupplier takes a supplier"
    )
    assert error["extensions"] == {"code": "BAD_QUESTION", "field": "utcs"}
    assert (await head(graph)).seq == 0


async def test_deep_values_are_refused_and_deep_documents_too(client: httpx.AsyncClient) -> None:
    nested = '{"a":' * 950 + "1" + "}" * 950
    query = """mutation ($extra: JSON) {
      putPart(utcs: "utcs:TEST:part:a", input: {name: "a", number: "a", extra: $extra}) { status reason } }"""

    body = f'{{"query": {json.dumps(query)}, "variables": {{"extra": {nested}}}}}'
    put = await client.post("/graphql", content=body, headers={"Content-Type": "application/json"})
    deep = "{" + "parts(filter: " + "{not: " * 900 + "{}" + "}" * 900 + ") { totalCount } }"
    error = await first_error(client, query=deep)
    asked = json.dumps("query ($f: PartFilter) { parts(filter: $f) { totalCount } }")
    inner = '{"not":' * 900 + "{}" + "}" * 900
    body = f'{{"query": {asked}, "variables": {{"f": {inner}}}}}'
    filtered = await client.post(
        "/graphql", content=body, headers={"Content-Type": "application/json"}
    )

    assert put.json()["data"]["putPart"]["status"] == "refused"
    assert "nested deeper than 64" in put.json()["data"]["putPart"]["reason"]
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert "nested too deeply" in filtered.json()["errors"][0]["message"]


async def test_things_that_paths_cannot_find_are_named_by_their_argument(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/graphql", json={"query": f"mutation {{ {PUT} }}"})
    query = '{ paths(source: "utcs:TEST:part:a", target: "%s") { complete } }'

    unknown = await first_error(client, query=query % "utcs:TEST:prat:b")
    same = await first_error(client, query=query % "utcs:TEST:part:a")

    assert unknown["message"].startswith("target: identifier 'utcs:TEST:prat:b': 'prat' is no kind")
    assert same["message"].startswith("target: source and target are the same")


@pytest.mark.parametrize(
    ("asked", "field"),
    [('search(text: "\\"") { next }', "text"), ("changes(first: 1001) { seq }", "first")],
)
async def test_arguments_are_named_as_they_are_asked(
    client: httpx.AsyncClient, asked: str, field: str
) -> None:
    error = await first_error(client, query=f"{{ {asked} }}")

    assert error["message"].startswith(f"{field}: ")
    assert error["extensions"]["field"] == field
