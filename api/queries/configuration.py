"""What is in it, and how much has it been used: `configuration` and `accrued`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import THING_TYPE, After, AsOf, First, Info, KnownAt, as_float, find
from api.reference import ThingRef
from graph.model.time import Coordinates
from graph.store import accrual
from graph.store import configuration as question

Unit = Annotated[
    str, strawberry.argument(description="The aircraft, assembly or part, by any of its ids.")
]


def _unit(root: Any) -> ThingRef:
    """The unit, fetched together with all others of the answer."""
    return ThingRef(root.unit, root.at)


@strawberry.type(description="One unit in its place.")
class FittedUnit:
    """One unit in its place."""

    position: str = strawberry.field(description="The slots down to it, joined by points.")
    unit: str = strawberry.field(description="The unit.")
    name: str = strawberry.field(description="What people call it.")
    serial_number: str | None = strawberry.field(description="Its serial number.")
    part: str | None = strawberry.field(description="The part that it is made to.")
    part_number: str | None = strawberry.field(description="Its part number, as printed.")
    holder: str = strawberry.field(description="What it is installed in.")
    slot: str = strawberry.field(description="Its place in that.")
    since: datetime = strawberry.field(
        description="Since when it has been in that place without a break."
    )
    order: str | None = strawberry.field(
        description="The work order or operation that put it in; null where the event that says that it was "
        "put in names none."
    )
    reference: str | None = strawberry.field(description="The record that the installation names.")
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=_unit, graphql_type=THING_TYPE, description="The unit itself."
    )


@strawberry.type(description="One page of what is in an aircraft or assembly, by position.")
class Configuration:
    """One page of what is in an aircraft or assembly."""

    utcs: str = strawberry.field(description="The aircraft or assembly.")
    total: int = strawberry.field(description="How many units are in it, on all pages.")
    units: list[FittedUnit] = strawberry.field(description="The page.")
    complete: bool = strawberry.field(description="Whether nothing lies deeper than was looked.")
    cut: str | None = strawberry.field(description="Where the answer was cut; null when complete.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def configuration(
    info: Info, unit: Unit, first: First = 100, after: After = None, as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Configuration | None:  # fmt: skip
    """What is in an aircraft on a day."""
    at = Coordinates(as_of, known_at)
    utcs = await find(info, unit, at)
    found = await question.configuration(info.context.graph, utcs, first=first, after=after, at=at)
    return Configuration(
        utcs=str(found.utcs),
        total=found.total,
        units=[_fitted(one, at) for one in found.units],
        complete=found.is_complete,
        cut=found.cut,
        next=found.next,
    )


def _fitted(one: question.Fitted, at: Coordinates) -> FittedUnit:
    return FittedUnit(
        position=one.position, unit=str(one.unit), name=one.name, serial_number=one.serial_number,
        part=str(one.part) if one.part else None, part_number=one.part_number,
        holder=str(one.holder), slot=one.slot, since=one.since,
        order=str(one.order) if one.order else None, reference=one.reference, at=at,
    )  # fmt: skip


@strawberry.type(description="One counter of a unit since new, and what it is made of.")
class AccruedCounter:
    """One counter of a unit since new."""

    counter: str = strawberry.field(
        description="fh (time since new, TSN), fc (cycles since new, CSN), apu_h, apu_starts or landings."
    )
    unit: str = strawberry.field(description="What it is counted in: FH, FC, h or 1.")
    total: float = strawberry.field(description="What it stands at.")
    declared: float | None = strawberry.field(
        description="What was declared last; null if all starts from nothing."
    )
    declared_at: datetime | None = strawberry.field(description="When it stood so.")
    declared_by: str | None = strawberry.field(description="The usage that declares it.")
    flown: float = strawberry.field(description="The sum over the flights since.")
    flights: int = strawberry.field(description="How many flights that are.")
    silent: int = strawberry.field(
        description="How many of them do not say what they count, so that the total is too low."
    )


@strawberry.type(description="One counter of a unit since its last overhaul.")
class AccruedSinceOverhaul:
    """One counter of a unit since its last overhaul."""

    counter: str = strawberry.field(
        description="fh (time since overhaul, TSO) or fc (cycles since overhaul, CSO)."
    )
    unit: str = strawberry.field(description="What it is counted in: FH or FC.")
    total: float = strawberry.field(description="What it stands at.")
    at: datetime = strawberry.field(
        description="When the overhaul was certified, or the counter declared."
    )
    by: str = strawberry.field(description="The certificate, or the usage that declares it.")


@strawberry.type(description="How much a unit has been used.")
class Accrued:
    """How much a unit has been used."""

    utcs: str = strawberry.field(description="The unit.")
    counters: list[AccruedCounter] = strawberry.field(description="Each counter since new.")
    since_overhaul: list[AccruedSinceOverhaul] = strawberry.field(
        description="Each since the last overhaul; empty where none is known of."
    )
    complete: bool = strawberry.field(
        description="Whether every flight says what it counts; else the totals are too low."
    )


async def accrued(
    info: Info, unit: Unit, as_of: AsOf = None, known_at: KnownAt = None
) -> Accrued | None:
    """Hours, cycles and starts of a unit."""
    at = Coordinates(as_of, known_at)
    utcs = await find(info, unit, at)
    found = await accrual.accrued(info.context.graph, utcs, at=at)
    return Accrued(
        utcs=str(found.utcs),
        counters=[_counter(one) for one in found.counters],
        since_overhaul=[
            AccruedSinceOverhaul(
                counter=one.counter,
                unit=one.unit,
                total=float(one.total),
                at=one.at,
                by=str(one.by),
            )
            for one in found.since_overhaul
        ],
        complete=not any(one.silent for one in found.counters),
    )


def _counter(one: accrual.Counted) -> AccruedCounter:
    return AccruedCounter(
        counter=one.counter, unit=one.unit, total=float(one.total), declared=as_float(one.declared),
        declared_at=one.declared_at, declared_by=str(one.declared_by) if one.declared_by else None,
        flown=float(one.flown), flights=one.flights, silent=one.silent,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        configuration,
        description="What is in an aircraft or assembly on a day, at any depth, place by place: since when, "
        "and under which work order it was put in.",
    ),
    strawberry.field(
        accrued,
        description="How much a unit has been used at a time: hours and cycles since new (TSN, CSN) and "
        "since overhaul (TSO, CSO).",
    ),
]
