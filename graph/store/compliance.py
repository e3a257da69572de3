"""Is it complied with? How units stand towards directives and bulletins, with what that rests on.

However many units and demands a page holds, the same few statements are asked: the demands, the units
with their links to these, to which of them each applies, and their counters, now and when times began to run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from graph.model import ontology
from graph.model.change import Bulletin, BulletinStatus, Directive, DirectiveStatus
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
from graph.model.identifier import IdentifierError, Utcs
from graph.model.kind import Kind
from graph.model.links import Compliance as Said
from graph.model.maintenance import WorkOrderStatus
from graph.model.product import Aircraft, Serial
from graph.model.time import Coordinates, from_micros, to_micros
from graph.store.absence import not_there
from graph.store.accrual import Accrued, accrued_at
from graph.store.applicability import Applicability, Verdict, applicability
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_link_properties, read_properties
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.text import fill

DEMANDS: Final = ("directive", "bulletin")
"""The kinds that demand something of units."""

MOST_DEMANDS: Final = 5_000
"""So many demands are looked at for one question."""

RELEASED: Final = (WorkOrderStatus.RELEASED, WorkOrderStatus.CLOSED)
"""How a work order stands whose work counts as done."""

_NAMES: Final = ("SUBJECT_TO", "COMPLIES_WITH", "EMBODIES")
_CONTAINS: Final = ("CONTAINS",)
_UNIT: Final = frozenset({"serial"})


@dataclass(frozen=True, slots=True)
class Standpoint:
    """How one unit stands towards one demand.

    Attributes:
        unit_name: What people call the unit.
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand as the graph holds it, with what stands around it."""

    demand: Demand
    superseded_by: str | None
    means: tuple[Utcs, ...]
    earlier: tuple[Utcs, ...]
    lists_aircraft: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, and its links to changes: link type, change, since when, and what it carries."""

    utcs: Utcs
    thing: Kind
    links: Mapping[tuple[str, Utcs], tuple[int, dict[str, Any]]]

    @property
    def in_service_on(self) -> date | None:
        """The day from which times run for it at the earliest: its delivery, or when it was made."""
        if isinstance(self.thing, Aircraft):
            return self.thing.delivered_on or self.thing.first_flight_on
        return self.thing.manufactured_on if isinstance(self.thing, Serial) else None


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
    units = await _units(graph, moment, demands, about if is_unit else None, start, limit + 1)
    if is_unit and not units:
        raise await not_there(graph, about, moment)  # type: ignore[arg-type]
    page = units if is_unit else units[:limit]
    found = await _standpoints(graph, moment, page, demands, soon)
    listed = [one for one in found if standings is None or one.standing in standings]
    return Compliance(
        day=_day(moment.world),
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


async def find_demands(
    graph: Graph, moment: Moment, kinds: Sequence[str], changes: Sequence[str] | None = None
) -> list[Asked]:
    """Returns directives and bulletins as they stand at a moment, in the order of their ids.

    Raises:
        BadQuestionError: There are more than one question looks at.
    """
    given = {"kinds": kinds, "changes": changes}
    row = await moment.ask(graph, demands_text(moment), given)
    found = row[0] if row else []
    if len(found) > MOST_DEMANDS:
        raise BadQuestionError(
            f"about: there are {len(found):,} directives and bulletins, and {MOST_DEMANDS:,} are looked at "
            "at once; ask about one of them, or about one kind",
            field="about",
        )
    return [_asked(_day(moment.world), *one) for one in found]


def _asked(
    day: date,
    row: dict[str, Any],
    successors: list[dict[str, Any]],
    means: list[str],
    earlier: list[str],
    lists_aircraft: bool,
) -> Asked:
    thing = read_properties(row["kind"], row)
    assert isinstance(thing, Directive | Bulletin)  # noqa: S101
    by = [one for one in successors if _is_in_force(read_properties(one["kind"], one), day)]
    return Asked(
        demand=Demand.of(Utcs.parse(row["utcs"]), thing),
        superseded_by=", ".join(Utcs.parse(one["utcs"]).local for one in by) or None,
        means=tuple(map(Utcs.parse, means)),
        earlier=tuple(map(Utcs.parse, earlier)),
        lists_aircraft=lists_aircraft,
    )


def _is_in_force(successor: Kind, day: date) -> bool:
    """Says whether a successor has taken the place of what it supersedes by a day."""
    if isinstance(successor, Directive):
        is_out = successor.status not in (DirectiveStatus.PROPOSED, DirectiveStatus.CANCELLED)
        return is_out and (successor.effective_on is None or successor.effective_on <= day)
    if isinstance(successor, Bulletin):
        return successor.status not in (BulletinStatus.DRAFT, BulletinStatus.CANCELLED)
    return False


async def _units(
    graph: Graph,
    moment: Moment,
    demands: Sequence[Asked],
    unit: Utcs | None,
    start: str,
    limit: int,
) -> list[Unit]:
    near = {utcs for one in demands for utcs in (*one.means, *one.earlier, one.demand.utcs)}
    given = {
        "demands": [str(one.demand.utcs) for one in demands],
        "changes": sorted(map(str, near)),
        "unit": unit and str(unit),
        "after": start,
        "limit": limit,
    }
    row = await moment.ask(graph, units_text(moment, is_one=unit is not None), given)
    return [_unit(*one) for one in (row[0] if row else [])]


def _unit(row: dict[str, Any], links: list[list[Any]]) -> Unit:
    held = {
        (link, Utcs.parse(change)): (since, read_link_properties(link, carried))
        for link, change, since, carried in links
    }
    return Unit(Utcs.parse(row["utcs"]), read_properties(row["kind"], row), held)


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
    orders = await _orders(graph, moment, pairs)
    lives = await _lives(graph, moment, pairs, applying)
    return [_standpoint(u, d, applying, orders, lives, moment.world, soon) for u, d in pairs]


def _concerns(unit: Unit, asked: Asked, applying: Applicability) -> bool:
    if unit.utcs.kind == "aircraft":
        return True
    utcs = asked.demand.utcs
    return (
        any((link, utcs) in unit.links for link in _NAMES)
        or applying.of(utcs, unit.utcs).applies is True
    )


Orders = Mapping[Utcs, WorkOrderStatus | None]
Lives = Mapping[tuple[Utcs, int], Accrued]


async def _orders(
    graph: Graph, moment: Moment, pairs: Iterable[tuple[Unit, Asked]]
) -> dict[Utcs, WorkOrderStatus | None]:
    """Returns the work orders that records of compliance name, as far as they are known."""
    named = {
        str(order)
        for unit, asked in pairs
        if (held := _done_link(unit, asked.demand.utcs)) is not None
        if (order := _order(unit.utcs, held[1].get("reference"))) is not None
    }
    if not named:
        return {}
    row = await moment.ask(graph, orders_text(moment), {"orders": sorted(named)})
    return {
        Utcs.parse(utcs): None if status is None else WorkOrderStatus(status)
        for utcs, status in (row[0] if row else [])
    }


def _order(unit: Utcs, reference: str | None) -> Utcs | None:
    """Returns the work order that a reference can mean: an identifier, or the local name of one."""
    if reference is None:
        return None
    try:
        if reference.startswith("utcs:"):
            return Utcs.parse(reference)
        return Utcs(unit.authority, "workorder", reference)
    except IdentifierError:
        return None


def _done_link(unit: Unit, change: Utcs) -> tuple[int, dict[str, Any]] | None:
    """Returns the later of the records that a change was complied with, or embodied."""
    held = [unit.links.get((link, change)) for link in ("COMPLIES_WITH", "EMBODIES")]
    return max((one for one in held if one is not None), key=lambda one: one[0], default=None)


async def _lives(
    graph: Graph,
    moment: Moment,
    pairs: Iterable[tuple[Unit, Asked]],
    applying: Applicability,
) -> Lives:
    """Returns the counters that are needed: of each unit now, and when thresholds began to run."""
    wanted = set[tuple[Utcs, int]]()
    for unit, asked in pairs:
        done = _done_link(unit, asked.demand.utcs)
        limits = asked.demand.threshold if done is None else asked.demand.interval
        if not (limits.is_counted or done) or not applying.of(asked.demand.utcs, unit.utcs).applies:
            continue
        if limits.is_counted or _counts_on(done):
            wanted.add((unit.utcs, moment.world))
        if done is None and (day := asked.demand.starts(unit.in_service_on)) is not None:
            wanted.add((unit.utcs, _midnight(day)))
    return await accrued_at(graph, wanted, moment) if wanted else {}


def _counts_on(done: tuple[int, dict[str, Any]] | None) -> bool:
    return done is not None and any(done[1].get(n) for n in ("next_due_fh", "next_due_fc"))


def _standpoint(
    unit: Unit,
    asked: Asked,
    applying: Applicability,
    orders: Orders,
    lives: Lives,
    world: int,
    soon: Limits,
) -> Standpoint:
    demand, verdict = asked.demand, applying.of(asked.demand.utcs, unit.utcs)
    done = _done(unit, demand.utcs, orders)
    counted = lives.get((unit.utcs, world))
    now = _life(_day(world), counted, is_start=False)
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


def _done(unit: Unit, change: Utcs, orders: Orders) -> Done | None:
    held = _done_link(unit, change)
    if held is None:
        return None
    since, carried = held
    said = Said.model_validate(carried)
    order = _order(unit.utcs, said.reference)
    stated = Point(said.next_due_fh, said.next_due_fc, said.next_due_on)
    return Done(
        life=Life(_day(since), said.total_fh, said.total_fc),
        method=said.method,
        reference=said.reference,
        work_order=order if order in orders else None,
        is_terminating=said.is_terminating,
        next_due=None if stated.is_none else stated,
    )


def _life(day: date, counted: Accrued | None, *, is_start: bool) -> Life:
    """Returns a point in the life of a unit.

    Where nothing was counted by then, that is nothing flown when times begin to run, which can only make a
    time end sooner; but it is not known how far the unit is now.
    """
    if counted is None:
        return Life(day)
    fh, fc = (
        one.total if is_start or one.declared is not None or one.flights else None
        for one in counted.counters[:2]
    )
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
        yield from _order_notes(done, orders)
    else:
        yield from _other_records(unit, asked)
    for counter in counted.counters[:2] if counted else ():
        if counter.silent:
            yield f"{counter.silent} flights do not say their {counter.unit}: the total is too low"


def _order_notes(done: Done, orders: Orders) -> Iterator[str]:
    if done.reference is None:
        yield "the record of compliance names no work order"
    elif done.work_order is None:
        yield f"no work order {done.reference} is known"
    elif (status := orders[done.work_order]) not in RELEASED:
        stands = "nowhere stated" if status is None else status.value
        yield f"the work order {done.reference} is not released: its status is {stands}"


def _other_records(unit: Unit, asked: Asked) -> Iterator[str]:
    """Yields what was done that may count, though no record says that it does."""
    for means in asked.means:
        if ("EMBODIES", means) in unit.links:
            yield f"{means.local}, which carries it out, is embodied; no record says that this complies"
    for earlier in asked.earlier:
        if _done_link(unit, earlier) is not None:
            yield f"{earlier.local}, which it supersedes, was complied with; no record gives credit for that"


def _day(micros: int) -> date:
    return from_micros(micros).date()


def _midnight(day: date) -> int:
    return to_micros(datetime.combine(day, time(), UTC))


def demands_text(moment: Moment) -> str:
    """Returns the statement that lists directives and bulletins."""
    links = {"supersedes": "SUPERSEDES", "implements": "IMPLEMENTS", "subject_to": "SUBJECT_TO"}
    types = {gap: moment.types([link]) for gap, link in links.items()}
    return fill(
        "compliance/demands",
        **types,
        holds_row=moment.holds_row("row"),
        holds_later=moment.holds_row("later"),
        supersedes_holds=moment.holds("link", ["SUPERSEDES"]),
        implements_holds=moment.holds("link", ["IMPLEMENTS"]),
        subject_holds=moment.holds("link", ["SUBJECT_TO"]),
        stale=fill("thing/stale"),
    )


def units_text(moment: Moment, *, is_one: bool) -> str:
    """Returns the statement that lists units: of the fleet, or one with what it has on board."""
    named = {
        "types": moment.types(_NAMES),
        "holds": moment.holds("link", _NAMES),
        "exists": moment.exists("unit"),
    }
    if is_one:
        within = {
            "contains": moment.types(_CONTAINS),
            "contains_holds": moment.holds("step", _CONTAINS),
        }
        units = fill("compliance/aboard", **named, **within)
    else:
        units = fill("compliance/fleet", **named)
    return fill(
        "compliance/units",
        units=units,
        types=named["types"],
        holds=named["holds"],
        type=fill("link/type", link="link"),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def orders_text(moment: Moment) -> str:
    """Returns the statement that says how work orders stand."""
    return fill("compliance/orders", holds_row=moment.holds_row("row"), stale=fill("thing/stale"))
