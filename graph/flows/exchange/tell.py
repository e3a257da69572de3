"""What other systems are told of an asset, at any two times: answers of questions, in one body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from graph.flows.exchange.fleet import standing_of
from graph.model.exchange.answers import (
    AssetSpecification,
    CertificationRequirement,
    CertificationRequirements,
    Component,
    ComponentStatus,
    Counter,
    MaintenanceSchedule,
    NamedThing,
    OpenRecord,
    RemainingLife,
    ScheduledItem,
    ScheduledLimit,
    Stated,
    Told,
)
from graph.model.exchange.fleet import (
    FlightAvailability,
    FlightWindows,
    MaintenanceWindow,
    RotationFaults,
)
from graph.model.exchange.table import ANSWERED
from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros
from graph.store.availability import aircraft_status
from graph.store.compliance import Standpoint, compliance
from graph.store.configuration import Fitted, configuration
from graph.store.database import Graph
from graph.store.due import due_list
from graph.store.due_item import DueItem
from graph.store.errors import NotFoundError
from graph.store.life import LifeLimited, life_limits
from graph.store.moment import CURRENT, Moment
from graph.store.neighbours import neighbours
from graph.store.node import Node
from graph.store.question import MAX_FIRST
from graph.store.show import show
from graph.store.status import status_of
from graph.store.windows import find_windows

_MORE: Final = "there are more than {most:,}; {where} has them all"


async def tell(
    graph: Graph, name: str, asset: Utcs, dpp: str, *, at: Coordinates = CURRENT
) -> Told:
    """Returns what an exchange tells of an asset.

    Args:
        graph: Where to ask.
        name: Which exchange.
        asset: The asset.
        dpp: Its passport id.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no aircraft and no other unit.
        NotFoundError: It is not there then.
        QueryTimeoutError: It took too long.
    """
    return await _ANSWERS[name](graph, asset, dpp, at)


def _head(
    graph: Graph, asset: Utcs, dpp: str, at: Coordinates, cut: str | None
) -> dict[str, object]:
    moment = Moment.of(graph, at)
    known = min(moment.knowledge, graph.clock())  # nobody knows what will be known
    times = {"asOf": from_micros(moment.world), "knownAt": from_micros(known)}
    return {"dppId": dpp, "asset": asset, "cut": cut} | times


def _stated(node: Node) -> Stated:
    every = node.properties.model_dump(mode="json", exclude_none=True)
    said = {name: value for name, value in every.items() if value not in ([], {})}
    return Stated(utcs=node.utcs, kind=node.kind, name=said.pop("name"), properties=said)


async def _specification(
    graph: Graph, asset: Utcs, dpp: str, at: Coordinates
) -> AssetSpecification:
    status = await status_of(graph, asset, at=at)
    made = await neighbours(
        graph, asset, direction="out", links=("INSTANCE_OF", "LOADED_WITH"), first=MAX_FIRST, at=at
    )
    part = next((one.utcs for one in made.links if one.link == "INSTANCE_OF"), None)
    more = None if made.next is None else _MORE.format(most=MAX_FIRST, where="GraphQL")
    return AssetSpecification.model_validate(
        _head(graph, asset, dpp, at, status.cut or more)
        | {
            "identity": _stated(status.identity),
            "partNumber": None if part is None else _stated((await show(graph, part, at=at)).node),
            "baselines": [_stated(one) for one in status.baselines],
            "embodied": [_stated(one.change) for one in status.embodied],
            "software": [
                NamedThing(utcs=one.utcs, name=one.name)
                for one in made.links
                if one.link == "LOADED_WITH"
            ],
        }
    )


async def _schedule(graph: Graph, asset: Utcs, dpp: str, at: Coordinates) -> MaintenanceSchedule:
    found = await due_list(graph, asset, first=MAX_FIRST, at=at)
    more = None if found.next is None else _MORE.format(most=MAX_FIRST, where="/api/v1/due")
    return MaintenanceSchedule.model_validate(
        _head(graph, asset, dpp, at, more)
        | {"counts": dict(found.counts), "items": [_item(one) for one in found.items]}
    )


def _item(one: DueItem) -> ScheduledItem:
    judged, rule = one.judged, one.rule
    return ScheduledItem(
        standing=one.standing,
        sort=rule.sort,
        rule=rule.utcs,
        number=rule.number,
        name=rule.name,
        schedule=rule.schedule,
        unit=one.unit.utcs,
        position=one.unit.position,
        limits=[
            ScheduledLimit(
                unit=gauge.unit,
                limit=gauge.limit,
                tolerance=gauge.tolerance,
                dueAt=gauge.at,
                dueOn=gauge.on,
                remaining=gauge.remaining,
            )
            for gauge in judged.gauges
        ],
        forecastOn=None if judged.forecast is None else judged.forecast.on,
        lastDoneOn=None if one.last is None else one.last.on,
        labourH=rule.labour_h,
        skill=rule.skill,
        workOrders=list(one.orders),
        why=one.why,
    )


async def _status(graph: Graph, asset: Utcs, dpp: str, at: Coordinates) -> ComponentStatus:
    status = await status_of(graph, asset, at=at)
    fitted = await configuration(graph, asset, first=MAX_FIRST, at=at)
    limited = await life_limits(graph, asset, first=MAX_FIRST, at=at)
    lives = {one.utcs: one for one in limited.units}
    more = _MORE.format(most=MAX_FIRST, where=f"/api/v1/things/{asset}/configuration")
    cut = status.cut or fitted.cut or (more if fitted.next or limited.next else None)
    return ComponentStatus.model_validate(
        _head(graph, asset, dpp, at, cut)
        | {
            "counters": [
                Counter(counter=one.counter, total=one.total) for one in status.accrued.counters
            ],
            "components": [_component(one, lives.get(one.unit)) for one in fitted.units],
            "records": [
                OpenRecord(record=_stated(one.record), about=one.about) for one in status.records
            ],
        }
    )


def _component(one: Fitted, life: LifeLimited | None) -> Component:
    return Component(
        position=one.position,
        unit=one.unit,
        name=one.name,
        partNumber=one.part_number,
        serialNumber=one.serial_number,
        since=one.since,
        standing=None if life is None else life.standing,
        life=[
            RemainingLife(of=limit.of, unit=limit.unit, allowed=limit.allowed, used=limit.used)
            for limit in (() if life is None else life.limits)
        ],
    )


async def _requirements(
    graph: Graph, asset: Utcs, dpp: str, at: Coordinates
) -> CertificationRequirements:
    found = await compliance(graph, asset, first=MAX_FIRST, at=at)
    more = None if found.next is None else _MORE.format(most=MAX_FIRST, where="GraphQL")
    return CertificationRequirements.model_validate(
        _head(graph, asset, dpp, at, more)
        | {"counts": found.counts, "requirements": [_requirement(one) for one in found.standpoints]}
    )


def _requirement(one: Standpoint) -> CertificationRequirement:
    due, done = one.due, one.done
    return CertificationRequirement(
        demand=one.demand.utcs,
        number=one.demand.number,
        name=one.demand.name,
        isMandatory=one.demand.is_mandatory,
        unit=one.unit,
        unitName=one.unit_name,
        applies=one.applies,
        because=one.because,
        standing=one.standing,
        why=one.why,
        dueFh=None if due is None else due.fh,
        dueFc=None if due is None else due.fc,
        dueOn=None if due is None else due.day,
        doneOn=None if done is None else done.life.day,
        workOrder=None if done is None else done.work_order,
    )


async def _availability(graph: Graph, asset: Utcs, dpp: str, at: Coordinates) -> FlightAvailability:
    found = await aircraft_status(graph, asset, at=at)
    if not found:
        raise _not_in_service(asset)
    return FlightAvailability.model_validate(
        _head(graph, asset, dpp, at, None) | {"standing": standing_of(found[0])}
    )


async def _windows(graph: Graph, asset: Utcs, dpp: str, at: Coordinates) -> FlightWindows:
    found = await find_windows(graph, asset, at=at)
    if not found.rotations:
        raise _not_in_service(asset)
    return FlightWindows.model_validate(
        _head(graph, asset, dpp, at, None)
        | {
            "windows": [MaintenanceWindow.of(one) for one in found.openings],
            "rotation": RotationFaults.of(found.rotations[0]),
        }
    )


def _not_in_service(asset: Utcs) -> NotFoundError:
    return NotFoundError(
        f"asset: {asset} is in production or scrapped then, so it flies nothing", id=str(asset)
    )


_Answer = Callable[[Graph, Utcs, str, Coordinates], Awaitable[Told]]

_ANSWERS: Final[Mapping[str, _Answer]] = dict(
    zip(
        [one.name for one in ANSWERED],
        [_specification, _schedule, _status, _requirements, _availability, _windows],
        strict=True,
    )
)
"""In the order of the table."""
