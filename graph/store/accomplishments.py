"""What was done to it? Units, and the records that a change was embodied in them or complied with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.model.compliance import Done, Life, Point
from graph.model.identifier import IdentifierError, Utcs
from graph.model.kind import Kind
from graph.model.links import Compliance as Said
from graph.model.maintenance import WorkOrderStatus
from graph.model.product import Aircraft, Serial
from graph.model.time import from_micros
from graph.model.work import DONE
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.node import read_link_properties, read_properties
from graph.store.text import fill

NAMES: Final = ("SUBJECT_TO", "COMPLIES_WITH", "EMBODIES")
"""The links by which a unit names a change."""

_CONTAINS: Final = ("CONTAINS",)

Orders = Mapping[Utcs, WorkOrderStatus | None]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit at a moment, and its links to some changes.

    Attributes:
        aircraft: The aircraft that it is in; None for one itself, and for a unit that is in none.
        links: Since when each link holds, and what it carries, by link type and change.
    """

    utcs: Utcs
    thing: Kind
    aircraft: Utcs | None
    links: Mapping[tuple[str, Utcs], tuple[date, Said]]

    @property
    def in_service_on(self) -> date | None:
        """The day from which times run for it at the earliest: its delivery, or when it was made."""
        if isinstance(self.thing, Aircraft):
            return self.thing.delivered_on or self.thing.first_flight_on
        return self.thing.manufactured_on if isinstance(self.thing, Serial) else None

    def record(self, change: Utcs) -> tuple[date, Said] | None:
        """Returns the later of the records that a change was complied with, or embodied."""
        held = [self.links.get((link, change)) for link in ("COMPLIES_WITH", "EMBODIES")]
        return max((one for one in held if one is not None), key=lambda one: one[0], default=None)

    def names(self, change: Utcs) -> bool:
        """Says whether any link to the change leaves the unit."""
        return any((link, change) in self.links for link in NAMES)


@dataclass(frozen=True, slots=True)
class Page:
    """Which units are wanted: one with what it has on board, or a page of the fleet."""

    unit: Utcs | None = None
    after: str = ""
    limit: int = 1


async def find_units(
    graph: Graph,
    moment: Moment,
    page: Page,
    changes: Collection[Utcs],
    near: Collection[Utcs] = (),
) -> list[Unit]:
    """Returns aircraft, and other units that name one of some changes, in the order of their ids.

    Args:
        graph: Where to ask.
        moment: When.
        page: Which of them.
        changes: Units that are no aircraft are wanted if they name one of these.
        near: Links to these are wanted, too.
    """
    given = {
        "demands": sorted(map(str, changes)),
        "changes": sorted(map(str, {*changes, *near})),
        "unit": page.unit and str(page.unit),
        "after": page.after,
        "limit": page.limit,
    }
    row = await moment.ask(graph, units_text(moment, is_one=page.unit is not None), given)
    return [_unit(*one) for one in (row[0] if row else [])]


def _unit(row: dict[str, Any], aircraft: str | None, links: list[list[Any]]) -> Unit:
    held = {
        (link, Utcs.parse(change)): (
            from_micros(since).date(),
            Said.model_validate(read_link_properties("COMPLIES_WITH", carried)),
        )
        for link, change, since, carried in links
    }
    thing = read_properties(row["kind"], row)
    carrier = Utcs.parse(aircraft) if aircraft else None
    return Unit(Utcs.parse(row["utcs"]), thing, carrier, held)


async def find_orders(
    graph: Graph, moment: Moment, records: Iterable[tuple[Unit, Utcs]]
) -> dict[Utcs, WorkOrderStatus | None]:
    """Returns the work orders that the records of units about changes name, as far as they are known."""
    named = {
        str(order)
        for unit, change in records
        if (held := unit.record(change)) and (order := _order(unit.utcs, held[1].reference))
    }
    if not named:
        return {}
    row = await moment.ask(graph, orders_text(moment), {"orders": sorted(named)})
    return {
        Utcs.parse(utcs): None if status is None else WorkOrderStatus(status)
        for utcs, status in (row[0] if row else [])
    }


def _order(unit: Utcs, reference: str | None) -> Utcs | None:
    """Returns the work order that a reference can mean: an identifier, or the local name of one."""
    if reference is None:
        return None
    try:
        if reference.startswith("utcs:"):
            return Utcs.parse(reference)
        return Utcs(unit.authority, "workorder", reference)
    except IdentifierError:
        return None


def done_about(unit: Unit, change: Utcs, orders: Orders) -> Done | None:
    """Returns what was last done to a unit about a change; None if nothing is recorded."""
    held = unit.record(change)
    if held is None:
        return None
    since, said = held
    order = _order(unit.utcs, said.reference)
    stated = Point(said.next_due_fh, said.next_due_fc, said.next_due_on)
    return Done(
        life=Life(since, said.total_fh, said.total_fc),
        method=said.method,
        reference=said.reference,
        work_order=order if order in orders else None,
        is_terminating=said.is_terminating,
        next_due=None if stated.is_none else stated,
    )


def doubts(done: Done, orders: Orders) -> Iterator[str]:
    """Yields what of the work order behind a record an auditor should look at."""
    if done.reference is None:
        yield "the record names no work order"
    elif done.work_order is None:
        yield f"no work order {done.reference} is known"
    elif (status := orders[done.work_order]) not in DONE:
        stands = "nowhere stated" if status is None else status.value
        yield f"the work order {done.reference} is not released: its status is {stands}"


def units_text(moment: Moment, *, is_one: bool) -> str:
    """Returns the statement that lists units: of the fleet, or one with what it has on board."""
    named = {"types": moment.types(NAMES), "holds": moment.holds("link", NAMES)}
    within = {
        "contains": moment.types(_CONTAINS),
        "contains_holds": moment.holds("step", _CONTAINS),
    }
    exists = moment.exists("unit")
    if is_one:
        units = fill("compliance/aboard", exists=exists, **named, **within)
    else:
        units = fill("compliance/fleet", exists=exists, **named)
    return fill(
        "compliance/units",
        units=units,
        **named,
        **within,
        type=fill("link/type", link="link"),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def orders_text(moment: Moment) -> str:
    """Returns the statement that says how work orders stand."""
    return fill("compliance/orders", holds_row=moment.holds_row("row"), stale=fill("thing/stale"))
