"""Things as Neo4j holds them, and as the rest of the product sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import orjson
from pydantic import SerializeAsAny

from graph.model import ontology
from graph.model.canonical import canonical_bytes
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.link import LinkProperties
from graph.model.time import FAR, UtcDatetime, format_utc, from_micros

Encoder = Callable[[Any], Any]
Stated = TypeVar("Stated", bound=Kind)


@dataclass(frozen=True, slots=True)
class Node:
    """One row of belief about one thing: what it was said to be, when, and since when we know.

    Attributes:
        utcs: The thing.
        kind: Its kind, as in the identifier.
        version: The number of the statement, as in `@n`; counted in the order of recording.
        hash: The SHA-256 of the version's canonical content.
        valid_from: When it became true in the world.
        valid_to: When it ceased to be true; None while no end is known.
        recorded_at: When we learned of it.
        superseded_at: When we learned better; None while it is believed.
        made: The number in the change log of the event that stated it.
        properties: What was stated.
    """

    utcs: Utcs
    kind: str
    version: int
    hash: str
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    recorded_at: UtcDatetime
    superseded_at: UtcDatetime | None
    made: int
    properties: SerializeAsAny[Kind]


def stored_properties(carrier: Kind | LinkProperties) -> dict[str, Any]:
    """Returns the properties of a thing or link as Neo4j keeps them; what is empty is left out."""
    values = carrier.__dict__
    return {
        name: value if encode is None else encode(value)
        for name, encode, empty in _forms(type(carrier))
        if (value := values[name]) is not None and value != empty
    }


def read_properties(kind: str, stored: Mapping[str, Any]) -> Kind:
    """Returns the properties of a thing from what Neo4j keeps; the store's own are passed over."""
    cls = ontology.get_kind(kind)
    values = {name: stored[name] for name in cls.model_fields if name in stored}
    if "extra" in values:
        values["extra"] = orjson.loads(values["extra"])
    return cls.model_validate(values)


def read_as(kind: type[Stated], stored: Mapping[str, Any]) -> Stated:
    """Returns the properties of a thing that is of one kind, typed as that kind."""
    thing = read_properties(kind.kind, stored)
    assert isinstance(thing, kind)  # noqa: S101 - the ontology has one class for each kind
    return thing


def read_link_properties(link: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what a link carries besides its ends and times, from what Neo4j keeps."""
    declared = ontology.get_link_type(link).properties
    return (
        {name: stored[name] for name in declared.model_fields if name in stored} if declared else {}
    )


def read_node(stored: Mapping[str, Any]) -> Node:
    """Returns the row of belief that a `:Version` holds."""
    return Node(
        utcs=Utcs.parse(stored["utcs"]),
        kind=stored["kind"],
        version=stored["n"],
        hash=stored["hash"],
        valid_from=from_micros(stored["valid_from"]),
        valid_to=open_end(stored["valid_to"]),
        recorded_at=from_micros(stored["recorded_at"]),
        superseded_at=open_end(stored["superseded_at"]),
        made=stored["made"],
        properties=read_properties(stored["kind"], stored),
    )


def open_end(micros: int) -> datetime | None:
    """Returns the time at which something ends, or None where the store says the far future."""
    return None if micros == FAR else from_micros(micros)


@cache
def _forms(cls: type[Kind | LinkProperties]) -> tuple[tuple[str, Encoder | None, Any], ...]:
    """Each property of a class, what turns its value into Neo4j's (None: nothing), and its empty value.

    Made once for each class, so that storing a thing looks at no type.
    """
    return tuple((name, *_form(name, field.annotation)) for name, field in cls.model_fields.items())


def _form(name: str, annotation: Any) -> tuple[Encoder | None, Any]:
    plain = plain_type(annotation)
    if name == "extra":
        return _canonical_text, {}
    if get_origin(plain) is tuple:
        return _texts, ()
    if plain in (str, bool, int):
        return None, None
    for base, encode in _BY_TYPE:
        if issubclass(plain, base):
            return encode, None
    raise TypeError(f"{name}: Neo4j has no form for {plain}; add one to graph/store/node.py")


def _canonical_text(value: dict[str, Any]) -> str:
    return canonical_bytes(value).decode()


def _texts(values: tuple[Any, ...]) -> list[str]:
    return [str(value) for value in values]


_BY_TYPE: tuple[tuple[type, Encoder], ...] = (
    (StrEnum, lambda value: value.value),
    (Decimal, float),
    (datetime, format_utc),
    (date, date.isoformat),
)


def plain_type(annotation: Any) -> Any:
    """Returns the type of a property without `| None` and `Annotated[…]`."""
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (part for part in get_args(annotation) if part is not type(None))
        return plain_type(inner)
    if hasattr(annotation, "__metadata__"):
        return plain_type(annotation.__origin__)
    return annotation
