"""What a change costs, as far as the record says: each figure with its basis, the rest as unknown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from graph.model.change import Bulletin, Eco, Ecr, Modification, StockDisposition
from graph.model.identifier import Utcs
from graph.model.kind import Kind, plain
from graph.model.maintenance import Task
from graph.model.product import Part
from graph.model.resources import Stock

LOST = (StockDisposition.SCRAP, StockDisposition.RETURN)
"""What makes stock useless: it is thrown away or sent back."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One figure.

    Attributes:
        what: What it is for.
        amount: How much.
        unit: Of what.
        basis: What it is worked out from.
    """

    what: str
    amount: Decimal
    unit: Literal["EUR", "h"]
    basis: str


@dataclass(frozen=True, slots=True)
class Costing:
    """All figures that the record gives, and what it does not say.

    Attributes:
        costs: The figures; those in hours are not turned into money, as no rate is on record.
        unknown: What could not be worked out, and what is missing.
    """

    costs: tuple[Cost, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """What figures are worked out from.

    Attributes:
        changes: The requests, orders, modifications and bulletins.
        replaced: The part numbers and those that take their place.
        parts: What is said of part numbers.
        installed: How many units of each part number are installed.
        aircraft: How many aircraft have any of them; None where they could not all be counted.
        stock: What lies in stock, with its part number; None where it could not all be listed.
        new_tasks: The tasks that come with the change.
    """

    changes: Mapping[Utcs, Kind]
    replaced: Sequence[tuple[Utcs, Utcs]]
    parts: Mapping[Utcs, Part]
    installed: Mapping[Utcs, int]
    aircraft: int | None
    stock: Sequence[tuple[Utcs, Stock]] | None
    new_tasks: Mapping[Utcs, Task]


def cost(bill: Bill) -> Costing:
    """Returns what a change costs, figure by figure."""
    found = [*_stated(bill), *_labour(bill), *_parts(bill), *_stock(bill), *_tasks(bill)]
    costs = tuple(one for one in found if isinstance(one, Cost))
    unknown = [one for one in found if isinstance(one, str)]
    if any(one.unit == "h" for one in costs):
        unknown.append("labour in EUR: no hourly rate is on record")
    return Costing(costs, tuple(unknown))


def disposition(changes: Iterable[Kind]) -> StockDisposition | None:
    """Returns what happens to parts already made, if the orders say one thing."""
    said = {one.disposition for one in changes if isinstance(one, Eco) and one.disposition}
    return said.pop() if len(said) == 1 else None


def _stated(bill: Bill) -> Iterator[Cost | str]:
    for utcs, change in bill.changes.items():
        if isinstance(change, Ecr):
            if change.estimated_cost_eur is None:
                yield f"estimate of {utcs}: estimated_cost_eur is not given"
            else:
                yield Cost(
                    "estimate", change.estimated_cost_eur, "EUR", f"estimated_cost_eur of {utcs}"
                )
        if isinstance(change, Eco) and change.cost_eur is not None:
            yield Cost("cost of the order", change.cost_eur, "EUR", f"cost_eur of {utcs}")


def _labour(bill: Bill) -> Iterator[Cost | str]:
    """Yields the labour to embody it: by the bulletins if there are any, else by the modifications."""
    for kind in (Bulletin, Modification):
        told = {utcs: one for utcs, one in bill.changes.items() if isinstance(one, kind)}
        for utcs, one in told.items():
            if one.estimated_h is None or bill.aircraft is None:
                lack = (
                    "estimated_h is not given"
                    if one.estimated_h is None
                    else "aircraft not counted"
                )
                yield f"labour to embody {utcs}: {lack}"
            else:
                basis = (
                    f"estimated_h of {utcs}, {plain(one.estimated_h)} h × {bill.aircraft} aircraft"
                )
                yield Cost("labour to embody", one.estimated_h * bill.aircraft, "h", basis)
        if told:
            return
    yield "labour to embody: no modification or bulletin says estimated_h"


def _parts(bill: Bill) -> Iterator[Cost | str]:
    for old, new in bill.replaced:
        count, part = bill.installed.get(old, 0), bill.parts.get(new)
        if part is None or part.unit_cost_eur is None:
            yield f"new parts {new}: unit_cost_eur is not given, for {count:,} installed units of {old}"
        else:
            basis = f"unit_cost_eur of {new}, {plain(part.unit_cost_eur)} EUR × {count:,} installed"
            yield Cost("new parts", part.unit_cost_eur * count, "EUR", basis)


def _stock(bill: Bill) -> Iterator[Cost | str]:
    fate, replaced = disposition(bill.changes.values()), {old for old, _ in bill.replaced}
    if bill.stock is None:
        yield "stock made useless: there is more stock than could be listed"
        return
    for old in sorted(replaced, key=str):
        lying = [stock for part, stock in bill.stock if part == old]
        if not lying:
            continue
        if fate is None:
            yield f"stock of {old}: no order says, as one, what happens to parts already made"
        elif fate is StockDisposition.REWORK:
            yield f"stock of {old}: is reworked, and nothing says at what cost"
        elif fate in LOST:
            yield from _lost(old, lying, bill.parts.get(old), fate)


def _lost(
    old: Utcs, lying: Sequence[Stock], part: Part | None, fate: StockDisposition
) -> Iterator[Cost | str]:
    unsaid = sum(stock.quantity is None for stock in lying)
    quantity = sum((s.quantity for s in lying if s.quantity is not None), Decimal(0))
    if part is None or part.unit_cost_eur is None:
        yield f"stock of {old}: unit_cost_eur is not given, for {plain(quantity)} in stock"
        return
    basis = f"unit_cost_eur of {old}, {plain(part.unit_cost_eur)} EUR × {plain(quantity)} in stock: {fate}"
    yield Cost("stock made useless", part.unit_cost_eur * quantity, "EUR", basis)
    if unsaid:
        yield f"stock of {old}: {unsaid} lots do not say their quantity"
    if fate is StockDisposition.RETURN:
        yield f"stock of {old}: what the supplier credits is not on record"


def _tasks(bill: Bill) -> Iterator[Cost | str]:
    for utcs, task in bill.new_tasks.items():
        if task.estimated_h is None:
            yield f"new task {utcs}: estimated_h is not given"
        else:
            yield Cost("new task, each time", task.estimated_h, "h", f"estimated_h of {utcs}")
