from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.event import MAX_BYTES, Event, EventError, event_hash, read_event
from graph.model.identifier import Utcs
from tests.strategies_ontology import events

PART = "utcs:AMPEL360:part:28-1001-1"
PROPERTIES = {"name": "Tank", "number": "28-1001-1"}


def document(**changes: Any) -> dict[str, Any]:
    facts = [{"fact": "put_node", "utcs": PART, "properties": PROPERTIES}]
    envelope = {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:ampel360:plm",
        "type": "org.utcs.facts.put.v1",
        "time": "2026-01-15T09:30:00Z",
        "actor": "e.0042",
        "data": {"facts": facts},
    }
    changed = envelope | changes
    return {name: value for name, value in changed.items() if value is not ...}


def part_with(**properties: Any) -> dict[str, Any]:
    facts = [{"fact": "put_node", "utcs": PART, "properties": PROPERTIES | properties}]
    return document(data={"facts": facts})


@settings(max_examples=50)
@given(events())
def test_any_event_survives_its_canonical_form(event: Event) -> None:
    again = read_event(event.canonical())

    assert again == event
    assert again.canonical() == event.canonical()


@settings(max_examples=30)
@given(events(), st.randoms())
def test_order_of_members_changes_no_hash(event: Event, random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, list):
            return [shuffled(item) for item in value]
        if not isinstance(value, dict):
            return value
        names = list(value)
        random.shuffle(names)
        return {name: shuffled(value[name]) for name in names}

    again = read_event(json.dumps(shuffled(json.loads(event.canonical()))))

    assert event_hash(again.canonical()) == event_hash(event.canonical())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"mass_kg": "12.5"}, {"mass_kg": "12.6"}),
        ({"mass_kg": "0"}, {}),
        ({"extra": {"a": None}}, {"extra": {}}),
        ({"extra": {"a": 1}}, {"extra": {"a": True}}),
        ({"aliases": ["erp:4711"]}, {"aliases": ["erp:4712"]}),
        ({"is_serialised": False}, {}),
    ],
)
def test_different_statements_have_different_hashes(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    one, other = (read_event(part_with(**properties)).canonical() for properties in (first, second))

    assert event_hash(one) != event_hash(other)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (part_with(mass_kg="12.50 kg"), part_with(mass_kg=12.5)),
        (document(time="2026-01-15T10:30:00+01:00"), document(time="2026-01-15T09:30:00.000000Z")),
        (document(sourcerank=50), document()),
        (document(subject=PART), document(subject=Utcs.parse(PART).checked)),
    ],
)
def test_two_spellings_of_one_statement_have_one_hash(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert read_event(first).canonical() == read_event(second).canonical()


def test_event_is_read_from_bytes_text_or_a_parsed_document() -> None:
    text = json.dumps(document())

    assert read_event(text) == read_event(text.encode()) == read_event(document())
    assert read_event(text).identity == ("urn:ampel360:plm", "1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": ...}, "id: is missing; add it"),
        ({"id": ""}, "id: "),
        ({"id": "x" * 201}, "id: "),
        ({"id": 7}, r"id: text is expected; write it in quotes \(given 7\)"),
        ({"source": ...}, "source: is missing; add it"),
        ({"actor": ...}, "actor: is missing; add it"),
        ({"actor": ""}, "actor: "),
        ({"time": ...}, "time: is missing; add it"),
        ({"time": "2026-01-15T09:30:00"}, "time: '2026-01-15T09:30:00' has no offset; add Z"),
        ({"time": "2026-01-15"}, "time: .*is not an RFC 3339 time"),
        ({"time": 5}, "time: 5 is not an RFC 3339 time"),
        ({"time": "2026-02-30T00:00:00Z"}, "time: .*not in the calendar"),
        ({"specversion": "0.3"}, "specversion: .*'1.0'"),
        (
            {"type": "org.utcs.facts.put.v9"},
            "type: 'org.utcs.facts.put.v9' is not known; use one of",
        ),
        ({"type": None}, "type: None is not known"),
        ({"type": ["a"]}, "type: .* is not known"),
        ({"datacontenttype": "text/xml"}, "datacontenttype: .*application/json"),
        ({"subject": "utcs:AMPEL360:part:1~!"}, "subject: .*check character"),
        ({"sourcerank": 100}, r"sourcerank: is out of bounds; give 99 or less \(given 100\)"),
        ({"group": ""}, "group: "),
        ({"Bad_name": "x"}, "Bad_name: extension attributes are"),
        ({"x" * 21: "x"}, "extension attributes are"),
        ({"tracestate": {"a": 1}}, "tracestate: extension attributes .*hold a string"),
        ({"tracestate": 1.5}, "tracestate: extension attributes"),
        ({"data": ...}, "data: is missing; add it"),
        ({"data": {}}, "data.facts: is missing; add it"),
        ({"data": {"facts": []}}, "data.facts: holds too few; give at least 1"),
        ({"data": {"facts": "x"}}, "data.facts: a list is expected"),
        ({"data": {"facts": [5]}}, "data.facts.0: a JSON object is expected"),
        ({"data": 5}, r"data: a JSON object is expected.*\(given 5\)"),
        ({"data_base64": "AA=="}, "data_base64: binary data is not taken; give the facts as JSON"),
        ({"data": {"facts": [{}]}}, "data.facts.0: 'fact' is missing"),
        ({"data": {"facts": [{"fact": "zap"}]}}, "data.facts.0: .*'zap'.*'put_node'"),
        ({"data": {"facts": [], "more": 1}}, "data.more: there is no such field; correct its name"),
    ],
)
def test_envelope_that_is_wrong_is_refused_with_field_value_and_fix(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(EventError, match=said):
        read_event(document(**changes))


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        (
            {"mass_kg": "12 lb"},
            r"mass_kg: '12 lb' is in lb, but this property is in kg: convert it",
        ),
        ({"colour": "red"}, r"colour: there is no such field; correct its name.*\(given 'red'\)"),
        ({"number": ""}, "number: "),
        ({"status": "actve"}, r"status: .*'active'.*\(given 'actve'\)"),
        ({"extra": {"a": float("nan")}}, "extra: nan is not a number; leave it out"),
    ],
)
def test_wrong_property_is_refused_with_its_place_in_the_event(
    properties: dict[str, Any], said: str
) -> None:
    with pytest.raises(EventError, match=rf"data\.facts\.0\.put_node\.{said}"):
        read_event(part_with(**properties))


