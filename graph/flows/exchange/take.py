"""Takes what is reported: one event, or nothing; the same report again is answered as it was first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from graph.flows.lifecycle import LifecycleError, refuse
from graph.flows.submit import Principal, submit
from graph.flows.work import ATTEMPTS, refused
from graph.model.approval import Breach
from graph.model.canonical import canonical_json
from graph.model.event import Event
from graph.model.exchange.message import Report
from graph.model.exchange.table import ASSET, EXCHANGE, SAID, Exchange
from graph.model.fact import Fact, Facts, PutNode
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome, Reason, Status
from graph.model.time import format_utc, from_micros, parse_utc
from graph.store.bearers import Bearers, find_bearers
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.logged import find_entry
from graph.store.question import require_unit
from graph.store.rehearse import rehearse
from graph.store.work_order import Order

SOURCE: Final = "urn:utcs:exchange"
"""The source of the events that reports are."""

_AGAIN: Final = frozenset({Reason.OUTDATED, Reason.REUSED})


@dataclass(frozen=True, slots=True)
class Given:
    """What was reported, and where.

    Attributes:
        exchange: Which exchange it is.
        dpp: The passport id of the asset.
        report: What is reported.
    """

    exchange: Exchange
    dpp: str
    report: Report

    @property
    def event_id(self) -> str:
        """The id of the event that it becomes; within 200 characters by the bounds of its parts."""
        return f"{self.exchange.name} {self.dpp} {self.report.reportId}"

    @property
    def said(self) -> str:
        """What makes two reports the same: all that they say, however it was written.

        Raises:
            TimeError: It does not say since when that is so.
        """
        told = self.report.model_dump(mode="json", exclude_none=True)
        return canonical_json(told | {"at": format_utc(parse_utc(self.report.at, "at"))}).decode()


@dataclass(frozen=True, slots=True)
class Case:
    """What a report is about, as it stood at its moment.

    Attributes:
        at: The moment.
        asset: The asset of the passport.
        things: What each field that names something means.
    """

    at: datetime
    asset: Utcs
    things: dict[str, Utcs]


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be stated: mainly about what, and the facts."""

    subject: Utcs
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a report did.

    Attributes:
        at: Since when it is so.
        recorded: The things that were stated.
        event: The id of the event.
        seq: Its number in the change log.
    """

    at: datetime
    recorded: tuple[Utcs, ...]
    event: str
    seq: int


async def take(
    graph: Graph,
    principal: Principal,
    given: Given,
    names: dict[str, str],
    decide: Callable[[Case], Awaitable[Decided]],
) -> Taken:
    """Takes a report and returns what it did, or had done when it came first.

    Args:
        graph: Where.
        principal: Who reports.
        given: What.
        names: What the report names, by the field in which it does.
        decide: Returns what is to be stated, or refuses to.

    Raises:
        BadQuestionError: A field is wrong.
        ForbiddenError: The principal may not write.
        LifecycleError: A rule is broken, or another report has this number; nothing was written.
        NotFoundError: Something that is named is not there at that moment.
    """
    principal.require("editor")
    for _ in range(ATTEMPTS):
        if (earlier := await _earlier(graph, given)) is not None:
            return earlier
        case = await _case(graph, given, names)
        try:
            event = _event(given, case, await decide(case), principal)
            outcome = await _tried(graph, event, principal)
            if outcome.status is Status.APPLIED and outcome.seq is not None:
                return _taken(event, outcome.seq)
            if outcome.status is not Status.DUPLICATE and outcome.code not in _AGAIN:
                raise refused(given.exchange.name, outcome)
        except LifecycleError:
            if (earlier := await _earlier(graph, given)) is not None:
                return earlier  # the same report came meanwhile, and is why this one breaks a rule
            raise
    raise refused(given.exchange.name, outcome)


def _event(given: Given, case: Case, decided: Decided, principal: Principal) -> Event:
    return Event(
        source=SOURCE,
        id=given.event_id,
        subject=decided.subject,
        time=case.at,
        actor=principal.actor,
        data=Facts(facts=tuple(decided.facts)),
        **{EXCHANGE: given.exchange.name, ASSET: str(case.asset), SAID: given.said},
    )


async def _tried(graph: Graph, event: Event, principal: Principal) -> Outcome:
    """Returns what became of an event; one that does not stand as it is leaves nothing behind.

    Submitted at once it would leave a dead letter, or wait for what it lacks and be applied one day, though
    its sender was told that nothing was done.
    """
    against = await rehearse(graph, event)
    if not against:
        (outcome,) = await submit(graph, [event], principal)
        return outcome
    worst = next((one.code for one in against if one.code not in _AGAIN), against[0].code)
    why = "; ".join(dict.fromkeys(one.reason for one in against))
    return Outcome(status=Status.REFUSED, source=event.source, id=event.id, code=worst, reason=why)


async def _earlier(graph: Graph, given: Given) -> Taken | None:
    """Returns what the same report did before.

    Raises:
        LifecycleError: Another one has its number.
    """
    found = await find_entry(graph, (SOURCE, given.event_id))
    if found is None:
        return None
    seq, document = found
    event = Event.model_validate_json(document)
    if (event.model_extra or {}).get(SAID) == given.said:
        return _taken(event, seq)
    problem = (
        f"reportId: {given.report.reportId!r} is the number of another report, recorded as number {seq:,} of "
        "the change log; send that again unchanged, or give this one a number of its own"
    )
    refuse([Breach(f"{given.exchange.name}/twice", problem)])
    return None


async def _case(graph: Graph, given: Given, names: dict[str, str]) -> Case:
    at, now = parse_utc(given.report.at, "at"), from_micros(graph.clock())
    if at > now:
        raise BadQuestionError(
            f"at: {format_utc(at)} is still to come; report what is so", field="at"
        )
    passport = f"dpp:{given.dpp}"
    bearers = await find_bearers(graph, dict.fromkeys([passport, *names.values()]))
    asset = _meant(bearers[passport], at, "dppId", given.dpp)
    require_unit(asset, field="dppId")
    things = {field: _meant(bearers[name], at, field, name) for field, name in names.items()}
    return Case(at, asset, things)


def _meant(bearers: Bearers, at: datetime, field: str, value: str) -> Utcs:
    try:
        return bearers.at(at)
    except (NotFoundError, BadQuestionError) as error:
        raise type(error)(f"{field}: {error.message}", field=field, value=value) from error


def require_kind(utcs: Utcs, field: str, *kinds: str) -> Utcs:
    """Returns a thing that is named in a field, if it is of a kind that belongs there.

    Raises:
        BadQuestionError: It is of another.
    """
    if utcs.kind not in kinds:
        raise BadQuestionError(
            f"{field}: {utcs} is a {utcs.kind}; name a {' or '.join(kinds)}",
            field=field,
            value=str(utcs),
        )
    return utcs


def restated(order: Order) -> PutNode:
    """Returns a work order as it stands, so that whoever decided upon it without the report is refused.

    It is said of the moment after what was said last: reports of later moments may come before this one.
    """
    since = order.valid_from + timedelta(microseconds=1)
    return PutNode(
        utcs=order.utcs, properties=order.order, replaces=order.version, valid_from=since
    )


def _taken(event: Event, seq: int) -> Taken:
    """Returns what an event did: the same whenever it is asked."""
    recorded = dict.fromkeys(fact.utcs for fact in event.facts if isinstance(fact, PutNode))
    return Taken(event.time, tuple(recorded), event.id, seq)
