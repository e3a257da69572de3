"""Recording that a directive was complied with, or a change embodied: checked first, then one event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from graph.flows.submit import Principal, submit
from graph.model.applicability import Verdict
from graph.model.change import ApprovalStatus, Bulletin, Directive, Modification, Stc
from graph.model.compliance import Demand, Life, Point, next_due
from graph.model.event import Event
from graph.model.fact import Fact, Facts, PutLink
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.ontology import get_link_type
from graph.model.outcome import Outcome
from graph.model.refusal import Refusal
from graph.model.time import Coordinates, as_utc, from_micros, to_micros
from graph.store.absence import not_there
from graph.store.accomplishments import Page, Unit, find_units
from graph.store.accrual import Accrued, Counted, accrued
from graph.store.applicability import applicability
from graph.store.campaign import EMBODIED, find_change
from graph.store.database import Graph
from graph.store.demands import DEMANDS
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.work import Work, find_work

SOURCE: Final = "urn:utcs:compliance"
"""The source of events that record compliance and embodiment."""

_EXECUTES: Final = get_link_type("EXECUTES")
_APPROVED: Final = (None, ApprovalStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Accomplishment:
    """What is recorded of something done to a unit, or why it is not.

    Attributes:
        link: `COMPLIES_WITH` or `EMBODIES`.
        done_at: When it was done.
        life: The counters of the unit then.
        next_due: When it is due again; None where that is never.
        refusals: Why it cannot be recorded; all has to be settled first.
        warnings: What may surprise.
        event: The id of the event, of the source `urn:utcs:compliance`: `correct` takes it back.
        outcome: What became of the event; None while it is only tried, and where it is refused.
    """

    link: str
    unit: Utcs
    change: Utcs
    work_order: Utcs
    done_at: datetime
    life: Life
    next_due: Point | None
    refusals: tuple[Refusal, ...]
    warnings: tuple[str, ...]
    event: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says was done.

    Attributes:
        unit: To which aircraft or unit.
        change: The directive or bulletin complied with, or the change embodied.
        work_order: Under which work order.
        done_at: When; when the work order ended unless given.
        method: The method of compliance.
        is_terminating: Whether nothing is due again; as the demand says unless given.
        total_fh: Flight hours of the unit since new, then; as accrued unless given.
        total_fc: Flight cycles in the same way.
    """

    unit: Utcs
    change: Utcs
    work_order: Utcs
    done_at: datetime | None = None
    method: str | None = None
    is_terminating: bool | None = None
    total_fh: Decimal | None = None
    total_fc: Decimal | None = None


async def comply(
    graph: Graph, principal: Principal, claim: Claim, *, dry_run: bool = False
) -> Accomplishment:
    """Records that a unit complies with a directive or bulletin, and when that is due again.

    Raises:
        ForbiddenError: The principal may not write.
        BadQuestionError: The change demands nothing, or there is no method, order or time.
        NotFoundError: The unit, the change or the work order is not there.
    """
    if claim.change.kind not in DEMANDS:
        raise BadQuestionError(
            f"change: a {claim.change.kind} is nothing to comply with; give a {' or '.join(DEMANDS)}",
            field="change",
        )
    if not (claim.method and claim.method.strip()):
        raise BadQuestionError(
            "method: not given; say how it was complied with, such as the paragraph of the directive",
            field="method",
        )
    return await _record(graph, principal, "COMPLIES_WITH", claim, dry_run)


async def embody(
    graph: Graph, principal: Principal, claim: Claim, *, dry_run: bool = False
) -> Accomplishment:
    """Records that a bulletin, modification, supplemental type certificate or order is embodied in a unit.

    Raises:
        ForbiddenError: The principal may not write.
        BadQuestionError: The change is none that is embodied, a method is given, or no time is known.
        NotFoundError: The unit, the change or the work order is not there.
    """
    if claim.change.kind not in EMBODIED:
        raise BadQuestionError(
            f"change: a {claim.change.kind} is not embodied in units; give a {', '.join(EMBODIED)}",
            field="change",
        )
    if claim.method is not None or claim.is_terminating is not None:
        raise BadQuestionError(
            "method: an embodiment has no method of compliance and ends nothing; leave both out",
            field="method",
        )
    return await _record(graph, principal, "EMBODIES", claim, dry_run)


