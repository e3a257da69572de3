"""GraphQL over HTTP: mutations, questions, pages, limits, persisted documents, GraphiQL."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query

from api.app import create_app
from api.context import Context
from api.keyring import Keyring
from api.schema import make_schema
from api.serve import read_documents
from api.settings import Settings
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.tail import Tail
from tests.e2e.conftest import URL

PART = "utcs:TEST:part:"


async def ask(
    client: httpx.AsyncClient, query: str | None, variables: Any = None, **more: Any
) -> dict[str, Any]:
    """What the service answers to an operation."""
    body = {"query": query, "variables": variables} | more
    response = await client.post("/graphql", json={k: v for k, v in body.items() if v is not None})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def data(client: httpx.AsyncClient, query: str, variables: Any = None) -> dict[str, Any]:
    """The data of an operation in which nothing goes wrong."""
    answer = await ask(client, query, variables)
    assert "errors" not in answer, answer["errors"]
    found: dict[str, Any] = answer["data"]
    return found


async def error(
    client: httpx.AsyncClient, query: str | None, variables: Any = None, **more: Any
) -> dict[str, Any]:
    """The first error of an operation."""
    answer = await ask(client, query, variables, **more)
    first: dict[str, Any] = answer["errors"][0]
    assert set(first) <= {"message", "locations", "path", "extensions"}
    return first


async def put_part(client: httpx.AsyncClient, local: str, **properties: Any) -> dict[str, Any]:
    query = """
      mutation ($utcs: String!, $input: PartInput!) {
        putPart(utcs: $utcs, input: $input, validFrom: "2025-01-01") { status seq code reason }
      }"""
    given = {"name": local, "number": local} | properties
    outcome: dict[str, Any] = (await data(client, query, {"utcs": PART + local, "input": given}))[
        "putPart"
    ]
    return outcome


async def link(client: httpx.AsyncClient, source: str, target: str, slot: str) -> dict[str, Any]:
    query = """
      mutation ($s: String!, $t: String!, $slot: String) {
        putLink(source: $s, link: HAS_COMPONENT, target: $t, slot: $slot, properties: {quantity: "2"},
                validFrom: "2025-01-02") { status code reason }
      }"""
    variables = {"s": PART + source, "t": PART + target, "slot": slot}
    outcome: dict[str, Any] = (await data(client, query, variables))["putLink"]
    return outcome


async def test_what_is_stated_can_be_asked(client: httpx.AsyncClient) -> None:
    stated = await put_part(
        client, "tank", massKg=12.5, status="active", category="assembly", extra={"a": [1]}
    )
    await put_part(client, "valve")
    linked = await link(client, "tank", "valve", "1")

    found = await data(client, """{
        parts(orderBy: [{by: name}]) {
          totalCount
          nodes { checkedUtcs name massKg status extra validFrom validTo version
            hasComponent { edges { node { name } link { slot properties } } } }
        }
      }""")  # fmt: skip

    assert (stated["status"], linked["status"]) == ("applied", "applied")
    assert found["parts"]["totalCount"] == 2
    tank = found["parts"]["nodes"][0]
    assert tank.pop("checkedUtcs").startswith(f"{PART}tank~")
    assert tank == {
        "name": "tank", "massKg": 12.5, "status": "active", "extra": {"a": [1]},
        "validFrom": "2025-01-01T00:00:00.000000Z", "validTo": None, "version": 1,
        "hasComponent": {
            "edges": [{"node": {"name": "valve"}, "link": {"slot": "1", "properties": {"quantity": 2.0}}}]
        },
    }  # fmt: skip


async def test_a_refusal_is_an_answer_and_not_an_error(client: httpx.AsyncClient) -> None:
    await put_part(client, "tank")

    missing_slot = await data(client, f"""mutation {{
        putLink(source: "{PART}tank", link: HAS_COMPONENT, target: "{PART}tank") {{ status code reason }}
      }}""")  # fmt: skip

    assert missing_slot["putLink"]["status"] == "refused"
    assert missing_slot["putLink"]["code"] == "invalid"
    assert "slot" in missing_slot["putLink"]["reason"]


async def test_an_event_sent_twice_is_taken_once(client: httpx.AsyncClient) -> None:
    query = """mutation ($e: EventInput!) { apply(events: [$e]) { status seq } }"""
    event = {
        "id": "e1", "source": "urn:test", "time": "2025-01-01T00:00:00Z",
        "data": {"facts": [
            {"fact": "put_node", "utcs": PART + "a", "properties": {"name": "a", "number": "a"}}
        ]},
    }  # fmt: skip

    outcomes = [(await data(client, query, {"e": event}))["apply"][0] for _ in range(2)]

    assert [outcome["status"] for outcome in outcomes] == ["applied", "duplicate"]
    assert outcomes[0]["seq"] == outcomes[1]["seq"]


async def test_links_end_things_retire_and_mistakes_are_corrected(
    client: httpx.AsyncClient,
) -> None:
    await put_part(client, "tank")
    await put_part(client, "valve")
    await link(client, "tank", "valve", "1")
    count = "{ parts { nodes { name hasComponent { totalCount } } } }"

    def end(id: str) -> str:
        ends = f'source: "{PART}valve", link: COMPONENT_OF, target: "{PART}tank", slot: "1"'
        more = f'validFrom: "2025-02-01", event: {{id: "{id}"}}'
        return f"mutation {{ endLink({ends}, {more}) {{ status }} }}"

    fix = 'mutation { correct(source: "urn:utcs:graphql", id: "end", reason: "typo") { status } }'
    gone = f'mutation {{ retire(utcs: "{PART}valve", reason: "scrapped") {{ status }} }}'

    said = [await data(client, text) for text in (end("end"), fix)]
    corrected = await data(client, count)
    said += [await data(client, text) for text in (end("again"), gone)]
    after = await data(client, count)
    before = await data(client, count.replace("parts", 'parts(asOf: "2025-01-15")'))

    assert [next(iter(one.values()))["status"] for one in said] == ["applied"] * 4
    assert corrected == before
    assert [node["hasComponent"]["totalCount"] for node in before["parts"]["nodes"]] == [1, 0]
    assert after["parts"]["nodes"] == [{"name": "tank", "hasComponent": {"totalCount": 0}}]


async def test_pages_by_cursor_meet_everything_once_in_order(client: httpx.AsyncClient) -> None:
    for number in range(7):
        await put_part(client, f"p{number}", **({"massKg": number % 3} if number % 4 else {}))
    query = """query ($after: String, $way: Direction) {
        parts(first: 2, after: $after, orderBy: [{by: massKg, direction: $way}]) {
          nodes { number massKg } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""

    for way in ("ASC", "DESC"):
        met, after = [], None
        while True:
            page = (await data(client, query, {"after": after, "way": way}))["parts"]
            assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
            met += [(node["massKg"], node["number"]) for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        down = way == "DESC"
        whole = await data(client, query.replace("first: 2", "first: 50"), {"way": way})
        everything = [(node["massKg"], node["number"]) for node in whole["parts"]["nodes"]]
        assert met == everything
        assert len(met) == len(set(met)) == 7
        assert (met[0][0] is None) == down


async def test_a_wrong_cursor_and_a_wrong_page_size_name_their_argument(
    client: httpx.AsyncClient,
) -> None:
    cursor = await error(client, '{ parts(after: "bm9uc2Vuc2U") { totalCount nodes { name } } }')
    size = await error(client, "{ parts(first: 5000) { nodes { name } } }")

    assert cursor["extensions"] == {"code": "BAD_QUESTION", "field": "after"}
    assert "give the endCursor of the page before" in cursor["message"]
    assert size["extensions"]["field"] == "first"
    assert "5000 is out of bounds" in size["message"]


async def test_questions_fetch_what_they_name(client: httpx.AsyncClient) -> None:
    for name in ("a", "b", "c"):
        await put_part(client, name)
    await link(client, "a", "b", "1")
    await link(client, "b", "c", "1")

    found = await data(client, f"""{{
        trace(id: "{PART}a") {{ total extent things {{ depth thing {{
          ... on Part {{ number componentOf {{ nodes {{ name }} }} }} }} }} }}
        impact(id: "{PART}c", depth: 1) {{ complete cut things {{ name }} }}
        paths(source: "{PART}a", target: "{PART}c") {{
          paths {{ length steps {{ link source {{ name thing {{ utcs }} }} }} }} }}
        search(text: "b") {{ total things {{ thing {{ name }} }} }}
        history(id: "{PART}b") {{ total rows {{ version link {{ reads }} cause {{ seq actor }} }} }}
        changes(after: 3) {{ seq thing {{ name }} event }}
      }}""")  # fmt: skip

    assert [t["thing"]["number"] for t in found["trace"]["things"]] == ["b", "c"]
    assert found["trace"]["things"][1]["thing"]["componentOf"]["nodes"] == [{"name": "b"}]
    assert found["impact"]["complete"] is False
    assert [way["length"] for way in found["paths"]["paths"]] == [2]
    assert found["paths"]["paths"][0]["steps"][0]["source"]["thing"]["utcs"] == f"{PART}a"
    assert {row["cause"]["actor"] for row in found["history"]["rows"]} == {"anna"}
    assert [change["seq"] for change in found["changes"]] == [4, 5]


async def test_one_operation_is_one_statement(client: httpx.AsyncClient, graph: Graph) -> None:
    await put_part(client, "a")
    statements: list[str] = []
    read = Graph.read

    async def counted(self: Graph, statement: str, *rest: Any, **more: Any) -> Any:
        statements.append(statement)
        return await read(self, statement, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Graph, "read", counted)
        await data(client, f"""{{
            parts {{ totalCount groups(by: status) {{ values {{ value count }} complete }}
              nodes {{ name hasComponent {{ groups(by: name) {{ complete }} nodes {{
              ... on Part {{ suppliedBy {{ nodes {{ name }} }} }} }} }} }} }}
            old: parts(asOf: "2025-06-01") {{ nodes {{ hash }} }}
            thing(id: "{PART}a") {{ name }}
            serials {{ nodes {{ installedIn {{ name }} contains {{ totalCount }} }} }}
          }}""")  # fmt: skip

    assert len(statements) == 1
    assert "2025" not in statements[0]
    assert PART not in statements[0]


async def test_a_list_counts_by_the_values_of_a_property(client: httpx.AsyncClient) -> None:
    for local, status in (("a", "active"), ("b", "active"), ("c", "obsolete"), ("d", None)):
        await put_part(client, local, **({"status": status} if status else {}))

    found = await data(
        client,
        """{
        parts(first: 1) {
          nodes { name }
          status: groups(by: status) { values { value count } complete }
          since: groups(by: validFrom, first: 1) { complete values { count at: value again: value } }
          few: groups(by: name, first: 2) { __typename complete values { value __typename } }
          totalCount
        }
        only: parts(filter: {status: {eq: active}}) { groups(by: status) { values { value count } } }
        before: parts(asOf: "2024-01-01") { groups(by: status) { values { count } complete } }
      }""",
    )

    moment = "2025-01-01T00:00:00.000000Z"
    assert found == {
        "parts": {
            "nodes": [{"name": "a"}],
            "status": {
                "values": [
                    {"value": "active", "count": 2},
                    {"value": "obsolete", "count": 1},
                    {"value": None, "count": 1},
                ],
                "complete": True,
            },
            "since": {"complete": True, "values": [{"count": 4, "at": moment, "again": moment}]},
            "few": {
                "__typename": "Counts",
                "complete": False,
                "values": [
                    {"value": "a", "__typename": "ValueCount"},
                    {"value": "b", "__typename": "ValueCount"},
                ],
            },
            "totalCount": 4,
        },
        "only": {"groups": {"values": [{"value": "active", "count": 2}]}},
        "before": {"groups": {"values": [], "complete": True}},
    }
    assert list(found["parts"]) == ["nodes", "status", "since", "few", "totalCount"]


async def test_countings_are_bounded_like_lists(client: httpx.AsyncClient) -> None:
    many = await error(client, "{ parts { groups(by: name, first: 1001) { complete } } }")
    costly = await error(
        client,
        """{ parts(first: 1000) { nodes { hasComponent {
        groups(by: name, first: 1000) { complete } } } } }""",
    )
    free = await data(
        client,
        """{ parts(first: 1000) { nodes { name }
        groups(by: name, first: 1000) { complete } } }""",
    )

    assert many["extensions"] == {"code": "BAD_QUESTION", "field": "first"}
    assert costly["extensions"]["code"] == "QUERY_TOO_COSTLY"
    assert free == {"parts": {"nodes": [], "groups": {"complete": True}}}


async def test_an_id_of_any_form_finds_its_thing(client: httpx.AsyncClient) -> None:
    await put_part(client, "a", aliases=["dpp:DPP-PART-123"])
    checked = (await data(client, "{ parts { nodes { checkedUtcs } } }"))["parts"]["nodes"][0][
        "checkedUtcs"
    ]
    query = "query ($id: String!) { thing(id: $id) { name } }"

    for id in (f"{PART}a", checked, "dpp:DPP-PART-123", "DPP-PART-123"):
        assert (await data(client, query, {"id": id}))["thing"] == {"name": "a"}, id
    assert (await data(client, query, {"id": f"{PART}none"}))["thing"] is None
    wrong = await error(client, query, {"id": checked[:-1] + ("A" if checked[-1] != "A" else "B")})
    assert wrong["extensions"]["code"] == "BAD_IDENTIFIER"


async def test_a_reader_may_not_write(client: httpx.AsyncClient, keyring: Keyring) -> None:
    token = keyring.issue("token", Principal.of("rita", "reader"))
    client.headers["Authorization"] = f"Bearer {token}"
    mutation = f'mutation {{ retire(utcs: "{PART}a", reason: "x") {{ status }} }}'

    refused = await error(client, mutation)

    assert refused["extensions"]["code"] == "FORBIDDEN"
    assert (await data(client, "{ parts { totalCount } }"))["parts"]["totalCount"] == 0


DEEP = " hasComponent { nodes { ... on Part {" * 8 + " name " + "} } }" * 8
DEAR = "componentOf(first: 1000) { nodes { name } }"
MANY = " ".join(f"a{n}: parts {{ totalCount }}" for n in range(60))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"{{ parts {{ nodes {{ {DEEP} }} }} }}", "QUERY_TOO_DEEP"),
        (f"{{ {MANY} }}", "TOO_MANY_ALIASES"),
        (f"{{ parts(first: 1000) {{ nodes {{ {DEAR} }} }} }}", "QUERY_TOO_COSTLY"),
        ("{ " + "__typename " * 5000 + "}", "QUERY_TOO_LONG"),
        ("{" * 3000, "GRAPHQL_PARSE_FAILED"),
        ("{ a" * 1900, "GRAPHQL_PARSE_FAILED"),
        ("{ parts { nodes { nome } } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query { ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_what_is_too_much_is_refused_with_a_code(
    client: httpx.AsyncClient, query: str, code: str
) -> None:
    refused = await error(client, query)

    assert refused["extensions"]["code"] == code, refused
    if code.startswith(("QUERY", "TOO")):
        assert re.search(r"\d", refused["message"])
        assert refused["extensions"]["limit"] > 0


@pytest.mark.parametrize(("levels", "code"), [(20, "QUERY_TOO_DEEP"), (5, "QUERY_TOO_LARGE")])
async def test_fragments_that_multiply_are_too_much(
    client: httpx.AsyncClient, levels: int, code: str
) -> None:
    fragments = " ".join(
        f"fragment F{n} on Part {{ "
        + " ".join(f"{x}: componentOf(first: 0) {{ nodes {{ ...F{n + 1} }} }}" for x in "abcdef")
        + " }"
        for n in range(levels)
    )
    last = f"fragment F{levels} on Part {{ name }}"
    query = f"{{ parts(first: 0) {{ nodes {{ ...F0 }} }} }} {fragments} {last}"

    refused = await error(client, query)

    assert refused["extensions"]["code"] == code, refused


async def test_a_bad_variable_is_named(client: httpx.AsyncClient) -> None:
    refused = await error(
        client, "query ($n: Int!) { parts(first: $n) { totalCount } }", {"n": "many"}
    )

    assert "$n" in refused["message"]
    assert refused["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_what_goes_wrong_inside_stays_inside(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("MATCH (secret) RETURN secret")

    monkeypatch.setattr(Graph, "read", broken)

    for query in ("{ parts { totalCount } }", f'{{ trace(id: "{PART}a") {{ total }} }}'):
        refused = await error(client, query)
        assert refused["extensions"] == {"code": "INTERNAL"}
        assert "secret" not in str(refused)


async def test_a_document_goes_by_its_hash(client: httpx.AsyncClient) -> None:
    query = "{ parts { totalCount } }"
    by_hash = {"persistedQuery": {"version": 1, "sha256Hash": sha256(query.encode()).hexdigest()}}

    unknown = await error(client, None, extensions=by_hash)
    sent = await ask(client, query, extensions=by_hash)
    known = await ask(client, None, extensions=by_hash)

    assert unknown["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert sent["data"] == known["data"] == {"parts": {"totalCount": 0}}


async def test_with_a_folder_of_documents_nothing_else_is_executed(
    graph: Graph, settings: Settings, keyring: Keyring, tmp_path: Path
) -> None:
    known = "query ($first: Int) { parts(first: $first) { totalCount } }"
    (tmp_path / "known.graphql").write_text(known, encoding="utf-8")
    closed = settings.model_copy(update={"documents": tmp_path})
    transport = httpx.ASGITransport(app=create_app(graph, closed, read_documents(closed.documents)))
    headers = {"Authorization": f"Bearer {keyring.api_token(Principal.of('anna', 'admin'))}"}
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
        by_hash = {"version": 1, "sha256Hash": sha256(known.encode()).hexdigest()}

        by_text = await ask(client, known, {"first": 1})
        hashed = await ask(client, None, {"first": 1}, extensions={"persistedQuery": by_hash})
        others = [
            await error(client, text)
            for text in ("{ parts { totalCount } }", f"{known} ", "{ __schema { types { name } } }")
        ]

    assert by_text["data"] == hashed["data"] == {"parts": {"totalCount": 0}}
    assert {other["extensions"]["code"] for other in others} == {"DOCUMENT_NOT_ALLOWED"}


async def test_no_other_way_leads_around_the_folder_of_documents(
    graph: Graph, settings: Settings, keyring: Keyring, tmp_path: Path
) -> None:
    (tmp_path / "known.graphql").write_text("{ parts { totalCount } }", encoding="utf-8")
    documents = read_documents(tmp_path)
    transport = httpx.ASGITransport(app=create_app(graph, settings, documents))
    headers = {"Authorization": f"Bearer {keyring.api_token(Principal.of('anna', 'admin'))}"}
    context = Context(graph, Principal.of("anna", "admin"), documents, Tail(graph))

    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
        got = await client.get("/graphql", params={"query": "{ designs { totalCount } }"})
        changed = await error(client, "mutation { __typename }")
    stream: Any = await make_schema().subscribe("subscription { changes { seq } }", None, context)
    (told,) = [result async for result in stream]

    refused = [*got.json()["errors"], changed, told.errors[0].formatted]
    assert [one["extensions"]["code"] for one in refused] == ["DOCUMENT_NOT_ALLOWED"] * 3


async def test_graphiql_asks_nothing_of_other_hosts(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"Accept": "text/html"})
    names = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    files = [await client.get(name) for name in names]

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "://" not in page.text
    assert len(files) == 6
    assert all(file.status_code == 200 and file.content for file in files)
    assert (await client.get("/graphql/assets/../graphql.py")).status_code == 404


async def test_readers_may_introspect(client: httpx.AsyncClient) -> None:
    found = await data(client, get_introspection_query())

    assert "Part" in build_client_schema(found).type_map  # type: ignore[arg-type]
