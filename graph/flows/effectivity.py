"""Defining to what a change applies: planned with what comes in and goes out, and done by one event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from pydantic import ValidationError

from graph.flows.submit import Principal, submit
from graph.model.applicability import Expression, Rule, judge, leaves, parse, write
from graph.model.change import Effectivity
from graph.model.event import Event, explain
from graph.model.fact import EndLink, Fact, Facts, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.time import from_micros, to_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.effectivity import LIMITED, read_rules, subjects
from graph.store.errors import BadQuestionError
from graph.store.leaf_facts import find_named, read_facts
from graph.store.moment import CURRENT, Moment
from graph.store.neighbours import neighbours
from graph.store.question import MAX_FIRST
from graph.store.records import read_records
from graph.store.rehearse import rehearse
from graph.store.show import Direction

SOURCE: Final = "urn:utcs:effectivity"
"""The source of events that define rules."""

_SELECTS: Final = frozenset({"part", "position", "modification", "bulletin", "software"})
"""Of what an expression can name, the kinds that a link from the rule can lead to."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What defining a rule will do or has done.

    Attributes:
        rule: The rule, new or revised.
        expression: What it will say, in its one way of writing.
        was: What it said before; None if it is new.
        applying: How many aircraft and units the expression selects now, whatever days it is limited to.
        undecided: Of how many the record does not say.
        total: How many were looked at.
        joining: What is selected and was not, or not for certain.
        leaving: What was selected and is no more, or not for certain.
        selects: What the expression names.
        conflicts: Why it cannot be done; all has to be settled first.
        doubts: What is a conflict unless it is accepted.
        warnings: What may surprise.
        event: The id of the event, of the source `urn:utcs:effectivity`: `correct` takes it back.
        outcome: What became of the event; None while it is only planned, or where there are conflicts.
    """

    change: Utcs
    rule: Utcs
    expression: str
    was: str | None
    applying: int
    undecided: int
    total: int
    joining: tuple[Utcs, ...]
    leaving: tuple[Utcs, ...]
    selects: tuple[Utcs, ...]
    conflicts: tuple[str, ...]
    doubts: tuple[str, ...]
    warnings: tuple[str, ...]
    event: str
    outcome: Outcome | None = None


async def define(
    graph: Graph,
    principal: Principal,
    change: Utcs,
    expression: str,
    *,
    rule: Utcs | None = None,
    explanation: str | None = None,
    effective_on: date | None = None,
    expires_on: date | None = None,
    accept: bool = False,
    dry_run: bool = True,
) -> Definition:
    """States to what a change applies, from now on; before now the rule says what it said.

    The rule that limits the change is revised; a change without one gets one. What the expression names is
    linked to the rule. All of that is one event.

    Args:
        graph: Where.
        principal: Who asks; planning tries the event on, so it takes an editor, too.
        change: The change.
        expression: The rule.
        rule: Which rule; needed only where several limit the change, or another name is wanted.
        explanation: The rule in plain words; what was written of another expression is not kept.
        effective_on: The first day it applies; what is recorded stays unless given.
        expires_on: The last day it applies; likewise.
        accept: Whether it may select nothing, or everything, or be shared with other changes.
        dry_run: Whether to plan only.

    Raises:
        ForbiddenError: The principal may not write.
        NotFoundError: The change is not there now.
        ExpressionError: The expression cannot be read.
        BadQuestionError: A thing of that kind has no effectivity, or it is not clear which rule is meant.
    """
    principal.require("editor")
    read = parse(expression)
    moment = Moment.of(graph, CURRENT)
    known = await _known(graph, change, rule, moment)
    days = {"effective_on": effective_on, "expires_on": expires_on}
    planned = await _planned(graph, change, read, known, moment)
    try:
        thing = _thing(change, known, write(read), explanation, days)
        event = _event(planned, thing, known, principal, from_micros(moment.world))
    except ValidationError as error:
        return replace(planned, conflicts=(*planned.conflicts, explain(error)))
    conflicts = [*planned.conflicts, *([] if accept else planned.doubts)]
    if thing == known.thing and len(event.facts) == 1:
        conflicts.append(f"expression: {planned.rule} says just that already")
    conflicts += [objection.reason for objection in await rehearse(graph, event)]
    planned = replace(planned, conflicts=tuple(dict.fromkeys(conflicts)), event=event.id)
    if dry_run or conflicts:
        return planned
    (outcome,) = await submit(graph, [event], principal)
    return replace(planned, outcome=outcome)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is recorded of the rule that is to be defined.

    Attributes:
        thing: What it says; None if it is new.
        selects: What it is linked to.
        limits: The changes that it limits.
    """

    rule: Utcs
    thing: Effectivity | None
    selects: frozenset[Utcs]
    limits: frozenset[Utcs]

    @property
    def read(self) -> Rule | None:
        """What it says, read; None if it is new."""
        if self.thing is None:
            return None
        return Rule.of(self.rule, self.thing.name, self.thing.expression, self.thing.msns)


