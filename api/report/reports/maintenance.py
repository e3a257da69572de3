"""What was done to a unit: work, findings, certificates, signatures, installations and removals."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.store.maintenance_history import Entry, MaintenanceHistory, maintenance_history
from graph.store.question import MAX_FIRST

_ENTRIES: Final = (
    Column("when", Type.MOMENT), Column("what"), Column("record", Type.ID), Column("kind"),
    Column("name"), Column("other", Type.ID), Column("position or role"), Column("said"),
)  # fmt: skip


async def make(asked: Asked) -> Draft:
    """Returns the maintenance history of an aircraft or unit."""

    async def page(after: str | None) -> MaintenanceHistory:
        return await maintenance_history(
            asked.graph, asked.utcs, first=MAX_FIRST, after=after, at=asked.at
        )

    found = await gather(page, lambda one: one.entries, asked.progress, "entries")
    table = Table(_ENTRIES, tuple(map(_row, found.items)))
    return Draft(
        title=f"Maintenance history of {asked.name}",
        sections=(Section("What was done", table=table, cut=found.cut),),
        figures=(Figure("entries", found.pages[0].total),),
        used=tuple(dict.fromkeys(str(one.record) for one in found.items)),
    )


MAINTENANCE = ReportKind(
    "maintenance", "What was done to an aircraft or unit, when and by whom, earliest first.", make,
    subjects=frozenset({"serial"}),
)  # fmt: skip


def _row(one: Entry) -> tuple[Cell, ...]:
    said = {name: value for name, value in one.properties.items() if value is not None}
    return (
        one.at,
        spaced(one.sort),
        one.record,
        one.kind,
        one.name,
        one.other,
        one.slot,
        "; ".join(f"{spaced(name)}: {value}" for name, value in said.items()),
    )
