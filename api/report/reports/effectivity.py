"""To which aircraft and units a change applies, each with the reason."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from graph.model import ontology
from graph.store.effectivity import Effectivity, effectivity
from graph.store.question import MAX_FIRST

_RULES: Final = (
    Column("rule", Type.ID), Column("name"), Column("expression"), Column("from", Type.DAY),
    Column("to", Type.DAY), Column("problem"),
)  # fmt: skip
_JUDGED: Final = (
    Column("unit", Type.ID), Column("kind"), Column("name"), Column("in", Type.ID),
    Column("applies", Type.FLAG), Column("why"),
)  # fmt: skip
_SUBJECTS: Final = (
    ontology.get_link_type("LIMITED_BY").sources | ontology.get_link_type("SUBJECT_TO").targets
)


async def make(asked: Asked) -> Draft:
    """Returns to what a change applies."""

    async def page(after: str | None) -> Effectivity:
        return await effectivity(asked.graph, asked.utcs, first=MAX_FIRST, after=after, at=asked.at)

    found = await gather(page, lambda one: one.judged, asked.progress, "aircraft and units")
    first = found.pages[0]
    rules = tuple(
        (one.utcs, one.name, one.expression, one.effective_on, one.expires_on, one.problem)
        for one in first.rules
    )
    judged = tuple(
        (one.utcs, one.kind, one.name, one.aircraft, one.applies, one.why) for one in found.items
    )
    unknown = f"names that name nothing then: {', '.join(first.unknown)}" if first.unknown else None
    return Draft(
        title=f"Effectivity of {asked.name}",
        sections=(
            Section(
                "Rules", (f"The answer rests on: {first.basis}.",), Table(_RULES, rules), unknown
            ),
            Section("Aircraft and units", table=Table(_JUDGED, judged), cut=found.cut),
        ),
        figures=(
            Figure("applies to", first.applying),
            Figure("does not apply to", first.excluded),
            Figure("undecided", first.undecided),
        ),
        used=tuple(str(one.utcs) for one in first.rules),
    )


EFFECTIVITY = ReportKind(
    "effectivity", "To which aircraft and units a change applies, each with the reason.", make,
    subjects=_SUBJECTS,
)  # fmt: skip
