"""How much life is left: `lifeLimits`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import (
    THING_TYPE,
    After,
    AsOf,
    First,
    Info,
    KnownAt,
    as_float,
    find,
    thing_of,
)
from graph.model import life as model
from graph.model.time import Coordinates
from graph.store import life as question

STANDING: Final[Any] = strawberry.enum(
    model.LifeStanding, name="LifeStanding", graphql_name_from="value",
    description="How a unit stands towards a limit to its life.",
)  # fmt: skip
ORDER: Final[Any] = strawberry.enum(
    model.LifeOrder, name="LifeOrder", graphql_name_from="value",
    description="In what order units with limits are listed: the most urgent first, for which all are "
    "worked out for each page; or by identifier, of which a page costs what is on it.",
)  # fmt: skip
LIMIT_OF: Final[Any] = strawberry.enum(
    model.LimitOf, name="LimitOf", graphql_name_from="value",
    description="What a limit is counted from: since new (`life`) or since overhaul.",
)  # fmt: skip


@strawberry.type(description="A time for which nothing says where a unit was.")
class LifeGap:
    """A time for which nothing says where a unit was."""

    since: datetime = strawberry.field(description="From when on.")
    until: datetime | None = strawberry.field(description="Until when; null while it lasts.")


@strawberry.type(description="One limit of a unit.")
class LifeLimit:
    """One limit of a unit."""

    of: Any = strawberry.field(graphql_type=LIMIT_OF, description="What it is counted from.")
    unit: str = strawberry.field(description="What it is counted in: FH, FC or days.")
    allowed: float = strawberry.field(description="The limit.")
    used: float | None = strawberry.field(
        description="How much is used up; null where the record does not say."
    )
    remaining: float | None = strawberry.field(description="What is left; below 0 once exceeded.")
    percent: float | None = strawberry.field(description="How much is used up, in percent.")
    is_least: bool = strawberry.field(description="Whether more may be used up than that.")
    per_day: float | None = strawberry.field(
        description="How much its aircraft uses up on an average day of the last 90."
    )
    why: str = strawberry.field(description="What it rests on, or why it is not known.")
    gaps: list[LifeGap] = strawberry.field(
        description="When nothing says where the unit was, of the time that is counted."
    )


@strawberry.type(description="One unit with a limit to its life or between overhauls.")
class LifeLimitedUnit:
    """One unit with limits."""

    utcs: str = strawberry.field(description="The unit.")
    name: str = strawberry.field(description="What people call it.")
    serial_number: str | None = strawberry.field(description="Its serial number.")
    part: str = strawberry.field(description="The part number that sets the limits.")
    aircraft: str | None = strawberry.field(description="The aircraft that it is in.")
    position: str = strawberry.field(description="The slots from there down to it.")
    standing: Any = strawberry.field(
        graphql_type=STANDING, description="How it stands towards the limit that decides."
    )
    first: LifeLimit = strawberry.field(description="The limit that decides.")
    limits: list[LifeLimit] = strawberry.field(description="All of them.")
    reached_on: date | None = strawberry.field(
        description="When it is reached if the aircraft flies on as lately."
    )
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=thing_of, graphql_type=THING_TYPE, description="The unit itself."
    )


@strawberry.type(description="How many units stand so.")
class LifeCount:
    """How many units stand so."""

    standing: Any = strawberry.field(graphql_type=STANDING, description="How they stand.")
    units: int = strawberry.field(description="How many.")


@strawberry.type(description="One page of units with limits to their lives.")
class LifeLimits:
    """One page of units with limits."""

    day: date = strawberry.field(description="The day up to which is counted.")
    counts: list[LifeCount] | None = strawberry.field(
        description="How many stand how, on all pages; null in the order of units."
    )
    units: list[LifeLimitedUnit] = strawberry.field(description="The units.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def life_limits(
    info: Info,
    about: Annotated[
        str | None,
        strawberry.argument(
            description="Only this aircraft or unit and what is in it, by any id; else the fleet."
        ),
    ] = None,
    order: Annotated[
        Any,
        strawberry.argument(
            description="In what order; the most urgent first unless given.", graphql_type=ORDER
        ),
    ] = model.LifeOrder.URGENCY,
    soon_percent: Annotated[
        int, strawberry.argument(description="With so much of a limit left, it comes soon.")
    ] = model.SOON_PERCENT,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> LifeLimits | None:
    """Units whose part number has a limit."""
    at = Coordinates(as_of, known_at)
    utcs = None if about is None else await find(info, about, at)
    page = await question.life_limits(
        info.context.graph, utcs, soon_percent=soon_percent, order=order, first=first, after=after,
        at=at,
    )  # fmt: skip
    return LifeLimits(
        day=page.day,
        counts=None
        if page.counts is None
        else [LifeCount(standing=one, units=count) for one, count in page.counts.items()],
        units=[_unit(one, at) for one in page.units],
        next=page.next,
    )


def _unit(one: question.LifeLimited, at: Coordinates) -> LifeLimitedUnit:
    return LifeLimitedUnit(
        utcs=str(one.utcs), name=one.name, serial_number=one.serial_number, part=one.part,
        aircraft=str(one.aircraft) if one.aircraft else None, position=one.position, standing=one.standing,
        first=_limit(one.first), limits=list(map(_limit, one.limits)), reached_on=one.reached_on,
        at=at,
    )  # fmt: skip


def _limit(one: model.LifeLimit) -> LifeLimit:
    return LifeLimit(
        of=one.of, unit=one.unit.value, allowed=float(one.allowed), used=as_float(one.used),
        remaining=as_float(one.remaining), percent=as_float(one.percent), is_least=one.is_least,
        per_day=as_float(one.per_day), why=one.why,
        gaps=[LifeGap(since=gap.since, until=gap.until) for gap in one.gaps],
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        life_limits,
        description="Life-limited units: what is allowed, used and left, the most urgent first.",
    )
]
