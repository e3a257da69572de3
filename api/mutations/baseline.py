"""Freezing a configuration: `createBaseline`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.mutations.outcome import Outcome, told
from api.queries.asked import THING_TYPE, AsOf, Info, KnownAt, find
from api.reference import ThingRef
from graph.flows.baseline import Request, create_baseline
from graph.model.identifier import Utcs
from graph.model.time import Coordinates

RULE: Final[Any] = property_enums()["BaselineRule"]
CATEGORY: Final[Any] = property_enums()["BaselineCategory"]
_NOW: Final = Coordinates()


@strawberry.input(description="Who signs for a baseline.")
class BaselineSignature:
    """Who signs for a baseline."""

    role: str = strawberry.field(description="The role signed in, such as `approved`.")
    person: str = strawberry.field(description="The person, by any id.")


def _thing(root: Any) -> ThingRef:
    """The baseline, fetched together with all others of the answer."""
    return ThingRef(root.utcs, _NOW)


@strawberry.type(description="A baseline that is frozen, or was before.")
class BaselineCreated:
    """A baseline that is frozen."""

    utcs: str = strawberry.field(description="The baseline.")
    merkle_root: str | None = strawberry.field(description="The root over its members.")
    members: int | None = strawberry.field(description="How many there are.")
    hash: str | None = strawberry.field(
        description="The hash of its statement, which covers the root, both times and the rule."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of the event; null if the same baseline was frozen before."
    )

    thing: Any = strawberry.field(
        resolver=_thing, graphql_type=THING_TYPE, description="The baseline itself."
    )


async def make_baseline(
    info: Info,
    id: Annotated[str, strawberry.argument(description="Its id, a UTCS: its name for good.")],
    rule: Annotated[Any, strawberry.argument(graphql_type=RULE, description="What belongs to it.")],
    scope_root: Annotated[
        str | None, strawberry.argument(description="Where its scope begins: any id.")
    ] = None,
    things: Annotated[
        list[str] | None, strawberry.argument(description="Its members, if it lists them.")
    ] = None,
    name: Annotated[str | None, strawberry.argument(description="What people call it.")] = None,
    category: Annotated[
        Any, strawberry.argument(graphql_type=CATEGORY | None, description="What it fixes.")
    ] = None,
    description: Annotated[
        str | None, strawberry.argument(description="What it is, in prose.")
    ] = None,
    signed_by: Annotated[
        list[BaselineSignature] | None, strawberry.argument(description="Who signs for it.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> BaselineCreated | None:
    """Freezes a configuration, once and for all."""
    at = Coordinates(as_of, known_at)
    request = Request(
        Utcs.parse(id), rule,
        root=None if scope_root is None else await find(info, scope_root, at),
        things=tuple([await find(info, one, at) for one in things or ()]),
        name=name, category=category, description=description,
        signed_by={one.role: await find(info, one.person, _NOW) for one in signed_by or ()},
        at=at,
    )  # fmt: skip
    made = await create_baseline(info.context.graph, info.context.principal, request)
    frozen = made.baseline if made.baseline is not None and made.baseline.is_sealed else None
    return BaselineCreated(
        utcs=str(request.utcs),
        merkle_root=frozen.said.merkle_root if frozen else None,
        members=frozen.said.members if frozen else None,
        hash=frozen.node.hash if frozen else None,
        outcome=told(made.outcome) if made.outcome else None,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        make_baseline,
        name="createBaseline",
        description="Freezes a configuration under an id; asked again, it answers with what is frozen.",
    ),
]
