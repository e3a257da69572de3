"""What kinds and links there are: `ontology`."""

from __future__ import annotations

from typing import Any, Final

import strawberry

from api.queries.asked import KIND_TYPE, LINK_TYPE
from graph.model import ontology as registry


@strawberry.type(
    name="KindDeclaration", description="A kind of thing, as the ontology declares it."
)
class DeclaredKind:
    """A kind of thing."""

    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its word in identifiers.")
    type_name: str = strawberry.field(description="The GraphQL type that has its properties.")
    family: str = strawberry.field(description="The family it belongs to.")
    extends: Any = strawberry.field(
        graphql_type=KIND_TYPE | None, description="The kind that it extends."
    )
    description: str = strawberry.field(description="What it is.")


@strawberry.type(name="LinkDeclaration", description="A link type, as the ontology declares it.")
class DeclaredLink:
    """A link type."""

    link: Any = strawberry.field(graphql_type=LINK_TYPE, description="Its name along the arrow.")
    inverse: Any = strawberry.field(
        graphql_type=LINK_TYPE, description="Its name against the arrow."
    )
    sources: Any = strawberry.field(graphql_type=list[KIND_TYPE], description="What may depend.")
    targets: Any = strawberry.field(
        graphql_type=list[KIND_TYPE], description="What may be depended on."
    )
    description: str = strawberry.field(description="What it claims.")


@strawberry.type(description="All kinds of things and types of links.")
class Ontology:
    """All kinds of things and types of links."""

    kinds: list[DeclaredKind] = strawberry.field(description="The kinds.")
    links: list[DeclaredLink] = strawberry.field(description="The link types.")


def ontology() -> Ontology:
    """All kinds of things and types of links."""
    return Ontology(
        kinds=[_kind(kind) for kind in registry.kinds()],
        links=[_link(name) for name in registry.link_types()],
    )


def _kind(kind: str) -> DeclaredKind:
    cls = registry.get_kind(kind)
    _, *extended = registry.lineage(kind)
    return DeclaredKind(
        kind=KIND_TYPE(kind),
        type_name=registry.label(kind),
        family=cls.family,
        extends=KIND_TYPE(extended[0]) if extended else None,
        description=" ".join((cls.__doc__ or "").split()),
    )


def _link(name: str) -> DeclaredLink:
    link = registry.get_link_type(name)
    return DeclaredLink(
        link=LINK_TYPE(link.name),
        inverse=LINK_TYPE(link.inverse),
        sources=[KIND_TYPE(kind) for kind in sorted(link.sources)],
        targets=[KIND_TYPE(kind) for kind in sorted(link.targets)],
        description=link.doc,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(ontology, description="All kinds of things and types of links."),
]
