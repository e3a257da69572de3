"""The rules of attachment: what must hold before a unit comes into a slot of another, or leaves it.

Pure: what is on record of both at a moment goes in, every rule that is broken comes out. Times are in
microseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from graph.model.bill import Place
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.maintenance import CertificateStatus, Release, ReleaseForm
from graph.model.product import (
    Batch,
    BatchStatus,
    Part,
    PartStatus,
    Serial,
    SerialCondition,
    SerialStatus,
)
from graph.model.reconciliation import Unit
from graph.model.refusal import Refusal
from graph.model.resources import Stock, StockStatus
from graph.model.time import FAR, format_micros, from_micros

_USABLE: Final = (
    SerialCondition.NEW,
    SerialCondition.SERVICEABLE,
    SerialCondition.OVERHAULED,
    SerialCondition.REPAIRED,
)
_GONE: Final = (SerialStatus.RETIRED, SerialStatus.SCRAPPED)
_BARRED: Final = (*_GONE, SerialStatus.QUARANTINED)
_BARRED_ORIGINS: Final = (
    BatchStatus.QUARANTINED,
    BatchStatus.SCRAPPED,
    StockStatus.QUARANTINED,
    StockStatus.EXPIRED,
)
_AIRWORTHY: Final = (ReleaseForm.EASA_FORM_1, ReleaseForm.FAA_8130_3)
"""The forms that release a component (EASA 145.A.42(a), 14 CFR 21.137); a CRS releases the work on it."""


@dataclass(frozen=True, slots=True)
class Held:
    """From when until when a unit is said to be in a place.

    Attributes:
        where: The unit that carries it, the facility, the stock; of a slot, what is in it.
        aircraft: The aircraft that a carrier is, or was in when the unit left it.
    """

    where: Utcs
    slot: str | None
    since: int
    until: int
    aircraft: Utcs | None = None

    def is_at(self, moment: int) -> bool:
        """Whether it is so at a moment."""
        return self.since <= moment < self.until

    def told(self) -> str:
        """Where that is, in words."""
        return f"{self.where} at {self.slot}" if self.slot is not None else str(self.where)


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate or document because of which a unit may be used, and since when it is one's own."""

    certificate: Kind
    since: int

    @property
    def is_valid(self) -> bool:
        """Whether it releases a component, and was neither revoked nor superseded."""
        if not isinstance(self.certificate, Release):
            return True
        holds = self.certificate.status in (None, CertificateStatus.VALID)
        return holds and self.certificate.form in _AIRWORTHY


@dataclass(frozen=True, slots=True)
class Promise:
    """That a unit, or some of the stock that it is in, is set aside for an order.

    Attributes:
        of: The unit or the stock.
        quantity: How much of it; None where nothing says.
        is_open: Whether the order has not ended.
    """

    of: Utcs
    order: Utcs
    quantity: Decimal | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The unit that is to be moved.

    Attributes:
        version: The number of the statement that says what it is.
        said: When a statement about it began or ended to hold last.
        part: Its part number; None where that is not recorded.
        carried: Each time for which it was, is or will be in another unit.
        located: The same of facilities and positions.
        stocked: The same of stock.
        origins: The batch and the stock that it is from, with the number of the statement of each.
        papers: Its certificates, and those of batch and stock.
        promised: For which orders it, or the stock that it is in, is set aside.
    """

    utcs: Utcs
    thing: Serial
    version: int
    said: int
    part: Utcs | None
    definition: Part | None
    carried: tuple[Held, ...]
    located: tuple[Held, ...]
    stocked: tuple[Held, ...]
    origins: tuple[tuple[Utcs, Batch | Stock, int], ...]
    papers: tuple[Paper, ...]
    promised: tuple[Promise, ...] = ()

    @property
    def last(self) -> int:
        """When something was recorded of it last: what it is, or that it came or went."""
        return max(self.said, _last((*self.carried, *self.located, *self.stocked)))

    def out(self, moment: int) -> Held | None:
        """Returns where it was last taken out of, up to a moment; None if it was never installed."""
        left = [held for held in self.carried if held.until <= moment]
        return max(left, key=lambda held: held.until, default=None)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What has the slot.

    Attributes:
        part: Its part number; None where that is not recorded.
        above: What it is in, the nearest first: each unit, the slot in that, and its part number.
        inside: What is directly in it, by slot.
        filled: Each time for which something was, is or will be in the slot.
    """

    utcs: Utcs
    thing: Serial
    part: str | None
    above: tuple[tuple[Utcs, str, str | None], ...]
    inside: Mapping[str, Unit]
    filled: tuple[Held, ...]

    @property
    def lineage(self) -> tuple[Utcs, ...]:
        """It, and all that it is in."""
        return (self.utcs, *(utcs for utcs, _, _ in self.above))

    @property
    def aircraft(self) -> Utcs | None:
        """The aircraft that it is, or is in."""
        top = self.lineage[-1]
        return top if top.kind == "aircraft" else None

    @property
    def parts(self) -> tuple[str | None, ...]:
        """The part numbers from the outermost unit down to it."""
        return (*(part for _, _, part in reversed(self.above)), self.part)

    @property
    def units(self) -> dict[Place, Unit]:
        """What it is in, itself, and what is in it, by place from the outermost unit down."""
        within = zip(reversed(self.lineage), self.parts, strict=True)
        held = {
            self.place[:depth]: Unit(str(utcs), part) for depth, (utcs, part) in enumerate(within)
        }
        return held | {(*self.place, slot): unit for slot, unit in self.inside.items()}

    @property
    def place(self) -> Place:
        """The slots from the outermost unit down to it."""
        return tuple(slot for _, slot, _ in reversed(self.above))


