"""What is due on an aircraft or in the fleet, and when it is expected."""

from __future__ import annotations

from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from api.report.words import spaced
from graph.model.identifier import Utcs
from graph.model.utilisation import Forecast, Utilisation
from graph.store.due import WINDOW_DAYS, DueList, due_list
from graph.store.due_item import DueItem

_COUNTS: Final = (Column("standing"), Column("items", Type.NUMBER))
_ITEMS: Final = (
    Column("standing"), Column("unit", Type.ID), Column("aircraft", Type.ID), Column("position"),
    Column("sort"), Column("rule", Type.ID), Column("number"), Column("what"), Column("times"),
    Column("when"), Column("expected on", Type.DAY), Column("earliest", Type.DAY),
    Column("latest", Type.DAY), Column("last done on", Type.DAY), Column("under"),
    Column("open work orders"), Column("notes"),
)  # fmt: skip
_USED: Final = (
    Column("aircraft", Type.ID), Column("in"), Column("on an average day", Type.NUMBER),
    Column("slowest", Type.NUMBER), Column("fastest", Type.NUMBER), Column("not known because"),
)  # fmt: skip
_PROSE: Final = (
    "Tasks, directives and life limits, each by what comes first. Overdue is beyond the tolerance; a "
    "tolerance that was used is not handed on: the next interval counts from when the last was due. What "
    "the record does not say is unknown."
)
_FORECAST: Final = (
    f"A day is expected if the aircraft flies on as it did over the last {WINDOW_DAYS} days: on average, "
    "and as in the slowest and the fastest third of them."
)

_NO_DAY: Final = Forecast(None, None, None)


async def make(asked: Asked) -> Draft:
    """Returns what is due."""
    about = None if asked.about is None else asked.utcs

    async def page(after: str | None) -> DueList:
        return await due_list(asked.graph, about, first=1000, after=after, at=asked.at)

    found = await gather(page, lambda one: one.items, asked.progress, "items")
    counts = found.pages[0].counts
    used = {one: rate for page in found.pages for one, rate in page.utilisation.items()}
    return Draft(
        title="What is due in the fleet" if about is None else f"What is due: {asked.name}",
        sections=(
            Section(
                "How many",
                table=Table(_COUNTS, tuple((spaced(one), n) for one, n in counts.items())),
            ),
            Section("Items", (_PROSE,), Table(_ITEMS, tuple(map(_row, found.items))), found.cut),
            Section("Utilisation", (_FORECAST,), Table(_USED, tuple(_rates(used)))),
        ),
        figures=(Figure("items", sum(counts.values())),),
        used=tuple(
            dict.fromkeys(str(id) for one in found.items for id in (one.unit.utcs, one.rule.utcs))
        ),
    )


DUE: Final = ReportKind(
    "due", "What is due in the fleet, on an aircraft or a unit: tasks, directives and life limits.",
    make, subjects=frozenset({"serial"}), needs_subject=False,
)  # fmt: skip


def _row(item: DueItem) -> tuple[Cell, ...]:
    unit, rule, last = item.unit, item.rule, item.last
    when = item.judged.forecast or _NO_DAY
    return (
        spaced(item.standing),
        unit.utcs,
        unit.aircraft,
        unit.position,
        spaced(rule.sort),
        rule.utcs,
        rule.number,
        rule.name,
        rule.schedule,
        item.why,
        when.on,
        when.earliest,
        when.latest,
        None if last is None else last.on,
        None if last is None else last.reference,
        ", ".join(order.local for order in item.orders),
        "; ".join(item.notes),
    )


def _rates(used: dict[Utcs, Utilisation]) -> list[tuple[Cell, ...]]:
    return [
        (
            aircraft,
            unit.value,
            *((None, None, None) if rate is None else (rate.mean, rate.low, rate.high)),
            found.gaps.get(unit),
        )
        for aircraft, found in sorted(used.items())
        for unit in dict.fromkeys((*found.rates, *found.gaps))
        for rate in (found.rates.get(unit),)
    ]
