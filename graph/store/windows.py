"""When can what falls due be done? The stops of rotations as windows, and which of them takes which work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from graph.model.compliance import Limits
from graph.model.due import DueSort
from graph.model.identifier import Utcs
from graph.model.opening import CREW, Base, Id, Need, Opening, Placed, Placing
from graph.model.packaging import Package
from graph.model.rotation import TURNROUND, Rotation, Turnround
from graph.model.time import Coordinates, from_micros
from graph.store.bases import find_bases, find_reserved, find_spares
from graph.store.database import Graph
from graph.store.due import due_packages
from graph.store.due_item import DueItem
from graph.store.due_record import find_aircraft
from graph.store.moment import CURRENT, Moment
from graph.store.question import bounded
from graph.store.rotation import find_rotations, require_aircraft

DAYS: Final = 30
MOST_DAYS: Final = 90
MOST_CREW: Final = 50

_LIMITS: Final = frozenset({DueSort.LIFE, DueSort.OVERHAUL})


@dataclass(frozen=True, slots=True)
class Windows:
    """The stops of aircraft within a time, as opportunities to maintain.

    Attributes:
        since: From when.
        until: Until when was looked.
        openings: The stops in which there is time to work, by aircraft, then in the order of time.
        rotations: What they were found from, by aircraft: how many flights, and where these do not fit.
    """

    since: datetime
    until: datetime
    openings: tuple[Opening, ...]
    rotations: tuple[Rotation, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """What falls due within a time, each package in the window that takes it.

    Attributes:
        placed: The packages, in the order in which they must be done, each with its window or the reason.
        undated: What falls due nobody can say when, so that it is in no package.
        windows: What they were placed in.
    """

    placed: tuple[Placed[Package[DueItem]], ...]
    undated: tuple[DueItem, ...]
    windows: Windows


async def find_windows(
    graph: Graph,
    about: Utcs | None = None,
    *,
    days: int = DAYS,
    turnround: Turnround = TURNROUND,
    at: Coordinates = CURRENT,
) -> Windows:
    """Returns when aircraft are on the ground long enough to be worked on, and where.

    Args:
        graph: Where to ask.
        about: Only this aircraft; the whole fleet unless given.
        days: How far ahead.
        turnround: What of a stop is not for maintenance.
        at: The coordinates of time; windows begin at the time in the world.

    Raises:
        BadQuestionError: It is no unit, there are too many aircraft, or a number is wrong.
        NotFoundError: The aircraft is not there then.
    """
    require_aircraft(about)
    moment = Moment.of(graph, at)
    return await _windows(graph, about, days, turnround, moment, await find_bases(graph, moment))


async def find_checks(
    graph: Graph,
    about: Utcs | None = None,
    *,
    days: int = DAYS,
    crew: int = CREW,
    turnround: Turnround = TURNROUND,
    at: Coordinates = CURRENT,
) -> Checks:
    """Returns what falls due within some days, put into windows: see `graph.model.opening` for the rule.

    A unit with a limit to its life or between overhauls is exchanged: it takes a spare of its part number.

    Raises:
        BadQuestionError: It is no unit, there is too much, or a number is wrong.
        NotFoundError: The aircraft is not there then.
    """
    bounded("crew", crew, MOST_CREW)
    require_aircraft(about)
    moment = Moment.of(graph, at)
    bases = await find_bases(graph, moment)
    windows = await _windows(graph, about, days, turnround, moment, bases)
    due = await due_packages(graph, about, within=Limits(days=Decimal(days)), at=at)
    needs = [_need(one, windows.since) for one in _of_aircraft(due.packages)]
    needs.sort(key=lambda need: need.by)
    wanted = {part for need in needs for part in need.spares}
    stock = await find_spares(graph, wanted, bases, moment)
    reserved = await find_reserved(graph, bases, windows.since, windows.until, moment)
    placing = Placing[Package[DueItem]](
        windows.openings, [one.occupied for one in reserved], stock, crew
    )
    placed = tuple(placing.place(need, windows.since) for need in needs)
    return Checks(placed, due.unplaced, windows)


async def find_window(
    graph: Graph,
    need: Need[Id],
    *,
    days: int = DAYS,
    crew: int = CREW,
    turnround: Turnround = TURNROUND,
    at: Coordinates = CURRENT,
) -> Placed[Id]:
    """Returns the stop of one aircraft that takes one piece of work best, beside what is reserved already.

    Raises:
        BadQuestionError: A number is wrong.
        NotFoundError: The aircraft is not there then.
    """
    bounded("crew", crew, MOST_CREW)
    moment = Moment.of(graph, at)
    bases = await find_bases(graph, moment)
    windows = await _windows(graph, need.aircraft, days, turnround, moment, bases)
    stock = await find_spares(graph, set(need.spares), bases, moment)
    reserved = await find_reserved(graph, bases, windows.since, windows.until, moment)
    occupied = [one.occupied for one in reserved]
    return Placing[Id](windows.openings, occupied, stock, crew).place(need, windows.since)


async def _windows(
    graph: Graph,
    about: Utcs | None,
    days: int,
    turnround: Turnround,
    moment: Moment,
    bases: Sequence[Base],
) -> Windows:
    since = from_micros(moment.world)
    until = since + timedelta(days=bounded("days", days, MOST_DAYS))
    aircraft = [unit.utcs for unit in await find_aircraft(graph, about, moment)]
    rotations = await find_rotations(graph, aircraft, since, until, moment)
    at = {base.station: base for base in reversed(bases)}  # of several at one place, the first
    openings = (opening for one in rotations.values() for opening in _openings(one, turnround, at))
    return Windows(since, until, tuple(openings), tuple(rotations.values()))


def _openings(rotation: Rotation, turnround: Turnround, at: dict[str, Base]) -> Iterable[Opening]:
    for stop in rotation.stops:
        if stop.station is not None and (usable := stop.usable(turnround)) is not None:
            yield Opening(stop, at.get(stop.station), *usable)


def _of_aircraft(packages: Iterable[Package[DueItem]]) -> Iterable[Package[DueItem]]:
    """Yields the packages for which an aircraft stops; units on the shelf wait for no window."""
    return (one for one in packages if Utcs.parse(one.stops).kind == "aircraft")


def _need(package: Package[DueItem], now: datetime) -> Need[Package[DueItem]]:
    spares = Counter(item.rule.utcs for item in package.items if item.rule.sort in _LIMITS)
    end = datetime.combine(package.on, time(), UTC) + timedelta(days=1)
    by = now if package.late else end
    return Need(package, Utcs.parse(package.stops), by, package.labour_h, spares)
