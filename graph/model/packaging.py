"""Task packaging: what falls due within a horizon, put together into as few stops of each aircraft as can be.

The objective, in this order:

1. Nothing is done later than its limit. What is over already is done at once.
2. Each aircraft stops as seldom as possible, though no item is brought forward by more days than it may be:
   so many at most, and no larger a share of what it was given to run.
3. What needs a panel opened that is opened in a stop anyway is done with it, if it may be brought forward by
   twice as much; so no panel is opened twice where once would do.
4. Of the days on which a stop can be, it is on the last: so least is thrown away.

The rule: each item may be done in a span of days that ends with its limit. The first stop is on the day on
which the first span ends, and takes every item whose span holds that day; then the same for the rest. No
choice of stops has fewer (stabbing of intervals: the earliest right end is always safe), and items that are
taken along for their panel can only leave fewer to the stops that follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Generic, TypeVar

Id = TypeVar("Id")

TOGETHER: Final = 2
"""What shares a panel with what is done anyway may be brought forward by so many times as much."""


@dataclass(frozen=True, slots=True)
class Early:
    """By how much an item may be brought forward.

    Attributes:
        days: By so many days at most.
        percent: By no more than this share of the days that it was given to run.
    """

    days: int = 30
    percent: int = 10

    def of(self, runs_days: int | None) -> int:
        """Returns by how many days an item may be brought forward that runs for so long."""
        return self.days if runs_days is None else min(self.days, runs_days * self.percent // 100)


EARLY: Final = Early()


@dataclass(frozen=True, slots=True)
class Packable(Generic[Id]):
    """An item to be packaged.

    Attributes:
        id: What it is.
        stops: What has to stop for it: an aircraft, or a unit that is in none.
        limit: The last day on which it may be done; before today where it is over.
        runs_days: How many days it was given to run; None where nobody can say.
        zones: Where it is done.
        access: The panels that are opened for it.
        skill: The trade that it needs.
        labour_h: The labour that it takes.
    """

    id: Id
    stops: str
    limit: date
    runs_days: int | None = None
    zones: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    skill: str | None = None
    labour_h: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Block(Generic[Id]):
    """What one trade does behind the same panels in one stop, and the labour that is stated of it."""

    skill: str | None
    zones: tuple[str, ...]
    access: tuple[str, ...]
    items: tuple[Id, ...]
    labour_h: Decimal


@dataclass(frozen=True, slots=True)
class Package(Generic[Id]):
    """What is done in one stop.

    Attributes:
        stops: What stops.
        on: The last day on which it can be, if nothing in it is to be late.
        blocks: The work, by trade and panel.
        labour_h: The labour that is stated of it.
        unstated: How many items do not say what labour they take.
        early_days: By how many days its items are brought forward together.
        late: How many items are over already.
    """

    stops: str
    on: date
    blocks: tuple[Block[Id], ...]
    labour_h: Decimal
    unstated: int
    early_days: int
    late: int

    @property
    def items(self) -> tuple[Id, ...]:
        """All that is done in it."""
        return tuple(item for block in self.blocks for item in block.items)


def packages(
    items: Iterable[Packable[Id]], today: date, early: Early = EARLY
) -> tuple[Package[Id], ...]:
    """Returns stops, by day, in which each item is done exactly once and none after its limit."""
    by_carrier: defaultdict[str, list[Packable[Id]]] = defaultdict(list)
    for item in items:
        by_carrier[item.stops].append(item)
    found = (
        _package(on, group, today)
        for carried in by_carrier.values()
        for on, group in _stops(carried, today, early)
    )
    return tuple(sorted(found, key=lambda one: (one.on, one.stops)))


def _stops(
    items: Sequence[Packable[Id]], today: date, early: Early
) -> Iterator[tuple[date, list[Packable[Id]]]]:
    """Yields the stops of one carrier, each with what is done in it."""
    rest = sorted(items, key=lambda item: item.limit)
    while rest:
        on = max(rest[0].limit, today)
        taken = [item for item in rest if _may(item, on, early)]
        opened = {panel for item in taken for panel in item.access}
        group, left = list[Packable[Id]](), list[Packable[Id]]()
        for item in rest:
            is_opened = not opened.isdisjoint(item.access)
            is_in = _may(item, on, early) or (is_opened and _may(item, on, early, TOGETHER))
            (group if is_in else left).append(item)
        yield on, group
        rest = left


def _may(item: Packable[Id], on: date, early: Early, times: int = 1) -> bool:
    """Says whether an item is not brought forward too far if it is done on a day."""
    return (item.limit - on).days <= early.of(item.runs_days) * times


def _package(on: date, group: Sequence[Packable[Id]], today: date) -> Package[Id]:
    by_place: defaultdict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Packable[Id]]]
    by_place = defaultdict(list)
    for item in group:
        by_place[item.skill or "", item.zones, item.access].append(item)
    blocks = tuple(_block(by_place[place]) for place in sorted(by_place))
    return Package(
        stops=group[0].stops,
        on=on,
        blocks=blocks,
        labour_h=sum((block.labour_h for block in blocks), Decimal(0)),
        unstated=sum(item.labour_h is None for item in group),
        early_days=sum(max((item.limit - on).days, 0) for item in group),
        late=sum(item.limit < today for item in group),
    )


def _block(items: Sequence[Packable[Id]]) -> Block[Id]:
    one = items[0]
    labour = sum((item.labour_h for item in items if item.labour_h is not None), Decimal(0))
    return Block(one.skill, one.zones, one.access, tuple(item.id for item in items), labour)
