"""How much has it been used? Hours and cycles of a unit: what was declared of it, and what it flew since.

Nothing is added up in advance. A unit has what its last declared counters said, and all flights that ended
after that of the aircraft in which it was, at any depth, when they began. So a flight that is told late, or
an installation that is corrected, changes the answer by itself, and order of arrival cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.time import (
    FAR,
    Coordinates,
    UtcDatetime,
    format_micros,
    from_micros,
    parse_utc,
    to_micros,
)
from graph.store.absence import unknown
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.reach import MAX_DEPTH
from graph.store.selection import Era
from graph.store.text import fill

COUNTERS: Final = (
    ("fh", "FH", "total_fh"),
    ("fc", "FC", "total_fc"),
    ("apu_h", "h", "apu_h"),
    ("apu_starts", "1", "apu_starts"),
    ("landings", "1", "landings"),
)
"""Each counter: its name, its unit, and the property of a usage that declares it."""

_EVER: Final = -(2**62)
"""Before all time."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter of a unit, and what it is made of.

    Attributes:
        counter: `fh`, `fc`, `apu_h`, `apu_starts` or `landings`.
        unit: `FH`, `FC`, `h` or `1`.
        total: What was declared, and what was flown since.
        declared: The last declared value; None if none was, so that all starts from nothing.
        declared_at: When the counter stood so.
        declared_by: The usage that declares it.
        flown: The sum over the flights since.
        flights: How many flights that are.
        silent: How many of them do not say what they count, so that the total is too low.
    """

    counter: str
    unit: str
    total: Decimal
    declared: Decimal | None
    declared_at: UtcDatetime | None
    declared_by: Utcs | None
    flown: Decimal
    flights: int
    silent: int


@dataclass(frozen=True, slots=True)
class Accrued:
    """How much a unit has been used.

    Attributes:
        counters: Each counter, in the order of `COUNTERS`.
    """

    utcs: Utcs
    counters: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """From when until when, in microseconds since 1970, a unit was in another, directly or within others."""

    unit: str
    carrier: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight: by what, when, and what it counts, in the order of `COUNTERS`."""

    aircraft: str
    began: int
    ended: int
    counts: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """Counters that somebody declared of a unit, as of when, in the order of `COUNTERS`."""

    usage: Utcs
    measured: int
    stated: int
    values: tuple[Decimal | None, ...]


