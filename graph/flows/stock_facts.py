"""What is stated when stock is set aside, drawn from, or comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from graph.model.consumption import Draw, Lot
from graph.model.fact import EndLink, Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.resources import Stock, StockStatus
from graph.model.time import from_micros


def consumed(order: Utcs, one: Draw, at: datetime) -> list[Fact]:
    """Returns what was drawn from a lot as facts: what was used, and what is left."""
    freed = min(one.lot.promised_to(order), one.quantity)
    rest = (one.lot.stock.quantity or Decimal()) - one.quantity
    said: dict[str, Decimal | StockStatus] = {"quantity": rest}
    if rest == 0:
        said["status"] = StockStatus.ISSUED
    return [
        _amount(order, "CONSUMES", one.lot, one.quantity + one.lot.used),
        _restated(one.lot, at, said, freed),
        *_promise(order, one.lot, one.lot.promised_to(order) - one.quantity),
    ]


def set_aside(order: Utcs, one: Draw, at: datetime) -> list[Fact]:
    """Returns that something of a lot is set aside for an order, besides what was before."""
    return [
        _amount(order, "RESERVES", one.lot, one.lot.promised_to(order) + one.quantity),
        _restated(one.lot, at, {}, -one.quantity),
    ]


def set_free(order: Utcs, one: Draw, at: datetime) -> list[Fact]:
    """Returns that something of a lot is set aside for an order no longer."""
    return [
        _restated(one.lot, at, {}, one.quantity),
        *_promise(order, one.lot, one.lot.promised_to(order) - one.quantity),
    ]


def taken_back(order: Utcs, one: Draw, at: datetime) -> list[Fact]:
    """Returns that something that was issued to an order lies in its lot again."""
    stock, left = one.lot.stock, one.lot.used - one.quantity
    said: dict[str, Decimal | StockStatus] = {
        "quantity": (stock.quantity or Decimal()) + one.quantity
    }
    if stock.status is StockStatus.ISSUED:
        said["status"] = StockStatus.AVAILABLE
    link = EndLink(source=order, link="CONSUMES", target=one.lot.utcs)
    return [
        _amount(order, "CONSUMES", one.lot, left) if left > 0 else link,
        _restated(one.lot, at, said),
    ]


def _promise(order: Utcs, lot: Lot, much: Decimal) -> list[Fact]:
    """Returns how much of a lot is set aside for an order from now on, if anything was."""
    if order not in lot.promised:
        return []
    if much > 0:
        return [_amount(order, "RESERVES", lot, much)]
    return [EndLink(source=order, link="RESERVES", target=lot.utcs)]


def _amount(order: Utcs, link: str, lot: Lot, much: Decimal) -> PutLink:
    unit = lot.stock.unit_of_measure
    said = {"quantity": f"{much:f}"} | ({"unit_of_measure": unit.value} if unit else {})
    return PutLink(source=order, link=link, target=lot.utcs, properties=said)


def _restated(
    lot: Lot, at: datetime, said: Mapping[str, Decimal | StockStatus], freed: Decimal = Decimal()
) -> PutNode:
    """Returns a lot as it is from a moment on, or from right after what was said of it last.

    It is stated upon what was decided on, so that of two who draw the last of a lot one is refused.
    """
    booked = max(at, from_micros(lot.since) + timedelta(microseconds=1))
    stated: dict[str, object] = lot.stock.model_dump(exclude_none=True) | dict(said)
    if freed < 0:
        stated["reserved_quantity"] = lot.reserved - freed
    elif lot.stock.reserved_quantity is not None:
        stated["reserved_quantity"] = max(lot.stock.reserved_quantity - freed, Decimal())
    thing = Stock.model_validate(stated)
    return PutNode(utcs=lot.utcs, properties=thing, replaces=lot.version, valid_from=booked)
