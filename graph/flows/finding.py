"""What becomes of findings: reported under a work order, put off within limits, extended once, rectified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.certificate import signed_by
from graph.flows.lifecycle import refuse
from graph.flows.submit import Principal, submit
from graph.flows.work import moment_of, signing, work_event
from graph.model.approval import Breach
from graph.model.compliance import Limits
from graph.model.deferral import (
    RUNNING,
    due_at,
    extended,
    extension_breaches,
    limit_breaches,
    limits_of,
)
from graph.model.event import explain
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import (
    Deferral,
    DeferralCategory,
    DeferralStatus,
    Finding,
    FindingSeverity,
    FindingStatus,
)
from graph.model.outcome import Outcome
from graph.model.sign_off import Found, Hand, lack, paper_of
from graph.model.work import CERTIFICATION, ENDED, WORK, Duty
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.work_finding import WorkFinding, find_finding
from graph.store.work_order import Order, find_order


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a finding.

    Attributes:
        utcs: The finding.
        state: Where it stands by it.
        deferral: What puts it off, if something does or did.
        due_at: Until when that holds.
        signer: Who signed.
        at: Since when it is so.
        event: The id of the event, of the source `urn:utcs:work`.
        outcome: What became of the event; refused as `outdated` if something was stated meanwhile.
    """

    utcs: Utcs
    state: str
    deferral: Utcs | None
    due_at: datetime | None
    signer: Utcs
    at: datetime
    event: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Deferring:
    """On what terms a finding is put off.

    Attributes:
        category: The rule it stands on.
        reference: The MEL or CDL item, or the approval.
        reason: Why it cannot be mended at once.
        restrictions: What may not be done meanwhile.
        limits: How long, as printed for the item; the interval of the category unless given.
    """

    category: DeferralCategory
    reference: str
    reason: str
    restrictions: str | None = None
    limits: Limits = field(default_factory=Limits)


async def report_finding(
    graph: Graph,
    principal: Principal,
    order: Utcs,
    finding: Finding,
    *,
    signer: Utcs,
    about: Utcs | None = None,
    at: datetime | None = None,
) -> Decided:
    """Records something that was found under a work order, as open.

    Args:
        graph: Where.
        principal: Who asks.
        order: The work order.
        finding: What was found; its number and state are given here.
        signer: Who found it.
        about: The unit it is about; what is worked on unless given.
        at: When; now unless given.

    Raises:
        BadQuestionError: What it is about is not known, or a time is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The work order or the person is not there.
    """
    principal.require("editor")
    found_in = await find_order(graph, order)
    when = moment_of(graph, found_in.valid_from, at)
    hand = await signing(graph, principal, signer, when)
    refuse(report_breaches(found_in, hand, when))
    target = about or (found_in.units[0][0] if len(found_in.units) == 1 else None)
    if target is None:
        raise BadQuestionError(
            f"about: {order.local} works on {len(found_in.units)} things; say which", field="about"
        )
    utcs = next(found_in.further_findings())
    facts: list[Fact] = [
        # Restated, so that a release which was decided upon without the finding is refused.
        PutNode(utcs=order, properties=found_in.order, replaces=found_in.version),
        *found_facts(found_in, utcs, finding, target, hand, when),
    ]
    return await _decided(graph, principal, utcs, FindingStatus.OPEN, None, hand, when, facts)


async def defer_finding(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    terms: Deferring,
    *,
    signer: Utcs,
    at: datetime | None = None,
) -> Decided:
    """Puts an open finding off, within the limits of the category it is deferred under.

    Raises:
        BadQuestionError: A text or a time is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The finding or the person is not there.
    """
    principal.require("editor")
    found, order, when, hand = await _before(graph, principal, utcs, signer, at)
    opened = found.finding.found_at or when
    limits = limits_of(terms.category, terms.limits)
    due = due_at(opened, limits.days)
    refuse([
        *_of_state(found, "defer", FindingStatus.OPEN, None),
        *_of_severity(found.finding),
        *limit_breaches(terms.category, terms.limits),
        *_of_expiry(due, when),
        *_of_right("finding.defer", CERTIFICATION, hand, order, when),
    ])  # fmt: skip
    deferral = _deferral_id(order, utcs)
    said = _deferral(deferral, found.finding, terms, limits, opened, due)
    facts: list[Fact] = [
        PutNode(utcs=deferral, properties=said, replaces=0),
        *_linked(deferral, ("DEFERS", utcs), *(("ABOUT", one) for one in found.about)),
        _signed(deferral, "approved", CERTIFICATION, hand, when, None),
        _restated(found, FindingStatus.DEFERRED),
    ]
    state = FindingStatus.DEFERRED
    return await _decided(graph, principal, utcs, state, (deferral, due), hand, when, facts)


