"""Is it complied with? How units stand towards directives and bulletins, with what that rests on.

However many units and demands a page holds, the same few statements are asked: the demands, the units
with their links to these, to which of them each applies, and their counters, now and when times began to run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from graph.model import ontology
from graph.model.applicability import Verdict
from graph.model.compliance import (
    SOON,
    Assessment,
    Demand,
    Done,
    Life,
    Limits,
    Point,
    Standing,
    assess,
)
from graph.model.identifier import Utcs
from graph.model.links import Compliance as Said
from graph.model.time import Coordinates, to_micros
from graph.store.absence import not_there
from graph.store.accomplishments import (
    Orders,
    Page,
    Unit,
    done_about,
    doubts,
    find_orders,
    find_units,
)
from graph.store.accrual import Accrued, accrue
from graph.store.applicability import Applicability, applicability
from graph.store.database import Graph
from graph.store.demands import DEMANDS, Asked, find_demands
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor

_UNIT: Final = frozenset({"serial"})


@dataclass(frozen=True, slots=True)
class Standpoint:
    """How one unit stands towards one demand.

    Attributes:
        unit_name: What people call the unit.
        aircraft: The aircraft that the unit is, or is in; None where it is in none.
        applies: Whether the demand applies to it; None if nobody can say.
        because: Why it applies or not.
        done: What was last done about it.
        standing: Where that leaves the unit.
        why: One sentence that says what the standing rests on.
        due: When it is due, by totals since new and by a day; None where nothing is.
        remaining: How far that is; negative is over.
        life: The counters of the unit, where the demand is measured in them.
        means: What carries the demand out: bulletins, modifications.
        notes: What an auditor should look at: records that disagree, or say too little.
    """

    unit: Utcs
    unit_name: str
    aircraft: Utcs | None
    demand: Demand
    applies: bool | None
    because: str
    done: Done | None
    standing: Standing
    why: str
    due: Point | None
    remaining: Limits | None
    life: Life
    means: tuple[Utcs, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compliance:
    """How a page of units stands towards demands, in the order of units, then of demands.

    Attributes:
        day: The day in the world for which it holds.
        counts: How many standpoints there are of each standing, all told: listed or not.
        units: How many units the page is about.
        demands: How many demands were looked at.
        next: The cursor of the next page of units; None on the last.
    """

    day: date
    standpoints: tuple[Standpoint, ...]
    counts: dict[Standing, int]
    units: int
    demands: int
    next: str | None


async def compliance(
    graph: Graph,
    about: Utcs | None = None,
    *,
    kinds: Collection[str] = DEMANDS,
    standings: Collection[Standing] | None = None,
    first: int = 100,
    after: str | None = None,
    soon: Limits = SOON,
    at: Coordinates = CURRENT,
) -> Compliance:
    """Returns how units stand towards directives and bulletins.

    Args:
        graph: Where to ask.
        about: An aircraft or unit, with what it has on board; a directive or bulletin, for all aircraft
            and the units that it names; or the whole fleet.
        kinds: `directive`, `bulletin` or both.
        standings: Only these are listed; all are counted.
        first: How many units to a page.
        after: The `next` of the page before.
        soon: What is due within these is due soon.
        at: The coordinates of time.

    Raises:
        BadQuestionError: The thing is neither a unit nor a demand, or a number, kind or cursor is wrong.
        NotFoundError: The thing is not there then.
    """
    wanted = [str(about)] if about is not None and about.kind in DEMANDS else None
    is_unit = about is not None and ontology.fits(about.kind, _UNIT)
    if about is not None and not (wanted or is_unit):
        raise BadQuestionError(
            f"about: {about} is a {about.kind}; give an aircraft or serial, or a directive or bulletin",
            field="about",
        )
    moment = Moment.of(graph, at)
    asked = sealed("compliance", str(about), sorted(kinds), at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    limit = bounded("first", first, MAX_FIRST)
    demands = await find_demands(graph, moment, _kinds(kinds), wanted)
    if wanted and not demands:
        raise await not_there(graph, about, moment)  # type: ignore[arg-type]
    changes = [one.demand.utcs for one in demands]
    near = [utcs for one in demands for utcs in (*one.means, *one.earlier)]
    wanted_units = Page(about if is_unit else None, start, limit + 1)
    units = await find_units(graph, moment, wanted_units, changes, near)
    if is_unit and not units:
        raise await not_there(graph, about, moment)  # type: ignore[arg-type]
    page = units if is_unit else units[:limit]
    found = await _standpoints(graph, moment, page, demands, soon)
    listed = [one for one in found if standings is None or one.standing in standings]
    return Compliance(
        day=moment.day,
        standpoints=tuple(listed),
        counts=dict(Counter(one.standing for one in found).most_common()),
        units=len(page),
        demands=len(demands),
        next=write_cursor(asked, str(page[-1].utcs)) if len(units) > len(page) else None,
    )


def _kinds(kinds: Collection[str]) -> list[str]:
    if strange := sorted(set(kinds).difference(DEMANDS)):
        raise BadQuestionError(
            f"kinds: {strange[0]!a:.40} demands nothing of units; use {' or '.join(DEMANDS)}",
            field="kinds",
        )
    return [kind for kind in DEMANDS if kind in kinds]


async def _standpoints(
    graph: Graph,
    moment: Moment,
    units: Sequence[Unit],
    demands: Sequence[Asked],
    soon: Limits,
) -> list[Standpoint]:
    """Returns how each unit stands towards each demand: an aircraft to all, another unit to what names it."""
    applying = await applicability(graph, [one.demand.utcs for one in demands], at=moment.at)
    pairs = [(u, d) for u in units for d in demands if _concerns(u, d, applying)]
    orders = await find_orders(graph, moment, [(u, d.demand.utcs) for u, d in pairs])
    lives = await _lives(graph, moment, pairs, applying)
    return [_standpoint(u, d, applying, orders, lives, moment, soon) for u, d in pairs]


def _concerns(unit: Unit, asked: Asked, applying: Applicability) -> bool:
    if unit.utcs.kind == "aircraft":
        return True
    utcs = asked.demand.utcs
    return unit.names(utcs) or applying.of(utcs, unit).applies is True


Lives = Mapping[tuple[Utcs, int], Accrued]


async def _lives(
    graph: Graph,
    moment: Moment,
    pairs: Iterable[tuple[Unit, Asked]],
    applying: Applicability,
) -> Lives:
    """Returns the counters that are needed: of each unit now, and when thresholds began to run."""
    wanted = set[tuple[Utcs, int]]()
    for unit, asked in pairs:
        done = unit.record(asked.demand.utcs)
        limits = asked.demand.threshold if done is None else asked.demand.interval
        is_counted = limits.is_counted or _counts_on(done)
        if not is_counted or not applying.of(asked.demand.utcs, unit).applies:
            continue
        wanted.add((unit.utcs, moment.world))
        start = asked.demand.starts(unit.in_service_on)
        if done is None and start is not None and start <= moment.day:
            wanted.add((unit.utcs, _midnight(start)))
    if not wanted:
        return {}
    return await accrue(graph, wanted, moment, counters=("fh", "fc"), is_since_overhaul=False)


def _counts_on(record: tuple[date, Said] | None) -> bool:
    return record is not None and not (
        record[1].next_due_fh is None and record[1].next_due_fc is None
    )


def _standpoint(
    unit: Unit,
    asked: Asked,
    applying: Applicability,
    orders: Orders,
    lives: Lives,
    moment: Moment,
    soon: Limits,
) -> Standpoint:
    demand, verdict = asked.demand, applying.of(asked.demand.utcs, unit)
    done = done_about(unit, demand.utcs, orders)
    counted = lives.get((unit.utcs, moment.world))
    now = _life(moment.day, counted, is_start=False)
    day = demand.starts(unit.in_service_on)
    began = None if day is None else lives.get((unit.utcs, _midnight(day)))
    found: Assessment = assess(
        demand,
        applies=verdict.applies,
        because=verdict.why,
        done=done,
        now=now,
        start=None if day is None else _life(day, began, is_start=True),
        soon=soon,
        superseded_by=asked.superseded_by,
    )
    return Standpoint(
        unit=unit.utcs,
        unit_name=unit.thing.name,
        aircraft=unit.utcs if unit.utcs.kind == "aircraft" else unit.aircraft,
        demand=demand,
        applies=verdict.applies,
        because=verdict.why,
        done=done,
        standing=found.standing,
        why=found.why,
        due=found.due,
        remaining=found.remaining,
        life=now,
        means=asked.means,
        notes=tuple(_notes(unit, asked, verdict, done, orders, counted)),
    )


def _life(day: date, counted: Accrued | None, *, is_start: bool) -> Life:
    """Returns a point in the life of a unit.

    Where nothing was counted by then, that is nothing flown when times begin to run, which can only make a
    time end sooner; but it is not known how far the unit is now.
    """
    if counted is None:
        return Life(day)
    fh, fc = (one.total if is_start or one.is_known else None for one in counted.counters[:2])
    return Life(day, fh, fc)


def _notes(
    unit: Unit,
    asked: Asked,
    verdict: Verdict,
    done: Done | None,
    orders: Orders,
    counted: Accrued | None,
) -> Iterator[str]:
    """Yields what in the records an auditor should look at."""
    utcs = asked.demand.utcs
    is_named = ("SUBJECT_TO", utcs) in unit.links
    if verdict.applies is False and is_named:
        yield "rule and links disagree: a SUBJECT_TO link says that it applies, the rule that it does not"
    if verdict.applies and asked.lists_aircraft and not is_named and unit.utcs.kind == "aircraft":
        yield "rule and links disagree: SUBJECT_TO links name other aircraft, and not this one"
    if done is not None and verdict.applies is False and utcs.kind == "directive":
        yield "it was complied with, and does not apply"
    if done is not None:
        yield from doubts(done, orders)
    else:
        yield from _other_records(unit, asked)
    for counter in counted.counters[:2] if counted else ():
        if counter.silent:
            yield f"{counter.silent} flights do not say their {counter.unit}: the total is too low"


def _other_records(unit: Unit, asked: Asked) -> Iterator[str]:
    """Yields what was done that may count, though no record says that it does."""
    for means in asked.means:
        if ("EMBODIES", means) in unit.links:
            yield f"{means.local}, which carries it out, is embodied; no record says that this complies"
    for earlier in asked.earlier:
        if unit.record(earlier) is not None:
            yield f"{earlier.local}, which it supersedes, was complied with; no record gives credit for that"


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time(), UTC))
