"""How much a unit has been used: hours, cycles and starts, and what they are made of."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Section, Table, Type
from graph.store.accrual import Accrued, Counted, accrued

_COUNTERS: Final = (
    Column("counter"), Column("unit"), Column("total", Type.NUMBER),
    Column("of that declared", Type.NUMBER), Column("declared at", Type.MOMENT),
    Column("declared by", Type.ID), Column("flown since", Type.NUMBER),
    Column("flights", Type.NUMBER), Column("flights that are silent", Type.NUMBER),
)  # fmt: skip
_PROSE: Final = (
    "A total is what was declared last and what was flown since: all flights that ended after that, of the "
    "aircraft in which the unit was when they began."
)


async def make(asked: Asked) -> Draft:
    """Returns the counters of an aircraft or unit."""
    answer = await accrued(asked.graph, asked.utcs, at=asked.at)
    declared = (str(one.declared_by) for one in answer.counters if one.declared_by)
    return Draft(
        title=f"Hours and cycles of {asked.name}",
        sections=(counters(answer),),
        used=tuple(dict.fromkeys(declared)),
    )


HOURS = ReportKind(
    "hours", "Flight hours, cycles and starts of an aircraft or unit, and what they are made of.",
    make, subjects=frozenset({"serial"}),
)  # fmt: skip


def counters(answer: Accrued) -> Section:
    """Returns the counters of a unit as a section."""
    return Section(
        "Hours and cycles",
        (_PROSE,),
        Table(_COUNTERS, tuple(map(_row, answer.counters))),
        _silence(answer),
    )


def _row(one: Counted) -> tuple[Cell, ...]:
    return (
        one.counter,
        one.unit,
        one.total,
        one.declared,
        one.declared_at,
        one.declared_by,
        one.flown,
        one.flights,
        one.silent,
    )


def _silence(answer: Accrued) -> str | None:
    silent = [one for one in answer.counters if one.silent and one.counter in ("fh", "fc")]
    if not silent:
        return None
    said = ", ".join(f"{one.silent:,} flights say no {one.unit}" for one in silent)
    return f"{said}, so that the total is too low"