async def extend_deferral(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    *,
    signer: Utcs,
    reason: str,
    at: datetime | None = None,
) -> Decided:
    """Lets the deferral of a finding run for its interval once more.

    Raises:
        BadQuestionError: A text or a time is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The finding or the person is not there.
    """
    principal.require("editor")
    found, order, when, hand = await _before(graph, principal, utcs, signer, at)
    running = _running(order, utcs)
    rule = "deferral.extend"
    refuse([
        *_of_state(found, "extend", FindingStatus.DEFERRED),
        *([] if running else [Breach(f"{rule}/state", f"id: nothing defers {utcs.local}")]),
        *(breach for _, one in running[:1] for breach in extension_breaches(one, when)),
        *([] if reason.strip() else [Breach(f"{rule}/reason", "reason: not given; say why")]),
        *_of_right(rule, CERTIFICATION, hand, order, when),
    ])  # fmt: skip
    deferral, before = running[0]
    said = extended(before)
    facts: list[Fact] = [
        PutNode(utcs=deferral, properties=said),
        _signed(deferral, "extended", CERTIFICATION, hand, when, reason),
        _restated(found, FindingStatus.DEFERRED),
    ]
    state = FindingStatus.DEFERRED
    return await _decided(graph, principal, utcs, state, (deferral, said.due_at), hand, when, facts)


async def rectify_finding(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    *,
    signer: Utcs,
    rectification: str,
    at: datetime | None = None,
) -> Decided:
    """Records what was done about a finding; what put it off is closed.

    Raises:
        BadQuestionError: A text or a time is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The finding or the person is not there.
    """
    principal.require("editor")
    found, order, when, hand = await _before(graph, principal, utcs, signer, at)
    rule = "finding.rectify"
    refuse([
        *_of_state(found, "rectify", None, FindingStatus.OPEN, FindingStatus.DEFERRED),
        *([] if rectification.strip() else [Breach(f"{rule}/needs", "rectification: not given")]),
        *_of_right(rule, WORK, hand, order, when),
    ])  # fmt: skip
    closed = {"status": DeferralStatus.CLOSED, "closed_at": when}
    running = _running(order, utcs)
    facts: list[Fact] = [
        _restated(found, FindingStatus.RECTIFIED, rectification=rectification),
        _signed(utcs, "rectified", WORK, hand, when, None),
        *(PutNode(utcs=one, properties=said.model_copy(update=closed)) for one, said in running),
    ]
    ended = (running[0][0], running[0][1].due_at) if running else None
    state = FindingStatus.RECTIFIED
    return await _decided(graph, principal, utcs, state, ended, hand, when, facts)


async def _before(
    graph: Graph, principal: Principal, utcs: Utcs, signer: Utcs, at: datetime | None
) -> tuple[WorkFinding, Order, datetime, Hand]:
    """Returns the finding, its work order, when it is decided on, and who signs, as qualified then."""
    found = await find_finding(graph, utcs)
    order = await find_order(graph, found.order)
    when = moment_of(graph, found.valid_from, at)
    return found, order, when, await signing(graph, principal, signer, when)


def report_breaches(order: Order, hand: Hand, at: datetime) -> list[Breach]:
    """Returns what forbids somebody to report findings under a work order."""
    return [*_of_order(order), *_of_right("finding.report", WORK, hand, order, at)]


def found_facts(
    order: Order, utcs: Utcs, finding: Finding, about: Utcs, hand: Hand, at: datetime
) -> list[Fact]:
    """Returns a finding that was reported as facts: open, about what, and by whom it was found."""
    said = {"number": utcs.local, "status": FindingStatus.OPEN, "found_at": at}
    return [
        PutNode(utcs=utcs, properties=finding.model_copy(update=said), replaces=0),
        *_linked(utcs, ("FOUND_IN", order.utcs), ("ABOUT", about)),
        _signed(utcs, "reported", WORK, hand, at, None),
    ]


