"""Whether a part may be used in work, and from which stock it is drawn. Pure.

What may be used is serviceable, in stock, within its shelf life, and has a certificate that holds (145.A.42).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from graph.model.approval import Breach
from graph.model.identifier import Utcs
from graph.model.kind import Kind, plain
from graph.model.maintenance import CertificateStatus
from graph.model.product import (
    Batch,
    BatchStatus,
    Part,
    PartStatus,
    Serial,
    SerialCondition,
    SerialStatus,
)
from graph.model.resources import Stock, StockStatus

_RULE: Final = "workorder.complete/part"
_UNFIT: Final = frozenset({SerialCondition.UNSERVICEABLE, SerialCondition.BEYOND_REPAIR})
_USABLE: Final = frozenset({None, StockStatus.AVAILABLE, StockStatus.RESERVED, StockStatus.ISSUED})


@dataclass(frozen=True, slots=True)
class Lot:
    """A quantity in stock.

    Attributes:
        version: The number of the statement about it that holds.
        since: From when that holds, in microseconds since 1970.
        batches: Where it is from.
        papers: The standing of each certificate of it or of its batch; empty where that is not stated.
        promised: How much is set aside for which order.
        used: How much of it the order that asks has used already.
    """

    utcs: Utcs
    stock: Stock
    version: int
    since: int
    batches: tuple[Batch, ...]
    papers: tuple[str, ...]
    promised: Mapping[Utcs, Decimal | None]
    used: Decimal

    def free_for(self, order: Utcs) -> Decimal:
        """How much of it an order may draw: all that is not promised to others."""
        there = self.stock.quantity or Decimal()
        return max(there - max(self.reserved - self.promised_to(order), Decimal()), Decimal())

    @property
    def reserved(self) -> Decimal:
        """How much of it is set aside: as it says itself or, where that is more, as the orders say."""
        said = self.stock.reserved_quantity or Decimal()
        return max(said, sum((much for much in self.promised.values() if much), Decimal()))

    @property
    def unpromised(self) -> Decimal:
        """How much of it is set aside for nobody."""
        return max((self.stock.quantity or Decimal()) - self.reserved, Decimal())

    def promised_to(self, order: Utcs) -> Decimal:
        """How much of it is set aside for an order; all that is reserved where nothing says how much."""
        if order not in self.promised:
            return Decimal()
        much = self.promised[order]
        return (self.stock.reserved_quantity or Decimal()) if much is None else much


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that is said to have been used, as it stood before.

    Attributes:
        named: As the report names it.
        count: How much of it, in pieces where those are counted: how many times it is named.
        papers: The standing of each certificate of its own.
        lots: The stock that there is of it.
        is_installed: Whether it is installed in something.
        is_aboard: Whether it is installed in what is worked on.
        is_called_for: Whether a bill of what is worked on, or of what is in it, calls for it or for what it
            may stand in for; None where no bill on record calls for it at all.
    """

    named: str
    utcs: Utcs
    thing: Kind
    count: int | Decimal
    papers: tuple[str, ...]
    lots: tuple[Lot, ...]
    is_installed: bool
    is_aboard: bool
    is_called_for: bool | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """How much is drawn from which lot."""

    lot: Lot
    quantity: Decimal


def draw_all(
    offers: Sequence[Offer], order: Utcs, day: date
) -> tuple[tuple[Draw, ...], tuple[Breach, ...]]:
    """Returns from which lots all that was used is drawn, once for each lot, or why it may not be used."""
    totals: dict[Utcs, Draw] = {}
    breaches: list[Breach] = []
    for offer in offers:
        draws, found = draw(offer, order, day)
        breaches += found
        for one in draws:
            before = totals.get(one.lot.utcs)
            much = one.quantity + (before.quantity if before else 0)
            totals[one.lot.utcs] = Draw(one.lot, much)
            if much > one.lot.free_for(order):
                problem = (
                    f"partsUsed: {offer.named}: {one.lot.utcs.local} is named under several names"
                )
                breaches.append(
                    Breach(_RULE, f"{problem}, for {plain(much)} in all; that is not there")
                )
    return tuple(totals.values()), tuple(breaches)


