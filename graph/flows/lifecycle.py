"""Steps of changes and quality records: each is checked, signed by a person, and one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError

from graph.errors import TraceError
from graph.flows.submit import ForbiddenError, Principal, submit
from graph.model import ontology
from graph.model.approval import (
    Breach,
    Case,
    Rest,
    Signature,
    Signer,
    approval_breaches,
    authorisation,
    breaches,
)
from graph.model.event import Event, explain
from graph.model.fact import EndLink, Fact, Facts, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.lifecycle import MACHINES, Machine, Right, Step
from graph.model.outcome import Outcome
from graph.model.resources import Person
from graph.model.time import format_utc, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.standings import Standing, find_signer, find_standings

SOURCE: Final = "urn:utcs:change"
"""The source of the events that steps are."""

MAX_LINKS: Final = 100
"""So many things a thing can be linked to when it is raised."""


class LifecycleError(TraceError):
    """A step would break a rule; nothing was written.

    Attributes:
        rules: The rules that it would break, such as `ecr.approve/right`.
        breaches: How each is broken.
    """

    rules: tuple[str, ...]
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that was made, or refused because another one was made meanwhile.

    Attributes:
        step: The name of the step; `sign` for an approval ahead of one.
        state: Where the thing stands by it.
        event: The id of the event, of the source `urn:utcs:change`.
        outcome: What became of the event; refused as `outdated` if somebody else was faster.
    """

    utcs: Utcs
    step: str
    state: str
    signer: Utcs
    at: datetime
    event: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Ink:
    """A signature to be given: who, in which role, by which right, and what for."""

    signer: Signer
    slot: str
    right: Right | None
    statement: str | None


async def begin(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    properties: Kind,
    *,
    signer: Utcs,
    links: Sequence[tuple[str, Utcs]] = (),
    statement: str | None = None,
) -> Moved:
    """Raises a thing in its first state, linked to what it is about, came from or carries out.

    Args:
        graph: Where.
        principal: Who asks.
        utcs: Its identifier, which nothing has yet.
        properties: What it is; its state is given by the machine.
        signer: The person who raises it.
        links: Link types and what they lead to, which must be there.
        statement: What the person signs for.

    Raises:
        BadQuestionError: The kind has no such operations, or a link cannot lead there.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The signer or the other end of a link is not there.
    """
    principal.require("editor")
    machine = _machine(utcs, len(links))
    links = tuple(dict.fromkeys(links))
    person = await _signer(graph, principal, signer)
    there = await _all_there(graph, [utcs, *(target for _, target in links)], apart=utcs)
    now = from_micros(graph.clock())
    step = machine.begin
    thing = _stated(properties, step, {}, now, first=True)
    rests = [Rest(link, target, there[target].thing) for link, target in links]
    case = Case(utcs, None, None, thing, (), rests, now.date())
    found = breaches(case, step, person, statement)
    if utcs in there:
        problem = f"utcs: {utcs} is there already; give the new one an id of its own"
        found.insert(0, Breach(f"{utcs.kind}.{step.name}/state", problem))
    refuse(found)
    ink = _Ink(person, str(step.slot), step.right, statement)
    facts: list[Fact] = [PutNode(utcs=utcs, properties=thing, replaces=0)]
    facts += [_linked(utcs, link, target) for link, target in links]
    facts += _signed(utcs, ink, now, ())
    return await _submit(graph, principal, case, step.name, step.target, ink, facts, now, 50)


