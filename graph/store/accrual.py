"""How much has it been used? Hours and cycles of a unit: what was declared of it, and what it flew since.

Nothing is added up in advance. A unit has what its last declared counters said, and all flights that ended
after that of the aircraft in which it was, at any depth, when they began. So a flight that is told late, or
an installation that is corrected, changes the answer by itself, and order of arrival cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

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
    """Counters that somebody declared of the unit, as of when."""

    usage: Utcs
    measured: int
    stated: int
    values: Mapping[str, Any]


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
    declared = await _declared(graph, utcs, moment)
    stays = await _stays(graph, utcs, moment)
    bases = [_base(declared, name, moment.world) for _, _, name in COUNTERS]
    since = min((base.measured if base else _EVER) for base in bases)
    flights = [
        flight
        for flight in await _flights(graph, {stay.carrier for stay in stays}, since, moment)
        if _is_aboard(flight, stays)
    ]
    counted = (_count(number, base, flights) for number, base in enumerate(bases))
    return Accrued(utcs, tuple(counted))


def _base(declared: Iterable[Declared], name: str, world: int) -> Declared | None:
    """Returns the last declaration of a counter up to a moment; of one moment, the one stated last."""
    fit = [d for d in declared if d.measured <= world and d.values.get(name) is not None]
    return max(fit, key=lambda d: (d.measured, d.stated, str(d.usage)), default=None)


def _is_aboard(flight: Flown, stays: Iterable[Stay]) -> bool:
    return any(
        stay.carrier == flight.aircraft and stay.since <= flight.began < stay.until
        for stay in stays
    )


def _count(number: int, base: Declared | None, flights: Sequence[Flown]) -> Counted:
    counter, unit, name = COUNTERS[number]
    counts = [f.counts[number] for f in flights if base is None or f.ended > base.measured]
    flown = sum((count for count in counts if count is not None), Decimal(0))
    declared = None if base is None else _decimal(base.values[name])
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


async def _declared(graph: Graph, utcs: Utcs, moment: Moment) -> list[Declared]:
    text = _text("accrual/declared", "COUNTS", moment)
    asked = {"utcs": str(utcs), "knowledge": moment.knowledge}
    rows = await graph.read(text, asked)
    if not rows:
        raise await unknown(graph, utcs, moment)
    return [
        Declared(Utcs.parse(usage), _micros(row.get("measured_at")) or stated, stated, row)
        for usage, stated, row in rows[0][0]
    ]


async def _stays(graph: Graph, utcs: Utcs, moment: Moment) -> list[Stay]:
    """Returns all times that a unit was in aircraft, found upwards from what it was installed in."""
    text = _text("accrual/parents", "CONTAINS", moment)
    stays: list[Stay] = []
    level = {Stay(str(utcs), _EVER, FAR)}
    for _ in range(MAX_DEPTH):
        stays += [stay for stay in level if Utcs.parse(stay.carrier).kind == "aircraft"]
        asked = {"units": sorted({stay.carrier for stay in level}), "knowledge": moment.knowledge}
        rows = await graph.read(text, asked) if level else []
        level = {
            Stay(parent, max(since, stay.since), min(until, stay.until))
            for unit, parent, since, until in rows
            for stay in level
            if stay.carrier == unit and since < stay.until and stay.since < until
        }
    return stays


async def _flights(
    graph: Graph, aircraft: Iterable[str], since: int, moment: Moment
) -> list[Flown]:
    asked = {
        "aircraft": sorted(aircraft),
        "since": "" if since == _EVER else format_micros(since),
        "until": format_micros(moment.world),
        "knowledge": moment.knowledge,
        "far": FAR,
    }
    if not asked["aircraft"]:
        return []
    ((rows,),) = await graph.read(_text("accrual/flights", "FLOWN_BY", moment), asked)
    return [
        Flown(aircraft, _micros(began) or 0, _micros(ended) or 0, tuple(map(_decimal, counts)))
        for aircraft, began, ended, *counts in rows
    ]


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


def _micros(written: str | None) -> int | None:
    return None if written is None else to_micros(parse_utc(written))
