"""Is it complied with, and how far has it got: `compliance` and `campaign`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import THING_TYPE, After, AsOf, Id, Info, KnownAt, as_float, find
from api.reference import ThingRef
from graph.model import compliance as model
from graph.model.time import Coordinates
from graph.store import campaign as campaign_question
from graph.store import compliance as question
from graph.store.demands import DEMANDS

STANDING: Final[Any] = strawberry.enum(
    model.Standing, name="ComplianceStanding", graphql_name_from="value",
    description="How a unit stands towards a directive or bulletin.",
)  # fmt: skip
PROGRESS: Final[Any] = strawberry.enum(
    campaign_question.Progress, name="CampaignProgress", graphql_name_from="value",
    description="How far a change has got on a unit.",
)  # fmt: skip

Standings = Annotated[
    list[Any] | None,
    strawberry.argument(
        graphql_type=list[STANDING] | None, description="Only these are listed; all are counted."
    ),
]
Progresses = Annotated[
    list[Any] | None,
    strawberry.argument(
        graphql_type=list[PROGRESS] | None, description="Only these are listed; all are counted."
    ),
]
Units = Annotated[int, strawberry.argument(description="How many units to a page, at most 1000.")]


@strawberry.input(description="What is due within these is due soon; whichever comes first.")
class Horizon:
    """What is due within these is due soon."""

    fh: float = strawberry.field(default=100, description="Flight hours.")
    fc: float = strawberry.field(default=50, description="Flight cycles.")
    days: float = strawberry.field(default=30, description="Days.")


Soon = Annotated[
    Horizon | None, strawberry.argument(description="What counts as soon; 100 FH, 50 FC, 30 days.")
]


def soon_of(horizon: Horizon | None) -> model.Limits:
    """Returns what counts as soon."""
    if horizon is None:
        return model.SOON
    return model.Limits(*(Decimal(str(one)) for one in (horizon.fh, horizon.fc, horizon.days)))


@strawberry.type(description="A point in the life of a unit: totals since new, and a day.")
class LifePoint:
    """A point in the life of a unit."""

    fh: float | None = strawberry.field(description="Flight hours since new.")
    fc: float | None = strawberry.field(description="Flight cycles since new.")
    day: date | None = strawberry.field(description="A day.")


@strawberry.type(description="How far something is; negative is over.")
class LifeRemaining:
    """How far something is."""

    fh: float | None = strawberry.field(description="Flight hours.")
    fc: float | None = strawberry.field(description="Flight cycles.")
    days: float | None = strawberry.field(description="Days.")


@strawberry.type(description="What was last done to a unit about a change.")
class AccomplishmentRecord:
    """What was last done to a unit about a change."""

    at: LifePoint = strawberry.field(description="When, and with which counters.")
    method: str | None = strawberry.field(description="The method of compliance.")
    reference: str | None = strawberry.field(description="The record it rests on, as it says.")
    work_order: str | None = strawberry.field(
        description="That work order, where the thread knows it."
    )
    is_terminating: bool | None = strawberry.field(
        description="Whether the record says that nothing is due again."
    )


def _unit(root: Any) -> ThingRef:
    return ThingRef(root.unit, root.at)


@strawberry.type(description="How one unit stands towards one directive or bulletin.")
class Standpoint:
    """How one unit stands towards one directive or bulletin."""

    unit: str = strawberry.field(description="The aircraft or unit.")
    unit_name: str = strawberry.field(description="What people call it.")
    demand: str = strawberry.field(description="The directive or bulletin.")
    number: str = strawberry.field(description="Its number.")
    name: str = strawberry.field(description="What people call it.")
    is_mandatory: bool = strawberry.field(
        description="Whether an authority demands it, or a bulletin in such words."
    )
    applies: bool | None = strawberry.field(
        description="Whether it applies; null if nobody can say."
    )
    because: str = strawberry.field(description="Why it applies or not.")
    done: AccomplishmentRecord | None = strawberry.field(description="What was last done about it.")
    standing: Any = strawberry.field(graphql_type=STANDING, description="Where that leaves it.")
    why: str = strawberry.field(description="What the standing rests on, in one sentence.")
    due: LifePoint | None = strawberry.field(description="When it is due; null where nothing is.")
    remaining: LifeRemaining | None = strawberry.field(description="How far that is.")
    terminating_action: str | None = strawberry.field(
        description="What ends the need to repeat it."
    )
    means: list[str] = strawberry.field(
        description="Bulletins and modifications that carry it out."
    )
    notes: list[str] = strawberry.field(
        description="What in the records an auditor should look at."
    )
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=_unit, graphql_type=THING_TYPE, description="The unit itself."
    )


@strawberry.type(description="How many there are of a standing.")
class StandingCount:
    """How many there are of a standing."""

    standing: Any = strawberry.field(graphql_type=STANDING, description="The standing.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How a page of units stands towards demands: by unit, then by demand.")
class ComplianceStatus:
    """How a page of units stands towards demands."""

    day: date = strawberry.field(description="The day in the world for which it holds.")
    standpoints: list[Standpoint] = strawberry.field(description="The standpoints that are listed.")
    counts: list[StandingCount] = strawberry.field(
        description="How many there are of each standing, listed or not."
    )
    units: int = strawberry.field(description="How many units the page is about.")
    demands: int = strawberry.field(description="How many demands were looked at.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="How far a change has got on one unit.")
class UnitEmbodiment:
    """How far a change has got on one unit."""

    unit: str = strawberry.field(description="The aircraft or unit.")
    unit_name: str = strawberry.field(description="What people call it.")
    aircraft: str | None = strawberry.field(description="The aircraft that a unit is in.")
    progress: Any = strawberry.field(graphql_type=PROGRESS, description="How far it has got.")
    because: str = strawberry.field(description="Why the change applies or not.")
    done: AccomplishmentRecord | None = strawberry.field(
        description="When and how it was embodied."
    )
    notes: list[str] = strawberry.field(
        description="What in the records an auditor should look at."
    )


@strawberry.type(description="How many units have got how far.")
class ProgressCount:
    """How many units have got how far."""

    progress: Any = strawberry.field(graphql_type=PROGRESS, description="How far.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(
    description="How far a change has got, on a page of units in the order of their ids."
)
class Campaign:
    """How far a change has got."""

    change: str = strawberry.field(description="The change.")
    name: str = strawberry.field(description="What people call it.")
    approvals: list[str] = strawberry.field(
        description="Its own approval, and those of what it carries out."
    )
    embodiments: list[UnitEmbodiment] = strawberry.field(description="The units that are listed.")
    counts: list[ProgressCount] = strawberry.field(
        description="How many units of the page have got how far, listed or not."
    )
    units: int = strawberry.field(description="How many units the page is about.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def compliance(
    info: Info,
    about: Annotated[
        str | None,
        strawberry.argument(
            description="An aircraft, unit, directive or bulletin by any id; the whole fleet unless given."
        ),
    ] = None,
    kinds: Annotated[
        list[str] | None, strawberry.argument(description="`directive`, `bulletin`, or both.")
    ] = None,
    standings: Standings = None, first: Units = 100, after: After = None, soon: Soon = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> ComplianceStatus | None:  # fmt: skip
    """How units stand towards directives and bulletins."""
    at = Coordinates(as_of, known_at)
    utcs = None if about is None else await find(info, about, at)
    found = await question.compliance(
        info.context.graph, utcs, kinds=DEMANDS if kinds is None else kinds,
        standings=standings, first=first, after=after, soon=soon_of(soon), at=at,
    )  # fmt: skip
    return compliance_told(found, at)


async def campaign(
    info: Info, change: Id, progress: Progresses = None, first: Units = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> Campaign | None:  # fmt: skip
    """How far a change has got."""
    at = Coordinates(as_of, known_at)
    found = await campaign_question.campaign(
        info.context.graph, await find(info, change, at), progress=progress, first=first,
        after=after, at=at,
    )  # fmt: skip
    return Campaign(
        change=str(found.change), name=found.name, approvals=list(found.approvals),
        embodiments=[_embodiment(one) for one in found.embodiments],
        counts=[ProgressCount(progress=p, count=n) for p, n in found.counts.items()],
        units=found.units, next=found.next,
    )  # fmt: skip


def compliance_told(found: question.Compliance, at: Coordinates) -> ComplianceStatus:
    """Returns how units stand towards demands as GraphQL tells it."""
    return ComplianceStatus(
        day=found.day,
        standpoints=[_standpoint(one, at) for one in found.standpoints],
        counts=[StandingCount(standing=s, count=n) for s, n in found.counts.items()],
        units=found.units,
        demands=found.demands,
        next=found.next,
    )


def _standpoint(one: question.Standpoint, at: Coordinates) -> Standpoint:
    demand = one.demand
    return Standpoint(
        unit=str(one.unit), unit_name=one.unit_name, demand=str(demand.utcs), number=demand.number,
        name=demand.name, is_mandatory=demand.is_mandatory, applies=one.applies,
        because=one.because, done=record_told(one.done), standing=one.standing, why=one.why,
        due=point_told(one.due), remaining=_remaining(one.remaining),
        terminating_action=demand.terminating_action, means=plain(one.means),
        notes=list(one.notes), at=at,
    )  # fmt: skip


def _embodiment(one: campaign_question.Embodiment) -> UnitEmbodiment:
    return UnitEmbodiment(
        unit=str(one.unit), unit_name=one.unit_name, aircraft=plain(one.aircraft),
        progress=one.progress, because=one.because, done=record_told(one.done),
        notes=list(one.notes),
    )  # fmt: skip


def record_told(done: model.Done | None) -> AccomplishmentRecord | None:
    """Returns what was done as GraphQL tells it."""
    if done is None:
        return None
    return AccomplishmentRecord(
        at=life_told(done.life), method=done.method, reference=done.reference,
        work_order=plain(done.work_order), is_terminating=done.is_terminating,
    )  # fmt: skip


def life_told(life: model.Life) -> LifePoint:
    """Returns how far a unit was as GraphQL tells it."""
    return LifePoint(fh=as_float(life.fh), fc=as_float(life.fc), day=life.day)


def point_told(point: model.Point | None) -> LifePoint | None:
    """Returns a point in the life of a unit as GraphQL tells it."""
    if point is None or point.is_none:
        return None
    return LifePoint(fh=as_float(point.fh), fc=as_float(point.fc), day=point.day)


def _remaining(remaining: model.Limits | None) -> LifeRemaining | None:
    if remaining is None or remaining.is_none:
        return None
    return LifeRemaining(
        fh=as_float(remaining.fh), fc=as_float(remaining.fc), days=as_float(remaining.days)
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        compliance,
        description="How aircraft stand towards directives and bulletins: what applies and why, what was "
        "done, what is due when, and what is overdue.",
    ),
    strawberry.field(
        campaign,
        description="How far a bulletin, modification, supplemental type certificate or change order has "
        "got: where it is embodied, where it is outstanding, and under what approval.",
    ),
]
