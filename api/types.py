"""The GraphQL types of things, made from the vocabulary at start-up."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, Final

import strawberry
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from api.filters import filters, kind_names, link_names, orderable, orders, property_enums
from api.making import argument, definition, field, make_type
from api.scalars import JSON
from api.vocabulary import (
    THING,
    Form,
    LinkField,
    PropertyField,
    ThingType,
    plural,
    thing_types,
    type_of,
)
from graph.model import ontology

DEFAULT_FIRST: Final = 50
MAX_FIRST: Final = 1000


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether the page was asked `after` another."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge.")
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last edge: ask on `after` it."
    )


@strawberry.type(description="The things of a list that have one value of a property.")
class ValueCount:
    """The things of a list that have one value of a property."""

    value: JSON | None = strawberry.field(
        description="The value, as the property tells it; null where it is not stated."
    )
    count: int = strawberry.field(description="How many things.")


@strawberry.type(description="How many things of a list have each value of a property.")
class Counts:
    """How many things of a list have each value of a property."""

    values: list[ValueCount] = strawberry.field(
        description="Each value with its number: most first, then by value, null last."
    )
    complete: bool = strawberry.field(description="Whether every value is listed.")


@cache
def link_type() -> Any:
    """Returns the type that tells a link: its times, its slot, what it carries."""
    fields = [
        field("link", link_names(), "The link type."),
        field("validFrom", datetime, "Since when it is true in the world."),
        field("validTo", datetime | None, "When it ceases to be true; null while no end is known."),
        field("recordedAt", datetime, "Since when we know it."),
        field("made", int, "The number in the change log of the event that stated it."),
        field("slot", str | None, "The slot of its source, such as a position or a find number."),
        field(
            "properties",
            JSON | None,
            "What it carries, as in the event; null if it carries nothing.",
        ),
    ]
    return make_type("Link", fields, "A link, from the thing that depends.")


_ANNOTATIONS: Final[dict[Form, Any]] = {
    Form.STRING: str,
    Form.CHECKED: str,
    Form.INT: int,
    Form.FLOAT: float,
    Form.BOOLEAN: bool,
    Form.DATE: date,
    Form.DATE_TIME: datetime,
    Form.MICROS: datetime,
    Form.STRINGS: list[str],
    Form.JSON: JSON,
}


@cache
def made_types() -> dict[str, Any]:
    """Returns the Strawberry type of each type of things, by GraphQL name."""
    made = _types_without_links()
    for each in thing_types().values():
        definition(made[each.name]).fields += [_link_field(link, made) for link in each.links]
    return made


@cache
def _types_without_links() -> dict[str, Any]:
    """The types, before the links between them can be told."""
    made: dict[str, Any] = {}
    for each in thing_types().values():
        bases = [made[THING]] if THING in made else []
        bases += [made[each.base]] if each.base else []
        made[each.name] = _make(each, bases)
    return made


@cache
def connection(name: str) -> Any:
    """Returns the type of a page of things: `PartConnection` for Part."""
    node = _types_without_links()[name]
    edge = make_type(
        f"{name}Edge",
        [
            field("cursor", str, "Where it stands in the list."),
            field("node", node, "The thing."),
            field("link", link_type() | None, "The link that led to it; null where none did."),
        ],
        "A thing in a list, and how it came there.",
    )
    return make_type(
        f"{name}Connection",
        [
            field(
                "nodes",
                list[node],  # type: ignore[valid-type]
                "The things of this page.",
            ),
            field(
                "edges",
                list[edge],  # type: ignore[valid-type]
                "The things of this page, each with its cursor and link.",
            ),
            field("pageInfo", PageInfo, "Where this page stands in the list."),
            field("totalCount", int, "How many there are, whatever the page."),
            field(
                "groups",
                Counts,
                "How many there are for each value of a property, whatever the page.",
                [
                    argument("by", orderable()[name], "The property."),
                    argument("first", int, f"How many values, at most {MAX_FIRST}.", DEFAULT_FIRST),
                ],
            ),
        ],
        "A page of things.",
    )


_ID_DOC: Final = (
    "A UTCS with or without its check character, an alias `scheme:value`, "
    "or another system's id as printed."
)


def list_fields() -> list[StrawberryField]:
    """Returns the root fields that list things and find one: they are compiled, never resolved."""
    one, several = made_types()[THING], connection(THING)
    by_id = [argument("id", str, _ID_DOC), *_when()]
    kinds = argument("kinds", list[kind_names()] | None, "Only things of these kinds.")  # type: ignore[misc]
    return [
        field("thing", one | None, "The thing that goes by an id of any form.", by_id),
        field(
            "things",
            several,
            "All things, or those of some kinds.",
            [kinds, *_paging(THING), *_when()],
        ),
        *(_list_field(kind) for kind in ontology.kinds()),
    ]


def _list_field(kind: str) -> StrawberryField:
    label, name = ontology.label(kind), type_of(frozenset({kind}))
    return field(
        plural(label), connection(name), thing_types()[label].doc, [*_paging(name), *_when()]
    )


def _make(each: ThingType, bases: list[Any]) -> Any:
    fields = [_property_field(item) for item in each.properties]
    made = make_type(each.name, fields, each.doc, "interface" if each.is_interface else "object")
    definition(made).interfaces = [definition(base) for base in bases]
    return made


def _property_field(item: PropertyField) -> StrawberryField:
    return field(item.name, _annotation(item), item.doc)


def _annotation(field: PropertyField) -> Any:
    if field.form is Form.KIND:
        return kind_names()
    of = property_enums()[field.enum.__name__] if field.enum else _ANNOTATIONS[field.form]
    return of if field.required else of | None


def _link_field(link: LinkField, made: dict[str, Any]) -> StrawberryField:
    if link.of_link:
        return field(link.name, link_type() | None, link.doc)
    if link.single:
        return field(link.name, made[link.end] | None, link.doc)
    return field(link.name, connection(link.end), link.doc, _paging(link.end))


def _paging(name: str) -> list[StrawberryArgument]:
    ordering: Any = list[orders()[name]]  # type: ignore[misc]
    return [
        argument("first", int, f"How many, at most {MAX_FIRST}.", DEFAULT_FIRST),
        argument("after", str | None, "The cursor that the page before ended with."),
        argument("filter", filters()[name] | None, "Only those."),
        argument("orderBy", ordering | None, "In this order, then by id."),
    ]


def _when() -> list[StrawberryArgument]:
    return [
        argument("asOf", datetime | None, "As it was true then; now unless given."),
        argument("knownAt", datetime | None, "As it was known then; now unless given."),
    ]
