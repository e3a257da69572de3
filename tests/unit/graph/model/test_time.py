from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaMode

from graph.model.time import (
    FAR,
    FAR_FUTURE,
    Coordinates,
    TimeError,
    UtcDatetime,
    as_utc,
    format_micros,
    format_utc,
    from_micros,
    parse_moment,
    parse_utc,
    to_micros,
)
from tests.strategies import EARLIEST, micros, moments

NAIVE = datetime(2026, 1, 15, 9, 30)  # noqa: DTZ001
CANONICAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@given(micros)
def test_micros_and_moments_are_the_same_thing(us: int) -> None:
    moment = from_micros(us)

    assert to_micros(moment) == us
    assert moment.utcoffset() == timedelta(0)
    assert format_micros(us) == format_utc(moment)


@given(moments)
def test_every_moment_is_read_back_from_its_canonical_form(moment: datetime) -> None:
    text = format_utc(moment)

    assert CANONICAL.fullmatch(text)
    assert parse_utc(text) == moment
    assert parse_utc(text).tzinfo is UTC
    assert from_micros(to_micros(moment)) == moment


@given(micros, micros)
def test_canonical_texts_sort_as_moments_do(a: int, b: int) -> None:
    assert (format_micros(a) < format_micros(b)) == (a < b)


@given(moments)
def test_offset_of_the_source_does_not_change_the_moment(moment: datetime) -> None:
    assert parse_utc(moment.isoformat()) == moment


def test_far_future_is_the_last_microsecond() -> None:
    assert format_utc(FAR_FUTURE) == format_micros(FAR) == "9999-12-31T23:59:59.999999Z"
    assert from_micros(FAR) == FAR_FUTURE
    assert format_micros(EARLIEST) == "0001-01-01T00:00:00.000000Z"


def test_nothing_happens_at_the_open_end_and_nobody_looks_from_there() -> None:
    with pytest.raises(TimeError, match="stands for an open end"):
        parse_utc("9999-12-31T23:59:59.999999Z")
    with pytest.raises(TimeError, match=r"as_of: .* stands for an open end"):
        Coordinates(as_of=FAR_FUTURE)
    assert Coordinates(as_of=FAR_FUTURE - timedelta.resolution).as_of


@pytest.mark.parametrize("us", [FAR + 1, EARLIEST - 1, 10**30, -(10**30)])
def test_micros_outside_the_calendar_are_refused(us: int) -> None:
    for convert in (from_micros, format_micros):
        with pytest.raises(TimeError, match="outside years 1 to 9999"):
            convert(us)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2026-01-15T09:30:00Z", "2026-01-15T09:30:00.000000Z"),
        ("2026-01-15t09:30:00z", "2026-01-15T09:30:00.000000Z"),
        ("2019-11-01T14:00:00.000+01:00", "2019-11-01T13:00:00.000000Z"),
        ("2026-01-15T09:30:00.1-05:30", "2026-01-15T15:00:00.100000Z"),
        ("2026-01-15T09:30:00.123456000Z", "2026-01-15T09:30:00.123456Z"),
        ("2026-01-15T09:30:00-00:00", "2026-01-15T09:30:00.000000Z"),
        ("2024-02-29T23:59:59.999999+23:59", "2024-02-29T00:00:59.999999Z"),
    ],
)
def test_rfc_3339_is_read(text: str, canonical: str) -> None:
    assert format_utc(parse_utc(text)) == canonical


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-01-15T09:30:00", "has no offset; add Z for UTC or one like +01:00"),
        ("2026-01-15", "write it as 2026-01-15T09:30:00Z"),
        ("", "is not an RFC 3339 time"),
        ("now", "is not an RFC 3339 time"),
        ("2026-01-15 09:30:00Z", "is not an RFC 3339 time"),
        ("20260115T093000Z", "is not an RFC 3339 time"),
        ("2026-W03-4T09:30:00Z", "is not an RFC 3339 time"),
        ("2026-01-15T09:30Z", "is not an RFC 3339 time"),
        ("2026-01-15T09:30:00,5Z", "is not an RFC 3339 time"),
        ("2026-01-15T09:30:00+0100", "is not an RFC 3339 time"),
        ("2026-01-15T09:30:00Z\n", "is not an RFC 3339 time"),
        (" 2026-01-15T09:30:00Z", "is not an RFC 3339 time"),
        ("2026-01-15T09:30:00Z\x00", "is not an RFC 3339 time"),
        ("٢٠٢٦-01-15T09:30:00Z", "is not an RFC 3339 time"),
        ("2026-02-30T09:30:00Z", "not in the calendar: day is out of range"),
        ("2026-01-15T24:00:00Z", "not in the calendar: hour"),
        ("2026-06-30T23:59:60Z", "not in the calendar: second"),
        ("0000-01-01T00:00:00Z", "not in the calendar: year"),
        ("2026-01-15T09:30:00+24:00", "has an offset that no clock has; give one like +01:00"),
        ("2026-01-15T09:30:00.1234567Z", "finer than a microsecond; give six"),
        ("9999-12-31T23:59:59-01:00", "outside years 1 to 9999 in UTC"),
        ("0001-01-01T00:00:00+01:00", "outside years 1 to 9999 in UTC"),
    ],
)
def test_wrong_time_is_refused_with_field_and_fix(text: str, said: str) -> None:
    with pytest.raises(TimeError, match=re.escape(said)) as caught:
        parse_utc(text, "valid_from")

    assert str(caught.value).startswith("valid_from: ")
    assert caught.value.field == "valid_from"


