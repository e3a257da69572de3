"""The scalars of the schema: moments, days and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from graph.errors import TraceError
from graph.model.time import format_utc, parse_moment

JSON = NewType("JSON", object)
"""Any JSON value, as it stands."""


def _read_moment(value: object) -> datetime:
    try:
        return parse_moment(value, "DateTime")  # type: ignore[arg-type]  # it refuses what is no text
    except TraceError as error:
        raise GraphQLError(error.message) from error


def _read_day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise GraphQLError(
            f"Date: {str(value)[:40]!r} is no day; write it as 2026-01-15"
        ) from error


def _tell_moment(value: datetime | str) -> str:
    return value if isinstance(value, str) else format_utc(value)


def _tell_day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


SCALARS: Final[Mapping[Any, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, to the microsecond: `2026-01-15T09:30:00.000000Z`. "
        "Given, any RFC 3339 date-time with an offset, or a date for its first moment in UTC.",
        serialize=_tell_moment,
        parse_value=_read_moment,
    ),
    date: strawberry.scalar(
        name="Date", description="A day: `2026-01-15`.", serialize=_tell_day, parse_value=_read_day
    ),
    JSON: strawberry.scalar(name="JSON", description="Any JSON value, as it stands."),
}