async def accrued(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> Accrued:
    """Returns hours, cycles and starts of an aircraft or unit.

    Raises:
        BadQuestionError: The thing is of a kind that flies with nothing.
        NotFoundError: Nothing is known of it.
    """
    if not ontology.fits(utcs.kind, frozenset({"serial"})):
        raise BadQuestionError(
            f"id: {utcs} counts no hours; give an aircraft or a serialised unit", field="id"
        )
    moment = Moment.of(graph, at)
    found = await accrued_at(graph, [(utcs, moment.world)], moment)
    if not found:
        raise await unknown(graph, utcs, moment)
    return found[utcs, moment.world]


async def accrued_at(
    graph: Graph, asked: Collection[tuple[Utcs, int]], moment: Moment
) -> dict[tuple[Utcs, int], Accrued]:
    """Returns the counters of units, each at a time of its own; of what is not known, nothing.

    So many statements are asked as units are installed within each other, however many units there are.
    The caller bounds how many.

    Args:
        graph: Where to ask.
        asked: Each unit, and when in the world, in microseconds since 1970.
        moment: Says as known when; its time in the world is not looked at.
    """
    units = {str(utcs) for utcs, _ in asked}
    declared = await _declared(graph, units, moment)
    stays = _by_unit(await _stays(graph, declared, moment))
    bases = {
        (utcs, world): [_base(declared[str(utcs)], n, world) for n in range(len(COUNTERS))]
        for utcs, world in asked
        if str(utcs) in declared
    }
    flights = await _flights(graph, _wanted(bases, stays), moment)
    return {
        (utcs, world): Accrued(utcs, _counted(stays[str(utcs)], flights, base, world))
        for (utcs, world), base in bases.items()
    }


Bases = Mapping[tuple[Utcs, int], Sequence[Declared | None]]


def _base(declared: Iterable[Declared], number: int, world: int) -> Declared | None:
    """Returns the last declaration of a counter up to a moment; of one moment, the one stated last."""
    fit = [d for d in declared if d.measured <= world and d.values[number] is not None]
    return max(fit, key=lambda d: (d.measured, d.stated, str(d.usage)), default=None)


def _wanted(bases: Bases, stays: Mapping[str, Sequence[Stay]]) -> dict[str, tuple[int, int]]:
    """Returns which flights of each aircraft are wanted: those that ended after a time, up to another."""
    wanted: dict[str, tuple[int, int]] = {}
    for (utcs, world), base in bases.items():
        since = min(_EVER if one is None else one.measured for one in base)
        for stay in stays[str(utcs)]:
            earliest, latest = wanted.get(stay.carrier, (since, world))
            wanted[stay.carrier] = min(since, earliest), max(world, latest)
    return wanted


def _counted(
    stays: Sequence[Stay],
    flights: Mapping[str, Sequence[Flown]],
    bases: Sequence[Declared | None],
    world: int,
) -> tuple[Counted, ...]:
    aboard = [
        flight
        for carrier in {stay.carrier for stay in stays}
        for flight in flights.get(carrier, ())
        if flight.ended <= world and _is_aboard(flight, stays)
    ]
    return tuple(_count(number, base, aboard) for number, base in enumerate(bases))


def _is_aboard(flight: Flown, stays: Iterable[Stay]) -> bool:
    return any(
        stay.carrier == flight.aircraft and stay.since <= flight.began < stay.until
        for stay in stays
    )


def _count(number: int, base: Declared | None, flights: Sequence[Flown]) -> Counted:
    counter, unit, _ = COUNTERS[number]
    counts = [f.counts[number] for f in flights if base is None or f.ended > base.measured]
    flown = sum((count for count in counts if count is not None), Decimal(0))
    declared = None if base is None else base.values[number]
    return Counted(
        counter=counter,
        unit=unit,
        total=_plain((declared or Decimal(0)) + flown),
        declared=declared,
        declared_at=None if base is None else from_micros(base.measured),
        declared_by=None if base is None else base.usage,
        flown=_plain(flown),
        flights=len(counts),
        silent=sum(count is None for count in counts),
    )


async def _declared(
    graph: Graph, units: Iterable[str], moment: Moment
) -> dict[str, list[Declared]]:
    """Returns what was declared of each unit; nothing of what is not known at all."""
    text = _text("accrual/declared", "COUNTS", moment)
    asked = {"units": sorted(units), "knowledge": moment.knowledge}
    return {
        unit: [
            Declared(
                Utcs.parse(usage),
                stated if measured is None else _micros(measured),
                stated,
                tuple(map(_decimal, values)),
            )
            for usage, stated, measured, *values in rows
        ]
        for unit, rows in await graph.read(text, asked)
    }


async def _stays(graph: Graph, units: Iterable[str], moment: Moment) -> list[Stay]:
    """Returns all times that units were in aircraft, found upwards from what they were installed in."""
    text = _text("accrual/parents", "CONTAINS", moment)
    stays: list[Stay] = []
    level = {Stay(unit, unit, _EVER, FAR) for unit in units}
    for _ in range(MAX_DEPTH):
        stays += [stay for stay in level if Utcs.parse(stay.carrier).kind == "aircraft"]
        asked = {"units": sorted({stay.carrier for stay in level}), "knowledge": moment.knowledge}
        rows = await graph.read(text, asked) if level else []
        below = defaultdict(list)
        for stay in level:
            below[stay.carrier].append(stay)
        level = {
            Stay(stay.unit, parent, max(since, stay.since), min(until, stay.until))
            for unit, parent, since, until in rows
            for stay in below[unit]
            if since < stay.until and stay.since < until
        }
    return stays


def _by_unit(stays: Iterable[Stay]) -> Mapping[str, Sequence[Stay]]:
    found: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        found[stay.unit].append(stay)
    return found


async def _flights(
    graph: Graph, wanted: Mapping[str, tuple[int, int]], moment: Moment
) -> Mapping[str, Sequence[Flown]]:
    found: defaultdict[str, list[Flown]] = defaultdict(list)
    if not wanted:
        return found
    asked = {
        "asked": [
            [aircraft, "" if since == _EVER else format_micros(since), format_micros(until)]
            for aircraft, (since, until) in sorted(wanted.items())
        ],
        "knowledge": moment.knowledge,
        "far": FAR,
    }
    ((rows,),) = await graph.read(_text("accrual/flights", "FLOWN_BY", moment), asked)
    for aircraft, began, ended, *counts in rows:
        flown = Flown(aircraft, _micros(began), _micros(ended), tuple(map(_decimal, counts)))
        found[aircraft].append(flown)
    return found


def accrual_texts(moment: Moment) -> dict[str, str]:
    """Returns the statements that the question is made of."""
    links = {"declared": "COUNTS", "parents": "CONTAINS", "flights": "FLOWN_BY"}
    return {name: _text(f"accrual/{name}", link, moment) for name, link in links.items()}


def _text(name: str, link: str, moment: Moment) -> str:
    """Returns a statement over links of one type that hold at any time in the world."""
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    known = fill("link/ever_known", link="link", types=was_one_of("link", (link,)))
    return fill(name, types=era.relationship_types((link,)), known=known)


def _decimal(stored: float | None) -> Decimal | None:
    """Returns the decimal that was stored; a binary64 gives back its 15 digits exactly."""
    return None if stored is None else _plain(Decimal(repr(stored)))


def _plain(value: Decimal) -> Decimal:
    """Returns the same decimal as people write it: 100, not 100.0 or 1E+2."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def _micros(written: str) -> int:
    return to_micros(parse_utc(written))
