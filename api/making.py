"""How Strawberry types are made at start-up, from what is known only then."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Any, Literal

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField


def make_type(
    name: str,
    fields: Iterable[StrawberryField],
    doc: str,
    form: Literal["object", "interface", "input"] = "object",
) -> Any:
    """Returns a type of that name with these fields.

    Unlike `strawberry.tools.create_type` it sets a docstring: without one, `dataclasses` prints the
    whole signature, which never ends for types that refer to each other.
    """
    members: dict[str, Any] = {str(each.python_name): each for each in fields}
    told = {name: each.type if each.base_resolver else Any for name, each in members.items()}
    members["__annotations__"] = told
    members["__doc__"] = doc
    made = types.new_class(name, (), {}, lambda namespace: namespace.update(members))
    return strawberry.type(
        made, name=name, description=doc, is_interface=form == "interface", is_input=form == "input"
    )


def definition(made: Any) -> StrawberryObjectDefinition:
    """Returns what Strawberry knows of a type that was made."""
    found: StrawberryObjectDefinition = made.__strawberry_definition__
    return found


def field(
    name: str, of: Any, doc: str, arguments: Iterable[StrawberryArgument] = ()
) -> StrawberryField:
    """Returns a field that nothing resolves: the compiler answers it, or the value has it."""
    made = StrawberryField(
        python_name=name,
        graphql_name=name,
        type_annotation=StrawberryAnnotation(of),
        description=doc,
    )
    made.arguments = list(arguments)
    return made


def given(
    name: str, of: Any, doc: str | None, default: object = strawberry.UNSET
) -> StrawberryField:
    """Returns a field of an input type; optional where `of` allows None."""
    return StrawberryField(
        python_name=f"{name}_", graphql_name=name, type_annotation=StrawberryAnnotation(of),
        default=default, description=doc,
    )  # fmt: skip


def argument(
    name: str, of: Any, doc: str, default: object = strawberry.UNSET
) -> StrawberryArgument:
    """Returns an argument of a field."""
    annotation = StrawberryAnnotation(of)
    return StrawberryArgument(f"{name}_", name, annotation, description=doc, default=default)
