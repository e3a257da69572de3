"""Time: aware UTC moments with microseconds, one far-future constant, and the two coordinates.

Two axes hold for every version and link: world time (when something was true) and knowledge time
(when we knew it). Written form: RFC 3339 in UTC with exactly six fractional digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from graph.errors import TraceError

FAR_FUTURE: Final = datetime.max.replace(tzinfo=UTC)
"""The open end of an interval: 9999-12-31T23:59:59.999999Z."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - prints without an offset
_DAY_US: Final = 86_400_000_000
_SECOND_US: Final = 1_000_000
_MICROSECOND: Final = timedelta.resolution
_RFC_3339: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6}(?P<beyond>\d{0,14}))?"
    r"(?P<offset>Z|[+-]\d{2}:\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class TimeError(TraceError):
    """A moment is naive, malformed or out of range; the sentence says how to write it.

    Attributes:
        field: The name of the field that holds the moment.
    """

    field: str


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Where a read stands on both axes of time; None on an axis is now.

    Attributes:
        as_of: World time: what was true at that moment.
        known_at: Knowledge time: what we knew at that moment.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None

    def __post_init__(self) -> None:
        for field in ("as_of", "known_at"):
            if (moment := getattr(self, field)) is not None:
                object.__setattr__(self, field, _before_the_end(as_utc(moment, field), field))

    @property
    def is_current(self) -> bool:
        """Whether the read is about now, as known now."""
        return self.as_of is None and self.known_at is None


def as_utc(moment: datetime, field: str = "time") -> datetime:
    """Returns the same moment in UTC.

    Raises:
        TimeError: The moment has no offset, or falls outside years 1 to 9999 in UTC.
    """
    if not isinstance(moment, datetime):
        raise _error(field, moment, "is not a moment; give an aware datetime")
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        fix = "has no offset; add one, as in 2026-01-15T09:30:00Z or +01:00"
        raise _error(field, moment.isoformat(), fix)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise _error(field, moment.isoformat(), "is outside years 1 to 9999 in UTC") from error


def to_micros(moment: datetime, field: str = "time") -> int:
    """Returns microseconds since 1970-01-01T00:00:00Z, exact.

    Raises:
        TimeError: The moment has no offset.
    """
    since = as_utc(moment, field) - _EPOCH
    return since.days * _DAY_US + since.seconds * _SECOND_US + since.microseconds


FAR: Final = to_micros(FAR_FUTURE)
"""`FAR_FUTURE` in microseconds."""


def from_micros(micros: int) -> datetime:
    """Returns the UTC moment that is so many microseconds after 1970-01-01T00:00:00Z.

    Raises:
        TimeError: The moment is outside years 1 to 9999.
    """
    return _moved(_EPOCH, micros)


def format_utc(moment: datetime) -> str:
    """Returns the canonical form, `2026-01-15T09:30:00.000000Z`.

    Raises:
        TimeError: The moment has no offset.
    """
    return as_utc(moment).isoformat("T", "microseconds")[:26] + "Z"


def format_micros(micros: int) -> str:
    """Returns the canonical form of a moment given in microseconds since 1970.

    Used for every time of every row that is read: positional arguments save a third (2026-11).

    Raises:
        TimeError: The moment is outside years 1 to 9999.
    """
    return _moved(_NAIVE_EPOCH, micros).isoformat("T", "microseconds") + "Z"


def parse_utc(text: str, field: str = "time") -> datetime:
    """Returns the moment of an RFC 3339 date-time, in UTC.

    Raises:
        TimeError: The form is another, the offset is missing, no such moment exists, the fraction
            is finer than a microsecond, or it is the moment that stands for an open end.
    """
    found = _RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise _error(field, text, "is not an RFC 3339 time; write it as 2026-01-15T09:30:00Z")
    if found["offset"] is None:
        raise _error(field, text, f"has no offset; add Z for UTC or one like +01:00: {text}Z")
    if (found["beyond"] or "").strip("0"):
        raise _error(field, text, "is finer than a microsecond; give six fractional digits")
    if found["offset"][1:3] > "23" or found["offset"][4:] > "59":
        raise _error(field, text, "has an offset that no clock has; give one like +01:00")
    try:
        return _before_the_end(as_utc(datetime.fromisoformat(text.upper()), field), field)
    except ValueError as error:
        raise _error(field, text, f"is not in the calendar: {error}") from error


def parse_moment(text: str, field: str = "time") -> datetime:
    """Returns the moment of an RFC 3339 date-time, or the start in UTC of a bare date.

    For what people type; documents go through `parse_utc`.

    Raises:
        TimeError: As for `parse_utc`.
    """
    if isinstance(text, str) and _DATE.fullmatch(text):
        return parse_utc(f"{text}T00:00:00Z", field)
    return parse_utc(text, field)


def _before_the_end(moment: datetime, field: str) -> datetime:
    """Returns the moment, unless it is the one that stands for an open end: nothing happens then."""
    if moment == FAR_FUTURE:
        raise _error(
            field, moment.isoformat(), "stands for an open end; leave it out, or give a moment"
        )
    return moment


def _moved(epoch: datetime, micros: int) -> datetime:
    try:
        return epoch + micros * _MICROSECOND
    except OverflowError as error:
        raise _error("time", str(micros), "microseconds are outside years 1 to 9999") from error


def _error(field: str, given: object, problem: str) -> TimeError:
    value = given[:40] if isinstance(given, str) else given
    return TimeError(f"{field}: {value!a:.42} {problem}", field=field)


def _validated(value: Any) -> datetime:
    try:
        if isinstance(value, datetime):
            return _before_the_end(as_utc(value), "time")
        return parse_utc(value)
    except TimeError as error:  # Pydantic collects ValueError, with the field's name
        raise ValueError(error.message.removeprefix("time: ")) from error


UtcDatetime = Annotated[
    datetime,
    BeforeValidator(_validated),
    PlainSerializer(format_utc, return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-01-15T09:30:00.000000Z"]}
    ),
]
"""A field that takes aware moments only, holds them in UTC and writes the canonical form to JSON."""
