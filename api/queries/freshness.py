"""How current the thread is: `freshness` of each source, and `followers` of the change log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import strawberry

from api.queries.asked import THING_TYPE, Info, as_float
from api.reference import ThingRef
from graph.model.time import Coordinates
from graph.store import followers as following
from graph.store import freshness as question


def _thing(root: SourceFreshness) -> ThingRef | None:
    return ThingRef(root.utcs, Coordinates()) if root.utcs else None


@strawberry.type(description="When a source last spoke, and whether that is too long ago.")
class SourceFreshness:
    """How fresh the knowledge of one source is."""

    source: str | None = strawberry.field(description="What its events carry as `source`.")
    utcs: str | None = strawberry.field(description="The thing that registers it, if one does.")
    name: str | None = strawberry.field(description="What people call it.")
    interval_h: float | None = strawberry.field(
        description="How often it is expected to speak, in hours."
    )
    last_at: datetime | None = strawberry.field(description="When its last event was recorded.")
    last_seq: int = strawberry.field(description="The number of that event; 0 if there is none.")
    silent_s: float | None = strawberry.field(description="How long ago that is, in seconds.")
    due_at: datetime | None = strawberry.field(
        description="When it should have spoken next; null if nothing is expected of it."
    )
    is_stale: bool = strawberry.field(description="Whether that is past.")

    thing: Any = strawberry.field(
        resolver=_thing, graphql_type=THING_TYPE, description="The source as a thing."
    )


@strawberry.type(description="How far a follower of the change log is.")
class Follower:
    """How one follower does."""

    name: str = strawberry.field(description="What it is called.")
    seq: int = strawberry.field(description="The last entry that it is done with.")
    lag_entries: int = strawberry.field(description="How many entries wait for it.")
    lag_s: float = strawberry.field(
        description="How long the first of them has waited, in seconds; 0 if none does."
    )
    is_running: bool = strawberry.field(description="Whether a process runs it.")
    trouble: str | None = strawberry.field(description="Why it could not go on, if it could not.")
    failing_since: datetime | None = strawberry.field(description="Since when it cannot go on.")


async def freshness(info: Info) -> list[SourceFreshness]:
    """Every registered source, then others that spoke."""
    return [
        SourceFreshness(
            source=one.source,
            utcs=str(one.utcs) if one.utcs else None,
            name=one.name,
            interval_h=as_float(one.interval_h),
            last_at=one.last_at,
            last_seq=one.last_seq,
            silent_s=one.silent_s,
            due_at=one.due_at,
            is_stale=one.is_stale,
        )
        for one in await question.freshness(info.context.graph)
    ]


async def followers(info: Info) -> list[Follower]:
    """Every follower that ever ran."""
    return [
        Follower(
            name=one.name,
            seq=one.seq,
            lag_entries=one.lag_entries,
            lag_s=one.lag_s,
            is_running=one.is_running,
            trouble=one.trouble,
            failing_since=one.failing_since,
        )
        for one in await following.followers(info.context.graph)
    ]


FIELDS: Final[list[Any]] = [
    strawberry.field(
        freshness,
        description="When each source last spoke: those that are registered, then others, the last first.",
    ),
    strawberry.field(followers, description="How far each follower of the change log is."),
]
