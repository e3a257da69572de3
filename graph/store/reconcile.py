"""As designed, as planned, as built, as maintained: place by place, every difference classed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.reconciliation import (
    Component,
    Design,
    Judged,
    PartFacts,
    Place,
    Stand,
    Unit,
    Verdict,
    judge,
)
from graph.model.time import Coordinates, UtcDatetime, from_micros, parse_utc
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor
from graph.store.text import fill

_PART: Final = ("INSTANCE_OF",)
_INSIDE: Final = ("CONTAINS",)


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
        planned: The one that it called for when the production order began.
        built: What was there at delivery; None where nothing was, and nothing was called for.
        maintained: What is there.
        exchanged: Whether another unit is there than was at delivery.
        moved_to: Where the unit that was there at delivery is now, if elsewhere in the same aircraft.
    """

    position: str
    find: str
    designed: str | None
    planned: str | None
    built: Cell | None
    maintained: Cell | None
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
        changed = None not in (self.designed, self.planned) and self.designed != self.planned
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
    judged: Mapping[Place, Judged]

    def cell(self, place: Place) -> Cell | None:
        found = self.judged.get(place)
        if found is None:
            return None
        unit = found.unit
        part = None if unit is None or unit.part is None else self.design.number(unit.part)
        utcs = None if unit is None else Utcs.parse(unit.utcs)
        return Cell(found.verdict, utcs, part, found.why)

    def called_for(self, place: Place) -> str | None:
        found = self.judged.get(place)
        if found is None or found.called_for is None or found.verdict is Verdict.EXTRA:
            return None
        return self.design.number(found.called_for.part)


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
    delivery was not approved at delivery.

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
    now = await _side(graph, subject, at)
    built_at, planned_at = subject.built_at, subject.planned_at
    built = None if built_at is None else await _side(graph, subject, _then(at, built_at))
    planned = None
    if built is not None and planned_at is not None:
        design = await find_design(graph, _parts(subject, built.units), _then(at, planned_at))
        planned = _Side(design, built.units, judge(design, subject.part, built.units))
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
        rows=tuple(page[:first]),
        notes=_notes(subject, now),
        next=mark,
    )


@dataclass(frozen=True, slots=True)
class _Subject:
    utcs: Utcs
    part: str
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
    began = [one.get("started_at") or one.get("planned_start_at") for one in orders]
    planned = min((parse_utc(when) for when in began if when), default=None)
    built = parse_utc(baselines[0]["as_of"]) if baselines else _end_of(stored.get("delivered_on"))
    return _Subject(utcs, part, planned, built)


def _end_of(day: str | None) -> datetime | None:
    """Returns the last moment of a day, when all that was done on it is done."""
    if day is None:
        return None
    following = date.fromisoformat(day) + timedelta(days=1)
    return datetime.combine(following, time(), UTC) - timedelta(microseconds=1)


def _then(at: Coordinates, world: datetime) -> Coordinates:
    return Coordinates(world, at.known_at)


async def _side(graph: Graph, subject: _Subject, at: Coordinates) -> _Side:
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, units_text(moment), {"utcs": str(subject.utcs)})
    units = {
        tuple(slots): Unit(utcs, part, approval)
        for slots, utcs, part, approval in (row[0] if row else [])
    }
    design = await find_design(graph, _parts(subject, units), at)
    return _Side(design, units, judge(design, subject.part, units))


def _parts(subject: _Subject, units: Mapping[Place, Unit]) -> set[str]:
    return {subject.part, *(unit.part for unit in units.values() if unit.part)}


async def find_design(graph: Graph, parts: Iterable[str], at: Coordinates) -> Design:
    """Returns what was designed of parts: that of a unit, and those that are in it or may come into it.

    Positions of other types of aircraft may bear the same numbers: where there is a bill of material,
    only those count that something it calls for fits, or what may stand in for that.
    """
    moment = Moment.of(graph, at)
    installed = {*parts}
    found = await moment.ask(graph, bill_text(moment), {"parts": sorted(installed)})
    bills: defaultdict[str, list[Component]] = defaultdict(list)
    lines = dict.fromkeys(map(tuple, found[0] if found else []))  # a line comes once for each top
    for assembly, find, component, quantity, only in lines:
        count = Decimal(1) if quantity is None else Decimal(repr(quantity))
        bills[assembly].append(Component((find,), component, count, only))
    known = installed.union(line.part for bill in bills.values() for line in bill)
    told: dict[str, PartFacts] = {}
    optional: set[str] = set()
    row = await moment.ask(graph, parts_text(moment), {"parts": sorted(known)})
    rows = row[0] if row else []
    own = _positions({line.part for bill in bills.values() for line in bill}, rows)
    for utcs, said, alternates, superseded, positions in rows:
        stands = [Stand(other, approval) for other, approval in alternates]
        stands += [Stand(other, supersedes=True) for other in superseded]
        places = [one for one in positions if own is None or one[0] in own]
        fits = frozenset(number for _, number, _ in places)
        told[utcs] = PartFacts(said[0] or utcs, said[1], tuple(stands), fits)
        optional |= {number for _, number, is_mandatory in places if not is_mandatory}
    return Design(bills, told, frozenset(optional))


