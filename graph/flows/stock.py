"""Stock: received with its certificate, set aside for work orders, issued to them, and taken back.

Each operation is one event. It names the statements that it was decided upon, so that of two who take the
last of a lot one comes too late; that one is decided anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.lifecycle import refuse
from graph.flows.stock_facts import consumed, set_aside, set_free, taken_back
from graph.flows.submit import Principal, submit
from graph.flows.work import ATTEMPTS, moment_of, refused, work_event
from graph.model.approval import Breach
from graph.model.consumption import Draw, Lot, Offer, part_flaws, pick, short
from graph.model.event import explain
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.maintenance import CertificateStatus, Release
from graph.model.outcome import Outcome, Reason, Status
from graph.model.product import Batch, BatchStatus, Serial, SerialStatus, UnitOfMeasure
from graph.model.resources import Stock, StockStatus
from graph.model.stocking import (
    Known,
    Receipt,
    expiry,
    quantity_breaches,
    receive_breaches,
    unit_breaches,
)
from graph.model.time import from_micros
from graph.model.work import ENDED
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.stock import find_known, find_stock
from graph.store.used_parts import USABLE, find_offers
from graph.store.work_order import Order, find_order

_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""What a receipt is numbered by: its lot is called so."""


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


async def receive(
    graph: Graph, principal: Principal, receipt: Receipt, *, at: datetime | None = None
) -> Moved:
    """Records that something came into stock, with its certificate, or into quarantine.

    Raises:
        BadQuestionError: A number names nothing, or the part or the place is none.
        ForbiddenError: The principal may not write.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The part, the place or the unit is not there.
    """
    principal.require("editor")
    ids = _ids(receipt)
    known = await find_known(graph, receipt, ids)
    when = moment_of(graph, from_micros(known.since), at)
    refuse(receive_breaches(receipt, known, when.date()))
    try:
        facts = _received(receipt, known, ids, when)
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error
    lines = (Line(ids["lot"], receipt.quantity),)
    id = f"receive {ids['lot']} {uuid4()}"
    moved = Moved(None, lines, ids.get("certificate"), when, id, 0)
    outcome = await _submit(graph, principal, moved, facts)
    if outcome.status is not Status.APPLIED or outcome.seq is None:
        raise refused("stock.receive", outcome)
    return replace(moved, seq=outcome.seq)


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
        outcome = await _submit(graph, principal, moved, facts)
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
    own = sorted(lots, key=lambda one: -one.promised_to(wanted.order))  # stable: then as it expires
    return pick(own, much, day if verb.is_fit else None, lambda lot: verb.free(lot, wanted.order))


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


def _ids(receipt: Receipt) -> dict[str, Utcs]:
    """Returns what the lot, the certificate and the batch of a receipt are or will be called."""
    of, part = receipt.part.authority, receipt.part.local
    named = {"lot": _numbered(of, "stock", receipt.number, "number")}
    if receipt.certificate is not None:
        named["certificate"] = _numbered(of, "release", receipt.certificate, "certificate")
    if receipt.batch is not None:
        local = _numbered(of, "batch", receipt.batch, "batch").local
        named["batch"] = Utcs(of, "batch", f"{part}-{local}"[-64:].lstrip("._-"))
    return named


def _numbered(authority: str, kind: str, number: str, field: str) -> Utcs:
    if not _NUMBER.fullmatch(number):
        raise BadQuestionError(
            f"{field}: {number!a:.70} names nothing; give 1 to 60 letters, digits, '.', '_' and '-'",
            field=field,
        )
    return Utcs(authority, kind, number)


