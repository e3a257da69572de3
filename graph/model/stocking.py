"""What may come into stock, with which papers and how much of it, and how much of a part there is. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from graph.model.approval import Breach
from graph.model.consumption import Lot
from graph.model.identifier import Utcs
from graph.model.kind import MAX_DIGITS, plain
from graph.model.maintenance import CertificateStatus, Release, ReleaseForm
from graph.model.product import (
    Batch,
    BatchStatus,
    Part,
    PartStatus,
    Serial,
    SerialCondition,
    SerialStatus,
    UnitOfMeasure,
)

MAX_QUANTITY: Final = Decimal(1_000_000_000)
"""No more than this is moved at once."""

FORMS: Final = (ReleaseForm.EASA_FORM_1, ReleaseForm.FAA_8130_3)
"""The certificates with which a component is received (145.A.42(a))."""

_COUNTED: Final = frozenset(
    {UnitOfMeasure.EACH, UnitOfMeasure.SET, UnitOfMeasure.PAIR, UnitOfMeasure.ROLL}
)
"""What comes in whole numbers."""

_USABLE: Final = frozenset({
    SerialCondition.NEW, SerialCondition.SERVICEABLE, SerialCondition.OVERHAULED, SerialCondition.REPAIRED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """Something that came in, as its papers say.

    Attributes:
        number: The number of the receipt; it names the lot.
        part: The part number.
        quantity: How much.
        unit: What that is counted in; as the part number says unless given.
        place: The facility where it lies.
        certificate: The number of its certificate.
        form: Which certificate that is; not needed where the certificate is on record.
        organisation: Who issued it.
        issued_on: The day it was issued.
        batch: The number of the maker's batch.
        serial: The unit, where the part number is serialised.
        manufactured_on: The day it was made.
        expires_on: The last day it may be used; counted from the day it was made unless given.
        condition: What state it is in.
        bin: The bin or shelf.
        owner: Who owns it.
        minimum: Below this it is reordered.
        is_held: Whether it goes into quarantine, as what lacks papers must.
    """

    number: str
    part: Utcs
    quantity: Decimal
    place: Utcs
    unit: UnitOfMeasure | None = None
    certificate: str | None = None
    form: ReleaseForm | None = None
    organisation: str | None = None
    issued_on: date | None = None
    batch: str | None = None
    serial: Utcs | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    condition: SerialCondition = SerialCondition.NEW
    bin: str | None = None
    owner: str | None = None
    minimum: Decimal | None = None
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of the things that a receipt names; None where there is no such thing.

    Attributes:
        is_there: Whether there is a lot of the receipt's number.
        batch: The batch, with the part number that it is of.
        unit: The unit, with the part number that it is of.
        version: The number of the statement about the unit that holds.
        since: From when that holds, in microseconds since 1970.
        holder: What the unit is installed in or in stock with.
    """

    part: Part
    is_there: bool = False
    certificate: Release | None = None
    batch: tuple[Batch, Utcs | None] | None = None
    unit: tuple[Serial, Utcs | None] | None = None
    version: int = 0
    since: int = 0
    holder: Utcs | None = None


def quantity_breaches(
    quantity: Decimal, unit: UnitOfMeasure | None, rule: str, field: str = "quantity"
) -> Iterator[Breach]:
    """Yields why no such quantity can be moved."""
    rule = f"{rule}/quantity"
    if not quantity.is_finite() or not 0 < quantity <= MAX_QUANTITY:
        most = f"{MAX_QUANTITY:,}"
        yield Breach(rule, f"{field}: {quantity} is none; give more than 0, at most {most}")
    elif len(quantity.normalize().as_tuple().digits) > MAX_DIGITS:
        yield Breach(rule, f"{field}: has more than {MAX_DIGITS} significant digits; round it")
    elif unit in _COUNTED and quantity != quantity.to_integral_value():
        yield Breach(rule, f"{field}: {plain(quantity)}; what is counted by {unit} is whole")