async def _record(
    graph: Graph, principal: Principal, link: str, claim: Claim, dry_run: bool
) -> Accomplishment:
    principal.require("editor")
    now = from_micros(graph.clock())
    thing, _ = await find_change(graph, claim.change, Moment.of(graph, CURRENT))
    work = await find_work(graph, claim.work_order)
    done_at = _done_at(claim, work)
    then = min(done_at, now)
    unit = await _unit(graph, claim, then)
    verdict = await _applies(graph, unit, claim.change, work, then)
    counted = await accrued(graph, claim.unit, at=Coordinates(as_of=then))
    later = await accrued(graph, claim.unit)
    life = _life(claim, done_at.date(), counted)
    demand = Demand.of(claim.change, thing) if isinstance(thing, Directive | Bulletin) else None
    due = _next_due(demand, claim, life)
    refusals = [
        *_of_time(thing, done_at, now),
        *_of_standing(thing, claim),
        *_of_applicability(verdict, claim),
        *_of_work(work, unit),
        *_of_counters(claim, demand, life, counted, later, done_at),
        *_of_repetition(unit, claim, demand, done_at),
    ]
    plan = Accomplishment(
        link=link,
        unit=claim.unit,
        change=claim.change,
        work_order=claim.work_order,
        done_at=done_at,
        life=life,
        next_due=due,
        refusals=tuple(refusals),
        warnings=tuple(_warnings(verdict, counted)),
        event=f"{link} {claim.unit} {claim.change} {to_micros(now)}",
    )
    if dry_run or plan.refusals:
        return plan
    (outcome,) = await submit(graph, [_event(plan, claim, demand, work, principal)], principal)
    return replace(plan, outcome=outcome)


def _done_at(claim: Claim, work: Work) -> datetime:
    done_at = claim.done_at or work.order.ended_at
    if done_at is None:
        raise BadQuestionError(
            f"done_at: not given, and {work.utcs.local} does not say when the work ended; give it",
            field="done_at",
        )
    return as_utc(done_at, "done_at")


async def _unit(graph: Graph, claim: Claim, then: datetime) -> Unit:
    moment = Moment.of(graph, Coordinates(as_of=then))
    found = await find_units(graph, moment, Page(claim.unit), [claim.change])
    for unit in found:
        if unit.utcs == claim.unit:
            return unit
    raise await not_there(graph, claim.unit, moment)


async def _applies(graph: Graph, unit: Unit, change: Utcs, work: Work, then: datetime) -> Verdict:
    """Returns whether the change applied to the unit, before or after the work.

    A rule may ask for what the work itself alters: the part number that was replaced, a modification that
    is not embodied yet.
    """
    before = min(then, work.order.started_at or then) - timedelta(microseconds=1)
    verdicts = []
    for moment in (before, then):
        found = await applicability(graph, [change], at=Coordinates(as_of=moment))
        verdicts.append(found.of(change, unit))
    return next((one for one in verdicts if one.applies), verdicts[-1])


def _life(claim: Claim, day: date, counted: Accrued) -> Life:
    """Returns the counters of the unit: as claimed, or else as accrued, where anything counts them."""
    known = life_of(day, counted)
    return Life(
        day,
        known.fh if claim.total_fh is None else claim.total_fh,
        known.fc if claim.total_fc is None else claim.total_fc,
    )


def life_of(day: date, counted: Accrued) -> Life:
    """Returns hours and cycles since new as they were accrued; None where nothing counts them."""
    fh, fc = (one.total if one.is_known else None for one in counted.counters[:2])
    return Life(day, fh, fc)


def _next_due(demand: Demand | None, claim: Claim, life: Life) -> Point | None:
    if demand is None or claim.is_terminating or not demand.is_recurring:
        return None
    due = next_due(demand, life)
    return None if due.is_none else due


def _of_time(thing: Kind, done_at: datetime, now: datetime) -> Iterator[Refusal]:
    if done_at > now:
        yield Refusal("not-in-future", f"done_at: {done_at:%Y-%m-%d %H:%M} UTC is yet to come")
    issued = getattr(thing, "issued_on", None) or getattr(thing, "effective_on", None)
    if issued is not None and done_at.date() < issued:
        why = f"done_at: {done_at.date()} is before the change was issued, on {issued}"
        yield Refusal("not-before-issue", why)


def _of_standing(thing: Kind, claim: Claim) -> Iterator[Refusal]:
    """Yields why nothing can be recorded against a change that does not hold."""
    change = claim.change.local
    if isinstance(thing, Directive | Bulletin):
        demand = Demand.of(claim.change, thing)
        for is_so, stands in (
            (not demand.is_issued, "only proposed"),
            (demand.is_cancelled, "cancelled"),
            (demand.is_superseded, "superseded: name what took its place"),
        ):
            if is_so:
                yield Refusal("change-holds", f"change: {change} is {stands}")
    if isinstance(thing, Stc | Modification) and thing.status not in _APPROVED:
        yield Refusal("change-is-approved", f"change: {change} is {thing.status}, not approved")


def _of_applicability(verdict: Verdict, claim: Claim) -> Iterator[Refusal]:
    if verdict.applies is False:
        why = f"change: {claim.change.local} does not apply to {claim.unit.local}: {verdict.why}"
        yield Refusal("change-applies", why)