async def _known(graph: Graph, change: Utcs, rule: Utcs | None, moment: Moment) -> _Known:
    if change.kind not in LIMITED:
        listed = ", ".join(sorted(LIMITED))
        raise BadQuestionError(
            f"change: {change} has no effectivity; give one of {listed}", field="change"
        )
    there, found = await read_rules(graph, [change], moment)
    if not there:
        raise await not_there(graph, change, moment)
    limiting = [one.utcs for one in found.get(change, ())]
    if rule is None and len(limiting) > 1:
        listed = ", ".join(map(str, limiting))
        raise BadQuestionError(
            f"rule: {change} is limited by {listed}; name the one to revise", field="rule"
        )
    chosen = rule or next(iter(limiting), None) or _named_after(change)
    if chosen.kind != "effectivity":
        raise BadQuestionError(f"rule: {chosen} is no rule of effectivity; name one", field="rule")
    record = (await read_records(graph, [chosen])).get(chosen)
    if record is None:
        return _Known(chosen, None, frozenset(), frozenset())
    if rule is None and not limiting:
        raise BadQuestionError(
            f"rule: {chosen} exists and does not limit {change}; name it if it is meant, or another",
            field="rule",
        )
    assert isinstance(record.thing, Effectivity), "a thing is of the kind that its id names"  # noqa: S101
    selects = await _linked(graph, chosen, "out", "SELECTS")
    return _Known(chosen, record.thing, selects, await _linked(graph, chosen, "in", "LIMITED_BY"))


def _named_after(change: Utcs) -> Utcs:
    return Utcs(change.authority, "effectivity", f"EFF-{change.local}"[:64])


async def _linked(graph: Graph, utcs: Utcs, direction: Direction, link: str) -> frozenset[Utcs]:
    found: set[Utcs] = set()
    after: str | None = None
    while True:
        page = await neighbours(
            graph, utcs, direction=direction, links=[link], first=MAX_FIRST, after=after
        )
        found |= {one.utcs for one in page.links}
        if (after := page.next) is None:
            return frozenset(found)


async def _planned(
    graph: Graph, change: Utcs, read: Expression, known: _Known, moment: Moment
) -> Definition:
    """Returns what the expression would do; all that speaks against it is told, none of it raised."""
    old = known.read
    before = None if old is None else old.read
    names, earlier = leaves([read]), leaves([] if before is None else [before])
    facts, _ = await read_facts(graph, leaves([read, before or read]), moment)
    now = {one.utcs: judge(read, one, facts).holds for one in subjects(names, facts)}
    then: dict[Utcs, bool | None] = {}
    if before is not None:
        then = {one.utcs: judge(before, one, facts).holds for one in subjects(earlier, facts)}
    named = await find_named(graph, names, moment)
    return Definition(
        change=change,
        rule=known.rule,
        expression=write(read),
        was=old.expression if old else None,
        applying=sum(holds is True for holds in now.values()),
        undecided=sum(holds is None for holds in now.values()),
        total=len(now),
        joining=_only(now, then),
        leaving=_only(then, now),
        selects=tuple(sorted({one for things in named.values() for one in things}, key=str)),
        conflicts=tuple(_nameless(named)),
        doubts=tuple(_doubts(now, known, change)),
        warnings=tuple(_warnings(named, old)),
        event="",
    )


