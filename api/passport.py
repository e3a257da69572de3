"""A passport as it is handed out: the link of its asset, JSON-LD with its context, what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final

import orjson
from pydantic import BaseModel

from api.moment import moment
from graph.model.exchange.message import schema_of
from graph.model.identifier import Utcs
from graph.model.passport import (
    PREFIXES,
    Measure,
    Passage,
    Passport,
    fields_of,
    passage_in,
)

MEDIA_TYPE: Final = "application/ld+json"
CONTEXT: Final = "/api/v1/dpp/context"

_KEYWORDS: Final = frozenset({"@id", "@type", "@context"})
_TYPES: Final = {
    "DigitalProductPassport": "schema:DigitalProductPassport",
    "Product": "schema:Product",
    "QuantitativeValue": "schema:QuantitativeValue",
    "Certification": "schema:Certification",
    "Attribution": "prov:Attribution",
    "Activity": "prov:Activity",
}
"""The class that each `type` stands for."""

_VALUES: Final = (
    (datetime, "xsd:dateTime"),
    (date, "xsd:date"),
    (Decimal, "xsd:decimal"),
)
"""What values are in RDF, the more particular first; all others are what they are in JSON."""

_HEAD: Final = ("context", "type", "id", "withheld")
"""What the page says elsewhere."""


def identification_link(base: str, utcs: Utcs) -> str:
    """Returns the link that is on an asset: its identifier with the check character, and nothing else.

    It names no passport, place or version of the service, so that nothing of these can break it.
    """
    return f"{base}/id/{utcs.checked}"


def linked(passport: Passport, base: str, utcs: Utcs, *, is_stable: bool) -> Passport:
    """Returns a passport with the link of its asset, and where its terms are told."""
    said = {
        "context": f"{base}{CONTEXT}",
        "id": identification_link(base, utcs),
        "is_link_stable": is_stable,
    }
    return passport.model_copy(update=said)


def document(passport: Passport) -> bytes:
    """Returns a passport as JSON-LD."""
    return passport.model_dump_json(by_alias=True, exclude_none=True).encode()


@cache
def passport_schema() -> dict[str, Any]:
    """Returns the JSON Schema of a passport; what is not known, or not for the asker, is left out."""
    said: dict[str, Any] = _said(schema_of(Passport))
    return said


def _said(schema: Any) -> Any:
    """Returns a schema without titles that repeat names, and without null: what is not said is not there."""
    if isinstance(schema, list):
        return [_said(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        name: _said(one)
        for name, one in schema.items()
        if (name, one) != ("default", None) and not (name == "title" and isinstance(one, str))
    }
    forms = [one for one in kept.pop("anyOf", []) if one != {"type": "null"}]
    return kept | (forms[0] if len(forms) == 1 else {"anyOf": forms} if forms else {})


@cache
def context_document() -> bytes:
    """Returns the JSON-LD context: what each term stands for, in the vocabulary that has it."""
    keywords: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
    terms = {"@context": keywords | PREFIXES | _TYPES | _terms(Passport)}
    return orjson.dumps(terms, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _terms(passage: type[Passage]) -> dict[str, Any]:
    """Returns the terms of a passage; each that holds another passage has those of that one within it."""
    return {
        alias: _term(passage, name, inner)
        for name, alias, inner in fields_of(passage)
        if passage.term_of(name) not in _KEYWORDS
    }


def _term(passage: type[Passage], name: str, inner: type[Passage] | None) -> dict[str, Any]:
    term: dict[str, Any] = {"@id": passage.term_of(name)}
    if inner is not None:
        return term | {"@context": _terms(inner)}
    if passage.is_id(name):
        return term | {"@type": "@id"}
    held = _held(passage.model_fields[name].annotation)
    found = next((rdf for cls, rdf in _VALUES if held and issubclass(held, cls)), None)
    return term | ({"@type": found} if found else {})


def _held(annotation: Any) -> type | None:
    """Returns the class of a value behind `| None` and its marks; None where there is no one class."""
    if isinstance(annotation, type):
        return annotation
    inner = [one for one in getattr(annotation, "__args__", ()) if one is not type(None)]
    return _held(inner[0]) if len(inner) == 1 or hasattr(annotation, "__metadata__") else None


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a section of the page says."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A table of a section: its caption, its columns, and its rows as text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    id: str
    name: str
    doc: str
    facts: tuple[Told, ...]
    tables: tuple[Listed, ...]


def sections(passport: Passport) -> Iterator[Section]:
    """Yields what a passport says, part by part: all of it, and nothing but what it says."""
    for name, field in Passport.model_fields.items():
        value, doc = getattr(passport, name), field.description or ""
        if value is None or name in _HEAD or passage_in(field.annotation) is None:
            continue
        inner = value if isinstance(value, BaseModel) else None
        facts = tuple(_facts(inner)) if isinstance(inner, Passage) else ()
        lists = _lists(inner) if isinstance(inner, Passage) else [(name, value)]
        tables = tuple(_table(_words(of), rows) for of, rows in lists if rows)
        yield Section(name, _words(name), doc, facts, tables)


def _facts(passage: Passage) -> Iterator[Told]:
    for name, field in type(passage).model_fields.items():
        value = getattr(passage, name)
        if value is not None and not _is_table(value) and name != "type":
            yield Told(_words(name), _text(value), field.description or "")


def _lists(passage: Passage) -> list[tuple[str, Any]]:
    values = ((name, getattr(passage, name)) for name in type(passage).model_fields)
    return [(name, value) for name, value in values if _is_table(value)]


def _is_table(value: Any) -> bool:
    is_many = isinstance(value, tuple) and bool(value)
    return is_many and isinstance(value[0], Passage) and not isinstance(value[0], Measure)


def _table(name: str, rows: tuple[Passage, ...]) -> Listed:
    """Returns rows under the columns in which any of them says something."""
    names = [
        name
        for name in type(rows[0]).model_fields
        if name != "type" and any(getattr(row, name) not in (None, ()) for row in rows)
    ]
    written = tuple(tuple(_text(getattr(row, one)) for one in names) for row in rows)
    return Listed(name, tuple(map(_words, names)), written)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return "; ".join(map(_text, value))
    if isinstance(value, Passage) and not isinstance(value, Measure):
        return ", ".join(told.value for told in _facts(value))
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