def _of_work(work: Work, unit: Unit) -> Iterator[Refusal]:
    if work.unreleased is not None:
        why = f"work_order: {work.utcs.local} is not released: {work.unreleased}"
        yield Refusal("work-is-released", why)
    if work.works_on.isdisjoint({unit.utcs, unit.aircraft}):
        on = ", ".join(sorted(one.local for one in work.works_on)) or "nothing that is known"
        why = f"work_order: {work.utcs.local} works on {on}, not on {unit.utcs.local}"
        yield Refusal("work-is-on-unit", why)


def _of_counters(
    claim: Claim,
    demand: Demand | None,
    life: Life,
    counted: Accrued,
    later: Accrued,
    done_at: datetime,
) -> Iterator[Refusal]:
    """Yields where counters run backwards against what is accrued, or are missing and needed."""
    needed = (False, False)
    if demand is not None and demand.is_recurring and not claim.is_terminating:
        needed = (demand.interval.fh is not None, demand.interval.fc is not None)
    given = ((claim.total_fh, life.fh), (claim.total_fc, life.fc))
    for number, (said, stands) in enumerate(given):
        then, since = counted.counters[number], later.counters[number]
        field = f"total_{then.counter}"
        if needed[number] and stands is None:
            why = f"{field}: nothing counts the {then.unit} of the unit, and the next time is due by them"
            yield Refusal("counters-are-known", f"{why}; give it")
        if said is not None:
            yield from backwards(said, then, since, done_at)


def backwards(said: Decimal, then: Counted, since: Counted, at: datetime) -> Iterator[Refusal]:
    """Yields where a counter that is told of a moment runs backwards against what is on record.

    Args:
        said: What it is told to have stood at.
        then: What it had accrued by that moment.
        since: What it has accrued by now.
        at: The moment.
    """
    field = f"total_{then.counter}"
    if said < then.total:
        why = f"{field}: {said} is less than the {then.total} {then.unit} that it had by then"
        yield Refusal("counters-do-not-run-backwards", why)
    is_after = since.declared_at is not None and since.declared_at >= at
    if is_after and since.declared is not None and said > since.declared:
        why = f"{field}: {said} is more than the {since.declared} {since.unit} that it had later"
        yield Refusal("counters-do-not-run-backwards", why)


def _of_repetition(
    unit: Unit, claim: Claim, demand: Demand | None, done_at: datetime
) -> Iterator[Refusal]:
    """Yields why something that was recorded already is not recorded again."""
    held = unit.record(claim.change)
    if held is None:
        return
    since, said = held
    under = f" under {said.reference}" if said.reference else ""
    is_over = said.is_terminating or demand is None or not demand.is_recurring
    if is_over or (since == done_at.date() and said.reference == str(claim.work_order)):
        why = (
            f"change: recorded already as done on {since}{under}; correct that event if it is wrong"
        )
        yield Refusal("not-recorded-yet", why)


def _warnings(verdict: Verdict, counted: Accrued) -> Iterator[str]:
    if verdict.applies is None:
        yield f"nobody can say whether it applies: {verdict.why}"
    for counter in counted.counters[:2]:
        if counter.silent:
            yield f"{counter.silent} flights do not say their {counter.unit}: the total is too low"


def _event(
    plan: Accomplishment, claim: Claim, demand: Demand | None, work: Work, principal: Principal
) -> Event:
    said = {
        "source": str(plan.unit),
        "link": plan.link,
        "target": str(plan.change),
        "properties": _said(plan, claim, demand),
    }
    facts: list[Fact] = [PutLink.model_validate(said)]
    if plan.change not in work.executes and plan.change.kind in _EXECUTES.targets:
        said = {"source": str(plan.work_order), "link": "EXECUTES", "target": str(plan.change)}
        facts.append(PutLink.model_validate(said))
    return Event(
        source=SOURCE,
        id=plan.event,
        subject=plan.unit,
        time=plan.done_at,
        actor=principal.actor,
        data=Facts(facts=tuple(facts)),
    )


def _said(plan: Accomplishment, claim: Claim, demand: Demand | None) -> dict[str, Any]:
    """Returns what the link carries; what is not known is left out."""
    said: dict[str, Any] = {
        "total_fh": plan.life.fh,
        "total_fc": plan.life.fc,
        "reference": str(plan.work_order),
    }
    if plan.link == "COMPLIES_WITH":
        is_last = plan.next_due is None and demand is not None and not demand.is_recurring
        said |= {
            "method": claim.method,
            "is_terminating": is_last if claim.is_terminating is None else claim.is_terminating,
        }
    if plan.next_due is not None:
        due = plan.next_due
        said |= {"next_due_fh": due.fh, "next_due_fc": due.fc, "next_due_on": due.day}
    return {name: _plain(value) for name, value in said.items() if value is not None}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
