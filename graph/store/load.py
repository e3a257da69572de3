"""Loads the world that a batch touches, under the lock of the change log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from graph.model.event import read_event
from graph.model.ontology import get_link_type
from graph.model.reading import Reading
from graph.model.time import FAR
from graph.model.timeline import Row
from graph.store.database import Row as Record
from graph.store.database import Transaction
from graph.store.prepared import LinkKey, NodeStatement, Prepared, prepare
from graph.store.text import fill
from graph.store.world import Known, Thing, Unit, World


async def load_world(tx: Transaction, units: Sequence[Unit], now: int) -> World:
    """Returns all that is needed to decide some units, having locked the change log for them."""
    events = [p for unit in units for p in unit]
    (first,) = await tx.run("apply/load", **_wanted(events, events), far=FAR)
    seq, recorded_at, parked, *found = first
    world = World(seq, max(recorded_at, now - 1), now)
    _take_in(world, found)
    await _load_withdrawn(tx, world, events)
    if parked:
        await _load_waiting(tx, world, units)
    waiting = [p for unit in world.waiting for p in unit]
    extra = [*waiting, *world.logged.values()]
    if extra:
        await _load_more(tx, world, _wanted(waiting, extra))
    await _load_links(tx, world, [*events, *extra])
    await _load_timelines(tx, world)
    return world


def _wanted(judged: Iterable[Prepared], touched: Iterable[Prepared]) -> dict[str, Any]:
    stated, ends, aliases = set[str](), set[str](), set[str]()
    for prepared in touched:
        for statement in prepared.statements:
            if isinstance(statement, NodeStatement):
                stated.add(statement.utcs)
                aliases.update(statement.aliases)
        ends.update(prepared.survivors())
        for source, _, target, _ in prepared.links():
            ends |= {source, target}
    return {
        "events": [list(p.identity) for p in judged],
        "ends": list(ends - stated),
        "stated": list(stated),
        "aliases": list(aliases),
    }


def _take_in(world: World, found: Sequence[Any]) -> None:
    events, ends, stated, holders = found
    for source, id, seq, hash in events:
        world.events[source, id] = Known(seq, hash)
    for utcs, kind, n, born, gaps in ends:
        if utcs not in world.things:
            world.things[utcs] = Thing(kind, n, born, () if gaps else None, is_stored=True)
    for utcs, kind, n, rows in stated:
        timeline = tuple(sorted(map(_thing_row, rows), key=lambda row: (row.valid_from, row.tie)))
        world.things[utcs] = Thing(kind, n, rows=timeline, is_stored=True)
        for row in timeline:
            world.add_holder(utcs, row.aliases)
    for alias, utcs in holders:
        world.holders[alias].add(utcs)


async def _load_more(tx: Transaction, world: World, wanted: dict[str, Any]) -> None:
    (found,) = await tx.run("apply/load", **wanted, far=FAR)
    _take_in(world, found[3:])


async def _load_timelines(tx: Transaction, world: World) -> None:
    """Loads in full the things whose existence has gaps, and those that bear an alias now stated."""
    gaps = {utcs for utcs, thing in world.things.items() if thing.is_stored and thing.rows == ()}
    rivals = {utcs for holders in world.holders.values() for utcs in holders} - world.things.keys()
    if missing := gaps | rivals:
        await _load_more(
            tx, world, {"events": [], "ends": [], "stated": list(missing), "aliases": []}
        )


async def _load_waiting(tx: Transaction, world: World, units: Sequence[Unit]) -> None:
    """Loads the parked units that the batch may help or be helped by, and those that these may."""
    identities = [list(p.identity) for unit in units for p in unit]
    rows = await tx.run("apply/load_parked", events=identities)
    world.parked = {(source, id): hash for source, id, hash in rows}
    keys, seen = set[str]().union(*map(world.concerns, units)), set[str]()
    while keys:
        found = await tx.run("apply/load_waiting", keys=list(keys), seen=list(seen))
        seen |= {unit for unit, _ in found}
        waiting = [
            tuple(prepare(read_event(event), sent) for event, sent in events) for _, events in found
        ]
        await _load_withdrawn(tx, world, [p for unit in waiting for p in unit])
        for unit in waiting:
            world.wait(unit)
        keys = set[str]().union(*map(world.concerns, waiting))


async def _load_withdrawn(tx: Transaction, world: World, events: Sequence[Prepared]) -> None:
    """Loads the logged events that some events withdraw."""
    wanted = [list(identity) for p in events for identity in p.withdrawn()]
    if not wanted:
        return
    for source, id, seq, hash, document in await tx.run("apply/load_events", events=wanted):
        world.events[source, id] = Known(seq, hash)
        world.logged[source, id] = prepare(read_event(document))


async def _load_links(tx: Transaction, world: World, events: Sequence[Prepared]) -> None:
    keys = sorted({key for p in events for key in p.links()}, key=lambda key: key[1])
    records: list[Record] = []
    for link, group in groupby(keys, key=lambda key: key[1]):
        for statement, wanted in _links_wanted(world, link, list(group)):
            (found,) = await tx.run(fill(statement, link=link), **wanted)
            records += found[0]
    shrinking = [utcs for utcs in _shrinking(world, events) if utcs in world.things]
    if shrinking:
        (found,) = await tx.run("apply/load_touching", utcs=shrinking, far=FAR)
        records += found[0]
        ends = {end for record in found[0] for end in (record[0], record[2])} - world.things.keys()
        if ends:
            await _load_more(
                tx, world, {"events": [], "ends": list(ends), "stated": [], "aliases": []}
            )
    _take_in_links(world, records)


def _links_wanted(
    world: World, link: str, keys: Sequence[LinkKey]
) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """Yields what of one link type has to be read: nothing, for things that are new themselves."""
    declared, known = get_link_type(link), world.things
    sources = {source for source, *_ in keys if source in known}
    targets = {target for _, _, target, _ in keys if target in known}
    if declared.max_in and targets:
        yield "apply/links_into", {"targets": list(targets)}
    if declared.max_out and sources:
        yield "apply/links_from", {"sources": list(sources)}
    elif declared.slotted and sources:
        yield "apply/links_in_slots", {"filled": _filled(keys, sources)}
    elif not declared.max_in:
        pairs = {(s, t) for s, _, t, _ in keys if s in known and t in known}
        if pairs:
            yield "apply/links_between", {"pairs": [list(pair) for pair in pairs]}
    if declared.acyclic:
        fed = {target for _, _, target, _ in keys}
        roots = {t for s, _, t, _ in keys if t in known and (s in known or s in fed)}
        if roots:
            yield "apply/links_below", {"roots": list(roots)}


def _filled(keys: Sequence[LinkKey], sources: Collection[str]) -> list[list[Any]]:
    """Returns the slots that are spoken of, by their things."""
    slots: defaultdict[str, set[str]] = defaultdict(set)
    for source, _, _, slot in keys:
        if slot is not None and source in sources:
            slots[source].add(slot)
    return [[source, list(filled)] for source, filled in slots.items()]


def _shrinking(world: World, events: Iterable[Prepared]) -> Iterator[str]:
    """Yields the things that may cease to exist somewhere: those retired, and those unsaid."""
    for prepared in events:
        for statement in prepared.statements:
            if isinstance(statement, NodeStatement) and statement.content is None:
                yield statement.utcs
        for identity in prepared.withdrawn():
            if earlier := world.logged.get(identity):
                yield from earlier.things()


def _take_in_links(world: World, records: Iterable[Sequence[Any]]) -> None:
    timelines: defaultdict[LinkKey, dict[str, Row]] = defaultdict(dict)
    for source, link, target, slot, *rest in records:
        row = _row(rest)
        timelines[source, link, target, slot][str(row.stored)] = row
    for key, rows in timelines.items():
        world.add_link(key, tuple(sorted(rows.values(), key=lambda row: (row.valid_from, row.tie))))


def _row(stored: Sequence[Any]) -> Row:
    valid_from, valid_to, recorded_at, made, off, at, rank, time, source, id = stored
    return Row(
        valid_from,
        (rank, time, source, id),
        off,
        made,
        recorded_at,
        valid_to,
        stored=at,
        is_stored=True,
    )


def _thing_row(stored: Sequence[Any]) -> Row:
    row = _row(stored[:10])
    row.n, row.aliases, row.hash = stored[10], tuple(stored[11] or ()), stored[12]
    row.merged_into = stored[13]
    row.frozen = tuple(stored[14]) if stored[14] else None
    if stored[15]:
        measured_at, *counters = stored[15]
        row.reading = Reading.of(measured_at, row.valid_from, counters)
    return row
