"""What is it linked to? One step in either direction, with what each link carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import open_end, read_link_properties
from graph.store.question import MAX_FIRST, bounded, chosen_links, read_cursor, sealed, write_cursor
from graph.store.show import Direction, reads
from graph.store.text import fill

ARROWS: Final = {"out": ("-", "->"), "in": ("<-", "-"), None: ("-", "-")}
"""How the links of a thing are matched; None is both ways."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One link of a thing, and what stands at its other end.

    Attributes:
        link: The link type.
        direction: Whether the link leaves the thing or arrives at it.
        reads: The name of the link as read from the thing.
        utcs: What stands at the other end.
        slot: The slot of the link's source, where the type has slots.
        made: The number in the change log of the event that stated the link.
    """

    link: str
    direction: Direction
    reads: str
    utcs: Utcs
    kind: str
    name: str
    slot: str | None
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    recorded_at: UtcDatetime
    made: int
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """One page of the links of a thing, by type, direction, other end and slot.

    Attributes:
        total: How many links there are in all.
        next: The cursor of the next page; None on the last.
    """

    utcs: Utcs
    links: tuple[Neighbour, ...]
    total: int
    next: str | None


async def neighbours(
    graph: Graph,
    utcs: Utcs,
    *,
    direction: Direction | None = None,
    links: Iterable[str] | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Neighbours:
    """Returns a page of the links of a thing.

    Args:
        graph: Where to ask.
        utcs: The thing.
        direction: `out` to what it depends on, `in` to what depends on it; both unless given.
        links: The link types; all unless given.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name, a number or the cursor is wrong; the sentence says which.
        NotFoundError: The thing is not there then.
    """
    types = chosen_links(links)
    asked = sealed("neighbours", str(utcs), direction, types, at)
    place = [] if after is None else read_cursor(asked, after, str, str, str, str)
    limit = bounded("first", first, MAX_FIRST) + 1
    moment = Moment.of(graph, at)
    text = neighbours_text(moment, types, direction)
    row = await moment.ask(graph, text, {"utcs": str(utcs), "after": place, "limit": limit})
    if row is None or not row[0]:
        raise await not_there(graph, utcs, moment)
    _, page, total = row
    listed = tuple(_neighbour(*found) for found in page[:first])
    mark = _mark(asked, listed[-1]) if len(page) > first else None
    return Neighbours(utcs, listed, total, mark)


def neighbours_text(moment: Moment, types: tuple[str, ...], direction: Direction | None) -> str:
    """Returns the statement that lists the links of a thing."""
    if direction not in ARROWS:
        raise BadQuestionError(
            f"direction: {direction!r:.40} is unknown; give 'out' or 'in', or leave it out",
            field="direction",
        )
    left, right = ARROWS[direction]
    return fill(
        "link/list",
        exists=moment.exists("thing"),
        left=left,
        right=right,
        types=moment.types(types),
        holds=moment.holds("link", types),
        type=fill("link/type", link="link"),
        direction=fill("link/direction", link="link", thing="thing"),
        name=moment.name("other"),
        stale=fill("thing/stale"),
    )


def _neighbour(
    link: str, direction: Direction, utcs: str, kind: str, name: str, row: dict[str, Any]
) -> Neighbour:
    return Neighbour(
        link=link,
        direction=direction,
        reads=reads(link, direction),
        utcs=Utcs.parse(utcs),
        kind=kind,
        name=name,
        slot=row.get("slot"),
        valid_from=from_micros(row["valid_from"]),
        valid_to=open_end(row["valid_to"]),
        recorded_at=from_micros(row["recorded_at"]),
        made=row["made"],
        properties=read_link_properties(link, row),
    )


def _mark(asked: str, last: Neighbour) -> str:
    return write_cursor(asked, last.link, last.direction, str(last.utcs), last.slot or "")
