"""Prefix trees in Neo4j: each node once under its own hash, whichever baselines it belongs to.

Children are kept before their parents. So where a node is, all that is below it is, too: a tree that is
mostly known costs its new nodes only, and what a crash leaves behind is used by the next attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from graph.model.merkle import EMPTY_ROOT
from graph.model.prefix_tree import (
    Branch,
    Bucket,
    Difference,
    Member,
    Node,
    Nodes,
    Tree,
    differing,
    look_into,
)
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, StoreError

READ_AT_ONCE: Final = 1_000
WRITTEN_AT_ONCE: Final = 500

MOST_DIFFERENCES: Final = 200_000
"""So many differences are listed at most; what differs in more has little in common."""


class DamagedTreeError(StoreError):
    """A node of a tree is not there, or is not what its hash says: somebody altered the store."""


async def keep_tree(graph: Graph, tree: Tree) -> int:
    """Keeps what is new of a tree, and returns how many nodes that are."""
    new = await _unknown(graph, tree)
    rows = [_stored(hash, node) for hash, node in tree.nodes.items() if hash in new]
    for at in range(0, len(rows), WRITTEN_AT_ONCE):
        async with graph.transaction() as tx:
            await tx.run("baseline/keep", nodes=rows[at : at + WRITTEN_AT_ONCE])
    return len(rows)


async def _unknown(graph: Graph, tree: Tree) -> set[bytes]:
    """Returns the nodes that are not kept yet, found from the root down."""
    new: set[bytes] = set()
    level = [] if tree.root == EMPTY_ROOT else [tree.root]
    while level:
        known = set[str]()
        for part in _parts(level):
            known.update(row[0] for row in await graph.read("baseline/known", {"hashes": part}))
        missing = [hash for hash in level if hash.hex() not in known]
        new.update(missing)
        branches = (node for hash in missing if isinstance(node := tree.nodes[hash], Branch))
        level = [child for branch in branches for child in branch.children if child]
    return new


async def read_nodes(graph: Graph, hashes: Iterable[bytes]) -> Nodes:
    """Returns nodes by their hashes, each held against its hash.

    Raises:
        DamagedTreeError: One is not there, or is not what its hash says.
    """
    wanted = [*dict.fromkeys(hashes)]
    found: dict[bytes, Node] = {}
    for part in _parts(wanted):
        for hash, children, members in await graph.read("baseline/nodes", {"hashes": part}):
            found[bytes.fromhex(hash)] = _read(hash, children, members)
    for hash in wanted:
        if hash not in found:
            raise DamagedTreeError(f"tree node {hash.hex()} is not in the graph; restore a backup")
    return found


async def read_whole(graph: Graph, root: bytes) -> Tree:
    """Returns a whole tree.

    Raises:
        DamagedTreeError: A node is not there, or is not what its hash says.
    """
    nodes: dict[bytes, Node] = {}
    level = [] if root == EMPTY_ROOT else [root]
    while level:
        read = await read_nodes(graph, level)
        nodes = {**read, **nodes}  # children before parents
        branches = (node for node in read.values() if isinstance(node, Branch))
        level = [child for branch in branches for child in branch.children if child]
    size = sum(len(node.members) for node in nodes.values() if isinstance(node, Bucket))
    return Tree(root, nodes, size)


async def find_differences(
    graph: Graph, before: bytes, after: bytes, at_hand: Nodes | None = None
) -> list[Difference]:
    """Returns on which members two trees differ, reading no more than where they do.

    Args:
        graph: Where they are kept.
        before: The root of the one.
        after: The root of the other.
        at_hand: Nodes that need not be read.

    Raises:
        BadQuestionError: They differ in too much.
        DamagedTreeError: A node is not there, or is not what its hash says.
    """
    pairs, found = differing(before, after), list[Difference]()
    nodes = dict(at_hand or {})
    while pairs:
        wanted = [hash for pair in pairs for hash in pair.hashes() if hash not in nodes]
        nodes |= await read_nodes(graph, wanted)
        pairs, more = look_into(pairs, nodes)
        found += more
        if len(found) > MOST_DIFFERENCES:
            raise BadQuestionError(
                f"the two differ in more than {MOST_DIFFERENCES:,} members; compare smaller scopes",
                field="with",
            )
    return sorted(found, key=lambda difference: difference.utcs)


def _stored(hash: bytes, node: Node) -> dict[str, Any]:
    if isinstance(node, Branch):
        return {"hash": hash.hex(), "children": [c.hex() if c else "" for c in node.children]}
    return {"hash": hash.hex(), "members": [_written(member) for member in node.members]}


def _written(member: Member) -> str:
    links = "" if member.links == EMPTY_ROOT else member.links.hex()
    return f"{member.utcs} {member.version.hex()} {links}"


def _read(hash: str, children: Sequence[str] | None, members: Sequence[str] | None) -> Node:
    try:
        node: Node = (
            Bucket(tuple(_member(text) for text in members or ()))
            if children is None
            else Branch(tuple(bytes.fromhex(child) if child else None for child in children))
        )
    except ValueError:
        node = Bucket(())
    if node.hash.hex() != hash:
        raise DamagedTreeError(
            f"tree node {hash} was altered: what it holds has another hash; restore a backup"
        )
    return node


def _member(text: str) -> Member:
    utcs, version, links = text.split(" ")
    return Member(utcs, bytes.fromhex(version), bytes.fromhex(links) if links else EMPTY_ROOT)


def _parts(hashes: Sequence[bytes]) -> Iterable[list[str]]:
    for at in range(0, len(hashes), READ_AT_ONCE):
        yield [hash.hex() for hash in hashes[at : at + READ_AT_ONCE]]