def unit_breaches(
    given: UnitOfMeasure | None, known: UnitOfMeasure | None, rule: str
) -> Iterator[Breach]:
    """Yields that a quantity is told in another unit than the thing is counted in; nothing is converted."""
    if given is not None and known is not None and given is not known:
        yield Breach(f"{rule}/unit", f"unit: {given}; it is counted by {known}, convert it")


def expiry(receipt: Receipt, part: Part) -> date | None:
    """Returns the last day on which what was received may be used."""
    made, days = receipt.manufactured_on, part.shelf_life_days
    end = None if made is None or days is None else made + timedelta(days=min(int(days), 36_500))
    said = [day for day in (receipt.expires_on, end) if day is not None]
    return min(said, default=None)


def receive_breaches(receipt: Receipt, known: Known, day: date) -> list[Breach]:
    """Returns every rule that receiving something would break; none if it may come in."""
    part, rule = known.part, "stock.receive"
    found = [
        *quantity_breaches(receipt.quantity, receipt.unit or part.unit_of_measure, rule),
        *unit_breaches(receipt.unit, part.unit_of_measure, rule),
        *_of_number(receipt, known),
        *_of_part(receipt, part),
        *_of_batch(receipt, known),
        *_of_serial(receipt, known),
    ]
    if (receipt.unit or part.unit_of_measure) is None:
        problem = f"unit: not given, and {part.number} does not say what it is counted in; give it"
        found.append(Breach(f"{rule}/unit", problem))
    if receipt.minimum is not None and not (
        receipt.minimum.is_finite() and 0 <= receipt.minimum <= MAX_QUANTITY
    ):
        problem = f"minimum: {receipt.minimum} is none; give 0 or more"
        found.append(Breach(f"{rule}/quantity", problem))
    for name, said in (
        ("manufactured_on", receipt.manufactured_on),
        ("issued_on", receipt.issued_on),
    ):
        if said is not None and said > day:
            found.append(Breach(f"{rule}/future", f"{name}: {said} is still to come"))
    return found if receipt.is_held else [*found, *_of_use(receipt, known, day)]


def _of_number(receipt: Receipt, known: Known) -> Iterator[Breach]:
    if known.is_there:
        problem = (
            f"number: {receipt.number} was received already; give another receipt its own number"
        )
        yield Breach("stock.receive/twice", problem)


def _of_part(receipt: Receipt, part: Part) -> Iterator[Breach]:
    if part.status in (PartStatus.CANCELLED, PartStatus.IN_DEVELOPMENT):
        yield Breach("stock.receive/part", f"part: {part.number} is {part.status}")
    if part.is_serialised and receipt.serial is None:
        problem = f"serial: {part.number} is serialised; receive one unit at a time, and name it"
        yield Breach("stock.receive/serial", problem)


def _of_batch(receipt: Receipt, known: Known) -> Iterator[Breach]:
    if known.batch is None:
        return
    batch, made = known.batch
    if made != receipt.part:
        problem = f"batch: {receipt.batch} is of {made or 'no part number on record'}"
        yield Breach("stock.receive/batch", problem)
    if batch.status in (BatchStatus.QUARANTINED, BatchStatus.SCRAPPED) and not receipt.is_held:
        problem = f"batch: {receipt.batch} is {batch.status}; receive it into quarantine"
        yield Breach("stock.receive/batch", problem)


def _of_serial(receipt: Receipt, known: Known) -> Iterator[Breach]:
    rule = "stock.receive/serial"
    if known.unit is None:
        return
    unit, made = known.unit
    if made != receipt.part:
        yield Breach(rule, f"serial: {receipt.serial} is of {made or 'no part number on record'}")
    if receipt.quantity != 1:
        yield Breach(rule, "quantity: a unit is one; receive others by receipts of their own")
    if known.holder is not None:
        yield Breach(rule, f"serial: {receipt.serial} is in {known.holder}; take it out first")
    if unit.status in (SerialStatus.RETIRED, SerialStatus.SCRAPPED):
        yield Breach(rule, f"serial: {receipt.serial} is {unit.status}")


