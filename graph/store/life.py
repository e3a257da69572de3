"""How much life is left? Units with a limit to their life or between overhauls, the most urgent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.life import (
    SOON_PERCENT,
    LifeLimit,
    LifeStanding,
    LimitOf,
    LimitUnit,
    first_of,
)
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.accrual import Accrued, accrued_at, accrued_of
from graph.store.database import Graph
from graph.store.flown import decimal
from graph.store.installed import find_installed
from graph.store.leaf_facts import UNIT_KINDS, carrier_text
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor
from graph.store.text import fill

LATELY_DAYS: Final = 90
"""Utilisation is averaged over so many days up to the moment asked about."""

_COUNTED: Final = ("fh", "fc")
_CONTAINS: Final = ("CONTAINS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_ORDER: Final = list(LifeStanding)

Averages = Mapping[tuple[Utcs, LimitUnit], Decimal]
"""What an aircraft uses up on a day, by the unit of the limit."""


@dataclass(frozen=True, slots=True)
class LifeLimited:
    """One unit with limits.

    Attributes:
        made_to: The part number that sets them.
        part: The same, as marked.
        aircraft: The aircraft that it is in; None if it is in none.
        position: The slots from there down to it, with points between; empty if it is in none.
        limits: All its limits.
        first: The one that decides.
        standing: How the unit stands towards that.
        reached_on: When that is reached, if the aircraft flies on as lately; None where it is not known.
    """

    utcs: Utcs
    name: str
    serial_number: str | None
    made_to: Utcs
    part: str
    aircraft: Utcs | None
    position: str
    limits: tuple[LifeLimit, ...]
    first: LifeLimit
    standing: LifeStanding
    reached_on: date | None


@dataclass(frozen=True, slots=True)
class LifeLimits:
    """One page of units with limits, the most urgent first.

    Attributes:
        day: The day up to which is counted.
        counts: How many units stand how, on all pages.
        next: The cursor of the next page; None on the last.
    """

    day: date
    units: tuple[LifeLimited, ...]
    counts: Mapping[LifeStanding, int]
    next: str | None


async def life_limits(
    graph: Graph,
    about: Utcs | None = None,
    *,
    soon_percent: int = SOON_PERCENT,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> LifeLimits:
    """Returns a page of the units whose part number has a limit; what is scrapped is left out.

    Whatever the size of the fleet, it takes one query for the units, two for each level of assembly, and
    some more for their usage.

    Args:
        graph: Where to ask.
        about: Only this aircraft or unit, and what is in it at any depth; the whole fleet unless given.
        soon_percent: With so much of a limit left, it comes soon.
        first: How many units to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no unit, there are too many, or a number or the cursor is wrong.
        NotFoundError: The unit is not there then.
    """
    bounded("soon_percent", soon_percent, 100, least=0)
    limit = bounded("first", first, MAX_FIRST)
    asked = sealed("life_limits", str(about), soon_percent, at)
    start = [-1, "", ""] if after is None else read_cursor(asked, after, int, str, str)
    moment = Moment.of(graph, at)
    found = sorted(await find_limited(graph, about, moment, soon_percent), key=_urgency)
    rest = [one for one in found if [*_urgency(one)] > start]
    mark = write_cursor(asked, *_urgency(rest[limit - 1])) if len(rest) > limit else None
    counts = Counter(one.standing for one in found)
    return LifeLimits(moment.day, tuple(rest[:limit]), {s: counts[s] for s in LifeStanding}, mark)


async def find_limited(
    graph: Graph, about: Utcs | None, moment: Moment, soon_percent: int = SOON_PERCENT
) -> list[LifeLimited]:
    """Returns all units whose part number has a limit, in the order of their ids.

    Raises:
        BadQuestionError: It is asked about what is no unit, or there are too many.
        NotFoundError: The unit is not there then.
    """
    rows = await _rows(graph, about, moment)
    usage = await accrued_of(graph, [row.utcs for row in rows], counters=_COUNTED, at=moment.at)
    carriers = {row.aircraft for row in rows if row.aircraft is not None}
    averages = await _averages(graph, carriers, moment)
    return [_limited(row, usage.get(row.utcs), averages, moment.day, soon_percent) for row in rows]


def _urgency(one: LifeLimited) -> tuple[int, str, str]:
    """Returns what units are sorted by: standing, then how little is left of a thousand, then the id."""
    percent = one.first.percent or Decimal(0)
    left = f"{max(100_000 - int(percent * 10), 0):06}"
    return _ORDER.index(one.standing), left, str(one.utcs)


@dataclass(frozen=True, slots=True)
class _Row:
    utcs: Utcs
    unit: Mapping[str, Any]
    part: Mapping[str, Any]
    aircraft: Utcs | None
    position: str


async def _rows(graph: Graph, about: Utcs | None, moment: Moment) -> list[_Row]:
    if about is not None:
        require_unit(about, because="has no life to count")
    asked = {"about": about and str(about), "unit_kinds": UNIT_KINDS}
    row = await moment.ask(graph, life_text(moment), asked)
    found = [
        _Row(
            Utcs.parse(unit["utcs"]),
            unit,
            part,
            Utcs.parse(place[0]) if place else None,
            ".".join(place[1]) if place else "",
        )
        for unit, part, place in (row[0] if row else [])
    ]
    if about is not None and not found and not await find_installed(graph, about, at=moment.at):
        raise await not_there(graph, about, moment)
    return found


def life_text(moment: Moment) -> str:
    """Returns the statement that lists units with limits."""
    return fill(
        "life/units",
        holds_definition=moment.holds_row("definition"),
        instances=moment.types(_INSTANCE_OF),
        made_holds=moment.holds("made", _INSTANCE_OF),
        holds_row=moment.holds_row("row"),
        contains=moment.types(_CONTAINS),
        step_holds=moment.holds("step", _CONTAINS),
        carrier=carrier_text(moment),
        stale=fill("thing/stale"),
    )


async def _averages(graph: Graph, aircraft: Collection[Utcs], moment: Moment) -> Averages:
    """Returns what aircraft use up on a day; without those of which the record says too little."""
    then = moment.world - int(timedelta(days=LATELY_DAYS) / timedelta(microseconds=1))
    asked = {(one, when) for one in aircraft for when in (then, moment.world)}
    counted = await accrued_at(graph, asked, counters=_COUNTED, at=moment.at) if asked else {}
    averages: dict[tuple[Utcs, LimitUnit], Decimal] = {}
    for one in aircraft:
        before, now = counted.get((one, then)), counted.get((one, moment.world))
        if before is None or now is None:
            continue
        for counter in _COUNTED:
            grown = _grown(before, now, counter)
            if grown is not None and grown > 0:
                average = (grown / LATELY_DAYS).quantize(Decimal("0.0001"))
                averages[one, LimitUnit[counter.upper()]] = average
    return averages


def _grown(before: Accrued, now: Accrued, counter: str) -> Decimal | None:
    """Returns by how much a counter grew; None if it was not declared before, or if flights are silent.

    A first declaration would pass for flying, and days before the first flight for days without one.
    """
    then, last = (
        next(one for one in accrued.counters if one.counter == counter) for accrued in (before, now)
    )
    return None if then.declared is None or last.silent else last.total - then.total


def _limited(
    row: _Row, usage: Accrued | None, averages: Averages, day: date, soon_percent: int
) -> LifeLimited:
    limits = tuple(_limits(row, usage, averages, day))
    first = first_of(limits, day, soon_percent)
    return LifeLimited(
        utcs=row.utcs,
        name=row.unit["name"],
        serial_number=row.unit.get("serial_number"),
        made_to=Utcs.parse(row.part["utcs"]),
        part=row.part["number"],
        aircraft=row.aircraft,
        position=row.position,
        limits=limits,
        first=first,
        standing=first.standing(soon_percent),
        reached_on=first.reached_on(day),
    )


def _limits(row: _Row, usage: Accrued | None, averages: Averages, day: date) -> Iterator[LifeLimit]:
    for of in LimitOf:
        for counter in _COUNTED:
            allowed = row.part.get(f"{of}_limit_{counter}")
            if allowed is not None:
                unit = LimitUnit[counter.upper()]
                per_day = row.aircraft and averages.get((row.aircraft, unit))
                yield _counted(of, unit, decimal(allowed), usage, per_day or None)
    allowed = row.part.get("life_limit_days")
    if allowed is not None:
        yield _aged(decimal(allowed), row.unit.get("manufactured_on"), day)


def _aged(allowed: Decimal, made: str | None, day: date) -> LifeLimit:
    if made is None:
        why = "no day is recorded on which it was made"
        return LifeLimit(LimitOf.LIFE, LimitUnit.DAYS, allowed, None, why)
    used = Decimal((day - date.fromisoformat(made)).days)
    if used < 0:
        why = f"made on {made}, which is after the day asked for"
        return LifeLimit(LimitOf.LIFE, LimitUnit.DAYS, allowed, None, why)
    return LifeLimit(
        LimitOf.LIFE, LimitUnit.DAYS, allowed, used, f"made on {made}", per_day=Decimal(1)
    )


def _counted(
    of: LimitOf, unit: LimitUnit, allowed: Decimal, usage: Accrued | None, per_day: Decimal | None
) -> LifeLimit:
    counted = usage and next(one for one in usage.counters if one.unit == unit)
    if usage is None or not counted or (counted.declared is None and not counted.flights):
        why = f"no {unit} was ever declared of it, and no flight is known on which it was aboard"
        return LifeLimit(of, unit, allowed, None, why, per_day=per_day)
    is_least = counted.silent > 0 or counted.declared is None  # it may have flown before it came
    silent = f"; {counted.silent:,} flights do not say what they count" if is_least else ""
    since = next((one for one in usage.since_overhaul if one.unit == unit), None)
    if of is LimitOf.OVERHAUL and since is not None:
        why = f"since overhaul, by {since.by.local}{silent}"
        return LifeLimit(of, unit, allowed, since.total, why, is_least, per_day)
    told = f"by {counted.declared_by.local}" if counted.declared_by else "by flights alone"
    return LifeLimit(
        of, unit, allowed, counted.total, f"since new, {told}{silent}", is_least, per_day
    )
