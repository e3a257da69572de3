"""What has become of a work order: steps and sign-offs, what was found and used, what a release asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Final

from graph.model.approval import Breach
from graph.model.identifier import Utcs
from graph.model.maintenance import Deferral, Finding, Release, WorkOrder, WorkOrderStatus
from graph.model.resources import Person, Qualification
from graph.model.sign_off import (
    Found,
    Hand,
    Held,
    OpenOrder,
    Scope,
    SignOff,
    WorkCase,
    missing_for_release,
)
from graph.model.time import Coordinates, UtcDatetime, from_micros, parse_utc
from graph.model.work import ENDED
from graph.store.absence import not_there
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.deferral_use import find_flown_since
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor
from graph.store.selection import Era
from graph.store.text import fill
from graph.store.tool import calibrations_text, read_used_tool

SOURCE: Final = "urn:utcs:work"
"""The source of the events that requests, steps and completions of work orders are."""

COMPLETES: Final = "complete "
"""How the ids of the events begin that report a completion."""

MOST: Final = 1000
"""So many of each sort are read: tasks, findings, steps."""

OPEN: Final = tuple(status for status in WorkOrderStatus if status not in ENDED)
"""Where a work order stands while something is to be done under it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that a work order made.

    Attributes:
        at: From when it stood so.
        status: Where it stood.
        actor: Who stated it.
        source: The source of the event that stated it.
        event: The id of that event.
        seq: Its number in the change log.
        document: The event itself, where it reported a completion.
    """

    at: UtcDatetime
    status: str | None
    actor: str
    source: str
    event: str
    seq: int
    document: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """A work order at a moment, with all that stands around it.

    Attributes:
        version: The number of the statement that holds.
        valid_from: From when it holds.
        units: What is worked on, with its name.
        tasks: What is carried out, with its name.
        releases: The certificates that release it.
        reserved: What is set aside for it, and how much.
        consumed: What it used up, and how much.
        place: Where it is done.
        approvals: What that place is approved to.
        steps: Where it stood, in the order of time.
        missing: What is missing before it may be released; empty once it is, or nothing is to be done.
        cut: What was left out, in words; None if nothing was.
    """

    utcs: Utcs
    order: WorkOrder
    version: int
    valid_from: UtcDatetime
    case: WorkCase
    units: tuple[tuple[Utcs, str], ...]
    tasks: tuple[tuple[Utcs, str], ...]
    releases: tuple[tuple[Utcs, Release], ...]
    reserved: Mapping[Utcs, Decimal | None]
    consumed: Mapping[Utcs, Decimal | None]
    place: Utcs | None
    approvals: tuple[str, ...]
    steps: tuple[Taken, ...]
    missing: tuple[Breach, ...]
    cut: str | None

    @property
    def completion(self) -> Taken | None:
        """The report of its completion, if one stands."""
        return next((one for one in reversed(self.steps) if one.document is not None), None)

    def further_findings(self) -> Iterator[Utcs]:
        """Yields names for further findings of the order."""
        known = {one.utcs for one in self.case.found}
        stem = self.utcs.local.removeprefix("WO-")[:56]
        ids = (Utcs(self.utcs.authority, "finding", f"FND-{stem}-{n}") for n in count(1))
        return (one for one in ids if one not in known)


async def find_order(graph: Graph, order: Utcs, *, at: Coordinates = CURRENT) -> Order:
    """Returns a work order as it stands at a moment.

    Raises:
        BadQuestionError: The thing is no work order.
        NotFoundError: It is not there then.
    """
    if order.kind != "workorder":
        raise BadQuestionError(f"id: {order} is a {order.kind}; give a work order", field="id")
    moment = Moment.of(graph, at)
    asked = {
        "order": str(order),
        "source": SOURCE,
        "prefix": COMPLETES,
        "most": MOST,
        "open": ["", *OPEN],
    }
    row = await moment.ask(graph, order_text(moment), asked)
    if row is None or row[0] is None:
        raise await not_there(graph, order, moment)
    found = _order(order, *row)
    return await judged(graph, found, from_micros(moment.world), known_at=at.known_at)


async def judged(
    graph: Graph, order: Order, at: datetime, *, known_at: datetime | None = None
) -> Order:
    """Returns a work order with what was flown on its deferrals until a moment, and what is missing then.

    Nothing is read unless a deferral that runs is limited in hours or cycles.
    """
    flown = await find_flown_since(
        graph, order.case, [unit for unit, _ in order.units], at, known_at
    )
    found = tuple(replace(one, flown=flown) for one in order.case.found)
    case = replace(order.case, found=found)
    missing = () if order.order.status in ENDED else tuple(missing_for_release(case, at))
    return replace(order, case=case, missing=missing)


async def find_hand(graph: Graph, person: Utcs, at: datetime) -> Hand:
    """Returns a person with the qualifications that were theirs at a moment; without either, if not there."""
    moment = Moment.of(graph, Coordinates(as_of=at))
    asked = {"utcs": str(person), "world": moment.world, "knowledge": moment.knowledge}
    rows = await graph.read(hand_text(moment), asked)
    return _hand(rows[0][0]) if rows else Hand(person, None, ())


@dataclass(frozen=True, slots=True)
class Listed:
    """A work order in a list, and what it works on."""

    utcs: Utcs
    order: WorkOrder
    units: tuple[Utcs, ...]


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of work orders, in the order of their ids; `next` is the cursor of the next page."""

    orders: tuple[Listed, ...]
    next: str | None


