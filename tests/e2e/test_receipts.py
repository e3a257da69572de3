"""What was sent on a schedule, and its receipt: over HTTP, and as `utcs report --sent` lists it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from cli.worker import Reports
from graph.model.time import format_utc
from graph.store.database import Graph
from ingest.reporting.reporter import Reporter
from ingest.reporting.settings import ReportSettings
from tests.e2e.conftest import Utcs
from tests.store.linking import link, tell, thing
from tests.store.saying import event

URL = "/api/v1/reports"


@pytest.fixture
async def sent(graph: Graph, tmp_path: Path) -> str:
    """An occurrence, reported to EASA at the turn of the year, and never since."""
    await tell(graph, event(
        thing("aircraft-1", registration="D-H2AA"),
        thing("incident-1", number="OC-1", occurred_at="2025-01-02T09:00:00Z", is_reportable=True),
        link("incident-1", "ABOUT", "aircraft-1"),
    ))  # fmt: skip
    settings = ReportSettings(
        name="easa-occurrences", report="occurrences", recipient="EASA", authority="TEST",
        since=datetime(2025, 12, 31, tzinfo=UTC), cron="0 0 1 1 *", url=f"file://{tmp_path}",
    )  # fmt: skip
    await Reporter(settings, settings.place(), graph, Reports()).round()
    assert (tmp_path / "easa-occurrences-20260101T0000Z.pdf").read_bytes().startswith(b"%PDF")
    return "utcs:TEST:job:REPORT.easa-occurrences.20260101T0000Z"


async def test_a_receipt_is_taken_once_and_listed(
    sent: str, utcs: Utcs, client: httpx.AsyncClient, reader: httpx.AsyncClient
) -> None:
    (told,) = (await client.get(f"{URL}/sent", params={"outstanding": "true"})).json()["sent"]
    before = await asyncio.to_thread(utcs, "report", "--sent")
    body = {
        "sending": sent, "sha256": told["sha256"], "number": "EASA-2026-118",
        "receivedAt": format_utc(datetime.now(UTC)), "receivedBy": "Occurrence desk",
    }  # fmt: skip

    wrong = await client.post(f"{URL}/receipts", json=body | {"sha256": "0" * 64})
    refused = await reader.post(f"{URL}/receipts", json=body)
    first = await client.post(f"{URL}/receipts", json=body)
    again = await client.post(f"{URL}/receipts", json=body)
    other = await client.post(f"{URL}/receipts", json=body | {"number": "EASA-2026-119"})
    naive = await client.post(f"{URL}/receipts", json=body | {"receivedAt": "2026-01-02T03:04:05"})

    answers = (wrong, refused, first, again, other, naive)
    assert [one.status_code for one in answers] == [409, 403, 201, 200, 409, 400]
    assert "another file came" in wrong.json()["detail"]
    assert first.json() == again.json()
    assert (told["recipient"], told["isAcknowledged"]) == ("EASA", False)
    assert "\tEASA\t" in before.out
    assert "\toutstanding\n" in before.out
    assert (await client.get(f"{URL}/sent", params={"outstanding": "true"})).json()["total"] == 0
    after = await asyncio.to_thread(utcs, "report", "--sent", "--json")
    assert [one["receipt"] for one in json.loads(after.out)] == ["EASA-2026-118"]
