"""What does a change ask of maintenance: tasks, papers, spares, units, tools, training; and at what cost?

What is only proposed can be scope over what is on record: nothing is written for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from graph.model.change import StockDisposition
from graph.model.change_cost import LOST, Bill, Costing, cost, disposition
from graph.model.change_scope import About, Overlay, Reason, Replacement, Scope, Touched
from graph.model.identifier import Utcs
from graph.model.maintenance import Task
from graph.model.resources import Stock
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.change_record import FAMILY_DEPTH, MAX_MEMBERS, check_change
from graph.store.database import Graph
from graph.store.impact import impact
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as, read_properties
from graph.store.question import MAX_FIRST, bounded
from graph.store.text import fill
from graph.store.trace import trace

CARRIED_OUT: Final = ("IMPLEMENTS",)
"""The link that leads from a request to the order, the modification and the bulletin of one change."""

CHANGES: Final = ("ecr", "eco", "modification", "bulletin", "directive", "stc")
"""The kinds of which the impact can be asked."""

NOTHING_PROPOSED: Final = Overlay()


@dataclass(frozen=True, slots=True)
class TouchedStock:
    """Stock of a part number that the change is about.

    Attributes:
        value_eur: Quantity times the cost of one; None where either is not on record.
        disposition: What happens to it; None where nothing says so.
        is_useless: Whether it is lost by that; None where nothing says so.
        reserved_by: The work that it is set aside for.
    """

    utcs: Utcs
    part: Utcs
    quantity: Decimal | None
    reserved_quantity: Decimal | None
    value_eur: Decimal | None
    disposition: StockDisposition | None
    is_useless: bool | None
    reserved_by: tuple[Utcs, ...]


@dataclass(frozen=True, slots=True)
class TouchedUnit:
    """A unit of a part number that the change is about, and where it is."""

    utcs: Utcs
    part: Utcs
    status: str | None
    is_installed: bool
    aircraft: Utcs | None


@dataclass(frozen=True, slots=True)
class ChangeImpact:
    """What a change touches.

    Attributes:
        changes: The change, with what it carries out and what carries it out.
        subjects: What it is about: what it alters, names, and takes the place of.
        tasks: Tasks of the maintenance programme.
        publications: Publications and documents.
        training: Training.
        tools: Tools that the tasks or the change itself need.
        replacements: Part numbers that are replaced.
        stock: Stock of the part numbers that it is about.
        orders: Production orders for them that are not done.
        units: Units of them.
        units_total: How many units there are.
        aircraft: The aircraft that have any of these units, with how many.
        costing: What it costs, as far as the record says.
        complete: Whether nothing was left out.
        cut: What was left out, and why.
    """

    utcs: Utcs
    changes: tuple[Utcs, ...]
    subjects: tuple[Touched, ...]
    tasks: tuple[Touched, ...]
    publications: tuple[Touched, ...]
    training: tuple[Touched, ...]
    tools: tuple[Touched, ...]
    replacements: tuple[Replacement, ...]
    stock: tuple[TouchedStock, ...]
    orders: tuple[Touched, ...]
    units: tuple[TouchedUnit, ...]
    units_total: int
    aircraft: tuple[tuple[Utcs, int], ...]
    costing: Costing
    complete: bool
    cut: str | None


async def find_change_impact(
    graph: Graph,
    utcs: Utcs,
    *,
    first: int = MAX_FIRST,
    overlay: Overlay = NOTHING_PROPOSED,
    at: Coordinates = CURRENT,
) -> ChangeImpact:
    """Returns what a change touches at a moment, as known at one.

    Args:
        graph: Where to ask.
        utcs: A request, order, modification, bulletin, directive or STC.
        first: How many things of each sort at most.
        overlay: What is only proposed.
        at: The coordinates of time.

    Raises:
        BadQuestionError: The thing is no such change, or the number is out of bounds.
        NotFoundError: It is not there then.
        QueryTimeoutError: It could not be read in time.
    """
    check_change(utcs, CHANGES)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    family, cut = await _family(graph, utcs, at)
    named = [*(one for pair in overlay.replaced for one in pair), *overlay.altered]
    about, more = await _about(graph, moment, family, named)
    if utcs not in about.changes:
        raise await not_there(graph, utcs, moment)
    scope = Scope(about, overlay)
    asked = {
        "family": [str(one) for one in family],
        "near": [str(one) for one in (*family, *scope.things)],
        "parts": [str(one) for one in scope.concerned],
        "limit": limit + 1,
    }
    row = await moment.ask(graph, touched_text(moment), asked)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    found = _Found.of(row, limit)
    cuts = [one for one in (cut, more, *found.cuts) if one]
    return _answer(utcs, scope, found, "; ".join(cuts) or None)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the graph says is touched, and what of it was left out."""

    touched: Sequence[Any]
    stock: Sequence[Any]
    orders: Sequence[Any]
    units: Sequence[Any]
    installed: Sequence[Any]
    units_total: int
    has_more_stock: bool
    cuts: tuple[str, ...]

    @classmethod
    def of(cls, row: Sequence[Any], limit: int) -> _Found:
        """Returns the columns of the answer, each list cut to a limit."""
        touched, stock, orders, units, installed, total = row
        sorts = {
            "links to tasks, papers, tools and training": touched, "lots of stock": stock,
            "orders": orders, "units": units,
        }  # fmt: skip
        cuts = tuple(
            f"the first {limit:,} {what} are told"
            for what, found in sorts.items()
            if len(found) > limit
        )
        return cls(
            touched[:limit], stock[:limit], orders[:limit], units[:limit], installed, total,
            len(stock) > limit, cuts,
        )  # fmt: skip


