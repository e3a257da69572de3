"""A frozen configuration: what is stated of it, is it as it was frozen, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from api.facts import facts
from api.moment import moment
from api.report.asked import Asked, ReportKind
from api.report.document import (
    BaselineRef,
    Cell,
    Column,
    Draft,
    Figure,
    Section,
    Table,
    Type,
    facts_table,
)
from api.report.paged import gather
from graph.model.identifier import VersionRef
from graph.store.baselines import Frozen, get_baseline
from graph.store.compare_baselines import Comparison, MemberChange, compare_baselines
from graph.store.question import MAX_FIRST
from graph.store.resolve import resolve
from graph.store.verify_baseline import Verification, verify_baseline

_SIGNED: Final = (Column("role"), Column("person", Type.ID), Column("signed", Type.MOMENT))
_FAULTS: Final = (Column("member", Type.ID), Column("problem"))
_CHANGES: Final = (
    Column("member", Type.ID), Column("name"), Column("became"), Column("property or link"),
    Column("was"), Column("is"),
)  # fmt: skip


async def make(asked: Asked) -> Draft:
    """Returns a baseline, held against itself and against another or what is recorded."""
    frozen = await get_baseline(asked.graph, asked.utcs, at=asked.at)
    sections = [_identity(frozen)]
    baseline, figures = None, list[Figure]()
    if frozen.is_sealed:
        checked = await verify_baseline(asked.graph, asked.utcs)
        differences, counts = await _compare(asked)
        sections += [_verified(checked), differences]
        figures = [Figure("members", checked.members), *counts]
        baseline = BaselineRef(frozen.utcs, checked.merkle_root)
    return Draft(
        title=f"Baseline {asked.name}",
        sections=tuple(sections),
        figures=tuple(figures),
        used=(str(VersionRef(frozen.utcs, frozen.node.version)),),
        baseline=baseline,
    )


BASELINE = ReportKind(
    "baseline", "A frozen configuration: is it as it was frozen, and what has changed since.", make,
    subjects=frozenset({"baseline"}), takes=frozenset({"against"}),
)  # fmt: skip


def _identity(frozen: Frozen) -> Section:
    said = facts(frozen.said, moment)
    told = ((fact.name, f"{fact.value} {fact.unit}".rstrip()) for fact in said)
    signed = tuple((one.role, one.person, one.signed_at) for one in frozen.signatures)
    if not signed:
        return Section("What is stated of it", table=facts_table(told))
    prose = tuple(f"{name}: {value}" for name, value in told)
    return Section("What is stated of it, and who signed", prose, Table(_SIGNED, signed))


def _verified(checked: Verification) -> Section:
    said = "Computed again from what is recorded, its members give " + (
        "the root that is stated of it."
        if checked.is_verified
        else f"{checked.recomputed or 'no root'}, not the root that is stated of it."
    )
    faults = tuple((one.utcs, one.problem) for one in checked.faults)
    more = checked.differing is None or checked.differing > len(faults)
    return Section(
        "Is it as it was frozen",
        (said, *checked.problems),
        Table(_FAULTS, faults),
        "not all members that differ are listed" if more and not checked.is_verified else None,
    )


async def _compare(asked: Asked) -> tuple[Section, list[Figure]]:
    against = asked.options.against
    other = None if against is None else await resolve(asked.graph, against, at=asked.at)

    async def page(after: str | None) -> Comparison:
        if other is not None:
            return await compare_baselines(
                asked.graph, asked.utcs, other, fields=True, first=MAX_FIRST, page_after=after
            )
        return await compare_baselines(
            asked.graph, asked.utcs, fields=True, first=MAX_FIRST, page_after=after, at=asked.at
        )

    found = await gather(page, lambda one: one.changes, asked.progress, "differences")
    first = found.pages[0]
    rows = tuple(row for change in found.items for row in _rows(change))
    held = "what is recorded at the times above" if other is None else str(other)
    section = Section("Differences", (f"Held against {held}.",), Table(_CHANGES, rows), found.cut)
    told = {"added": first.added, "removed": first.removed, "changed": first.changed}
    return section, [Figure(name, number) for name, number in told.items()]


def _rows(change: MemberChange) -> Iterable[tuple[Cell, ...]]:
    if not change.fields:
        yield change.utcs, change.name, change.sort.value, None, None, None
    for one in change.fields:
        was, now = (None if value is None else str(value) for value in (one.before, one.after))
        yield change.utcs, change.name, change.sort.value, one.field, was, now
