from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from graph.model import ontology
from graph.model.canonical import canonical_bytes
from graph.model.engineering import Requirement
from graph.model.identifier import Utcs
from graph.model.kind import MAX_DEPTH, MAX_DIGITS, Kind
from graph.model.maintenance import Task
from graph.model.operation import Flight, Recommendation
from graph.model.product import Aircraft, Part, Serial
from graph.model.resources import Facility, Person
from tests.strategies_ontology import things


def make_part(**changes: Any) -> Part:
    return Part.model_validate({"name": "Tank", "number": "28-1001-1"} | changes)


@pytest.mark.parametrize("kind", ontology.kinds())
@settings(max_examples=5)
@given(data=st.data())
def test_any_thing_of_every_kind_can_be_made_and_survives_json(
    kind: str, data: st.DataObject
) -> None:
    _, properties = data.draw(things(kind))

    written = json.dumps(properties.model_dump(mode="json"))

    assert type(properties).model_validate(json.loads(written)) == properties


@settings(max_examples=30)
@given(things())
def test_equal_things_have_one_canonical_form(thing: tuple[Utcs, Kind]) -> None:
    _, properties = thing
    again = type(properties).model_validate(properties.model_dump(mode="json", exclude_none=True))

    assert canonical_bytes(again.model_dump()) == canonical_bytes(properties.model_dump())


@pytest.mark.parametrize("kind", ontology.kinds())
def test_kind_needs_a_name_and_takes_no_property_it_does_not_know(kind: str) -> None:
    cls = ontology.get_kind(kind)

    with pytest.raises(ValidationError, match="name"):
        cls.model_validate({"name": " "})
    with pytest.raises(ValidationError, match="name"):
        cls.model_validate({})
    with pytest.raises(ValidationError, match="colour"):
        cls.model_validate({"name": "x", "colour": "red"})


@settings(max_examples=30)
@given(things())
def test_thing_cannot_be_altered(thing: tuple[Utcs, Kind]) -> None:
    _, properties = thing

    with pytest.raises(ValidationError, match="frozen"):
        properties.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("12.5 kg", "12.5"),
        ("12.5kg", "12.5"),
        (" 12.50 ", "12.5"),
        ("1e3", "1000"),
        (100, "100"),
        (0.1, "0.1"),
        (Decimal("0.30"), "0.3"),
        ("-0", "0"),
        ("0.000001", "0.000001"),
        ("123456789012345", "123456789012345"),
        ("12345678901234500000", "12345678901234500000"),
    ],
)
def test_quantity_has_one_spelling(given: Any, kept: str) -> None:
    mass = make_part(mass_kg=given).mass_kg

    assert mass == Decimal(kept)
    assert canonical_bytes(mass) == f'"{kept}"'.encode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("12 lb", r"'12 lb' is in lb, but this property is in kg: convert it"),
        ("12 KG", "is in KG"),
        ("12 kg kg", "is in kg kg"),
        ("12,5", "has a comma: decimals take a point"),
        ("kg", "'kg' is not a number in kg"),
        ("", "is not a number"),
        ("1_000", "is in _000"),
        ("0x10", "is in x10"),
        ("१२", "is not a number"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (Decimal("sNaN"), "finite"),
        (True, "True is not a number"),
        ([1], "is not a number"),
        (-1, "greater than or equal to 0"),
        ("-0.001 kg", "greater than or equal to 0"),
        ("1234567890123456", "more than 15 significant digits: round it"),
        ("0.1234567890123456", "more than 15 significant digits"),
        ("1.00000000000000000000000000000000001", "more than 15 significant digits"),
        (10**400 + 1, "more than 15 significant digits"),
        ("1e400", "too large or too small to store"),
        ("1e-400", "too large or too small to store"),
        ("1e99999999", "is not a number|is in"),
        ("9" * 101, "is not a number"),
    ],
)
def test_quantity_refuses_what_is_not_exactly_a_number_of_its_unit(given: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        make_part(mass_kg=given)


def test_quantity_that_tries_to_make_reading_slow_is_refused_at_once() -> None:
    started = time.process_time()

    with pytest.raises(ValidationError, match="is not a number"):
        make_part(mass_kg="1 a" + " " * 1_000_000 + "b")

    assert time.process_time() - started < 0.5


@given(st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1), st.integers(-80, 80))
def test_quantity_comes_back_from_a_binary64_as_it_went_in(digits: int, exponent: int) -> None:
    value = make_part(unit_cost_eur=Decimal(digits).scaleb(exponent)).unit_cost_eur

    assert value == Decimal(digits).scaleb(exponent)
    assert Decimal(repr(float(value))) == value


@pytest.mark.parametrize(
    ("field", "least", "most"), [("latitude_deg", -90, 90), ("longitude_deg", -180, 180)]
)
def test_bounds_of_a_quantity_are_inside(field: str, least: int, most: int) -> None:
    for value in (least, most):
        assert getattr(Facility.model_validate({"name": "x", field: value}), field) == value
    for beyond in (least - 0.1, most + 0.1):
        with pytest.raises(ValidationError, match="than or equal to"):
            Facility.model_validate({"name": "x", field: beyond})


