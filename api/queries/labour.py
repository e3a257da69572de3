"""Labour: `workOrderLabour`, the hours of a work order, and `personRoster`, what a person is booked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import AsOf, Id, Info, KnownAt, as_float, find
from graph.model.labour import Booked, Rostered, Span
from graph.model.time import Coordinates
from graph.store import labour as store


@strawberry.type(description="Hours that are booked on a step of a work order.")
class LabourBooking:
    """Hours that are booked."""

    utcs: str = strawberry.field(description="The labour.")
    order: str | None = strawberry.field(description="The work order.")
    step: str = strawberry.field(description="The step.")
    person: str = strawberry.field(description="Who worked.")
    starts_at: datetime = strawberry.field(description="When that began.")
    ends_at: datetime = strawberry.field(description="When it ended.")
    hours: float | None = strawberry.field(description="How many hours that are.")
    is_overtime: bool | None = strawberry.field(description="Whether it was overtime.")


@strawberry.type(description="The hours of one step of a work order.")
class StepHours:
    """The hours of one step."""

    step: str = strawberry.field(description="The step.")
    hours: float | None = strawberry.field(description="How many.")


@strawberry.type(description="The hours that are booked on a work order.")
class WorkOrderLabour:
    """The hours of a work order."""

    order: str = strawberry.field(description="The work order.")
    total: float | None = strawberry.field(description="How many hours in all.")
    by_step: list[StepHours] = strawberry.field(description="How many by step.")
    booked: list[LabourBooking] = strawberry.field(description="In the order of time.")
    cut: str | None = strawberry.field(description="What was left out; null if nothing was.")


@strawberry.type(description="A shift of a person.")
class PersonShift:
    """A shift of a person."""

    utcs: str = strawberry.field(description="The shift.")
    place: str | None = strawberry.field(description="Where.")
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")


@strawberry.type(description="What a person is booked and rostered for in some time.")
class PersonRoster:
    """What a person is booked and rostered for."""

    person: str = strawberry.field(description="The person.")
    booked: list[LabourBooking] = strawberry.field(description="The hours, in the order of time.")
    shifts: list[PersonShift] = strawberry.field(description="The shifts, in the order of time.")
    cut: str | None = strawberry.field(description="What was left out; null if nothing was.")


async def work_order_labour(
    info: Info, id: Id, as_of: AsOf = None, known_at: KnownAt = None
) -> WorkOrderLabour | None:
    """The hours of a work order."""
    at = Coordinates(as_of, known_at)
    found = await store.find_hours(info.context.graph, await find(info, id, at), at=at)
    return WorkOrderLabour(
        order=str(found.utcs), total=as_float(found.total),
        by_step=[StepHours(step=step, hours=as_float(n)) for step, n in found.by_step.items()],
        booked=[_booked(one) for one in found.booked], cut=found.cut,
    )  # fmt: skip


async def person_roster(
    info: Info,
    id: Id,
    since: Annotated[datetime, strawberry.argument(description="From when.")],
    until: Annotated[datetime, strawberry.argument(description="Until when, at most 366 days.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> PersonRoster | None:
    """What a person is booked and rostered for."""
    at = Coordinates(as_of, known_at)
    found = await store.find_roster(
        info.context.graph, await find(info, id, at), Span(since, until), at=at
    )
    roster = found.roster
    return PersonRoster(
        person=str(roster.utcs), booked=[_booked(one) for one in roster.booked],
        shifts=[_shift(one) for one in roster.shifts], cut=found.cut,
    )  # fmt: skip


def _booked(one: Booked) -> LabourBooking:
    return LabourBooking(
        utcs=str(one.utcs), order=None if one.order is None else str(one.order),
        step=one.labour.step, person=str(one.person), starts_at=one.labour.starts_at,
        ends_at=one.labour.ends_at, hours=as_float(one.span.hours),
        is_overtime=one.labour.is_overtime,
    )  # fmt: skip


def _shift(one: Rostered) -> PersonShift:
    return PersonShift(
        utcs=str(one.utcs), place=None if one.place is None else str(one.place),
        starts_at=one.shift.starts_at, ends_at=one.shift.ends_at,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        work_order_labour,
        description="The hours that are booked on a work order, by step and in all.",
    ),
    strawberry.field(
        person_roster,
        description="The hours and shifts of a person that reach into some time.",
    ),
]
