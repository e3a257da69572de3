"""How far a bulletin, modification, certificate or order has got on all units."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.store.campaign import EMBODIED, Campaign, Embodiment, Progress, campaign

_ROWS: Final = (
    Column("unit", Type.ID), Column("name"), Column("in", Type.ID), Column("progress"),
    Column("because"), Column("done on", Type.DAY), Column("done at", Type.NUMBER, "FH"),
    Column("done at", Type.NUMBER, "FC"), Column("method"), Column("reference"), Column("notes"),
)  # fmt: skip


async def make(asked: Asked) -> Draft:
    """Returns how far a change has got."""

    async def page(after: str | None) -> Campaign:
        return await campaign(asked.graph, asked.utcs, first=500, after=after, at=asked.at)

    found = await gather(page, lambda one: one.embodiments, asked.progress, "units")
    rests = "; ".join(found.pages[0].approvals) or "no approval that is stated"
    table = Table(_ROWS, tuple(map(_row, found.items)))
    return Draft(
        title=f"Embodiment of {asked.name}",
        sections=(Section("Units", (f"It rests on: {rests}.",), table, found.cut),),
        figures=tuple(
            Figure(spaced(one), sum(page.counts.get(one, 0) for page in found.pages))
            for one in Progress
        ),
        used=tuple(dict.fromkeys(str(one.unit) for one in found.items)),
    )


CAMPAIGN = ReportKind(
    "campaign", "On which units a bulletin, modification, STC or order is embodied.", make,
    subjects=frozenset(EMBODIED),
)  # fmt: skip


def _row(one: Embodiment) -> tuple[Cell, ...]:
    done = one.done
    said = (
        (None,) * 5
        if done is None
        else (done.life.day, done.life.fh, done.life.fc, done.method, done.reference)
    )
    notes = "; ".join(one.notes)
    return one.unit, one.unit_name, one.aircraft, spaced(one.progress), one.because, *said, notes
