"""How much life is left in units with limits to their life or between overhauls."""

from __future__ import annotations

from typing import Final

from api.report.asked import MAX_ROWS, Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.model.life import LifeOrder
from graph.store.life import (
    LATELY_DAYS,
    LifeLimited,
    LifeLimits,
    count_standings,
    life_limits,
    urgency,
)
from graph.store.question import MAX_FIRST

_COUNTS: Final = (Column("standing"), Column("units", Type.NUMBER))
_UNITS: Final = (
    Column("standing"), Column("unit", Type.ID), Column("serial number"), Column("part number"),
    Column("aircraft", Type.ID), Column("position"), Column("limit of"), Column("in"),
    Column("allowed", Type.NUMBER), Column("used", Type.NUMBER), Column("remaining", Type.NUMBER),
    Column("used", Type.NUMBER, "percent"), Column("reached on", Type.DAY), Column("because"),
)  # fmt: skip
MOST_COUNTED: Final = 10 * MAX_ROWS
"""So many units are worked out at most; the most urgent of them are listed."""

_PROSE: Final = (
    "Of each unit the limit that decides: the worst, of these the one that is reached first. What the record "
    "does not say is unknown; while nothing says where a unit was it may have flown, so no such life is "
    "called within its limit. A unit reaches its limit on that day if its aircraft flies on as it did on "
    f"average over the last {LATELY_DAYS} days."
)


async def make(asked: Asked) -> Draft:
    """Returns how units stand towards their limits."""
    about = None if asked.about is None else asked.utcs

    async def page(after: str | None) -> LifeLimits:
        return await life_limits(
            asked.graph, about, order=LifeOrder.UNIT, first=MAX_FIRST, after=after, at=asked.at
        )

    found = await gather(page, lambda one: one.units, asked.progress, "units", MOST_COUNTED)
    units = sorted(found.items, key=urgency)
    listed, counts = units[:MAX_ROWS], count_standings(units)
    cut = f"the {MAX_ROWS:,} most urgent of {len(units):,} are listed"
    return Draft(
        title="Life limits of the fleet" if about is None else f"Life limits: {asked.name}",
        sections=(
            Section(
                "How many",
                table=Table(_COUNTS, tuple((spaced(one), n) for one, n in counts.items())),
                cut=None
                if found.is_whole
                else f"the first {len(units):,} by identifier are counted",
            ),
            Section(
                "Units",
                (_PROSE,),
                Table(_UNITS, tuple(map(_row, listed))),
                cut if len(units) > MAX_ROWS else found.cut,
            ),
        ),
        figures=(Figure("units", len(units)),),
        used=tuple(str(one.utcs) for one in listed),
    )


LLP = ReportKind(
    "llp", "Life-limited units of the fleet, an aircraft or a unit: used, left, and when reached.",
    make, subjects=frozenset({"serial"}), needs_subject=False,
)  # fmt: skip


def _row(one: LifeLimited) -> tuple[Cell, ...]:
    limit = one.first
    return (
        spaced(one.standing),
        one.utcs,
        one.serial_number,
        one.part,
        one.aircraft,
        one.position,
        limit.of.value,
        limit.unit.value,
        limit.allowed,
        limit.used,
        limit.remaining,
        limit.percent,
        one.reached_on,
        limit.why,
    )
