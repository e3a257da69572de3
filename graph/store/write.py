"""Writes what was decided: a handful of statements, whatever the size of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from graph.model import ontology
from graph.model.canonical import sha256_hex
from graph.model.event import MAX_BYTES
from graph.model.outcome import Reason
from graph.model.time import FAR
from graph.model.timeline import Row
from graph.store.database import Transaction
from graph.store.decide import Verdicts
from graph.store.prepared import LinkKey, NodeStatement, Prepared, Withdrawal
from graph.store.world import Journal, World

PARKED_FOR_US: Final = 30 * 24 * 3600 * 1_000_000
"""How long an event waits for what it lacks: 30 days, in microseconds."""

KEPT_BYTES: Final = 1_000_000
"""How much is kept of a document that is too large to be taken; its hash and size tell the rest."""

Rows = list[dict[str, Any]]


async def write(tx: Transaction, world: World, verdicts: Verdicts) -> None:
    """Writes the accepted changes, the log, what waits and what was refused."""
    journal = verdicts.journal
    await _write_things(tx, world, journal)
    await _write_links(tx, world, journal)
    if verdicts.applied:
        rows = [_change(*applied) for applied in verdicts.applied]
        await tx.run("apply/append", rows=rows, seq=world.seq, recorded_at=world.recorded_at)
    if verdicts.released:
        events = [list(p.identity) for unit in verdicts.released for p in unit]
        await tx.run("apply/release", events=events)
    if verdicts.parked:
        await tx.run("apply/park", rows=_parked(verdicts, world.now))
    if verdicts.refused:
        await write_refusals(
            tx,
            [
                dead_letter(p.canonical, *p.identity, why.code, why.reason, world.now)
                for p, why in verdicts.refused
            ],
        )


async def write_refusals(tx: Transaction, rows: Rows) -> None:
    """Keeps what was refused; the same document once, with how often it came."""
    await tx.run("apply/refuse", rows=rows)


async def _write_things(tx: Transaction, world: World, journal: Journal) -> None:
    fresh = _fresh(world, journal)
    simple = [(utcs, row) for utcs, row in journal.thing_rows if utcs in fresh]
    other = [(utcs, row) for utcs, row in journal.thing_rows if utcs not in fresh]
    touched = {utcs for utcs, _ in (*other, *journal.superseded_things)}
    if simple:
        await tx.run(
            "apply/create_things", rows=[_new_thing(world, utcs, row) for utcs, row in simple]
        )
    new = [
        {"utcs": u, "kind": world.things[u].kind} for u in touched if not world.things[u].is_stored
    ]
    if new:
        await tx.run("apply/create_anchors", rows=new)
    if other:
        rows = [_version(world, journal, utcs, row) for utcs, row in other]
        await tx.run("apply/create_versions", rows=rows)
    if journal.superseded_things:
        gone = [
            {"stored": row.stored, "superseded_at": journal.superseded_at[id(row)]}
            for _, row in journal.superseded_things
        ]
        await tx.run("apply/supersede_versions", rows=gone)
    if touched:
        await refresh(tx, [(utcs, world.things[utcs].kind) for utcs in touched], world.now)
    if aliases := [{"key": a, "utcs": u} for u, row in journal.thing_rows for a in row.aliases]:
        await tx.run("apply/name_things", rows=aliases)


async def refresh(tx: Transaction, things: Sequence[tuple[str, str]], now: int) -> None:
    """Makes anchors carry the version that is true now; `things` are (utcs, kind)."""
    rows = [{"utcs": utcs, "labels": _labels(kind)} for utcs, kind in things]
    await tx.run("apply/refresh", things=rows, now=now, far=FAR)


def _fresh(world: World, journal: Journal) -> set[str]:
    """Returns the things that are new, stated once, and true now: the common case, written at once."""
    times: dict[str, int] = {}
    for utcs, _ in journal.thing_rows:
        times[utcs] = times.get(utcs, 0) + 1
    return {
        utcs
        for utcs, row in journal.thing_rows
        if times[utcs] == 1
        and not row.off
        and not (thing := world.things[utcs]).is_stored
        and thing.n == 1
        and row.valid_from <= world.now
        and id(row) not in journal.superseded_at
    }


def _new_thing(world: World, utcs: str, row: Row) -> dict[str, Any]:
    kind = world.things[utcs].kind
    shared = {
        "utcs": utcs,
        "kind": kind,
        "valid_from": row.valid_from,
        "recorded_at": row.recorded_at,
    }
    return {
        "labels": _labels(kind),
        "content": row.content,
        "anchor": shared | {"n": 1, "version": 1, "born": row.valid_from},
        "version": shared
        | {
            "n": 1,
            "valid_to": row.valid_to,
            "superseded_at": FAR,
            "made": row.made,
            "hash": row.hash,
        },
    }


def _version(world: World, journal: Journal, utcs: str, row: Row) -> dict[str, Any]:
    own = {"utcs": utcs, "kind": world.things[utcs].kind, "n": row.n, "hash": row.hash}
    return {
        "utcs": utcs,
        "content": row.content,
        "stored": row.stored,
        "row": own | _times(journal, row),
    }


def _times(journal: Journal, row: Row) -> dict[str, Any]:
    times: dict[str, Any] = {
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "recorded_at": row.recorded_at,
        "superseded_at": journal.superseded_at.get(id(row), FAR),
        "made": row.made,
    }
    if row.off:
        times["off"] = True
    return times


async def _write_links(tx: Transaction, world: World, journal: Journal) -> None:
    fresh, copies = [], []
    for key, row in journal.link_rows:
        times = _times(journal, row)
        written = {"type": _link_type(key, row, times, world.now), "row": times}
        if row.content is None:
            copies.append(written | {"stored": row.stored})
        else:
            slot = {} if key[3] is None else {"slot": key[3]}
            fresh.append(
                written | {"source": key[0], "target": key[2], "content": {**row.content, **slot}}
            )
    if fresh:
        await tx.run("apply/create_links", rows=fresh)
    if copies:
        await tx.run("apply/copy_links", rows=copies)
    if journal.superseded_links:
        gone = [
            {
                "stored": row.stored,
                "type": f"{key[1]}_PAST",
                "superseded_at": journal.superseded_at[id(row)],
            }
            for key, row in journal.superseded_links
        ]
        await tx.run("apply/supersede_links", rows=gone)


def _link_type(key: LinkKey, row: Row, times: dict[str, Any], now: int) -> str:
    """Returns the relationship type of a row: the plain one while it may matter to the present."""
    is_current = times["superseded_at"] == FAR and not row.off and row.valid_to > now
    return key[1] if is_current else f"{key[1]}_PAST"


def _labels(kind: str) -> list[str]:
    return [ontology.label(k) for k in ontology.lineage(kind)]


def _change(prepared: Prepared, seq: int, recorded_at: int) -> dict[str, Any]:
    event = prepared.event
    return {
        "seq": seq,
        "source": event.source,
        "id": event.id,
        "type": event.type,
        "subject": str(event.subject) if event.subject else _subject(prepared),
        "time": prepared.tie[1],
        "recorded_at": recorded_at,
        "actor": event.actor,
        "rank": event.sourcerank,
        "event": prepared.canonical.decode(),
        "hash": prepared.hash,
        "hashes": [s.hash for s in prepared.statements if not isinstance(s, Withdrawal)],
    }


def _subject(prepared: Prepared) -> str | None:
    """Returns the thing that an event is mainly about: the first that it states."""
    first = next(iter(prepared.statements))
    if isinstance(first, Withdrawal):
        return None
    return first.utcs if isinstance(first, NodeStatement) else first.key[0]


def _parked(verdicts: Verdicts, now: int) -> Rows:
    return [
        {
            "parked": {
                "unit": unit[0].hash,
                "position": position,
                "source": prepared.event.source,
                "id": prepared.event.id,
                "hash": prepared.hash,
                "event": prepared.canonical.decode(),
                "code": why.code.value,
                "reason": why.reason,
                "parked_at": now,
                "expires_at": now + PARKED_FOR_US,
            },
            "needs": sorted({key for p in unit for key in p.concerns()} | set(why.waits_for)),
        }
        for unit, why in verdicts.parked
        for position, prepared in enumerate(unit)
    ]


def dead_letter(
    document: bytes, source: str | None, id: str | None, code: Reason, reason: str, now: int
) -> dict[str, Any]:
    """Returns what is kept of a refused document: all of it, unless it was too large to be taken."""
    kept = document if len(document) <= MAX_BYTES else document[:KEPT_BYTES]
    return {
        "hash": sha256_hex(document),
        "source": source,
        "id": id,
        "code": code.value,
        "reason": reason,
        "event": kept.decode(errors="replace"),
        "size": len(document),
        "at": now,
    }
