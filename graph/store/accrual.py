"""How much has it been used? Hours and cycles of units: what was declared of each, and what it flew since.

Nothing is added up in advance. A unit has what its last declared counters said, and all flights that ended
after that of the aircraft in which it was, at any depth, when they began. So a flight that is told late, or
an installation that is corrected, changes the answer by itself, and order of arrival cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import (
    Coordinates,
    UtcDatetime,
    format_micros,
    from_micros,
    parse_utc,
    to_micros,
)
from graph.store.aboard import find_aboard, known_text
from graph.store.absence import unknown
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.flown import Sums, decimal, find_flown, written
from graph.store.moment import CURRENT, Moment
from graph.store.question import require_unit

MOST_UNITS: Final = 50_000
"""Of so many units at most usage is worked out at once."""

COUNTERS: Final = (
    ("fh", "FH", "total_fh"),
    ("fc", "FC", "total_fc"),
    ("apu_h", "h", "apu_h"),
    ("apu_starts", "1", "apu_starts"),
    ("landings", "1", "landings"),
)
"""Each counter: its name, its unit, and the property of a usage that declares it."""

NAMES: Final = tuple(name for name, *_ in COUNTERS)

SINCE_OVERHAUL: Final = {"since_overhaul_fh": 0, "since_overhaul_fc": 1}
"""What a usage declares since overhaul, and the place of the counter since new in `COUNTERS`."""


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

    @property
    def is_known(self) -> bool:
        """Whether anything counts it at all; of what nothing counts, the total is no more than nothing."""
        return self.declared is not None or self.flights > 0


@dataclass(frozen=True, slots=True)
class SinceOverhaul:
    """One counter of a unit since its last overhaul (TSO, CSO).

    Attributes:
        counter: `fh` or `fc`.
        unit: `FH` or `FC`.
        total: What it stood at when `by` was said, and what the counter since new grew by since then.
        at: When it stood so: when the overhaul was certified, or the counter declared.
        by: The certificate of the overhaul, or the usage that declares the counter.
    """

    counter: str
    unit: str
    total: Decimal
    at: UtcDatetime
    by: Utcs


@dataclass(frozen=True, slots=True)
class Accrued:
    """How much a unit has been used.

    Attributes:
        counters: Each counter, in the order of `COUNTERS`.
        since_overhaul: Hours and cycles since the last overhaul; without those of a unit of which no
            overhaul is known, for which what counts since new counts.
    """

    utcs: Utcs
    counters: tuple[Counted, ...]
    since_overhaul: tuple[SinceOverhaul, ...] = ()

    def total(self, counter: str) -> Decimal:
        """Returns what one of the counters since new stands at."""
        return next(counted.total for counted in self.counters if counted.counter == counter)


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared last of one counter: by what, as of when, and when that was stated."""

    by: Utcs
    measured: int
    stated: int
    value: Decimal


Asked = tuple[Utcs, int]
"""A unit, and the moment in microseconds up to which its usage is wanted."""

Bases = dict[Asked, dict[str, Declared | None]]
"""What was declared last, by the property of a usage; None where nothing was."""


