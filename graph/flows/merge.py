"""Merging two records of one thing: planned first, done by one event, undone by correcting that event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from graph.flows.cleanse import SOURCE
from graph.flows.submit import Principal, submit
from graph.model.distinction import distinction_of
from graph.model.event import MAX_BYTES, Event, explain
from graph.model.fact import EndLink, Fact, Facts, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.outcome import Outcome
from graph.model.quality_rule import Record
from graph.model.survivorship import Choice, Side, fields, survive
from graph.model.time import format_utc, from_micros, to_micros
from graph.store.absence import not_there
from graph.store.believed import find_held
from graph.store.database import Graph
from graph.store.duplicates import find_there
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.neighbours import Neighbour, neighbours
from graph.store.prepared import LinkKey
from graph.store.question import MAX_FIRST
from graph.store.records import read_records
from graph.store.rehearse import rehearse
from graph.store.statements import find_statements

SHOWN: Final = 20
"""So many conflicts are told at most."""

MOST_LINKS: Final = 2_000
"""So many links of a duplicate can be moved at most: an event is limited in size, so that it can be sent."""


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of one link of the duplicate.

    Attributes:
        reads: The link as read from the duplicate.
        utcs: What stands at its other end.
        kept: Whether the survivor has it from now on; if not, it has the same one already, or the link
            was between the two.
    """

    reads: str
    utcs: Utcs
    slot: str | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge will do or has done.

    Attributes:
        choices: What was decided about each property on which the two are not of one mind.
        moves: What becomes of the duplicate's links.
        conflicts: Why it cannot be done; all has to be settled first.
        warnings: What may surprise.
        event: The id of the event, of the source `urn:utcs:quality`: `correct` undoes the merge.
        outcome: What became of the event; None while it is only planned, or where there are conflicts.
    """

    survivor: Utcs
    duplicate: Utcs
    at: datetime
    choices: tuple[Choice, ...]
    moves: tuple[Move, ...]
    conflicts: tuple[str, ...]
    warnings: tuple[str, ...]
    event: str
    outcome: Outcome | None = None


async def merge(
    graph: Graph,
    principal: Principal,
    survivor: Utcs,
    duplicate: Utcs,
    *,
    reason: str,
    prefer: Mapping[str, Side] | None = None,
    dry_run: bool = True,
) -> Merge:
    """Makes two records of one thing one, from now on; before now both stay as they are.

    The survivor is restated with the values that survive, the duplicate's links end and are put on the
    survivor, and the duplicate is retired as merged: asking for it leads to the survivor. All of that is
    one event, and stands or falls as a whole.

    Args:
        graph: Where.
        principal: Who asks; planning tries the event on, so it takes an editor, too.
        survivor: The record that stays.
        duplicate: The record that goes.
        reason: Why they are one thing.
        prefer: Whose value shall survive, by property, against the rules.
        dry_run: Whether to plan only.

    Raises:
        ForbiddenError: The principal may not write.
        NotFoundError: One of the two is not there now.
        BadQuestionError: They cannot be one thing, or a preferred property is none of theirs.
    """
    principal.require("editor")
    now = graph.clock()
    ours, theirs = await _pair(graph, survivor, duplicate)
    links = await _links(graph, duplicate)
    moves = await _moves(graph, survivor, links, now)
    conflicts, warnings = await _ahead(graph, survivor, duplicate, from_micros(now))
    judged = distinction_of(survivor, duplicate)
    if await find_there(graph, [judged]):
        conflicts += (f"they were judged not to be one thing: retire {judged} if they are",)
    plan = Merge(survivor, duplicate, from_micros(now), (), moves, conflicts, warnings, "")
    try:
        thing, choices = survive(ours, theirs, _checked(prefer or {}, ours, theirs))
        event = _event(plan, thing, links, principal, reason, max(ours.rank, theirs.rank))
    except ValidationError as error:
        return replace(plan, conflicts=(*plan.conflicts, explain(error)))
    plan = replace(plan, choices=choices, event=event.id)
    plan = replace(plan, conflicts=(*plan.conflicts, *await _objections(graph, event)))
    if dry_run or plan.conflicts:
        return plan
    (outcome,) = await submit(graph, [event], principal)
    return replace(plan, outcome=outcome)


async def _pair(graph: Graph, survivor: Utcs, duplicate: Utcs) -> tuple[Record, Record]:
    if survivor == duplicate or survivor.kind != duplicate.kind:
        raise BadQuestionError(
            f"duplicate: {duplicate} cannot be the same thing as {survivor}; name two of one kind",
            field="duplicate",
        )
    found = await read_records(graph, [survivor, duplicate])
    for utcs in (survivor, duplicate):
        if utcs not in found:
            raise await not_there(graph, utcs, Moment.of(graph, CURRENT))
    return found[survivor], found[duplicate]


def _checked(prefer: Mapping[str, Side], ours: Record, theirs: Record) -> Mapping[str, Side]:
    """Returns whose value is preferred, if each names a property that one of the two has."""
    known = fields(ours, theirs) - {"aliases"}
    for name in prefer:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise BadQuestionError(
                f"prefer: {name!a:.60} is said of neither; use {listed}", field="prefer"
            )
    return prefer


async def _links(graph: Graph, duplicate: Utcs) -> list[Neighbour]:
    """Returns all links of the duplicate, each in the direction that the other end sees."""
    found: list[Neighbour] = []
    after: str | None = None
    while len(found) <= MOST_LINKS:
        page = await neighbours(graph, duplicate, first=MAX_FIRST, after=after)
        found += page.links
        if (after := page.next) is None:
            return found
    raise BadQuestionError(
        f"duplicate: {duplicate} has {page.total:,} links, and {MOST_LINKS:,} can be moved at once; "
        "merge the other way round, or end some first",
        field="duplicate",
    )


async def _moves(
    graph: Graph, survivor: Utcs, links: list[Neighbour], now: int
) -> tuple[Move, ...]:
    """Returns what becomes of each link: moved, unless the survivor has it or stands at its other end."""
    moved = {_key(survivor, link) for link in links}
    held = await find_held(graph, sorted(moved, key=str), now)
    return tuple(
        Move(
            reads=link.reads,
            utcs=link.utcs,
            slot=link.slot,
            kept=link.utcs != survivor and _key(survivor, link) not in held,
        )
        for link in links
    )


def _key(owner: Utcs, link: Neighbour) -> LinkKey:
    """Returns the key of a link as if it were the owner's."""
    if link.direction == "out":
        return str(owner), link.link, str(link.utcs), link.slot
    return str(link.utcs), link.link, str(owner), link.slot


