"""What a change asks of maintenance, as the terminal shows it: `utcs impact CHANGE --maintenance`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.connect import ask
from cli.output import json_out, rows, tell
from graph.model.change_scope import Touched
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.change_impact import ChangeImpact, TouchedStock, TouchedUnit, find_change_impact
from graph.store.database import Graph
from graph.store.question import counted
from graph.store.resolve import resolve

Line = tuple[str, str, object, str]


def answer_maintenance(id: str, first: int, at: Coordinates, as_json: bool) -> None:
    """Prints what a change touches, then what it costs; what is unknown goes to stderr."""

    async def asked(graph: Graph) -> ChangeImpact:
        utcs = await resolve(graph, id, at=at)
        return await find_change_impact(graph, utcs, first=first, at=at)

    impact = ask(asked)
    if as_json:
        json_out(impact)
        return
    rows(("sort", "effect", "id", "why"), list(_lines(impact)))
    for unknown in impact.costing.unknown:
        tell(f"unknown: {unknown}", style="yellow")
    units = f"{counted(impact.units_total, 'unit')}, {len(impact.aircraft):,} aircraft"
    word = "Complete" if impact.complete else f"Not complete: {impact.cut}"
    tell(f"{word}; {units}", style="green" if impact.complete else "yellow")


def _lines(impact: ChangeImpact) -> Iterator[Line]:
    sorts: dict[str, Sequence[Touched]] = {
        "about": impact.subjects, "task": impact.tasks, "publication": impact.publications,
        "training": impact.training, "tool": impact.tools, "order": impact.orders,
    }  # fmt: skip
    for sort, found in sorts.items():
        yield from ((sort, one.effect, one.utcs, _why(one)) for one in found)
    for pair in impact.replacements:
        yield "part", "new", pair.new, f"takes the place of {pair.old.local}"
    yield from map(_stock, impact.stock)
    yield from map(_unit, impact.units)
    for cost in impact.costing.costs:
        yield "cost", f"{cost.amount:,f} {cost.unit}", cost.what, cost.basis


def _why(one: Touched) -> str:
    return ", ".join(f"{reason.link} {_brief(reason.utcs)}" for reason in one.reasons)


def _brief(utcs: Utcs) -> str:
    return f"{utcs.kind} {utcs.local}"


def _stock(lot: TouchedStock) -> Line:
    worth = "" if lot.value_eur is None else f", {lot.value_eur:,f} EUR"
    fate = {True: "useless", False: "kept", None: "unknown"}[lot.is_useless]
    quantity = "unknown quantity" if lot.quantity is None else f"{lot.quantity:,f}"
    return "stock", fate, lot.utcs, f"{quantity} of {lot.part.local}{worth}"


def _unit(unit: TouchedUnit) -> Line:
    state = "installed" if unit.is_installed else unit.status or "unknown"
    place = f"in {unit.aircraft.local}" if unit.aircraft else "in no aircraft"
    return "unit", state, unit.utcs, f"{unit.part.local}, {place}"
