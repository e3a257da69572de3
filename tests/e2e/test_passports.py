"""The passport of an asset, as everybody may ask for it: what it says, and to whom it does not say what."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from api.app import create_app
from api.keyring import Keyring
from api.passport import passport_schema
from api.qr import PIXELS
from api.settings import Settings
from graph.flows.merge import merge
from graph.flows.submit import Principal
from graph.model.passport import Audience
from graph.store.database import Graph
from tests.e2e.conftest import URL, Utcs
from tests.store.linking import id_of, link, retire, tell, thing, unlink
from tests.store.saying import event
from tests.store.working import ADMIN, AIRCRAFT, completed, signed_off, station
from tests.unit.api.qr_reader import decode, read_png, symbol_in

DPP = "/api/v1/dpp/DPP-T-1"
HTML = {"Accept": "text/html"}
PEOPLE = ("person-cora", "person-tess", "person-ivan", "L-cora", "L-tess")
"""Who signed, and by which licence."""

PRIVATE = ("Olga Owner", "Told by Otto", "workorder-1", "CRS-workorder-1", "S-1")
"""What an operator is shown, and the public is not."""

ROLES = (None, "operator", "authority", "reader", "editor", "admin")


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """An aircraft with a unit in it and a certificate of its own, on which work was done and released."""
    await station(graph, work_performed="Told by Otto.")
    await tell(graph, event(
        thing("aircraft-1", model_designation="TEST-200", aliases=["dpp:DPP-T-1", "dpp:DPP-T-1B"],
              serial_number="T-1", owner="Olga Owner", description="Told by Otto.", mass_kg="41000"),
        link("aircraft-1", "INSTANCE_OF", "part-1"),
        thing("release-own", form="easa_form_52", number="F52-1", status="valid", remarks="Told by Otto.",
              organisation="Test Works", issued_at="2025-01-01T00:00:00Z"),
        link("aircraft-1", "CERTIFIED_BY", "release-own"),
        link("release-own", "SIGNED_BY", "person-cora", "certified", authorisation="L-cora"),
        thing("serial-1", serial_number="S-1"),
        link("aircraft-1", "CONTAINS", "serial-1", "P1"),
        thing("document-1", aliases=["dpp:DPP-DOC-1"]),
        on=2.5,
    ))  # fmt: skip
    await signed_off(graph)
    await completed(graph)
    return graph


def bearer(keyring: Keyring, role: str | None) -> dict[str, str]:
    if role is None:
        return {}
    return {"Authorization": f"Bearer {keyring.issue('token', Principal.of('someone', role))}"}


def audience(role: str | None) -> Audience:
    ranks = {None: Audience.PUBLIC, "authority": Audience.AUTHORITY, "admin": Audience.AUTHORITY}
    return ranks.get(role, Audience.OPERATOR)


@pytest.fixture
async def asked(app: FastAPI, fleet: Graph) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token that follows where it is sent."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=URL, follow_redirects=True
    ) as client:
        yield client


ADDRESSES = (
    DPP,
    "/api/v1/dpp/DPP-PART-1",
    f"{DPP}?format=html",
    f"{DPP}?first=1",
    f"{DPP}?asOf=2025-01-03T00:00:00Z",
    f"{DPP}?asOf=1990-01-01",
    f"{DPP}?after=x",
    f"{DPP}/qr.svg",
    "/api/v1/dpp/context",
    "/api/v1/dpp/DPP-NONE-1",
    "/api/v1/dpp/DPP-DOC-1",
    "/api/v1/dpp/person-cora",
    f"/id/{AIRCRAFT}",
    f"/id/{AIRCRAFT.checked}",
    f"/id/{id_of('person-cora')}",
    f"/id/{id_of('person-nobody')}",
    f"/id/{id_of('workorder-1')}",
    f"/id/{id_of('serial-1')}",
)


@pytest.mark.slow
async def test_nothing_leaks_to_whom_it_is_not_for(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    hidden = {None: (*PRIVATE, *PEOPLE), "operator": PEOPLE, "reader": PEOPLE, "editor": PEOPLE}

    for role, address, accept in product(hidden, ADDRESSES, ("*/*", "text/html")):
        if role in ("reader", "editor") and (address.startswith("/id/") or accept == "*/*"):
            continue  # who may ask the thread itself is sent there; as JSON, it is what an operator is shown
        headers = bearer(keyring, role) | {"Accept": accept}
        answer = await asked.get(address, headers=headers)
        said = "\n".join((answer.text, str(answer.headers)))
        leaked = [one for one in hidden[role] if one in said and one not in address]
        assert leaked == [], (role, address)


async def test_the_search_for_leaks_would_find_what_is_there(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    whole = (await asked.get(DPP, headers=bearer(keyring, "authority"))).text

    assert [one for one in (*PRIVATE, *PEOPLE) if one not in whole] == []


async def test_each_audience_is_shown_more_than_the_one_before(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    told = {role: (await asked.get(DPP, headers=bearer(keyring, role))).json() for role in ROLES}

    assert {role: said["audience"] for role, said in told.items()} == {
        role: audience(role).value for role in ROLES
    }
    for said in told.values():
        Draft202012Validator(passport_schema()).validate(said)
    public, operator, authority = told[None], told["operator"], told["authority"]
    assert public["product"] == {
        "type": "Product", "id": str(AIRCRAFT), "name": public["product"]["name"], "kind": "aircraft",
        "serialNumber": "T-1",
    }  # fmt: skip
    assert public["certification"]["certificates"] == [
        {"type": "Certification", "form": "easa_form_52", "status": "valid", "organisation": "Test Works",
         "issuedAt": "2025-01-01T00:00:00.000000Z"}
    ]  # fmt: skip
    assert public["sustainability"]["mass"]["value"] == "41000"
    assert operator["product"]["owner"] == "Olga Owner"
    assert [one["number"] for one in operator["certification"]["releases"]] == ["CRS-workorder-1"]
    assert [one["id"] for one in operator["composition"]["components"]] == [str(id_of("serial-1"))]
    signed = [one for one in operator["lifecycle"]["events"] if one["event"] == "signature"]
    assert {one["slot"] for one in signed} == {"performed", "inspected", "certified"}
    (own,) = authority["certification"]["certificates"]
    assert (own["remarks"], own["signatures"][0]["signedBy"], own["signatures"][0]["authorisation"]) == (
        "Told by Otto.", str(id_of("person-cora")), "L-cora",
    )  # fmt: skip


async def test_it_never_claims_to_be_verified(asked: httpx.AsyncClient, keyring: Keyring) -> None:
    for role in ROLES:
        said = (await asked.get(DPP, headers=bearer(keyring, role))).json()["verification"]
        assert said["status"] == "not_yet_anchored"
        assert "proves nothing" in said["statement"]
    assert "Not yet anchored" in (await asked.get(DPP, headers=HTML)).text


async def test_the_code_leads_to_the_passport_whoever_scans_it(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    png = await asked.get(f"{DPP}/qr.png")
    link = decode(symbol_in(read_png(png.content, PIXELS)))
    page = await asked.get(link, headers=HTML)
    document = await asked.get(link, headers=bearer(keyring, "operator"))
    member = await asked.get(link, headers=bearer(keyring, "reader"), follow_redirects=False)

    assert link == f"{URL}/id/{AIRCRAFT.checked}" == document.json()["id"]
    assert (page.status_code, page.url.path) == (200, DPP)
    assert document.json()["audience"] == "operator"
    assert member.headers["location"] == f"/api/v1/things/{AIRCRAFT}"
    assert document.json()["isLinkStable"] is False


async def test_the_link_is_as_it_was_set_up_whatever_host_is_asked(
    settings: Settings, fleet: Graph
) -> None:
    app = create_app(fleet, settings.model_copy(update={"public_url": "https://id.example.com"}))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:1") as client:
        said = (await client.get(DPP)).json()
        png = (await client.get(f"{DPP}/qr.png")).content

    assert said["id"] == f"https://id.example.com/id/{AIRCRAFT.checked}"
    assert said["@context"] == "https://id.example.com/api/v1/dpp/context"
    assert said["isLinkStable"] is True
    assert decode(symbol_in(read_png(png, PIXELS))) == said["id"]


async def test_who_is_shown_passports_is_shown_nothing_else(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    read = ("/", f"/things/{AIRCRAFT}", f"/api/v1/things/{AIRCRAFT}", "/openapi.json",
            "/api/v1/reports/status", "/api/v1/dpp", "/api/v1/dpp/../things/x")  # fmt: skip
    written = (f"{DPP}/work-order-complete", DPP, f"/id/{AIRCRAFT}", "/graphql")

    for role in (None, "operator", "authority"):
        headers, refused = bearer(keyring, role), 401 if role is None else 403
        for address in read:
            assert (await asked.get(address, headers=headers)).status_code == refused, address
        for address in written:
            answer = await asked.post(address, headers=headers, json={})
            assert answer.status_code == refused, address


async def test_a_token_that_is_not_known_is_no_member_of_the_public(
    asked: httpx.AsyncClient,
) -> None:
    answer = await asked.get(DPP, headers={"Authorization": "Bearer expired"})

    assert answer.status_code == 401


async def test_a_passport_of_nothing_is_an_error_that_says_why(
    asked: httpx.AsyncClient, fleet: Graph
) -> None:
    await tell(fleet, event(retire("aircraft-2"), on=9))
    expected = {
        "DPP-NONE-1": (404, "is the passport of nothing; check the id"),
        "DPP-T-2": (404, "is retired: its asset is there no more since 2025-01-"),
        "DPP-DOC-1": (400, "is on record for a document, which is no asset"),
        "dpp-t-1": (400, "must match"),
        "DPP-T-1?asOf=2020-01-01": (404, "the passport of nothing then; at another time"),
        "DPP-T-1?asOf=2025-13-01": (400, "asOf"),
        "DPP-T-1?first=0": (400, "first: 0 is out of bounds"),
        "DPP-T-1?format=pdf": (400, "format"),
        "DPP-T-1?as_of=2025-01-01": (400, "did you mean asOf?"),
    }

    for asks, (status, why) in expected.items():
        answer = await asked.get(f"/api/v1/dpp/{asks}")
        said = answer.json()
        assert (answer.status_code, why in said["detail"]) == (status, True), said
    before = await asked.get("/api/v1/dpp/DPP-T-2?asOf=2025-01-08")
    assert before.json()["product"]["id"] == str(id_of("aircraft-2"))


async def test_either_of_two_passports_of_an_asset_tells_of_the_other(
    asked: httpx.AsyncClient,
) -> None:
    one = (await asked.get(DPP)).json()
    other = (await asked.get(f"{DPP}B")).json()

    assert (one["alsoKnownAs"], other["alsoKnownAs"]) == (["DPP-T-1B"], ["DPP-T-1"])
    assert one["id"] == other["id"]


async def test_the_code_of_a_duplicate_record_leads_to_the_one_that_survived(
    asked: httpx.AsyncClient, fleet: Graph
) -> None:
    facts = [thing("serial-8", serial_number="S-8", aliases=["dpp:DPP-S-8"]),
             thing("serial-9", serial_number="S-8", aliases=["dpp:DPP-S-9"])]  # fmt: skip
    await tell(fleet, event(*facts, on=3))
    kept, gone = id_of("serial-8"), id_of("serial-9")
    made = await merge(fleet, ADMIN, kept, gone, reason="one unit", dry_run=False)
    assert made.outcome is not None

    scanned = await asked.get(f"/id/{gone.checked}")

    assert scanned.status_code == 200, scanned.text
    assert scanned.json()["product"]["id"] == str(kept)
    assert scanned.json()["id"].endswith(kept.checked)


async def test_a_passport_asked_for_again_at_its_times_is_the_same(
    asked: httpx.AsyncClient, keyring: Keyring, fleet: Graph
) -> None:
    headers = bearer(keyring, "authority")
    first = (await asked.get(DPP, headers=headers)).json()
    times = {"asOf": first["asOf"], "knownAt": first["knownAt"]}
    facts = [thing("release-own", form="easa_form_52", status="revoked"),
             unlink("aircraft-1", "CONTAINS", "serial-1", "P1")]  # fmt: skip
    await tell(fleet, event(*facts, on=8))

    assert (await asked.get(DPP, params=times, headers=headers)).json() == first
    now = (await asked.get(DPP, headers=headers)).json()
    assert now["certification"]["certificates"][0]["status"] == "revoked"
    assert now["composition"]["componentsInAll"] == 0


async def test_the_events_of_a_life_are_paged_without_a_gap(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    headers = bearer(keyring, "operator")
    whole = (await asked.get(DPP, headers=headers)).json()["lifecycle"]
    found: list[dict[str, Any]] = []
    times: dict[str, str] = {}
    after: str | None = None
    while True:
        asks = {"first": "3", **times} | ({"after": after} if after else {})
        said = (await asked.get(DPP, params=asks, headers=headers)).json()
        times = {"asOf": said["asOf"], "knownAt": said["knownAt"]}
        found += said["lifecycle"]["events"]
        if (after := said["lifecycle"].get("next")) is None:
            break

    assert found == whole["events"]
    assert len(found) == whole["eventsInAll"] > 6


async def test_the_page_works_by_itself_with_keyboard_and_screen_reader(
    asked: httpx.AsyncClient, keyring: Keyring
) -> None:
    for role in ROLES:
        answer = await asked.get(DPP, headers=bearer(keyring, role) | HTML)
        html = answer.text
        ids = re.findall(r'\bid="([^"]+)"', html)
        loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
        assert '<html lang="en">' in html
        assert html.count("<h1") == html.count("<main") == html.count("<figure") == 1
        assert len(ids) == len(set(ids)), "each id once"
        assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= set(ids)
        assert f'role="img"><title>{URL}/id/{AIRCRAFT.checked}</title>' in html
        assert all(place.startswith(("/", "#", "data:image/svg")) for place in loaded), loaded
        assert "<script" not in html
        assert 'style="' not in html
        assert '<meta name="viewport"' in html
        assert answer.headers["vary"] == "Accept, Authorization, Cookie"
        assert ('action="/logout"' in html) == (role in ("reader", "editor", "admin"))


async def test_the_context_is_told_to_anybody(asked: httpx.AsyncClient) -> None:
    said = (await asked.get(DPP)).json()
    answer = await asked.get(said["@context"])

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.json()["@context"]["product"]["@id"] == "schema:about"


def test_show_tells_where_the_passport_is(fleet_shown: Utcs) -> None:
    shown = fleet_shown("show", "DPP-T-1")

    assert "/api/v1/dpp/DPP-T-1" in shown.out
    assert shown.code == 0


@pytest.fixture
async def fleet_shown(fleet: Graph, utcs: Utcs) -> Utcs:
    return utcs
