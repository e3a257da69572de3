"""Things as Neo4j holds them, and as the rest of the product sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import orjson

from graph.model import ontology
from graph.model.canonical import canonical_bytes
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.time import FAR, format_micros, from_micros, to_micros

Encoder = Callable[[Any], Any]


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
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime
    superseded_at: datetime | None
    made: int
    properties: Kind


def stored_properties(kind: Kind) -> dict[str, Any]:
    """Returns the properties of a thing as Neo4j keeps them; what is empty is left out."""
    values = kind.__dict__
    return {
        name: value if encode is None else encode(value)
        for name, encode in _encoders(type(kind))
        if (value := values[name]) is not None and value != () and value != {}
    }


def read_properties(kind: str, stored: Mapping[str, Any]) -> Kind:
    """Returns the properties of a thing from what Neo4j keeps; the store's own are passed over."""
    cls = ontology.get_kind(kind)
    values = {name: stored[name] for name in cls.model_fields if name in stored}
    if "extra" in values:
        values["extra"] = orjson.loads(values["extra"])
    return cls.model_validate(values)


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
def _encoders(cls: type[Kind]) -> tuple[tuple[str, Encoder | None], ...]:
    """The properties of a kind, each with what turns its value into Neo4j's; None if it is the same.

    Made once for each class, so that storing a thing looks at no type.
    """
    return tuple((name, _encoder(name, f.annotation)) for name, f in cls.model_fields.items())


def _encoder(name: str, annotation: Any) -> Encoder | None:
    if name == "extra":
        return lambda value: canonical_bytes(value).decode()
    plain = _plain(annotation)
    if get_origin(plain) is tuple:
        return lambda values: [str(value) for value in values]
    if plain in (str, bool, int):
        return None
    for base, encode in _BY_TYPE:
        if issubclass(plain, base):
            return encode
    raise TypeError(f"{name}: Neo4j has no form for {plain}; add one to graph/store/node.py")


_BY_TYPE: tuple[tuple[type, Encoder], ...] = (
    (StrEnum, lambda value: value.value),
    (Decimal, float),
    (datetime, lambda value: format_micros(to_micros(value))),
    (date, date.isoformat),
)


def _plain(annotation: Any) -> Any:
    """Strips `| None` and `Annotated[…]` off a type."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        (inner,) = (a for a in get_args(annotation) if a is not type(None))
        return _plain(inner)
    if hasattr(annotation, "__metadata__"):
        return _plain(annotation.__origin__)
    return annotation
