"""The rules that hold at every instant of world time, and what a unit that breaks one is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.model.ontology import get_link_type
from graph.model.outcome import Reason
from graph.model.time import format_micros
from graph.model.timeline import Row, Rows
from graph.store.counters import falls
from graph.store.prepared import LinkKey, NodeStatement, link_key
from graph.store.world import Draft

SHOWN = 3
"""So many offenders are named in a refusal; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a unit does not stand.

    Attributes:
        code: The reason, for programs.
        reason: The reason, for people: field, value and fix.
        waits_for: What could still make it stand; empty if nothing that may arrive can.
        made: Number that the offending event would have had in the log.
        event: The identity of the offending event, where one of the unit is to blame.
    """

    code: Reason
    reason: str
    waits_for: tuple[str, ...] = ()
    made: int | None = None
    event: tuple[str, str] | None = None


def unknown(field: str, utcs: str, row: Row) -> Objection:
    """Says that a thing has not been heard of yet."""
    return Objection(
        Reason.UNKNOWN,
        f"{field}: {utcs} is not known yet; send it, or correct the id",
        waits_for=(utcs,),
        made=row.made,
    )


def said_twice(what: str) -> Objection:
    """Says that one event contradicts or repeats itself."""
    return Objection(
        Reason.TWICE, f"facts: {what} is stated twice for the same instant; leave one out"
    )


def outdated(said: NodeStatement, rows: Iterable[Row]) -> Objection | None:
    """Says that a statement was made upon another one than what holds from its moment on, if so.

    What is stated of a later time counts, too: of two that were made upon the same statement, one is
    refused, whichever clock they were given.
    """
    standing = [row.n for row in rows if row.valid_to > said.valid_from and row.holds]
    if standing == ([said.replaces] if said.replaces else []):
        return None
    found = " and ".join(f"@{n}" for n in standing) or "nothing"
    return Objection(
        Reason.OUTDATED,
        f"replaces: {said.utcs} is stated by {found} from {format_micros(said.valid_from)} on, and "
        f"this was made upon {f'@{said.replaces}' if said.replaces else 'nothing'}; "
        "read it again, and decide anew",
    )


def described(key: LinkKey) -> str:
    """Returns a link in words."""
    source, link, target, slot = key
    return f"{source} {link} {target}" + (f" in slot {slot!r}" if slot is not None else "")


def first_objection(draft: Draft) -> Objection | None:
    """Returns the first rule that a draft breaks, if any."""
    return next(objections(draft), None)


def first_lack(draft: Draft) -> Objection | None:
    """Returns the first thing that a draft lacks, or else the first rule that it breaks, if any.

    Of units that are tried together, those that lack something must go before those that contradict
    one another can be told.
    """
    found = list(objections(draft))
    return next((objection for objection in found if objection.waits_for), next(iter(found), None))


def objections(draft: Draft) -> Iterator[Objection]:
    """Yields every rule that a draft breaks."""
    yield from _ends_of_nothing(draft)
    for utcs, row in draft.thing_rows:
        if row.merged_into is not None and draft.thing(row.merged_into) is None:
            yield unknown("merged_into", row.merged_into, row)
        yield from _restated(draft, utcs, row)
        if row.aliases and row.holds and _is_latest(draft.things[utcs].rows, row):
            yield from _taken_aliases(draft, utcs, row)
    for key, row in draft.link_rows:
        yield from _unknown_ends(draft, key, row)
        if row.holds and _is_latest(draft.links[key], row):
            yield from _absent_ends(draft, key, row)
            yield from _too_many(draft, key, row)
            yield from _cycle(draft, key, row)
    for utcs in draft.shrunk:
        yield from _dangling(draft, utcs)
    yield from _running_backwards(draft)


def _ends_of_nothing(draft: Draft) -> Iterator[Objection]:
    """Says that something ends of which nothing is stated: not yet, or no more once this is withdrawn."""
    for utcs, thing in draft.things.items():
        if (ended := _only_end(thing.rows or ())) is not None:
            is_said_now = ended.made > draft.world.seq
            yield unknown("utcs", utcs, ended) if is_said_now else _orphan(utcs, ended)
    for key, rows in draft.links.items():
        if (ended := _only_end(rows)) is not None:
            is_said_now = ended.made > draft.world.seq
            yield _nothing_to_end(key, ended) if is_said_now else _orphan(described(key), ended)


def _only_end(rows: Rows) -> Row | None:
    """Returns the end that was stated last, where nothing but ends is stated."""
    if not rows or not all(row.off for row in rows):
        return None
    return max(rows, key=lambda row: row.made)


def _orphan(what: str, ended: Row) -> Objection:
    _, _, source, id = ended.tie
    return Objection(
        Reason.DANGLING,
        f"id: nothing would be left of {what} but its end, stated by event {id!r} of source "
        f"{source!r}; withdraw that one too, in the same event",
    )


def _is_latest(rows: Iterable[Row] | None, row: Row) -> bool:
    """Whether a row outlived the unit: a later statement of the unit may have replaced it."""
    return any(kept is row for kept in rows or ())


def _taken_aliases(draft: Draft, utcs: str, row: Row) -> Iterator[Objection]:
    for alias in row.aliases:
        for other in draft.world.holders.get(alias, set()) - {utcs}:
            held = (thing.rows if (thing := draft.thing(other)) else None) or ()
            if any(alias in r.aliases and r.overlaps(row.valid_from, row.valid_to) for r in held):
                yield Objection(
                    Reason.ALIAS,
                    f"aliases: {alias!r} is {other}'s at that time; use another, or end its use",
                    made=row.made,
                )


def _restated(draft: Draft, utcs: str, row: Row) -> Iterator[Objection]:
    """Says that something is stated otherwise that was frozen, be it before or after in the world."""
    rows = [said for said in draft.things[utcs].rows or () if not said.off]
    frozen = next((said for said in rows if said.frozen), None)
    if frozen is not None and any(
        said.frozen != frozen.frozen for said in rows[rows.index(frozen) :]
    ):
        yield Objection(
            Reason.FROZEN,
            f"merkle_root: {utcs} is frozen; its root, rule, times and number of members stay as they "
            "are, so repeat them, or make another baseline",
            made=row.made,
        )


def _unknown_ends(draft: Draft, key: LinkKey, row: Row) -> Iterator[Objection]:
    for end, utcs in (("source", key[0]), ("target", key[2])):
        if draft.thing(utcs) is None:
            yield unknown(end, utcs, row)


def _nothing_to_end(key: LinkKey, row: Row) -> Objection:
    return Objection(
        Reason.NO_LINK,
        f"target: {described(key)} is not known, so it cannot end; check the ends and the slot",
        waits_for=(link_key(key),),
        made=row.made,
    )


def _absent_ends(draft: Draft, key: LinkKey, row: Row) -> Iterator[Objection]:
    for end, utcs in (("source", key[0]), ("target", key[2])):
        thing = draft.thing(utcs)
        if thing is not None and not thing.exists_throughout(row.valid_from, row.valid_to):
            gap = thing.absent_from(row.valid_from)
            merge = thing.merged_by(gap)
            fix = "correct the time, or state the thing for it"
            if merge is not None:
                fix = f"it was merged into {merge.merged_into}, so say it of that one"
            yield Objection(
                Reason.NOT_THERE,
                f"{end}: {utcs} does not exist at {format_micros(gap)}; {described(key)} cannot "
                f"hold then: {fix}",
                waits_for=(utcs, link_key(key)),
                made=row.made,
            )


def _too_many(draft: Draft, key: LinkKey, row: Row) -> Iterator[Objection]:
    source, link, target, slot = key
    declared = get_link_type(link)
    limits = (
        (declared.max_out, source, "out", f"source: {source} {link}"),
        (declared.max_in, target, "in", f"target: {target} {declared.inverse}"),
        (1 if slot is not None else None, source, "slot", f"slot: {source} {link} slot {slot!r}"),
    )
    for limit, utcs, direction, claim in limits:
        if limit is not None:
            rivals = _rivals(draft, key, row, utcs, direction)
            if (fullest := _most_at_once(rivals, row)) >= limit:
                others = ", ".join(
                    sorted({k[0] if direction == "in" else k[2] for k, _ in rivals})[:SHOWN]
                )
                yield Objection(
                    Reason.CARDINALITY,
                    f"{claim} may hold {limit} at one time and holds {fullest} ({others}); end that first",
                    made=row.made,
                )


def _rivals(
    draft: Draft, key: LinkKey, row: Row, utcs: str, direction: str
) -> list[tuple[LinkKey, Row]]:
    return [
        (other, held)
        for other in draft.links_at(utcs, key[1], "in" if direction == "in" else "out")
        if other != key and (direction != "slot" or other[3] == key[3])
        for held in draft.link(other)
        if held.overlaps(row.valid_from, row.valid_to)
    ]


def _most_at_once(rivals: list[tuple[LinkKey, Row]], row: Row) -> int:
    """Returns the largest number of rivals that hold at one instant of a row; starts decide."""
    starts = {max(held.valid_from, row.valid_from) for _, held in rivals}
    return max((sum(h.valid_from <= t < h.valid_to for _, h in rivals) for t in starts), default=0)


def _cycle(draft: Draft, key: LinkKey, row: Row) -> Iterator[Objection]:
    source, link, target, _ = key
    if get_link_type(link).acyclic and _reaches(
        draft, link, target, source, row.valid_from, row.valid_to
    ):
        yield Objection(
            Reason.CYCLE,
            f"target: {target} depends on {source} by {link} already, so {described(key)} would"
            " close a cycle; leave out or end one of the links",
            made=row.made,
        )


def _reaches(draft: Draft, link: str, start: str, goal: str, since: int, until: int) -> bool:
    """Says whether links of one type lead from start to goal at some one instant of [since, until)."""
    if start == goal:
        return True
    open_ends, seen = [(start, since, until)], {(start, since, until)}
    while open_ends:
        utcs, low, high = open_ends.pop()
        for key in draft.links_at(utcs, link, "out"):
            for row in draft.link(key):
                if not row.overlaps(low, high):
                    continue
                if key[2] == goal:
                    return True
                step = (key[2], max(low, row.valid_from), min(high, row.valid_to))
                if step not in seen:
                    seen.add(step)
                    open_ends.append(step)
    return False


def _dangling(draft: Draft, utcs: str) -> Iterator[Objection]:
    thing = draft.thing(utcs)
    left = [
        key
        for key in draft.links_touching(utcs)
        if any(
            row.holds and not (thing and thing.exists_throughout(row.valid_from, row.valid_to))
            for row in draft.link(key)
        )
    ]
    if left:
        named = "; ".join(described(key) for key in sorted(left, key=str)[:SHOWN])
        more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        yield Objection(
            Reason.DANGLING,
            f"utcs: {utcs} still has links where it would not exist: {named}{more}; end them first",
        )


def _running_backwards(draft: Draft) -> Iterator[Objection]:
    changed: defaultdict[str, list[Row]] = defaultdict(list)
    for utcs, row in _revised(draft):
        if row.reading is not None:
            changed[utcs].append(row)
    for utcs, rows in changed.items():
        for fall in falls(draft.things[utcs].rows or (), rows):
            yield Objection(
                Reason.BACKWARDS,
                f"{fall.counter}: {utcs} would fall from {fall.before} to {fall.after}; a counter "
                "since new only grows, so correct the event that is wrong, or state this one right",
                made=max(fall.before.row.made, fall.after.row.made),
            )


def _revised(draft: Draft) -> Iterator[tuple[str, Row]]:
    """Yields what is believed anew of things, and what is believed no longer."""
    yield from draft.thing_rows
    yield from ((owner, row) for owner, row, _ in draft.superseded if isinstance(owner, str))
