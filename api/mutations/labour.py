"""Labour: `bookLabour` on a step of a work order, and `planShift`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import Info, as_float, find
from graph.flows import labour as flow
from graph.model.labour import Span
from graph.model.time import Coordinates

_NOW: Final = Coordinates()

Person = Annotated[str, strawberry.argument(description="The person, by any id.")]
Starts = Annotated[datetime, strawberry.argument(description="When it begins, or began.")]
Ends = Annotated[datetime, strawberry.argument(description="When it ends, or ended.")]


@strawberry.type(description="Hours that were booked, or a shift that was planned.")
class PersonPlanned:
    """Hours that were booked, or a shift that was planned."""

    utcs: str = strawberry.field(description="The labour or the shift.")
    person: str = strawberry.field(description="Whose.")
    hours: float | None = strawberry.field(description="How many hours that are.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:work`: `correct` takes it back."
    )
    seq: int = strawberry.field(description="Its number in the change log.")


async def book_labour(
    info: Info,
    order: Annotated[str, strawberry.argument(description="The work order, by any id.")],
    step: Annotated[str, strawberry.argument(description="The step, such as `perform`.")],
    person: Person,
    starts_at: Starts,
    ends_at: Ends,
    is_overtime: Annotated[
        bool, strawberry.argument(description="Whether it was outside the shifts of the person.")
    ] = False,
) -> PersonPlanned | None:
    """Books hours on a step of a work order."""
    return _told(await flow.book(
        info.context.graph, info.context.principal, await find(info, order, _NOW), step,
        await find(info, person, _NOW), Span(starts_at, ends_at), is_overtime=is_overtime,
    ))  # fmt: skip


async def plan_shift(
    info: Info,
    person: Person,
    starts_at: Starts,
    ends_at: Ends,
    place: Annotated[str, strawberry.argument(description="The facility, by any id.")],
    number: Annotated[
        str | None, strawberry.argument(description="What the shift is called there.")
    ] = None,
) -> PersonPlanned | None:
    """Plans a shift of a person."""
    return _told(await flow.plan_shift(
        info.context.graph, info.context.principal, await find(info, person, _NOW),
        Span(starts_at, ends_at), await find(info, place, _NOW), number=number,
    ))  # fmt: skip


def _told(made: flow.Planned) -> PersonPlanned:
    return PersonPlanned(
        utcs=str(made.utcs), person=str(made.person), hours=as_float(made.span.hours),
        event=made.event, seq=made.seq,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        book_labour,
        description="Books the hours of a person on a step of a work order; nobody is in two places at once.",
    ),
    strawberry.field(
        plan_shift, description="Plans a shift of a person; one that overlaps another is refused."
    ),
]
