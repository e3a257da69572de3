"""What is it? One thing as it stands at a moment, and how it is linked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from graph.model.identifier import Utcs
from graph.model.ontology import get_link_type, link_types
from graph.model.time import Coordinates, UtcDatetime
from graph.store.absence import find_survivor, nearest_versions, unknown
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import Node, read_node
from graph.store.text import fill

Direction = Literal["out", "in"]
"""Along the arrow to what a thing depends on, or against it to what depends on the thing."""


class Standing(StrEnum):
    """Whether a thing is there at a moment."""

    THERE = "there"
    ENDED = "ended"
    """It was there, and is no more."""

    AHEAD = "ahead"
    """It is known already, but is not there yet."""


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many links of one type leave a thing, or arrive at it.

    Attributes:
        reads: The name of the link as read from the thing: `SATISFIES`, or `SATISFIED_BY`.
    """

    link: str
    direction: Direction
    reads: str
    count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing at a moment.

    Attributes:
        node: The version that holds; the last one of a thing that ended, the first of one ahead.
        standing: Whether it is there.
        since: Since when it has been as it is, has been no more, or is going to be.
        links: Its links, counted by type and direction.
        merged_into: The thing that one which ended turned out to be, over all merges.
    """

    node: Node
    standing: Standing
    since: UtcDatetime
    links: tuple[LinkCount, ...]
    merged_into: Utcs | None = None


async def show(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> Shown:
    """Returns one thing as it stands.

    Raises:
        NotFoundError: Nothing is known of it then; the sentence names what is like it.
    """
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, show_text(moment), {"utcs": str(utcs)})
    if row is not None and row[0] is not None:
        node = read_node(row[0])
        return Shown(node, Standing.THERE, node.valid_from, _counts(row[1]))
    before, after, into = await nearest_versions(graph, utcs, moment)
    if before is not None and before.valid_to is not None:
        survivor = into and (await find_survivor(graph, into, moment) or into)
        return Shown(before, Standing.ENDED, before.valid_to, (), survivor)
    if after is not None:
        return Shown(after, Standing.AHEAD, after.valid_from, ())
    raise await unknown(graph, utcs, moment)


def show_text(moment: Moment) -> str:
    """Returns the statement that shows a thing."""
    return fill(
        "thing/show",
        holds_row=moment.holds_row("row"),
        types=moment.types(link_types()),
        holds=moment.holds("link", link_types()),
        type=fill("link/type", link="link"),
        direction=fill("link/direction", link="link", thing="thing"),
        stale=fill("thing/stale"),
    )


def reads(link: str, direction: Direction) -> str:
    """Returns the name of a link type as read from one of its ends."""
    declared = get_link_type(link)
    return declared.name if direction == "out" else declared.inverse


def _counts(found: list[tuple[str, Direction, int]]) -> tuple[LinkCount, ...]:
    return tuple(
        LinkCount(link, direction, reads(link, direction), count)
        for link, direction, count in found
    )