def draw(offer: Offer, order: Utcs, day: date) -> tuple[list[Draw], list[Breach]]:
    """Returns from which lots something is drawn, or why it may not be used on a day.

    What the order used already is not drawn again. What is set aside for it goes first, then what expires
    first. A serialised unit is drawn from no lot: it has to be installed in what was worked on.
    """
    if isinstance(offer.thing, Serial):
        return [], [
            Breach(_RULE, f"partsUsed: {offer.named}: {why}") for why in _of_unit(offer, day)
        ]
    if why := next(_of_part(offer), None):
        return [], [Breach(_RULE, f"partsUsed: {offer.named}: {why}")]
    wanted = max(Decimal(offer.count) - sum((lot.used for lot in offer.lots), Decimal()), Decimal())
    # The sort is stable: the rest stays as it expires.
    lots = sorted(offer.lots, key=lambda one: -one.promised_to(order))
    drawn, lacking = pick(lots, wanted, day, lambda lot: lot.free_for(order))
    if lacking <= 0:
        return drawn, []
    why = short(offer.lots, wanted, wanted - lacking, day, order)
    return [], [Breach(_RULE, f"partsUsed: {offer.named}: {why}")]


def pick(
    lots: Sequence[Lot], wanted: Decimal, day: date | None, free: Callable[[Lot], Decimal]
) -> tuple[list[Draw], Decimal]:
    """Returns how much is taken from which of some lots, in their order, and how much of it lacks.

    Args:
        lots: From which.
        wanted: How much.
        day: When; lots from which nothing may be drawn then are passed over. None passes over none.
        free: How much may be taken from a lot.
    """
    drawn = []
    for lot in lots:
        taken = min(wanted, free(lot))
        if taken > 0 and (day is None or unfit(lot, day) is None):
            drawn.append(Draw(lot, taken))
            wanted -= taken
    return drawn, wanted


def short(lots: Sequence[Lot], wanted: Decimal, free: Decimal, day: date, order: Utcs) -> str:
    """Returns why there is not enough of something, in words."""
    if not lots:
        return "is not in stock; receive it with its certificate"
    flaws = [f"{lot.utcs.local} {why}" for lot in lots if (why := unfit(lot, day))]
    if len(flaws) == len(lots):
        return "; ".join(flaws[:5])
    rest = f" ({'; '.join(flaws[:5])})" if flaws else ""
    return f"{plain(wanted)} wanted and {plain(free)} in stock that is free for {order.local}{rest}"


def unfit(lot: Lot, day: date) -> str | None:
    """Returns why nothing may be drawn from a lot on a day, in words; None if something may."""
    stock = lot.stock
    if stock.status not in _USABLE:
        return f"is {stock.status}"
    if stock.condition in _UNFIT:
        return f"is {stock.condition.replace('_', ' ')}"
    said = (stock.expires_on, *(one.expires_on for one in lot.batches))
    expiries = [day for day in said if day is not None]
    if expiries and min(expiries) < day:
        return f"expired on {min(expiries)}"
    held = [one.status for one in lot.batches if one.status is not None]
    if bad := [one for one in held if one in (BatchStatus.QUARANTINED, BatchStatus.SCRAPPED)]:
        return f"is of a batch that is {bad[0]}"
    return None if _is_certified(lot.papers) else "has no release certificate that holds"


def _is_certified(papers: Sequence[str]) -> bool:
    return any(one in ("", CertificateStatus.VALID) for one in papers)


def _of_part(offer: Offer) -> Iterator[str]:
    if isinstance(offer.thing, Part) and offer.thing.is_serialised:
        yield "is a serialised part number; name the unit that was used"
    yield from part_flaws(offer)


def part_flaws(offer: Offer) -> Iterator[str]:
    """Yields why nothing of a part number may be used in what is worked on, in words."""
    thing = offer.thing
    if isinstance(thing, Part) and thing.status in (
        PartStatus.CANCELLED,
        PartStatus.IN_DEVELOPMENT,
    ):
        yield f"the part number is {thing.status.replace('_', ' ')}"
    if offer.is_called_for is False:
        yield "no bill of what is worked on calls for it, nor for what it is an approved alternate of"


def _of_unit(offer: Offer, day: date) -> Iterator[str]:
    unit = offer.thing
    assert isinstance(unit, Serial)  # noqa: S101
    if offer.count > 1:
        yield f"is one unit, named {offer.count} times; name it once"
    if unit.condition in _UNFIT:
        yield f"is {unit.condition.replace('_', ' ')}"
    if unit.status in (SerialStatus.QUARANTINED, SerialStatus.RETIRED, SerialStatus.SCRAPPED):
        yield f"is {unit.status}"
    if unit.expires_on is not None and unit.expires_on < day:
        yield f"expired on {unit.expires_on}"
    if not _is_certified(offer.papers):
        yield "has no release certificate that holds"
    if offer.is_installed and not offer.is_aboard:
        yield "is installed in something else; remove it there first"
    elif not offer.is_aboard:
        yield "is not installed; record its installation at its position, then report it as used"
