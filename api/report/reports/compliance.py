"""How aircraft and units stand towards airworthiness directives and bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.model.compliance import Done, Limits, Point, Standing
from graph.store.compliance import Compliance, Standpoint, compliance

_WHAT: Final = (Column("unit", Type.ID), Column("number"), Column("demand", Type.ID))
_STANDING: Final = (
    *_WHAT, Column("standing"), Column("why"), Column("due at", Type.NUMBER, "FH"),
    Column("due at", Type.NUMBER, "FC"), Column("due on", Type.DAY),
    Column("remaining", Type.NUMBER, "FH"), Column("remaining", Type.NUMBER, "FC"),
    Column("remaining", Type.NUMBER, "days"), Column("notes"),
)  # fmt: skip
_DONE: Final = (
    *_WHAT, Column("done on", Type.DAY), Column("done at", Type.NUMBER, "FH"),
    Column("done at", Type.NUMBER, "FC"), Column("method"), Column("reference"),
)  # fmt: skip
_APPLIES: Final = (*_WHAT, Column("unit name"), Column("applies", Type.FLAG), Column("because"))
_COUNTS: Final = (Column("standing"), Column("how many", Type.NUMBER))
_PROSE: Final = (
    "A demand that applies and of which nothing is recorded is open; what the record does not say is "
    "unknown, never complied with. Where the record and the demand differ, the sooner holds."
)


async def make_directives(asked: Asked) -> Draft:
    """Returns how units stand towards airworthiness directives."""
    return await _draft(asked, "directive", "Airworthiness directives")


async def make_bulletins(asked: Asked) -> Draft:
    """Returns how units stand towards service bulletins."""
    return await _draft(asked, "bulletin", "Service bulletins")


DIRECTIVES = ReportKind(
    "directives", "How the fleet, an aircraft or a unit stands towards airworthiness directives.",
    make_directives, subjects=frozenset({"serial", "directive"}), needs_subject=False,
)  # fmt: skip
BULLETINS = ReportKind(
    "bulletins", "How the fleet, an aircraft or a unit stands towards service bulletins.",
    make_bulletins, subjects=frozenset({"serial", "bulletin"}), needs_subject=False,
)  # fmt: skip


async def _draft(asked: Asked, kind: str, title: str) -> Draft:
    about = None if asked.about is None else asked.utcs

    async def page(after: str | None) -> Compliance:
        return await compliance(
            asked.graph, about, kinds=[kind], first=100, after=after, at=asked.at
        )

    found = await gather(page, lambda one: one.standpoints, asked.progress, "standpoints")
    counts = {one: sum(page.counts.get(one, 0) for page in found.pages) for one in Standing}
    outstanding = [one for one in found.items if one.standing.is_outstanding]
    return Draft(
        title=f"{title} of the fleet" if about is None else f"{title}: {asked.name}",
        sections=(
            Section("How many", table=counts_table(counts)),
            Section("Outstanding", (_PROSE,), standpoints_table(outstanding), found.cut),
            Section("Standing", table=standpoints_table(found.items), cut=found.cut),
            Section("What was last done", table=_done_table(found.items), cut=found.cut),
            Section("To what it applies", table=_applies_table(found.items), cut=found.cut),
        ),
        figures=(
            Figure("units", sum(page.units for page in found.pages)),
            Figure("demands", found.pages[0].demands),
            Figure("outstanding", len(outstanding)),
        ),
        used=tuple(dict.fromkeys(str(one.demand.utcs) for one in found.items)),
    )


def counts_table(counts: dict[Standing, int]) -> Table:
    """Returns how many standpoints there are of each standing."""
    return Table(_COUNTS, tuple((spaced(one), n) for one, n in counts.items() if n))


def standpoints_table(standpoints: Sequence[Standpoint]) -> Table:
    """Returns where each unit stands, and when something is due."""
    return Table(_STANDING, tuple(map(_standing, standpoints)))


def _standing(one: Standpoint) -> tuple[Cell, ...]:
    due, rest = one.due or Point(), one.remaining or Limits()
    return (
        *_what(one),
        spaced(one.standing),
        one.why,
        due.fh,
        due.fc,
        due.day,
        rest.fh,
        rest.fc,
        rest.days,
        "; ".join(one.notes),
    )


def _done_table(standpoints: Sequence[Standpoint]) -> Table:
    rows = ((*_what(one), *_done(one.done)) for one in standpoints if one.done)
    return Table(_DONE, tuple(rows))


def _done(done: Done) -> tuple[Cell, ...]:
    order = done.work_order and str(done.work_order)
    return done.life.day, done.life.fh, done.life.fc, done.method, done.reference or order


def _applies_table(standpoints: Sequence[Standpoint]) -> Table:
    rows = ((*_what(one), one.unit_name, one.applies, one.because) for one in standpoints)
    return Table(_APPLIES, tuple(rows))


def _what(one: Standpoint) -> tuple[Cell, ...]:
    return one.unit, one.demand.number, one.demand.utcs
