"""A set of members as a Merkle tree: one root for the set, whatever its order, and quick to compare.

A member has its place by the SHA-256 of its identifier. Up to 64 members make a bucket; more are parted
by the next four bits of their places into the 16 children of a branch. So a set has one shape, equal
parts of two sets have equal hashes, and a comparison passes them over. The three sorts of hash begin with
a byte of their own each, as in RFC 6962 §2.1, so that none can be taken for another:

    leaf   = SHA-256(0x00 ‖ SHA-256(identifier) ‖ version ‖ links)
    branch = SHA-256(0x01 ‖ the hashes of its 16 children; 32 zero bytes where there is none)
    bucket = SHA-256(0x02 ‖ the leaves of its members, in the order of their places)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final, TypeAlias

from graph.errors import TraceError
from graph.model.merkle import EMPTY_ROOT

FAN_OUT: Final = 16

BUCKET: Final = 64
"""So many members share a bucket at most.

With 16, a set of 10^6 takes 330,000 nodes, with 64 it takes 70,000, and the buckets of both hold what is
read in one go; a bucket of 64 is still read and compared in less than a round trip to the graph takes.
"""

_NONE: Final = bytes(32)


class PrefixTreeError(TraceError):
    """A set of members cannot be made a tree."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a set.

    Attributes:
        utcs: What it is.
        version: The hash of what is stated of it.
        links: The root of the set of hashes of its links; `EMPTY_ROOT` if it has none.
    """

    utcs: str
    version: bytes
    links: bytes = EMPTY_ROOT

    @property
    def place(self) -> bytes:
        """Where it stands in a tree."""
        return sha256(self.utcs.encode()).digest()

    @property
    def leaf(self) -> bytes:
        """The hash of it."""
        return sha256(b"\x00" + self.place + self.version + self.links).digest()


@dataclass(frozen=True, slots=True)
class Bucket:
    """A few members, in the order of their places."""

    members: tuple[Member, ...]

    @property
    def hash(self) -> bytes:
        """The hash of it."""
        return _bucket_hash(member.leaf for member in self.members)


@dataclass(frozen=True, slots=True)
class Branch:
    """The hashes of sixteen children, by the next four bits of places; None where there is no member."""

    children: tuple[bytes | None, ...]

    @property
    def hash(self) -> bytes:
        """The hash of it."""
        return sha256(b"\x01" + b"".join(child or _NONE for child in self.children)).digest()


Node: TypeAlias = Bucket | Branch
Nodes: TypeAlias = Mapping[bytes, Node]


@dataclass(frozen=True, slots=True)
class Tree:
    """A set of members.

    Attributes:
        root: The hash of the set; `EMPTY_ROOT` of the empty one.
        nodes: All nodes by their hashes, children before parents.
        size: How many members there are.
    """

    root: bytes
    nodes: Nodes
    size: int

    def members(self) -> Iterator[Member]:
        """Yields all members."""
        for node in self.nodes.values():
            if isinstance(node, Bucket):
                yield from node.members


def build(members: Iterable[Member]) -> Tree:
    """Returns the tree of a set, in O(n log n).

    Raises:
        PrefixTreeError: A member is given twice.
    """
    placed = sorted(((member.place, member) for member in members), key=lambda pair: pair[0])
    for (place, member), (following, _) in pairwise(placed):
        if place == following:
            raise PrefixTreeError(f"members: {member.utcs} is given twice; a set holds it once")
    nodes: dict[bytes, Node] = {}
    root = _grow(placed, 0, nodes) if placed else EMPTY_ROOT
    return Tree(root, nodes, len(placed))


def _grow(placed: Sequence[tuple[bytes, Member]], depth: int, nodes: dict[bytes, Node]) -> bytes:
    node: Node
    if len(placed) <= BUCKET:
        node = Bucket(tuple(member for _, member in placed))
    else:
        parts = _parted(placed, depth)
        node = Branch(tuple(_grow(part, depth + 1, nodes) if part else None for part in parts))
    found = node.hash
    nodes[found] = node
    return found


def _parted(
    placed: Sequence[tuple[bytes, Member]], depth: int
) -> Iterator[Sequence[tuple[bytes, Member]]]:
    start = 0
    for number in range(1, FAN_OUT + 1):
        end = bisect_left(placed, number, start, key=lambda pair: turn(pair[0], depth))
        yield placed[start:end]
        start = end


def turn(place: bytes, depth: int) -> int:
    """Returns which of the sixteen children leads to a place, so many branches below the root."""
    byte = place[depth // 2]
    return byte & 15 if depth % 2 else byte >> 4


def _bucket_hash(leaves: Iterable[bytes]) -> bytes:
    return sha256(b"\x02" + b"".join(leaves)).digest()


@dataclass(frozen=True, slots=True)
class Proof:
    """That a member belongs to a set, for one who knows the root alone.

    Attributes:
        branches: The branches from the root down to it.
        leaves: The leaves of its bucket.
    """

    branches: tuple[Branch, ...]
    leaves: tuple[bytes, ...]


def prove(root: bytes, nodes: Nodes, utcs: str) -> tuple[Member, Proof] | None:
    """Returns a member of a tree with the proof that it is one; None if it is none."""
    place = Member(utcs, b"").place
    branches: list[Branch] = []
    found: bytes | None = root
    while found is not None and isinstance(node := nodes.get(found), Branch):
        found = node.children[turn(place, len(branches))]
        branches.append(node)
    bucket = None if found is None else nodes.get(found)
    for member in bucket.members if isinstance(bucket, Bucket) else ():
        if member.utcs == utcs:
            assert isinstance(bucket, Bucket)  # noqa: S101 - the loop had a member
            return member, Proof(tuple(branches), tuple(m.leaf for m in bucket.members))
    return None


def holds(proof: Proof, member: Member, root: bytes) -> bool:
    """Whether a proof shows that a member belongs to the set of a root."""
    if member.leaf not in proof.leaves or len(proof.branches) > 2 * len(member.place):
        return False
    found = _bucket_hash(proof.leaves)
    for depth in reversed(range(len(proof.branches))):
        branch = proof.branches[depth]
        if len(branch.children) != FAN_OUT or branch.children[turn(member.place, depth)] != found:
            return False
        found = branch.hash
    return found == root


@dataclass(frozen=True, slots=True)
class Difference:
    """A member on which two sets differ; None on the side that has it not."""

    utcs: str
    before: Member | None
    after: Member | None


Side: TypeAlias = bytes | tuple[Member, ...]
"""One side of a part that is to be compared: the hash of a node, or the members themselves."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same part of two trees, so many branches below their roots, where they are not equal."""

    depth: int
    before: Side
    after: Side

    def hashes(self) -> Iterator[bytes]:
        """Yields the hashes of the nodes that must be looked at to compare them."""
        return (side for side in (self.before, self.after) if isinstance(side, bytes))


