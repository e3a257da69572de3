"""Stock: set aside for work orders, issued to them, and taken back.

Each operation is one event. It names the statements that it was decided upon, so that of two who take the
last of a lot one comes too late; that one is decided anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import uuid4

from graph.flows.lifecycle import refuse
from graph.flows.stock_facts import consumed, set_aside, set_free, taken_back
from graph.flows.submit import Principal, submit
from graph.flows.work import ATTEMPTS, moment_of, refused, work_event
from graph.model.approval import Breach
from graph.model.consumption import Draw, Lot, Offer, part_flaws, pick, short
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.outcome import Outcome, Reason, Status
from graph.model.product import Serial, UnitOfMeasure
from graph.model.stocking import (
    quantity_breaches,
    unit_breaches,
)
from graph.model.time import from_micros
from graph.model.work import ENDED
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.stock import find_stock
from graph.store.used_parts import USABLE, find_offers
from graph.store.work_order import Order, find_order


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be moved for a work order.

    Attributes:
        order: The work order.
        thing: A part number, a batch, a lot, or a unit in stock.
        quantity: How much.
        unit: What that is counted in; as the stock is counted unless given.
        at: When; now unless given.
        with_alternates: Whether what lacks may be of part numbers that are approved to stand in; of a
            reservation only.
    """

    order: Utcs
    thing: Utcs
    quantity: Decimal
    unit: UnitOfMeasure | None = None
    at: datetime | None = None
    with_alternates: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """How much of which lot was moved."""

    stock: Utcs
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved in stock.

    Attributes:
        order: The work order; None where something was received.
        lines: From or into which lots.
        certificate: The certificate with which it was received, if it was.
        at: Since when it is so.
        event: The id of the event, of the source `urn:utcs:work`: `correct` takes it back.
        seq: Its number in the change log.
    """

    order: Utcs | None
    lines: tuple[Line, ...]
    certificate: Utcs | None
    at: datetime
    event: str
    seq: int


async def reserve(graph: Graph, principal: Principal, wanted: Wanted) -> Moved:
    """Sets something in stock aside for a work order, what expires first first.

    Raises:
        BadQuestionError: It is nothing that lies in stock, or the time is wrong.
        ForbiddenError: The principal may not write.
        LifecycleError: A rule is broken, or there is not enough; nothing was written.
        NotFoundError: The order or the thing is not there.
    """
    return await _move(graph, principal, wanted, _RESERVE)


async def cancel_reservation(graph: Graph, principal: Principal, wanted: Wanted) -> Moved:
    """Frees what was set aside for a work order, be that ended or not; raises as `reserve` does."""
    return await _move(graph, principal, wanted, _CANCEL)


async def issue(graph: Graph, principal: Principal, wanted: Wanted) -> Moved:
    """Issues something from stock to a work order; raises as `reserve` does.

    What is set aside for it goes first, then what expires first.
    """
    return await _move(graph, principal, wanted, _ISSUE)


async def take_back(graph: Graph, principal: Principal, wanted: Wanted) -> Moved:
    """Takes what was issued and not used back into the lots that it came from; raises as `reserve` does."""
    return await _move(graph, principal, wanted, _RETURN)


@dataclass(frozen=True, slots=True)
class _Verb:
    """A way of moving stock for a work order.

    Attributes:
        name: The verb.
        free: How much of a lot an order may have moved so.
        facts: What is stated of each lot.
        lacks: What to say where there is not enough; None where the lots themselves say why.
        is_fit: Whether only what may be used is moved.
        is_open: Whether only for an order that has not ended.
    """

    name: str
    free: Callable[[Lot, Utcs], Decimal]
    facts: Callable[[Utcs, Draw, datetime], list[Fact]]
    lacks: str | None = None
    is_fit: bool = True
    is_open: bool = True


_RESERVE: Final = _Verb("reserve", lambda lot, _: lot.unpromised, set_aside)
_ISSUE: Final = _Verb("issue", lambda lot, order: lot.free_for(order), consumed)
_CANCEL: Final = _Verb(
    "cancel", lambda lot, order: lot.promised_to(order), set_free, "is set aside for",
    is_fit=False, is_open=False,
)  # fmt: skip
_RETURN: Final = _Verb(
    "return", lambda lot, _: lot.used, taken_back, "was issued to", is_fit=False
)  # fmt: skip


async def _move(graph: Graph, principal: Principal, wanted: Wanted, verb: _Verb) -> Moved:
    """Moves something for a work order; decided anew while somebody else was faster."""
    principal.require("editor")
    if wanted.thing.kind not in USABLE:
        raise BadQuestionError(
            f"thing: {wanted.thing} is a {wanted.thing.kind}; name a part number, a batch, a lot or a unit "
            "in stock",
            field="thing",
        )
    for _ in range(ATTEMPTS):
        order = await find_order(graph, wanted.order)
        draws = await _draws(graph, wanted, verb, order)
        said = max(from_micros(one.lot.since) for one in draws)
        when = moment_of(graph, said, wanted.at)
        facts = [fact for one in draws for fact in verb.facts(wanted.order, one, when)]
        lines = tuple(Line(one.lot.utcs, one.quantity) for one in draws)
        moved = Moved(wanted.order, lines, None, when, f"{verb.name} {wanted.thing} {uuid4()}", 0)
        outcome = await record(graph, principal, moved, facts)
        if outcome.status is Status.APPLIED and outcome.seq is not None:
            return replace(moved, seq=outcome.seq)
        if outcome.code is not Reason.OUTDATED:
            break
    raise refused(f"stock.{verb.name}", outcome)


async def _draws(graph: Graph, wanted: Wanted, verb: _Verb, order: Order) -> list[Draw]:
    """Returns how much is moved of which lots; all that forbids it is told together."""
    (offer,) = await _offers(graph, [wanted.thing], order)
    day = moment_of(graph, from_micros(0), wanted.at).date()
    refuse(_of_request(wanted, verb, order, offer))
    draws, lacks = _picked(offer.lots, wanted.quantity, day, wanted, verb)
    if lacks > 0 and wanted.with_alternates and verb is _RESERVE:
        for other in await _offers(graph, await _alternates(graph, wanted.thing), order):
            if next(part_flaws(other), None) is None:
                more, lacks = _picked(other.lots, lacks, day, wanted, verb)
                draws += more
    if lacks > 0:
        refuse([_lacking(wanted, verb, offer, lacks, day)])
    units = {one.lot.stock.unit_of_measure for one in draws}
    rule = f"stock.{verb.name}"
    refuse([
        *(breach for unit in units for breach in unit_breaches(wanted.unit, unit, rule)),
        *(b for unit in units for b in quantity_breaches(wanted.quantity, unit, rule)),
    ])  # fmt: skip
    return draws


async def _offers(graph: Graph, things: Sequence[Utcs], order: Order) -> list[Offer]:
    asset = order.units[0][0] if order.units else order.utcs
    return await find_offers(graph, [(one.local, one) for one in things], order.utcs, asset)


async def _alternates(graph: Graph, thing: Utcs) -> list[Utcs]:
    """Returns the part numbers that are approved to stand in for one."""
    if thing.kind != "part":
        return []
    page = await find_stock(graph, part=thing)
    return [one for part in page.parts for one in part.alternates]


def _picked(
    lots: Sequence[Lot], much: Decimal, day: date, wanted: Wanted, verb: _Verb
) -> tuple[list[Draw], Decimal]:
    def turn(lot: Lot) -> tuple[Decimal, date, str]:
        own = Decimal() if verb is _RESERVE else lot.promised_to(wanted.order)
        return -own, lot.stock.expires_on or date.max, str(lot.utcs)

    fit_on = day if verb.is_fit else None
    return pick(sorted(lots, key=turn), much, fit_on, lambda lot: verb.free(lot, wanted.order))


def _of_request(wanted: Wanted, verb: _Verb, order: Order, offer: Offer) -> list[Breach]:
    rule = f"stock.{verb.name}"
    found = list(quantity_breaches(wanted.quantity, None, rule))
    if verb.is_open and order.order.status in ENDED:
        problem = f"order: {order.utcs.local} is {order.order.status}; name one that has not ended"
        found.append(Breach(f"{rule}/state", problem))
    if not verb.is_fit:
        return found
    found += [Breach(f"{rule}/part", f"thing: {offer.named}: {why}") for why in part_flaws(offer)]
    thing = offer.thing
    if verb is _ISSUE and (isinstance(thing, Serial) or getattr(thing, "is_serialised", False)):
        problem = f"thing: {offer.named} is serialised; record the installation of the unit instead"
        found.append(Breach(f"{rule}/serial", problem))
    return found


def _lacking(wanted: Wanted, verb: _Verb, offer: Offer, lacks: Decimal, day: date) -> Breach:
    had, rule = wanted.quantity - lacks, f"stock.{verb.name}/quantity"
    if verb.lacks is not None:
        problem = f"{plain(had)} {verb.lacks} {wanted.order.local}, not {plain(wanted.quantity)}"
    else:
        problem = short(offer.lots, wanted.quantity, had, day, wanted.order)
    return Breach(rule, f"thing: {offer.named}: {problem}")


async def record(
    graph: Graph, principal: Principal, moved: Moved, facts: Sequence[Fact]
) -> Outcome:
    """Submits what was moved as the one event that it is, and returns what became of it."""
    subject = moved.lines[0].stock
    event = work_event(moved.event, subject, moved.at, principal, facts)
    (outcome,) = await submit(graph, [event], principal)
    return outcome
