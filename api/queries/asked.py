"""What the questions have in common: their arguments, and the things they name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

import strawberry

from api.context import Context
from api.filters import kind_names, link_names
from api.reference import ThingRef
from api.types import made_types
from api.vocabulary import THING
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.resolve import resolve

Info = strawberry.Info[Context, None]

THING_TYPE: Final[Any] = made_types()[THING] | None
KIND_TYPE: Final[Any] = kind_names()
LINK_TYPE: Final[Any] = link_names()

Id = Annotated[
    str, strawberry.argument(description="A UTCS, an alias `scheme:value`, or another system's id.")
]
Links = Annotated[
    list[Any] | None,
    strawberry.argument(
        description="Only over these link types.", graphql_type=list[LINK_TYPE] | None
    ),
]
Kinds = Annotated[
    list[Any] | None,
    strawberry.argument(
        description="Only things of these kinds.", graphql_type=list[KIND_TYPE] | None
    ),
]
First = Annotated[int, strawberry.argument(description="How many on this page, at most 1000.")]
After = Annotated[str | None, strawberry.argument(description="The `next` of the page before.")]
AsOf = Annotated[
    datetime | None, strawberry.argument(description="As it was true then; now unless given.")
]
KnownAt = Annotated[
    datetime | None, strawberry.argument(description="As it was known then; now unless given.")
]


def thing_of(root: Any) -> ThingRef:
    """The thing, fetched together with all others of the answer."""
    return ThingRef(root.utcs, root.at)


@strawberry.type(
    name="NamedThing", description="A thing, by its id, its kind and what people call it."
)
class Stop:
    """A thing that an answer names."""

    utcs: str = strawberry.field(description="Its identifier.")
    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its kind.")
    name: str = strawberry.field(description="What people call it.")
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=thing_of, graphql_type=THING_TYPE, description="The thing itself."
    )


def stop(utcs: Utcs | str, kind: str, name: str, at: Coordinates) -> Stop:
    """Returns a thing as an answer names it."""
    return Stop(utcs=str(utcs), kind=KIND_TYPE(kind), name=name, at=at)


def as_float(value: Decimal | None) -> float | None:
    """Returns a quantity as GraphQL's Float; null stays null."""
    return None if value is None else float(value)


def as_decimal(value: float | None) -> Decimal | None:
    """Returns GraphQL's Float as the decimal that was written; null stays null."""
    return None if value is None else Decimal(str(value))


def kind_words(kinds: list[Any] | None) -> list[str] | None:
    """Returns the kinds that were given, as the store calls them."""
    return None if kinds is None else [kind.value for kind in kinds]


def link_types(names: list[Any] | None) -> list[str] | None:
    """Returns the link types that were given under either of their names."""
    if names is None:
        return None
    forward = {link.inverse: link.name for link in ontology.link_types().values()}
    return [forward.get(name.value, name.value) for name in names]


async def find(info: Info, text: str, at: Coordinates) -> Utcs:
    """Returns the one thing that a text names."""
    return await resolve(info.context.graph, text, at=at)
