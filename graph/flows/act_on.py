"""From advice to work: a planner accepts a recommendation, which requests its work order, or rejects it.

Each decision is one event. It names the statement that it was decided upon, so that of two which were made
upon the same one is refused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from graph.flows.certificate import signed_by
from graph.flows.lifecycle import refuse
from graph.flows.recommend import (
    SIGNS,
    asset_of,
    closed_breaches,
    find_one,
    linked,
    require_kind,
    rests_of,
    submit_step,
)
from graph.flows.submit import Principal
from graph.flows.work import moment_of, place_request, requested_order, signing
from graph.model.approval import Breach
from graph.model.engineering import Priority
from graph.model.fact import Fact, PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrder
from graph.model.opening import CREW, Need, Placed
from graph.model.operation import Recommendation, RecommendationStatus
from graph.model.outcome import Outcome
from graph.model.sign_off import Hand, Scope, lack
from graph.model.time import Coordinates
from graph.model.work import PLANNING
from graph.model.work_request import MAX_DURATION_H, Request
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.health_alerts import risk_of
from graph.store.moment import CURRENT
from graph.store.standings import Standing, find_standings
from graph.store.windows import DAYS, find_window


@dataclass(frozen=True, slots=True)
class Acted:
    """What was decided about a recommendation, or refused because another decision was made meanwhile.

    Attributes:
        status: Where it stands by it.
        order: The work order that was requested, and what is stated of it; None where it was rejected.
        window: Where the work is best done; why nowhere, if nowhere.
        event: The id of the event, of the source `urn:utcs:work`.
    """

    utcs: Utcs
    status: RecommendationStatus
    order: tuple[Utcs, WorkOrder] | None
    window: Placed[Utcs] | None
    signer: Utcs
    at: datetime
    event: str
    outcome: Outcome


async def act_on(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    *,
    signer: Utcs,
    estimated_h: Decimal,
    days: int = DAYS,
    crew: int = CREW,
    at: datetime | None = None,
) -> Acted:
    """Accepts a recommendation: its work order is requested, due and as urgent as the recommendation says.

    The best window is looked for in the rotation and written into the order as when and where it is planned;
    nothing is reserved by that. Without one the order stands all the same, and the answer says why.

    Args:
        graph: Where.
        principal: Who asks.
        utcs: The recommendation.
        signer: The planner who accepts it.
        estimated_h: The labour that it is thought to take.
        days: How far ahead a window is looked for.
        crew: How many people work on the aircraft at once at most.
        at: When; now unless given.

    Raises:
        BadQuestionError: It is no recommendation, or a number or a time is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: It was decided on, what it was raised upon is closed, or the signer plans nothing.
        NotFoundError: The recommendation or the signer is not there.
    """
    found, said, hand, when = await _deciding(graph, principal, utcs, signer, at)
    if not 0 < estimated_h <= MAX_DURATION_H:
        raise BadQuestionError(
            f"estimated_h: {estimated_h} is not within more than 0 and {MAX_DURATION_H:,} hours",
            field="estimated_h",
        )
    signs = [one for one in rests_of(found, "CAUSED_BY") if one.kind in SIGNS]
    upon = await find_standings(graph, signs)
    asset = await asset_of(graph, found, when)
    refuse([
        *_of_state(utcs, said, "accept"), *_of_right(hand, "accept", when), *_of_asset(asset, utcs),
        *(breach for one in upon.values() for breach in closed_breaches(one, "accept")),
    ])  # fmt: skip
    assert asset is not None  # noqa: S101
    due = said.due_on or when.date()
    to_do = rests_of(found, "RECOMMENDS")
    spares = Counter(one for one in to_do if one.kind == "part")
    need = Need(utcs, asset, _by(due, when), estimated_h, spares)
    moment = CURRENT if at is None else Coordinates(as_of=when)
    window = await _window(graph, need, days, crew, moment)
    order = await _requested(graph, said, utcs.local, need, due, window)
    accepted = RecommendationStatus.ACCEPTED
    facts: list[Fact] = [
        *_decided(found, accepted, hand, when, None),
        PutNode(utcs=order[0], properties=order[1], replaces=0),
        *linked(order[0], "WORKS_ON", [asset]),
        *linked(order[0], "EXECUTES", [utcs, *(one for one in to_do if one.kind != "part")]),
        *linked(order[0], "CAUSED_BY", signs),
    ]
    event, outcome = await submit_step(graph, principal, "accept", utcs, when, facts, found.rank)
    return Acted(utcs, accepted, order, window, hand.utcs, when, event, outcome)


async def reject_recommendation(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    *,
    signer: Utcs,
    reason: str,
    at: datetime | None = None,
) -> Acted:
    """Rejects a recommendation, for a reason that stands with the signature.

    Raises:
        BadQuestionError: It is no recommendation, or the reason or a time is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: It was decided on, no reason is given, or the signer plans nothing.
        NotFoundError: The recommendation or the signer is not there.
    """
    found, said, hand, when = await _deciding(graph, principal, utcs, signer, at)
    refuse([
        *_of_state(utcs, said, "reject"), *_of_right(hand, "reject", when),
        *_of_reason(reason),
    ])  # fmt: skip
    rejected = RecommendationStatus.REJECTED
    facts = _decided(found, rejected, hand, when, reason)
    event, outcome = await submit_step(graph, principal, "reject", utcs, when, facts, found.rank)
    return Acted(utcs, rejected, None, None, hand.utcs, when, event, outcome)


async def _deciding(
    graph: Graph, principal: Principal, utcs: Utcs, signer: Utcs, at: datetime | None
) -> tuple[Standing, Recommendation, Hand, datetime]:
    """Returns the recommendation, who decides on it, and when."""
    principal.require("editor")
    require_kind(utcs, "id", "recommendation")
    found = await find_one(graph, utcs)
    assert isinstance(found.thing, Recommendation)  # noqa: S101
    when = moment_of(graph, found.valid_from, at)
    return found, found.thing, await signing(graph, principal, signer, when), when


def _of_state(utcs: Utcs, said: Recommendation, step: str) -> list[Breach]:
    status = said.status or RecommendationStatus.OPEN
    if status is RecommendationStatus.OPEN:
        return []
    problem = f"status: {utcs.local} is {status} already"
    return [Breach(f"recommendation.{step}/state", problem)]


def _of_reason(reason: str) -> list[Breach]:
    if reason.strip():
        return []
    return [Breach("recommendation.reject/reason", "reason: not given; say why")]


def _of_right(hand: Hand, step: str, at: datetime) -> list[Breach]:
    problem = lack(PLANNING, hand, Scope(), at.date())
    return [Breach(f"recommendation.{step}/right", f"signer: {problem}")] if problem else []


def _of_asset(asset: Utcs | None, utcs: Utcs) -> list[Breach]:
    if asset is not None:
        return []
    problem = f"id: {utcs.local} is about no aircraft and no unit; nothing can be worked on"
    return [Breach("recommendation.accept/about", problem)]


def _decided(
    found: Standing,
    status: RecommendationStatus,
    hand: Hand,
    at: datetime,
    reason: str | None,
) -> list[Fact]:
    said = found.thing.model_copy(update={"status": status})
    return [
        PutNode(utcs=found.utcs, properties=said, replaces=found.version),
        signed_by(found.utcs, hand.utcs, status.value, at, reason, None),
    ]


async def _requested(
    graph: Graph,
    said: Recommendation,
    number: str,
    need: Need[Utcs],
    due: date,
    window: Placed[Utcs],
) -> tuple[Utcs, WorkOrder]:
    """Returns the work order as it is requested; it bears the number of what it carries out, so it is new."""
    risk = risk_of(said)
    request = Request(
        asset=need.aircraft,
        maintenance=f"{said.action or said.name} ({number})"[:200],
        due_on=due,
        priority=said.priority or (risk.band.priority if risk else Priority.MEDIUM),
        estimated_h=need.labour_h,
    )
    utcs, known = await place_request(graph, request)
    if known is not None:
        problem = f"id: {number} was asked for as {utcs.local} already, which has not ended"
        refuse([Breach("recommendation.accept/twice", problem)])
    planned = {
        "is_aog": True if risk is not None and not risk.band.may_fly else None,
        "planned_start_at": window.starts_at,
        "planned_end_at": window.ends_at,
        "station": window.opening and window.opening.stop.station,
    }
    return utcs, requested_order(utcs, request).model_copy(update=planned)


async def _window(
    graph: Graph, need: Need[Utcs], days: int, crew: int, at: Coordinates
) -> Placed[Utcs]:
    """Returns the stop that takes the work best; a unit that is in no aircraft waits for none."""
    if need.aircraft.kind != "aircraft":
        return Placed(need, why=f"{need.aircraft.local} is in no aircraft: it waits for no stop")
    return await find_window(graph, need, days=days, crew=crew, at=at)


def _by(due: date, at: datetime) -> datetime:
    """Returns the end of the day by which work is due; now where that is over."""
    end = datetime.combine(due, time(), UTC) + timedelta(days=1)
    return max(end, at)
