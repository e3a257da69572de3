"""What is due? Every task, directive and life limit of an aircraft or the fleet, the most urgent first.

And how what falls due within a horizon is best put together: `due_packages`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Final

from graph.model.compliance import SOON, Limits
from graph.model.due import DueSort, DueStanding
from graph.model.identifier import Utcs, shown
from graph.model.life import LimitUnit
from graph.model.packaging import EARLY, Early, Packable, Package, packages
from graph.model.time import Coordinates
from graph.model.utilisation import PARTS, Utilisation
from graph.store.database import Graph
from graph.store.due_item import DueItem
from graph.store.due_items import due_items
from graph.store.due_record import Record, find_record
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, chosen, read_cursor, sealed, write_cursor

WINDOW_DAYS: Final = 90
"""A forecast is made from what was flown over so many days, unless a question says otherwise."""

MOST_WINDOW_DAYS: Final = 1_095

HORIZON: Final = Limits(days=Decimal(90))
"""What falls due within this is packaged, unless a question says otherwise."""

MOST_DAYS: Final = 36_500
MOST_COUNTS: Final = 1_000_000

_HORIZON: Final = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,2})?)(d|fh|fc)")

_PLACE: Final = (int, int, str, str, str)
_place: Final = attrgetter("place")


@dataclass(frozen=True, slots=True)
class DueList:
    """One page of what is due, the most urgent first.

    Attributes:
        day: The day for which it holds.
        items: What is due.
        counts: How many items stand how, on all pages.
        sorts: How many items are of what sort, on all pages.
        aircraft: How many aircraft were looked at.
        utilisation: How fast the aircraft on this page are used; forecasts rest on that.
        next: The cursor of the next page; None on the last.
    """

    day: date
    items: tuple[DueItem, ...]
    counts: Mapping[DueStanding, int]
    sorts: Mapping[DueSort, int]
    aircraft: int
    utilisation: Mapping[Utcs, Utilisation]
    next: str | None

    @property
    def total(self) -> int:
        """How many items there are on all pages."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class DuePackages:
    """What falls due within a horizon, put together.

    Attributes:
        day: The day for which it holds.
        packages: The stops, in the order of days.
        unplaced: What nobody can say when it is due, so that it is in no package; each says why.
    """

    day: date
    packages: tuple[Package[DueItem], ...]
    unplaced: tuple[DueItem, ...]