async def advance(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    name: str,
    *,
    signer: Utcs,
    given: Mapping[str, Any] | None = None,
    statement: str | None = None,
) -> Moved:
    """Makes one step: `approve` of a request, `release` of an order, `close` of a report.

    What is checked, what is written and that nothing else was said meanwhile are one: the event names
    the statement that it was decided upon, and is refused if another one holds by then.

    Args:
        graph: Where.
        principal: Who asks.
        utcs: The thing.
        name: The step.
        signer: The person who signs for it.
        given: The properties that the step needs; days are today unless given.
        statement: What the person signs for; a step back or out needs it.

    Raises:
        BadQuestionError: There is no such step, or a property is none of it or wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The thing or the signer is not there.
    """
    principal.require("editor")
    machine = _machine(utcs)
    step = machine.named(name)
    if step is None or step is machine.begin:
        names = ", ".join(one.name for one in machine.steps[1:])
        raise BadQuestionError(
            f"step: {name!a:.40} is none of {utcs.kind}; use {names}", field="step"
        )
    person = await _signer(graph, principal, signer)
    standing = (await _all_there(graph, [utcs]))[utcs]
    now = _after(graph, standing)
    thing = _stated(standing.thing, step, given or {}, now)
    case = _case(standing, thing, now)
    refuse(breaches(case, step, person, statement))
    ink = _Ink(person, str(step.slot), step.right, statement)
    facts: list[Fact] = [PutNode(utcs=utcs, properties=thing, replaces=standing.version)]
    facts += _signed(utcs, ink, now, case.signatures)
    return await _submit(
        graph, principal, case, step.name, step.target, ink, facts, now, standing.rank
    )


async def sign(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    slot: str,
    *,
    signer: Utcs,
    statement: str | None = None,
) -> Moved:
    """Signs an approval that a later step asks for, of the thing as it stands.

    Raises:
        BadQuestionError: The kind has no such operations.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The thing or the signer is not there.
    """
    principal.require("editor")
    machine = _machine(utcs)
    person = await _signer(graph, principal, signer)
    standing = (await _all_there(graph, [utcs]))[utcs]
    now = _after(graph, standing)
    case = _case(standing, standing.thing, now)
    refuse(approval_breaches(case, slot, person))
    rights = (one.right for _, one in machine.approvals_in(case.state or "") if one.slot == slot)
    ink = _Ink(person, slot, next(rights), statement)
    facts: list[Fact] = [PutNode(utcs=utcs, properties=case.thing, replaces=standing.version)]
    facts += _signed(utcs, ink, now, case.signatures)
    state = str(case.state)
    return await _submit(graph, principal, case, "sign", state, ink, facts, now, standing.rank)


def _machine(utcs: Utcs, links: int = 0) -> Machine:
    machine = MACHINES.get(utcs.kind)
    if machine is None or not machine.is_signed:
        kinds = ", ".join(kind for kind, one in MACHINES.items() if one.is_signed)
        raise BadQuestionError(
            f"utcs: {utcs} is a {utcs.kind}, which no operation moves; give one of {kinds}, or state "
            "its status as an event",
            field="utcs",
        )
    if links > MAX_LINKS:
        raise BadQuestionError(f"links: {links}; give at most {MAX_LINKS} at once", field="links")
    return machine


async def _signer(graph: Graph, principal: Principal, utcs: Utcs) -> Signer:
    """Returns the person who signs; others than themselves only an admin may sign for."""
    require_person(utcs)
    signer = await find_signer(graph, utcs)
    if signer.person is None:
        raise await not_there(graph, utcs, Moment.of(graph, CURRENT))
    require_own_name(principal, signer.person)
    return signer


def require_person(utcs: Utcs) -> None:
    """Raises BadQuestionError unless the thing that is to sign is a person."""
    if utcs.kind != "person":
        raise BadQuestionError(f"signer: {utcs} is a {utcs.kind}; name a person", field="signer")


def require_own_name(principal: Principal, person: Person) -> None:
    """Raises ForbiddenError unless the principal is that person, or an admin who passes the signature on."""
    if "admin" not in principal.roles and principal.actor != person.pseudonym:
        raise ForbiddenError(
            f"{principal.actor} signs as {person.pseudonym}: one signs for oneself, under one's "
            "pseudonym; an admin may pass on the signature of another",
            actor=principal.actor,
            role="admin",
        )


_LOOKS: Final = 3
"""So often a thing is looked for: whoever reads while it is restated may see neither statement (Neo4j
shows what is being committed record by record)."""


