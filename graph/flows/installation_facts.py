"""What one event states when a unit is put in or taken out: the link, the unit anew, what goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from graph.model.attachment import Promise, Subject
from graph.model.compliance import Life
from graph.model.fact import EndLink, Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.operation import Usage, UsageCategory
from graph.model.product import SerialCondition, SerialStatus
from graph.model.resources import Stock, StockStatus
from graph.store.attachment import Attachment


def installed_facts(
    found: Attachment, slot: str, at: int, life: Life, order: Utcs | None, approval: Utcs | None
) -> list[Fact]:
    """Returns that a unit is in a slot and in service, and neither in stock nor elsewhere any more.

    The unit is stated upon the statement that was decided on: who decided on the same one is refused.
    """
    unit = found.subject.utcs
    counters: dict[str, Any] = {"total_fh": life.fh, "total_fc": life.fc}
    facts: list[Fact] = [
        _stated(found.subject, SerialStatus.IN_SERVICE, SerialCondition.SERVICEABLE),
        *_left(found.subject, at),
        *_issued(found.subject, at, order),
        _put(
            found.carrier.utcs,
            "CONTAINS",
            unit,
            slot=slot,
            **counters,
            reference=order,
            approval=approval,
        ),
    ]
    if order is not None:
        facts.append(_put(order, "INSTALLS", unit, **counters))
        facts += [
            _put(order, "CONSUMES", stock, quantity=1) for stock in _stocks(found.subject, at)
        ]
    return facts


def removed_facts(
    found: Attachment,
    slot: str,
    at: int,
    life: Life,
    order: Utcs | None,
    *,
    condition: SerialCondition,
    to: Utcs | None,
    reason: str | None,
    is_scheduled: bool | None,
) -> list[Fact]:
    """Returns that a unit is in a slot no longer but in transit, in some condition, and where it lies."""
    unit, carrier = found.subject.utcs, found.carrier
    facts: list[Fact] = [
        _stated(found.subject, SerialStatus.IN_TRANSIT, condition),
        EndLink(source=carrier.utcs, link="CONTAINS", target=unit, slot=slot),
    ]
    if to is not None:
        facts += [*_left(found.subject, at, but=to), _put(unit, "LOCATED_IN", to)]
    if order is not None:
        position = ".".join((*carrier.place, slot))
        told: dict[str, Any] = {
            "reason": reason,
            "is_scheduled": is_scheduled,
            "position": position,
        }
        facts.append(
            _put(order, "REMOVES", unit, **told, total_fh=life.fh, total_fc=life.fc)
        )  # fmt: skip
    return facts


def reading_facts(
    aircraft: Utcs, at: datetime, total_fh: Decimal | None, total_fc: Decimal | None
) -> list[Fact]:
    """Returns that the counters of an aircraft were read."""
    usage = Utcs(aircraft.authority, "usage", f"USE-{uuid4().hex}")
    said = {
        "name": f"Usage of {aircraft.local}",
        "category": UsageCategory.RECORDED,
        "measured_at": at,
        "total_fh": total_fh,
        "total_fc": total_fc,
    }
    return [
        PutNode(utcs=usage, properties=Usage.model_validate(said), replaces=0),
        _put(usage, "COUNTS", aircraft),
    ]


def _stated(subject: Subject, status: SerialStatus, condition: SerialCondition) -> PutNode:
    """Returns a unit as it is from now on; first of all facts, so that who comes too late is told so."""
    thing = subject.thing.model_copy(update={"status": status, "condition": condition})
    return PutNode(utcs=subject.utcs, properties=thing, replaces=subject.version)


def _left(subject: Subject, at: int, but: Utcs | None = None) -> Iterator[Fact]:
    """Yields that a unit lies no longer where it lay."""
    for held in subject.located:
        if held.is_at(at) and held.where != but:
            yield EndLink(source=subject.utcs, link="LOCATED_IN", target=held.where)


def _stocks(subject: Subject, at: int) -> list[Utcs]:
    return [held.where for held in subject.stocked if held.is_at(at)]


def _issued(subject: Subject, at: int, order: Utcs | None) -> Iterator[Fact]:
    """Yields that a unit left the stock that it was in, which holds one less, and is set aside no longer."""
    promised = {one.of: one for one in subject.promised if one.order == order}
    for stock in _stocks(subject, at):
        own = promised.get(stock)
        for utcs, thing, version in subject.origins:
            if utcs == stock and isinstance(thing, Stock) and (thing.quantity or 0) >= 1:
                left = _one_less(thing, is_own=own is not None)
                yield PutNode(utcs=stock, properties=left, replaces=version)
        yield EndLink(source=stock, link="CONSISTS_OF", target=subject.utcs)
    for own in promised.values():
        yield _less_promised(own)


def _less_promised(own: Promise) -> Fact:
    """Returns that one piece less is set aside for an order; of a promise of no quantity nothing is left."""
    if own.quantity is None or own.quantity <= 1:
        return EndLink(source=own.order, link="RESERVES", target=own.of)
    return _put(own.order, "RESERVES", own.of, quantity=own.quantity - 1)


def _one_less(stock: Stock, *, is_own: bool) -> Stock:
    left = (stock.quantity or Decimal(0)) - 1
    reserved = stock.reserved_quantity
    if reserved is not None:
        reserved = max(min(reserved - is_own, left), Decimal(0))
    said: dict[str, Any] = {"quantity": left, "reserved_quantity": reserved}
    if not left:
        said["status"] = StockStatus.ISSUED
    return stock.model_copy(update=said)


def _put(
    source: Utcs, link: str, target: Utcs, /, *, slot: str | None = None, **carried: Any
) -> PutLink:
    properties = {name: _plain(value) for name, value in carried.items() if value is not None}
    return PutLink(source=source, link=link, target=target, slot=slot, properties=properties)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date | Utcs) else value