def install_refusals(subject: Subject, carrier: Carrier, at: int, now: int) -> Iterator[Refusal]:
    """Yields every rule that putting a unit into a slot would break, what is allowed there left out."""
    yield from _of_time(subject, carrier, at, now)
    yield from _of_carrier(subject, carrier)
    yield from _of_room(subject, carrier, at)
    yield from _of_state(subject, from_micros(at).date())
    yield from _of_papers(subject, carrier, at)
    yield from _of_part(subject)


def promise_refusals(subject: Subject, order: Utcs | None) -> Iterator[Refusal]:
    """Yields where a unit is set aside for another order than the one that it is to be put in under."""
    others = [one for one in subject.promised if one.is_open and one.order != order]
    held = {subject.utcs: Decimal(1)} | {
        utcs: thing.quantity or Decimal()
        for utcs, thing, _ in subject.origins
        if isinstance(thing, Stock)
    }
    for of, there in held.items():
        takers = [one for one in others if one.of == of]
        taken = sum((there if one.quantity is None else one.quantity for one in takers), Decimal())
        if takers and (of == subject.utcs or there - taken < 1):
            names = ", ".join(str(one.order) for one in takers)
            why = f"unit: {of} is set aside for {names}; cancel that reservation, or take another unit"
            yield Refusal("unit-is-not-promised", why)


def remove_refusals(
    subject: Subject, carrier: Carrier, slot: str, at: int, now: int
) -> Iterator[Refusal]:
    """Yields every rule that taking a unit out of a slot would break."""
    yield from _of_time(subject, carrier, at, now)
    where = next((held for held in subject.carried if held.is_at(at)), None)
    if where is None:
        why = f"unit: {subject.utcs} is installed in nothing then; give the time at which it was"
        yield Refusal("unit-is-there", why)
    elif (where.where, where.slot) != (carrier.utcs, slot):
        why = f"unit: {subject.utcs} is in {where.told()} then, not in {carrier.utcs} at {slot}"
        yield Refusal("unit-is-there", f"{why}; name what it is in")


def _of_time(subject: Subject, carrier: Carrier, at: int, now: int) -> Iterator[Refusal]:
    """Yields where the moment is yet to come, or before what is on record of the unit or the slot."""
    if at > now:
        why = f"at: {format_micros(at)} is yet to come; give the moment at which it was done"
        yield Refusal("not-in-future", why)
        return
    late = "; give a later moment, or send what happened before as an event of its own"
    if at <= subject.last:
        why = f"at: {format_micros(at)} is not after what is recorded last of {subject.utcs}"
        yield Refusal("after-last-move", f"{why}, of {format_micros(subject.last)}{late}")
    if at < (last := _last(carrier.filled)):
        why = f"at: {format_micros(at)} is before the slot was last filled or emptied"
        yield Refusal("after-last-move", f"{why}, at {format_micros(last)}{late}")


def _last(held: Iterable[Held]) -> int:
    """Returns the last moment at which something came or went."""
    moments = (moment for one in held for moment in (one.since, one.until) if moment != FAR)
    return max(moments, default=-FAR)


