"""How many are there: `aggregate`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import KIND_TYPE, AsOf, First, Info, KnownAt
from api.scalars import JSON
from api.vocabulary import PropertyField, thing_types
from graph.model import ontology
from graph.model.time import Coordinates
from graph.store import aggregate as question
from graph.store.errors import BadQuestionError
from graph.store.selection import Property


@strawberry.type(description="The things that have one value of a property.")
class Group:
    """The things that have one value of a property."""

    value: JSON | None = strawberry.field(description="The value; null where it is not stated.")
    count: int = strawberry.field(description="How many things.")


@strawberry.type(description="How many things of a kind there are.")
class Counts:
    """How many things of a kind there are."""

    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="The kind.")
    total: int = strawberry.field(
        description="All of them, those of kinds that extend it included."
    )
    groups: list[Group] = strawberry.field(description="How many for each value, most first.")
    complete: bool = strawberry.field(description="Whether every value is listed.")
    cut: str | None = strawberry.field(description="Why not; null when it is complete.")


async def aggregate(
    info: Info,
    kind: Annotated[Any, strawberry.argument(graphql_type=KIND_TYPE, description="The kind.")],
    group_by: Annotated[
        str | None,
        strawberry.argument(description="A property of the kind, by its name here: `status`."),
    ] = None,
    first: First = 100,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Counts | None:
    """How many things of a kind there are."""
    name = None if group_by is None else _stored_name(kind.value, group_by)
    found = await question.aggregate(
        info.context.graph, kind.value, name, first=first, at=Coordinates(as_of, known_at)
    )
    groups = [Group(value=JSON(one.value), count=one.count) for one in found.groups]
    return Counts(
        kind=kind, total=found.total, groups=groups, complete=found.complete, cut=found.cut
    )


def _stored_name(kind: str, name: str) -> str:
    fields = {field.name: field for field in thing_types()[ontology.label(kind)].properties}
    found = fields.get(name)
    if isinstance(found, PropertyField) and isinstance(found.column, Property):
        return found.column.name
    raise BadQuestionError(
        f"groupBy: {name[:60]!r} is no property of {kind}; use one of {', '.join(fields)}",
        field="groupBy",
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        aggregate, description="How many things of a kind there are, by the values of a property."
    ),
]
