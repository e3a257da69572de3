"""Reports as people ask for them: `utcs report`, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.report.forms import FORMS, Form
from api.rest import reports
from graph.flows.submit import Principal, submit
from graph.model.fact import PutLink, PutNode
from graph.model.outcome import Status
from graph.store.database import Graph
from ingest.files.rejected import Rejected
from ingest.files.reqif_read import read_reqif
from ingest.files.statement import Speaker
from tests.e2e.conftest import Utcs
from tests.store.linking import link, thing
from tests.store.saying import contains, event, serial

pytestmark = pytest.mark.timeout(300)

A1 = "utcs:TEST:serial:A1"
URL = "/api/v1/reports"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def units(graph: Graph) -> Graph:
    """Unit A1 with B1 in it; a requirement with a design, and one without."""
    said = event(
        serial("A1"), serial("B1", name="Valve <b>"), contains("A1", "B1"),
        thing("requirement-1"), thing("requirement-2"), thing("design-1"),
        link("design-1", "SATISFIES", "requirement-1"),
    )  # fmt: skip
    outcomes = await submit(graph, [said], Principal.of("anna", "admin"))
    assert {outcome.status for outcome in outcomes} == {Status.APPLIED}, outcomes
    return graph


def names_in(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


async def typed(utcs: Utcs, *words: str) -> Any:
    """Types a command beside the running loop, as it starts its own."""
    return await asyncio.to_thread(utcs, *words)


async def test_command_and_service_make_the_same_document(
    units: Graph, utcs: Utcs, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    file = tmp_path / "a1.json"
    told = await typed(utcs, "report", "configuration", A1, "--output", str(file))
    whole = json.loads(file.read_bytes())
    times = whole["report"]["coordinates"]
    asked = {"id": A1, "asOf": times["as_of"], "knownAt": times["known_at"]}

    answer = await client.get(f"{URL}/configuration", params=asked)

    assert (told.code, told.out) == (0, "")
    assert whole["sha256"] in told.err
    assert answer.json()["report"] == whole["report"]
    assert answer.json()["sha256"] == whole["sha256"]


async def test_a_report_is_checked_and_written_again_without_the_graph(
    units: Graph, utcs: Utcs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, first, again = (tmp_path / name for name in ("a1.json", "first.csv", "again.csv"))
    await typed(utcs, "report", "configuration", A1, "-o", str(file), "-o", str(first))
    monkeypatch.setenv("UTCS_NEO4J_URI", "bolt://127.0.0.1:1")

    held = await typed(utcs, "report", "--check", str(file), "-o", str(again))
    file.write_bytes(file.read_bytes().replace(b"Valve", b"Value"))
    altered = await typed(utcs, "report", "--check", str(file))

    assert held.code == 0
    assert "says what it said when it was made" in held.err
    assert first.read_bytes() == again.read_bytes()
    assert altered.code == 1
    assert "it was altered after it was made" in altered.err


async def test_without_a_kind_the_reports_are_listed(units: Graph, utcs: Utcs) -> None:
    told = await typed(utcs, "report")

    assert told.code == 0
    assert "directives\tHow the fleet" in told.out


async def test_the_terminal_shows_head_and_rows(units: Graph, utcs: Utcs) -> None:
    shown = await typed(utcs, "report", "configuration", A1)
    assert "\tValve <b>\tB1\t" in shown.out
    assert "SHA-256\t" in shown.out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("report", "statsu", A1), 2, "did you mean status"),
        (("report", "status"), 2, "id: the report status needs to know of what"),
        (("report", "status", "utcs:TEST:serial:NONE"), 1, "NONE"),
        (("report", "status", A1, "--format", "doc"), 2, "'doc' is no form of a report"),
        (("report", "status", A1, "-o", "a.doc"), 2, "let its name end in one of .html, .pdf"),
        (("report", "status", A1, "--format", "reqif"), 2, "only the report matrix"),
        (("report", "status", A1, "-o", "/nowhere/a.csv"), 2, "cannot be written"),
        (("report", "status", A1, "--as-of", "yesterday"), 2, "--as-of"),
        (("report", "--check", "/nowhere.json"), 2, "/nowhere.json"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(
    units: Graph, utcs: Utcs, words: tuple[str, ...], code: int, sentence: str
) -> None:
    told = await typed(utcs, *words)

    assert told.code == code
    assert sentence in told.err
    assert "Traceback" not in told.err


async def test_a_cut_leaves_the_old_file_whole(
    units: Graph, utcs: Utcs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"the old one")

    def full(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    told = await typed(utcs, "report", "configuration", A1, "-o", str(file))

    assert told.code == 2
    assert file.read_bytes() == b"the old one"
    assert names_in(tmp_path) - {"home"} == {"a.csv"}


async def test_a_matrix_as_reqif_is_read_back(
    units: Graph, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    answer = await client.get(f"{URL}/matrix", params={"format": "reqif", "columns": "design"})

    assert answer.headers["content-type"] == "application/xml"
    file = tmp_path / "matrix.reqif"
    file.write_bytes(answer.content)
    read = [*read_reqif(file, speaker=Speaker("urn:other", "anna", "OTHER"), now=NOW)]
    assert not [one for one in read if isinstance(one, Rejected)]
    facts = [fact for one in read if not isinstance(one, Rejected) for fact in one.facts]
    things = {fact.utcs.local for fact in facts if isinstance(fact, PutNode)}
    assert {"utcs.TEST.requirement.requirement-1", "utcs.TEST.design.design-1"} <= things
    links = {(f.source.local, f.target.local) for f in facts if isinstance(f, PutLink)}
    assert ("utcs.TEST.design.design-1", "utcs.TEST.requirement.requirement-1") in links


async def test_service_lists_reports_and_takes_the_form_that_accept_names(
    units: Graph, client: httpx.AsyncClient
) -> None:
    kinds = (await client.get(URL)).json()["reports"]
    page = await client.get(
        f"{URL}/configuration", params={"id": A1}, headers={"Accept": "text/html,*/*;q=0.8"}
    )
    book = await client.get(f"{URL}/configuration", params={"id": A1, "format": "xlsx"})

    assert {"name", "description", "about", "takes", "formats"} == set(kinds[0])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Valve &lt;b&gt;" in page.text
    assert book.headers["content-disposition"].startswith('attachment; filename="configuration-A1-')
    assert book.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/statsu", 400, "kind"),
        (f"/status?id={A1}&format=doc", 400, "format"),
        ("/status", 400, "id"),
        (f"/status?id={A1}&asof=2025-01-01", 400, "asof"),
        (f"/hours?id={A1}&depth=3", 400, "depth"),
        ("/status?id=utcs:TEST:serial:NONE", 404, None),
    ],
)
async def test_service_refuses_with_the_field(
    units: Graph, client: httpx.AsyncClient, path: str, status: int, field: str | None
) -> None:
    answer = await client.get(URL + path)

    assert answer.status_code == status
    if field is not None:
        assert answer.json()["errors"][0]["field"] == field


async def test_nobody_reads_a_report_without_a_token(
    units: Graph, anybody: httpx.AsyncClient
) -> None:
    answer = await anybody.get(f"{URL}/configuration?id={A1}")

    assert answer.status_code == 401


async def test_the_service_answers_others_while_a_long_report_is_written(
    units: Graph, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And writes no more at once than it has room for."""
    begun, go, most = threading.Semaphore(0), threading.Event(), [0, 0]

    def slowly(_sealed: Any) -> bytes:
        most[0] += 1
        most[1] = max(most)
        begun.release()
        go.wait(60)
        most[0] -= 1
        return b"%PDF"

    monkeypatch.setitem(FORMS, "pdf", Form("pdf", "application/pdf", "", slowly, is_text=False))
    asked = f"{URL}/configuration?id={A1}&format=pdf"
    long = [asyncio.create_task(client.get(asked)) for _ in range(reports.AT_ONCE + 2)]
    for _ in range(reports.AT_ONCE):
        await asyncio.to_thread(begun.acquire)

    other = await asyncio.wait_for(client.get("/api/v1/changes"), 30)
    go.set()
    answers = await asyncio.gather(*long)

    assert other.status_code == 200
    assert {answer.content for answer in answers} == {b"%PDF"}
    assert most[1] == reports.AT_ONCE


async def test_the_page_of_a_thing_leads_to_the_reports_that_suit_it(
    units: Graph, client: httpx.AsyncClient
) -> None:
    page = await client.get(f"/things/{A1}?asOf=2025-06-30", headers={"Accept": "text/html"})

    address = f"/api/v1/reports/status?id={A1}&amp;format=html&amp;asOf=2025-06-30"
    assert f'href="{address}"' in page.text
    assert "/reports/gaps" not in page.text
    found = await client.get(address.replace("&amp;", "&"))
    assert found.status_code == 200
    assert "<h1>Status of A1</h1>" in found.text