async def _family(graph: Graph, utcs: Utcs, at: Coordinates) -> tuple[list[Utcs], str | None]:
    """Returns a change with what it carries out and what carries it out, and what of that was left out."""
    members, cut = [utcs], None
    for question in (trace, impact):
        answer = await question(
            graph,
            utcs,
            links=CARRIED_OUT,
            kinds=CHANGES,
            depth=FAMILY_DEPTH,
            first=MAX_MEMBERS,
            at=at,
        )
        members += [one.utcs for one in answer.things]
        if answer.next is not None or not answer.complete:
            cut = f"of the changes that belong together the nearest {len(members):,} are looked at"
    return members, cut


async def _about(
    graph: Graph, moment: Moment, family: Sequence[Utcs], named: Sequence[Utcs]
) -> tuple[About, str | None]:
    """Returns what changes are about, and what of that was left out."""
    asked = {
        "family": [str(utcs) for utcs in family],
        "named": [str(utcs) for utcs in named],
        "limit": MAX_FIRST + 1,
    }
    found = await moment.ask(graph, subjects_text(moment), asked)
    assert found is not None, "a statement without MATCH has one row"  # noqa: S101
    changes, subjects = found
    more = f"the first {MAX_FIRST:,} things that it is about are looked at"
    about = About(
        {Utcs.parse(row["utcs"]): read_properties(row["kind"], row) for row in changes},
        [
            (link, Utcs.parse(other), Utcs.parse(row["utcs"]), read_properties(row["kind"], row))
            for link, other, row in subjects[:MAX_FIRST]
        ],
    )
    return about, more if len(subjects) > MAX_FIRST else None


