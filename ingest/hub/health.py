"""A health report as facts: an alert for each fault, exceedance and crew report, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.operation import AlertCategory, AlertStatus
from graph.store.telemetry.ask import Span, Window
from ingest.files.statement import put_link, put_node
from ingest.hub.event import Who, thing_of
from ingest.messages.health import CrewReport, Exceedance, Fault, HealthReported

Windows = Mapping[Span, Window]
"""The fingerprints of the samples that exceedances were drawn from."""

_SHOWN = 120


def health_facts(report: HealthReported, subject: Utcs, who: Who, windows: Windows) -> list[Fact]:
    """Returns what a health report states besides its samples.

    Raises:
        EventError: A property is not as its kind needs it, or a unit is of a kind that has no alerts.
        TraceError: A unit is not known.
    """
    facts: list[Fact] = []
    for item in report.data.noticed:
        unit = who(item.about, report.time) if item.about else subject
        alert = thing_of(unit, "alert", "ALT", item.at, *_what(item))
        properties = _told(item, unit) | _window(item, unit, windows)
        properties |= {"number": alert.local, "detected_at": item.at}
        properties |= {"severity": item.severity, "ata_chapter": item.ata_chapter}
        facts.append(put_node(alert, properties))
        facts += [put_link(alert, "ABOUT", thing) for thing in dict.fromkeys((unit, subject))]
    return facts


def spans(report: HealthReported, subject: Utcs, who: Who) -> list[Span]:
    """Returns the windows of samples that the exceedances of a report were drawn from."""
    return [
        _span(item, who(item.about, report.time) if item.about else subject)
        for item in report.data.exceedances
    ]


def _span(item: Exceedance, unit: Utcs) -> Span:
    until = item.at + timedelta(microseconds=1)  # the value itself is in it
    return Span(unit, item.parameter, item.at - timedelta(seconds=item.window_s), until)


def _what(item: Fault | Exceedance | CrewReport) -> tuple[str, ...]:
    """Returns what makes it that alert, besides unit and moment."""
    if isinstance(item, Fault):
        return AlertCategory.BUILT_IN_TEST, item.code
    if isinstance(item, Exceedance):
        return AlertCategory.EXCEEDANCE, item.parameter
    return AlertCategory.CREW_REPORT, item.text


def _told(item: Fault | Exceedance | CrewReport, unit: Utcs) -> dict[str, Any]:
    if isinstance(item, Fault):
        return {
            "name": f"{item.text or item.code} on {unit.local}"[:300],
            "code": item.code,
            "category": AlertCategory.BUILT_IN_TEST,
            "status": AlertStatus.RESOLVED if item.cleared_at else AlertStatus.OPEN,
            "closed_at": item.cleared_at,
        }
    if isinstance(item, Exceedance):
        return {
            "name": f"{item.parameter} of {unit.local} beyond {item.threshold:g} {item.unit}",
            "category": AlertCategory.EXCEEDANCE,
            "parameter": item.parameter,
            "unit_of_measurement": item.unit,
            "value": item.value,
            "threshold": item.threshold,
            "status": AlertStatus.OPEN,
        }
    line = " ".join(item.text.split())
    short = line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
    return {
        "name": f"{short} ({unit.local})",
        "description": item.text,
        "category": AlertCategory.CREW_REPORT,
        "status": AlertStatus.OPEN,
    }


def _window(item: Fault | Exceedance | CrewReport, unit: Utcs, windows: Windows) -> dict[str, Any]:
    found = windows.get(_span(item, unit)) if isinstance(item, Exceedance) else None
    return {"sha256": found.sha256, "location": found.location} if found and found.count else {}
