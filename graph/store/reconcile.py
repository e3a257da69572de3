"""As designed, as planned, as built, as maintained: place by place, every difference classed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from graph.model.bill import Component, Design, Place
from graph.model.identifier import Utcs
from graph.model.line_effectivity import Effectivities, EndItem
from graph.model.reconciliation import Line, Reconciled, Unit, Verdict, judge
from graph.model.time import Coordinates, UtcDatetime, from_micros, parse_utc
from graph.store.absence import not_there
from graph.store.bills import (
    Bills,
    Stock,
    find_bills,
    find_design,
    find_held_design,
    find_stock,
)
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor
from graph.store.text import fill

_SHOWN: Final = 3
"""So many reasons a note tells; the rest it counts."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side says of a place.

    Attributes:
        verdict: How it stands to what was designed and allowed at that time.
        unit: What is there; None if nothing is.
        part: Its part number, as printed; None where it is not recorded.
        why: What the verdict rests on; empty where it is as designed.
    """

    verdict: Verdict
    unit: Utcs | None
    part: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One place, on all four sides.

    Attributes:
        position: The slots from the unit down, joined by points.
        find: The find numbers of the line that calls for something there.
        designed: The part number that the bill of material calls for now; None if none does.
        planned: The one that the bill of the ordered part called for when the production order began.
        built: What was there at delivery; None where nothing was, and nothing was called for.
        maintained: What is there.
        is_planned: Whether there is a plan to compare with: an order, and a delivery under it.
        exchanged: Whether another unit is there than was at delivery.
        moved_to: Where the unit that was there at delivery is now, if elsewhere in the same aircraft.
    """

    position: str
    find: str
    designed: str | None
    planned: str | None
    built: Cell | None
    maintained: Cell | None
    is_planned: bool
    exchanged: bool
    moved_to: str | None

    @property
    def is_fault(self) -> bool:
        """Whether what is there, or is not, is not allowed now."""
        return self.maintained is not None and self.maintained.verdict.is_fault

    @property
    def differs(self) -> bool:
        """Whether any side says something else than another; an exchange alone is none."""
        cells = [cell.verdict for cell in (self.built, self.maintained) if cell is not None]
        changed = self.is_planned and self.designed != self.planned
        return changed or any(verdict is not Verdict.AS_DESIGNED for verdict in cells)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One page of places of an aircraft or assembly, in their order.

    Attributes:
        part: Its part number, as printed.
        planned_at: When its production order began; None if none is recorded.
        built_at: When it was delivered, or what its baseline as built shows; None if neither is recorded.
        maintained_at: The time that is asked about.
        places: How many places there are in all.
        built: How many places have each verdict, at delivery.
        maintained: How many have each now.
        exchanged: How many places have another unit than at delivery.
        left_out: How many lines of its bills do not apply to it now, by their effectivity.
        rows: The page.
        notes: What could not be told, and why.
        next: The cursor of the next page; None on the last.
    """

    utcs: Utcs
    part: str
    planned_at: UtcDatetime | None
    built_at: UtcDatetime | None
    maintained_at: UtcDatetime
    places: int
    built: Mapping[Verdict, int]
    maintained: Mapping[Verdict, int]
    exchanged: int
    left_out: int
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    next: str | None

    @property
    def is_complete(self) -> bool:
        """Whether everything could be told."""
        return not self.notes


@dataclass(frozen=True, slots=True)
class _Side:
    """One time: what was designed then, what was in it, and the verdicts."""

    design: Design
    units: Mapping[Place, Unit]
    end_item: EndItem
    found: Reconciled

    @classmethod
    def of(cls, part: str, design: Design, stock: Stock, end_item: EndItem) -> _Side:
        """Returns a side with its verdicts."""
        found = judge(design, part, stock.units, end_item.applies)
        return cls(design, stock.units, end_item, found)

    def cell(self, place: Place) -> Cell | None:
        found = self.found.places.get(place)
        if found is None:
            return None
        unit = found.unit
        part = None if unit is None or unit.part is None else self.design.number(unit.part)
        utcs = None if unit is None else Utcs.parse(unit.utcs)
        return Cell(found.verdict, utcs, part, found.why)

    def named(self, place: Place) -> Component | None:
        """Returns the line that a place is judged by; None if there is none."""
        found = self.found.places.get(place)
        return found.called_for if found else None

    def called_for(self, place: Place) -> str | None:
        """Returns the part number that is called for in a place; None if none is, or no more of it."""
        line = self.named(place)
        if line is None or self.found.places[place].verdict is Verdict.EXTRA:
            return None
        return self.design.number(line.part)


async def reconcile(
    graph: Graph,
    utcs: Utcs,
    *,
    differing: bool = True,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Reconciliation:
    """Returns what is in each place of an aircraft or assembly against what belongs there.

    Each side is judged by what was designed and allowed at its own time: a part that was approved after
    delivery was not approved at delivery. Of a bill, only the lines count that apply to the unit: see
    `line_effectivity`. As planned is the bill of the ordered part when the order began, for the unit as it
    was delivered.

    Args:
        graph: Where to ask.
        utcs: The aircraft or assembly.
        differing: Only places on which the sides are not of one mind; exchanges alone are not told then.
        first: How many places to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no unit, its part number is not recorded, or a number or the cursor is wrong.
        NotFoundError: It is not there then.
    """
    bounded("first", first, MAX_FIRST)
    asked = sealed("reconciliation", str(utcs), differing, at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    subject = await _subject(graph, utcs, at)
    built_at, planned_at = subject.built_at, subject.planned_at
    now = await _now(graph, subject, at)
    built, planned = None, None
    if built_at is not None:
        built, planned = await _delivered(graph, subject, at, built_at)
    rows = _rows(now, built, planned)
    page = [r for r in rows if r.position > start and (r.differs or not differing)]
    mark = write_cursor(asked, page[first - 1].position) if len(page) > first else None
    return Reconciliation(
        utcs=utcs,
        part=now.design.number(subject.part),
        planned_at=planned_at,
        built_at=built_at,
        maintained_at=from_micros(Moment.of(graph, at).world),
        places=len(rows),
        built=_counts(row.built for row in rows),
        maintained=_counts(row.maintained for row in rows),
        exchanged=sum(row.exchanged for row in rows),
        left_out=len(now.found.left_out),
        rows=tuple(page[:first]),
        notes=tuple(_notes(subject, now, built, planned)),
        next=mark,
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    utcs: Utcs
    part: str
    ordered: str | None
    planned_at: datetime | None
    built_at: datetime | None


async def _subject(graph: Graph, utcs: Utcs, at: Coordinates) -> _Subject:
    require_unit(utcs)
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, subject_text(moment), {"utcs": str(utcs)})
    if row is None or row[0] is None:
        raise await not_there(graph, utcs, moment)
    stored, part, orders, baselines = row
    if part is None:
        raise BadQuestionError(
            f"id: {utcs} has no part number, so nothing tells what belongs in it; state INSTANCE_OF",
            field="id",
        )
    begun = [
        (parse_utc(when), made)
        for order, made in orders
        if (when := order.get("started_at") or order.get("planned_start_at"))
    ]
    planned, ordered = min(begun, key=lambda each: each[0], default=(None, None))
    built = parse_utc(baselines[0]["as_of"]) if baselines else _end_of(stored.get("delivered_on"))
    return _Subject(utcs, part, ordered, planned, built)


def _end_of(day: str | None) -> datetime | None:
    """Returns the last moment of a day, when all that was done on it is done."""
    if day is None:
        return None
    following = date.fromisoformat(day) + timedelta(days=1)
    return datetime.combine(following, time(), UTC) - timedelta(microseconds=1)


def _then(at: Coordinates, world: datetime) -> Coordinates:
    return Coordinates(world, at.known_at)


async def _now(graph: Graph, subject: _Subject, at: Coordinates) -> _Side:
    """Returns the unit as it is at the time that is asked about."""
    moment = Moment.of(graph, at)
    stock = await find_stock(graph, subject.utcs, moment)
    part = stock.part or subject.part
    bills = await find_bills(graph, {part, *stock.parts}, moment)
    return await _held(graph, part, stock, bills, moment, Effectivities.of(_lines(bills)))


async def _delivered(
    graph: Graph, subject: _Subject, at: Coordinates, built_at: datetime
) -> tuple[_Side, _Side | None]:
    """Returns the unit as it was built, and as it was planned if there is an order."""
    moment = Moment.of(graph, _then(at, built_at))
    stock = await find_stock(graph, subject.utcs, moment)
    part = stock.part or subject.part
    bills = await find_bills(graph, {part, *stock.parts}, moment)
    if subject.planned_at is None:
        effectivities = Effectivities.of(_lines(bills))
        return await _held(graph, part, stock, bills, moment, effectivities), None
    ordered = subject.ordered or part
    planned = Moment.of(graph, _then(at, subject.planned_at))
    then = await find_bills(graph, {ordered, *stock.parts}, planned)
    effectivities = Effectivities.of(_lines(bills, then))
    built = await _held(graph, part, stock, bills, moment, effectivities)
    design = await find_design(graph, then, {ordered, *stock.parts}, planned)
    return built, _Side.of(ordered, design, stock, built.end_item.on(planned.day))


def _lines(*of: Bills) -> Iterable[Component]:
    return (line for bills in of for bill in bills.values() for line in bill)


async def _held(
    graph: Graph,
    part: str,
    stock: Stock,
    bills: Bills,
    moment: Moment,
    effectivities: Effectivities,
) -> _Side:
    design, end_item = await find_held_design(
        graph, bills, {part, *stock.parts}, stock, moment, effectivities
    )
    return _Side.of(part, design, stock, end_item)


def _rows(now: _Side, built: _Side | None, planned: _Side | None) -> list[Row]:
    places = now.found.places.keys() | (built.found.places.keys() if built else set())
    if planned is not None:
        places |= {place for place in planned.found.places if planned.called_for(place)}
    today = {unit.utcs: place for place, unit in now.units.items()}
    rows = (_row(place, now, built, planned, today) for place in places)
    return sorted(rows, key=lambda row: row.position)


def _row(
    place: Place,
    now: _Side,
    built: _Side | None,
    planned: _Side | None,
    today: Mapping[str, Place],
) -> Row:
    lines = (side.named(place) for side in (now, built, planned) if side is not None)
    line = next(filter(None, lines), None)
    before = built.units.get(place) if built else None
    after = now.units.get(place)
    exchanged = before is not None and after is not None and before.utcs != after.utcs
    moved = today.get(before.utcs) if before is not None else None
    return Row(
        position=".".join(place),
        find="/".join(line.find) if line else "",
        designed=now.called_for(place),
        planned=planned.called_for(place) if planned else None,
        built=built.cell(place) if built else None,
        maintained=now.cell(place),
        is_planned=planned is not None,
        exchanged=exchanged,
        moved_to=".".join(moved) if moved is not None and moved != place else None,
    )


def _counts(cells: Iterable[Cell | None]) -> Mapping[Verdict, int]:
    found = Counter(cell.verdict for cell in cells if cell is not None)
    return {verdict: found[verdict] for verdict in Verdict if found[verdict]}


def _notes(
    subject: _Subject, now: _Side, built: _Side | None, planned: _Side | None
) -> Iterator[str]:
    if subject.built_at is None:
        yield (
            "as built: neither a baseline as built nor a day of delivery is recorded, so only what is "
            "there now is told"
        )
    elif subject.planned_at is None:
        yield "as planned: no production order with a start is recorded"
    elif subject.ordered is None:
        yield "as planned: its production order does not say for which part, so that of the unit is taken"
    for when, side in (("", now), ("as built: ", built), ("as planned: ", planned)):
        if side is not None and (doubtful := side.found.doubtful):
            yield f"{when}whether {_counted(len(doubtful))} to it is unknown: {_listed(doubtful)}"
    if unknown := sorted(now.end_item.facts.unknown):
        yield f"lines of its bills name what is not recorded: {', '.join(unknown)}"
    if number := sum(one.verdict is Verdict.UNDETERMINED for one in now.found.places.values()):
        yield f"{number} places are undetermined; each says why"


def _counted(lines: int) -> str:
    return "a line of its bills applies" if lines == 1 else f"{lines:,} lines of its bills apply"


def _listed(lines: Iterable[Line]) -> str:
    reasons = list(dict.fromkeys(f"{line.component.only}: {line.why}" for line in lines))
    more = f"; and {len(reasons) - _SHOWN} more reasons" if len(reasons) > _SHOWN else ""
    return "; ".join(reasons[:_SHOWN]) + more


def subject_text(moment: Moment) -> str:
    """Returns the statement that reads a unit with its part, order and baselines."""
    return fill(
        "reconciliation/subject",
        holds_row=moment.holds_row("row"),
        instances=moment.types(("INSTANCE_OF",)),
        instance_holds=moment.holds("link", ("INSTANCE_OF",)),
        orders=moment.types(("PRODUCED_BY",)),
        order_holds=moment.holds("link", ("PRODUCED_BY",)),
        ordered=moment.types(("ORDERS",)),
        ordered_holds=moment.holds("call", ("ORDERS",)),
        freezes=moment.types(("FREEZES",)),
        freeze_holds=moment.holds("link", ("FREEZES",)),
        stale=fill("thing/stale"),
    )
