"""In what do two baselines differ, or a baseline and what is recorded now?

Their trees are read no further than where they differ, so it costs what differs and not what there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.model.identifier import Utcs
from graph.model.prefix_tree import Difference, Nodes
from graph.model.time import Coordinates, from_micros
from graph.store.baselines import Frozen, get_sealed, scope_of
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.members import Recorded, Scope, read_named, read_tree
from graph.store.moment import CURRENT
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.rows import settled_head
from graph.store.tree_nodes import find_differences


class Sort(StrEnum):
    """What became of a member."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property or link in which a member differs; None where it is not stated.

    Attributes:
        field: The property, or a link as `CONTAINS [slot]` or `LOADED_WITH`.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One member in which the two differ.

    Attributes:
        name: What people call it.
        fields: In what it changed; empty unless that was asked.
    """

    utcs: Utcs
    name: str
    sort: Sort
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page of the differences of two baselines, in the order of ids.

    Attributes:
        before: The baseline that is compared.
        after: The one it is compared with; None for what is recorded.
        at: The two times that the other side shows.
        added: How many members only the other side has.
        removed: How many only the baseline has.
        changed: How many both have, but not alike.
        changes: The page.
        next: The cursor of the next page; None on the last.
    """

    before: Utcs
    after: Utcs | None
    at: Coordinates
    added: int
    removed: int
    changed: int
    changes: tuple[MemberChange, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Side:
    scope: Scope
    at: Coordinates
    root: bytes
    nodes: Nodes


async def compare_baselines(
    graph: Graph,
    before: Utcs,
    after: Utcs | None = None,
    *,
    fields: bool = False,
    first: int = 100,
    page_after: str | None = None,
    at: Coordinates = CURRENT,
) -> Comparison:
    """Returns in what a baseline differs from another one, or from what its scope holds at some time.

    Args:
        graph: Where to ask.
        before: The baseline.
        after: The other baseline; what is recorded, unless given.
        fields: Whether to say in which properties and links members changed.
        first: How many differences to a page.
        page_after: The `next` of the page before.
        at: Without another baseline: when; now, as known now, unless given.

    Raises:
        BadQuestionError: A baseline has no root, both coordinates and a baseline are given, they differ in
            too much, or a number or the cursor is wrong.
        NotFoundError: A baseline is not there.
        DamagedTreeError: A tree was altered in the store; `verify_baseline` says more.
    """
    bounded("first", first, MAX_FIRST)
    asked = sealed("comparison", str(before), str(after), at)
    (place,) = ("",) if page_after is None else read_cursor(asked, page_after, str)
    frozen = await get_sealed(graph, before)
    left = _Side(await scope_of(graph, frozen), frozen.at, frozen.merkle_root, {})
    right = await _other(graph, left, after, at)
    found = await find_differences(graph, left.root, right.root, right.nodes)
    page = [one for one in found if one.utcs > place]
    changes = await _changes(graph, page[:first], left, right, fields)
    mark = write_cursor(asked, page[first - 1].utcs) if len(page) > first else None
    counts = Counter(_sort(one) for one in found)
    return Comparison(
        before=before,
        after=after,
        at=right.at,
        added=counts[Sort.ADDED],
        removed=counts[Sort.REMOVED],
        changed=counts[Sort.CHANGED],
        changes=changes,
        next=mark,
    )


async def _other(graph: Graph, left: _Side, after: Utcs | None, at: Coordinates) -> _Side:
    if after is None:
        when = await fixed(graph, at)
        tree = await read_tree(graph, left.scope, when)
        return _Side(left.scope, when, tree.root, tree.nodes)
    if not at.is_current:
        raise BadQuestionError(
            f"at: {after} shows two times of its own; leave the other ones out", field="at"
        )
    other: Frozen = await get_sealed(graph, after)
    return _Side(await scope_of(graph, other), other.at, other.merkle_root, {})


async def fixed(graph: Graph, at: Coordinates) -> Coordinates:
    """Returns the same coordinates with both times given, and knowledge that will not change any more.

    Later knowledge than the last that was recorded is that one: nothing came since.
    """
    last = (await settled_head(graph)).recorded_at
    known = last if at.known_at is None else min(at.known_at, last)
    return Coordinates(at.as_of or from_micros(graph.clock()), known)


def _sort(difference: Difference) -> Sort:
    if difference.before is None:
        return Sort.ADDED
    return Sort.REMOVED if difference.after is None else Sort.CHANGED


async def _changes(
    graph: Graph, page: Sequence[Difference], left: _Side, right: _Side, fields: bool
) -> tuple[MemberChange, ...]:
    named = [one.utcs for one in page]
    before = await read_named(graph, left.scope.rule, named, left.at) if named else {}
    after = await read_named(graph, right.scope.rule, named, right.at) if named else {}
    return tuple(
        MemberChange(
            Utcs.parse(utcs),
            _name(after.get(utcs) or before.get(utcs)),
            sort,
            _fields(before, after, utcs) if fields and sort is Sort.CHANGED else (),
        )
        for utcs, sort in ((one.utcs, _sort(one)) for one in page)
    )


def _name(recorded: Recorded | None) -> str:
    return "" if recorded is None else str(recorded.stored.get("name", ""))


def _fields(
    before: Mapping[str, Recorded], after: Mapping[str, Recorded], utcs: str
) -> tuple[FieldChange, ...]:
    one, other = (stated(side[utcs]) if utcs in side else {} for side in (before, after))
    return tuple(
        FieldChange(field, one.get(field), other.get(field))
        for field in sorted(one.keys() | other.keys())
        if one.get(field) != other.get(field)
    )


def stated(recorded: Recorded) -> dict[str, Any]:
    """Returns what is stated of a member, by property and by link."""
    said: dict[str, Any] = dict(recorded.said["properties"])
    for link in recorded.said_links:
        slot = f" [{link['slot']}]" if "slot" in link else f" {link['target']}"
        said[f"{link['link']}{slot}"] = {"target": link["target"], **link["properties"]}
    return said