async def due_list(
    graph: Graph,
    about: Utcs | None = None,
    *,
    sorts: Collection[DueSort] | None = None,
    standings: Collection[DueStanding] | None = None,
    within: Limits | None = None,
    window_days: int = WINDOW_DAYS,
    soon: Limits = SOON,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> DueList:
    """Returns a page of what is due on an aircraft or unit, with what is in it, or in the fleet.

    Args:
        graph: Where to ask.
        about: Only this aircraft or unit; the whole fleet unless given.
        sorts: Only of these sorts; all unless given.
        standings: Only what stands so; all unless given.
        within: Only what is late, falls due within so many hours, cycles or days, or of which nobody can say.
        window_days: Forecasts are made from what was flown over so many days.
        soon: What is due within these is due soon.
        first: How many items to a page.
        after: The `next` of the page before.
        at: The coordinates of time; what is due is judged at the time in the world.

    Raises:
        BadQuestionError: It is no unit, there is too much, or a number or the cursor is wrong.
        NotFoundError: The unit is not there then.
    """
    limit = bounded("first", first, MAX_FIRST)
    kept = None if standings is None else frozenset(standings)
    asked = sealed(
        "due_list",
        str(about),
        sorted(sorts or ()),
        sorted(kept or ()),
        within,
        window_days,
        soon,
        at,
    )
    start = None if after is None else tuple(read_cursor(asked, after, *_PLACE))
    record, found = await _find(graph, about, sorts, within, window_days, soon, at)
    listed = [one for one in found if kept is None or one.standing in kept]
    listed.sort(key=_place)
    rest = [one for one in listed if start is None or one.place > start]
    page = tuple(rest[:limit])
    standing, sort = (
        Counter(one.standing for one in listed),
        Counter(one.rule.sort for one in listed),
    )
    return DueList(
        day=record.moment.day,
        items=page,
        counts={one: standing[one] for one in DueStanding},
        sorts={one: sort[one] for one in DueSort},
        aircraft=len(record.aircraft),
        utilisation=_used(record, page),
        next=write_cursor(asked, *page[-1].place) if len(rest) > limit else None,
    )


async def due_packages(
    graph: Graph,
    about: Utcs | None = None,
    *,
    within: Limits = HORIZON,
    early: Early = EARLY,
    sorts: Collection[DueSort] | None = None,
    window_days: int = WINDOW_DAYS,
    at: Coordinates = CURRENT,
) -> DuePackages:
    """Returns what falls due within a horizon, put together: see `graph.model.packaging` for the objective.

    A limit in hours or cycles is taken for the day on which it is reached if the aircraft flies as in the
    fastest part of the window.

    Raises:
        BadQuestionError: It is no unit, there is too much, or a number is wrong.
        NotFoundError: The unit is not there then.
    """
    bounded("early_days", early.days, MOST_DAYS, least=0)
    bounded("early_percent", early.percent, 100, least=0)
    record, found = await _find(graph, about, sorts, within, window_days, SOON, at)
    day = record.moment.day
    found.sort(key=_place)
    packable = [one for one in (_packable(item, day) for item in found) if one is not None]
    placed = {id(one.id) for one in packable}
    return DuePackages(
        day=day,
        packages=packages(packable, day, early),
        unplaced=tuple(item for item in found if id(item) not in placed),
    )


async def _find(
    graph: Graph,
    about: Utcs | None,
    sorts: Collection[DueSort] | None,
    within: Limits | None,
    window_days: int,
    soon: Limits,
    at: Coordinates,
) -> tuple[Record, list[DueItem]]:
    bounded("window_days", window_days, MOST_WINDOW_DAYS, least=PARTS)
    wanted = chosen("sorts", sorts, [*DueSort], "a sort of what is due")
    _check_horizon(within)
    record = await find_record(
        graph, about, Moment.of(graph, at), soon=soon, window_days=window_days
    )
    day = record.moment.day
    return record, [
        one
        for one in due_items(record, soon)
        if one.rule.sort in wanted and (within is None or is_within(one, within, day))
    ]


def read_horizon(text: str, field: str = "within") -> Limits:
    """Returns how far ahead a text means, such as `90d`, `200fh` or `90d,200fh,100fc`.

    Raises:
        BadQuestionError: It means nothing, or names a measure twice.
    """
    found: dict[str, Decimal] = {}
    for part in text.split(","):
        match = _HORIZON.fullmatch(part.strip().lower())
        if match is None or match[2] in found:
            raise BadQuestionError(
                f"{field}: {shown(text)} is no horizon; give days, FH or FC, each once, such as "
                "90d or 90d,200fh,100fc",
                field=field,
            )
        found[match[2]] = Decimal(match[1])
    return Limits(found.get("fh"), found.get("fc"), found.get("d"))


def _check_horizon(within: Limits | None) -> None:
    if within is None:
        return
    if within.is_none:
        raise BadQuestionError(
            "within: is empty; give days, FH or FC, or leave it out", field="within"
        )
    for name, value, most in (
        ("FH", within.fh, MOST_COUNTS), ("FC", within.fc, MOST_COUNTS), ("days", within.days, MOST_DAYS),
    ):  # fmt: skip
        if value is not None and not (value.is_finite() and 0 <= value <= most):
            raise BadQuestionError(
                f"within: {value} {name} is out of bounds; give from 0 to {most:,} {name}",
                field="within",
            )


def is_within(item: DueItem, within: Limits, day: date) -> bool:
    """Says whether an item is late, falls due within a horizon, or whether nobody can say that it does not.

    Hours and cycles are held against days by the fastest part of the window of the forecast.
    """
    found = item.judged
    if found.forecast is None or not found.gauges or any(one.gap for one in found.gauges):
        return True
    for one in found.gauges:
        horizon = {LimitUnit.FH: within.fh, LimitUnit.FC: within.fc, LimitUnit.DAYS: within.days}
        margin = horizon[one.unit]
        if margin is not None and one.remaining is not None and one.remaining <= margin:
            return True
    if within.days is None:
        return False
    if found.forecast.gap is not None:
        return True
    earliest = found.forecast.earliest
    return earliest is not None and earliest <= day + timedelta(days=int(within.days))


def _used(record: Record, page: Iterable[DueItem]) -> dict[Utcs, Utilisation]:
    carriers = dict.fromkeys(one.unit.aircraft for one in page)
    return {
        one: record.utilisation[one]
        for one in carriers
        if one is not None and one in record.utilisation
    }


def _packable(item: DueItem, day: date) -> Packable[DueItem] | None:
    """Returns an item as it can be packaged; None where nobody can say when it must be done."""
    found, rule = item.judged, item.rule
    if item.standing is DueStanding.UNKNOWN:
        return None
    limit = found.forecast.earliest if found.forecast else day - timedelta(days=1)
    if limit is None:
        return None
    return Packable(
        id=item,
        stops=str(item.unit.aircraft or item.unit.utcs),
        limit=limit,
        runs_days=found.runs_days,
        zones=rule.zones,
        access=rule.access,
        skill=rule.skill,
        labour_h=rule.labour_h,
    )
