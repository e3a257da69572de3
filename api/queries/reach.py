"""Why is it there, and what does it affect: `trace` and `impact`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import strawberry

from api.queries.asked import (
    KIND_TYPE,
    LINK_TYPE,
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
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store import impact as impact_question
from graph.store import reach
from graph.store import trace as trace_question
from graph.store.doubts import Doubts, find_doubts


@strawberry.type(description="A link in doubt over which a thing is reached.")
class DoubtfulLink:
    """A link in doubt over which a thing is reached."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="The link type.")
    source: str = strawberry.field(description="The thing that depends.")
    target: str = strawberry.field(description="The thing it depends on.")
    slot: str | None = strawberry.field(description="The slot of the source.")


class Marks:
    """The links in doubt of one answer, found by one statement once somebody asks for them."""

    def __init__(self, ask: Callable[[], Awaitable[Doubts]]) -> None:
        self._ask = ask
        self._found: asyncio.Future[Doubts] | None = None

    async def of(self, utcs: str) -> list[DoubtfulLink] | None:
        """Returns the links in doubt over which a thing is reached; None if that took too long."""
        if self._found is None:
            self._found = asyncio.ensure_future(self._ask())
        found = await self._found
        if found.cut is not None:
            return None
        return [
            DoubtfulLink(
                link=LINK_TYPE(one.link),
                source=str(one.source),
                target=str(one.target),
                slot=one.slot,
            )
            for one in found.of.get(Utcs.parse(utcs), ())
        ]


async def _suspects(root: Any) -> list[DoubtfulLink] | None:
    """The links in doubt over which it is reached."""
    found: list[DoubtfulLink] | None = await root.marks.of(root.utcs)
    return found


@strawberry.type(description="A thing that was reached.")
class Reached(Stop):
    """A thing that was reached."""

    depth: int = strawberry.field(description="How many links the shortest way to it has.")
    marks: strawberry.Private[Marks]

    suspects: list[DoubtfulLink] | None = strawberry.field(
        resolver=_suspects,
        description="The links in doubt that lead to it from what is nearer: what they lead to has changed, "
        "and nobody cleared that. Null if that took too long.",
    )


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
    return await _ask(
        "trace", trace_question.trace, info, id, links, kinds, depth, first, after, at
    )


async def impact(
    info: Info, id: Id, links: Links = None, kinds: Kinds = None, depth: int = reach.MAX_DEPTH,
    first: First = 100, after: After = None, as_of: AsOf = None, known_at: KnownAt = None,
) -> Reach | None:  # fmt: skip
    """All that depends on a thing."""
    at = Coordinates(as_of, known_at)
    return await _ask(
        "impact", impact_question.impact, info, id, links, kinds, depth, first, after, at
    )


async def _ask(
    name: str, question: Callable[..., Awaitable[reach.Answer]], info: Info, id: str, links: list[Any] | None,
    kinds: list[Any] | None, depth: int, first: int, after: str | None, at: Coordinates,
) -> Reach | None:  # fmt: skip
    utcs = await find(info, id, at)
    answer = await question(
        info.context.graph, utcs, links=link_types(links), kinds=kind_words(kinds),
        depth=depth, first=first, after=after, at=at,
    )  # fmt: skip
    marks = Marks(
        lambda: find_doubts(info.context.graph, name, answer, links=link_types(links), at=at)
    )
    return Reach(
        utcs=str(answer.utcs),
        things=[_reached(one, marks, at) for one in answer.things],
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


def _reached(one: reach.Reached, marks: Marks, at: Coordinates) -> Reached:
    kind = KIND_TYPE(one.kind)
    return Reached(
        utcs=str(one.utcs), kind=kind, name=one.name, depth=one.depth, at=at, marks=marks
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        trace, description="Why is it there: all that a thing depends on, along the arrows."
    ),
    strawberry.field(
        impact, description="What is affected: all that depends on a thing, against the arrows."
    ),
]