def _received(receipt: Receipt, known: Known, ids: Mapping[str, Utcs], at: datetime) -> list[Fact]:
    """Returns what came in as facts: the lot, where it lies, its batch, its unit, its papers."""
    lot, end = ids["lot"], expiry(receipt, known.part)
    unit = receipt.unit or known.part.unit_of_measure
    facts: list[Fact] = [
        PutNode(utcs=lot, properties=_lot(receipt, known, unit, end, at), replaces=0),
        PutLink(source=lot, link="INSTANCE_OF", target=receipt.part),
        PutLink(source=lot, link="LOCATED_IN", target=receipt.place),
    ]
    carriers = [lot]
    if (batch := ids.get("batch")) is not None:
        facts += _batch(receipt, known, batch, unit, end)
        facts.append(PutLink(source=lot, link="FROM_BATCH", target=batch))
    if known.unit is not None and receipt.serial is not None:
        carriers.append(receipt.serial)
        facts += _unit(receipt, known.unit[0], receipt.serial, lot, known.version)
    if (paper := ids.get("certificate")) is not None:
        if known.certificate is None:
            facts.append(PutNode(utcs=paper, properties=_paper(receipt, paper), replaces=0))
        facts += [PutLink(source=one, link="CERTIFIED_BY", target=paper) for one in carriers]
    return facts


def _lot(
    receipt: Receipt, known: Known, unit: UnitOfMeasure | None, end: date | None, at: datetime
) -> Stock:
    return Stock(
        name=f"{known.part.name}, receipt {receipt.number}"[:300],
        number=receipt.number,
        quantity=receipt.quantity,
        minimum_quantity=receipt.minimum,
        unit_of_measure=unit,
        bin=receipt.bin,
        condition=receipt.condition,
        owner=receipt.owner,
        status=StockStatus.QUARANTINED if receipt.is_held else StockStatus.AVAILABLE,
        received_on=at.date(),
        expires_on=end,
    )


def _batch(
    receipt: Receipt, known: Known, utcs: Utcs, unit: UnitOfMeasure | None, end: date | None
) -> list[Fact]:
    """Returns a batch that was not on record; one that was stays as it is said to be."""
    if known.batch is not None:
        return []
    said = Batch(
        name=f"Batch {receipt.batch} of {known.part.number}"[:300],
        number=receipt.batch,
        unit_of_measure=unit,
        certificate=receipt.certificate,
        manufactured_on=receipt.manufactured_on,
        expires_on=end,
        status=None if receipt.is_held else BatchStatus.RELEASED,
    )
    return [
        PutNode(utcs=utcs, properties=said, replaces=0),
        PutLink(source=utcs, link="INSTANCE_OF", target=receipt.part),
    ]


def _unit(receipt: Receipt, unit: Serial, utcs: Utcs, lot: Utcs, version: int) -> list[Fact]:
    """Returns that a unit lies in a lot of its own; stated upon what was decided on."""
    status = SerialStatus.QUARANTINED if receipt.is_held else SerialStatus.IN_STOCK
    said = unit.model_copy(update={"status": status, "condition": receipt.condition})
    return [
        PutNode(utcs=utcs, properties=said, replaces=version),
        PutLink(source=lot, link="CONSISTS_OF", target=utcs),
        PutLink(source=utcs, link="LOCATED_IN", target=receipt.place),
    ]


def _paper(receipt: Receipt, utcs: Utcs) -> Release:
    assert receipt.form is not None  # noqa: S101 - the rules ask for it
    issued = receipt.issued_on
    return Release(
        name=f"{receipt.form.value.replace('_', ' ')} {receipt.certificate}"[:300],
        number=utcs.local,
        form=receipt.form,
        organisation=receipt.organisation,
        quantity=receipt.quantity,
        status=CertificateStatus.VALID,
        issued_at=None if issued is None else datetime.combine(issued, time.min, UTC),
    )


async def _submit(
    graph: Graph, principal: Principal, moved: Moved, facts: Sequence[Fact]
) -> Outcome:
    subject = moved.lines[0].stock
    event = work_event(moved.event, subject, moved.at, principal, facts)
    (outcome,) = await submit(graph, [event], principal)
    return outcome
