"""Where has a unit been since birth: `genealogy`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import strawberry

from api.queries.asked import After, AsOf, First, Id, Info, KnownAt, find
from api.queries.history import Cause, cause
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.model.whereabouts import Whereabouts
from graph.model.whereabouts import Within as Held
from graph.store import genealogy as question

WHEREABOUTS: Final[Any] = strawberry.enum(
    Whereabouts, name="Whereabouts", graphql_name_from="value",
    description="How a unit was where it was.",
)  # fmt: skip


@strawberry.type(description="A unit that another one was in.")
class Within:
    """A unit that another one was in."""

    unit: str = strawberry.field(description="The aircraft or assembly.")
    position: str = strawberry.field(description="Its position in that.")


@strawberry.type(description="A time that a unit spent in one place, up to the aircraft.")
class Stay:
    """A time that a unit spent in one place."""

    whereabouts: Any = strawberry.field(graphql_type=WHEREABOUTS, description="How it was there.")
    within: list[Within] = strawberry.field(
        description="What it was in, from what held it up to the aircraft or the loose assembly."
    )
    aircraft: str | None = strawberry.field(
        description="The aircraft it was in, at whatever depth."
    )
    place: str | None = strawberry.field(
        description="The stock, facility or position where that was; null in an aircraft."
    )
    since: datetime = strawberry.field(description="From when.")
    until: datetime | None = strawberry.field(description="Until when; null while it lasts.")
    began: Cause | None = strawberry.field(
        description="The event with which it began; null where none is on record."
    )
    ended: Cause | None = strawberry.field(
        description="The event with which it ended; null while it lasts, or none is on record."
    )
    began_under: str | None = strawberry.field(
        description="The work order or operation under which it began."
    )
    ended_under: str | None = strawberry.field(
        description="The work order or operation under which it ended."
    )
    reference: str | None = strawberry.field(description="The record that the installation names.")


@strawberry.type(description="A time for which nothing says where a unit was.")
class WhereaboutsGap:
    """A time for which nothing says where a unit was."""

    since: datetime = strawberry.field(description="From when.")
    until: datetime | None = strawberry.field(description="Until when; null while it lasts.")
    within: list[Within] = strawberry.field(
        description="What it was in meanwhile; of the outermost nothing says where it was."
    )
    before: Stay | None = strawberry.field(description="Where it was before; null from birth.")
    after: Stay | None = strawberry.field(description="Where it was after; null while it lasts.")


@strawberry.type(description="A time for which a unit is said to have been in two places.")
class WhereaboutsOverlap:
    """A time for which a unit is said to have been in two places."""

    since: datetime = strawberry.field(description="From when.")
    until: datetime | None = strawberry.field(description="Until when; null while it lasts.")
    one: Stay = strawberry.field(description="What is said.")
    other: Stay = strawberry.field(description="What contradicts it.")


@strawberry.type(description="The life of one unit, back to its birth.")
class Genealogy:
    """The life of one unit."""

    utcs: str = strawberry.field(description="The unit.")
    born: datetime = strawberry.field(
        description="From when on its whereabouts should be known: the end of the day on which it was "
        "made, or the first word of it if that is earlier."
    )
    is_complete: bool = strawberry.field(
        description="Whether the history goes back to birth without a gap or contradiction."
    )
    stays: list[Stay] = strawberry.field(description="One page of its stays, in order.")
    total: int = strawberry.field(description="How many stays there are.")
    gaps: list[WhereaboutsGap] = strawberry.field(description="All gaps; an aircraft has none.")
    overlaps: list[WhereaboutsOverlap] = strawberry.field(description="All overlaps.")
    next: str | None = strawberry.field(
        description="The cursor of the next page of stays; null on the last."
    )


async def genealogy(
    info: Info, id: Id, first: First = 100, after: After = None, as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Genealogy | None:  # fmt: skip
    """Where a unit has been since birth."""
    at = Coordinates(as_of, known_at)
    unit = await find(info, id, at)
    found = await question.genealogy(info.context.graph, unit, first=first, after=after, at=at)
    return Genealogy(
        utcs=str(found.utcs),
        born=found.born,
        is_complete=found.is_complete,
        stays=[_stay(one) for one in found.stays],
        total=found.total,
        gaps=[_gap(one) for one in found.gaps],
        overlaps=[
            WhereaboutsOverlap(
                since=one.since, until=one.until, one=_stay(one.one), other=_stay(one.other)
            )
            for one in found.overlaps
        ],
        next=found.next,
    )


def _gap(one: question.Gap) -> WhereaboutsGap:
    return WhereaboutsGap(
        since=one.since,
        until=one.until,
        within=_within(one.within),
        before=_stay(one.before) if one.before else None,
        after=_stay(one.after) if one.after else None,
    )


def _stay(one: question.Stay) -> Stay:
    return Stay(
        whereabouts=one.whereabouts,
        within=_within(one.within),
        aircraft=_text(one.aircraft),
        place=_text(one.place),
        since=one.since,
        until=one.until,
        began=cause(one.began) if one.began else None,
        ended=cause(one.ended) if one.ended else None,
        began_under=_text(one.began_under),
        ended_under=_text(one.ended_under),
        reference=one.reference,
    )


def _within(held: tuple[Held, ...]) -> list[Within]:
    return [Within(unit=str(one.unit), position=one.position) for one in held]


def _text(utcs: Utcs | None) -> str | None:
    return str(utcs) if utcs else None


FIELDS: Final[list[Any]] = [
    strawberry.field(
        genealogy,
        description="Where a unit has been since birth, what of that nobody says, and who says the rest.",
    ),
]
