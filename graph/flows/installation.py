"""Putting a unit into a slot of an aircraft or assembly, and taking it out: checked first, then one event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.compliance import backwards, life_of
from graph.flows.installation_facts import installed_facts, reading_facts, removed_facts
from graph.flows.installation_rules import (
    install_warnings,
    life_refusals,
    remove_warnings,
    work_refusals,
)
from graph.flows.submit import Principal, submit
from graph.model.attachment import install_refusals, promise_refusals, remove_refusals
from graph.model.compliance import Life
from graph.model.event import Event, explain
from graph.model.fact import Fact, Facts
from graph.model.fit import Fit, fit, fit_refusals
from graph.model.identifier import Utcs
from graph.model.line_effectivity import Effectivities
from graph.model.outcome import Outcome
from graph.model.product import SerialCondition
from graph.model.refusal import Refusal
from graph.model.time import Coordinates, as_utc, from_micros, to_micros
from graph.store.accrual import accrued
from graph.store.attachment import Attachment, find_attachment, find_takers
from graph.store.bills import Stock, find_bills, find_held_design
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.life import life_limits
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, require_unit
from graph.store.work import Work, find_work

SOURCE: Final = "urn:utcs:installation"
"""The source of events that put units in and take them out."""

REMOVED_AS: Final = (
    SerialCondition.SERVICEABLE,
    SerialCondition.UNSERVICEABLE,
    SerialCondition.BEYOND_REPAIR,
)
"""What a unit can be when it is taken out."""


@dataclass(frozen=True, slots=True)
class Installing:
    """What somebody says was put in.

    Attributes:
        unit: The unit.
        into: The aircraft or assembly that has the slot.
        slot: The slot: of an aircraft, a position without what is before its last point.
        at: When; now unless given.
        work_order: Under which work order.
        approval: What allows a part number that nothing else allows there: a modification, supplemental
            type certificate or change order, or a nonconformance report with a concession.
        total_fh: Flight hours of the aircraft since new, then, to be recorded with it.
        total_fc: Flight cycles in the same way.
    """

    unit: Utcs
    into: Utcs
    slot: str
    at: datetime | None = None
    work_order: Utcs | None = None
    approval: Utcs | None = None
    total_fh: Decimal | None = None
    total_fc: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Removing:
    """What somebody says was taken out.

    Attributes:
        unit: The unit.
        out_of: The aircraft or assembly that has the slot.
        slot: The slot.
        at: When; now unless given.
        work_order: Under which work order.
        reason: Why; it is kept with the work order.
        is_scheduled: Whether that was planned; kept with the work order.
        condition: What state it is in then.
        to: The facility where it lies from then on.
        total_fh: Flight hours of the aircraft since new, then, to be recorded with it.
        total_fc: Flight cycles in the same way.
    """

    unit: Utcs
    out_of: Utcs
    slot: str
    at: datetime | None = None
    work_order: Utcs | None = None
    reason: str | None = None
    is_scheduled: bool | None = None
    condition: SerialCondition = SerialCondition.UNSERVICEABLE
    to: Utcs | None = None
    total_fh: Decimal | None = None
    total_fc: Decimal | None = None


Claim = Installing | Removing


@dataclass(frozen=True, slots=True)
class UnitMove:
    """What is recorded of a unit that is put in or taken out, or why it is not.

    Attributes:
        carrier: The aircraft or assembly that has the slot.
        aircraft: The aircraft that this is or is in; None if it is in none.
        position: The slots from the outermost unit down to the slot, joined by points.
        at: When.
        rests_on: What allows its part number there; None of a removal, and where nothing does.
        life: The counters of the unit then.
        refusals: Why it cannot be recorded; all has to be settled first.
        warnings: What may surprise.
        event: The id of the event, of the source `urn:utcs:installation`: `correct` takes it back.
        outcome: What became of the event; None while it is only tried, and where it is refused. Refused
            as `outdated` or `too_many` if somebody else was faster.
    """

    unit: Utcs
    carrier: Utcs
    slot: str
    aircraft: Utcs | None
    position: str
    at: datetime
    rests_on: str | None
    life: Life
    refusals: tuple[Refusal, ...]
    warnings: tuple[str, ...]
    event: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is on record where a unit is to be moved.

    Attributes:
        coordinates: The moment, or now where that is yet to come.
    """

    at: datetime
    now: datetime
    coordinates: Coordinates
    slot: str
    found: Attachment
    work: Work | None
    life: Life

    @property
    def position(self) -> str:
        """The slots from the outermost unit down to the slot, joined by points."""
        return ".".join((*self.found.carrier.place, self.slot))


