"""Where the thread breaks off: what no way leads on from, rule by rule."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Column, Draft, Figure, Section, Table, Type
from graph.store.gaps import Gaps, count_gaps
from graph.store.question import MAX_FIRST

_RULES: Final = (
    Column("rule"), Column("what holds where it is kept"), Column("basis"), Column("severity"),
    Column("things", Type.NUMBER), Column("gaps", Type.NUMBER),
)  # fmt: skip
_GAPS: Final = (Column("rule"), Column("thing", Type.ID), Column("kind"), Column("name"))


async def make(asked: Asked) -> Draft:
    """Returns what each rule of traceability finds."""
    found = await count_gaps(
        asked.graph, prefix=asked.options.prefix or "", first=MAX_FIRST, at=asked.at
    )
    gaps = [(one.rule.name, gap.utcs, gap.kind, gap.name) for one in found for gap in one.gaps]
    total = sum(one.total for one in found)
    cut = None if len(gaps) == total else f"the first {MAX_FIRST:,} of each rule are listed"
    return Draft(
        title="Trace gaps",
        sections=(
            Section("Rules", table=Table(_RULES, tuple(map(_rule, found)))),
            Section("Gaps", table=Table(_GAPS, tuple(gaps)), cut=cut),
        ),
        figures=(Figure("rules", len(found)), Figure("gaps", total)),
        used=tuple(dict.fromkeys(str(utcs) for _, utcs, _, _ in gaps)),
    )


GAPS = ReportKind(
    "gaps", "Where the thread breaks off, by rules with their basis: what leads to nothing.", make,
    takes=frozenset({"prefix"}),
)  # fmt: skip


def _rule(one: Gaps) -> tuple[str | int, ...]:
    rule = one.rule
    return rule.name, rule.doc, rule.basis, rule.severity.value, one.of, one.total
