"""Writes what was decided: a handful of statements, whatever the size of the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from graph.model import ontology
from graph.model.canonical import sha256_hex
from graph.model.outcome import Reason
from graph.model.time import FAR
from graph.model.timeline import Row
from graph.store.database import Transaction
from graph.store.decide import Verdicts
from graph.store.prepared import LinkKey, LinkStatement, NodeStatement, Prepared, Withdrawal
from graph.store.selection import PAST, PAST_BELIEF
from graph.store.world import Journal, World

PARKED_FOR_US: Final = 30 * 24 * 3600 * 1_000_000
"""How long an event waits for what it lacks: 30 days, in microseconds."""

KEPT_BYTES: Final = 4 * 1024 * 1024
"""How much is kept of a refused document: any event whole, whose limit is 1 MiB, however it was written.

Of what is larger, the hash and the size tell the rest.
"""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that is refused, and why.

    Attributes:
        document: The bytes as they were sent.
        source: With `id` and `group`, what could be read of it, so that its sender knows it again.
        actor: In whose name it came, if it names nobody itself.
    """

    document: bytes
    code: Reason
    reason: str
    source: str | None = None
    id: str | None = None
    group: str | None = None
    actor: str | None = None


async def write(tx: Transaction, world: World, verdicts: Verdicts) -> None:
    """Writes the accepted changes, the log, and what waits."""
    if verdicts.applied:
        await _write_changes(tx, world, verdicts)
    if verdicts.released:
        events = [list(p.identity) for unit in verdicts.released for p in unit]
        await tx.run("apply/release", events=events)
    if verdicts.parked:
        await tx.run("apply/park", rows=_parked(world, verdicts))
    if verdicts.wanting:
        await tx.run("apply/want", rows=_wanting(world, verdicts))


def refusals(verdicts: Verdicts) -> list[Refused]:
    """Returns the events that were decided against, each with the reason."""
    return [
        Refused(p.document, why.code, why.reason, *p.identity, p.event.group, p.event.actor)
        for p, why in verdicts.refused
    ]


async def write_refusals(tx: Transaction, refused: Sequence[Refused], now: int) -> None:
    """Keeps what was refused; the same document once, with how often it came."""
    if refused:
        await tx.run("apply/refuse", rows=[_dead_letter(one, now) for one in refused])


async def _write_changes(tx: Transaction, world: World, verdicts: Verdicts) -> None:
    """Revises what is stored already, then creates all that is new and its log in one statement."""
    journal = verdicts.journal
    fresh = _fresh(world, journal)
    await _revise_things(tx, world, journal, fresh)
    await _revise_links(tx, world, journal)
    await tx.run(
        "apply/create",
        things=[_new_thing(world, utcs, row) for utcs, row in journal.thing_rows if utcs in fresh],
        aliases=[{"key": a, "utcs": u} for u, row in journal.thing_rows for a in row.aliases],
        links=[_new_link(world, journal, *new) for new in journal.link_rows if _is_said(new)],
        changes=[_change(*applied) for applied in verdicts.applied],
        seq=world.seq,
        recorded_at=world.recorded_at,
    )


async def _revise_things(tx: Transaction, world: World, journal: Journal, fresh: set[str]) -> None:
    rows = [(utcs, row) for utcs, row in journal.thing_rows if utcs not in fresh]
    touched = {utcs for utcs, _ in (*rows, *journal.superseded_things)}
    if not touched:
        return
    stored = [utcs for utcs in touched if world.things[utcs].is_stored]
    moved: dict[Any, str] = dict(await tx.run("apply/unfold", utcs=stored))
    new = [{"utcs": u, "kind": world.things[u].kind} for u in touched.difference(stored)]
    if new:
        await tx.run("apply/create_anchors", rows=new)
    if rows:
        versions = [_version(world, journal, utcs, row, moved) for utcs, row in rows]
        await tx.run("apply/create_versions", rows=versions)
    if journal.superseded_things:
        gone = [
            {
                "stored": moved.get(row.stored, row.stored),
                "superseded_at": journal.superseded_at[id(row)],
            }
            for _, row in journal.superseded_things
        ]
        await tx.run("apply/supersede_versions", rows=gone)
    await refresh(tx, [(utcs, world.things[utcs].kind) for utcs in touched], world.now)


async def refresh(tx: Transaction, things: Sequence[tuple[str, str]], now: int) -> None:
    """Makes anchors carry the version that is true now; `things` are (utcs, kind)."""
    rows = [{"utcs": utcs, "labels": _labels(kind)} for utcs, kind in things]
    await tx.run("apply/refresh", things=rows, now=now, far=FAR)


