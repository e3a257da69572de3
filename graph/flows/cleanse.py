"""Cleansing and enriching: rules propose, an editor decides, and an event that names its reason does it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from graph.flows.submit import Principal, submit
from graph.model.event import Event
from graph.model.fact import Facts, PutNode
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.quality_rule import Record, Rule, Sort
from graph.store.database import Graph
from graph.store.findings import MOST, chosen_rules
from graph.store.logged import find_logged
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.records import read_records, walk_records

SOURCE: Final = "urn:utcs:quality"
"""The source of events that come from rules of quality."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule would change.

    Attributes:
        old: What stands there; None where nothing does.
        why: What the rule finds fault with, and where the new value is from.
    """

    field: str
    old: Any
    new: Any
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would change, or has changed, of one thing.

    Attributes:
        event: The id of the event that does it, of the source `urn:utcs:quality`: `correct` undoes it.
        outcome: What became of that event; None while it is only proposed.
    """

    utcs: Utcs
    changes: tuple[Change, ...]
    event: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Cleansing:
    """One page of proposals, in the order of ids.

    Attributes:
        examined: How many things were looked at for this page.
        next: The cursor of the next page; None on the last.
    """

    proposals: tuple[Proposal, ...]
    examined: int
    next: str | None


async def cleanse(
    graph: Graph,
    principal: Principal,
    kind: str,
    *,
    rules: Iterable[str] | None = None,
    things: Collection[Utcs] | None = None,
    first: int = 100,
    after: str | None = None,
    dry_run: bool = True,
) -> Cleansing:
    """Returns what rules that cleanse and enrich would change of things of a kind, or have changed.

    Each thing is restated from the microsecond after its last statement on. So nothing that is said later
    is overridden, even if it arrives while this runs, and what the source said stays in the record. It keeps
    the rank of what it restates, so that a merge trusts it as before. What was undone by `correct` is not
    proposed again.

    Args:
        graph: Where.
        principal: Who asks; to apply takes an editor.
        kind: The kind.
        rules: The rules by name; all that propose something about the kind unless given.
        things: Only of these things; of all unless given.
        first: How many proposals to a page.
        after: The `next` of the page before.
        dry_run: Whether to propose only.

    Raises:
        ForbiddenError: The principal may not write.
        OntologyError: There is no such kind.
        BadQuestionError: A rule is unknown or not about the kind, or a number or the cursor is wrong.
    """
    if not dry_run:
        principal.require("editor")
    chosen = tuple(r for r in chosen_rules(kind, rules) if r.sort is not Sort.VALIDATE)
    asked = sealed(
        "cleanse", kind, [rule.name for rule in chosen], things and sorted(things, key=str)
    )
    start = "" if after is None else read_cursor(asked, after, str)[0]
    bounded("first", first, MAX_FIRST)
    found, examined, stopped = await _examine(graph, kind, chosen, things, first, start)
    if not dry_run:
        found = await _applied(graph, principal, found)
    mark = None if stopped is None else write_cursor(asked, stopped)
    return Cleansing(tuple(proposal for proposal, _ in found), examined, mark)


Found = list[tuple[Proposal, Event]]


async def _examine(
    graph: Graph,
    kind: str,
    rules: tuple[Rule, ...],
    things: Collection[Utcs] | None,
    first: int,
    start: str,
) -> tuple[Found, int, str | None]:
    """Returns proposals, how many things were looked at, and from where to go on, if there is more."""
    if things is not None:
        bounded("things", len(things), MAX_FIRST)
        records = await read_records(graph, things, rules)
        of_kind = [record for record in records.values() if record.utcs.kind == kind]
        return await _proposed(graph, of_kind, rules), len(of_kind), None
    found: Found = []
    examined = 0
    async for window in walk_records(graph, kind, rules, start):
        proposed = await _proposed(graph, window, rules)
        if len(found) + len(proposed) > first:
            room = first - len(found)
            return found + proposed[:room], examined + len(window), str(proposed[room][0].utcs)
        found, examined = found + proposed, examined + len(window)
        if examined >= MOST:
            return found, examined, f"{window[-1].utcs} "
    return found, examined, None


async def _proposed(graph: Graph, records: Sequence[Record], rules: tuple[Rule, ...]) -> Found:
    """Returns what rules propose, but for what was done once and undone since."""
    made = [proposal for record in records if (proposal := propose(record, rules)) is not None]
    known = await find_logged(graph, [event.identity for _, event in made])
    return [(proposal, event) for proposal, event in made if event.identity not in known]


def propose(record: Record, rules: Iterable[Rule]) -> tuple[Proposal, Event] | None:
    """Returns what rules would change of a record, one after the other, and the event that does it."""
    improved, changes = record, list[Change]()
    for rule in rules:
        for change in _changes(improved, rule):
            said = improved.thing.model_dump() | {change.field: change.new}
            improved = replace(improved, thing=type(improved.thing).model_validate(said))
            changes.append(change)
    if not changes:
        return None
    time = record.since + timedelta(microseconds=1)
    event = Event(
        source=SOURCE,
        id=f"cleanse {record.utcs}@{record.version}",
        subject=record.utcs,
        time=time,
        actor=SOURCE,
        sourcerank=record.rank,
        data=Facts(facts=(PutNode(utcs=record.utcs, properties=improved.thing),)),
        **{"reason": "; ".join(f"{change.rule}: {change.why}" for change in changes)},
    )
    return Proposal(record.utcs, tuple(changes), event.id), event


def _changes(record: Record, rule: Rule) -> Iterator[Change]:
    for fault in rule.find(record):
        if fault.field is not None and fault.value is not None:
            old = record.get(fault.field)
            yield Change(fault.field, old, fault.value, rule.name, fault.problem)


async def _applied(graph: Graph, principal: Principal, found: Found) -> Found:
    events = [event.model_copy(update={"actor": principal.actor}) for _, event in found]
    outcomes = await submit(graph, events, principal) if events else []
    return [
        (replace(proposal, outcome=outcome), event)
        for (proposal, event), outcome in zip(found, outcomes, strict=True)
    ]