async def list_orders(
    graph: Graph,
    *,
    asset: Utcs | None = None,
    states: Sequence[WorkOrderStatus] = OPEN,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> OrderList:
    """Returns a page of work orders, on one asset or all; those that are not ended unless states are named.

    Raises:
        BadQuestionError: A number or the cursor is wrong, or the asset is none.
    """
    if asset is not None:
        require_unit(asset, field="asset")
    asked = sealed("workOrders", str(asset), *states, at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    parameters = {
        "asset": str(asset),
        "states": [one.value for one in states],
        "start": start,
        "limit": limit + 1,
    }
    row = await moment.ask(graph, list_text(moment, is_of_asset=asset is not None), parameters)
    found = [_listed(*one) for one in row[0]] if row else []
    mark = write_cursor(asked, str(found[limit].utcs)) if len(found) > limit else None
    return OrderList(tuple(found[:limit]), mark)


_READS: Final = {
    "works_on": ("WORKS_ON", "works_holds", "link"),
    "executes": ("EXECUTES", "executes_holds", "link"),
    "requires": ("REQUIRES", "need_holds", "need"),
    "signed": ("SIGNED_BY", "signed_holds", "link"),
    "found": ("FOUND_IN", "found_holds", "link"),
    "defers": ("DEFERS", "put_holds", "put"),
    "releases": ("RELEASES", "releases_holds", "link"),
    "reserves": ("RESERVES", "reserves_holds", "link"),
    "consumes": ("CONSUMES", "consumes_holds", "link"),
    "uses": ("USES", "uses_holds", "link"),
    "takes_place": ("TAKES_PLACE_AT", "place_holds", "link"),
}
"""By the gap of the types: the link type, the gap of the condition, and what the relationship is called."""


def order_text(moment: Moment) -> str:
    """Returns the statement that reads a work order."""
    types = {gap: moment.types([link]) for gap, (link, _, _) in _READS.items()}
    holds = {gap: moment.holds(name, [link]) for link, gap, name in _READS.values()}
    return fill(
        "work/order",
        **types,
        **holds,
        person=_person(moment),
        to_holds=moment.holds("to", ["WORKS_ON"]),
        status=moment.said("other", "status"),
        due=moment.said("other", "due_on"),
        name=moment.name("other"),
        stood_then=fill("lifecycle/holds_at", row="stood"),
        calibrations=calibrations_text(moment),
        holds_row=moment.holds_row("row"),
        holds_said=moment.holds_row("said"),
        stale=fill("thing/stale"),
    )


def hand_text(moment: Moment) -> str:
    """Returns the statement that reads a person with their qualifications."""
    return fill("work/hand", person=_person(moment))


def list_text(moment: Moment, *, is_of_asset: bool) -> str:
    """Returns the statement that lists work orders."""
    types, on = moment.types(["WORKS_ON"]), moment.holds("on", ["WORKS_ON"])
    orders = fill("work/of_all")
    if is_of_asset:
        orders = fill("work/of_asset", works_on=types, on_holds=on)
    return fill(
        "work/list",
        orders=orders,
        works_on=types,
        works_holds=moment.holds("link", ["WORKS_ON"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def _person(moment: Moment) -> str:
    return fill(
        "work/person",
        said=fill("lifecycle/holds_at", row="said"),
        right=fill("lifecycle/holds_at", row="right"),
        qualified=_ever(moment, "QUALIFIED_BY"),
        held=_held_then(moment, "held", "QUALIFIED_BY"),
        completed=_ever(moment, "COMPLETED"),
        done=_held_then(moment, "done", "COMPLETED"),
    )


def _ever(moment: Moment, link: str) -> str:
    """Returns the relationship types of a link at any time of the world."""
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    return era.relationship_types([link])


def _held_then(moment: Moment, name: str, link: str) -> str:
    holds = fill("lifecycle/holds_at", row=name)
    return f"{holds} AND {was_one_of(name, [link])}" if moment.era is Era.KNOWN else holds


def _order(
    utcs: Utcs, row: Mapping[str, Any], units: list[Any], tasks: list[Any], trainings: list[Any],
    signed: list[Any], found: list[Any], releases: list[Any], reserved: list[Any],
    consumed: list[Any], tools: list[Any], others: list[Any], places: list[Any], steps: list[Any],
) -> Order:  # fmt: skip
    order = read_as(WorkOrder, row)
    case = WorkCase(
        utcs=utcs,
        order=order,
        signed=tuple(_sign_off(*one) for one in signed),
        found=tuple(_found(*one) for one in found),
        scope=Scope(
            tuple(_names(*said) for _, _, *said in units if any(said)),
            {Utcs.parse(training): name for training, name in trainings},
        ),
        tools=tuple(read_used_tool(utcs, order, *one) for one in tools),
        open_besides=tuple(
            OpenOrder(Utcs.parse(one), name, date.fromisoformat(due)) for one, name, due in others
        ),
    )
    return Order(
        utcs=utcs,
        order=order,
        version=row["n"],
        valid_from=from_micros(row["valid_from"]),
        case=case,
        units=tuple((Utcs.parse(unit), name) for unit, name, *_ in units),
        tasks=tuple((Utcs.parse(task), name) for task, name in tasks),
        releases=tuple((Utcs.parse(one), read_as(Release, said)) for one, said in releases),
        reserved=_amounts(reserved),
        consumed=_amounts(consumed),
        place=Utcs.parse(places[0][0]) if places else None,
        approvals=tuple(places[0][1] or ()) if places else (),
        steps=tuple(Taken(from_micros(at), *said) for at, *said in steps),
        missing=(),
        cut=_cut(
            tasks=tasks,
            findings=found,
            steps=steps,
            reservations=reserved,
            tools=tools,
            open_orders=others,
        ),
    )


def _cut(**read: list[Any]) -> str | None:
    full = [name for name, rows in read.items() if len(rows) >= MOST]
    return f"no more than {MOST:,} {' and '.join(full)} are told" if full else None


def _names(*said: str | None) -> frozenset[str]:
    return frozenset(name for name in said if name)


def _amounts(rows: Iterable[tuple[str, Any]]) -> dict[Utcs, Decimal | None]:
    return {Utcs.parse(thing): None if much is None else Decimal(str(much)) for thing, much in rows}


def _found(utcs: str, said: Mapping[str, Any], deferrals: list[Any]) -> Found:
    return Found(
        Utcs.parse(utcs),
        read_as(Finding, said),
        tuple((Utcs.parse(one), read_as(Deferral, row)) for one, row in deferrals),
    )


def _sign_off(slot: str, since: int, carried: Mapping[str, Any], person: list[Any]) -> SignOff:
    written = carried.get("signed_at")
    return SignOff(
        slot=slot,
        hand=_hand(person),
        signed_at=parse_utc(written) if written else from_micros(since),
        statement=carried.get("statement"),
        authorisation=carried.get("authorisation"),
    )


def _hand(found: list[Any]) -> Hand:
    utcs, person, held = found
    return Hand(
        Utcs.parse(utcs),
        None if person is None else read_as(Person, person),
        tuple(
            Held(read_as(Qualification, said), frozenset(map(Utcs.parse, done)))
            for said, done in held
        ),
    )


def _listed(said: Mapping[str, Any], units: list[str]) -> Listed:
    order = read_as(WorkOrder, said)
    return Listed(Utcs.parse(said["utcs"]), order, tuple(map(Utcs.parse, units)))
