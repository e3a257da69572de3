"""Pages for people, health for supervisors, measures for scrapers."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from neo4j import AsyncGraphDatabase

from api.app import create_app
from api.keyring import Keyring
from api.settings import Settings
from graph.flows.submit import Principal, submit
from graph.store.database import Graph

TANK = "utcs:TEST:serial:T-1"
HTML = {"Accept": "text/html"}


@pytest.fixture
async def tank(graph: Graph) -> Graph:
    facts = [
        {
            "fact": "put_node",
            "utcs": TANK,
            "properties": {
                "name": "Tank <script>alert(1)</script>",
                "serial_number": "T-1",
                "aliases": ["cage-serial:0AB12/T-1"],
                "extra": {"note": "</pre><img src=x>"},
            },
        }
    ]
    event = {
        "id": "1",
        "source": "urn:test",
        "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }
    await submit(graph, [event], Principal.of("anna", "admin"))
    return graph


@pytest.mark.parametrize(
    "address",
    [
        "/",
        f"/things/{TANK}",
        "/search?q=tank",
        "/kinds/serial",
        "/docs",
        f"/things/{TANK}?asOf=2026-01-01",
    ],
)
async def test_pages_need_no_script_and_load_nothing_from_elsewhere(
    client: httpx.AsyncClient, tank: Graph, address: str
) -> None:
    answer = await client.get(address, headers=HTML)

    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert 'style="' not in answer.text
    assert all(place.startswith(("/", "#", "?", "data:image/svg")) for place in loaded), loaded
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'"
    )


@pytest.mark.parametrize(
    "address", ["/", f"/things/{TANK}", "/search?q=tank", "/kinds/serial", "/changes", "/docs"]
)
async def test_pages_work_with_keyboard_and_screen_reader(
    client: httpx.AsyncClient, tank: Graph, address: str
) -> None:
    html = (await client.get(address, headers=HTML)).text

    ids = re.findall(r'\bid="([^"]+)"', html)
    assert '<html lang="en">' in html
    assert html.count("<h1") == html.count("<main") == 1
    assert '<a class="skip" href="#main">' in html
    assert len(ids) == len(set(ids)), "each id once"
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= set(ids)
    labels, inputs = r'<label for="([^"]+)"', r'<input [^>]*id="([^"]+)"'
    assert set(re.findall(labels, html)) == set(re.findall(inputs, html))


async def test_page_shows_thing_and_how_far_the_answer_goes(
    client: httpx.AsyncClient, tank: Graph
) -> None:
    html = (await client.get(f"/things/{TANK}", headers=HTML)).text

    assert "Tank &lt;script&gt;" in html
    assert "nothing further beyond depth 0" in html
    assert "MFR 0AB12 SER T-1" in html


async def test_search_for_an_id_goes_straight_to_the_thing(
    client: httpx.AsyncClient, tank: Graph
) -> None:
    answer = await client.get("/search", params={"q": "MFR 0AB12 SER T-1"}, headers=HTML)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/things/{TANK}")


@pytest.mark.parametrize("q", ["", "no such words", '"', "utcs:TEST:serial:T-9", "*"])
async def test_search_for_nothing_is_no_failure(
    client: httpx.AsyncClient, tank: Graph, q: str
) -> None:
    answer = await client.get("/search", params={"q": q}, headers=HTML)

    assert answer.status_code in (200, 303, 400)


async def test_person_gets_a_page_about_what_is_wrong(
    client: httpx.AsyncClient, tank: Graph
) -> None:
    answer = await client.get("/things/utcs:TEST:serial:T-1~*", headers=HTML)

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "check character" in answer.text


async def test_thing_page_before_it_was_there_says_so(
    client: httpx.AsyncClient, tank: Graph
) -> None:
    answer = await client.get(f"/things/{TANK}?asOf=2024-01-01", headers=HTML)

    assert "not there yet" in answer.text


async def test_every_operation_is_described(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    reference = (await client.get("/docs", headers=HTML)).text

    assert "/api/v1/events" in document["paths"]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
        assert path in reference


async def test_ready_when_the_graph_is(anybody: httpx.AsyncClient, graph: Graph) -> None:
    answer = await anybody.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_not_ready_while_migrations_wait(anybody: httpx.AsyncClient, graph: Graph) -> None:
    async with graph.transaction() as tx:
        await tx.run("MATCH (m:Migration {number: 1}) SET m:Hidden REMOVE m:Migration")
    try:
        answer = await anybody.get("/readyz")
    finally:
        async with graph.transaction() as tx:
            await tx.run("MATCH (m:Hidden) SET m:Migration REMOVE m:Hidden")

    assert answer.status_code == 503
    assert "migration" in answer.json()["detail"]


@pytest.fixture
async def cut_off(settings: Settings, keyring: Keyring) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service whose graph does not answer."""
    driver = AsyncGraphDatabase.driver(
        "bolt://127.0.0.1:1", auth=("x", "x"), max_transaction_retry_time=1
    )
    async with Graph(driver) as graph:
        transport = httpx.ASGITransport(app=create_app(graph, settings), raise_app_exceptions=False)
        token = keyring.api_token(Principal.of("anna", "admin"))
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=headers
        ) as client:
            yield client


async def test_lost_graph_is_told_with_when_to_try_again(cut_off: httpx.AsyncClient) -> None:
    alive = await cut_off.get("/healthz")
    ready = await cut_off.get("/readyz")
    asked = await cut_off.get(f"/api/v1/things/{TANK}")
    measures = await cut_off.get("/metrics")

    assert alive.status_code == 200
    assert (ready.status_code, asked.status_code) == (503, 503)
    assert ready.headers["retry-after"] == asked.headers["retry-after"] == "5"
    assert asked.json()["code"] == "GRAPH_UNREACHABLE"
    assert "utcs_graph_up 0.0" in measures.text


async def test_measures_count_requests_by_pattern_and_never_by_path(
    client: httpx.AsyncClient, tank: Graph
) -> None:
    await client.get(f"/api/v1/things/{TANK}")
    await client.get("/api/v1/things/utcs:TEST:serial:T-2")
    await client.get("/surprise/me")

    text = (await client.get("/metrics")).text

    assert 'route="/api/v1/things/{id:path}",status="200"} 1.0' in text
    assert 'route="/api/v1/things/{id:path}",status="404"} 1.0' in text
    assert 'route="other",status="404"} 1.0' in text
    assert TANK not in text
    assert "utcs_log_head_seq 1.0" in text


async def test_measures_can_be_opened_to_a_local_scraper(graph: Graph, settings: Settings) -> None:
    app = create_app(graph, settings.model_copy(update={"open_metrics": True}))

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1"
    ) as scraper:
        assert (await scraper.get("/metrics")).status_code == 200
        assert (await scraper.get("/api/v1/changes")).status_code == 401


async def test_what_fails_inside_is_not_told(
    client: httpx.AsyncClient, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("api.rest.search.search", fail)
    answer = await client.get("/api/v1/search", params={"q": "x"})

    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")
    assert "secret" not in answer.text
