"""What was said of a thing: every statement about it and its links, in the order of recording."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from api.facts import facts
from api.moment import moment
from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from graph.store.history import Belief, History, history
from graph.store.question import MAX_FIRST

_ROWS: Final = (
    Column("recorded", Type.MOMENT), Column("true from", Type.MOMENT), Column("true to", Type.MOMENT),
    Column("believed until", Type.MOMENT), Column("of"), Column("other", Type.ID), Column("said"),
    Column("change", Type.NUMBER), Column("by"), Column("source"),
)  # fmt: skip
_PROSE: Final = (
    "Every row of belief about the thing and its links that was recorded by the time of knowledge above, "
    "of whatever time it speaks. A row that was superseded later is shown as it was believed then."
)


async def make(asked: Asked) -> Draft:
    """Returns all that was said of a thing by then."""

    async def page(after: str | None) -> History:
        return await history(asked.graph, asked.utcs, first=MAX_FIRST, after=after)

    found = await gather(page, lambda one: one.rows, asked.progress, "statements")
    rows = [row for row in found.items if row.recorded_at <= asked.known_at]
    is_whole = found.is_whole or len(rows) < len(found.items)
    changes = dict.fromkeys(row.cause.seq for row in rows)
    table = Table(_ROWS, tuple(_row(row, asked.known_at) for row in rows))
    cut = None if is_whole else found.cut
    return Draft(
        title=f"History of {asked.name}",
        sections=(Section("What was said", (_PROSE,), table, cut),),
        figures=(Figure("statements", len(rows)), Figure("events", len(changes))),
        used=tuple(f"urn:utcs:change:{seq}" for seq in changes),
    )


HISTORY = ReportKind(
    "history", "All that was ever said of a thing, when, by whom, and since when we know.", make,
    subjects=None,
)  # fmt: skip


def _row(row: Belief, known_at: datetime) -> tuple[Cell, ...]:
    superseded = row.superseded_at
    link, cause = row.link, row.cause
    return (
        row.recorded_at,
        row.valid_from,
        row.valid_to,
        None if superseded is None or superseded > known_at else superseded,
        link.reads if link else f"version {row.version}",
        link.utcs if link else row.merged_into,
        _said(row),
        cause.seq,
        cause.actor,
        cause.source,
    )


def _said(row: Belief) -> str:
    """Returns what was said, property by property, as the page of a thing has it."""
    if row.ended:
        return "merged into the other" if row.merged_into else "is no more"
    if row.link:
        carried = {"slot": row.link.slot} | row.link.properties
        return "; ".join(f"{name}: {value}" for name, value in carried.items() if value is not None)
    thing = row.properties
    if thing is None:
        return ""
    said = (f"{fact.name}: {fact.value} {fact.unit}".rstrip() for fact in facts(thing, moment))
    return "; ".join([f"name: {thing.name}", *said])
