"""How much life is left? Units with a limit to their life or between overhauls, the most urgent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.life import (
    SOON_PERCENT,
    LifeLimit,
    LifeOrder,
    LifeStanding,
    LimitOf,
    LimitUnit,
    first_of,
)
from graph.model.time import Coordinates
from graph.model.whereabouts import Unsaid
from graph.store.absence import not_there
from graph.store.accrual import Accrued, accrue
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.flown import decimal
from graph.store.genealogy import find_gaps
from graph.store.installed import find_installed
from graph.store.leaf_facts import UNIT_KINDS, carrier_text
from graph.store.moment import CURRENT, Moment
from graph.store.question import (
    MAX_FIRST,
    bounded,
    counted,
    read_cursor,
    require_unit,
    sealed,
    write_cursor,
)
from graph.store.text import fill

LATELY_DAYS: Final = 90
"""Utilisation is averaged over so many days up to the moment asked about."""

MOST_LIMITED: Final = 40_000
"""Of so many units at most the most urgent are found: with their aircraft, fewer than usage is known of."""

_COUNTED: Final = ("fh", "fc")
_CONTAINS: Final = ("CONTAINS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_ORDER: Final = list(LifeStanding)

Averages = Mapping[LimitUnit, Decimal]
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
    """One page of units with limits.

    Attributes:
        day: The day up to which is counted.
        counts: How many units stand how, on all pages; None in the order of units, in which those on
            other pages are not worked out.
        next: The cursor of the next page; None on the last.
    """

    day: date
    units: tuple[LifeLimited, ...]
    counts: Mapping[LifeStanding, int] | None
    next: str | None


async def life_limits(
    graph: Graph,
    about: Utcs | None = None,
    *,
    soon_percent: int = SOON_PERCENT,
    order: LifeOrder = LifeOrder.URGENCY,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> LifeLimits:
    """Returns a page of the units whose part number has a limit; what is scrapped is left out.

    Whatever the size of the fleet, it takes one query for the units, three for each level of assembly, and
    some more for their usage. The most urgent can only be told once all are worked out; who wants all of a
    large fleet asks in the order of units, in which a page costs what is on it.

    Args:
        graph: Where to ask.
        about: Only this aircraft or unit, and what is in it at any depth; the whole fleet unless given.
        soon_percent: With so much of a limit left, it comes soon.
        order: In what order; the most urgent first unless given.
        first: How many units to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no unit, there are too many, or a number or the cursor is wrong.
        NotFoundError: The unit is not there then.
    """
    bounded("soon_percent", soon_percent, 100, least=0)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    asked = sealed("life_limits", str(about), soon_percent, order, at)
    if order is LifeOrder.UNIT:
        (place,) = [""] if after is None else read_cursor(asked, after, str)
        found = await find_limited(graph, about, moment, soon_percent, after=place, most=limit + 1)
        mark = write_cursor(asked, str(found[limit - 1].utcs)) if len(found) > limit else None
        return LifeLimits(moment.day, tuple(found[:limit]), None, mark)
    start = None if after is None else read_cursor(asked, after, int, str, str)
    found = sorted(await find_limited(graph, about, moment, soon_percent), key=urgency)
    rest = found if start is None else [one for one in found if [*urgency(one)] > start]
    mark = write_cursor(asked, *urgency(rest[limit - 1])) if len(rest) > limit else None
    return LifeLimits(moment.day, tuple(rest[:limit]), count_standings(found), mark)


async def find_limited(
    graph: Graph,
    about: Utcs | None,
    moment: Moment,
    soon_percent: int = SOON_PERCENT,
    *,
    after: str = "",
    most: int = MOST_LIMITED + 1,
) -> list[LifeLimited]:
    """Returns units whose part number has a limit, in the order of their ids.

    Args:
        graph: Where to ask.
        about: Only this aircraft or unit, and what is in it; the whole fleet unless given.
        moment: The time.
        soon_percent: With so much of a limit left, it comes soon.
        after: Only those whose ids come after that one.
        most: So many at most.

    Raises:
        BadQuestionError: It is asked about what is no unit, or there are too many.
        NotFoundError: The unit is not there then.
    """
    rows = await _rows(graph, about, moment, after, most)
    if len(rows) > MOST_LIMITED:
        raise BadQuestionError(
            f"order: over {MOST_LIMITED:,} units have limits, too many to find the most urgent of; ask in "
            "the order of units, or about an aircraft",
            field="order",
        )
    units = [row.utcs for row in rows]
    carriers = {row.aircraft for row in rows if row.aircraft is not None}
    before = moment.world - int(timedelta(days=LATELY_DAYS) / timedelta(microseconds=1))
    now = {(unit, moment.world) for unit in (*units, *carriers)}
    usage = await accrue(
        graph, now | {(one, before) for one in carriers}, moment, counters=_COUNTED
    )
    averages = {
        one: _averages(usage.get((one, before)), usage.get((one, moment.world))) for one in carriers
    }
    gaps = await find_gaps(graph, [unit for unit in units if unit.kind != "aircraft"], at=moment.at)
    return [
        _limited(
            row,
            _Life(
                usage.get((row.utcs, moment.world)),
                averages[row.aircraft] if row.aircraft else {},
                gaps.get(row.utcs, ()),
            ),
            moment.day,
            soon_percent,
        )
        for row in rows
    ]


def count_standings(units: Iterable[LifeLimited]) -> dict[LifeStanding, int]:
    """Returns how many of some units stand how, the worst first."""
    counts = Counter(one.standing for one in units)
    return {standing: counts[standing] for standing in LifeStanding}


def urgency(one: LifeLimited) -> tuple[int, str, str]:
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


@dataclass(frozen=True, slots=True)
class _Life:
    """What the record says of the life of one unit."""

    usage: Accrued | None
    averages: Averages
    gaps: tuple[Unsaid, ...]


async def _rows(
    graph: Graph, about: Utcs | None, moment: Moment, after: str, most: int
) -> list[_Row]:
    if about is not None:
        require_unit(about, because="has no life to count")
    asked = {
        "about": about and str(about),
        "unit_kinds": UNIT_KINDS,
        "after": after,
        "limit": most,
    }
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


def _averages(before: Accrued | None, now: Accrued | None) -> Averages:
    """Returns what an aircraft uses up on a day; without that of which the record says too little."""
    if before is None or now is None:
        return {}
    grown = {LimitUnit[name.upper()]: _grown(before, now, name) for name in _COUNTED}
    return {
        unit: (by / LATELY_DAYS).quantize(Decimal("0.0001"))
        for unit, by in grown.items()
        if by is not None and by > 0
    }


def _grown(before: Accrued, now: Accrued, counter: str) -> Decimal | None:
    """Returns by how much a counter grew; None if it was not declared before, or if flights are silent.

    A first declaration would pass for flying, and days before the first flight for days without one.
    """
    then, last = (
        next(one for one in accrued.counters if one.counter == counter) for accrued in (before, now)
    )
    return None if then.declared is None or last.silent else last.total - then.total


def _limited(row: _Row, life: _Life, day: date, soon_percent: int) -> LifeLimited:
    limits = tuple(_limits(row, life, day))
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


def _limits(row: _Row, life: _Life, day: date) -> Iterator[LifeLimit]:
    for of in LimitOf:
        for counter in _COUNTED:
            allowed = row.part.get(f"{of}_limit_{counter}")
            if allowed is not None:
                unit = LimitUnit[counter.upper()]
                yield _counted(of, unit, decimal(allowed), life)
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


def _counted(of: LimitOf, unit: LimitUnit, allowed: Decimal, life: _Life) -> LifeLimit:
    usage, per_day = life.usage, life.averages.get(unit)
    count = usage and next(one for one in usage.counters if one.unit == unit)
    if usage is None or not count or not count.is_known:
        why = f"no {unit} was ever declared of it, and no flight is known on which it was aboard"
        return LifeLimit(of, unit, allowed, None, why, per_day=per_day)
    is_least = count.silent > 0 or count.declared is None  # it may have flown before it came
    silent = f"; {count.silent:,} flights do not say what they count" if is_least else ""
    since = next((one for one in usage.since_overhaul if one.unit == unit), None)
    used, gaps = count.total, life.gaps
    told = f"by {count.declared_by.local}" if count.declared_by else "by flights alone"
    why = f"since new, {told}{silent}"
    if of is LimitOf.OVERHAUL and since is not None:
        used, why = since.total, f"since overhaul, by {since.by.local}{silent}"
        gaps = tuple(gap for gap in gaps if gap.until is None or gap.until > since.at)
    is_least = is_least or bool(gaps)
    return LifeLimit(of, unit, allowed, used, why + _unsaid(gaps), is_least, per_day, gaps)


def _unsaid(gaps: tuple[Unsaid, ...]) -> str:
    if not gaps:
        return ""
    more = f" ({counted(len(gaps) - 1, 'more gap')})" if len(gaps) > 1 else ""
    return f"; nothing says where it was {gaps[0]}{more}"