async def install(
    graph: Graph, principal: Principal, claim: Installing, *, dry_run: bool = False
) -> UnitMove:
    """Records that a unit was put into a slot, if the rules of attachment allow it there.

    Raises:
        BadQuestionError: One of the things is of a kind that has no part in it, or a value is malformed.
        ForbiddenError: The principal may not write.
        NotFoundError: One of the things is not there then.
        TimeError: The moment has no offset.
    """
    principal.require("editor")
    require_unit(claim.into, field="into")
    scene = await _scene(graph, claim, claim.into, claim.approval)
    subject, carrier, approval = scene.found.subject, scene.found.carrier, scene.found.approval
    allowed = await _fit(graph, scene)
    limited = await life_limits(graph, claim.unit, first=MAX_FIRST, at=scene.coordinates)
    facts = _facts(scene, claim)
    refusals = [
        *install_refusals(subject, carrier, to_micros(scene.at), to_micros(scene.now)),
        *promise_refusals(subject, claim.work_order),
        *life_refusals(limited.units),
        *(fit_refusals(allowed, approval) if allowed else ()),
        *work_refusals(scene.found, scene.work),
        *await _counters(graph, scene, claim),
    ]
    warnings = install_warnings(scene.found, scene.work, limited.units)
    rests_on = allowed.rests_on(approval) if allowed else None
    plan = _plan(scene, "install", rests_on, refusals, warnings)
    return await _record(graph, principal, plan, facts, dry_run)


async def remove(
    graph: Graph, principal: Principal, claim: Removing, *, dry_run: bool = False
) -> UnitMove:
    """Records that a unit was taken out of the slot that it was in.

    Raises:
        BadQuestionError: One of the things is of a kind that has no part in it, or a value is malformed.
        ForbiddenError: The principal may not write.
        NotFoundError: One of the things is not there then.
        TimeError: The moment has no offset.
    """
    principal.require("editor")
    require_unit(claim.out_of, field="from")
    _check_removal(claim)
    scene = await _scene(graph, claim, claim.out_of, None, claim.to)
    subject, carrier = scene.found.subject, scene.found.carrier
    facts = _facts(scene, claim)
    at, now = to_micros(scene.at), to_micros(scene.now)
    refusals = [
        *remove_refusals(subject, carrier, claim.slot, at, now),
        *work_refusals(scene.found, scene.work),
        *await _counters(graph, scene, claim),
    ]
    plan = _plan(scene, "remove", None, refusals, remove_warnings(scene.work, claim.to))
    return await _record(graph, principal, plan, facts, dry_run)


def _check_removal(claim: Removing) -> None:
    if claim.condition not in REMOVED_AS:
        raise BadQuestionError(
            f"condition: {claim.condition} is not what a unit is when it is taken out; give one of "
            f"{', '.join(REMOVED_AS)}",
            field="condition",
        )
    if claim.to is not None and claim.to.kind != "facility":
        raise BadQuestionError(
            f"to: {claim.to} is a {claim.to.kind}; give the facility where the unit lies",
            field="to",
        )
    if claim.work_order is None and (claim.reason or claim.is_scheduled is not None):
        raise BadQuestionError(
            "reason: it is kept with the work order; name the order that the unit was taken out under",
            field="reason",
        )


async def _scene(
    graph: Graph, claim: Claim, carrier: Utcs, approval: Utcs | None, to: Utcs | None = None
) -> _Scene:
    require_unit(claim.unit, field="unit")
    now = from_micros(graph.clock())
    at = now if claim.at is None else as_utc(claim.at, "at")
    coordinates = CURRENT if at >= now else Coordinates(as_of=at)
    work = await find_work(graph, claim.work_order) if claim.work_order else None
    found = await find_attachment(
        graph,
        Moment.of(graph, coordinates),
        claim.unit,
        carrier,
        claim.slot,
        approval=approval,
        besides=(claim.work_order, to),
    )
    counted = await accrued(graph, claim.unit, at=coordinates)
    return _Scene(at, now, coordinates, claim.slot, found, work, life_of(at.date(), counted))