def test_every_wrong_field_is_named_at_once_and_only_those() -> None:
    with pytest.raises(EventError) as caught:
        read_event(part_with(mass_kg="12 lb", colour="red") | {"id": ""})

    assert str(caught.value).startswith("id: ")
    assert str(caught.value).count("data.facts") == 2


def test_wrong_identifier_in_a_fact_says_where_it_stands() -> None:
    facts = [
        {"fact": "retire_node", "utcs": PART, "reason": "x"},
        {"fact": "put_node", "utcs": "nonsense"},
    ]

    with pytest.raises(EventError, match=r"data\.facts\.1\.put_node: .*must begin with 'utcs:'"):
        read_event(document(data={"facts": facts}))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe{}", "byte 0 is not UTF-8"),
        (b'{"id": "\xe9"}', "byte 8 is not UTF-8; write the text as UTF-8"),
        (b"", "not JSON, line 1 column 1"),
        (b'{"id": 1', "not JSON, line 1 column"),
        (b'{"id": NaN}', "not JSON"),
        (b"{'id': 1}", "not JSON"),
        (b"[]", "a JSON object is expected"),
        (b'"x"', "a JSON object is expected"),
        (b"null", "a JSON object is expected"),
        (b'{"id": "\\ud800"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_json_object_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(EventError, match=said):
        read_event(raw)


def test_event_nested_deep_is_refused_whatever_it_came_as() -> None:
    nested: Any = 1
    for _ in range(950):
        nested = {"a": nested}
    extra = document(data={"facts": [{"fact": "put_node", "utcs": PART, "properties": nested}]})

    with pytest.raises(EventError, match="event: is nested deeper than 64 levels; flatten it"):
        read_event(extra)


def test_half_of_a_surrogate_pair_is_refused_in_text_too() -> None:
    with pytest.raises(EventError, match="byte 8 is not UTF-8"):
        read_event('{"id": "\ud800"}')


def test_names_that_are_no_text_are_refused() -> None:
    with pytest.raises(EventError):
        read_event(document() | {None: "x"})  # type: ignore[arg-type]


def test_event_of_fifty_megabytes_is_refused_unread() -> None:
    raw = b'{"id": "' + b"x" * 50_000_000 + b'"}'
    started = time.process_time()

    with pytest.raises(EventError, match="event: over the limit of 1,048,576 bytes"):
        read_event(raw)

    assert time.process_time() - started < 0.1


def test_limit_of_size_counts_bytes_not_characters() -> None:
    with pytest.raises(EventError, match="over the limit"):
        read_event(json.dumps(document(id="é" * (MAX_BYTES // 2)), ensure_ascii=False))


def test_message_stays_short_whatever_was_given() -> None:
    with pytest.raises(EventError) as caught:
        read_event(part_with(status="x" * 100_000))

    assert len(str(caught.value)) < 500


def test_extension_attributes_are_kept_and_hashed() -> None:
    traced, plain = document(traceparent="00-1"), document()

    assert b'"traceparent":"00-1"' in read_event(traced).canonical()
    assert read_event(traced).canonical() != read_event(plain).canonical()


def test_event_cannot_be_altered() -> None:
    event = read_event(document())

    with pytest.raises(ValueError, match="frozen"):
        event.id = "2"  # type: ignore[misc]


def test_event_that_corrects_itself_is_refused() -> None:
    """It was parked for ever: what it waits for arrives with itself."""
    itself = {"fact": "correct", "source": "urn:ampel360:plm", "id": "1", "reason": "wrong"}

    with pytest.raises(EventError, match=r"facts\.0\.correct: an event cannot correct itself"):
        read_event(document(data={"facts": [itself]}))
    assert read_event(document(data={"facts": [itself | {"source": "urn:other"}]}))
