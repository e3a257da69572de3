"""The record of one change: origin, decisions and signatures, and how far it was carried out."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.words import spaced
from graph.model.lifecycle import MACHINES
from graph.store.change_record import ChangeRecord, Entry, Member, find_change_record
from graph.store.lifecycle_audit import BrokenStep, audit_lifecycle

_MEMBERS: Final = (
    Column("role"), Column("thing", Type.ID), Column("kind"), Column("name"), Column("state"),
)  # fmt: skip
_ENTRIES: Final = (
    Column("when", Type.MOMENT), Column("of", Type.ID), Column("what"), Column("state"),
    Column("signed as"), Column("by"), Column("said"), Column("change", Type.NUMBER), Column("source"),
)  # fmt: skip
_ALTERED: Final = (
    Column("change", Type.ID), Column("alters", Type.ID), Column("kind"), Column("name"),
)  # fmt: skip
_LIMITS: Final = (
    Column("change", Type.ID), Column("rule", Type.ID), Column("expression"), Column("explanation"),
)  # fmt: skip
_CARRIED: Final = (
    Column("change", Type.ID), Column("embodied on", Type.NUMBER), Column("complied with", Type.NUMBER),
    Column("work orders", Type.NUMBER),
)  # fmt: skip
BROKEN: Final = (
    Column("when", Type.MOMENT), Column("thing", Type.ID), Column("left"), Column("entered"),
    Column("rule"), Column("problem"), Column("by"), Column("source"), Column("change", Type.NUMBER),
)  # fmt: skip


async def make(asked: Asked) -> Draft:
    """Returns the whole record of a change, with the steps that broke a rule."""
    found = await find_change_record(asked.graph, asked.utcs, at=asked.at)
    audit = await audit_lifecycle(asked.graph, asked.utcs, at=asked.at)
    return Draft(
        title=f"Record of {asked.name}",
        sections=(*_sections(found), broken_section(audit.steps)),
        figures=(Figure("steps that broke a rule", len(audit.steps)),),
        used=tuple(f"urn:utcs:change:{seq}" for seq in dict.fromkeys(e.seq for e in found.entries)),
    )


CHANGE = ReportKind(
    "change", "The record of a change, NCR or CAPA: origin, decisions, signatures, embodiment.", make,
    subjects=frozenset(MACHINES),
)  # fmt: skip


def broken_section(steps: tuple[BrokenStep, ...], cut: str | None = None) -> Section:
    """Returns the steps that broke rules, a row for each rule."""
    rows = tuple(
        (one.at, one.utcs, spaced(one.left), spaced(one.entered), breach.rule, breach.problem,
         one.actor, one.source, one.seq)
        for one in steps
        for breach in one.breaches
    )  # fmt: skip
    return Section("Steps that broke a rule", table=Table(BROKEN, rows), cut=cut)


def _sections(found: ChangeRecord) -> tuple[Section, ...]:
    altered = tuple((one.change, one.utcs, one.kind, one.name) for one in found.altered)
    limits = tuple((one.change, one.utcs, one.expression, one.explanation) for one in found.limits)
    carried = tuple((c.change, c.embodied, c.complied, c.work_orders) for c in found.carried)
    return (
        Section(
            "What belongs to it",
            table=Table(_MEMBERS, tuple(map(_member, found.members))),
            cut=found.cut,
        ),
        Section("What happened", table=Table(_ENTRIES, tuple(map(_entry, found.entries)))),
        Section("What it alters", table=Table(_ALTERED, altered)),
        Section("Where it applies", table=Table(_LIMITS, limits)),
        Section("How far it was carried out", table=Table(_CARRIED, carried)),
    )


def _member(one: Member) -> tuple[Cell, ...]:
    state = one.state and spaced(one.state)
    return one.role, one.utcs, one.utcs.kind, one.properties.name, state


def _entry(one: Entry) -> tuple[Cell, ...]:
    state = one.state and spaced(one.state)
    return one.at, one.utcs, one.what, state, one.slot, one.by, one.text, one.seq, one.source
