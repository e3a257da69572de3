"""How do two things hang together: `paths`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import strawberry

from api.naming import named
from api.plain import plain
from api.queries.asked import (
    LINK_TYPE,
    AsOf,
    Id,
    Info,
    KnownAt,
    Links,
    Stop,
    find,
    link_types,
    stop,
)
from api.scalars import JSON
from graph.model.time import Coordinates
from graph.store import paths as question


@strawberry.type(
    description="One link on the way, from the thing that depends to what it depends on."
)
class Step:
    """One link on the way."""

    source: Stop = strawberry.field(description="The thing that depends.")
    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    target: Stop = strawberry.field(description="The thing it depends on.")
    slot: str | None = strawberry.field(description="The slot of the source.")
    valid_from: datetime = strawberry.field(description="Since when it is true in the world.")
    valid_to: datetime | None = strawberry.field(description="When it ceases to be true.")
    made: int = strawberry.field(
        description="The number in the change log of the event that stated it."
    )
    properties: JSON | None = strawberry.field(description="What it carries.")
    suspect: bool = strawberry.field(
        description="Whether what it leads to has changed since somebody last looked."
    )


@strawberry.type(description="One way from a thing to what it depends on.")
class Way:
    """One way."""

    length: int = strawberry.field(description="How many links it has.")
    steps: list[Step] = strawberry.field(description="Its links in order.")


@strawberry.type(description="The shortest ways, shortest first.")
class Paths:
    """The shortest ways, shortest first."""

    paths: list[Way] = strawberry.field(description="The ways.")
    complete: bool = strawberry.field(description="Whether there is no other way.")
    cut: str | None = strawberry.field(
        description="Where and why the answer was cut; null when complete."
    )


async def paths(
    info: Info,
    source: Id,
    target: Id,
    k: int = 3,
    links: Links = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Paths | None:
    """The shortest ways along the arrows."""
    at = Coordinates(as_of, known_at)
    with named(id="source"):
        begin = await find(info, source, at)
    with named(id="target"):
        end = await find(info, target, at)
    found = await question.paths(
        info.context.graph, begin, end, k=k, links=link_types(links), at=at
    )
    ways = [Way(length=len(way), steps=[_step(step, at) for step in way]) for way in found.paths]
    return Paths(paths=ways, complete=found.complete, cut=found.cut)


def _step(step: question.Step, at: Coordinates) -> Step:
    return Step(
        source=stop(step.source.utcs, step.source.kind, step.source.name, at),
        link=LINK_TYPE(step.link),
        target=stop(step.target.utcs, step.target.kind, step.target.name, at),
        slot=step.slot,
        valid_from=step.valid_from,
        valid_to=step.valid_to,
        made=step.made,
        properties=JSON(plain(step.properties)) if step.properties else None,
        suspect=step.is_suspect,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        paths, description="The shortest ways along the arrows: why one thing depends on another."
    ),
]
