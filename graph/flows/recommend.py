"""From an alert to advice: a recommendation with its risk, its priority and the day by which it is due.

It is one event, which restates the alert as it was read: refused if that was stated otherwise meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.lifecycle import refuse
from graph.flows.submit import Principal, submit
from graph.flows.work import moment_of, signing, work_event
from graph.model import ontology
from graph.model.approval import Breach
from graph.model.compliance import Limits
from graph.model.event import explain
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.learning import Prediction
from graph.model.life import LimitUnit
from graph.model.maintenance import WorkOrder
from graph.model.operation import Recommendation, RecommendationStatus
from graph.model.outcome import Outcome
from graph.model.risk import Risk
from graph.model.time import Coordinates, to_micros
from graph.model.utilisation import FARTHEST_DAYS, reached
from graph.model.work import ENDED
from graph.store.aboard import find_aboard
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.due import WINDOW_DAYS
from graph.store.due_record import find_utilisation
from graph.store.errors import BadQuestionError
from graph.store.health_alerts import OPEN, STANDING
from graph.store.moment import CURRENT, Moment
from graph.store.standings import Standing, find_standings

SIGNS: Final = ("alert", "prediction")
"""What is recommended upon."""

_SERIAL: Final = frozenset({"serial"})
_OPEN: Final = RecommendationStatus.OPEN


@dataclass(frozen=True, slots=True)
class Advice:
    """What somebody recommends.

    Attributes:
        action: What should be done; the first words name the work order.
        risk: The risk that it answers.
        rationale: Why.
        due_on: The day it should be done by; an earlier one that the risk or a prediction asks for counts.
        to_do: The tasks, bulletins or modifications that do it, and the part numbers that it takes.
    """

    action: str
    risk: Risk
    rationale: str | None = None
    due_on: date | None = None
    to_do: tuple[Utcs, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """A recommendation that was raised, or refused because something was stated meanwhile.

    Attributes:
        sign: The alert or prediction that it was raised upon.
        asset: The aircraft, or the unit if that is in none.
        event: The id of the event, of the source `urn:utcs:work`.
    """

    utcs: Utcs
    recommendation: Recommendation
    risk: Risk
    sign: Utcs
    asset: Utcs
    at: datetime
    event: str
    outcome: Outcome


async def recommend(
    graph: Graph,
    principal: Principal,
    upon: Utcs,
    advice: Advice,
    *,
    signer: Utcs,
    at: datetime | None = None,
) -> Raised:
    """Raises a recommendation upon an open alert, or upon a prediction; of one with an alert, upon that.

    It is due on the earliest of the day that its risk allows, the one that is given, and the one on which
    what is predicted to be left is used up.

    Raises:
        BadQuestionError: It is neither, or a text, a link or a time is wrong; or nobody can say when what is
            left is used up.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: It is closed, about no unit, or acted upon already; nothing was written.
        NotFoundError: The alert, the signer or what is to be done is not there.
    """
    principal.require("editor")
    require_kind(upon, "upon", *SIGNS)
    _require_action(advice.action)
    sign = await _sign(graph, upon)
    when = moment_of(graph, sign.valid_from, at)
    hand = await signing(graph, principal, signer, when)
    for utcs in advice.to_do:
        await find_one(graph, utcs)
    before, asset = await _before(graph, sign), await asset_of(graph, sign, when)
    refuse([
        *closed_breaches(sign, "raise"), *_of_twice(sign, before), *_of_asset(asset, sign),
    ])  # fmt: skip
    assert asset is not None  # noqa: S101
    due, left = await _due(graph, sign, advice, asset, when)
    utcs = _id(sign.utcs, len(before))
    said = _stated(utcs, advice, due, left, sign)
    facts: list[Fact] = [
        PutNode(utcs=sign.utcs, properties=sign.thing, replaces=sign.version),
        PutNode(utcs=utcs, properties=said, replaces=0),
        *linked(utcs, "CAUSED_BY", [sign.utcs]),
        *linked(utcs, "ABOUT", rests_of(sign, "ABOUT")),
        *linked(utcs, "RECOMMENDS", dict.fromkeys(advice.to_do)),
        *linked(utcs, "RAISED_BY", [hand.utcs]),
    ]
    event, outcome = await submit_step(graph, principal, "recommend", utcs, when, facts, sign.rank)
    return Raised(utcs, said, advice.risk, sign.utcs, asset, when, event, outcome)


async def _sign(graph: Graph, upon: Utcs) -> Standing:
    """Returns what is recommended upon: the alert that a prediction gave rise to, if one did."""
    found = await find_one(graph, upon)
    raised = [one for one in rests_of(found, "GAVE_RISE_TO") if one.kind == "alert"]
    return await find_one(graph, raised[0]) if upon.kind == "prediction" and raised else found


async def _before(graph: Graph, sign: Standing) -> dict[Utcs, Recommendation]:
    """Returns what was recommended upon an alert, or upon the predictions that it rests on."""
    causes = [one for one in rests_of(sign, "CAUSED_BY") if one.kind == "prediction"]
    rested = [sign, *(await find_standings(graph, causes)).values()]
    return {
        one.utcs: one.thing
        for cause in rested
        for one in cause.rests
        if one.reads == "GAVE_RISE_TO" and isinstance(one.thing, Recommendation)
    }


async def find_one(graph: Graph, utcs: Utcs) -> Standing:
    """Returns where a thing stands now.

    Raises:
        NotFoundError: It is not there.
    """
    there = await find_standings(graph, [utcs])
    if utcs not in there:
        raise await not_there(graph, utcs, Moment.of(graph, CURRENT))
    return there[utcs]


def rests_of(standing: Standing, reads: str) -> list[Utcs]:
    """Returns what stands at the other end of the links of one type, as read from the thing."""
    return [one.utcs for one in standing.rests if one.reads == reads]


async def asset_of(graph: Graph, standing: Standing, at: datetime) -> Utcs | None:
    """Returns the aircraft that something is about, or that a unit which it is about is in; else that unit.

    Nothing where it is about no unit.
    """
    units = [one for one in rests_of(standing, "ABOUT") if ontology.fits(one.kind, _SERIAL)]
    moment, world = Moment.of(graph, CURRENT), to_micros(at)
    aboard = await find_aboard(graph, units, moment) if units else {}
    carriers = [
        Utcs.parse(one.carrier)
        for unit in units
        for one in aboard[unit]
        if one.since <= world < one.until
    ]
    return min(carriers or units, key=str, default=None)


def closed_breaches(standing: Standing, step: str) -> list[Breach]:
    """Returns what forbids to act upon an alert: it was dealt with. A prediction is never closed."""
    status = standing.state
    if standing.utcs.kind != "alert" or status is None or status in OPEN:
        return []
    problem = f"status: {standing.utcs.local} is {status}; nothing is to be done about it"
    return [Breach(f"recommendation.{step}/closed", problem)]


def linked(source: Utcs, link: str, targets: Iterable[Utcs]) -> list[Fact]:
    """Returns links of one type as facts.

    Raises:
        BadQuestionError: The link cannot lead there.
    """
    try:
        return [PutLink(source=source, link=link, target=one) for one in targets]
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


async def submit_step(
    graph: Graph,
    principal: Principal,
    step: str,
    utcs: Utcs,
    at: datetime,
    facts: Sequence[Fact],
    rank: int,
) -> tuple[str, Outcome]:
    """Submits a step of a recommendation as one event; returns its id and what became of it."""
    event = work_event(f"{step} {utcs} {uuid4()}", utcs, at, principal, facts, sourcerank=rank)
    (outcome,) = await submit(graph, [event], principal)
    return event.id, outcome


def require_kind(utcs: Utcs, field: str, *kinds: str) -> None:
    """Raises BadQuestionError unless a thing is of one of some kinds."""
    if utcs.kind not in kinds:
        raise BadQuestionError(
            f"{field}: {utcs} is a {utcs.kind}; give a {' or '.join(kinds)}", field=field
        )


def _require_action(action: str) -> None:
    if not re.fullmatch(r"\S(.{0,148}\S)?", action):
        raise BadQuestionError(
            f"action: {action!r:.60} is no line of 1 to 150 characters; say what should be done",
            field="action",
        )


def _of_twice(sign: Standing, before: Mapping[Utcs, Recommendation]) -> list[Breach]:
    """Refuses a second recommendation while one is open, or followed by work that has not ended."""
    orders = [one.thing for one in sign.rests if isinstance(one.thing, WorkOrder)]
    is_over = bool(orders) and all(one.status in ENDED for one in orders)
    standing = [
        utcs
        for utcs, one in before.items()
        if (status := one.status or _OPEN) in STANDING and (status is _OPEN or not is_over)
    ]
    return [
        Breach(
            "recommendation.raise/twice",
            f"upon: {utcs.local} was recommended upon {sign.utcs.local} already; act on it, or reject it",
        )
        for utcs in standing
    ]


def _of_asset(asset: Utcs | None, sign: Standing) -> list[Breach]:
    if asset is not None:
        return []
    problem = f"upon: {sign.utcs.local} is about no aircraft and no unit; nothing can be worked on"
    return [Breach("recommendation.raise/about", problem)]


async def _due(
    graph: Graph, sign: Standing, advice: Advice, asset: Utcs, at: datetime
) -> tuple[date, Limits]:
    """Returns by which day it is due, and what the predictions leave."""
    told = [one.thing for one in sign.rests if isinstance(one.thing, Prediction)]
    told += [sign.thing] if isinstance(sign.thing, Prediction) else []
    days = [advice.risk.due_on(at.date())] + ([advice.due_on] if advice.due_on else [])
    for one in told:
        days += await _used_up(graph, one, advice, asset, at)
    fh = min((one.remaining_fh for one in told if one.remaining_fh is not None), default=None)
    fc = min((one.remaining_fc for one in told if one.remaining_fc is not None), default=None)
    return min(days), Limits(fh=fh, fc=fc)


async def _used_up(
    graph: Graph, said: Prediction, advice: Advice, asset: Utcs, at: datetime
) -> list[date]:
    """Returns the days on which what is left is used up if the aircraft flies as in its fastest weeks."""
    begins = (said.predicted_at or at).date()
    found: list[date] = []
    if said.remaining_days is not None:
        found.append(begins + timedelta(days=int(min(said.remaining_days, Decimal(FARTHEST_DAYS)))))
    counted = {LimitUnit.FH: said.remaining_fh, LimitUnit.FC: said.remaining_fc}
    left = {unit: value for unit, value in counted.items() if value is not None}
    if not left:
        return found
    moment = Moment.of(graph, Coordinates(as_of=at))
    used = await find_utilisation(graph, asset, moment, WINDOW_DAYS)
    for unit, value in left.items():
        if unit in used.rates:
            day = reached(value, used.rates[unit].high, begins)
            found += [] if day is None else [day]
        elif advice.due_on is None:
            raise BadQuestionError(
                f"due_on: not given, and nobody can say when {plain(value)} {unit} are used up: "
                f"{used.gaps[unit]}; give the day",
                field="due_on",
            )
    return found


def _id(sign: Utcs, before: int) -> Utcs:
    stem = f"RCM-{sign.local}"[:58]
    return Utcs(sign.authority, "recommendation", f"{stem}-{before + 1}" if before else stem)


def _stated(utcs: Utcs, advice: Advice, due: date, left: Limits, sign: Standing) -> Recommendation:
    risk = advice.risk
    try:
        return Recommendation(
            name=advice.action,
            number=utcs.local,
            action=advice.action,
            rationale=advice.rationale,
            severity=risk.severity,
            likelihood=risk.likelihood,
            exposure=risk.exposure,
            priority=risk.band.priority,
            confidence_percent=getattr(sign.thing, "confidence_percent", None),
            limit_fh=left.fh,
            limit_fc=left.fc,
            due_on=due,
            status=_OPEN,
        )
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error
