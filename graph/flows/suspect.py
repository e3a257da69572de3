"""Clearing links that are in doubt: stating them again, with the reason why they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.submit import BATCH_FACTS, Principal, submit
from graph.model.event import MAX_BYTES, Event, explain
from graph.model.fact import Facts, PutLink
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.time import as_utc, from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.question import bounded, counted
from graph.store.suspects import Suspect, suspects

SOURCE: Final = "urn:utcs:trace"
"""The source of the events that clear links."""

MOST: Final = BATCH_FACTS
"""So many links are cleared by one event at most: it is written in one transaction."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared, or would be.

    Attributes:
        links: The links, each with what had changed.
        changed_since: Links of which we learnt more since the list was read; they stay in doubt.
        event: The id of the event, of the source `urn:utcs:trace`: `correct` undoes it. None if there
            was nothing to clear.
        outcome: What became of it; None if it was only planned.
    """

    links: tuple[Suspect, ...]
    changed_since: tuple[Suspect, ...]
    event: str | None
    outcome: Outcome | None = None


async def clear_suspect(
    graph: Graph,
    principal: Principal,
    *,
    reason: str,
    thing: Utcs | None = None,
    other: Utcs | None = None,
    links: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    prefix: str = "",
    most: int = 1,
    read_at: datetime | None = None,
    dry_run: bool = False,
) -> Cleared:
    """States links in doubt again, with the reason why they still hold: by one event, under one name.

    What changes or is learnt afterwards puts them in doubt again.

    Args:
        graph: Where.
        principal: Who has looked.
        reason: Why they still hold.
        thing: Only links that leave this thing or lead to it.
        other: Of those, only links between it and this one.
        links: Only links of these types.
        kinds: Only where a thing of these kinds has changed.
        prefix: Only where a thing has changed whose id begins so.
        most: How many may be cleared; if more are meant none is, so that nobody clears unawares.
        read_at: When the list was read that the decision rests on: what we learnt later is not cleared.
        dry_run: Whether to plan only.

    Raises:
        ForbiddenError: The principal may not write.
        BadQuestionError: More links are meant than may be cleared, or an argument is wrong or missing.
        NotFoundError: The thing is not there now.
    """
    principal.require("editor")
    if not (thing or links or kinds or prefix):
        raise BadQuestionError(
            "thing: nothing says which links are meant; name a thing, link types, kinds or a prefix",
            field="thing",
        )
    now = from_micros(graph.clock())
    seen = now if read_at is None else as_utc(read_at, "read_at")
    bounded("most", most, MOST)
    found = await suspects(
        graph, thing=thing, other=other, links=links, kinds=kinds, prefix=prefix, first=most
    )
    if found.total > most:
        raise BadQuestionError(
            f"most: {counted(found.total, 'link')} in doubt are meant, and {most:,} may be cleared; "
            f"name fewer, or allow more, up to {MOST}",
            field="most",
        )
    late = tuple(one for one in found.links if any(c.cause.recorded_at > seen for c in one.changes))
    kept = tuple(one for one in found.links if one not in late)
    if not kept:
        return Cleared((), late, None)
    event = _event(kept, reason, now, principal)
    plan = Cleared(kept, late, event.id)
    if dry_run:
        return plan
    (outcome,) = await submit(graph, [event], principal)
    return replace(plan, outcome=outcome)


def _event(links: Sequence[Suspect], reason: str, now: datetime, principal: Principal) -> Event:
    try:
        facts = tuple(_restated(one, reason) for one in links)
    except ValidationError as error:
        raise BadQuestionError(explain(error), field="reason") from error
    event = Event(
        source=SOURCE,
        id=f"clear {uuid4()}",
        subject=links[0].source,
        time=now,
        actor=principal.actor,
        data=Facts(facts=facts),
    )
    if (size := len(event.canonical())) > MAX_BYTES:
        raise BadQuestionError(
            f"most: the event would have {size:,} bytes, and an event has {MAX_BYTES:,} at most; "
            "clear fewer links at once",
            field="most",
        )
    return event


def _restated(one: Suspect, reason: str) -> PutLink:
    return PutLink.model_validate(
        {
            "source": one.source,
            "link": one.link,
            "target": one.target,
            "slot": one.slot,
            "properties": one.properties,
            "reason": reason,
        }
    )
