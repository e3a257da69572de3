"""Which reports there are. To add one: write `reports/<name>.py` and name it here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from api.report.asked import ReportKind
from api.report.reports.baseline import BASELINE
from api.report.reports.campaign import CAMPAIGN
from api.report.reports.change import CHANGE
from api.report.reports.change_impact import CHANGE_IMPACT
from api.report.reports.changes import CHANGES
from api.report.reports.compliance import BULLETINS, DIRECTIVES
from api.report.reports.configuration import CONFIGURATION
from api.report.reports.crs import CRS
from api.report.reports.deferrals import DEFERRALS
from api.report.reports.due import DUE
from api.report.reports.effectivity import EFFECTIVITY
from api.report.reports.form_1 import FORM_1
from api.report.reports.gaps import GAPS
from api.report.reports.genealogy import GENEALOGY
from api.report.reports.history import HISTORY
from api.report.reports.hours import HOURS
from api.report.reports.lint import LINT
from api.report.reports.llp import LLP
from api.report.reports.maintenance import MAINTENANCE
from api.report.reports.matrix import MATRIX
from api.report.reports.occurrences import OCCURRENCES
from api.report.reports.reached import IMPACT, TRACE
from api.report.reports.reconciliation import RECONCILIATION
from api.report.reports.status import STATUS
from api.report.reports.suspects import SUSPECTS
from graph.model import ontology
from graph.model.identifier import shown
from graph.store.errors import BadQuestionError

_ALL: Final = (
    STATUS, CONFIGURATION, GENEALOGY, RECONCILIATION, HOURS, LLP, DUE, MAINTENANCE, CRS, FORM_1, LINT,
    DIRECTIVES, BULLETINS, DEFERRALS, OCCURRENCES, CAMPAIGN, EFFECTIVITY, CHANGES, CHANGE, CHANGE_IMPACT,
    BASELINE, MATRIX, GAPS, SUSPECTS, TRACE, IMPACT, HISTORY,
)  # fmt: skip
REPORTS: Final[dict[str, ReportKind]] = {report.name: report for report in _ALL}


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
