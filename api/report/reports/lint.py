"""Which maintenance records miss what a rule or a contract demands, with the clause."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Column, Draft, Figure, Section, Table, Type
from api.report.paged import Gathered, gather
from graph.model.record_rule import Profile
from graph.store.record_lint import RecordFinding, RecordLint, record_lint

_FINDINGS: Final = (
    Column("record", Type.ID), Column("kind"), Column("name"), Column("clause"), Column("missing"),
    Column("severity"), Column("rule"), Column("source"),
)  # fmt: skip
_TITLES: Final = {
    Profile.FAA: "14 CFR 43.9 and 91.417",
    Profile.EASA: "EASA 145.A.50, 145.A.55 and M.A.305",
    Profile.CONTRACT: "What contracts usually demand beyond the law",
}


async def make(asked: Asked) -> Draft:
    """Returns what records miss, for each profile."""
    found = {profile: await _lint(asked, profile) for profile in Profile}
    about = "all maintenance records" if asked.about is None else asked.name
    return Draft(
        title=f"Record lint of {about}",
        sections=tuple(
            Section(_TITLES[profile], table=_table(one.items), cut=one.cut)
            for profile, one in found.items()
        ),
        figures=(
            *(Figure(f"missing, {profile}", len(one.items)) for profile, one in found.items()),
            Figure("records", sum(page.examined for page in found[Profile.FAA].pages)),
        ),
        used=tuple(
            dict.fromkeys(str(finding.utcs) for one in found.values() for finding in one.items)
        ),
    )


LINT = ReportKind(
    "lint", "Which maintenance records miss what the FAA, EASA or a contract demands, by clause.",
    make, subjects=frozenset({"serial"}), needs_subject=False,
)  # fmt: skip


async def _lint(asked: Asked, profile: Profile) -> Gathered[RecordLint, RecordFinding]:
    about = None if asked.about is None else asked.utcs

    async def page(after: str | None) -> RecordLint:
        return await record_lint(asked.graph, profile, about, first=1000, after=after, at=asked.at)

    return await gather(page, lambda one: one.findings, asked.progress, f"findings, {profile}")


def _table(findings: tuple[RecordFinding, ...]) -> Table:
    return Table(
        _FINDINGS,
        tuple(
            (
                one.utcs,
                one.kind,
                one.name,
                one.clause,
                one.missing,
                one.severity.value,
                one.rule,
                one.source,
            )
            for one in findings
        ),
    )
