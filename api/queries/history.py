"""What was believed of it, when, and by whom: `history`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import LINK_TYPE, After, First, Id, Info, find
from api.scalars import JSON
from graph.model.time import Coordinates
from graph.store import history as question


@strawberry.type(description="The event that stated something.")
class Cause:
    """The event that stated something."""

    seq: int = strawberry.field(description="Its number in the change log.")
    source: str = strawberry.field(description="Who sent it; with `id`, its identity.")
    id: str = strawberry.field(description="Its id, of that source.")
    type: str = strawberry.field(description="What sort of event it is.")
    actor: str = strawberry.field(description="Who did it.")
    time: datetime = strawberry.field(description="When it became true.")
    recorded_at: datetime = strawberry.field(description="When we learned of it.")


@strawberry.type(description="Which link of a thing a row is about.")
class LinkEnd:
    """Which link of a thing a row is about."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    reads: str = strawberry.field(description="The name of the link as read from the thing.")
    utcs: str = strawberry.field(description="What stands at the other end.")
    slot: str | None = strawberry.field(description="The slot of the source.")
    properties: JSON | None = strawberry.field(description="What the link carries.")
    reviewed: str | None = strawberry.field(
        description="Why it still holds, where it was stated again by somebody who looked."
    )


@strawberry.type(description="One row of belief about a thing or one of its links.")
class Belief:
    """One row of belief."""

    version: int | None = strawberry.field(
        description="The number of the statement; null for a link."
    )
    properties: JSON | None = strawberry.field(
        description="What was stated; null for a link or an end."
    )
    link: LinkEnd | None = strawberry.field(
        description="The link it is about; null for the thing itself."
    )
    ended: bool = strawberry.field(
        description="Whether it states that the thing or link is no more."
    )
    valid_from: datetime = strawberry.field(description="When it became true.")
    valid_to: datetime | None = strawberry.field(
        description="When it ceased to be; null: no end is known."
    )
    recorded_at: datetime = strawberry.field(description="When we learned of it.")
    superseded_at: datetime | None = strawberry.field(
        description="When we learned better; null: believed."
    )
    cause: Cause = strawberry.field(description="The event that stated it.")
    merged_into: str | None = strawberry.field(
        description="Where the thing ended by it: what it was merged into."
    )


@strawberry.type(description="One page of what was believed of a thing, in the order of recording.")
class History:
    """One page of what was believed of a thing."""

    utcs: str = strawberry.field(description="The thing.")
    rows: list[Belief] = strawberry.field(description="The rows of belief.")
    total: int = strawberry.field(description="How many rows there are in all.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def history(info: Info, id: Id, first: First = 100, after: After = None) -> History | None:
    """All that was ever believed of a thing and its links."""
    utcs = await find(info, id, Coordinates())
    page = await question.history(info.context.graph, utcs, first=first, after=after)
    rows = [_belief(row) for row in page.rows]
    return History(utcs=str(page.utcs), rows=rows, total=page.total, next=page.next)


def _belief(row: question.Belief) -> Belief:
    return Belief(
        version=row.version,
        properties=None if row.properties is None else JSON(plain(row.properties)),
        link=None if row.link is None else _link_end(row.link),
        ended=row.ended,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        recorded_at=row.recorded_at,
        superseded_at=row.superseded_at,
        cause=cause(row.cause),
        merged_into=str(row.merged_into) if row.merged_into else None,
    )


def cause(event: question.Cause) -> Cause:
    """Returns the event that stated something, as an answer tells it."""
    return Cause(
        seq=event.seq, source=event.source, id=event.id, type=event.type, actor=event.actor,
        time=event.time, recorded_at=event.recorded_at,
    )  # fmt: skip


def _link_end(end: question.LinkEnd) -> LinkEnd:
    return LinkEnd(
        link=LINK_TYPE(end.link),
        reads=end.reads,
        utcs=str(end.utcs),
        slot=end.slot,
        properties=JSON(plain(end.properties)) if end.properties else None,
        reviewed=end.reviewed,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(history, description="All that was ever believed of a thing and its links."),
]
