"""Hours booked on the steps of a work order, and shifts: one event each; nobody is in two places at once.

The person is restated, so that of two who book the same hours of one person at once one comes too late; that
one is decided anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from graph.flows.lifecycle import refuse
from graph.flows.submit import Principal, submit
from graph.flows.work import ATTEMPTS, moment_of, refused, work_event
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.labour import Span, booking_breaches, shift_breaches
from graph.model.outcome import Outcome, Reason, Status
from graph.model.resources import Labour, Shift
from graph.model.time import as_utc, format_utc, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.labour import RosterAt, find_roster
from graph.store.moment import CURRENT, Moment
from graph.store.standings import find_standings
from graph.store.work_order import find_hand, find_order


@dataclass(frozen=True, slots=True)
class Planned:
    """Hours that were booked, or a shift that was planned.

    Attributes:
        utcs: The labour or the shift.
        span: When.
        event: The id of the event, of the source `urn:utcs:work`: `correct` takes it back.
        seq: Its number in the change log.
    """

    utcs: Utcs
    person: Utcs
    span: Span
    event: str
    seq: int


async def book(
    graph: Graph,
    principal: Principal,
    order: Utcs,
    step: str,
    person: Utcs,
    span: Span,
    *,
    is_overtime: bool = False,
) -> Planned:
    """Books the hours that a person worked on a step of a work order.

    Raises:
        BadQuestionError: One of them is of another kind.
        ForbiddenError: The principal may not write.
        LifecycleError: A rule is broken, such as that the person is booked elsewhere; nothing was written.
        NotFoundError: One of them is not there.
        TimeError: A time has no offset.
    """
    principal.require("editor")
    span = _utc(span)
    for _ in range(ATTEMPTS):
        found, roster = await find_order(graph, order), await find_roster(graph, person, span.days)
        hand, now = await find_hand(graph, person, span.starts_at), from_micros(graph.clock())
        refuse(booking_breaches(
            found.case, step, span, hand, roster.roster, now, overtime=is_overtime
        ))  # fmt: skip
        utcs = Utcs(order.authority, "labour", f"LAB-{uuid4().hex}")
        labour = Labour(
            name=f"{step} {found.order.number}, {person.local}"[:300],
            step=step,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            labour_h=span.hours,
            is_overtime=is_overtime or None,
        )
        signed = {"signed_at": format_utc(now)}
        facts: list[Fact] = [
            PutNode(utcs=utcs, properties=labour, replaces=0),
            PutLink(source=utcs, link="STEP_OF", target=order),
            PutLink(source=utcs, link="SIGNED_BY", target=person, slot="worked", properties=signed),
        ]
        planned, outcome = await _record(graph, principal, utcs, roster, span, facts)
        if planned is not None:
            return planned
        if outcome.code is not Reason.OUTDATED:
            break
    raise refused("labour.book", outcome)


async def plan_shift(
    graph: Graph,
    principal: Principal,
    person: Utcs,
    span: Span,
    place: Utcs,
    *,
    number: str | None = None,
) -> Planned:
    """Plans a shift of a person.

    Raises:
        As `book` does.
    """
    principal.require("editor")
    span = _utc(span)
    if place.kind != "facility":
        raise BadQuestionError(f"place: {place} is a {place.kind}; give a facility", field="place")
    if place not in await find_standings(graph, [place]):
        raise await not_there(graph, place, Moment.of(graph, CURRENT))
    for _ in range(ATTEMPTS):
        roster = await find_roster(graph, person, span.days)
        refuse(shift_breaches(span, roster.roster))
        utcs = Utcs(person.authority, "shift", f"SHIFT-{uuid4().hex}")
        shift = Shift(
            name=f"{number or 'Shift'} of {person.local}"[:300],
            number=number,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
        )
        facts: list[Fact] = [
            PutNode(utcs=utcs, properties=shift, replaces=0),
            PutLink(source=utcs, link="ASSIGNED_TO", target=person),
            PutLink(source=utcs, link="TAKES_PLACE_AT", target=place),
        ]
        planned, outcome = await _record(graph, principal, utcs, roster, span, facts)
        if planned is not None:
            return planned
        if outcome.code is not Reason.OUTDATED:
            break
    raise refused("shift.plan", outcome)


def _utc(span: Span) -> Span:
    return Span(as_utc(span.starts_at, "starts_at"), as_utc(span.ends_at, "ends_at"))


async def _record(
    graph: Graph, principal: Principal, utcs: Utcs, roster: RosterAt, span: Span, facts: list[Fact]
) -> tuple[Planned | None, Outcome]:
    person = roster.roster.utcs
    when = moment_of(graph, from_micros(roster.valid_from), None)
    held = PutNode(utcs=person, properties=roster.roster.person, replaces=roster.version)
    event = work_event(f"book {utcs}", utcs, when, principal, [*facts, held])
    (outcome,) = await submit(graph, [event], principal)
    if outcome.status is not Status.APPLIED or outcome.seq is None:
        return None, outcome
    return Planned(utcs, person, span, event.id, outcome.seq), outcome