async def _all_there(
    graph: Graph, things: Sequence[Utcs], apart: Utcs | None = None
) -> dict[Utcs, Standing]:
    for _ in range(_LOOKS):
        there = await find_standings(graph, things)
        if all(utcs in there or utcs == apart for utcs in things):
            return there
    for utcs in things:
        if utcs not in there and utcs != apart:
            raise await not_there(graph, utcs, Moment.of(graph, CURRENT))
    return there


def _after(graph: Graph, standing: Standing) -> datetime:
    """Returns now, or the first moment after what was said last: a step never ties with it."""
    least = standing.valid_from + timedelta(microseconds=1)
    return max(from_micros(graph.clock()), least)


def _case(standing: Standing, thing: Kind, now: datetime) -> Case:
    return Case(
        utcs=standing.utcs,
        state=standing.state,
        hash=standing.hash,
        thing=thing,
        signatures=[signature for signature, _ in standing.signatures],
        rests=standing.rests,
        day=now.date(),
    )


def _stated(
    thing: Kind, step: Step, given: Mapping[str, Any], now: datetime, *, first: bool = False
) -> Kind:
    """Returns a thing as a step will state it."""
    allowed = {*step.needs, *(one.needs for one in step.approvals if one.needs)}
    for name in given.keys() - allowed:
        takes = ", ".join(sorted(allowed)) or "no properties"
        raise BadQuestionError(f"{name}: {step.name} takes {takes}", field=name)
    told = getattr(thing, "status", None)
    if first and told not in (None, step.target):
        raise BadQuestionError(f"status: {told}; it begins as {step.target}", field="status")
    today = {name: now.date() for name in step.needs if name.endswith("_on")}
    if first and getattr(thing, "opened_on", now) is None:
        today["opened_on"] = now.date()
    said = thing.model_dump(exclude_none=True) | today | dict(given) | dict(step.sets)
    try:
        return ontology.get_kind(thing.kind).model_validate(said | {"status": step.target})
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


def refuse(found: Sequence[Breach]) -> None:
    """Raises LifecycleError if a step breaks rules."""
    if found:
        raise broken(found)


def broken(found: Sequence[Breach]) -> LifecycleError:
    """Returns the error for a step that breaks rules."""
    told = "; ".join(f"{one.problem} [{one.rule}]" for one in found)
    rules = tuple(dict.fromkeys(one.rule for one in found))
    return LifecycleError(told, rules=rules, breaches=tuple(found))


def _linked(utcs: Utcs, link: str, target: Utcs) -> PutLink:
    try:
        return PutLink(source=utcs, link=link, target=target)
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


def _signed(utcs: Utcs, ink: _Ink, now: datetime, standing: Sequence[Signature]) -> list[Fact]:
    """Returns the signature as facts; who signed in that role before has it no longer."""
    person = ink.signer.utcs
    facts: list[Fact] = [
        EndLink(source=utcs, link="SIGNED_BY", target=one.signer.utcs, slot=one.slot)
        for one in standing
        if one.slot == ink.slot and one.signer.utcs != person
    ]
    by_right = authorisation(ink.signer, ink.right, now.date())
    said = {"signed_at": format_utc(now), "statement": ink.statement, "authorisation": by_right}
    carried = {name: value for name, value in said.items() if value}
    try:
        facts.append(
            PutLink(source=utcs, link="SIGNED_BY", target=person, slot=ink.slot, properties=carried)
        )
    except ValidationError as error:
        raise BadQuestionError(explain(error).replace("properties.", "")) from error
    return facts


async def _submit(
    graph: Graph,
    principal: Principal,
    case: Case,
    name: str,
    state: str,
    ink: _Ink,
    facts: Sequence[Fact],
    now: datetime,
    rank: int,
) -> Moved:
    event = Event(
        source=SOURCE,
        id=f"{name} {case.utcs} {uuid4()}",
        subject=case.utcs,
        time=now,
        actor=principal.actor,
        sourcerank=rank,
        data=Facts(facts=tuple(facts)),
    )
    (outcome,) = await submit(graph, [event], principal)
    return Moved(case.utcs, name, state, ink.signer.utcs, now, event.id, outcome)