def _fresh(world: World, journal: Journal) -> set[str]:
    """Returns the things that are new, stated once, and true now: the common case, written at once.

    Such a thing is its own version until a second row of belief is written about it.
    """
    times = Counter(utcs for utcs, _ in journal.thing_rows)
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
    return {
        "labels": _labels(kind),
        "properties": {
            **(row.content or {}),
            "utcs": utcs,
            "kind": kind,
            "n": 1,
            "version": 1,
            "born": row.valid_from,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "recorded_at": row.recorded_at,
            "superseded_at": FAR,
            "made": row.made,
            "hash": row.hash,
        },
    }


def _version(
    world: World, journal: Journal, utcs: str, row: Row, moved: dict[Any, str]
) -> dict[str, Any]:
    own = {"utcs": utcs, "kind": world.things[utcs].kind, "n": row.n, "hash": row.hash}
    if row.merged_into is not None:
        own["merged_into"] = row.merged_into
    return {
        "utcs": utcs,
        "content": row.content,
        "stored": moved.get(row.stored, row.stored),
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


async def _revise_links(tx: Transaction, world: World, journal: Journal) -> None:
    copies = []
    for new in journal.link_rows:
        if not _is_said(new):
            key, row = new
            link, times = _typed(journal, key, row, world.now)
            copies.append({"type": link, "row": times, "stored": row.stored})
    if copies:
        await tx.run("apply/copy_links", rows=copies)
    if journal.superseded_links:
        gone = [
            {
                "stored": row.stored,
                "link": key[1],
                "superseded_at": journal.superseded_at[id(row)],
            }
            for key, row in journal.superseded_links
        ]
        await tx.run("apply/supersede_links", rows=gone)


def _is_said(new: tuple[LinkKey, Row]) -> bool:
    """Whether a new row brings its content along, rather than share that of a stored one."""
    return new[1].content is not None


def _new_link(world: World, journal: Journal, key: LinkKey, row: Row) -> dict[str, Any]:
    source, _, target, slot = key
    link, times = _typed(journal, key, row, world.now)
    properties = {**(row.content or {}), **times}
    if slot is not None:
        properties["slot"] = slot
    return {"source": source, "target": target, "type": link, "properties": properties}


def _typed(journal: Journal, key: LinkKey, row: Row, now: int) -> tuple[str, dict[str, Any]]:
    """Returns the relationship type and the times of a row: see `Era.relationship_types`."""
    times = _times(journal, row)
    if times["superseded_at"] != FAR:
        return PAST_BELIEF, times | {"was": key[1]}
    return key[1] if row.valid_to > now and not row.off else key[1] + PAST, times


@cache
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
        "cleared": _cleared(prepared) or None,
    }


def _cleared(prepared: Prepared) -> list[str]:
    """Returns the things whose links an event states with the reason why they still hold."""
    links = (s for s in prepared.statements if isinstance(s, LinkStatement))
    return sorted({s.key[0] for s in links if "reviewed" in (s.content or {})})


def _subject(prepared: Prepared) -> str | None:
    """Returns the thing that an event is mainly about: the first that it states."""
    first = next(iter(prepared.statements))
    if isinstance(first, Withdrawal):
        return None
    return first.utcs if isinstance(first, NodeStatement) else first.key[0]


def _parked(world: World, verdicts: Verdicts) -> Rows:
    return [
        {
            "parked": {
                "unit": unit[0].hash,
                "position": position,
                "source": prepared.event.source,
                "id": prepared.event.id,
                "hash": prepared.hash,
                "event": prepared.canonical.decode(),
                "document": prepared.document,
                "group": prepared.event.group,
                "actor": prepared.event.actor,
                "code": why.code.value,
                "reason": why.reason,
                "parked_at": world.now,
                "expires_at": world.now + PARKED_FOR_US,
            },
            "needs": sorted(world.waiting[unit]),
        }
        for unit, why in verdicts.parked.items()
        for position, prepared in enumerate(unit)
    ]


def _wanting(world: World, verdicts: Verdicts) -> Rows:
    return [
        {
            "unit": unit[0].hash,
            "code": why.code.value,
            "reason": why.reason,
            "needs": sorted(world.waiting[unit]),
        }
        for unit, why in verdicts.wanting.items()
    ]


def _dead_letter(refused: Refused, now: int) -> dict[str, Any]:
    return {
        "hash": sha256_hex(refused.document),
        "source": refused.source,
        "id": refused.id,
        "group": refused.group,
        "actor": refused.actor,
        "code": refused.code.value,
        "reason": refused.reason,
        "document": refused.document[:KEPT_BYTES],
        "size": len(refused.document),
        "at": now,
    }