def differing(before: bytes, after: bytes) -> list[Pair]:
    """Returns where the comparison of two trees begins, by their roots: nowhere if they are equal."""
    if before == after:
        return []
    sides = (() if root == EMPTY_ROOT else root for root in (before, after))
    return [Pair(0, *sides)]


def look_into(pairs: Iterable[Pair], nodes: Nodes) -> tuple[list[Pair], list[Difference]]:
    """Returns what to compare next, one branch further down, and the differences that are found.

    Args:
        pairs: Parts that are not equal.
        nodes: At least the nodes that these parts name.
    """
    below: list[Pair] = []
    found: list[Difference] = []
    for pair in pairs:
        before, after = _opened(pair.before, nodes), _opened(pair.after, nodes)
        if isinstance(before, Branch) or isinstance(after, Branch):
            children = zip(_children(before, pair.depth), _children(after, pair.depth), strict=True)
            below += [Pair(pair.depth + 1, *both) for both in children if both[0] != both[1]]
        else:
            found += _differences(before, after)
    return below, found


def _opened(side: Side, nodes: Nodes) -> Branch | tuple[Member, ...]:
    if isinstance(side, tuple):
        return side
    node = nodes[side]
    return node if isinstance(node, Branch) else node.members


def _children(side: Branch | tuple[Member, ...], depth: int) -> list[Side]:
    if isinstance(side, Branch):
        return [() if child is None else child for child in side.children]
    parts: list[list[Member]] = [[] for _ in range(FAN_OUT)]
    for member in side:
        parts[turn(member.place, depth)].append(member)
    return [tuple(part) for part in parts]


def _differences(before: tuple[Member, ...], after: tuple[Member, ...]) -> Iterator[Difference]:
    left = {member.utcs: member for member in before}
    right = {member.utcs: member for member in after}
    for utcs in left | right:
        if left.get(utcs) != right.get(utcs):
            yield Difference(utcs, left.get(utcs), right.get(utcs))


def compare(before: Tree, after: Tree) -> tuple[list[Difference], int]:
    """Returns the differences of two sets, and how many nodes were looked at to find them."""
    nodes = {**before.nodes, **after.nodes}
    pairs, found, looked = differing(before.root, after.root), [], 0
    while pairs:
        looked += sum(1 for pair in pairs for _ in pair.hashes())
        pairs, more = look_into(pairs, nodes)
        found += more
    return found, looked
