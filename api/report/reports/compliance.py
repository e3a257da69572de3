"""How aircraft and units stand towards airworthiness directives and bulletins."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.model.compliance import Done, Limits, Point, Standing
from graph.store.compliance import Compliance, Standpoint, compliance

_DUE: Final = (
    Column("due at", Type.NUMBER, "FH"), Column("due at", Type.NUMBER, "FC"), Column("due on", Type.DAY),
    Column("remaining", Type.NUMBER, "FH"), Column("remaining", Type.NUMBER, "FC"),
    Column("remaining", Type.NUMBER, "days"),
)  # fmt: skip
STANDPOINTS: Final = (
    Column("unit", Type.ID), Column("unit name"), Column("number"), Column("demand", Type.ID),
    Column("standing"), Column("why"), Column("applies", Type.FLAG), Column("because"),
    Column("done on", Type.DAY), Column("done at", Type.NUMBER, "FH"),
    Column("done at", Type.NUMBER, "FC"), Column("method"), Column("reference"), *_DUE,
    Column("notes"),
)  # fmt: skip
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
            Section("All", table=standpoints_table(found.items), cut=found.cut),
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


def standpoints_table(standpoints: tuple[Standpoint, ...] | list[Standpoint]) -> Table:
    """Returns standpoints as a table."""
    return Table(STANDPOINTS, tuple(map(_row, standpoints)))


def _row(one: Standpoint) -> tuple[Cell, ...]:
    return (
        one.unit,
        one.unit_name,
        one.demand.number,
        one.demand.utcs,
        spaced(one.standing),
        one.why,
        one.applies,
        one.because,
        *_done(one.done),
        *_due(one.due or Point(), one.remaining or Limits()),
        "; ".join(one.notes),
    )


def _done(done: Done | None) -> tuple[Cell, ...]:
    if done is None:
        return (None,) * 5
    order = done.work_order and str(done.work_order)
    return done.life.day, done.life.fh, done.life.fc, done.method, done.reference or order


def _due(due: Point, rest: Limits) -> tuple[Cell, ...]:
    return due.fh, due.fc, due.day, rest.fh, rest.fc, rest.days
