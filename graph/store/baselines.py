"""Which baselines are there, and what does one freeze?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from graph.model.governance import Baseline, BaselineRule
from graph.model.identifier import Utcs
from graph.model.scope import RULES
from graph.model.time import Coordinates, UtcDatetime, parse_utc
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.members import Scope
from graph.store.moment import CURRENT, Moment
from graph.store.node import Node, read_node
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.text import fill
from graph.store.tree_nodes import read_whole

_SIGNED: Final = ("SIGNED_BY",)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed for a baseline, in which role, and when."""

    person: Utcs
    role: str
    signed_at: UtcDatetime | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """A baseline as it stands.

    Attributes:
        node: The statement of it; its hash covers the root, both times and the rule.
        root: Where its scope begins; None if it lists its members.
        signatures: Who signed for it.
    """

    node: Node
    root: Utcs | None
    signatures: tuple[Signed, ...]

    @property
    def utcs(self) -> Utcs:
        """Its identifier."""
        return self.node.utcs

    @property
    def said(self) -> Baseline:
        """What is stated of it."""
        assert isinstance(self.node.properties, Baseline)  # noqa: S101 - of the kind `baseline`
        return self.node.properties

    @property
    def is_sealed(self) -> bool:
        """Whether it has a root over its members; without one it is a name only."""
        said = self.said
        return None not in (said.merkle_root, said.rule, said.as_of, said.known_at)

    @property
    def at(self) -> Coordinates:
        """The two times that it shows."""
        return Coordinates(self.said.as_of, self.said.known_at)

    @property
    def merkle_root(self) -> bytes:
        """The root over its members."""
        return bytes.fromhex(self.said.merkle_root or "")


@dataclass(frozen=True, slots=True)
class Baselines:
    """One page of baselines, in the order of their ids; `next` is the cursor of the next page."""

    baselines: tuple[Frozen, ...]
    next: str | None


async def list_baselines(
    graph: Graph,
    *,
    root: Utcs | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Baselines:
    """Returns a page of the baselines that are there.

    Args:
        graph: Where to ask.
        root: Only those whose scope begins at this thing.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A number or the cursor is wrong; the sentence says which.
    """
    asked = sealed("baselines", str(root), at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    bounded("first", first, MAX_FIRST)
    found = await _read(graph, start, root, first + 1, at)
    mark = write_cursor(asked, str(found[first].utcs)) if len(found) > first else None
    return Baselines(tuple(found[:first]), mark)


async def find_baseline(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> Frozen | None:
    """Returns a baseline; None if it is not there."""
    found = await _read(graph, str(utcs), None, 1, at)
    return next((one for one in found if one.utcs == utcs), None)


async def get_baseline(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> Frozen:
    """Returns a baseline.

    Raises:
        BadQuestionError: The id is not a baseline's.
        NotFoundError: It is not there.
    """
    if utcs.kind != "baseline":
        raise BadQuestionError(f"id: {utcs} is no baseline; give one of `utcs baseline list`")
    if (found := await find_baseline(graph, utcs, at=at)) is None:
        raise await not_there(graph, utcs, Moment.of(graph, at))
    return found


async def get_sealed(graph: Graph, utcs: Utcs) -> Frozen:
    """Returns a baseline that has a root.

    Raises:
        BadQuestionError: It has none, or the id is not a baseline's.
        NotFoundError: It is not there.
    """
    found = await get_baseline(graph, utcs)
    if not found.is_sealed:
        raise BadQuestionError(
            f"id: {utcs} has a name but no Merkle root; freeze it with `utcs baseline create`",
            field="id",
        )
    return found


async def scope_of(graph: Graph, frozen: Frozen) -> Scope:
    """Returns the scope of a sealed baseline; one that lists its members tells them by its tree.

    Raises:
        DamagedTreeError: Its tree was altered.
    """
    assert frozen.said.rule is not None  # noqa: S101 - it is sealed
    rule = RULES[frozen.said.rule]
    if rule.rule is not BaselineRule.LISTED and frozen.root is not None:
        return Scope(rule, (frozen.root,))
    tree = await read_whole(graph, frozen.merkle_root)
    return Scope(rule, tuple(sorted((Utcs.parse(m.utcs) for m in tree.members()), key=str)))


async def stated_roots(graph: Graph, utcs: Utcs) -> set[str]:
    """Returns every Merkle root that was ever stated of a baseline, hex."""
    return {row[0] for row in await graph.read("baseline/roots", {"utcs": str(utcs)})}


async def _read(
    graph: Graph, start: str, root: Utcs | None, limit: int, at: Coordinates
) -> list[Frozen]:
    moment = Moment.of(graph, at)
    asked = {"start": start, "root": None if root is None else str(root), "limit": limit}
    row = await moment.ask(graph, baselines_text(moment), asked)
    return [_frozen(*one) for one in row[0]] if row else []


def baselines_text(moment: Moment) -> str:
    """Returns the statement that reads baselines."""
    return fill(
        "baseline/read",
        exists=moment.exists("thing"),
        holds_row=moment.holds_row("row"),
        types=moment.types(_SIGNED),
        holds=moment.holds("link", _SIGNED),
        stale=fill("thing/stale"),
    )


def _frozen(stored: dict[str, Any], root: str | None, signed: list[Any]) -> Frozen:
    return Frozen(
        read_node(stored),
        None if root is None else Utcs.parse(root),
        tuple(
            Signed(Utcs.parse(person), said["slot"], _when(said.get("signed_at")))
            for person, said in signed
        ),
    )


def _when(written: str | None) -> UtcDatetime | None:
    return None if written is None else parse_utc(written)
