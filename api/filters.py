"""What lists can be filtered and ordered by: input types, made from the vocabulary."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final

import strawberry

from api.making import definition, given, make_type
from api.vocabulary import THING, Form, PropertyField, ThingType, enums, thing_types
from graph.model import ontology

_DOCS: Final = {
    "eq": "It is this.",
    "ne": "It is not this, or it is not stated.",
    "in": "It is one of these.",
    "gt": "It is more, or later.",
    "gte": "It is this, or more, or later.",
    "lt": "It is less, or earlier.",
    "lte": "It is this, or less, or earlier.",
    "contains": "It has this text in it; capitals matter.",
    "startsWith": "It begins with this text.",
    "endsWith": "It ends with this text.",
    "has": "One of its values is this.",
    "isNull": "Whether it is not stated.",
}
_TEXT: Final = ("contains", "startsWith", "endsWith")
_RANGE: Final = ("gt", "gte", "lt", "lte")


def _comparison(name: str, of: Any, *operators: str) -> Any:
    several = {"in": list[of], "isNull": bool}
    fields = {o: several.get(o, of) for o in ("eq", "ne", "in", *operators, "isNull")}
    return _compared(name, fields)


def _compared(name: str, fields: dict[str, Any]) -> Any:
    made = [given(operator, of | None, _DOCS[operator]) for operator, of in fields.items()]
    doc = f"How a {name.removesuffix('Filter')} is compared; all that is given holds."
    return make_type(name, made, doc, "input")


StringFilter = _comparison("StringFilter", str, *_TEXT, *_RANGE)
IntFilter = _comparison("IntFilter", int, *_RANGE)
FloatFilter = _comparison("FloatFilter", float, *_RANGE)
DateFilter = _comparison("DateFilter", date, *_RANGE)
DateTimeFilter = _comparison("DateTimeFilter", datetime, *_RANGE)
BooleanFilter = _compared("BooleanFilter", {"eq": bool, "ne": bool, "isNull": bool})
StringsFilter = _compared("StringsFilter", {"has": str, "isNull": bool})

_FILTERS: Final = {
    Form.STRING: StringFilter,
    Form.INT: IntFilter,
    Form.FLOAT: FloatFilter,
    Form.BOOLEAN: BooleanFilter,
    Form.DATE: DateFilter,
    Form.DATE_TIME: DateTimeFilter,
    Form.MICROS: DateTimeFilter,
    Form.STRINGS: StringsFilter,
}


@strawberry.enum(description="Which way to order.")
class Direction(Enum):
    """Which way to order."""

    ASC = "ASC"
    DESC = "DESC"


@cache
def kind_names() -> Any:
    """Returns the enum of all kinds, each by its word in the identifier."""
    made = Enum("KindName", [(kind, kind) for kind in ontology.kinds()])  # type: ignore[misc]
    return strawberry.enum(made, description="A kind of thing: the word in its identifier.")


@cache
def link_names() -> Any:
    """Returns the enum of all link types, each under both its names."""
    names = [name for link in ontology.link_types().values() for name in (link.name, link.inverse)]
    made = Enum("LinkName", [(name, name) for name in dict.fromkeys(names)])  # type: ignore[misc]
    return strawberry.enum(
        made,
        description="A link type: by its name along the arrow, or by its inverse name against it.",
    )


@cache
def property_enums() -> dict[str, Any]:
    """Returns the enums of properties by name; their values are the words that events use too."""
    return {
        name: strawberry.enum(
            enum, graphql_name_from="value", description=" ".join((enum.__doc__ or "").split())
        )
        for name, enum in enums().items()
    }


@cache
def filters() -> dict[str, Any]:
    """Returns the filter of each type of things: `PartFilter` under Part, and so on."""
    made = {name: _thing_filter(name) for name in thing_types()}
    to = given("to", made[THING] | None, "What the thing at the other end is like.")
    definition(_link_filter()).fields.append(to)
    return made


@cache
def orders() -> dict[str, Any]:
    """Returns what things of each type can be ordered by."""
    return {name: _ordering(each) for name, each in thing_types().items()}


@cache
def _enum_filter(name: str) -> Any:
    of: Any = kind_names() if name == "KindName" else property_enums()[name]
    fields = {"eq": of, "ne": of, "in": list[of], "isNull": bool}
    return _compared(f"{name}Filter", fields)


def _thing_filter(name: str) -> Any:
    each = thing_types()[name]
    comparable = [f for f in each.properties if f.is_comparable]
    made = make_type(
        f"{name}Filter",
        [given(f.name, _filter_of(f) | None, None) for f in comparable],
        f"Which {name}s; all that is given holds.",
        "input",
    )
    several = list[made]  # type: ignore[valid-type]
    definition(made).fields += [
        given("and", several | None, "All of these hold."),
        given("or", several | None, "At least one of these holds."),
        given("not", made | None, "This does not hold, be it for want of a property."),
        given("hasLink", list[_link_filter()] | None, "Links that it has, or has not."),  # type: ignore[misc]
    ]
    return made


@cache
def _link_filter() -> Any:
    """The filter on links; what the other end is like is added once the filters are there."""
    return make_type(
        "LinkFilter",
        [
            given("link", link_names(), "Which link, and which way."),
            given(
                "exists", bool | None, "Whether there is one (the default), or none.", default=True
            ),
        ],
        "Whether a link leads to such a thing.",
        "input",
    )


def _filter_of(field: PropertyField) -> Any:
    if field.form is Form.KIND:
        return _enum_filter("KindName")
    return _enum_filter(field.enum.__name__) if field.enum else _FILTERS[field.form]


@cache
def orderable() -> dict[str, Any]:
    """Returns the enum of what things of each type can be ordered and counted by."""
    return {name: _orderable(each) for name, each in thing_types().items()}


def _orderable(each: ThingType) -> Any:
    names = [(f.name, f.name) for f in each.properties if f.is_orderable]
    by = Enum(f"{each.name}OrderBy", names)  # type: ignore[misc]
    return strawberry.enum(by, description="What can be ordered and counted by.")


def _ordering(each: ThingType) -> Any:
    fields = [
        given("by", orderable()[each.name], "What to order by."),
        given(
            "direction",
            Direction | None,
            "Which way; missing values stand last going up.",
            Direction.ASC,
        ),
    ]
    return make_type(f"{each.name}Ordering", fields, "What to order by, and which way.", "input")
