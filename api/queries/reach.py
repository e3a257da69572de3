"""Why is it there, and what does it affect: `trace` and `impact`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import strawberry

from api.queries.asked import (
    KIND_TYPE,
    After,
    AsOf,
    First,
    Id,
    Info,
    Kinds,
    KnownAt,
    Links,
    Stop,
    find,
    kind_words,
    link_types,
)
from graph.model.time import Coordinates
from graph.store import impact as impact_question
from graph.store import reach
from graph.store import trace as trace_question


@strawberry.type(description="A thing that was reached.")
class Reached(Stop):
    """A thing that was reached."""

    depth: int = strawberry.field(description="How many links the shortest way to it has.")


@strawberry.type(description="How many things there are of a kind.")
class KindCount:
    """How many things there are of a kind."""

    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="The kind.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="What a thing reaches, nearest first.")
class Reach:
    """What a thing reaches, nearest first."""

    utcs: str = strawberry.field(description="Where the question started.")
    things: list[Reached] = strawberry.field(description="One page of them, by depth, then by id.")
    total: int | None = strawberry.field(
        description="How many were reached; null if time was too short."
    )
    kinds: list[KindCount] = strawberry.field(description="How many of each kind, most first.")
    deepest: int | None = strawberry.field(
        description="How far the farthest is; null if time was too short."
    )
    complete: bool = strawberry.field(description="Whether nothing lies beyond what was reached.")
    cut: str | None = strawberry.field(
        description="Where and why the answer was cut; null when complete."
    )
    extent: str = strawberry.field(description="How far the answer goes, as a sentence.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def trace(
    info: Info, id: Id, links: Links = None, kinds: Kinds = None, depth: int = reach.MAX_DEPTH,
    first: First = 100, after: After = None, as_of: AsOf = None, known_at: KnownAt = None,
) -> Reach | None:  # fmt: skip
    """All that a thing depends on."""
    at = Coordinates(as_of, known_at)
    return await _ask(trace_question.trace, info, id, links, kinds, depth, first, after, at)


async def impact(
    info: Info, id: Id, links: Links = None, kinds: Kinds = None, depth: int = reach.MAX_DEPTH,
    first: First = 100, after: After = None, as_of: AsOf = None, known_at: KnownAt = None,
) -> Reach | None:  # fmt: skip
    """All that depends on a thing."""
    at = Coordinates(as_of, known_at)
    return await _ask(impact_question.impact, info, id, links, kinds, depth, first, after, at)


async def _ask(
    question: Callable[..., Awaitable[reach.Answer]], info: Info, id: str, links: list[Any] | None,
    kinds: list[Any] | None, depth: int, first: int, after: str | None, at: Coordinates,
) -> Reach | None:  # fmt: skip
    utcs = await find(info, id, at)
    answer = await question(
        info.context.graph, utcs, links=link_types(links), kinds=kind_words(kinds),
        depth=depth, first=first, after=after, at=at,
    )  # fmt: skip
    return Reach(
        utcs=str(answer.utcs),
        things=[
            Reached(
                utcs=str(one.utcs), kind=KIND_TYPE(one.kind), name=one.name, depth=one.depth, at=at
            )
            for one in answer.things
        ],
        total=answer.total,
        kinds=[
            KindCount(kind=KIND_TYPE(kind), count=count) for kind, count in answer.kinds.items()
        ],
        deepest=answer.deepest,
        complete=answer.complete,
        cut=answer.cut,
        extent=answer.extent,
        next=answer.next,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        trace, description="Why is it there: all that a thing depends on, along the arrows."
    ),
    strawberry.field(
        impact, description="What is affected: all that depends on a thing, against the arrows."
    ),
]