def _of_carrier(subject: Subject, carrier: Carrier) -> Iterator[Refusal]:
    if subject.utcs.kind == "aircraft":
        why = f"unit: {subject.utcs} is an aircraft, which nothing carries; give a serialised unit"
        yield Refusal("unit-can-be-carried", why)
    if subject.utcs in carrier.lineage:
        inside = "itself" if subject.utcs == carrier.utcs else f"{carrier.utcs}, which is in it"
        why = f"into: {subject.utcs} cannot be put into {inside}; name another unit"
        yield Refusal("not-into-itself", why)
    if carrier.thing.status in _GONE:
        why = f"into: {carrier.utcs} is {carrier.thing.status}; nothing is put into it any more"
        yield Refusal("carrier-is-in-use", why)


def _of_room(subject: Subject, carrier: Carrier, at: int) -> Iterator[Refusal]:
    """Yields where the unit is elsewhere, or another one in the slot, at the moment or planned after it."""
    for held in subject.carried:
        if held.until > at:
            why = f"unit: {subject.utcs} is installed in {held.told()}; take it out of there first"
            yield Refusal("unit-is-free", why)
    for held in carrier.filled:
        if held.until > at and held.where != subject.utcs:
            why = f"slot: {held.slot} of {carrier.utcs} holds {held.where}; take that out first"
            yield Refusal("slot-is-free", why)


def _of_state(subject: Subject, day: date) -> Iterator[Refusal]:
    unit, thing = subject.utcs, subject.thing
    if thing.condition not in _USABLE:
        stands = "not stated" if thing.condition is None else thing.condition.value
        why = f"unit: the condition of {unit} is {stands}; it has to be serviceable, and released as such"
        yield Refusal("unit-is-serviceable", why)
    if thing.status in _BARRED:
        why = f"unit: {unit} is {thing.status}; clear that before it is used, or take another"
        yield Refusal("unit-may-be-used", why)
    for origin, held, _ in subject.origins:
        if held.status in _BARRED_ORIGINS:
            why = f"unit: {unit} is from {origin}, which is {held.status}; take another"
            yield Refusal("unit-may-be-used", why)
    ends = [
        thing.expires_on,
        _shelf_end(subject),
        *(held.expires_on for _, held, _ in subject.origins),
    ]
    if (end := min((one for one in ends if one is not None), default=day)) < day:
        why = f"unit: {unit} may be used until {end}, and it is put in on {day}; take another"
        yield Refusal("not-expired", why)


def _shelf_end(subject: Subject) -> date | None:
    """Returns the last day on which a unit that was never installed may leave the shelf."""
    made = subject.thing.manufactured_on
    days = subject.definition.shelf_life_days if subject.definition else None
    if made is None or days is None or subject.carried:
        return None
    return made + timedelta(days=int(days))


def _of_papers(subject: Subject, carrier: Carrier, at: int) -> Iterator[Refusal]:
    """Yields where a unit lacks the certificate that it came with, or that it came out of the shop with.

    A unit that was taken out serviceable may go back into the same aircraft without one (EASA 145.A.42(a),
    AMC2 145.A.50(d)).
    """
    if subject.thing.condition not in _USABLE:
        return
    out = subject.out(at)
    since = -FAR if out is None else out.until
    if subject.thing.condition is SerialCondition.SERVICEABLE and out and _is_back(out, carrier):
        return
    if any(paper.is_valid and paper.since >= since for paper in subject.papers):
        return
    lacks = "no valid EASA Form 1, FAA 8130-3 or document certifies it"
    if out is not None:
        lacks += f" since it was taken out of {out.told()} at {format_micros(out.until)}"
    why = (
        f"unit: {subject.utcs} is {subject.thing.condition}, but {lacks}; link it with CERTIFIED_BY"
    )
    yield Refusal("unit-is-certified", why)


def _is_back(out: Held, carrier: Carrier) -> bool:
    """Whether a unit comes back into the aircraft or loose assembly that it was last taken out of."""
    if carrier.aircraft is None:
        return out.where == carrier.utcs
    return out.aircraft == carrier.aircraft


def _of_part(subject: Subject) -> Iterator[Refusal]:
    if subject.part is None:
        why = f"unit: no part number of {subject.utcs} is recorded; state INSTANCE_OF"
        yield Refusal("part-is-known", why)
    elif subject.definition is not None and subject.definition.status in (
        PartStatus.IN_DEVELOPMENT,
        PartStatus.CANCELLED,
    ):
        why = f"unit: its part number {subject.definition.number} is {subject.definition.status}"
        yield Refusal("part-may-be-used", f"{why}; take one of another part number")
