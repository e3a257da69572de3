"""The streams of the operational data hub, each with its report; their JSON Schemas are made from these."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from graph.model.event import MAX_BYTES, explain
from graph.model.nesting import MAX_NESTING, is_deeper, write_json
from graph.model.schemas import DIALECT
from graph.model.strict import JsonError, find_unfit, read_json
from ingest.messages.configuration import ConfigurationReported
from ingest.messages.environment import EnvironmentReported
from ingest.messages.flight import FlightReported
from ingest.messages.health import HealthReported
from ingest.messages.report import Report, ReportError

STREAMS: Final[dict[str, type[Report]]] = {
    "flight": FlightReported,
    "health": HealthReported,
    "environment": EnvironmentReported,
    "configuration": ConfigurationReported,
}
"""The streams and what is reported in each."""


def read_report(stream: str, document: bytes | dict[str, Any], now: datetime) -> Report:
    """Returns the report in a document of a stream.

    Raises:
        ReportError: It is too large, no JSON, not of this stream, or says what cannot be; the sentence
            names the field, the value and the fix.
    """
    value = _parsed(document) if isinstance(document, bytes) else document
    if is_deeper(value):
        raise ReportError(f"report: is nested deeper than {MAX_NESTING} levels; flatten it")
    expected = STREAMS[stream]
    type_ = value.get("type")
    if type_ != (right := expected.model_fields["type"].default):
        raise ReportError(f"type: {type_!r:.80} does not belong in stream {stream}; use {right!r}")
    if (unfit := find_unfit(value, write_json(value))) is not None:
        raise ReportError(unfit)
    try:
        report = expected.model_validate(value)
    except ValidationError as error:
        raise ReportError(explain(error)) from error
    report.check_clock(now)
    _check_once_each(report)
    return report


def report_schema(stream: str) -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of the reports of a stream."""
    schema = STREAMS[stream].model_json_schema(mode="validation")
    return {"$schema": DIALECT, "$id": f"urn:utcs:schema:hub:{stream}"} | schema


def _parsed(document: bytes) -> dict[str, Any]:
    if len(document) > MAX_BYTES:
        raise ReportError(
            f"report: {len(document):,} bytes is over the limit of {MAX_BYTES:,}; send it in parts"
        )
    try:
        value = read_json(document)
    except JsonError as error:
        raise ReportError(f"report: {error}") from error
    if not isinstance(value, dict):
        raise ReportError("report: a JSON object is expected")
    return value


def _check_once_each(report: Report) -> None:
    """Refuses two series of the same: of one instant there is one value."""
    for (about, parameter), times in Counter(s.key() for s in report.data.series).items():
        if times > 1:
            raise ReportError(
                f"data.series: {parameter} of {about or report.subject} is there {times} times; join "
                "them, or say in `about` which unit each is of"
            )