@pytest.mark.parametrize("value", [None, 1768465800, 1.5, b"2026-01-15T09:30:00Z", NAIVE.date()])
def test_other_types_are_refused(value: Any) -> None:
    for read in (parse_utc, parse_moment, as_utc, to_micros):
        with pytest.raises(TimeError):
            read(value)


@pytest.mark.parametrize("fill", ["2", "2026-01-15T09:30:00.", "0" * 30 + "Z", "é"])
def test_ten_megabytes_fail_fast_and_are_not_repeated(fill: str) -> None:
    text = "2026-01-15T09:30:00." + fill * (10_000_000 // len(fill))
    began = time.perf_counter()

    with pytest.raises(TimeError) as caught:
        parse_moment(text)

    assert len(str(caught.value)) < 500
    assert time.perf_counter() - began < 0.5


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        parse_moment(text)
    except TimeError as error:
        assert str(error).isascii()  # noqa: PT017 - most texts are refused, not all


def test_naive_moment_is_refused_everywhere() -> None:
    for convert in (to_micros, format_utc, as_utc):
        with pytest.raises(TimeError, match="has no offset; add one"):
            convert(NAIVE)


def test_bare_date_is_the_start_of_its_day_in_utc() -> None:
    assert format_utc(parse_moment("2026-01-15")) == "2026-01-15T00:00:00.000000Z"
    assert parse_moment("2026-01-15T01:00:00+01:00") == parse_moment("2026-01-15")
    with pytest.raises(TimeError, match="not in the calendar"):
        parse_moment("2026-02-30")


def test_zone_with_summer_time_is_taken_at_that_moment() -> None:
    madrid = ZoneInfo("Europe/Madrid")

    assert format_utc(datetime(2026, 1, 15, 12, tzinfo=madrid)) == "2026-01-15T11:00:00.000000Z"
    assert format_utc(datetime(2026, 7, 15, 12, tzinfo=madrid)) == "2026-07-15T10:00:00.000000Z"
    # The hour that occurs twice, on 25 October 2026: `fold` says which.
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=madrid)
    assert format_utc(second) == "2026-10-25T01:30:00.000000Z"


def test_coordinates_are_current_only_when_both_are_open() -> None:
    now = datetime.now(UTC)

    assert Coordinates().is_current
    assert not Coordinates(as_of=now).is_current
    assert not Coordinates(known_at=now).is_current


def test_coordinates_are_kept_in_utc_and_naive_ones_refused() -> None:
    local = datetime(2026, 1, 15, 10, 30, tzinfo=timezone(timedelta(hours=1)))

    assert Coordinates(as_of=local) == Coordinates(as_of=local.astimezone(UTC))
    assert Coordinates(as_of=local).as_of.tzinfo is UTC  # type: ignore[union-attr]
    assert hash(Coordinates(as_of=local)) == hash(Coordinates(as_of=local.astimezone(UTC)))
    with pytest.raises(TimeError, match=r"known_at: .* has no offset"):
        Coordinates(known_at=NAIVE)


class Model(BaseModel):
    when: UtcDatetime


def test_field_holds_utc_and_writes_the_canonical_form() -> None:
    model = Model.model_validate({"when": "2026-01-15T10:30:00+01:00"})

    assert model.when == datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    assert model.model_dump() == {"when": model.when}
    assert model.model_dump_json() == '{"when":"2026-01-15T09:30:00.000000Z"}'
    assert Model.model_validate_json(model.model_dump_json()) == model


@pytest.mark.parametrize("value", [NAIVE, "2026-01-15T09:30:00", "2026-01-15", 0, None, "0"])
def test_field_error_is_collected_with_the_field(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"when\n"):
        Model.model_validate({"when": value})


def test_json_schema_says_date_time() -> None:
    modes: tuple[JsonSchemaMode, ...] = ("validation", "serialization")
    for mode in modes:
        schema = TypeAdapter(UtcDatetime).json_schema(mode=mode)
        assert schema["format"] == "date-time"
