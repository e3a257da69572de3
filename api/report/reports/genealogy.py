"""Where a unit has been since birth, and what of that nobody says."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.model.identifier import Utcs
from graph.store.genealogy import Gap, Genealogy, Overlap, Stay, genealogy
from graph.store.history import Cause
from graph.store.question import MAX_FIRST

_STAYS: Final = (
    Column("from", Type.MOMENT), Column("to", Type.MOMENT), Column("where"), Column("in", Type.ID),
    Column("position"), Column("aircraft", Type.ID), Column("place", Type.ID),
    Column("begun by"), Column("begun under", Type.ID), Column("ended by"),
    Column("ended under", Type.ID), Column("reference"),
)  # fmt: skip
_GAPS: Final = (
    Column("from", Type.MOMENT), Column("to", Type.MOMENT), Column("before"), Column("after"),
    Column("in an assembly", Type.ID),
)  # fmt: skip
_OVERLAPS: Final = (
    Column("from", Type.MOMENT), Column("to", Type.MOMENT), Column("one"), Column("other"),
)  # fmt: skip
_PROSE: Final = (
    "From the end of the day on which it was made, or the first word of it if that is earlier: times for "
    "which nothing says where it was, or where the assembly was that it was in."
)


async def make(asked: Asked) -> Draft:
    """Returns the life of a unit."""

    async def page(after: str | None) -> Genealogy:
        return await genealogy(asked.graph, asked.utcs, first=MAX_FIRST, after=after, at=asked.at)

    found = await gather(page, lambda one: one.stays, asked.progress, "stays")
    life = found.pages[0]
    gaps, overlaps = tuple(map(_gap, life.gaps)), tuple(map(_overlap, life.overlaps))
    return Draft(
        title=f"Genealogy of {asked.name}",
        sections=(
            Section("Gaps", (_PROSE,), Table(_GAPS, gaps)),
            Section("Overlaps", table=Table(_OVERLAPS, overlaps)),
            Section("Stays", table=Table(_STAYS, tuple(map(_stay, found.items))), cut=found.cut),
        ),
        figures=(
            Figure("stays", life.total),
            Figure("gaps", len(gaps)),
            Figure("overlaps", len(overlaps)),
        ),
        used=tuple(dict.fromkeys(str(utcs) for one in found.items for utcs in _used(one))),
    )


GENEALOGY = ReportKind(
    "genealogy", "Where a unit has been since birth, and what of that nobody says.", make,
    subjects=frozenset({"serial"}),
)  # fmt: skip


def _stay(one: Stay) -> tuple[Cell, ...]:
    return (
        one.since,
        one.until,
        spaced(one.whereabouts),
        one.within[0].unit if one.within else None,
        ".".join(held.position for held in reversed(one.within)) or None,
        one.aircraft,
        one.place,
        _cause(one.began),
        one.began_under,
        _cause(one.ended),
        one.ended_under,
        one.reference,
    )


def _gap(one: Gap) -> tuple[Cell, ...]:
    within = one.within[-1].unit if one.within else None
    return (
        one.since,
        one.until,
        str(one.before) if one.before else None,
        str(one.after) if one.after else None,
        within,
    )


def _overlap(one: Overlap) -> tuple[Cell, ...]:
    return one.since, one.until, str(one.one), str(one.other)


def _cause(cause: Cause | None) -> str | None:
    return f"{cause.source} {cause.id} by {cause.actor}" if cause else None


def _used(one: Stay) -> tuple[Utcs, ...]:
    held = (within.unit for within in one.within)
    return tuple(filter(None, (*held, one.place, one.began_under, one.ended_under)))
