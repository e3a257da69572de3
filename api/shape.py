"""Rows of values into the shape of the answer: what GraphQL's completion does, in one pass.

A shape is a function made for one selection. It takes what the store answered for a column and
returns what stands under a key of the response. It enforces what completion would: that what may
not be null is not, and that enums hold their values. Lists from the store are ours: they are
changed in place, because making 1,000 nodes of 10 fields must take about a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, length_hint
from typing import Any, TypeAlias

import orjson

from graph.model.identifier import Utcs
from graph.model.time import FAR, format_micros

Shape: TypeAlias = Callable[[Any], Any]
RowShape: TypeAlias = Callable[[list[Any]], dict[str, Any]]
Path: TypeAlias = list[str | int]


class FieldError(Exception):
    """A value cannot be told: it makes the nearest place above null that may be null."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.path: Path = []

    def under(self, path: Path) -> FieldError:
        """Returns the same error, told from further above."""
        error = FieldError(self.message)
        error.path = [*path, *self.path]
        return error


@dataclass(slots=True)
class Faults:
    """Counts the field errors that stand in an answer: without any, nobody looks for them."""

    found: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the response to a row.

    Attributes:
        name: The response key.
        place: Which column it tells; None for a constant.
        shape: What is made of the value; None for the value itself.
        required: The `Type.field` that may not be null, if so.
        is_list: Whether nothing stored means an empty list.
        constant: What a key without a column says.
    """

    name: str
    place: int | None
    shape: Shape | None = None
    required: str | None = None
    is_list: bool = False
    constant: str | None = None


def shape_row(keys: Sequence[Key]) -> RowShape:
    """Returns the function that makes a response object of a row."""
    places = [key.place for key in keys if key.place is not None]
    if places == list(range(len(places))):
        return _teller(keys)  # the keys tell the columns in their order: the usual case
    pick, told = _picker(places), _teller(keys)
    return lambda row: told(pick(row))


def _teller(keys: Sequence[Key]) -> RowShape:
    """Makes a response object of the values of the keys, in their order, constants left out."""
    names = [key.name for key in keys]
    constants = [(i, key.constant) for i, key in enumerate(keys) if key.place is None]
    changes = [(i, key.shape) for i, key in enumerate(keys) if key.shape]
    fill = _filler(keys)

    def tell_plain(row: list[Any]) -> dict[str, Any]:
        if None in row:
            fill(row)
        return dict(zip(names, row))  # noqa: B905 - naming `strict` costs a fifth of it

    def tell(row: list[Any]) -> dict[str, Any]:
        for place, constant in constants:
            row.insert(place, constant)
        if None in row:
            fill(row)
        place = 0
        try:
            for place, change in changes:
                if row[place] is not None:
                    row[place] = change(row[place])
        except FieldError as error:
            error.path.insert(0, names[place])
            raise
        return dict(zip(names, row))  # noqa: B905 - as above

    return tell if constants or changes else tell_plain


def _filler(keys: Sequence[Key]) -> Callable[[list[Any]], None]:
    """Returns the function that puts what is told where nothing is stored."""
    never_null = [(i, key) for i, key in enumerate(keys) if key.required or key.is_list]

    def fill(row: list[Any]) -> None:
        for place, key in never_null:
            if row[place] is None:
                row[place] = _absent(key)

    return fill


def _picker(places: Sequence[int]) -> Callable[[list[Any]], list[Any]]:
    """Returns the function that picks values at places, some perhaps twice, into a new list."""
    if len(places) < 2:
        return lambda row: [row[place] for place in places]
    get = itemgetter(*places)
    return lambda row: list(get(row))


def _absent(key: Key) -> list[Any]:
    """What is told where nothing is stored."""
    if not key.is_list:
        error = FieldError(f"Cannot return null for non-nullable field {key.required}.")
        error.path.append(key.name)
        raise error
    return []


def shape_rows(shape: RowShape) -> Callable[[list[list[Any]]], list[dict[str, Any]]]:
    """Returns the function that makes a list of response objects; an error tells its index."""

    def shape_all(rows: list[list[Any]]) -> list[dict[str, Any]]:
        left = iter(rows)
        try:
            return [shape(row) for row in left]
        except FieldError as error:
            error.path.insert(0, len(rows) - length_hint(left) - 1)
            raise

    return shape_all


def under(name: str, shape: Shape) -> Shape:
    """Returns the function that makes an object of one key."""

    def shape_one(value: Any) -> dict[str, Any]:
        try:
            return {name: shape(value)}
        except FieldError as error:
            error.path.insert(0, name)
            raise

    return shape_one


def shape_only(shape: RowShape) -> Shape:
    """Returns the function that makes the one response object, or null for none."""

    def shape_first(rows: list[list[Any]]) -> dict[str, Any] | None:
        return shape(rows[0]) if rows else None

    return shape_first


def shape_by_kind(shapes: Mapping[str, RowShape], place: int) -> RowShape:
    """Returns the function that shapes a row by the kind that it tells itself."""

    def shape(row: list[Any]) -> dict[str, Any]:
        return shapes[row[place]](row)

    return shape


def nullable(shape: Shape, faults: Faults) -> Shape:
    """Returns a shape that answers, where its value cannot be told, the error in its place."""

    def guarded(value: Any) -> Any:
        try:
            return shape(value)
        except FieldError as error:
            faults.found += 1
            return error

    return guarded


def settle(answer: Any, path: Path) -> Iterator[FieldError]:
    """Makes errors that stand in an answer null, and tells each with its whole path."""
    places = (
        answer.items()
        if isinstance(answer, dict)
        else enumerate(answer)
        if isinstance(answer, list)
        else ()
    )
    for key, value in places:
        if isinstance(value, FieldError):
            answer[key] = None
            yield value.under([*path, key])
        else:
            yield from settle(value, [*path, key])


def tell_micros(micros: int) -> str | None:
    """Returns a moment, or None for the far future: an end that is not known."""
    return None if micros == FAR else format_micros(micros)


def tell_checked(utcs: str) -> str:
    """Returns an identifier with its check character."""
    return Utcs.parse(utcs).checked


def tell_json(text: str) -> Any:
    """Returns the JSON value that the store keeps as text."""
    return orjson.loads(text)


def tell_enum(name: str, values: frozenset[str]) -> Shape:
    """Returns the function that lets through the values of an enum only."""

    def tell(value: str) -> str:
        if value not in values:
            raise FieldError(f"Enum '{name}' cannot represent value: {value!r}")
        return value

    return tell


def tell_stated(names: Sequence[str]) -> Shape:
    """Returns the function that tells, of several values, those that are there, by name."""

    def tell(values: list[Any]) -> dict[str, Any]:
        return {name: value for name, value in zip(names, values, strict=True) if value is not None}

    return tell