def subjects_text(moment: Moment) -> str:
    """Returns the statement that finds what changes are about."""
    return fill(
        "change/subjects",
        alters=moment.types(["ALTERED_BY"]),
        altered=moment.holds("link", ["ALTERED_BY"]),
        about=moment.types(["ABOUT"]),
        spoken=moment.holds("link", ["ABOUT"]),
        subject=moment.types(["SUBJECT_TO"]),
        subjected=moment.holds("link", ["SUBJECT_TO"]),
        supersedes=moment.types(["SUPERSEDES"]),
        replaced=moment.holds("replacing", ["SUPERSEDES"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


_PIECES: Final = (
    ("leads", "leading", "link", ("REALISES", "FITS")),
    (
        "depends",
        "depending",
        "link",
        ("PERFORMED_ON", "MEETS", "DOCUMENTS", "TEACHES", "ALTERED_BY"),
    ),
    ("follows", "following", "link", ("FOLLOWS", "REQUIRES")),
    ("requires", "required", "link", ("REQUIRES",)),
    ("performed", "performing", "link", ("PERFORMED_ON",)),
    ("instance", "made_to", "link", ("INSTANCE_OF",)),
    ("reserves", "reserved", "hold", ("RESERVES",)),
    ("orders", "ordered", "link", ("ORDERS",)),
    ("contains", "contained", "place", ("CONTAINS",)),
)
"""The gaps of the statement: the types, the condition, the variable, and the links."""


def touched_text(moment: Moment) -> str:
    """Returns the statement that finds what depends on what changes are about."""
    pieces = {types: moment.types(links) for types, _, _, links in _PIECES}
    pieces |= {holds: moment.holds(link, links) for _, holds, link, links in _PIECES}
    return fill(
        "change/touched",
        **pieces,
        needed=moment.holds("need", ["REQUIRES"]),
        type=fill("link/type", link="link"),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def _answer(utcs: Utcs, scope: Scope, found: _Found, cut: str | None) -> ChangeImpact:
    touched = list(_touched(scope, found.touched))
    units = tuple(_units(found.units))
    stock = tuple(_stock(scope, found.stock))
    aircraft = Counter(unit.aircraft for unit in units if unit.aircraft is not None)

    def of(*kinds: str) -> tuple[Touched, ...]:
        return tuple(one for one in touched if one.utcs.kind in kinds)

    return ChangeImpact(
        utcs=utcs,
        changes=tuple(scope.changes),
        subjects=tuple(
            Touched(u, said.name if said else str(u), "revise", tuple(scope.reasons[u]))
            for u, said in scope.things.items()
        ),
        tasks=of("task"),
        publications=of("publication", "document"),
        training=of("training"),
        tools=of("tool"),
        replacements=tuple(scope.replacement(*pair) for pair in scope.replaced),
        stock=stock,
        orders=tuple(_orders(found.orders)),
        units=units,
        units_total=found.units_total,
        aircraft=tuple(sorted(aircraft.items(), key=lambda one: str(one[0]))),
        costing=cost(_bill(scope, found, units, touched)),
        complete=cut is None,
        cut=cut,
    )


def _touched(scope: Scope, rows: Sequence[Any]) -> Iterator[Touched]:
    """Yields what the record says is touched, then what only the proposal says."""
    told = set()
    for key, group in groupby(rows, key=lambda row: str(row[0]["utcs"])):
        found = list(group)
        thing, said = Utcs.parse(key), read_properties(found[0][0]["kind"], found[0][0])
        reasons = tuple(Reason(link, Utcs.parse(other)) for _, link, other in found)
        told.add(thing)
        yield Touched(thing, said.name, scope.effect(thing, said, reasons), reasons)
    for thing, proposed in scope.overlay.stated.items():
        if thing not in told and proposed is not None:
            yield Touched(thing, proposed.name, "new", (Reason("PROPOSED", thing),))


def _stock(scope: Scope, rows: Sequence[Any]) -> Iterator[TouchedStock]:
    fate = disposition(scope.changes.values())
    replaced = {old for old, _ in scope.replaced}
    for row, part_id, reserved in rows:
        said, part = read_as(Stock, row), Utcs.parse(part_id)
        known = scope.part(part)
        each = known.unit_cost_eur if known else None
        fit = fate if part in replaced else None
        yield TouchedStock(
            utcs=Utcs.parse(row["utcs"]),
            part=part,
            quantity=said.quantity,
            reserved_quantity=said.reserved_quantity,
            value_eur=None if said.quantity is None or each is None else said.quantity * each,
            disposition=fit,
            is_useless=None if fit is None else fit in LOST,
            reserved_by=tuple(map(Utcs.parse, reserved)),
        )


def _orders(rows: Sequence[Any]) -> Iterator[Touched]:
    for row, part in rows:
        said = read_properties("order", row)
        reasons = (Reason("ORDERS", Utcs.parse(part)),)
        yield Touched(Utcs.parse(row["utcs"]), said.name, "revise", reasons)


def _units(rows: Sequence[Any]) -> Iterator[TouchedUnit]:
    for utcs, _, part, status, is_installed, aircraft in rows:
        carrier = Utcs.parse(aircraft) if aircraft else None
        yield TouchedUnit(Utcs.parse(utcs), Utcs.parse(part), status, is_installed, carrier)


def _bill(
    scope: Scope,
    found: _Found,
    units: Sequence[TouchedUnit],
    touched: Sequence[Touched],
) -> Bill:
    replaced = {old for old, _ in scope.replaced}
    carriers = {u.aircraft for u in units if u.aircraft and (u.part in replaced or not replaced)}
    said = {Utcs.parse(row["utcs"]): read_properties(row["kind"], row) for row, *_ in found.touched}
    said |= scope.overlay.stated
    new = {one.utcs for one in touched if one.effect == "new"}
    stock = ((Utcs.parse(part), read_properties("stock", row)) for row, part, _ in found.stock)
    lots = [(part, lot) for part, lot in stock if isinstance(lot, Stock)]
    return Bill(
        changes=scope.changes,
        replaced=scope.replaced,
        parts={u: part for u in scope.things if (part := scope.part(u))},
        installed={Utcs.parse(part): count for part, count in found.installed},
        aircraft=None if found.units_total > len(units) else len(carriers),
        stock=None if found.has_more_stock else lots,
        new_tasks={u: t for u, t in said.items() if u in new and isinstance(t, Task)},
    )
