"""The tables of the mirror, made from the ontology: one for each kind, one for each link type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, get_origin

import orjson
from pydantic import BaseModel

from graph.model import ontology
from graph.model.link import LinkType
from graph.model.time import FAR, format_micros
from graph.store.node import plain_type

SCHEMA: Final = "utcs"

TIMES: Final = ("valid_from", "valid_to", "recorded_at", "superseded_at")
_ROW: Final = {**dict.fromkeys(TIMES, "timestamptz"), "made": "bigint", "ended": "boolean"}

_REVIEWED: Final = {"reviewed": "text"}
"""Why a link still holds, where somebody looked: the store keeps it with whatever the link carries."""

_TYPES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "boolean"),
    (int, "bigint"),
    (Decimal, "numeric"),
    (datetime, "timestamptz"),
    (date, "date"),
    (str, "text"),
)
"""The first that fits counts: a bool is an int, and a datetime is a date."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table: its columns with their types, and those that make a row the same row.

    Attributes:
        properties: The columns that hold what was stated, among `columns`.
    """

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    properties: tuple[str, ...] = ()

    def row(self, stored: Mapping[str, Any], **own: Any) -> dict[str, Any]:
        """Returns a row of belief as PostgreSQL reads it from JSON.

        Args:
            stored: What Neo4j keeps of the row.
            own: What it does not keep there, such as the ends of a link.
        """
        told = {
            name: _told(stored[name], self.columns[name])
            for name in self.properties
            if name in stored
        }
        times = {name: _moment(stored[name]) for name in TIMES}
        return told | times | own | {"made": stored["made"], "ended": stored.get("off", False)}


THINGS: Final = Table(
    "things", {"utcs": "text", "kind": "text", "recorded_at": "timestamptz"}, ("utcs",)
)
"""Everything that was ever spoken of, with its kind, and since when it is known."""


@cache
def kind_table(kind: str) -> Table:
    """Returns the table of a kind. A row is the same if statement and recording are."""
    properties = _properties(ontology.get_kind(kind))
    own = {"utcs": "text", "version": "bigint", "hash": "text"}
    key = ("utcs", "version", "recorded_at")
    return Table(kind, own | _ROW | properties, key, tuple(properties))


@cache
def link_table(link: str) -> Table:
    """Returns the table of a link type. An event states a link once of one moment, so that is a key."""
    declared = ontology.get_link_type(link)
    ends = _ends(declared)
    properties = _properties(declared.properties) if declared.properties else {}
    properties |= _REVIEWED
    key = (*ends, "made", "valid_from", "recorded_at")
    return Table(link.lower(), ends | _ROW | properties, key, tuple(properties))


def tables() -> list[Table]:
    """Returns all tables of belief, in the order of the ontology."""
    links = [link_table(link) for link in ontology.link_types()]
    return [*(kind_table(kind) for kind in ontology.kinds()), *links]


def _ends(link: LinkType) -> dict[str, str]:
    return dict.fromkeys(
        ("source", "target", "slot") if link.slotted else ("source", "target"), "text"
    )


def _properties(carrier: type[BaseModel]) -> dict[str, str]:
    return {name: _type(name, field.annotation) for name, field in carrier.model_fields.items()}


def _type(name: str, annotation: Any) -> str:
    plain = plain_type(annotation)
    if name == "extra":
        return "jsonb"
    if get_origin(plain) is tuple:
        return "text[]"
    return next(column for base, column in _TYPES if issubclass(plain, base))


def _told(value: Any, column: str) -> Any:
    """Returns a stored value; a decimal as the numeral that went into the binary64 it is kept in."""
    if column == "jsonb":
        return orjson.Fragment(value)
    if column == "numeric":
        return format(Decimal(repr(value)).normalize(), "f")
    return value


def _moment(micros: int) -> str:
    return "infinity" if micros == FAR else format_micros(micros)