def _of_order(order: Order) -> list[Breach]:
    status = order.order.status
    if status not in ENDED:
        return []
    problem = f"status: {order.utcs.local} is {status}; report it under an order that is not ended"
    return [Breach("finding.report/state", problem)]


def _of_state(found: WorkFinding, step: str, *states: FindingStatus | None) -> list[Breach]:
    status = found.finding.status
    if status in states:
        return []
    wanted = " or ".join(one.value for one in states if one)
    problem = (
        f"status: {found.utcs.local} is {status or 'of no stated status'}; {step} leaves {wanted}"
    )
    return [Breach(f"finding.{step}/state", problem)]


def _of_severity(finding: Finding) -> list[Breach]:
    if finding.severity is not FindingSeverity.CRITICAL:
        return []
    return [Breach("finding.defer/severity", "severity: critical; it is mended before flight")]


def _of_expiry(due: datetime | None, when: datetime) -> list[Breach]:
    if due is None or due >= when:
        return []
    problem = f"limit: it would have run out at {due:%Y-%m-%d %H:%M} UTC; rectify it"
    return [Breach("finding.defer/expired", problem)]


def _of_right(rule: str, duty: Duty, hand: Hand, order: Order, at: datetime) -> list[Breach]:
    problem = lack(duty, hand, order.case.scope, at.date())
    return [Breach(f"{rule}/right", f"signer: {problem}")] if problem else []


def _running(order: Order, utcs: Utcs) -> Sequence[tuple[Utcs, Deferral]]:
    of: Sequence[Found] = [one for one in order.case.found if one.utcs == utcs]
    return [pair for one in of for pair in one.deferrals if pair[1].status in RUNNING]


def _deferral_id(order: Order, utcs: Utcs) -> Utcs:
    stem = f"DEF-{utcs.local.removeprefix('FND-')}"[:58]
    again = sum(len(one.deferrals) for one in order.case.found if one.utcs == utcs)
    return Utcs(utcs.authority, "deferral", f"{stem}-{again + 1}" if again else stem)


def _deferral(
    utcs: Utcs, finding: Finding, terms: Deferring, limits: Limits, opened: datetime, due: datetime | None
) -> Deferral:  # fmt: skip
    try:
        return Deferral(
            name=f"Deferred: {finding.name}"[:300],
            number=utcs.local,
            category=terms.category,
            reference=terms.reference,
            reason=terms.reason,
            restrictions=terms.restrictions,
            limit_days=limits.days,
            limit_fh=limits.fh,
            limit_fc=limits.fc,
            status=DeferralStatus.OPEN,
            opened_at=opened,
            due_at=due,
        )
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


def _restated(found: WorkFinding, status: FindingStatus, **said: str) -> PutNode:
    """Returns a finding in another state; refused if another was stated meanwhile."""
    try:
        stated = Finding.model_validate(
            found.finding.model_dump(exclude_none=True) | {"status": status} | said
        )
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error
    return PutNode(utcs=found.utcs, properties=stated, replaces=found.version)


def _linked(utcs: Utcs, *links: tuple[str, Utcs]) -> list[PutLink]:
    try:
        return [PutLink(source=utcs, link=link, target=target) for link, target in links]
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


def _signed(
    utcs: Utcs, slot: str, duty: Duty, hand: Hand, at: datetime, statement: str | None
) -> Fact:
    return signed_by(utcs, hand.utcs, slot, at, statement, paper_of(duty, hand, at.date()))


async def _decided(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    state: FindingStatus,
    deferred: tuple[Utcs, datetime | None] | None,
    hand: Hand,
    at: datetime,
    facts: Sequence[Fact],
) -> Decided:
    event = work_event(f"{state} {utcs} {uuid4()}", utcs, at, principal, facts)
    (outcome,) = await submit(graph, [event], principal)
    deferral, due = deferred or (None, None)
    return Decided(utcs, state.value, deferral, due, hand.utcs, at, event.id, outcome)