@pytest.mark.parametrize(
    "given",
    ["2026-01-15T09:30:00", "2026-01-15", "yesterday", 0, 1.5, datetime(2026, 1, 1), True],  # noqa: DTZ001
)
def test_moment_without_zone_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError, match="takeoff_at"):
        Flight.model_validate({"name": "x", "takeoff_at": given})


def test_moment_is_held_in_utc() -> None:
    flight = Flight.model_validate({"name": "x", "takeoff_at": "2026-01-15T10:30:00+01:00"})

    assert flight.takeoff_at == datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    assert flight.model_dump(mode="json")["takeoff_at"] == "2026-01-15T09:30:00.000000Z"


@pytest.mark.parametrize(
    "given", [0, 1767225600, 1.5, "15.01.2026", "2026-02-30", "2026-01-15T00:00:00Z", True,
              datetime(2026, 1, 15, tzinfo=UTC)]
)  # fmt: skip
def test_day_is_taken_only_as_a_day(given: Any) -> None:
    with pytest.raises(ValidationError, match="manufactured_on"):
        Serial.model_validate({"name": "x", "manufactured_on": given})


def test_day_is_taken_as_text_or_date() -> None:
    for day in ("2026-01-15", date(2026, 1, 15)):
        serial = Serial.model_validate({"name": "x", "manufactured_on": day})
        assert serial.manufactured_on == date(2026, 1, 15)


@pytest.mark.parametrize("given", ["5", 5.0, True, -1, 2**31, None.__class__])
def test_count_is_a_whole_number_that_graphql_can_carry(given: Any) -> None:
    with pytest.raises(ValidationError, match="crew"):
        Task.model_validate({"name": "x", "crew": given})


@pytest.mark.parametrize("given", [0, 6, 2.0])
def test_rating_is_one_of_five(given: Any) -> None:
    with pytest.raises(ValidationError, match="severity"):
        Recommendation.model_validate({"name": "x", "severity": given})


@pytest.mark.parametrize(
    ("cls", "changes"),
    [
        (Part, {"number": "P 1\n"}),
        (Part, {"number": " P1"}),
        (Part, {"number": ""}),
        (Part, {"number": "P" * 101}),
        (Part, {"number": 1}),
        (Part, {"number": None}),
        (Part, {"cage": "0AB1O"}),
        (Part, {"cage": "0ab12"}),
        (Part, {"ata_chapter": "2"}),
        (Part, {"ata_chapter": "28-41-03-01-02"}),
        (Part, {"ata_chapter": "28-41\n"}),
        (Part, {"ata_chapter": "२८"}),
        (Part, {"status": "Active"}),
        (Part, {"status": "active "}),
        (Part, {"is_serialised": "maybe"}),
        (Part, {"name": "x" * 301}),
        (Part, {"name": ""}),
        (Part, {"name": None}),
        (Part, {"description": "x" * 100_001}),
        (Part, {"description": "\ud800"}),
        (Part, {"aliases": ["no-such-scheme:1"]}),
        (Part, {"aliases": ["dpp:DPP-H2-001"] * 51}),
        (Part, {"extra": [1]}),
        (Part, {"extra": {1: 2}}),
        (Part, {"kind": "serial"}),
        (Part, {"hash": "x"}),
        (Aircraft, {"icao_address": "3C65A"}),
        (Aircraft, {"icao_address": "3c65ab"}),
    ],
)
def test_value_out_of_form_is_refused_by_the_name_of_its_property(
    cls: type[Kind], changes: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as caught:
        cls.model_validate(
            {"name": "x", "number": "1"} | changes if cls is Part else {"name": "x"} | changes
        )

    (name,) = changes
    assert {error["loc"][0] for error in caught.value.errors()} == {name}


def test_extra_keeps_json_and_writes_doubtful_numbers_as_numerals() -> None:
    extra = {"a": [1, 1.5, 2**53 - 1, 2**53, -(2**60)], "b": {"c": None, "d": True, "e": 1e300}}

    kept = make_part(extra=extra).extra

    assert kept == {
        "a": [1, "1.5", 2**53 - 1, str(2**53), str(-(2**60))],
        "b": {"c": None, "d": True, "e": "1e+300"},
    }
    assert make_part(extra=kept).extra == kept


@pytest.mark.parametrize("given", [float("nan"), float("inf"), {"deep": [float("-inf")]}])
def test_extra_refuses_what_is_no_json_number(given: Any) -> None:
    with pytest.raises(ValidationError, match="is not a number; leave it out"):
        make_part(extra={"a": given})


def test_extra_refuses_what_is_nested_without_end() -> None:
    nested: Any = 1
    for _ in range(100_000):
        nested = [nested]

    with pytest.raises(ValidationError, match=f"nested deeper than {MAX_DEPTH}"):
        make_part(extra={"a": nested})


def test_person_goes_by_a_pseudonym_only() -> None:
    with pytest.raises(ValidationError, match="name: a person has none here"):
        Person(name="Ada Lovelace", pseudonym="P-0042")


def test_things_share_no_state_through_their_defaults() -> None:
    first, second = Requirement(name="a"), Requirement(name="a")

    assert first == second
    assert first.extra is not second.extra


def test_base_is_no_kind_of_its_own() -> None:
    assert Kind not in ontology.kinds().values()
