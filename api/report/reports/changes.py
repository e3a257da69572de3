"""All changes and quality records, with where they stand, and the steps that broke a rule."""

from __future__ import annotations

from typing import Any, Final

from api.report.asked import MAX_ROWS, Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import Gathered, gather
from api.report.reports.change import broken_section
from api.report.words import spaced
from graph.model.identifier import Utcs, VersionRef
from graph.model.lifecycle import MACHINES
from graph.model.time import from_micros
from graph.store.lifecycle_audit import BrokenStep, LifecycleAudit, audit_kind
from graph.store.select import place_in_time, select
from graph.store.selection import Kinds, Page, Property, Root, Value

_CHANGES: Final = (
    Column("change", Type.ID), Column("kind"), Column("number"), Column("name"), Column("state"),
    Column("as it is since", Type.MOMENT),
)  # fmt: skip
_STATES: Final = (Column("kind"), Column("state"), Column("how many", Type.NUMBER))
_READ: Final = tuple(map(Property, ("utcs", "number", "name", "status", "valid_from", "n")))


async def make(asked: Asked) -> Draft:
    """Returns all changes, by kind and id."""
    listed = {kind: await _list(asked, kind) for kind in MACHINES}
    rows = [_row(kind, row) for kind, (found, _) in listed.items() for row in found]
    total = sum(count for _, count in listed.values())
    audits = [await _audit(asked, kind) for kind in MACHINES]
    broken = tuple(step for one in audits for step in one.items)
    cut = next((one.cut for one in audits if one.cut), None)
    return Draft(
        title="Changes",
        sections=(
            Section("States", table=_states(rows)),
            Section(
                "Changes",
                table=Table(_CHANGES, tuple(rows[:MAX_ROWS])),
                cut=f"the first {MAX_ROWS:,} of {total:,} are listed" if total > MAX_ROWS else None,
            ),
            broken_section(broken, cut),
        ),
        figures=(Figure("changes", total), Figure("steps that broke a rule", len(broken))),
        used=tuple(
            str(VersionRef(Utcs.parse(row[0]), row[-1]))
            for found, _ in listed.values()
            for row in found
        ),
    )


CHANGES = ReportKind(
    "changes", "All change requests and orders, NCRs and CAPAs: where they stand, and broken steps.",
    make,
)  # fmt: skip


async def _list(asked: Asked, kind: str) -> tuple[list[list[Any]], int]:
    era, world, knowledge = place_in_time(asked.at, asked.graph.clock())
    page = Page(Kinds((kind,)), _READ, limit=Value(2), total=True)
    values = [world, knowledge, MAX_ROWS]
    ((rows, total),) = await select(asked.graph, (Root(page, era, Value(0), Value(1)),), values)
    asked.progress(f"{total:,} {kind}")
    return rows, total


async def _audit(asked: Asked, kind: str) -> Gathered[LifecycleAudit, BrokenStep]:
    async def page(after: str | None) -> LifecycleAudit:
        return await audit_kind(asked.graph, kind, first=500, after=after, at=asked.at)

    return await gather(page, lambda one: one.steps, asked.progress, f"broken steps of {kind}")


def _row(kind: str, row: list[Any]) -> tuple[Cell, ...]:
    utcs, number, name, state, since, _ = row
    return Utcs.parse(utcs), kind, number, name, state and spaced(state), from_micros(since)


def _states(rows: list[tuple[Cell, ...]]) -> Table:
    counts: dict[tuple[str, str], int] = {}
    for _, kind, _, _, state, _ in rows:
        place = str(kind), "" if state is None else str(state)
        counts[place] = counts.get(place, 0) + 1
    return Table(_STATES, tuple((*place, number) for place, number in sorted(counts.items())))
