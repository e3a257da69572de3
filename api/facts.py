"""What is known of a thing, property by property, as people read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, get_args

from pydantic.fields import FieldInfo

from graph.model.kind import Kind, Unit

_APART: Final = frozenset({"name", "description", "aliases", "extra"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One property as the page shows it."""

    name: str
    value: str
    unit: str
    meaning: str


def facts(thing: Kind, moment: Callable[[datetime], str]) -> Iterator[Fact]:
    """Yields what is known of a thing's properties, in the order of its kind's declaration.

    Args:
        thing: What is described.
        moment: Writes a time, in the form that stands elsewhere on the page.
    """
    for name, field in type(thing).model_fields.items():
        value = getattr(thing, name)
        if name not in _APART and value is not None and value != ():
            unit = unit_of(field)
            label = name.removesuffix(f"_{unit}") if unit else name
            yield Fact(
                label.replace("_", " "), _written(value, moment), unit, field.description or ""
            )


def unit_of(field: FieldInfo) -> str:
    """Returns the unit of a quantity, or nothing."""
    marks = [*field.metadata]
    for part in get_args(field.annotation):
        marks += getattr(part, "__metadata__", ())
    return next((mark.symbol for mark in marks if isinstance(mark, Unit)), "")


def _written(value: Any, moment: Callable[[datetime], str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, tuple):
        return ", ".join(_written(one, moment) for one in value)
    if isinstance(value, datetime):
        return moment(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