async def accrued(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> Accrued:
    """Returns hours, cycles and starts of an aircraft or unit.

    Raises:
        BadQuestionError: The thing is of a kind that flies with nothing.
        NotFoundError: Nothing is known of it.
    """
    found = await accrued_of(graph, (utcs,), at=at)
    if utcs not in found:
        raise await unknown(graph, utcs, Moment.of(graph, at))
    return found[utcs]


async def accrued_of(
    graph: Graph,
    units: Iterable[Utcs],
    *,
    counters: Collection[str] = NAMES,
    at: Coordinates = CURRENT,
) -> dict[Utcs, Accrued]:
    """Returns hours, cycles and starts of aircraft and units; those of which nothing is known are left out.

    However many units there are, it takes one query for each level of assembly and four more. Whoever
    needs hours and cycles alone should ask for these alone: of a counter that nobody declares, every
    flight since the first is added up.

    Raises:
        BadQuestionError: One of them is of a kind that flies with nothing, or there are too many.
    """
    moment = Moment.of(graph, at)
    asked = {(unit, moment.world) for unit in units}
    found = await accrue(graph, asked, moment, counters=counters)
    return {unit: one for (unit, _), one in found.items()}


async def accrue(
    graph: Graph,
    asked: Collection[Asked],
    moment: Moment,
    *,
    counters: Collection[str] = NAMES,
    is_since_overhaul: bool = True,
) -> dict[Asked, Accrued]:
    """Returns counters of units, each at moments of its own; of what is unknown, nothing.

    As many queries as for one moment.

    Args:
        graph: Where to ask.
        asked: The units, and up to when; no moment may come after that of the question.
        moment: The moment of the question.
        counters: Which counters.
        is_since_overhaul: Whether those since overhaul are wanted, too: at the moment of the question only.

    Raises:
        BadQuestionError: One of them is of a kind that flies with nothing, or there are too many.
    """
    _check(unit for unit, _ in asked)
    numbers = [number for number, name in enumerate(NAMES) if name in counters]
    bases = await _declared(graph, asked, numbers, moment)
    there = list(bases)
    now = [unit for unit, until in there if is_since_overhaul and until == moment.world]
    overhauls = await _overhauls(graph, now, bases, moment)
    then = {(unit, last.measured) for unit, each in overhauls.items() for last in each.values()}
    of_both = [number for number in numbers if number in SINCE_OVERHAUL.values()]
    bases |= await _declared(graph, then - bases.keys(), of_both, moment)
    aboard = await find_aboard(graph, {unit for unit, _ in there}, moment)
    needed = ((unit, _since(declared)) for (unit, _), declared in bases.items())
    until = max((until for _, until in there), default=moment.world)
    sums = Sums(aboard, await find_flown(graph, needed, aboard, numbers, until, moment))
    return {
        (unit, until): _accrued(
            unit,
            until,
            numbers,
            overhauls.get(unit, {}) if until == moment.world else {},
            bases,
            sums,
        )
        for unit, until in there
    }


def _check(units: Iterable[Utcs]) -> None:
    asked = set(units)
    if len(asked) > MOST_UNITS:
        raise BadQuestionError(
            f"ids: {len(asked):,} are too many; ask for {MOST_UNITS:,} at once at most", field="ids"
        )
    for utcs in asked:
        require_unit(utcs, because="counts no hours")


def _since(declared: dict[str, Declared | None]) -> int | None:
    """Returns after when flights count at all; None if some counter was never declared."""
    since = [
        said.measured if said else None for name, said in declared.items() if name in _SINCE_NEW
    ]
    return None if None in since else min((at for at in since if at is not None), default=None)


def _accrued(
    unit: Utcs,
    until: int,
    numbers: Iterable[int],
    overhauls: dict[int, Declared],
    bases: Bases,
    sums: Sums,
) -> Accrued:
    counted = {number: _count(number, (unit, until), bases, sums) for number in numbers}
    since = (
        _grown(last, counted[number], _count(number, (unit, last.measured), bases, sums))
        for number, last in overhauls.items()
        if number in counted
    )
    return Accrued(unit, tuple(counted.values()), tuple(since))


def _count(number: int, asked: Asked, bases: Bases, sums: Sums) -> Counted:
    """Returns one counter of a unit at a moment."""
    counter, unit, name = COUNTERS[number]
    base = bases[asked][name]
    flown = sums.of(asked[0], number, base.measured if base else None, asked[1])
    return Counted(
        counter=counter,
        unit=unit,
        total=written((base.value if base else Decimal(0)) + flown.total),
        declared=base.value if base else None,
        declared_at=from_micros(base.measured) if base else None,
        declared_by=base.by if base else None,
        flown=written(flown.total),
        flights=flown.flights,
        silent=flown.silent,
    )


def _grown(last: Declared, now: Counted, then: Counted) -> SinceOverhaul:
    """Returns a counter since overhaul: what it stood at, and what the one since new grew by."""
    total = written(last.value + now.total - then.total)
    return SinceOverhaul(now.counter, now.unit, total, from_micros(last.measured), last.by)


async def _overhauls(
    graph: Graph, units: Sequence[Utcs], bases: Bases, moment: Moment
) -> dict[Utcs, dict[int, Declared]]:
    """Returns from where hours and cycles of each unit count since overhaul: the latest word on it.

    That is a certificate of an overhaul, at which they are nothing, or what a usage declares of them.
    """
    if not units:
        return {}
    text = known_text("accrual/overhauls", "CERTIFIED_BY", moment)
    times = {"world": moment.world, "knowledge": moment.knowledge}
    rows = await graph.read(text, {"units": list(map(str, units)), **times})
    said: list[tuple[Utcs, int, Declared]] = []
    for unit, release, issued, certified in rows:
        at = certified if issued is None else to_micros(parse_utc(issued))
        overhaul = Declared(Utcs.parse(release), at, certified, Decimal(0))
        said += [(Utcs.parse(unit), number, overhaul) for number in SINCE_OVERHAUL.values()]
    for unit in units:
        for name, number in SINCE_OVERHAUL.items():
            if last := bases[unit, moment.world].get(name):
                said.append((unit, number, last))
    found: defaultdict[Utcs, dict[int, Declared]] = defaultdict(dict)
    for unit, number, last in sorted(said, key=lambda one: (one[2].measured, one[2].stated)):
        if last.measured <= moment.world:
            found[unit][number] = last
    return found


async def _declared(
    graph: Graph, asked: Collection[Asked], numbers: Iterable[int], moment: Moment
) -> Bases:
    """Returns what was declared last of each unit up to its moment; unknown units are left out."""
    if not asked:
        return {}
    names = [COUNTERS[number][2] for number in numbers]
    parameters = {
        "asked": [[str(unit), format_micros(until), until] for unit, until in asked],
        "counters": [*names, *SINCE_OVERHAUL],
        "knowledge": moment.knowledge,
    }
    ((rows,),) = await graph.read(known_text("accrual/declared", "COUNTS", moment), parameters)
    return {
        (Utcs.parse(unit), until): dict.fromkeys(names) | _latest(last)
        for unit, until, last in rows
    }


def _latest(
    last: Iterable[tuple[str, tuple[str, int, str, float]]],
) -> dict[str, Declared | None]:
    """Returns the later of the dated and the undated declaration; of one moment, the one stated last."""
    said: list[tuple[str, Declared]] = []
    for name, (measured, stated, usage, value) in last:
        at = _micros(measured) if measured else stated
        said.append((name, Declared(Utcs.parse(usage), at, stated, decimal(value))))
    said.sort(key=lambda one: (one[1].measured, one[1].stated, str(one[1].by)))
    return dict(said)


@lru_cache(
    maxsize=10_000
)  # all counters of a reading, and readings of one night, share their moment
def _micros(moment: str) -> int:
    return to_micros(parse_utc(moment))


def accrual_texts(moment: Moment) -> dict[str, str]:
    """Returns the statements that the question is made of."""
    links = {
        "declared": "COUNTS",
        "parents": "CONTAINS",
        "flights": "FLOWN_BY",
        "overhauls": "CERTIFIED_BY",
    }
    return {name: known_text(f"accrual/{name}", link, moment) for name, link in links.items()}


_SINCE_NEW: Final = frozenset(name for *_, name in COUNTERS)
