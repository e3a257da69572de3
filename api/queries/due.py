"""What is due, and how it is best put together: `dueList` and `duePackages`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
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
from graph.model import due as model
from graph.model.identifier import Utcs
from graph.model.packaging import EARLY, Early
from graph.model.packaging import Package as Stop
from graph.model.time import Coordinates
from graph.model.utilisation import Forecast, Utilisation
from graph.store import due as question
from graph.store import due_item as items

SORT: Final[Any] = strawberry.enum(
    model.DueSort, name="DueSort", graphql_name_from="value",
    description="What demands that something be done: a task, directive, bulletin or limit.",
)  # fmt: skip
STANDING: Final[Any] = strawberry.enum(
    model.DueStanding, name="DueStanding", graphql_name_from="value",
    description="How an item stands: overdue (beyond its tolerance), in tolerance, unknown, due soon or "
    "scheduled.",
)  # fmt: skip

About = Annotated[
    str | None,
    strawberry.argument(
        description="Only this aircraft or unit and what is in it, by any id; else the fleet."
    ),
]
Sorts = Annotated[
    list[Any] | None,
    strawberry.argument(graphql_type=list[SORT] | None, description="Only of these sorts."),
]
Standings = Annotated[
    list[Any] | None,
    strawberry.argument(graphql_type=list[STANDING] | None, description="Only what stands so."),
]
Within = Annotated[
    str | None,
    strawberry.argument(
        description="How far ahead: days, FH or FC, whichever comes first: `90d` or `90d,200fh,100fc`."
    ),
]
WindowDays = Annotated[
    int,
    strawberry.argument(description="Forecasts are made from what was flown over so many days."),
]


@strawberry.type(description="One limit of something that is due, and how far it is.")
class DueLimit:
    """One limit of something that is due."""

    unit: str = strawberry.field(description="What it is measured in: FH, FC or days.")
    limit: float = strawberry.field(description="The threshold, interval or life.")
    tolerance: float = strawberry.field(description="How far it may run over.")
    at: float | None = strawberry.field(description="The total since new at which it is due.")
    on: date | None = strawberry.field(description="The day on which it is due.")
    remaining: float | None = strawberry.field(
        description="What is left; below 0 when it is late; null where nobody can say."
    )
    gap: str | None = strawberry.field(description="What is not known about it.")
    is_late: bool = strawberry.field(description="Whether it is past when it was due.")
    is_over: bool = strawberry.field(description="Whether it is past its tolerance, too.")


@strawberry.type(description="When something falls due if its aircraft flies on as it did lately.")
class DueForecast:
    """When something falls due."""

    on: date | None = strawberry.field(description="On average; null where nobody can say.")
    earliest: date | None = strawberry.field(
        description="If it flies as in the fastest part of the window."
    )
    latest: date | None = strawberry.field(
        description="If it flies as in the slowest part; null where it may never come."
    )
    gap: str | None = strawberry.field(description="Why there is no day.")


@strawberry.type(description="By what rule something is due.")
class DueRule:
    """By what rule something is due."""

    sort: Any = strawberry.field(graphql_type=SORT, description="What sort of rule it is.")
    utcs: str = strawberry.field(
        description="The task, directive or bulletin, or the part number that sets a limit."
    )
    number: str = strawberry.field(description="Its number, as printed.")
    name: str = strawberry.field(description="What is to be done.")
    schedule: str = strawberry.field(description="When it is due, in words.")
    performed_on: list[str] = strawberry.field(description="What it is performed on.")
    zones: list[str] = strawberry.field(description="The zones that it is done in.")
    access: list[str] = strawberry.field(description="The panels that are opened for it.")
    skill: str | None = strawberry.field(description="The trade that it needs.")
    labour_h: float | None = strawberry.field(description="The labour it is thought to take.")
    tasks: list[str] = strawberry.field(description="The tasks that carry it out.")
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=thing_of,
        graphql_type=THING_TYPE,
        description="The task, directive or part itself.",
    )


@strawberry.type(description="When something was last done, and on what record that rests.")
class DueLastDone:
    """When something was last done."""

    on: date = strawberry.field(description="The day.")
    fh: float | None = strawberry.field(description="Flight hours since new, then.")
    fc: float | None = strawberry.field(description="Flight cycles since new, then.")
    order: str | None = strawberry.field(description="The work order, where the thread knows it.")
    reference: str | None = strawberry.field(description="The record, in its own words.")


@strawberry.type(description="One thing that is due on one unit.")
class DueItem:
    """One thing that is due."""

    unit: str = strawberry.field(description="The aircraft or unit.")
    unit_name: str = strawberry.field(description="What people call it.")
    aircraft: str | None = strawberry.field(description="The aircraft that it is, or is in.")
    position: str = strawberry.field(description="The slots from there down to it.")
    rule: DueRule = strawberry.field(description="By what rule it is due.")
    standing: Any = strawberry.field(graphql_type=STANDING, description="How it stands.")
    why: str = strawberry.field(description="What that rests on.")
    limits: list[DueLimit] = strawberry.field(description="Each limit, and what remains.")
    forecast: DueForecast | None = strawberry.field(
        description="When the first limit is reached; null where one is reached already."
    )
    last: DueLastDone | None = strawberry.field(
        description="When it was last done; null where no record says that it was."
    )
    orders: list[str] = strawberry.field(description="The open work orders that are to do it.")
    notes: list[str] = strawberry.field(description="What an engineer should look at.")


@strawberry.type(description="How many items stand so.")
class DueCount:
    """How many items stand so."""

    standing: Any = strawberry.field(graphql_type=STANDING, description="How they stand.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How fast an aircraft is used.")
class AircraftUtilisation:
    """How fast an aircraft is used."""

    aircraft: str = strawberry.field(description="The aircraft.")
    window_days: int = strawberry.field(description="Over so many days.")
    unit: str = strawberry.field(description="FH or FC.")
    mean: float | None = strawberry.field(description="On an average day; null if not known.")
    low: float | None = strawberry.field(description="In the slowest part of the window.")
    high: float | None = strawberry.field(description="In the fastest part of the window.")
    gap: str | None = strawberry.field(description="Why it is not known.")


@strawberry.type(description="One page of what is due, the most urgent first.")
class DueList:
    """One page of what is due."""

    day: date = strawberry.field(description="The day for which it holds.")
    total: int = strawberry.field(description="How many items there are, on all pages.")
    counts: list[DueCount] = strawberry.field(description="How many stand how, on all pages.")
    aircraft: int = strawberry.field(description="How many aircraft were looked at.")
    items: list[DueItem] = strawberry.field(description="What is due.")
    utilisation: list[AircraftUtilisation] = strawberry.field(
        description="How fast the aircraft on this page are used; forecasts rest on that."
    )
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="What one trade does behind the same panels in one stop.")
class WorkBlock:
    """What one trade does in one place."""

    skill: str | None = strawberry.field(description="The trade.")
    zones: list[str] = strawberry.field(description="The zones.")
    access: list[str] = strawberry.field(description="The panels that are opened.")
    labour_h: float = strawberry.field(description="The labour that is stated.")
    items: list[DueItem] = strawberry.field(description="What is done.")


@strawberry.type(description="What is done in one stop of an aircraft.")
class DuePackage:
    """What is done in one stop."""

    stops: str = strawberry.field(description="What stops: an aircraft, or a unit that is in none.")
    on: date = strawberry.field(description="The last day on which nothing in it is late.")
    labour_h: float = strawberry.field(description="The labour that is stated.")
    unstated: int = strawberry.field(description="How many items do not say what labour they take.")
    early_days: int = strawberry.field(
        description="By how many days its items are brought forward together."
    )
    late: int = strawberry.field(description="How many items are over already.")
    blocks: list[WorkBlock] = strawberry.field(description="The work, by trade and panel.")


@strawberry.type(description="What falls due within a horizon, put together into stops.")
class DuePackages:
    """What falls due within a horizon, put together."""

    day: date = strawberry.field(description="The day for which it holds.")
    packages: list[DuePackage] = strawberry.field(description="The stops, in the order of days.")
    unplaced: list[DueItem] = strawberry.field(
        description="What nobody can say when it is due, so that it is in no stop."
    )


async def due_list(
    info: Info, about: About = None, sorts: Sorts = None, standings: Standings = None,
    within: Within = None, window_days: WindowDays = question.WINDOW_DAYS, first: First = 100,
    after: After = None, as_of: AsOf = None, known_at: KnownAt = None,
) -> DueList | None:  # fmt: skip
    """What is due."""
    at = Coordinates(as_of, known_at)
    found = await question.due_list(
        info.context.graph, await _about(info, about, at), sorts=sorts, standings=standings,
        within=None if within is None else question.read_horizon(within), window_days=window_days,
        first=first, after=after, at=at,
    )  # fmt: skip
    return DueList(
        day=found.day, total=found.total,
        counts=[DueCount(standing=one, count=n) for one, n in found.counts.items()],
        aircraft=found.aircraft, items=[_item(one, at) for one in found.items],
        utilisation=[
            told for one, used in found.utilisation.items() for told in _utilisation(one, used)
        ],
        next=found.next,
    )  # fmt: skip


async def due_packages(
    info: Info, about: About = None, within: Within = None,
    early_days: Annotated[
        int, strawberry.argument(description="Brought forward by so many days at most.")
    ] = EARLY.days,
    early_percent: Annotated[
        int, strawberry.argument(description="And by no larger a share of the days it may run.")
    ] = EARLY.percent,
    window_days: WindowDays = question.WINDOW_DAYS,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> DuePackages | None:  # fmt: skip
    """What falls due, put together."""
    at = Coordinates(as_of, known_at)
    found = await question.due_packages(
        info.context.graph, await _about(info, about, at),
        within=question.HORIZON if within is None else question.read_horizon(within),
        early=Early(early_days, early_percent), window_days=window_days, at=at,
    )  # fmt: skip
    return DuePackages(
        day=found.day,
        packages=[_package(one, at) for one in found.packages],
        unplaced=[_item(one, at) for one in found.unplaced],
    )


async def _about(info: Info, about: str | None, at: Coordinates) -> Utcs | None:
    return None if about is None else await find(info, about, at)


def _item(item: items.DueItem, at: Coordinates) -> DueItem:
    unit, last = item.unit, item.last
    return DueItem(
        unit=str(unit.utcs), unit_name=unit.name, aircraft=plain(unit.aircraft),
        position=unit.position, rule=_rule(item.rule, at), standing=item.standing, why=item.why,
        limits=[_limit(one) for one in item.judged.gauges], forecast=_forecast(item.judged.forecast),
        last=None if last is None else DueLastDone(
            on=last.on, fh=as_float(last.fh), fc=as_float(last.fc), order=plain(last.order),
            reference=last.reference,
        ),
        orders=plain(item.orders), notes=list(item.notes),
    )  # fmt: skip


def _rule(rule: items.DueRule, at: Coordinates) -> DueRule:
    return DueRule(
        sort=rule.sort, utcs=str(rule.utcs), number=rule.number, name=rule.name,
        schedule=rule.schedule, performed_on=plain(rule.performed_on), zones=list(rule.zones),
        access=list(rule.access), skill=rule.skill, labour_h=as_float(rule.labour_h),
        tasks=plain(rule.tasks), at=at,
    )  # fmt: skip


def _limit(one: model.Gauge) -> DueLimit:
    return DueLimit(
        unit=one.unit.value, limit=float(one.limit), tolerance=float(one.tolerance),
        at=as_float(one.at), on=one.on, remaining=as_float(one.remaining), gap=one.gap,
        is_late=one.is_late, is_over=one.is_over,
    )  # fmt: skip


def _forecast(one: Forecast | None) -> DueForecast | None:
    if one is None:
        return None
    return DueForecast(on=one.on, earliest=one.earliest, latest=one.latest, gap=one.gap)


def _utilisation(aircraft: Utcs, used: Utilisation) -> list[AircraftUtilisation]:
    told = []
    for unit in dict.fromkeys((*used.rates, *used.gaps)):
        rate = used.rates.get(unit)
        mean, low, high = (
            (None,) * 3 if rate is None else map(float, (rate.mean, rate.low, rate.high))
        )
        told.append(
            AircraftUtilisation(
                aircraft=str(aircraft),
                window_days=used.window_days,
                unit=unit.value,
                mean=mean,
                low=low,
                high=high,
                gap=used.gaps.get(unit),
            )
        )
    return told


def _package(one: Stop[items.DueItem], at: Coordinates) -> DuePackage:
    return DuePackage(
        stops=one.stops, on=one.on, labour_h=float(one.labour_h), unstated=one.unstated,
        early_days=one.early_days, late=one.late,
        blocks=[
            WorkBlock(
                skill=block.skill, zones=list(block.zones), access=list(block.access),
                labour_h=float(block.labour_h), items=[_item(item, at) for item in block.items],
            )
            for block in one.blocks
        ],
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        due_list,
        description="What is due on an aircraft or in the fleet, the most urgent first: every task, "
        "directive and life limit, with what remains, by what rule, and when it was last done.",
    ),
    strawberry.field(
        due_packages,
        description="What falls due within a horizon, put together: as few stops as can be, nothing after "
        "its limit, little thrown away.",
    ),
]
