"""A flight report as facts: the flight, by whom it was flown, and what it withdraws."""

from __future__ import annotations

from graph.model import ontology
from graph.model.fact import Correct, Fact
from graph.model.identifier import Utcs
from graph.model.rotation import flight_id
from ingest.files.statement import put_link, put_node
from ingest.messages.flight import FlightData, FlightReported
from ingest.messages.report import ReportError


def flight_facts(report: FlightReported, aircraft: Utcs) -> list[Fact]:
    """Returns what a flight report states.

    It holds from the time of the report on, so of several reports of a flight the latest holds, in
    whatever order they come. When the flight was is among its properties.

    Raises:
        ReportError: The subject is no aircraft.
        EventError: A property is not as its kind needs it.
    """
    if not ontology.fits(aircraft.kind, frozenset({"aircraft"})):
        raise ReportError(f"subject: {aircraft} flies no flights; name the aircraft")
    data = report.data
    flight = flight_id(aircraft, data.flight)
    facts: list[Fact] = [
        put_node(flight, {"name": _name(data, aircraft)} | data.properties()),
        put_link(flight, "FLOWN_BY", aircraft),
    ]
    if data.corrects is not None:
        reason = f"Withdrawn by report {report.id!r:.210}."
        facts.append(Correct(source=report.source, id=data.corrects, reason=reason))
    return facts


def _name(data: FlightData, aircraft: Utcs) -> str:
    began = data.off_block_at or data.takeoff_at or data.planned_start_at or data.ended_at
    route = f"{data.origin or '????'}–{data.destination or '????'}"
    where = route if data.origin or data.destination else f"{data.flight} of {aircraft.local}"
    return f"{where} on {began.date()}" if began else where
