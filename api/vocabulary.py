"""What the ontology is called in GraphQL: its types, their fields, and what each field stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from graph.model import ontology
from graph.model.kind import Kind, Unit
from graph.store.selection import Column, Hop, Property, Statement

THING: Final = "Thing"


class Form(Enum):
    """How a stored value is told in GraphQL."""

    STRING = "String"
    INT = "Int"
    FLOAT = "Float"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATE_TIME = "DateTime"
    ENUM = "enum"
    STRINGS = "[String!]!"
    JSON = "JSON"
    KIND = "KindName"
    MICROS = "DateTime, stored in microseconds"
    CHECKED = "String, with the check character"


@dataclass(frozen=True, slots=True)
class PropertyField:
    """A field that tells a stored property.

    Attributes:
        name: Its name in GraphQL.
        column: What to read.
        form: How to tell it.
        doc: One sentence.
        required: Whether it always has a value.
        enum: Its values, where the form is ENUM.
    """

    name: str
    column: Column
    form: Form
    doc: str
    required: bool = False
    enum: type[StrEnum] | None = None

    @property
    def is_comparable(self) -> bool:
        """Whether it can be filtered on."""
        return self.form not in (Form.JSON, Form.CHECKED) and isinstance(self.column, Property)

    @property
    def is_orderable(self) -> bool:
        """Whether it can be ordered by and counted by: whether it has one value."""
        return self.is_comparable and self.form is not Form.STRINGS


@dataclass(frozen=True, slots=True)
class LinkField:
    """A field that leads over a link.

    Attributes:
        name: Its name in GraphQL.
        hop: The link, and which way.
        end: The GraphQL type of the things there.
        single: Whether at most one thing is there.
        doc: One sentence.
        of_link: Whether the field tells the one link itself rather than the thing at its end.
    """

    name: str
    hop: Hop
    end: str
    single: bool
    doc: str
    of_link: bool = False


@dataclass(frozen=True, slots=True)
class ThingType:
    """A GraphQL type of things: an object type for one kind, or an interface of several.

    Attributes:
        name: Its name in GraphQL.
        kinds: The kinds that a thing of this type may have.
        fields: Its fields by name.
        doc: One sentence.
        is_interface: Whether several kinds have it.
        base: The interface that it belongs to besides Thing, if any.
    """

    name: str
    kinds: tuple[str, ...]
    fields: dict[str, PropertyField | LinkField]
    doc: str
    is_interface: bool = False
    base: str | None = None

    @property
    def properties(self) -> list[PropertyField]:
        """The fields that tell properties."""
        return [field for field in self.fields.values() if isinstance(field, PropertyField)]

    @property
    def links(self) -> list[LinkField]:
        """The fields that lead over links."""
        return [field for field in self.fields.values() if isinstance(field, LinkField)]


def camel(name: str) -> str:
    """Returns `massKg` for mass_kg and `hasComponent` for HAS_COMPONENT."""
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


_IRREGULAR: Final = {"Aircraft": "aircraft", "Software": "software", "CertBasis": "certBases"}


def plural(label: str) -> str:
    """Returns the name of the list of a kind: `workOrders` for WorkOrder."""
    if label in _IRREGULAR:
        return _IRREGULAR[label]
    upper = re.match(r"[A-Z]+(?![a-z])", label)
    name = label.lower() if upper and upper[0] == label else label[0].lower() + label[1:]
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(s|x|ch|sh)$", name) else "s")


_OWN: Final = (
    PropertyField("utcs", Property("utcs"), Form.STRING, "Its identifier.", required=True),
    PropertyField(
        "checkedUtcs", Property("utcs"), Form.CHECKED,
        "Its identifier with the check character: the form for people and labels.", required=True,
    ),
    PropertyField("kind", Property("kind"), Form.KIND, "Its kind, as in the identifier.", required=True),
    PropertyField(
        "version", Property("version"), Form.INT,
        "The number of the statement that is told here: `@n`.", required=True,
    ),
    PropertyField(
        "validFrom", Property("valid_from"), Form.MICROS,
        "Since when this version is true in the world.", required=True,
    ),
    PropertyField(
        "validTo", Statement("valid_to"), Form.MICROS,
        "When this version ceases to be true; null while no end is known.",
    ),
    PropertyField(
        "recordedAt", Property("recorded_at"), Form.MICROS, "Since when we know it.", required=True
    ),
    PropertyField(
        "hash", Statement("hash"), Form.STRING,
        "The SHA-256 of this version's canonical content.", required=True,
    ),
)  # fmt: skip
"""What every thing tells besides the properties of its kind."""

_FORMS: Final = (
    (bool, Form.BOOLEAN),
    (int, Form.INT),
    (Decimal, Form.FLOAT),
    (datetime, Form.DATE_TIME),
    (date, Form.DATE),
    (str, Form.STRING),
)


@cache
def thing_types() -> dict[str, ThingType]:
    """Returns every type of things by its GraphQL name, interfaces first."""
    kinds = tuple(ontology.kinds())
    own = {field.name: field for field in (*_OWN, *_properties(Kind))}
    types = [ThingType(THING, kinds, dict(own), "Anything in the thread.", is_interface=True)]
    types += [_interface(kind) for kind in kinds if _family(kind) != (kind,)]
    types += [_object(kind) for kind in kinds]
    return {each.name: each for each in types}


def type_of(kinds: frozenset[str]) -> str:
    """Returns the narrowest GraphQL type of things that may have any of these kinds."""
    tops = {kind for kind in kinds if not kinds & set(ontology.lineage(kind)[1:])}
    if len(tops) != 1:
        return THING
    (top,) = tops
    return ontology.label(top) if _family(top) == (top,) else f"Any{ontology.label(top)}"


@cache
def enums() -> dict[str, type[StrEnum]]:
    """Returns the enumerations that properties have, by GraphQL name."""
    found = (f.enum for each in thing_types().values() for f in each.properties if f.enum)
    return {enum.__name__: enum for enum in found}


def _family(kind: str) -> tuple[str, ...]:
    """A kind and those that extend it."""
    return tuple(other for other in ontology.kinds() if kind in ontology.lineage(other))


def _interface(kind: str) -> ThingType:
    label = ontology.label(kind)
    others = " or ".join(ontology.label(other) for other in _family(kind))
    return ThingType(f"Any{label}", _family(kind), _fields(kind), f"A {others}.", is_interface=True)


def _object(kind: str) -> ThingType:
    base = next((k for k in ontology.lineage(kind) if _family(k) != (k,)), None)
    doc = (ontology.get_kind(kind).__doc__ or "").strip().partition("\n\n")[0]
    return ThingType(
        ontology.label(kind), (kind,), _fields(kind), " ".join(doc.split()),
        base=f"Any{ontology.label(base)}" if base else None,
    )  # fmt: skip


def _fields(kind: str) -> dict[str, PropertyField | LinkField]:
    fields: list[PropertyField | LinkField] = [*_OWN, *_properties(ontology.get_kind(kind))]
    return {field.name: field for field in [*fields, *_links(kind)]}


def _properties(kind: type[Kind]) -> list[PropertyField]:
    return [_property(name, field) for name, field in kind.model_fields.items()]


def _property(name: str, field: FieldInfo) -> PropertyField:
    form, enum = _form(name, field.annotation)
    units = [m.symbol for m in field.metadata + _inner(field.annotation) if isinstance(m, Unit)]
    doc = (field.description or "") + "".join(f" Unit: {unit}." for unit in units[:1])
    required = field.is_required() or form is Form.STRINGS
    return PropertyField(camel(name), Property(name), form, doc, required, enum)


def _form(name: str, annotation: Any) -> tuple[Form, type[StrEnum] | None]:
    if name == "extra":
        return Form.JSON, None
    plain = _plain(annotation)
    if get_origin(plain) is tuple:
        return Form.STRINGS, None
    if issubclass(plain, StrEnum):
        return Form.ENUM, plain
    return next(form for base, form in _FORMS if issubclass(plain, base)), None


def _plain(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        return _plain(next(a for a in get_args(annotation) if a is not type(None)))
    return _plain(annotation.__origin__) if hasattr(annotation, "__metadata__") else annotation


def _inner(annotation: Any) -> list[Any]:
    """The metadata of an annotated type, through `| None`."""
    if get_origin(annotation) in (Union, UnionType):
        return [m for a in get_args(annotation) for m in _inner(a)]
    return list(getattr(annotation, "__metadata__", ()))


def _links(kind: str) -> list[LinkField]:
    found: list[LinkField] = []
    for link in ontology.link_types().values():
        if ontology.fits(kind, link.sources):
            hop, single = Hop(link.name, forward=True), link.max_out == 1
            found += _pair(camel(link.name), hop, type_of(link.targets), single, link.doc)
        if ontology.fits(kind, link.targets):
            hop, single = Hop(link.name, forward=False), link.max_in == 1
            doc = f"Backwards over {link.name}: {link.doc}"
            found += _pair(camel(link.inverse), hop, type_of(link.sources), single, doc)
    return found


def _pair(name: str, hop: Hop, end: str, single: bool, doc: str) -> list[LinkField]:
    """The field of a link; where there is at most one, a second that tells the link itself."""
    field = LinkField(name, hop, end, single, doc)
    if not single:
        return [field]
    told = f"The link itself: since when, in which slot. {doc}"
    return [field, LinkField(f"{name}Link", hop, "Link", True, told, of_link=True)]
