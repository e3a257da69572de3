"""Was an occurrence reported in time? Regulation (EU) 376/2014 gives 72 hours. Pure.

What must be reported is listed in Regulation (EU) 2015/1018; the record says whether an occurrence is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from graph.model.operation import Incident, IncidentSeverity, IncidentStatus

REPORT_WITHIN: Final = timedelta(hours=72)
"""Regulation (EU) 376/2014, Article 4(7) and (8); counted from the occurrence, the earliest start."""

_ALWAYS: Final = frozenset({IncidentSeverity.SERIOUS_INCIDENT, IncidentSeverity.ACCIDENT})
"""What is reported whatever the list says (Regulation (EU) 996/2010, Article 9)."""


class Reporting(StrEnum):
    """How an occurrence stands towards the authority, what is most urgent first."""

    OVERDUE = "overdue"
    """It must be reported, is not, and 72 hours are past."""

    UNKNOWN = "unknown"
    """The record does not say enough."""

    PENDING = "pending"
    """It must be reported, and 72 hours are not past."""

    REPORTED_LATE = "reported_late"
    REPORTED = "reported"
    NOT_REQUIRED = "not_required"

    @property
    def is_marked(self) -> bool:
        """Whether it was not reported within 72 hours."""
        return self in (Reporting.OVERDUE, Reporting.REPORTED_LATE)


@dataclass(frozen=True, slots=True)
class Reported:
    """How an occurrence stands towards the authority.

    Attributes:
        until: By when it must be reported; None where nobody says when it happened.
        why: What that rests on, in a sentence; None where it speaks for itself.
    """

    standing: Reporting
    until: datetime | None
    why: str | None = None


def reported(incident: Incident, at: datetime) -> Reported:
    """Returns how an occurrence stands towards the authority at a moment.

    The record has the day of a report and not its hour, so one of the last day counts as in time.
    """
    until = None if incident.occurred_at is None else incident.occurred_at + REPORT_WITHIN
    sent = incident.reported_on
    if sent is not None and sent <= at.date():
        if until is None:
            return Reported(Reporting.UNKNOWN, None, "nobody says when it happened")
        if sent > until.date() and _is_required(incident) is not False:
            return Reported(Reporting.REPORTED_LATE, until, f"reported on {sent}, after 72 hours")
        return Reported(Reporting.REPORTED, until)
    return Reported(*_unreported(incident, until, at))


def _unreported(
    incident: Incident, until: datetime | None, at: datetime
) -> tuple[Reporting, datetime | None, str | None]:
    required = _is_required(incident)
    if required is False:
        return Reporting.NOT_REQUIRED, until, None
    if required is None:
        return Reporting.UNKNOWN, until, "nobody says whether the law demands a report"
    if until is None:
        return Reporting.UNKNOWN, None, "nobody says when it happened"
    if incident.reported_on is None and incident.status is IncidentStatus.REPORTED:
        return Reporting.UNKNOWN, until, "it is said to be reported, and on no day"
    if at > until:
        return (
            Reporting.OVERDUE,
            until,
            f"not reported; 72 hours were over at {until:%Y-%m-%d %H:%M} UTC",
        )
    return Reporting.PENDING, until, None


def _is_required(incident: Incident) -> bool | None:
    return True if incident.severity in _ALWAYS else incident.is_reportable