def _positions(called: set[str], rows: Iterable[Sequence[Any]]) -> set[str] | None:
    """Returns the positions that parts called for fit, or what stands in for them; None if none is called."""
    if not called:
        return None
    return {
        position
        for utcs, _, alternates, superseded, positions in rows
        if not called.isdisjoint({utcs, *(other for other, _ in alternates), *superseded})
        for position, _, _ in positions
    }


def _rows(now: _Side, built: _Side | None, planned: _Side | None) -> list[Row]:
    places = now.judged.keys() | (built.judged.keys() if built else set())
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
    sides = [side.judged[place] for side in (now, built) if side and place in side.judged]
    line = sides[0].called_for
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
        exchanged=exchanged,
        moved_to=".".join(moved) if moved is not None and moved != place else None,
    )


def _counts(cells: Iterable[Cell | None]) -> Mapping[Verdict, int]:
    found = Counter(cell.verdict for cell in cells if cell is not None)
    return {verdict: found[verdict] for verdict in Verdict if found[verdict]}


def _notes(subject: _Subject, now: _Side) -> tuple[str, ...]:
    notes = []
    if subject.built_at is None:
        notes.append(
            "as built: neither a baseline as built nor a day of delivery is recorded, so only what is "
            "there now is told"
        )
    elif subject.planned_at is None:
        notes.append("as planned: no production order with a start is recorded")
    if number := sum(
        bool(found.called_for and found.called_for.effectivity) for found in now.judged.values()
    ):
        notes.append(
            f"{number} places are called for by lines with an effectivity, which is not evaluated: where "
            "such a place is empty, the verdict is undetermined"
        )
    if number := sum(found.verdict is Verdict.UNDETERMINED for found in now.judged.values()):
        notes.append(f"{number} places are undetermined; each says why")
    return tuple(notes)


def subject_text(moment: Moment) -> str:
    """Returns the statement that reads a unit with its part, order and baselines."""
    return fill(
        "reconciliation/subject",
        holds_row=moment.holds_row("row"),
        instances=moment.types(_PART),
        instance_holds=moment.holds("link", _PART),
        orders=moment.types(("PRODUCED_BY",)),
        order_holds=moment.holds("link", ("PRODUCED_BY",)),
        freezes=moment.types(("FREEZES",)),
        freeze_holds=moment.holds("link", ("FREEZES",)),
        stale=fill("thing/stale"),
    )


def units_text(moment: Moment) -> str:
    """Returns the statement that lists units with their part numbers."""
    return fill(
        "reconciliation/units",
        types=moment.types(_INSIDE),
        holds=moment.holds("link", _INSIDE),
        instances=moment.types(_PART),
        instance_holds=moment.holds("made", _PART),
        stale=fill("thing/stale"),
    )


def bill_text(moment: Moment) -> str:
    """Returns the statement that lists bills of material."""
    links = ("HAS_COMPONENT",)
    return fill(
        "reconciliation/bill",
        types=moment.types(links),
        holds=moment.holds("link", links),
        stale=fill("thing/stale"),
    )


def parts_text(moment: Moment) -> str:
    """Returns the statement that tells of parts what they may stand in for, and where they fit."""
    return fill(
        "reconciliation/parts",
        holds_row=moment.holds_row("row"),
        holds_place=moment.holds_row("place"),
        alternates=moment.types(("ALTERNATE_OF",)),
        alternate_holds=moment.holds("link", ("ALTERNATE_OF",)),
        supersedes=moment.types(("SUPERSEDES",)),
        supersede_holds=moment.holds("link", ("SUPERSEDES",)),
        fits=moment.types(("FITS",)),
        fit_holds=moment.holds("link", ("FITS",)),
        stale=fill("thing/stale"),
    )
