"""Is a baseline still what was frozen? All of it computed again from history, and held against its root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model.identifier import Utcs
from graph.model.prefix_tree import Difference, Member, Tree
from graph.store.baselines import Frozen, get_sealed, scope_of, stated_roots
from graph.store.database import Graph
from graph.store.members import UNREADABLE, Recorded, as_stated, read_tree
from graph.store.prepared import content_hash
from graph.store.tree_nodes import DamagedTreeError, find_differences, read_whole

SHOWN: Final = 20
"""So many members that differ are named at most."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A member that is not what was frozen, and in what."""

    utcs: Utcs
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came out when a baseline was computed again.

    Attributes:
        merkle_root: The root that is stated of it, hex.
        recomputed: The root that comes out, hex; None if its scope cannot be found any more.
        members: How many members came out.
        problems: What is wrong with the baseline itself.
        faults: The members that differ, by id, the first of them; the first is named first.
        differing: How many members differ in all; None if its tree does not tell.
    """

    utcs: Utcs
    merkle_root: str
    recomputed: str | None
    members: int
    problems: tuple[str, ...]
    faults: tuple[Fault, ...]
    differing: int | None

    @property
    def is_verified(self) -> bool:
        """Whether everything is as it was frozen."""
        return not (self.problems or self.faults) and self.recomputed == self.merkle_root


async def verify_baseline(graph: Graph, utcs: Utcs) -> Verification:
    """Returns whether the members of a baseline, read again at its two times, give its root.

    Every hash is computed from what is stated; none that is kept is believed.

    Raises:
        BadQuestionError: The baseline has no root, or the id is not a baseline's.
        NotFoundError: It is not there.
    """
    frozen = await get_sealed(graph, utcs)
    problems = await _of_the_statement(graph, frozen)
    root = frozen.merkle_root.hex()
    try:
        scope = await scope_of(graph, frozen)
    except DamagedTreeError as error:
        return Verification(utcs, root, None, 0, (*problems, error.message), (), None)
    bent: set[str] = set()

    def computed(recorded: Recorded) -> Member:
        member = as_stated(recorded)
        if member.version.hex() != recorded.hash:
            bent.add(recorded.utcs)
        return member

    tree = await read_tree(graph, scope, frozen.at, computed)
    if tree.size != frozen.said.members:
        problems.append(f"members: {frozen.said.members} are stated, {tree.size} come out")
    faults = dict.fromkeys(bent, "was altered: what is kept of it is not what its hash says")
    is_whole = True
    try:
        for difference in await _differences(graph, frozen, tree):
            faults[difference.utcs] = _problem(difference, difference.utcs in bent)
    except DamagedTreeError as error:
        problems.append(error.message)
        is_whole = False
    told = tuple(Fault(Utcs.parse(one), faults[one]) for one in sorted(faults)[:SHOWN])
    number = len(faults) if is_whole else None
    return Verification(utcs, root, tree.root.hex(), tree.size, tuple(problems), told, number)


async def _of_the_statement(graph: Graph, frozen: Frozen) -> list[str]:
    node = frozen.node
    properties = node.properties.model_dump(mode="json", exclude_none=True)
    said = {"fact": "put_node", "utcs": str(node.utcs), "properties": properties}
    problems = []
    if content_hash(said) != node.hash:
        problems.append(f"{node.utcs} itself was altered: what is kept of it has another hash")
    if len(roots := await stated_roots(graph, node.utcs)) > 1:
        listed = ", ".join(sorted(roots))
        problems.append(f"{node.utcs} was restated: it has had the Merkle roots {listed}")
    return problems


async def _differences(graph: Graph, frozen: Frozen, tree: Tree) -> list[Difference]:
    if tree.root == frozen.merkle_root:
        await read_whole(graph, tree.root)  # a comparison will need it, so it is looked at, too
        return []
    return await find_differences(graph, frozen.merkle_root, tree.root, tree.nodes)


def _problem(difference: Difference, is_bent: bool) -> str:
    before, after = difference.before, difference.after
    if before is None:
        return "is in scope, but was not frozen"
    if after is None:
        return "was frozen, but is not in scope any more"
    if after.version.hex() == UNREADABLE:
        return "what is kept of it cannot be read as a thing of its kind"
    if before.version == after.version:
        return "its links are not those that were frozen"
    if is_bent:
        return "was altered: what is kept of it is not what its hash says"
    return "its version is another than the one that was frozen"
