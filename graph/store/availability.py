"""Can it fly? How each aircraft stands: where it is, what holds it, and under what limits it flies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graph.model.availability import Availability
from graph.model.deferral import RUNNING
from graph.model.due import DueStanding
from graph.model.identifier import Utcs
from graph.model.maintenance import Deferral, WorkOrder, WorkOrderStatus
from graph.model.product import Serial, SerialStatus
from graph.model.rotation import Leg, Rotation
from graph.model.time import Coordinates, from_micros
from graph.model.work import ENDED
from graph.store.database import Graph
from graph.store.due import due_list
from graph.store.due_item import DueItem
from graph.store.due_record import find_aircraft
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import MAX_FIRST
from graph.store.rotation import LOOK_AHEAD, find_rotations, require_aircraft
from graph.store.text import fill

_CONTAINS: Final = ("CONTAINS",)
_WORKS_ON: Final = ("WORKS_ON",)
_ABOUT: Final = ("ABOUT",)
_DEFERS: Final = ("DEFERS",)

_BEGUN: Final = frozenset(
    {
        WorkOrderStatus.IN_WORK,
        WorkOrderStatus.ON_HOLD,
        WorkOrderStatus.PERFORMED,
        WorkOrderStatus.INSPECTED,
    }
)
_IN_SERVICE: Final = frozenset({None, SerialStatus.IN_SERVICE, SerialStatus.IN_STOCK})


@dataclass(frozen=True, slots=True)
class Restriction:
    """A deferral under which an aircraft flies.

    Attributes:
        on: The aircraft or the unit in it.
        text: What may not be done meanwhile; None where nothing is stated.
        until: When the defect must be mended by; None where no day is stated.
        is_over: Whether that moment is past.
    """

    deferral: Utcs
    on: Utcs
    text: str | None
    until: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class AircraftStatus:
    """How one aircraft stands.

    Attributes:
        because: What keeps it from flying, in sentences; empty if nothing does.
        station: The aerodrome that it is at; None in the air, and where nobody says.
        next: The flight that it is planned for next; None if for none.
        orders: The work orders on it that are not ended.
        restrictions: The deferrals that run.
        overdue: What is overdue on it.
    """

    utcs: Utcs
    name: str
    registration: str | None
    availability: Availability
    because: tuple[str, ...]
    station: str | None
    next: Leg | None
    orders: tuple[Utcs, ...]
    restrictions: tuple[Restriction, ...]
    overdue: tuple[DueItem, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    orders: tuple[tuple[Utcs, WorkOrder], ...]
    restrictions: tuple[Restriction, ...]


async def aircraft_status(
    graph: Graph, about: Utcs | None = None, *, at: Coordinates = CURRENT
) -> tuple[AircraftStatus, ...]:
    """Returns how an aircraft, or each of the fleet, stands at a moment.

    Raises:
        BadQuestionError: It is no unit, or there are too many aircraft.
        NotFoundError: The aircraft is not there then.
    """
    require_aircraft(about)
    moment = Moment.of(graph, at)
    now = from_micros(moment.world)
    units = await find_aircraft(graph, about, moment)
    ids = [unit.utcs for unit in units]
    held = await _find_held(graph, ids, moment, now)
    rotations = await find_rotations(graph, ids, now, now + LOOK_AHEAD, moment)
    overdue = await _overdue(graph, about, at)
    found = []
    for unit in units:
        late = tuple(item for item in overdue if unit.utcs in (item.unit.utcs, item.unit.aircraft))
        assert isinstance(unit.thing, Serial)  # noqa: S101
        found.append(
            _status(unit.thing, unit.utcs, held[unit.utcs], rotations[unit.utcs], late, now)
        )
    return tuple(found)


async def _overdue(graph: Graph, about: Utcs | None, at: Coordinates) -> list[DueItem]:
    items: list[DueItem] = []
    after: str | None = None
    while True:
        page = await due_list(
            graph, about, standings=[DueStanding.OVERDUE], first=MAX_FIRST, after=after, at=at
        )
        items += page.items
        if (after := page.next) is None:
            return items


async def _find_held(
    graph: Graph, aircraft: list[Utcs], moment: Moment, now: datetime
) -> dict[Utcs, _Held]:
    asked = {
        "aircraft": [str(one) for one in aircraft],
        "ended": sorted(ENDED),
        "running": sorted(one for one in RUNNING if one is not None),
    }
    row = await moment.ask(graph, standing_text(moment), asked) if aircraft else None
    return {
        Utcs.parse(utcs): _Held(
            tuple((Utcs.parse(one["utcs"]), read_as(WorkOrder, one)) for one in orders),
            tuple(_restriction(one, on, now) for one, on in deferrals),
        )
        for utcs, orders, deferrals in (row[0] if row else ())
    }


def _restriction(stored: dict[str, object], on: str, now: datetime) -> Restriction:
    deferral = read_as(Deferral, stored)
    is_over = deferral.due_at is not None and deferral.due_at < now
    return Restriction(
        Utcs.parse(str(stored["utcs"])),
        Utcs.parse(on),
        deferral.restrictions,
        deferral.due_at,
        is_over,
    )


def _status(
    thing: Serial,
    utcs: Utcs,
    held: _Held,
    flown: Rotation,
    overdue: tuple[DueItem, ...],
    now: datetime,
) -> AircraftStatus:
    flying = next((leg for leg in flown.legs if leg.starts_at <= now < leg.ends_at), None)
    stop = next((one for one in flown.stops if one.starts_at <= now < one.ends_at), None)
    availability, because = _judge(thing, held, overdue, flying)
    return AircraftStatus(
        utcs=utcs,
        name=thing.name,
        registration=getattr(thing, "registration", None),
        availability=availability,
        because=tuple(because),
        station=stop.station if stop and not flying else None,
        next=next((leg for leg in flown.legs if leg.starts_at > now), None),
        orders=tuple(order for order, _ in held.orders),
        restrictions=held.restrictions,
        overdue=overdue,
    )


def _judge(
    thing: Serial, held: _Held, overdue: Iterable[DueItem], flying: Leg | None
) -> tuple[Availability, list[str]]:
    """Returns the first state that applies, and all that keeps it from flying."""
    out = [] if thing.status in _IN_SERVICE else [f"its record says {thing.status}"]
    grounds = [f"{order.number} grounds it" for _, order in held.orders if order.is_aog]
    grounds += [f"{item.rule.number} on {item.unit.name} is overdue" for item in overdue]
    grounds += [f"{one.deferral.local} ran out" for one in held.restrictions if one.is_over]
    begun = [
        f"{order.number} is {order.status} and not released"
        for _, order in held.orders
        if order.status in _BEGUN and not order.is_aog
    ]
    because = [*out, *grounds, *begun]
    if out:
        return Availability.OUT_OF_SERVICE, because
    if grounds:
        return Availability.GROUNDED, because
    if begun:
        return Availability.IN_MAINTENANCE, because
    return (Availability.FLYING if flying else Availability.AVAILABLE), because


def standing_text(moment: Moment) -> str:
    """Returns the statement that lists what holds aircraft."""
    return fill(
        "fleet/standing",
        contains=moment.types(_CONTAINS),
        step_holds=moment.holds("step", _CONTAINS),
        works_on=moment.types(_WORKS_ON),
        works_holds=moment.holds("link", _WORKS_ON),
        about=moment.types(_ABOUT),
        about_holds=moment.holds("about", _ABOUT),
        defers=moment.types(_DEFERS),
        put_holds=moment.holds("put", _DEFERS),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
