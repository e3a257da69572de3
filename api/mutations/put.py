"""Things: `putPart` and one such field for each kind, made from the ontology."""

# No postponed annotations here: those of a made function hold types that only it knows.
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.making import given, make_type
from api.mutations.outcome import Details, Outcome, ValidFrom, state
from api.queries.asked import Info
from api.scalars import JSON
from api.vocabulary import Form, PropertyField, thing_types
from graph.model import ontology
from graph.model.identifier import IdentifierError, Utcs
from graph.model.time import format_utc
from graph.store.errors import BadQuestionError
from graph.store.selection import Property

_ANNOTATIONS: Final[dict[Form, Any]] = {
    Form.STRING: str,
    Form.INT: int,
    Form.FLOAT: float,
    Form.BOOLEAN: bool,
    Form.DATE: date,
    Form.DATE_TIME: datetime,
    Form.STRINGS: list[str],
    Form.JSON: JSON,
}


def put_fields() -> list[Any]:
    """Returns the field that states a thing, for each kind."""
    return [_field(kind) for kind in ontology.kinds()]


def stated_fields(kind: str) -> dict[str, PropertyField]:
    """Returns the fields of a kind that tell what is stated of it, by the names of the properties."""
    fields = {
        _stored_name(field): field for field in thing_types()[ontology.label(kind)].properties
    }
    return {name: field for name, field in fields.items() if name in _names(kind)}


@cache
def kind_input(kind: str) -> Any:
    """Returns the input type that holds all properties of a kind."""
    label = ontology.label(kind)
    return make_type(
        f"{label}Input",
        [given(field.name, annotation(field), field.doc) for field in stated_fields(kind).values()],
        f"All properties of a {label}, until the next statement about it.",
        "input",
    )


def _field(kind: str) -> Any:
    label, inputs, stated = ontology.label(kind), kind_input(kind), stated_fields(kind)

    async def put(
        info: Info,
        utcs: Annotated[str, strawberry.argument(description="The thing.")],
        input: Annotated[
            Any, strawberry.argument(graphql_type=inputs, description="All of its properties.")
        ],
        valid_from: ValidFrom = None,
        event: Details = None,
    ) -> Outcome:
        _hold(utcs, kind, f"put{label}")
        fact = {"fact": "put_node", "utcs": utcs, "properties": read_input(input, stated)}
        return await state(info, event, utcs, fact, valid_from)

    put.__name__ = f"put_{kind}"  # fields are told apart by it
    return strawberry.field(
        put, name=f"put{label}", description=f"States all properties of a {label}."
    )


def _hold(utcs: str, kind: str, field: str) -> None:
    """Holds the kind that an identifier names against the kind that is stated.

    Kinds that share properties would be taken for each other: anything has a name. What is no
    identifier at all is refused with the event.
    """
    try:
        named = Utcs.parse(utcs).kind
    except IdentifierError:
        return
    if named != kind:
        raise BadQuestionError(
            f"utcs: {utcs} names a {named}, {field} takes a {kind}; "
            "correct the identifier, or use the field of its kind",
            field="utcs",
        )


def _names(kind: str) -> frozenset[str]:
    return frozenset(ontology.get_kind(kind).model_fields)


def _stored_name(field: PropertyField) -> str:
    return field.column.name if isinstance(field.column, Property) else ""


def annotation(field: PropertyField) -> Any:
    """Returns the type of a property in an input."""
    of = property_enums()[field.enum.__name__] if field.enum else _ANNOTATIONS[field.form]
    is_needed = field.required and field.form is not Form.STRINGS
    return of if is_needed else of | None


def step_input(name: str, stated: Mapping[str, PropertyField], description: str) -> Any:
    """Returns the input type that holds what a step states; any of it may be left out."""
    return make_type(
        f"{name[0].upper()}{name[1:]}Input",
        [given(field.name, annotation(field) | None, field.doc) for field in stated.values()],
        description,
        "input",
    )


def read_input(inputs: Any, stated: Mapping[str, PropertyField]) -> dict[str, Any]:
    """Returns the properties that an input gives, as events have them."""
    values = {name: getattr(inputs, f"{field.name}_") for name, field in stated.items()}
    return {
        name: _plain(value)
        for name, value in values.items()
        if value is not None and value is not strawberry.UNSET
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return format_utc(value)
    return value.isoformat() if isinstance(value, date) else value
