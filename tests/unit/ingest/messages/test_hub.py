"""Reports on the wire: what cannot be is refused, naming field, value and fix; schemas say the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.parameter import PARAMETERS, ParameterError, check_values
from graph.model.time import to_micros
from ingest.messages.hub import STREAMS, read_report, report_schema
from ingest.messages.report import ReportError
from ingest.messages.schemas import FOLDER, schema_files
from ingest.messages.series import Series
from tests.store.reporting import flight, report, series

NOW = datetime(2026, 1, 1, tzinfo=UTC)

GOOD = {
    "flight": flight("L1", apu_h=1.5, series=[series()]),
    "health": report(
        "health",
        series=[series("hums.vibration", "mm/s", values=[6, 7.5], offsets_ms=[0, 40])],
        faults=[{"code": "73-110", "at": "2025-01-11T00:00:00Z"}],
        crew_reports=[{"text": "Smell of oil", "at": "2025-01-11T00:00:00Z"}],
        exceedances=[{"parameter": "engine.egt", "unit": "Cel", "value": 950, "threshold": 900,
                      "at": "2025-01-11T00:00:00Z"}],
    ),
    "environment": report("environment", series=[series("environment.humidity", "%", values=[40.5])]),
    "configuration": report(
        "configuration",
        places=[{"position": ["ENG-1"], "serial": None}, {"position": [], "software": [{"number": "S"}]}],
    ),
}  # fmt: skip


def changed(document: dict[str, Any], **data: Any) -> dict[str, Any]:
    return document | {"data": document["data"] | data}


@pytest.mark.parametrize("stream", STREAMS)
def test_a_good_report_is_read_and_fits_its_schema(stream: str) -> None:
    schema = report_schema(stream)
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.validate(GOOD[stream], schema)
    read = read_report(stream, orjson.dumps(GOOD[stream]), NOW)

    assert read.type == f"org.utcs.{stream}.reported.v1"


def test_the_same_said_in_another_way_has_the_same_fingerprint() -> None:
    document = GOOD["flight"]
    other = dict(reversed(document.items())) | {"time": document["time"].replace("000Z", "Z")}

    one, two = (read_report("flight", said, NOW).fingerprint() for said in (document, other))
    third = read_report("flight", changed(document, apu_h=1.6), NOW).fingerprint()

    assert one == two != third


@pytest.mark.parametrize(
    ("stream", "changes", "problem"),
    [
        ("flight", {"duration_fh": 120, "landing_at": "2025-01-11T02:00:00Z"}, "duration_fh"),
        ("flight", {"duration_fh": 2.5}, "2.5 FH is longer .* decimal hours, not minutes"),
        ("flight", {"duration_fh": "2 min"}, "'2 min' is in min, but this property is in FH"),
        ("flight", {"landing_at": "2025-01-10T00:00:00Z"}, "is before takeoff_at"),
        ("flight", {"landing_at": None}, "landing_at: missing, and so is on_block_at"),
        ("flight", {"landing_at": "2025-01-11T02:00:00"}, "has no offset; add Z for UTC"),
        ("flight", {"cycles_fc": -1}, "cycles_fc"),
        ("flight", {"colour": "red"}, "colour"),
        ("flight", {"takeoff_at": "1980-01-06T00:00:00Z"}, "takeoff_at: 1980-01-06.* set the clock"),
        ("health", {"series": [], "faults": [], "crew_reports": [], "exceedances": []}, "says something"),
        ("health", {"faults": [{"code": "A", "at": "2046-01-01T00:00:00Z"}]}, "faults.0.at: 2046"),
        ("health", {"series": [series("engine.etg")]}, "did you mean 'engine.egt'"),
        ("health", {"series": [series(unit="degF")]}, "unit: 'degF' .* convert to 'Cel' .UCUM."),
        ("health", {"series": [series(values=[600.0, 1673.0])]}, "values.1: 1673.0 Cel is outside"),
        ("health", {"series": [series(), series()]}, "engine.egt of .* is there 2 times; join them"),
        ("health", {"series": [series(values=[])]}, "values"),
        ("health", {"series": [series(values=["600"])]}, "values.0"),
        ("health", {"series": [series(values=[1.0, 2.0], step_s=None)]}, "step_s: missing for 2 values"),
        ("health", {"series": [series(offsets_ms=[5, 5])]}, "offsets_ms: are not ascending"),
        ("health", {"series": [series(offsets_ms=[5])]}, "offsets_ms: 1 for 2 values; give one each"),
        ("health", {"series": [series(offsets_ms=[1, 2], step_s=1)]}, "leave one of them out"),
        ("health", {"series": [series(on=9000)]}, "series.0.start: 2049"),
        ("health", {"exceedances": [{"parameter": "engine.egt", "unit": "K", "value": 1, "threshold": 1,
                                     "at": "2025-01-11T00:00:00Z"}]}, "convert to 'Cel'"),
        ("environment", {"series": []}, "series"),
        ("configuration", {"places": []}, "places"),
        ("configuration", {"places": [{"position": ["A"]}]}, "a place says something"),
        ("configuration", {"places": [{"position": [], "serial": "X"}]}, "no position in itself"),
        ("configuration", {"places": [{"position": ["A"], "serial": None, "mod_status": "1"}]}, "nothing is"),
        ("configuration", {"places": [{"position": ["A"], "serial": "X"}] * 2}, "'A' is there twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(stream: str, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ReportError, match=problem):
        read_report(stream, orjson.dumps(changed(GOOD[stream], **changes)), NOW)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (b"\xff", "not UTF-8"),
        (b"{", "not JSON"),
        (b'{"id": 1, "id": 2}', "named 2 times"),
        (b'"text"', "a JSON object is expected"),
        (b"[" * 100_000, "."),
        (orjson.dumps(GOOD["flight"] | {"type": "org.utcs.flight.reported.v2"}), "use 'org.utcs.flight"),
        (orjson.dumps(GOOD["flight"] | {"time": "2031-01-01T00:00:00Z"}), "time: 2031.* set the clock"),
        (orjson.dumps(GOOD["flight"] | {"subject": "a\u202eb"}), "U\\+202E"),
        (orjson.dumps(GOOD["flight"] | {"subject": None}), "subject"),
        (orjson.dumps({"type": "x" * 2_000_000}), "over the limit of 1,048,576; send it in parts"),
    ],
)  # fmt: skip
def test_a_document_that_is_no_report_is_refused(document: bytes, problem: str) -> None:
    with pytest.raises(ReportError, match=problem):
        read_report("flight", document, NOW)


@given(st.integers(1, 50), st.floats(0.001, 86_400))
def test_steps_are_kept_to_the_microsecond_and_never_drift(count: int, step_s: float) -> None:
    given = Series.model_validate(series(values=[1.0] * count) | {"step_s": step_s})

    taken_at = given.taken_at()

    start = to_micros(given.start)
    assert all(abs(at - start - n * step_s * 1e6) <= 1 for n, at in enumerate(taken_at))
    assert abs(to_micros(given.end) - taken_at[-1]) <= 1


def test_each_parameter_has_a_unit_a_range_and_a_sentence() -> None:
    for parameter in PARAMETERS.values():
        assert parameter.unit
        assert parameter.low < parameter.high
        assert parameter.doc.endswith(".")
        check_values(parameter.name, parameter.unit, [parameter.low, parameter.high])
        with pytest.raises(ParameterError, match="check the sensor"):
            check_values(parameter.name, parameter.unit, [parameter.high * 1.01])


def test_the_published_schemas_are_those_of_the_code() -> None:
    published = {file.name: file.read_bytes() for file in FOLDER.glob("hub.*.json")}

    assert published == schema_files(), "write them again: python -m ingest.messages.schemas"
