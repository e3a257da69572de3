"""As designed, as planned, as built and as maintained, place by place."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import exactly, spaced
from graph.model.reconciliation import Verdict
from graph.store import reconcile as asking
from graph.store.question import MAX_FIRST
from graph.store.reconcile import Reconciliation, Row, reconcile

_ROWS: Final = (
    Column("position"), Column("find number"), Column("as designed"), Column("as planned"),
    Column("as built"), Column("unit as built", Type.ID), Column("verdict as built"),
    Column("as maintained"), Column("unit as maintained", Type.ID), Column("verdict as maintained"),
    Column("fault", Type.FLAG), Column("why"), Column("exchanged", Type.FLAG), Column("moved to"),
)  # fmt: skip
_COUNTS: Final = (
    Column("verdict"), Column("as built", Type.NUMBER), Column("as maintained", Type.NUMBER),
)  # fmt: skip
_JUDGED: Final = (
    "Each side is judged by what was designed and allowed at its own time. Listed are the places on which "
    "the sides are not of one mind; that another unit of the same part is there is no difference."
)


async def make(asked: Asked) -> Draft:
    """Returns what is in each place against what belongs there."""

    async def page(after: str | None) -> Reconciliation:
        return await reconcile(asked.graph, asked.utcs, first=MAX_FIRST, after=after, at=asked.at)

    found = await gather(page, lambda one: one.rows, asked.progress, "places")
    first = found.pages[0]
    times = (
        f"Planned at {_when(first.planned_at)}, built at {_when(first.built_at)}, maintained at "
        f"{exactly(first.maintained_at)}."
    )
    notes = "; ".join(first.notes) or None
    part = f"Part number {first.part}. {times}"
    if first.left_out:
        part += f" Lines of its bills that are not for it, and left out: {first.left_out:,}."
    faults = sum(number for verdict, number in first.maintained.items() if verdict.is_fault)
    return Draft(
        title=f"Reconciliation of {asked.name}",
        sections=(
            Section("Verdicts", (part,), _counts(first), notes),
            Section(
                "Differences", (_JUDGED,), Table(_ROWS, tuple(map(_row, found.items))), found.cut
            ),
        ),
        figures=(
            Figure("places", first.places),
            Figure("places with a fault now", faults),
            Figure("places that differ", len(found.items)),
            Figure("exchanged since delivery", first.exchanged),
        ),
        used=tuple(_used(found.items)),
    )


RECONCILIATION = ReportKind(
    "reconciliation", "As designed, as planned, as built and as maintained, place by place.", make,
    subjects=frozenset({"serial"}),
)  # fmt: skip


def _when(moment: datetime | None) -> str:
    return "an unknown time" if moment is None else exactly(moment)


def _counts(found: Reconciliation) -> Table:
    built, now = found.built, found.maintained
    rows = ((spaced(one), built.get(one, 0), now.get(one, 0)) for one in Verdict)
    return Table(_COUNTS, tuple(row for row in rows if any(row[1:])))


def _row(row: Row) -> tuple[Cell, ...]:
    sides = [one for one in (row.built, row.maintained) if one is not None and one.why]
    return (
        row.position,
        row.find,
        row.designed,
        row.planned,
        *_side(row.built),
        *_side(row.maintained),
        row.is_fault,
        "; ".join(dict.fromkeys(one.why for one in sides)),
        row.exchanged,
        row.moved_to,
    )


def _side(side: asking.Cell | None) -> tuple[Cell, ...]:
    return (None,) * 3 if side is None else (side.part, side.unit, spaced(side.verdict))


def _used(rows: tuple[Row, ...]) -> dict[str, None]:
    sides = (side for row in rows for side in (row.built, row.maintained) if side is not None)
    return dict.fromkeys(str(side.unit) for side in sides if side.unit is not None)
