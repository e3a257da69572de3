"""Which reports there are. To add one: write `reports/<name>.py` and name it here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from api.report.asked import ReportKind
from api.report.reports.configuration import CONFIGURATION
from api.report.reports.history import HISTORY
from api.report.reports.hours import HOURS
from api.report.reports.reached import IMPACT, TRACE
from graph.model import ontology
from graph.model.identifier import shown
from graph.store.errors import BadQuestionError

REPORTS: Final[dict[str, ReportKind]] = {
    report.name: report for report in (CONFIGURATION, HISTORY, HOURS, TRACE, IMPACT)
}


def get_report(name: str) -> ReportKind:
    """Returns the report of that name.

    Raises:
        BadQuestionError: There is none; the sentence names those that there are.
    """
    if (found := REPORTS.get(name)) is not None:
        return found
    near = get_close_matches(name[:40].lower(), REPORTS, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]}?" if near else f"use one of {', '.join(REPORTS)}"
    raise BadQuestionError(f"kind: {shown(name)} is no report; {fix}", field="kind")


def reports_on(kind: str) -> list[ReportKind]:
    """Returns the reports that can be about a thing of some kind."""
    return [report for report in REPORTS.values() if suits(report, kind)]


def suits(report: ReportKind, kind: str) -> bool:
    """Whether a report can be about a thing of some kind."""
    return report.subjects is None or ontology.fits(kind, report.subjects)
