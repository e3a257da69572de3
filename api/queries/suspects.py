"""Links in doubt, and those that were cleared: `suspectLinks` and `clearedLinks`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import (
    LINK_TYPE,
    After,
    AsOf,
    First,
    Info,
    Kinds,
    KnownAt,
    Links,
    Stop,
    find,
    kind_words,
    link_types,
    stop,
)
from api.queries.history import Cause, cause
from api.scalars import JSON
from graph.model.time import Coordinates
from graph.store import reviews
from graph.store import suspects as question

Thing = Annotated[
    str | None, strawberry.argument(description="Only links that leave this thing or lead to it.")
]
Other = Annotated[
    str | None, strawberry.argument(description="Of those, only links between it and this one.")
]
ChangedPrefix = Annotated[
    str, strawberry.argument(description="Only where a thing has changed whose id begins so.")
]


@strawberry.type(description="A property that is no longer as it was when a link was looked at.")
class SuspectChange:
    """A property that is no longer as it was."""

    utcs: str = strawberry.field(description="The end of the link that has changed.")
    field: str = strawberry.field(description="The property.")
    old: JSON | None = strawberry.field(description="What was said when somebody last looked.")
    new: JSON | None = strawberry.field(description="What is said at the moment asked about.")
    since: datetime = strawberry.field(description="Since when it is so.")
    cause: Cause = strawberry.field(description="The event that says so.")


@strawberry.type(description="A link in doubt, because of what has changed at its ends.")
class SuspectLink:
    """A link in doubt."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    source: Stop = strawberry.field(description="The thing that depends.")
    target: Stop = strawberry.field(description="The thing it depends on.")
    slot: str | None = strawberry.field(description="The slot of the source.")
    properties: JSON | None = strawberry.field(description="What the link carries.")
    looked_at: datetime = strawberry.field(
        description="When somebody last looked: since it came to be, or was last cleared."
    )
    reviewed: str | None = strawberry.field(
        description="The reason given then; null if it was never cleared."
    )
    changes: list[SuspectChange] = strawberry.field(description="What has changed since.")


@strawberry.type(description="How many links there are of a type.")
class LinkCount:
    """How many links there are of a type."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="One page of links in doubt, by type, source, target and slot.")
class SuspectLinks:
    """One page of links in doubt."""

    links: list[SuspectLink] = strawberry.field(description="The links.")
    total: int = strawberry.field(description="How many there are in all.")
    counts: list[LinkCount] = strawberry.field(description="How many of each type, most first.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="A link that somebody looked at, and why it still held.")
class LinkReview:
    """A link that somebody looked at."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    source: Stop = strawberry.field(description="The thing that depends.")
    target: Stop = strawberry.field(description="The thing it depends on.")
    slot: str | None = strawberry.field(description="The slot of the source.")
    looked_at: datetime = strawberry.field(description="When it was looked at.")
    reason: str = strawberry.field(description="Why it still held.")
    actor: str = strawberry.field(description="Who said so.")
    seq: int = strawberry.field(description="The number of the event in the change log.")
    event_source: str = strawberry.field(description="The source of that event.")
    event: str = strawberry.field(description="The id of that event.")
    recorded_at: datetime = strawberry.field(
        description="When it was recorded; as known just before, the link was in doubt."
    )


@strawberry.type(description="One page of links that were cleared, the newest first.")
class LinkReviews:
    """One page of links that were cleared."""

    reviews: list[LinkReview] = strawberry.field(description="The links.")
    total: int = strawberry.field(description="How many there are in all.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def suspect_links(
    info: Info, thing: Thing = None, other: Other = None, links: Links = None,
    kinds: Kinds = None, prefix: ChangedPrefix = "", first: First = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> SuspectLinks | None:  # fmt: skip
    """Links in doubt."""
    at = Coordinates(as_of, known_at)
    found = await question.suspects(
        info.context.graph,
        thing=None if thing is None else await find(info, thing, at),
        other=None if other is None else await find(info, other, at),
        links=link_types(links), kinds=kind_words(kinds), prefix=prefix, first=first, after=after,
        at=at,
    )  # fmt: skip
    return SuspectLinks(
        links=[told_suspect(one, at) for one in found.links],
        total=found.total,
        counts=[LinkCount(link=LINK_TYPE(name), count=n) for name, n in found.counts.items()],
        next=found.next,
    )


async def cleared_links(
    info: Info, thing: Thing = None, links: Links = None, first: First = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> LinkReviews | None:  # fmt: skip
    """Links that were cleared."""
    at = Coordinates(as_of, known_at)
    found = await reviews.reviews(
        info.context.graph, thing=None if thing is None else await find(info, thing, at),
        links=link_types(links), first=first, after=after, at=at,
    )  # fmt: skip
    told = [_review(one, at) for one in found.reviews]
    return LinkReviews(reviews=told, total=found.total, next=found.next)


def _review(one: reviews.Review, at: Coordinates) -> LinkReview:
    return LinkReview(
        link=LINK_TYPE(one.link),
        source=stop(one.source, one.source.kind, one.source_name, at),
        target=stop(one.target, one.target.kind, one.target_name, at),
        slot=one.slot, looked_at=one.at, reason=one.reason, actor=one.actor, seq=one.seq,
        event_source=one.event_source, event=one.event, recorded_at=one.recorded_at,
    )  # fmt: skip


def told_suspect(one: question.Suspect, at: Coordinates) -> SuspectLink:
    """Returns a link in doubt as GraphQL tells it."""
    return SuspectLink(
        link=LINK_TYPE(one.link),
        source=stop(one.source, one.source.kind, one.source_name, at),
        target=stop(one.target, one.target.kind, one.target_name, at),
        slot=one.slot,
        properties=JSON(plain(one.properties)) if one.properties else None,
        looked_at=one.looked_at,
        reviewed=one.reviewed,
        changes=[_change(change) for change in one.changes],
    )


def _change(change: question.Change) -> SuspectChange:
    old, new = (None if value is None else JSON(plain(value)) for value in (change.old, change.new))
    return SuspectChange(
        utcs=str(change.utcs), field=change.field, old=old, new=new, since=change.since,
        cause=cause(change.cause),
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        cleared_links,
        description="Links that were cleared: by whom, when, and why they still held.",
    ),
    strawberry.field(
        suspect_links,
        description="Links in doubt: what matters at their ends has changed since somebody looked.",
    ),
]
