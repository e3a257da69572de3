"""A report as the event that states its facts, under the report's own identity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from pydantic import ValidationError

from graph.errors import TraceError
from graph.model.event import FACTS_PUT, Event, explain
from graph.model.fact import Fact, Facts
from graph.model.identifier import Utcs, local_part
from ingest.messages.report import Report, ReportError

Who = Callable[[str, datetime], Utcs]
"""Tells which thing is meant by a name at a moment, or raises a TraceError that says why none is."""

REPORT: Final = "report"
"""The extension attribute that holds the SHA-256 of the report: what came again is known by it."""

_DIGITS: Final = 12


def facts_event(report: Report, subject: Utcs, facts: Sequence[Fact], actor: str) -> Event | None:
    """Returns the event that states the facts of a report, or None if it states none.

    Args:
        report: Whose facts they are; it gives source, id and time.
        subject: The thing that it is about.
        facts: What it states.
        actor: Who states it, if the report names nobody.

    Raises:
        ReportError: The facts make no event; the sentence says why.
    """
    if not facts:
        return None
    document: dict[str, Any] = report.model_dump(exclude={"data", "dataschema"}, exclude_none=True)
    document |= {
        "type": FACTS_PUT,
        "subject": subject,
        "actor": report.actor or actor,
        REPORT: report.fingerprint(),
        "reporttype": report.type,
    }
    try:
        return Event.model_validate(document | {"data": Facts(facts=tuple(facts))})
    except ValidationError as error:
        raise ReportError(explain(error)) from error
    except TraceError as error:
        raise ReportError(error.message) from error


def digest(*of: object) -> str:
    """Returns a short fingerprint of what makes a thing that thing, for its identifier."""
    return sha256("\x1f".join(map(str, of)).encode()).hexdigest()[:_DIGITS]


def thing_of(unit: Utcs, kind: str, prefix: str, *of: object) -> Utcs:
    """Returns the identifier of something about a unit; what is said of it again has the same."""
    return Utcs(unit.authority, kind, local_part(f"{prefix}-{unit.local[:40]}-{digest(unit, *of)}"))
