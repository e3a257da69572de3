"""What belongs to a scope at two fixed times, each member with what is recorded of it and of its links.

Both times are fixed, so what is read once is read again at any later time, in parts, and fits together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.merkle import set_root
from graph.model.ontology import get_link_type
from graph.model.prefix_tree import Member, Tree, build
from graph.model.scope import Rule
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, StoreError
from graph.store.moment import Moment
from graph.store.node import read_link_properties, read_properties
from graph.store.prepared import content_hash
from graph.store.reach import MAX_DEPTH
from graph.store.rows import settled_head
from graph.store.text import fill

MOST_MEMBERS: Final = 2_000_000
"""So many members a scope has at most: about what one process holds in memory with ease."""

AT_ONCE: Final = 1_000
"""So many things are read at once."""

READINGS: Final = 5
"""So often a scope is read in the hope that two readings agree."""


UNREADABLE: Final = "00" * 32
"""Stands for the hash of what cannot be read; no content has it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is frozen: a rule, and the root that it begins at or the things that were listed."""

    rule: Rule
    roots: tuple[Utcs, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One member as it is recorded.

    Attributes:
        hash: The hash of its version, as it is kept beside it, hex.
        stored: What Neo4j keeps of the version.
        links: The type and target of each link, and what Neo4j keeps of it.
    """

    utcs: str
    hash: str
    stored: Mapping[str, Any]
    links: Sequence[tuple[str, str, Mapping[str, Any]]]

    @property
    def said(self) -> dict[str, Any]:
        """What is stated of it: what its version hash is the leaf hash of, in canonical form."""
        thing = read_properties(self.stored["kind"], self.stored)
        properties = thing.model_dump(mode="json", exclude_none=True)
        return {"fact": "put_node", "utcs": self.utcs, "properties": properties}

    @property
    def said_links(self) -> list[dict[str, Any]]:
        """What is stated of its links, in the order of types, targets and slots."""
        links = sorted(self.links, key=lambda link: (*link[:2], link[2].get("slot") or ""))
        return [_said_link(self.utcs, *link) for link in links]


def as_kept(recorded: Recorded) -> Member:
    """Returns the member of a set that a record makes, by the hash that is kept beside it."""
    return _member(recorded, recorded.hash)


def as_stated(recorded: Recorded) -> Member:
    """Returns the member of a set that a record makes, by what is stated and nothing else."""
    try:
        return _member(recorded, content_hash(recorded.said))
    except ValueError:  # what is stored is not even a thing of its kind any more
        return _member(recorded, UNREADABLE)


def _member(recorded: Recorded, version: str) -> Member:
    links = (bytes.fromhex(content_hash(said)) for said in recorded.said_links)
    return Member(recorded.utcs, bytes.fromhex(version), set_root(links))


def _said_link(source: str, link: str, target: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"fact": "put_link", "source": source, "link": link, "target": target}
    if "slot" in stored:
        said["slot"] = stored["slot"]
    carried = read_link_properties(link, stored)
    declared = get_link_type(link).properties
    if carried and declared is not None:
        carried = declared.model_validate(carried).model_dump(mode="json", exclude_none=True)
    return said | {"properties": carried}


async def read_members(
    graph: Graph, scope: Scope, at: Coordinates
) -> AsyncIterator[Sequence[Recorded]]:
    """Yields the members of a scope at two fixed times, so many at a time; none if the root is not there.

    Raises:
        BadQuestionError: The scope is too large, or deeper than any chain of things.
    """
    moment = Moment.of(graph, at)
    things = await _within(graph, scope, moment)
    known, further = {*things}, set[str]()
    for part in _parts(things):
        page = await _recorded(graph, scope.rule, part, moment)
        further.update(
            target for one in page for link, target, _ in one.links if link in scope.rule.ends
        )
        yield page
    for part in _parts(sorted(further - known)):
        yield await _recorded(graph, scope.rule, part, moment)


async def _within(graph: Graph, scope: Scope, moment: Moment) -> list[str]:
    roots = [str(utcs) for utcs in scope.roots]
    if not scope.rule.follows:
        return sorted(roots)
    asked = {"utcs": roots[0], "most": MOST_MEMBERS, **_times(moment)}
    rows = await graph.read(scope_text(scope.rule, moment), asked)
    found = rows[0][0] if rows else []
    if len(found) >= MOST_MEMBERS:
        raise BadQuestionError(
            f"root: {roots[0]} has {MOST_MEMBERS:,} members or more; freeze its parts one by one",
            field="root",
        )
    if any(depth > MAX_DEPTH for _, depth in found):
        raise BadQuestionError(
            f"root: {roots[0]} has members more than {MAX_DEPTH} links away; begin further down",
            field="root",
        )
    return sorted({*roots, *(utcs for utcs, _ in found)})


async def _recorded(
    graph: Graph, rule: Rule, things: Sequence[str], moment: Moment
) -> Sequence[Recorded]:
    rows = await graph.read(members_text(rule, moment), {"things": things, **_times(moment)})
    return [Recorded(row["utcs"], row["hash"], row, links) for row, links in rows]


async def read_named(
    graph: Graph, rule: Rule, things: Collection[str], at: Coordinates
) -> dict[str, Recorded]:
    """Returns some members of a scope as they are recorded at two fixed times, by id."""
    moment = Moment.of(graph, at)
    found = await _recorded(graph, rule, [*things], moment)
    return {one.utcs: one for one in found}


async def read_tree(
    graph: Graph, scope: Scope, at: Coordinates, member: Callable[[Recorded], Member] = as_kept
) -> Tree:
    """Returns the tree of a scope at two fixed times; the empty one if the root is not there.

    While Neo4j commits, a reader may see a part of it and miss a link that is superseded. So where the
    change log went on during a reading, another one has to agree.

    Args:
        graph: Where to ask.
        scope: The scope.
        at: The two times.
        member: What a record makes; its version counts by the hash that is kept beside it unless given.

    Raises:
        BadQuestionError: The scope is too large, or deeper than any chain of things.
        StoreError: The graph changes faster than it can be read.
    """
    before = await settled_head(graph)
    tree: Tree | None = None
    for _ in range(READINGS):
        pages = [[member(one) for one in page] async for page in read_members(graph, scope, at)]
        again = build(chain.from_iterable(pages))
        after = await settled_head(graph)
        if after.seq == before.seq or (tree is not None and tree.root == again.root):
            return again
        tree, before = again, after
    raise StoreError(
        "the scope changes faster than it can be read; ask again when less is going on"
    )


def scope_text(rule: Rule, moment: Moment) -> str:
    """Returns the statement that finds what belongs to a scope."""
    left, right = ("<-", "-") if rule.against else ("-", "->")
    step = fill(
        "reach/step",
        left=left,
        right=right,
        types=moment.types(rule.follows),
        holds=moment.holds("link", rule.follows),
        depth=MAX_DEPTH + 1,
    )
    return fill("baseline/scope", step=step)


def members_text(rule: Rule, moment: Moment) -> str:
    """Returns the statement that reads members with their links."""
    links = (
        fill(
            "baseline/links",
            types=moment.types(rule.links),
            holds=moment.holds("link", rule.links),
            type=fill("link/type", link="link"),
        )
        if rule.links
        else "[]"
    )
    return fill("baseline/members", holds_row=moment.holds_row("row"), links=links)


def _times(moment: Moment) -> dict[str, int]:
    return {"world": moment.world, "knowledge": moment.knowledge}


def _parts(things: Sequence[str]) -> Iterable[Sequence[str]]:
    return (things[at : at + AT_ONCE] for at in range(0, len(things), AT_ONCE))
