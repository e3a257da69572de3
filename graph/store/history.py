"""What was ever believed of it, and who said so? Nothing that was recorded is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import SerializeAsAny

from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.time import UtcDatetime, from_micros
from graph.store.absence import unknown
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import open_end, read_link_properties, read_properties
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.show import Direction, reads
from graph.store.text import fill

_PLACE = (int, int, str, int, str, str, str, int, int)


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that stated a row of belief."""

    seq: int
    source: str
    id: str
    type: str
    actor: str
    time: UtcDatetime
    recorded_at: UtcDatetime


def read_cause(
    seq: int, source: str, id: str, type: str, actor: str, time: int, recorded_at: int
) -> Cause:
    """Returns the event that stated something, as the change log has it."""
    return Cause(seq, source, id, type, actor, from_micros(time), from_micros(recorded_at))


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """Which link of a thing a row is about.

    Attributes:
        reads: The name of the link as read from the thing.
        utcs: What stands at the other end.
        properties: What the link carries.
        reviewed: Why it still holds, where it was stated again by somebody who looked.
    """

    link: str
    direction: Direction
    reads: str
    utcs: Utcs
    slot: str | None
    properties: dict[str, Any]
    reviewed: str | None = None


@dataclass(frozen=True, slots=True)
class Belief:
    """One row of belief: something about a thing or one of its links, when, and since when we knew.

    Attributes:
        version: The number of the statement about the thing; None for a link.
        properties: What was stated of the thing; None for a link, and where it ended.
        link: The link that the row is about; None for the thing itself.
        ended: Whether the row states that the thing or link is no more.
        valid_from: When it became true.
        valid_to: When it ceased to be true; None while no end is known.
        recorded_at: When we learned of it.
        superseded_at: When we learned better; None while it is believed.
        cause: The event that stated it.
        merged_into: Where the thing ended by it: what it was merged into, if it was.
    """

    version: int | None
    properties: SerializeAsAny[Kind] | None
    link: LinkEnd | None
    ended: bool
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    recorded_at: UtcDatetime
    superseded_at: UtcDatetime | None
    cause: Cause
    merged_into: Utcs | None = None


@dataclass(frozen=True, slots=True)
class History:
    """One page of what was believed of a thing, in the order in which it was recorded.

    Attributes:
        total: How many rows there are in all.
        next: The cursor of the next page; None on the last.
    """

    utcs: Utcs
    rows: tuple[Belief, ...]
    total: int
    next: str | None


async def history(
    graph: Graph, utcs: Utcs, *, first: int = 100, after: str | None = None
) -> History:
    """Returns a page of all that was ever believed of a thing and of its links.

    Raises:
        BadQuestionError: A number or the cursor is wrong; the sentence says which.
        NotFoundError: Nothing was ever recorded of it.
    """
    asked = sealed("history", str(utcs))
    place = [] if after is None else read_cursor(asked, after, *_PLACE)
    limit = bounded("first", first, MAX_FIRST) + 1
    parameters = {"utcs": str(utcs), "after": place, "limit": limit}
    found = await graph.read(history_text(), parameters)
    if not found:
        raise await unknown(graph, utcs, Moment.of(graph, CURRENT))
    page, total = found[0]
    rows = tuple(_belief(*row) for row in page[:first])
    mark = write_cursor(asked, *page[first - 1][0]) if len(page) > first else None
    return History(utcs, rows, total, mark)


def history_text() -> str:
    """Returns the statement that lists the rows of belief of a thing."""
    return fill(
        "thing/history",
        type=fill("link/type", link="link"),
        direction=fill("link/direction", link="link", thing="thing"),
    )


def _belief(place: list[Any], row: dict[str, Any], cause: dict[str, Any]) -> Belief:
    _, _, link, _, direction, other, _, _, _ = place
    is_stated = not link and not row.get("off", False)
    return Belief(
        version=None if link else row["n"],
        properties=read_properties(row["kind"], row) if is_stated else None,
        link=_link_end(link, direction, other, row) if link else None,
        ended=row.get("off", False),
        valid_from=from_micros(row["valid_from"]),
        valid_to=open_end(row["valid_to"]),
        recorded_at=from_micros(row["recorded_at"]),
        superseded_at=open_end(row["superseded_at"]),
        cause=_cause(cause),
        merged_into=Utcs.parse(row["merged_into"]) if "merged_into" in row else None,
    )


def _link_end(link: str, direction: Direction, other: str, row: dict[str, Any]) -> LinkEnd:
    return LinkEnd(
        link=link,
        direction=direction,
        reads=reads(link, direction),
        utcs=Utcs.parse(other),
        slot=row.get("slot"),
        properties=read_link_properties(link, row),
        reviewed=row.get("reviewed"),
    )


def _cause(stored: dict[str, Any]) -> Cause:
    times = {name: from_micros(stored[name]) for name in ("time", "recorded_at")}
    return Cause(**{**stored, **times})
