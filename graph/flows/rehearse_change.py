"""Trying a change request on before it is decided: what it would touch, and what would speak against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from graph.flows.lifecycle import SOURCE
from graph.flows.submit import Principal
from graph.model.change_scope import PROPOSABLE, Overlay
from graph.model.event import Event, read_event
from graph.model.fact import Fact, Facts, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.time import from_micros
from graph.store.change_impact import ChangeImpact, find_change_impact
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.question import MAX_FIRST
from graph.store.rehearse import rehearse

MAX_REPLACEMENTS: Final = 100
"""So many part numbers can be tried on at once."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a change request would do, if it were approved and carried out as proposed.

    Attributes:
        objections: Why what is proposed could not be taken as it stands; all reasons at once.
        impact: What it would touch, on which units, at what cost.
    """

    utcs: Utcs
    objections: tuple[str, ...]
    impact: ChangeImpact


async def rehearse_change(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    *,
    replacements: Sequence[tuple[Utcs, Utcs]] = (),
    proposal: bytes | dict[str, Any] | None = None,
    first: int = MAX_FIRST,
) -> Rehearsal:
    """Returns what a change request would touch now; nothing is written.

    The proposal is held against the rules of `apply` in a transaction that changes nothing, and laid
    over what is on record for the question of its impact, which runs outside of it.

    Args:
        graph: Where.
        principal: Who asks; what is proposed is tried on, so it takes an editor.
        utcs: The request.
        replacements: Part numbers and those that are to take their place.
        proposal: What else would be stated, as an event document: new parts, tasks, links.
        first: How many things of each sort are told at most.

    Raises:
        BadQuestionError: The thing is no request, or the proposal cannot be asked so.
        EventError: The proposal is not an event.
        ForbiddenError: The principal may not write.
        NotFoundError: The request is not there.
    """
    principal.require("editor")
    _check(utcs, replacements)
    event = _event(graph, principal, utcs, replacements, proposal)
    if event is None:
        return Rehearsal(utcs, (), await find_change_impact(graph, utcs, first=first))
    overlay = overlay_of(utcs, event.facts)
    impact = await find_change_impact(graph, utcs, first=first, overlay=overlay)
    objections = [one.reason for one in await rehearse(graph, event)]
    return Rehearsal(utcs, tuple(dict.fromkeys(objections)), impact)


def _check(utcs: Utcs, replacements: Sequence[tuple[Utcs, Utcs]]) -> None:
    if utcs.kind != "ecr":
        raise BadQuestionError(f"id: {utcs} is a {utcs.kind}; name a change request", field="id")
    if len(replacements) > MAX_REPLACEMENTS:
        raise BadQuestionError(
            f"replacements: {len(replacements):,}; try at most {MAX_REPLACEMENTS} at once",
            field="replacements",
        )
    for old, new in replacements:
        if old == new or {old.kind, new.kind} != {"part"}:
            raise BadQuestionError(
                f"replacements: {new} cannot take the place of {old}; name two parts",
                field="replacements",
            )


def _event(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    replacements: Sequence[tuple[Utcs, Utcs]],
    proposal: bytes | dict[str, Any] | None,
) -> Event | None:
    """Returns all that is proposed as one event, which is never sent; None if nothing is."""
    now = from_micros(graph.clock())
    own = {
        "source": SOURCE,
        "id": f"rehearse {utcs} {uuid4()}",
        "time": now,
        "actor": principal.actor,
    }
    if isinstance(proposal, dict):
        proposal = own | proposal
    facts: list[Fact] = [] if proposal is None else list(read_event(proposal).facts)
    for old, new in replacements:
        facts.append(PutLink(source=new, link="SUPERSEDES", target=old))
        facts.append(PutLink(source=new, link="ALTERED_BY", target=utcs))
    if not facts:
        return None
    return Event.model_validate(own | {"subject": utcs, "data": Facts(facts=tuple(facts))})


def overlay_of(utcs: Utcs, facts: Sequence[Fact]) -> Overlay:
    """Returns what facts propose, as it is laid over what is on record."""
    replaced: dict[tuple[Utcs, Utcs], None] = {}
    changes = {
        utcs,
        *(f.utcs for f in facts if isinstance(f, PutNode) and f.utcs.kind in PROPOSABLE),
    }
    altered: dict[Utcs, None] = {}
    stated: dict[Utcs, Kind] = {}
    retired: dict[Utcs, None] = {}
    for fact in facts:
        if isinstance(fact, PutNode):
            stated[fact.utcs] = fact.properties
        elif isinstance(fact, RetireNode):
            retired[fact.utcs] = None
        elif isinstance(fact, PutLink) and fact.link == "SUPERSEDES" and fact.source.kind == "part":
            replaced[fact.target, fact.source] = None
        elif isinstance(fact, PutLink) and fact.link == "ALTERED_BY" and fact.target in changes:
            altered[fact.source] = None
    return Overlay(tuple(replaced), tuple(altered), stated, tuple(retired))
