"""What a change asks of maintenance: tasks, publications, spares, units, training, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.words import spaced
from graph.model.change_scope import Touched
from graph.store.change_impact import CHANGES, ChangeImpact, find_change_impact
from graph.store.question import MAX_FIRST

_TOUCHED: Final = (
    Column("what"), Column("thing", Type.ID), Column("name"), Column("effect"), Column("because"),
)  # fmt: skip
_REPLACED: Final = (
    Column("part number", Type.ID), Column("by", Type.ID), Column("name"),
    Column("cost of one", Type.NUMBER, "EUR"), Column("lead time", Type.NUMBER, "days"),
)  # fmt: skip
_STOCK: Final = (
    Column("stock", Type.ID), Column("part number", Type.ID), Column("quantity", Type.NUMBER),
    Column("reserved", Type.NUMBER), Column("value", Type.NUMBER, "EUR"), Column("disposition"),
    Column("useless", Type.FLAG), Column("reserved by"),
)  # fmt: skip
_UNITS: Final = (
    Column("unit", Type.ID), Column("part number", Type.ID), Column("status"),
    Column("installed", Type.FLAG), Column("in", Type.ID),
)  # fmt: skip
_COSTS: Final = (
    Column("what"), Column("amount", Type.NUMBER), Column("unit"), Column("worked out from"),
)  # fmt: skip
_UNKNOWN: Final = "What is not on record, and so not in the figures: "


async def make(asked: Asked) -> Draft:
    """Returns what a change touches, and its cost as far as the record says."""
    found = await find_change_impact(asked.graph, asked.utcs, first=MAX_FIRST, at=asked.at)
    touched = tuple(_touched(found))
    return Draft(
        title=f"What {asked.name} asks of maintenance",
        sections=(
            Section("What it touches", table=Table(_TOUCHED, touched), cut=found.cut),
            *_sections(found),
        ),
        figures=(Figure("things touched", len(touched)), Figure("units", found.units_total)),
        used=tuple(dict.fromkeys(map(str, found.changes))),
    )


CHANGE_IMPACT = ReportKind(
    "change-impact", "What a change asks of maintenance, publications, spares, training; its cost.",
    make, subjects=frozenset(CHANGES),
)  # fmt: skip


def _touched(found: ChangeImpact) -> Iterable[tuple[Cell, ...]]:
    of: dict[str, tuple[Touched, ...]] = {
        "subject": found.subjects,
        "task": found.tasks,
        "publication": found.publications,
        "training": found.training,
        "tool": found.tools,
        "production order": found.orders,
    }
    for what, things in of.items():
        for one in things:
            because = "; ".join(f"{reason.link} {reason.utcs}" for reason in one.reasons)
            yield what, one.utcs, one.name, one.effect, because


def _sections(found: ChangeImpact) -> Iterable[Section]:
    replaced = tuple(
        (one.old, one.new, one.new_name, one.unit_cost_eur, one.lead_time_days)
        for one in found.replacements
    )
    stock = tuple(
        (one.utcs, one.part, one.quantity, one.reserved_quantity, one.value_eur,
         one.disposition and spaced(one.disposition), one.is_useless, ", ".join(map(str, one.reserved_by)))
        for one in found.stock
    )  # fmt: skip
    units = tuple(
        (one.utcs, one.part, one.status and spaced(one.status), one.is_installed, one.aircraft)
        for one in found.units
    )
    costs = tuple((one.what, one.amount, one.unit, one.basis) for one in found.costing.costs)
    unknown = found.costing.unknown
    yield Section("Part numbers that are replaced", table=Table(_REPLACED, replaced))
    yield Section("Stock", table=Table(_STOCK, stock))
    yield Section("Units", table=Table(_UNITS, units), cut=_units_cut(found))
    said = (_UNKNOWN + "; ".join(unknown) + ".",) if unknown else ()
    yield Section("Cost", said, Table(_COSTS, costs))


def _units_cut(found: ChangeImpact) -> str | None:
    if len(found.units) >= found.units_total:
        return None
    return f"the first {len(found.units):,} of {found.units_total:,} are listed"