def _only(
    these: Mapping[Utcs, bool | None], others: Mapping[Utcs, bool | None]
) -> tuple[Utcs, ...]:
    """Returns what the one selects for certain and the other does not."""
    return tuple(utcs for utcs, holds in these.items() if holds and not others.get(utcs))


def _nameless(named: Mapping[str, tuple[Utcs, ...]]) -> Iterator[str]:
    for name, things in named.items():
        if not things:
            yield f"expression: {name} is not recorded; check it, or record it first"


def _doubts(now: Mapping[Utcs, bool | None], known: _Known, change: Utcs) -> Iterator[str]:
    """Yields what is refused unless it is accepted by who asks: it is seldom meant."""
    fix = "accept that if it is meant"
    if not any(now.values()):
        undecided = sum(holds is None for holds in now.values())
        certain = f" for certain, and {undecided:,} are undecided" if undecided else ""
        yield f"expression: it selects nothing of {len(now):,}{certain}; {fix}"
    elif all(now.values()):
        yield f"expression: it selects everything, {len(now):,} of {len(now):,}; {fix}"
    if others := sorted(map(str, known.limits - {change})):
        yield f"rule: {known.rule} also limits {', '.join(others)}; {fix}, or name another rule"


def _warnings(named: Mapping[str, tuple[Utcs, ...]], old: Rule | None) -> Iterator[str]:
    for name, things in named.items():
        if len(things) > 1:
            yield f"{name} names {', '.join(map(str, things))}; all are meant, give an identifier for one"
    if old is not None and old.problem is not None:
        yield f"of what it said before nobody can know what it selected: {old.problem}"


def _thing(
    change: Utcs,
    known: _Known,
    expression: str,
    explanation: str | None,
    days: Mapping[str, date | None],
) -> Effectivity:
    """Returns what will be recorded: what was, with another expression and the days that are given."""
    was = known.thing or Effectivity(name=f"Effectivity of {change.local}")
    is_same = was.expression == expression
    said: dict[str, Any] = {
        "expression": expression,
        "explanation": explanation or (was.explanation if is_same else None),
        "msns": (),
    }
    said |= {name: day for name, day in days.items() if day is not None}
    thing = was.model_copy(update=said)
    if thing.effective_on and thing.expires_on and thing.effective_on > thing.expires_on:
        raise BadQuestionError(
            f"expires_on: {thing.expires_on} is before effective_on, {thing.effective_on}; exchange them",
            field="expires_on",
        )
    return thing


def _event(
    planned: Definition, thing: Effectivity, known: _Known, principal: Principal, at: datetime
) -> Event:
    rule = planned.rule
    wanted = {one for one in planned.selects if one.kind in _SELECTS}
    facts: list[Fact] = [PutNode(utcs=rule, properties=thing)]
    if planned.change not in known.limits:
        facts.append(PutLink(source=planned.change, link="LIMITED_BY", target=rule))
    for new in sorted(wanted - known.selects, key=str):
        facts.append(PutLink(source=rule, link="SELECTS", target=new))
    for gone in sorted(known.selects - wanted, key=str):
        facts.append(EndLink(source=rule, link="SELECTS", target=gone))
    return Event(
        source=SOURCE,
        id=f"define {rule} {to_micros(at)}",
        subject=rule,
        time=at,
        actor=principal.actor,
        data=Facts(facts=tuple(facts)),
    )
