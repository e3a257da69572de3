"""Decides what becomes of each event of a batch: applied, duplicate, parked or refused. Pure.

A unit (an event, or the events of one group) is drafted over the world, held against the rules of
`graph.store.rules`, and kept whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from graph.model.outcome import Outcome, Reason, Status
from graph.model.time import format_micros
from graph.model.timeline import Row, insert, remove
from graph.store import rules
from graph.store.prepared import (
    LinkStatement,
    NodeStatement,
    Prepared,
    Withdrawal,
    event_key,
)
from graph.store.rules import Objection, described
from graph.store.world import Draft, Journal, Known, Thing, Unit, World

MAX_JOINT: Final = 50
"""So many parked units at most are tried together with one that waits for the same things."""


@dataclass(slots=True)
class Verdicts:
    """What was decided: the outcome of each event by `id(prepared)`, and what has to be written.

    `parked` are the units that begin to wait, `wanting` those that were tried again and wait on, each
    with what it lacks now.
    """

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    applied: list[tuple[Prepared, int, int]] = field(default_factory=list)
    parked: dict[Unit, Objection] = field(default_factory=dict)
    refused: list[tuple[Prepared, Objection]] = field(default_factory=list)
    released: list[Unit] = field(default_factory=list)
    wanting: dict[Unit, Objection] = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)


def decide(world: World, units: Iterable[Unit]) -> Verdicts:
    """Decides units in order; those that were waiting are taken in as soon as they can be."""
    verdicts = Verdicts()
    for unit in units:
        fresh = tuple(p for p in unit if not _answer_known(world, p, verdicts))
        if fresh:
            _decide_unit(world, fresh, verdicts)
    return verdicts


def _answer_known(world: World, prepared: Prepared, verdicts: Verdicts) -> bool:
    """Answers an event whose identity was seen before: a duplicate, still parked, or a reuse."""
    known, parked = world.events.get(prepared.identity), world.parked.get(prepared.identity)
    if known is None and parked is None:
        return False
    if prepared.hash != (known.hash if known else parked):
        _refuse((prepared,), _reused(prepared), verdicts)
    elif known:
        _answer(verdicts, prepared, Status.DUPLICATE, seq=known.seq)
    else:
        _answer(
            verdicts,
            prepared,
            Status.PARKED,
            code=Reason.UNKNOWN,
            reason="still waiting, as answered before",
        )
    return True


def _reused(prepared: Prepared) -> Objection:
    return Objection(
        Reason.REUSED,
        f"id: {prepared.event.id!r} of source {prepared.event.source!r} was used for another event;"
        " give this one an id of its own",
    )


def _decide_unit(world: World, unit: Unit, verdicts: Verdicts) -> None:
    taken, objection = _take_in(world, unit, verdicts)
    if objection is None:
        _wake(world, taken, verdicts)
    elif objection.waits_for:
        _park(world, unit, objection, verdicts)
    else:
        _refuse(unit, objection, verdicts)


def _try(
    world: World,
    unit: Unit,
    verdicts: Verdicts,
    judge: Callable[[Draft], Objection | None] = rules.first_objection,
) -> Objection | None:
    """Takes a unit in if nothing speaks against it; else returns what does."""
    draft = Draft(world)
    for number, prepared in enumerate(unit, start=1):
        objection = _draft_event(draft, prepared, world.seq + number, world.recorded_at + number)
        if objection is not None:
            return replace(objection, event=prepared.identity)
    objection = judge(draft)
    if objection is None:
        _keep(world, unit, draft, verdicts)
    elif objection.made is not None and objection.made > world.seq:
        return replace(objection, event=unit[objection.made - world.seq - 1].identity)
    return objection


def object_to(world: World, unit: Unit) -> tuple[Objection, ...]:
    """Returns all that speaks against a unit, rather than only the first of it; nothing is kept."""
    draft = Draft(world)
    for number, prepared in enumerate(unit, start=1):
        objection = _draft_event(draft, prepared, world.seq + number, world.recorded_at + number)
        if objection is not None:
            return (objection,)
    return tuple(rules.objections(draft))


def _keep(world: World, unit: Unit, draft: Draft, verdicts: Verdicts) -> None:
    verdicts.journal.keep(draft)
    overtaken = dict(_overtaken(draft))
    for prepared in unit:
        world.seq += 1
        world.recorded_at += 1
        world.events[prepared.identity] = Known(world.seq, prepared.hash)
        world.logged[prepared.identity] = prepared
        verdicts.applied.append((prepared, world.seq, world.recorded_at))
        reason = overtaken.get(world.seq)
        code = Reason.OVERTAKEN if reason else None
        if reason is None and (reason := _astray(world, prepared)):
            code = Reason.MERGED
        _answer(verdicts, prepared, Status.APPLIED, seq=world.seq, code=code, reason=reason)


def _overtaken(draft: Draft) -> Iterator[tuple[int, str]]:
    """Yields the events of which a statement holds nowhere, and whose stands in its place."""
    for utcs, row in draft.thing_rows:
        if stands := _beats(draft, draft.things[utcs].rows or (), row):
            yield row.made, _stands(utcs, stands)
    for key, row in draft.link_rows:
        if stands := _beats(draft, draft.links[key], row):
            yield row.made, _stands(described(key), stands)


def _astray(world: World, prepared: Prepared) -> str | None:
    """Returns what to tell of an event that speaks of a thing after another event merged it away."""
    for said in prepared.statements:
        if isinstance(said, Withdrawal):
            continue
        for utcs in (said.utcs,) if isinstance(said, NodeStatement) else (said.key[0], said.key[2]):
            merge = world.things[utcs].merged_by(said.valid_from)
            if merge is not None and merge.made != world.seq:
                _, _, source, id = merge.tie
                return (
                    f"{utcs}: was merged into {merge.merged_into} at "
                    f"{format_micros(merge.valid_from)}, which does not get to know this; say it of "
                    f"that one, or withdraw the merge (event {id!r} of source {source!r})"
                )
    return None


def _beats(draft: Draft, rows: Iterable[Row], row: Row) -> Row | None:
    """Returns the statement of the same instant that wins over one that this unit made, if any."""
    if row.off or row.holds or row.made <= draft.world.seq:
        return None
    stands = [other for other in rows if other.valid_from == row.valid_from][-1]
    return None if stands is row else stands


def _stands(what: str, row: Row) -> str:
    _, time, source, id = row.tie
    return (
        f"{what}: what event {id!r} of source {source!r} says of {format_micros(row.valid_from)} "
        f"stands, as it ranks higher or is later ({format_micros(time)}); to replace it, send a "
        "later `time`, and the moment that it is about as `valid_from`"
    )


def _take_in(world: World, unit: Unit, verdicts: Verdicts) -> tuple[list[Unit], Objection | None]:
    """Takes a unit in, alone or with others that wait; returns all that were, or what speaks against it."""
    objection = _try(world, unit, verdicts)
    if objection is None:
        return [unit], None
    together = _try_with_waiting(world, unit, objection, verdicts)
    return together, None if together else objection


def _try_with_waiting(
    world: World, unit: Unit, objection: Objection, verdicts: Verdicts
) -> list[Unit]:
    """Takes a unit in together with those that wait for the same things; returns all that were.

    Each may be what the other lacks. One that lacks nothing may be refused for want of what waits for
    it: an installation that never ends overlaps the next one, until the removal that waits for it is
    counted in. What one of them lacks may wait as well; one that does not stand even so is left out.
    """
    partners, seen = list[Unit](), {unit}
    wanted, found = set(objection.waits_for) or world.concerns(unit), objection
    while True:
        more = [u for u in world.waiting_for(wanted) if u not in seen][: MAX_JOINT - len(partners)]
        blamed = [u for u in partners if any(p.identity == found.event for p in u)]
        if not more and not blamed:
            return []
        partners = partners + more if more else [u for u in partners if u not in blamed]
        seen.update(more)
        together = (*unit, *(p for u in partners for p in u))
        again = _try(world, together, verdicts, rules.first_lack)
        if again is None:
            _release(world, partners, verdicts)
            return [unit, *partners]
        wanted, found = set(again.waits_for), again


def _wake(world: World, taken: list[Unit], verdicts: Verdicts) -> None:
    """Takes in what was waiting for some units, and what was waiting for that, until nothing moves.

    One that has all that it waited for and contradicts the record is refused, as it would have been
    had it come now.
    """
    while taken and world.waiting:
        woken = world.waiting_for(set[str]().union(*map(world.concerns, taken)))
        taken = []
        for unit in woken:
            if unit not in world.waiting:
                continue
            together, objection = _take_in(world, unit, verdicts)
            taken += together
            if objection is not None and objection.waits_for:
                _wait_on(world, unit, objection, verdicts)
                continue
            _release(world, [unit], verdicts)
            if objection is not None:
                _refuse(unit, objection, verdicts)


def _park(world: World, unit: Unit, objection: Objection, verdicts: Verdicts) -> None:
    world.wait(unit)
    verdicts.parked[unit] = objection
    for prepared in unit:
        _answer(verdicts, prepared, Status.PARKED, code=objection.code, reason=objection.reason)


def _wait_on(world: World, unit: Unit, objection: Objection, verdicts: Verdicts) -> None:
    """Lets a unit wait for what it lacks now; an event that it withdraws may have come, and tell more."""
    if unit in verdicts.parked:
        _park(world, unit, objection, verdicts)
    else:
        world.wait(unit)
        verdicts.wanting[unit] = objection


def _release(world: World, units: list[Unit], verdicts: Verdicts) -> None:
    for unit in units:
        del world.waiting[unit]
        verdicts.parked.pop(unit, None)
        verdicts.wanting.pop(unit, None)
        verdicts.released.append(unit)
        for prepared in unit:
            world.parked.pop(prepared.identity, None)


def _draft_event(draft: Draft, prepared: Prepared, seq: int, now: int) -> Objection | None:
    for statement in prepared.statements:
        if isinstance(statement, NodeStatement):
            objection = _draft_thing(draft, statement, prepared, seq, now)
        elif isinstance(statement, LinkStatement):
            objection = _draft_link(draft, statement, prepared, seq, now)
        else:
            objection = _draft_withdrawal(draft, statement, now)
        if objection is not None:
            return objection
    return None


def _draft_thing(
    draft: Draft, said: NodeStatement, prepared: Prepared, seq: int, now: int
) -> Objection | None:
    thing = draft.thing(said.utcs) or Thing(said.kind, 0, rows=())
    rows = thing.rows or ()
    if any(row.valid_from == said.valid_from and row.made == seq for row in rows):
        return rules.said_twice(said.utcs)
    if said.replaces is not None and (outdated := rules.outdated(said, rows)):
        return outdated
    row = Row(
        said.valid_from, prepared.tie, said.content is None, seq, now,
        n=thing.n + 1, content=said.content or {}, aliases=said.aliases, hash=said.hash,
        merged_into=said.merged_into, frozen=said.frozen, reading=said.reading,
    )  # fmt: skip
    change = insert(rows, row)
    draft.revise_thing(said.utcs, replace(thing, n=thing.n + 1, rows=change.rows), change, now)
    if row.off:
        draft.shrunk.add(said.utcs)
    if said.aliases:
        draft.world.add_holder(said.utcs, said.aliases)
    return None


def _draft_link(
    draft: Draft, said: LinkStatement, prepared: Prepared, seq: int, now: int
) -> Objection | None:
    rows = draft.link(said.key)
    if any(row.valid_from == said.valid_from and row.made == seq for row in rows):
        return rules.said_twice(rules.described(said.key))
    row = Row(
        said.valid_from, prepared.tie, said.content is None, seq, now,
        content=said.content or {}, hash=said.hash,
    )  # fmt: skip
    draft.revise_link(said.key, insert(rows, row), now)
    return None


def _draft_withdrawal(draft: Draft, said: Withdrawal, now: int) -> Objection | None:
    identity = (said.source, said.id)
    earlier, known = draft.world.logged.get(identity), draft.world.events.get(identity)
    if earlier is None or known is None:
        return Objection(
            Reason.NO_EVENT,
            f"id: no event {said.id!r} of source {said.source!r} is in the log; check both",
            waits_for=(event_key(identity),),
        )
    if any(earlier.withdrawn()):
        return Objection(
            Reason.CORRECTION,
            f"id: event {said.id!r} is itself a correction; state the facts anew instead",
        )
    before = len(draft.superseded)
    _withdraw(draft, earlier, lambda row: row.made == known.seq, now)
    if len(draft.superseded) > before:
        return None
    return Objection(
        Reason.CORRECTION, f"id: event {said.id!r} is withdrawn already; nothing is left to correct"
    )


def _withdraw(
    draft: Draft, earlier: Prepared, is_withdrawn: Callable[[Row], bool], now: int
) -> None:
    for utcs in dict.fromkeys(earlier.things()):
        thing = draft.thing(utcs)
        if thing is not None:
            change = remove(thing.rows or (), is_withdrawn, now)
            draft.revise_thing(utcs, replace(thing, rows=change.rows), change, now)
            draft.shrunk.add(utcs)
    for key in dict.fromkeys(earlier.links()):
        draft.revise_link(key, remove(draft.link(key), is_withdrawn, now), now)


def _refuse(unit: Unit, objection: Objection, verdicts: Verdicts) -> None:
    for prepared in unit:
        mine = objection
        if objection.event not in (None, prepared.identity):
            mine = Objection(
                Reason.GROUP, f"group: refused with its group, because {objection.reason}"
            )
        verdicts.refused.append((prepared, mine))
        _answer(verdicts, prepared, Status.REFUSED, code=mine.code, reason=mine.reason)


def _answer(
    verdicts: Verdicts,
    prepared: Prepared,
    status: Status,
    *,
    seq: int | None = None,
    code: Reason | None = None,
    reason: str | None = None,
) -> None:
    event = prepared.event
    verdicts.outcomes[id(prepared)] = Outcome(
        status=status, source=event.source, id=event.id, seq=seq, code=code, reason=reason
    )
