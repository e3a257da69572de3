"""A filter as the caller wrote it, as a condition on stored properties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from api.values import Values
from api.vocabulary import THING, Form, PropertyField, ThingType, thing_types
from graph.model import ontology
from graph.model.time import format_utc, to_micros
from graph.store.errors import BadQuestionError
from graph.store.selection import (
    All,
    AnyOf,
    Compare,
    Condition,
    Hop,
    Linked,
    Missing,
    Not,
    Operator,
    Property,
)

_OPERATORS: Final = {
    "eq": Operator.EQ,
    "in": Operator.IN,
    "gt": Operator.GT,
    "gte": Operator.GTE,
    "lt": Operator.LT,
    "lte": Operator.LTE,
    "contains": Operator.CONTAINS,
    "startsWith": Operator.STARTS_WITH,
    "endsWith": Operator.ENDS_WITH,
    "has": Operator.HAS,
}


def read_filter(
    given: dict[str, Any], each: ThingType, values: Values, path: str = "filter"
) -> Condition:
    """Returns the condition that a filter states; its values are added to `values`.

    Raises:
        BadQuestionError: Something in the filter is null: it would compare with nothing.
    """
    return All(tuple(_parts(given, each, values, path)))


def stored_value(value: Any, form: Form) -> Any:
    """Returns a value that the caller gave, as the store keeps it."""
    if isinstance(value, list):
        return [stored_value(one, form) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return to_micros(value) if form is Form.MICROS else format_utc(value)
    return value.isoformat() if isinstance(value, date) else value


def _parts(
    given: dict[str, Any], each: ThingType, values: Values, path: str
) -> Iterator[Condition]:
    for name, value in given.items():
        where = f"{path}.{name}"
        if value is None:
            raise _null(where)
        if name in ("and", "or"):
            parts = tuple(read_filter(v, each, values, f"{where}.{i}") for i, v in enumerate(value))
            yield All(parts) if name == "and" else AnyOf(parts)
        elif name == "not":
            yield Not(read_filter(value, each, values, where))
        elif name == "hasLink":
            yield from (_linked(one, values, f"{where}.{i}") for i, one in enumerate(value))
        else:
            field = each.fields[name]
            assert isinstance(field, PropertyField)  # noqa: S101 - the schema lets nothing else through
            yield from _comparisons(field, value, values, where)


def _comparisons(
    field: PropertyField, given: dict[str, Any], values: Values, path: str
) -> Iterator[Condition]:
    column = field.column
    assert isinstance(column, Property)  # noqa: S101 - only such fields are comparable
    for name, value in given.items():
        if value is None or (isinstance(value, list) and None in value):
            raise _null(f"{path}.{name}")
        if name == "isNull":
            yield Missing(column) if value else Not(Missing(column))
            continue
        place = values.add(stored_value(value, field.form))
        if name == "ne":
            yield Not(Compare(column, Operator.EQ, place))
        else:
            yield Compare(column, _OPERATORS[name], place)


def _linked(given: dict[str, Any], values: Values, path: str) -> Condition:
    hop = _hop(given["link"].value)
    to = given.get("to")
    inner = read_filter(to, thing_types()[THING], values, f"{path}.to") if to else None
    linked = Linked(hop, inner)
    return linked if given.get("exists", True) else Not(linked)


def _hop(name: str) -> Hop:
    if name in ontology.link_types():
        return Hop(name, forward=True)
    return next(
        Hop(link.name, forward=False)
        for link in ontology.link_types().values()
        if link.inverse == name
    )


def _null(path: str) -> BadQuestionError:
    return BadQuestionError(
        f"{path}: null compares with nothing; leave it out, or write isNull: true", field=path
    )