def _of_use(receipt: Receipt, known: Known, day: date) -> Iterator[Breach]:
    """Yields why what came in may not be used, so that it goes into quarantine or not at all."""
    fix = "or receive it into quarantine"
    if receipt.condition not in _USABLE:
        yield Breach("stock.receive/condition", f"condition: {receipt.condition}; mend it, {fix}")
    end = expiry(receipt, known.part)
    if end is None and known.part.shelf_life_days is not None:
        problem = f"expires_on: not given, and {known.part.number} has a shelf life; give it, {fix}"
        yield Breach("stock.receive/shelf-life", problem)
    if end is not None and end < day:
        yield Breach(
            "stock.receive/shelf-life", f"expires_on: it expired on {end}; send it back, {fix}"
        )
    yield from _of_certificate(receipt, known, fix)


def _of_certificate(receipt: Receipt, known: Known, fix: str) -> Iterator[Breach]:
    rule, paper = "stock.receive/certificate", known.certificate
    if receipt.certificate is None:
        yield Breach(rule, f"certificate: not given; give its number and form, {fix}")
    elif paper is None and receipt.form is None:
        problem = f"form: {receipt.certificate!r:.60} is not on record; say which form it is"
        yield Breach(rule, problem)
    form = receipt.form if paper is None else paper.form
    if form is not None and form not in FORMS:
        wanted = " or ".join(FORMS)
        yield Breach(rule, f"form: {form} releases no component; it takes {wanted}, {fix}")
    if paper is not None and receipt.form not in (None, paper.form):
        yield Breach(
            rule, f"form: {receipt.form}; {receipt.certificate} is on record as {paper.form}"
        )
    if paper is not None and paper.status not in (None, CertificateStatus.VALID):
        yield Breach(rule, f"certificate: {receipt.certificate} is {paper.status}; {fix[3:]}")


@dataclass(frozen=True, slots=True)
class StockLot:
    """A lot of stock, where it lies, which units it consists of, and why it may not be used, if so."""

    lot: Lot
    place: Utcs | None
    units: tuple[Utcs, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Level:
    """How much of a part lies in one place, counted in one unit.

    Attributes:
        on_hand: All that lies there.
        usable: What may be used of it.
        free: What may be used and is set aside for nobody.
        minimum: Below this much that is free it is reordered.
    """

    place: Utcs | None
    unit: UnitOfMeasure | None
    on_hand: Decimal
    usable: Decimal
    free: Decimal
    minimum: Decimal | None

    @property
    def is_below(self) -> bool:
        """Whether less is free than the minimum."""
        return self.minimum is not None and self.free < self.minimum


def levels(lots: Iterable[StockLot]) -> tuple[Level, ...]:
    """Returns how much there is place by place; what is counted in several units stands on several lines.

    The minimum of a place is the highest that any of its lots states, emptied ones among them.
    """
    by_place: dict[tuple[Utcs | None, UnitOfMeasure | None], list[StockLot]] = defaultdict(list)
    for one in lots:
        by_place[one.place, one.lot.stock.unit_of_measure].append(one)
    return tuple(
        _level(place, unit, there)
        for (place, unit), there in sorted(
            by_place.items(), key=lambda item: (str(item[0][0] or ""), str(item[0][1] or ""))
        )
    )


def _level(place: Utcs | None, unit: UnitOfMeasure | None, there: Sequence[StockLot]) -> Level:
    fit = [one.lot for one in there if one.why is None]
    minima = [one.lot.stock.minimum_quantity for one in there]
    return Level(
        place,
        unit,
        on_hand=_sum(one.lot.stock.quantity for one in there),
        usable=_sum(lot.stock.quantity for lot in fit),
        free=_sum(lot.unpromised for lot in fit),
        minimum=max((one for one in minima if one is not None), default=None),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((much for much in amounts if much), Decimal())
