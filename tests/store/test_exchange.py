"""The exchanges as events: each type is told of, in the words of its schema, and as the log has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from graph.flows.exchange.certifications import report_certifications
from graph.flows.exchange.findings import report_findings
from graph.flows.exchange.parts import report_parts
from graph.flows.exchange.predictions import report_predictions
from graph.flows.exchange.results import report_results
from graph.flows.exchange.tell import tell
from graph.model.exchange.reports import (
    CaosPredictions,
    Findings,
    PartsUsage,
    TechnicianCertifications,
    TestResults,
)
from graph.model.exchange.table import ANSWERED, EXCHANGES
from graph.model.time import Coordinates, from_micros
from graph.store.changes import changes
from graph.store.database import Graph
from ingest.webhooks.told import calls_of
from tests.store.linking import id_of, link, thing
from tests.store.linking import tell as state
from tests.store.saying import day, event
from tests.store.working import ADMIN, AIRCRAFT, completed, signed_off, station

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
DPP = "DPP-T-1"
PASSPORTS = {DPP: str(AIRCRAFT), "DPP-T-2": str(id_of("aircraft-2"))}


async def shop(graph: Graph) -> None:
    """A station, with what the exchanges speak of besides: a test, a model, a directive, a unit."""
    await station(graph)
    await state(graph, event(
        thing("testcase-1"), thing("modelversion-1"), thing("serial-1"), thing("serial-2"),
        thing("software-1"), thing("part-2", is_serialised=True, life_limit_fh="1000"),
        thing("directive-1", number="AD-1", status="in_force", effective_on="2024-01-01"),
        link("aircraft-1", "CONTAINS", "serial-1", slot="1"),
        link("aircraft-1", "LOADED_WITH", "software-1"),
        link("serial-1", "INSTANCE_OF", "part-2"),
        link("aircraft-1", "SUBJECT_TO", "directive-1"),
        on=2,
    ))  # fmt: skip


PARTS: dict[str, Any] = {
    "reportId": "PU-1", "at": day(4), "workOrderId": "WO-1",
    "parts": [{"part": "DPP-PART-1", "quantity": 2, "unit": "each"}],
}  # fmt: skip
FINDINGS: dict[str, Any] = {
    "reportId": "FR-1", "at": day(4), "workOrderId": "WO-1",
    "reportedBy": "utcs:TEST:person:person-tess",
    "findings": [
        {"text": "Scratch", "severity": "minor", "lengthMm": "12 mm"},
        {"text": "Leak", "about": "utcs:TEST:serial:serial-1", "category": "leak"},
    ],
}  # fmt: skip
CERTIFICATIONS: dict[str, Any] = {
    "reportId": "TC-1", "at": day(4), "technician": "utcs:TEST:person:person-tess",
    "certifications": [
        {"number": "LH2/7", "category": "special_process", "issuer": "School", "issuedOn": "2025-01-01"}
    ],
}  # fmt: skip
RESULTS: dict[str, Any] = {
    "reportId": "TR-1", "at": day(4),
    "results": [
        {"number": "R-1", "testCase": "utcs:TEST:testcase:testcase-1", "verdict": "passed"},
        {"number": "R-2", "testCase": "utcs:TEST:testcase:testcase-1", "verdict": "failed",
         "unit": "utcs:TEST:serial:serial-1", "measured": "2 bar"},
    ],
}  # fmt: skip
PREDICTIONS: dict[str, Any] = {
    "reportId": "CAOS-1", "at": day(4), "dppId": DPP,
    "predictions": [
        {"number": "P-1", "unit": "utcs:TEST:serial:serial-1",
         "model": "utcs:TEST:modelversion:modelversion-1", "category": "remaining_life",
         "remainingFh": "350 FH", "severity": "advisory"},
    ],
}  # fmt: skip


async def exchange_all(graph: Graph) -> None:
    """Takes one report of each sort."""
    await report_parts(graph, ADMIN, DPP, PartsUsage.model_validate(PARTS))
    await report_certifications(
        graph, ADMIN, DPP, TechnicianCertifications.model_validate(CERTIFICATIONS)
    )
    await report_results(graph, ADMIN, DPP, TestResults.model_validate(RESULTS))
    await report_predictions(graph, ADMIN, CaosPredictions.model_validate(PREDICTIONS))
    await signed_off(graph)
    await completed(graph, parts=("part-1",), released=False)


async def told(graph: Graph, *types: str, after: int = 0) -> list[dict[str, Any]]:
    """What an endpoint is told that wants some types."""
    entries = await changes(graph, after, 1000)
    calls = await calls_of(graph, entries, "far", lambda asked: any(one in types for one in asked))
    return [orjson.loads(one.body) for one in calls]


@pytest.fixture
async def exchanged(graph: Graph) -> Graph:
    await shop(graph)
    await report_findings(graph, ADMIN, DPP, Findings.model_validate(FINDINGS | {"at": day(2.5)}))
    await exchange_all(graph)
    return graph


@pytest.mark.slow
async def test_each_exchange_is_told_as_its_schema_says(exchanged: Graph) -> None:
    for exchange in EXCHANGES:
        schema = orjson.loads((SCHEMAS / exchange.schema).read_bytes())
        found = await told(exchanged, exchange.type)

        assert found, exchange.name
        for one in found:
            Draft202012Validator(schema).validate(one["data"])
            assert (one["type"], one["utcsto"]) == (exchange.type, "far")
            assert one["subject"] == PASSPORTS[one["utcsdpp"]]
        assert DPP in {one["utcsdpp"] for one in found}


async def test_what_is_told_again_is_the_same_to_the_byte(exchanged: Graph) -> None:
    types = [
        one.type for one in EXCHANGES if ".dpp." in one.type or one.name == "cmms.specification"
    ]
    first = await told(exchanged, *types)
    await state(exchanged, event(thing("part-9"), on=9))  # of nothing that the asset has

    again = await told(exchanged, *types)

    reports = [one for one in first if ".dpp." in one["type"]]
    assert [one for one in again if ".dpp." in one["type"]] == reports
    ids = {one["id"]: one for one in first}
    assert all(ids[one["id"]] == one for one in again if one["id"] in ids)


async def test_an_answer_is_told_of_the_assets_that_an_entry_touches_and_of_no_others(
    exchanged: Graph,
) -> None:
    types = [one.type for one in ANSWERED]

    async def after(*facts: dict[str, Any]) -> set[tuple[str, str]]:
        start = len(await changes(exchanged, 0, 1000))
        await state(exchanged, event(*facts, on=20))
        found = await told(exchanged, *types, after=start)
        return {(one["type"].split(".")[3], one["utcsdpp"]) for one in found}

    assert await after(thing("requirement-1")) == set()
    assert await after(thing("serial-1", condition="serviceable")) == {
        ("specification", DPP), ("component-status", DPP), ("certification-requirements", DPP),
        ("availability", DPP),
    }  # fmt: skip
    assert {dpp for _, dpp in await after(thing("directive-2", number="AD-2"))} == {DPP, "DPP-T-2"}
    assert await after(thing("finding-9"), link("finding-9", "ABOUT", "serial-1")) >= {
        ("component-status", DPP)
    }


@pytest.mark.slow
async def test_an_answer_is_as_of_any_day_and_as_known_on_any_day(exchanged: Graph) -> None:
    schedule, status = "cmms.maintenance-schedule", "cmms.component-status"
    before = Coordinates(known_at=from_micros(exchanged.clock()))

    now: Any = await tell(exchanged, status, AIRCRAFT, DPP)
    await state(
        exchanged,
        event(link("aircraft-1", "CONTAINS", "serial-1", slot="1", fact="end_link"), on=30),
    )
    then: Any = await tell(exchanged, status, AIRCRAFT, DPP, at=before)
    after: Any = await tell(exchanged, status, AIRCRAFT, DPP)

    assert [one.position for one in now.components] == ["1"]
    assert now.components == then.components
    assert now.records == then.records
    assert after.components == []
    assert {one.record.kind for one in now.records} == {"finding", "alert"}
    due: Any = await tell(exchanged, schedule, AIRCRAFT, DPP)
    assert [one.number for one in due.items if one.sort == "directive"] == ["AD-1"]


async def test_what_is_told_is_what_is_on_record(exchanged: Graph) -> None:
    specification: Any = await tell(exchanged, "cmms.specification", AIRCRAFT, DPP)
    requirements: Any = await tell(exchanged, "cmms.certification-requirements", AIRCRAFT, DPP)

    assert specification.identity.properties["aliases"] == ["dpp:DPP-T-1"]
    assert [one.name for one in specification.software] == ["software-1"]
    assert [(one.number, one.applies) for one in requirements.requirements] == [("AD-1", True)]
    assert specification.cut is requirements.cut is None
