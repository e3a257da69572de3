"""The completion of a work order, as a maintenance system reports it: all of it is one event, or nothing.

Who reports names no signer. The asset is returned to service only if the sign-offs that are on the work order
allow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import uuid4

from graph.flows.certificate import certificate, release_id
from graph.flows.lifecycle import refuse
from graph.flows.stock_facts import consumed
from graph.flows.submit import Principal, submit
from graph.flows.work import ATTEMPTS, refused, work_event
from graph.model.approval import Breach
from graph.model.canonical import canonical_json
from graph.model.consumption import Draw, draw_all
from graph.model.event import Event
from graph.model.exchange.table import ASSET, COMPLETION, EXCHANGE, SAID
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import Finding, FindingStatus, Release, WorkOrder, WorkOrderStatus
from graph.model.outcome import Reason, Status
from graph.model.sign_off import Found, finding_breaches
from graph.model.time import format_utc, from_micros
from graph.model.work import COMPLETABLE
from graph.model.work_request import Report
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.used_parts import FEW, find_offers
from graph.store.work_order import COMPLETES, Order, find_order, judged

MARK: Final = "completion"
"""The attribute of the event that tells whether two reports are the same."""

MAX_PARTS: Final = 200
"""So many parts one report names."""

_RULE: Final = "workorder.complete"


@dataclass(frozen=True, slots=True)
class Used:
    """A lot of stock that was drawn from, and how much of it the work order has used in all."""

    stock: Utcs
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Completed:
    """A work order that was completed.

    Attributes:
        number: The number of the work order.
        asset: What was worked on.
        state: Where the work order stands by it.
        ended_at: When the work ended.
        at: Since when it stands so: when the last of work and sign-offs was done.
        release: The certificate, where the asset was returned to service.
        certified_by: Who certified it.
        finding: What was found and recorded, if anything was.
        used: What was drawn from stock.
        fitted: The units that are recorded as put in under the order.
        event: The id of the event, of the source `urn:utcs:work`.
        seq: Its number in the change log.
        is_new: Whether this report did it; else the same was reported before.
    """

    utcs: Utcs
    number: str
    asset: Utcs
    state: str
    ended_at: datetime | None
    at: datetime
    release: Utcs | None
    certified_by: Utcs | None
    finding: Utcs | None
    used: tuple[Used, ...]
    fitted: tuple[Utcs, ...]
    event: str
    seq: int
    is_new: bool


async def complete(
    graph: Graph,
    principal: Principal,
    asset: Utcs,
    utcs: Utcs,
    report: Report,
    parts: Sequence[Utcs],
) -> Completed:
    """Completes a work order on an asset, and returns that to service where it is asked for and allowed.

    The same report again is answered as it was first. Of two at once one is taken.

    Args:
        graph: Where.
        principal: Who reports.
        asset: What was worked on.
        utcs: The work order.
        report: What is reported.
        parts: What its parts are, in their order.

    Raises:
        BadQuestionError: The thing is no work order, or a part is nothing that is used.
        ForbiddenError: The principal may not write.
        LifecycleError: A rule is broken, or something is missing; nothing was written.
        NotFoundError: The work order or a part is not there.
    """
    principal.require("editor")
    if len(parts) > MAX_PARTS:
        raise BadQuestionError(
            f"partsUsed: {len(parts)} parts; report at most {MAX_PARTS}", field="partsUsed"
        )
    for _ in range(ATTEMPTS):
        order = await find_order(graph, utcs)
        refuse(list(asset_breaches(order, asset, _RULE)))
        if (earlier := _earlier(order, asset, report)) is not None:
            return earlier
        event = await _event(graph, principal, order, asset, report, parts)
        (outcome,) = await submit(graph, [event], principal)
        if outcome.status is Status.APPLIED and outcome.seq is not None:
            return _told(event, asset, outcome.seq, is_new=True)
        if outcome.code is not Reason.OUTDATED:
            break
    raise refused(_RULE, outcome)


def asset_breaches(order: Order, asset: Utcs, rule: str) -> Iterator[Breach]:
    """Yields that a work order is on something else, if it is."""
    if asset not in [unit for unit, _ in order.units]:
        on = ", ".join(unit.local for unit, _ in order.units) or "nothing that is known"
        yield Breach(
            f"{rule}/asset", f"workOrderId: {order.utcs.local} is on {on}, not on {asset.local}"
        )


def _earlier(order: Order, asset: Utcs, report: Report) -> Completed | None:
    """Returns what the same report did before.

    Raises:
        LifecycleError: Another one completed the work order.
    """
    done = order.completion
    if done is None or done.document is None:
        return None
    event = Event.model_validate_json(done.document)
    if (event.model_extra or {}).get(MARK) == report.fingerprint:
        return _told(event, asset, done.seq, is_new=False)
    problem = (
        f"workOrderId: {order.utcs.local} was completed already, by another report recorded as number "
        f"{done.seq:,} of the change log; it is {order.order.status}. Send that report again unchanged, or "
        f"correct its event ({done.event!r}) if it was wrong"
    )
    refuse([Breach(f"{_RULE}/twice", problem)])
    return None


async def _event(
    graph: Graph,
    principal: Principal,
    order: Order,
    asset: Utcs,
    report: Report,
    parts: Sequence[Utcs],
) -> Event:
    """Returns the one event that completes a work order; all that forbids it is told together."""
    now = from_micros(graph.clock())
    ended = report.ended_at(now)
    at = _at(order, ended)
    named = list(zip(report.parts, parts, strict=True))
    drawn, unusable = await _drawn(graph, named, order, asset, ended.date())
    found = _recorded(order, report, at)
    broken = [*_of_state(order), *_of_time(order, report, ended, now), *unusable]
    if report.is_released:
        broken += (await judged(graph, order, at)).missing
        broken += [] if found is None else finding_breaches(found, at)
    refuse(broken)
    thing = _completed(order, report, ended)
    facts: list[Fact] = [PutNode(utcs=order.utcs, properties=thing, replaces=order.version)]
    facts += [] if found is None else _finding(order, asset, found)
    facts += [fact for one in drawn for fact in consumed(order.utcs, one, at)]
    facts += _fitted(order, parts)
    if report.is_released:
        signed = order.case.sign_off("certified")
        assert signed is not None  # noqa: S101 - else it were missing
        facts += certificate(
            order, thing, release_id(order), signed.hand, at, signed.authorisation, signed.signed_at
        )
    mark = {MARK: report.fingerprint, **_exchanged(order, asset, report)}
    return work_event(
        f"{COMPLETES}{order.utcs} {uuid4()}", order.utcs, at, principal, facts, **mark
    )


async def _drawn(
    graph: Graph, named: Sequence[tuple[str, Utcs]], order: Order, asset: Utcs, day: date
) -> tuple[tuple[Draw, ...], tuple[Breach, ...]]:
    """Returns from which lots the parts are drawn; all lots are read only where the first few do not do."""
    offers = await find_offers(graph, named, order.utcs, asset, most=FEW)
    drawn, unusable = draw_all(offers, order.utcs, day)
    if unusable and any(len(one.lots) == FEW for one in offers):
        offers = await find_offers(graph, named, order.utcs, asset)
        drawn, unusable = draw_all(offers, order.utcs, day)
    return drawn, unusable


def _at(order: Order, ended: datetime) -> datetime:
    """Returns since when a work order is completed: when the work ended and the last sign-off was given."""
    after = order.valid_from + timedelta(microseconds=1)
    return max([ended, after, *(one.signed_at for one in order.case.signed)])


def _exchanged(order: Order, asset: Utcs, report: Report) -> dict[str, str]:
    """Returns the attributes by which the report is told on: as it was sent, by the number of the order."""
    said = {
        "workOrderId": order.order.number,
        "completionDate": _shown(report.completed),
        "findings": report.findings,
        "partsUsed": list(report.parts),
        "returnToService": report.is_released,
    }
    return {EXCHANGE: COMPLETION, ASSET: str(asset), SAID: canonical_json(said).decode()}


def _of_state(order: Order) -> Iterator[Breach]:
    status = order.order.status
    if status not in COMPLETABLE:
        wanted = " or ".join(sorted(COMPLETABLE))
        yield Breach(
            f"{_RULE}/state",
            f"workOrderId: {order.utcs.local} is {status or 'of no stated status'}; its completion is "
            f"reported while it is {wanted}",
        )


def _of_time(order: Order, report: Report, ended: datetime, now: datetime) -> Iterator[Breach]:
    said = report.completed
    if ended > now:
        yield Breach(f"{_RULE}/future", f"completionDate: {_shown(said)} is still to come")
    for name, began in (
        ("opened", order.order.opened_at),
        ("begun", order.order.started_at),
    ):
        if began is not None and ended < began:
            problem = (
                f"completionDate: {_shown(said)} is before it was {name}, at {format_utc(began)}"
            )
            yield Breach(f"{_RULE}/before", problem)
    for one in order.case.signed:
        if one.signed_at > now:
            problem = f"{one.slot}: signed at {format_utc(one.signed_at)}, which is still to come"
            yield Breach(f"{_RULE}/future", problem)


def _shown(said: date | datetime) -> str:
    return format_utc(said) if isinstance(said, datetime) else said.isoformat()


def _recorded(order: Order, report: Report, at: datetime) -> Found | None:
    """Returns the finding that a report tells of and that is not on record under the work order."""
    text = report.finding
    if text is None or any(_same(one.finding, text) for one in order.case.found):
        return None
    utcs = next(order.further_findings())
    said = Finding(
        name=text[:300],
        description=text if len(text) > 300 else None,
        number=utcs.local,
        status=FindingStatus.OPEN,
        found_at=at,
    )
    return Found(utcs, said)


def _same(finding: Finding, text: str) -> bool:
    return (finding.description or finding.name).casefold() == text.casefold()


def _finding(order: Order, asset: Utcs, found: Found) -> list[Fact]:
    return [
        PutNode(utcs=found.utcs, properties=found.finding, replaces=0),
        PutLink(source=found.utcs, link="FOUND_IN", target=order.utcs),
        PutLink(source=found.utcs, link="ABOUT", target=asset),
    ]


def _completed(order: Order, report: Report, ended: datetime) -> WorkOrder:
    """Returns a work order as it is once its completion was reported."""
    status = WorkOrderStatus.RELEASED if report.is_released else WorkOrderStatus.PERFORMED
    if not report.is_released and order.order.status is WorkOrderStatus.INSPECTED:
        status = WorkOrderStatus.INSPECTED
    tasks = "; ".join(name for _, name in order.tasks) or order.order.name
    return order.order.model_copy(
        update={
            "status": status,
            "ended_at": order.order.ended_at or ended,
            "work_performed": order.order.work_performed or f"Done: {tasks}."[:10_000],
        }
    )


def _fitted(order: Order, parts: Sequence[Utcs]) -> list[Fact]:
    """Returns that units were put in under the work order; where they are, their installation says."""
    units = dict.fromkeys(one for one in parts if one.kind == "serial")
    return [PutLink(source=order.utcs, link="INSTALLS", target=unit) for unit in units]


def _told(event: Event, asset: Utcs, seq: int, *, is_new: bool) -> Completed:
    """Returns what an event that completed a work order did: the same whenever it is asked."""
    things = {f.utcs: f.properties for f in event.facts if isinstance(f, PutNode)}
    links = [f for f in event.facts if isinstance(f, PutLink)]
    assert event.subject is not None  # noqa: S101 - ours have one
    order = things[event.subject]
    assert isinstance(order, WorkOrder)  # noqa: S101
    release = next((utcs for utcs, one in things.items() if isinstance(one, Release)), None)
    return Completed(
        utcs=event.subject,
        number=order.number,
        asset=asset,
        state=str(order.status),
        ended_at=order.ended_at,
        at=event.time,
        release=release,
        certified_by=next(
            (f.target for f in links if f.source == release and f.link == "SIGNED_BY"), None
        ),
        finding=next((utcs for utcs, one in things.items() if isinstance(one, Finding)), None),
        used=tuple(
            Used(one.target, Decimal(str(one.properties["quantity"])))
            for one in links
            if one.link == "CONSUMES"
        ),
        fitted=tuple(one.target for one in links if one.link == "INSTALLS"),
        event=event.id,
        seq=seq,
        is_new=is_new,
    )