async def _ahead(
    graph: Graph, survivor: Utcs, duplicate: Utcs, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns conflicts and warnings: what is said already of times to come."""
    stated = await find_statements(graph, [survivor, duplicate])
    conflicts = tuple(
        f"{duplicate} is stated anew as of {format_utc(one.valid_from)} by event {one.id!r} of source "
        f"{one.source!r}: correct that, or merge after it"
        for one in stated.get(duplicate, ())
        if one.valid_from > now
    )
    warnings = tuple(
        f"{survivor} is stated anew as of {format_utc(one.valid_from)}: from then on it is as event "
        f"{one.id!r} of source {one.source!r} says"
        for one in stated.get(survivor, ())
        if one.valid_from > now
    )
    return conflicts, warnings


def _event(
    plan: Merge, thing: Kind, links: list[Neighbour], principal: Principal, reason: str, rank: int
) -> Event:
    facts: list[Fact] = [PutNode(utcs=plan.survivor, properties=thing)]
    for link, move in zip(links, plan.moves, strict=True):
        facts.append(EndLink.model_validate(_said(plan.duplicate, link)))
        if move.kept:
            said = _said(plan.survivor, link) | {"properties": link.properties}
            facts.append(PutLink.model_validate(said))
    facts.append(
        RetireNode(utcs=plan.duplicate, reason=reason, merged_into=plan.survivor),
    )
    return Event(
        source=SOURCE,
        id=f"merge {plan.duplicate} {to_micros(plan.at)}",
        subject=plan.survivor,
        time=plan.at,
        actor=principal.actor,
        sourcerank=rank,
        data=Facts(facts=tuple(facts)),
    )


def _said(owner: Utcs, link: Neighbour) -> dict[str, Any]:
    source, name, target, slot = _key(owner, link)
    return {"source": source, "link": name, "target": target, "slot": slot}


async def _objections(graph: Graph, event: Event) -> tuple[str, ...]:
    """Returns why the event could not be taken, all reasons at once."""
    size = len(event.canonical())
    if size > MAX_BYTES:
        return (
            f"the event would have {size:,} bytes, over the limit of {MAX_BYTES:,}: merge the other "
            "way round, or end some links of the duplicate first",
        )
    reasons = [objection.reason for objection in await rehearse(graph, event)]
    return tuple(dict.fromkeys(reasons))[:SHOWN]
