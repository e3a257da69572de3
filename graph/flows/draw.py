"""What is drawn from stock for a work order, as facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from graph.model.consumption import Draw, Lot
from graph.model.fact import EndLink, Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.resources import Stock, StockStatus
from graph.model.time import from_micros
from graph.store.work_order import Order


def consumed(order: Order, one: Draw, at: datetime) -> list[Fact]:
    """Returns what was drawn from a lot as facts: what was used, and what is left."""
    booked = max(at, from_micros(one.lot.since) + timedelta(microseconds=1))
    left = _left(one, order.utcs)
    facts: list[Fact] = [
        _amount(order, "CONSUMES", one.lot, one.quantity + one.lot.used),
        PutNode(utcs=one.lot.utcs, properties=left, replaces=one.lot.version, valid_from=booked),
    ]
    kept = one.lot.promised_to(order.utcs) - one.quantity
    if kept > 0:
        facts.append(_amount(order, "RESERVES", one.lot, kept))
    elif one.lot.utcs in order.reserved:
        facts.append(EndLink(source=order.utcs, link="RESERVES", target=one.lot.utcs))
    return facts


def _amount(order: Order, link: str, lot: Lot, much: Decimal) -> PutLink:
    unit = lot.stock.unit_of_measure
    said = {"quantity": f"{much:f}"} | ({"unit_of_measure": unit.value} if unit else {})
    return PutLink(source=order.utcs, link=link, target=lot.utcs, properties=said)


def _left(one: Draw, order: Utcs) -> Stock:
    """Returns a lot as it is once something was drawn from it."""
    stock = one.lot.stock
    rest = (stock.quantity or Decimal()) - one.quantity
    said = stock.model_dump(exclude_none=True) | {"quantity": rest}
    if stock.reserved_quantity is not None:
        freed = min(one.lot.promised_to(order), one.quantity)
        said["reserved_quantity"] = max(stock.reserved_quantity - freed, Decimal())
    if rest == 0:
        said["status"] = StockStatus.ISSUED
    return Stock.model_validate(said)
