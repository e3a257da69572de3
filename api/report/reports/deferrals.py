"""The known defects with which the fleet flies: which, until when, and what may not be done meanwhile."""

from __future__ import annotations

from collections import Counter
from typing import Final

from api.report.asked import MAX_ROWS, Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.words import spaced
from graph.store.running_deferrals import RunningDeferral, running_deferrals

_DEFERRALS: Final = (
    Column("stands"), Column("deferral", Type.ID), Column("number"), Column("category"),
    Column("reference"), Column("aircraft", Type.ID), Column("on", Type.ID), Column("defects"),
    Column("deferred at", Type.MOMENT), Column("limit", Type.MOMENT),
    Column("limit", Type.NUMBER, "FH"), Column("limit", Type.NUMBER, "FC"),
    Column("remaining", Type.NUMBER, "days"),
    Column("remaining", Type.NUMBER, "FH"), Column("remaining", Type.NUMBER, "FC"),
    Column("restrictions"), Column("because"),
)  # fmt: skip
_COUNTS: Final = (Column("stands"), Column("deferrals", Type.NUMBER))
_STANDS: Final = ("expired", "open", "extended")
_PROSE: Final = (
    "Deferrals that were not ended, those that ran out first, then those whose limit comes first. What is "
    "left in hours and cycles is counted by the aircraft, or by the unit where it is in none; where nobody "
    "can say how many were flown since, the deferral holds no longer."
)


async def make(asked: Asked) -> Draft:
    """Returns the deferrals that run."""
    about = None if asked.about is None else asked.utcs
    found = await running_deferrals(asked.graph, about, most=MAX_ROWS, at=asked.at)
    counts = Counter(map(_stands, found.deferrals))
    cut = None if found.is_whole else f"the first {MAX_ROWS:,} by identifier were read"
    return Draft(
        title="Deferrals of the fleet" if about is None else f"Deferrals: {asked.name}",
        sections=(
            Section(
                "How many",
                table=Table(_COUNTS, tuple((one, counts[one]) for one in _STANDS)),
                cut=cut,
            ),
            Section(
                "Running deferrals",
                (_PROSE,),
                Table(_DEFERRALS, tuple(map(_row, found.deferrals))),
                cut,
            ),
        ),
        figures=(Figure("running", len(found.deferrals)), Figure("expired", counts["expired"])),
        used=tuple(str(one.ref) for one in found.deferrals),
    )


DEFERRALS: Final = ReportKind(
    "deferrals", "The defects with which the fleet, an aircraft or a unit flies: limit, rest, restrictions.",
    make, subjects=frozenset({"serial"}), needs_subject=False,
)  # fmt: skip


def _stands(one: RunningDeferral) -> str:
    return "expired" if one.expired else spaced(one.deferral.status or "open")


def _row(one: RunningDeferral) -> tuple[Cell, ...]:
    said, left = one.deferral, one.remaining
    return (
        _stands(one),
        one.ref.utcs,
        said.number,
        None if said.category is None else spaced(said.category),
        said.reference,
        one.aircraft,
        one.on,
        ", ".join(defect.local for defect in one.defects),
        said.opened_at,
        said.due_at,
        said.limit_fh,
        said.limit_fc,
        left.days,
        left.fh,
        left.fc,
        said.restrictions,
        one.expired,
    )