async def _fit(graph: Graph, scene: _Scene) -> Fit | None:
    """Returns whether the part number of the unit may be there; None where it has none."""
    subject, carrier = scene.found.subject, scene.found.carrier
    if subject.part is None:
        return None
    takers = await find_takers(graph, scene.position, scene.coordinates)
    moment = Moment.of(graph, scene.coordinates)
    top = carrier.lineage[-1]
    stock = Stock(top, carrier.aircraft or top, carrier.units)
    parts = {str(subject.part), *map(str, takers), *stock.parts}
    bills = await find_bills(graph, parts, moment)
    said = Effectivities.of(line for bill in bills.values() for line in bill)
    design, end_item = await find_held_design(graph, bills, parts, stock, moment, said)
    return fit(design, end_item.applies, subject, carrier, scene.slot)


def _facts(scene: _Scene, claim: Claim) -> list[Fact]:
    """Returns what is to be recorded, or says what in it is malformed."""
    if not claim.slot.strip():
        raise BadQuestionError("slot: empty; name the slot", field="slot")
    aircraft = scene.found.carrier.aircraft
    counters = {"total_fh": claim.total_fh, "total_fc": claim.total_fc}
    for name, value in counters.items():
        if value is not None and aircraft is None:
            raise BadQuestionError(
                f"{name}: these are counters of the aircraft, and {scene.found.carrier.utcs} is in none; "
                "leave it out",
                field=name,
            )
    try:
        facts = _moved(scene, claim)
        if aircraft is not None and (claim.total_fh, claim.total_fc) != (None, None):
            facts += reading_facts(aircraft, scene.at, claim.total_fh, claim.total_fc)
    except ValidationError as error:
        raise BadQuestionError(explain(error).replace("properties.", "")) from error
    return facts


def _moved(scene: _Scene, claim: Claim) -> list[Fact]:
    found, order = scene.found, claim.work_order
    at = to_micros(scene.at)
    if isinstance(claim, Installing):
        return installed_facts(found, claim.slot, at, scene.life, order, claim.approval)
    return removed_facts(
        found,
        claim.slot,
        at,
        scene.life,
        order,
        condition=claim.condition,
        to=claim.to,
        reason=claim.reason,
        is_scheduled=claim.is_scheduled,
    )


async def _counters(graph: Graph, scene: _Scene, claim: Claim) -> list[Refusal]:
    """Returns where the counters that are told of the aircraft run backwards."""
    aircraft = scene.found.carrier.aircraft
    given = (claim.total_fh, claim.total_fc)
    if aircraft is None or given == (None, None):
        return []
    then = await accrued(graph, aircraft, at=scene.coordinates)
    since = await accrued(graph, aircraft)
    return [
        refusal
        for said, before, after in zip(given, then.counters, since.counters, strict=False)
        if said is not None
        for refusal in backwards(said, before, after, scene.at)
    ]


def _plan(
    scene: _Scene,
    verb: str,
    rests_on: str | None,
    refusals: Iterable[Refusal],
    warnings: Iterable[str],
) -> UnitMove:
    subject, carrier = scene.found.subject, scene.found.carrier
    return UnitMove(
        unit=subject.utcs,
        carrier=carrier.utcs,
        slot=scene.slot,
        aircraft=carrier.aircraft,
        position=scene.position,
        at=scene.at,
        rests_on=rests_on,
        life=scene.life,
        refusals=tuple(refusals),
        warnings=tuple(warnings),
        event=f"{verb} {subject.utcs} {uuid4()}",
    )


async def _record(
    graph: Graph, principal: Principal, plan: UnitMove, facts: Sequence[Fact], dry_run: bool
) -> UnitMove:
    if dry_run or plan.refusals:
        return plan
    event = Event(
        source=SOURCE,
        id=plan.event,
        subject=plan.unit,
        time=plan.at,
        actor=principal.actor,
        data=Facts(facts=tuple(facts)),
    )
    (outcome,) = await submit(graph, [event], principal)
    return replace(plan, outcome=outcome)
