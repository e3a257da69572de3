"""Which things speak of it: `search`."""

from __future__ import annotations

from typing import Any, Final

import strawberry

from api.queries.asked import (
    KIND_TYPE,
    After,
    AsOf,
    First,
    Info,
    Kinds,
    KnownAt,
    Stop,
    kind_words,
)
from graph.model.time import Coordinates
from graph.store import search as question


@strawberry.type(description="A thing that was found.")
class Hit(Stop):
    """A thing that was found."""

    score: float = strawberry.field(
        description="How well it fits; comparable within one answer only."
    )


@strawberry.type(description="One page of what was found, best first, then by id.")
class Found:
    """One page of what was found."""

    things: list[Hit] = strawberry.field(description="The things.")
    total: int = strawberry.field(
        description="How many were found; at least so many, if the answer is cut."
    )
    complete: bool = strawberry.field(description="Whether all hits were looked at.")
    cut: str | None = strawberry.field(description="Why not; null when they were.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def search(
    info: Info, text: str, kinds: Kinds = None, first: First = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> Found | None:  # fmt: skip
    """The things in which all words of a text occur."""
    at = Coordinates(as_of, known_at)
    found = await question.search(
        info.context.graph, text, kinds=kind_words(kinds), first=first, after=after, at=at
    )
    hits = [
        Hit(utcs=str(one.utcs), kind=KIND_TYPE(one.kind), name=one.name, score=one.score, at=at)
        for one in found.things
    ]
    return Found(
        things=hits, total=found.total, complete=found.complete, cut=found.cut, next=found.next
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        search,
        description="The things in which all words occur; those in double quotes follow one another.",
    ),
]
