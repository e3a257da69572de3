from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator as Validator

from graph.model import ontology
from graph.model.event import Event, EventError, read_event
from graph.model.fact import PutLink
from graph.model.ontology import OntologyError
from graph.model.schemas import event_schema, kind_schema, link_schema
from tests.strategies_ontology import events, links, things

AIRCRAFT = "utcs:AMPEL360:aircraft:1"
SERIAL = "utcs:AMPEL360:serial:1"
PART = "utcs:AMPEL360:part:1"


@cache
def event_validator() -> Validator:
    return Validator(event_schema())


@cache
def kind_validator(kind: str) -> Validator:
    return Validator(kind_schema(kind))


def event(fact: dict[str, Any]) -> dict[str, Any]:
    envelope = {"id": "1", "source": "urn:x", "time": "2026-01-15T09:30:00Z", "actor": "me"}
    return envelope | {"data": {"facts": [fact]}}


def is_taken(document: dict[str, Any]) -> bool:
    try:
        read_event(document)
    except EventError:
        return False
    return True


@pytest.mark.parametrize("kind", ontology.kinds())
def test_schema_of_a_kind_is_a_schema_with_a_stable_name(kind: str) -> None:
    schema = kind_schema(kind)

    Validator.check_schema(schema)
    assert schema["$id"] == f"urn:utcs:schema:kind:{kind}"
    assert schema["title"] == ontology.label(kind)
    assert schema["description"]
    assert all("description" in value for value in schema["properties"].values())


@pytest.mark.parametrize("name", ontology.link_types())
def test_schema_of_a_link_type_is_a_schema_with_a_stable_name(name: str) -> None:
    schema = link_schema(name)

    Validator.check_schema(schema)
    assert schema["$id"] == f"urn:utcs:schema:link:{name}"
    assert schema["description"] == ontology.get_link_type(name).doc


def test_schema_of_an_event_stands_alone() -> None:
    schema = event_schema()

    Validator.check_schema(schema)
    assert schema["$id"] == "urn:utcs:schema:event"
    for reference in _references(schema):
        assert reference.startswith("#/$defs/")
        assert reference.removeprefix("#/$defs/") in schema["$defs"]


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [found for item in value.values() for found in _references(item)]


@settings(max_examples=25)
@given(things())
def test_what_a_kind_takes_its_schema_takes(thing: Any) -> None:
    utcs, properties = thing

    kind_validator(utcs.kind).validate(json.loads(properties.model_dump_json()))


@settings(max_examples=25)
@given(links())
def test_what_a_link_type_takes_its_schema_takes(put: PutLink) -> None:
    document = put.model_dump(mode="json")

    Validator(link_schema(put.link)).validate(document)


@settings(max_examples=30)
@given(events())
def test_what_reading_takes_the_schema_of_events_takes(any_event: Event) -> None:
    event_validator().validate(json.loads(any_event.canonical()))
    event_validator().validate(json.loads(any_event.model_dump_json()))


@pytest.mark.parametrize(
    "fact",
    [
        {},
        {"fact": "zap"},
        {"utcs": PART, "properties": {"name": "x", "number": "1"}},
        {"fact": "put_node", "utcs": PART},
        {"fact": "put_node", "utcs": PART, "properties": {"name": "x"}},
        {"fact": "put_node", "utcs": PART, "properties": {"name": "x", "number": "1", "msn": "1"}},
        {"fact": "put_node", "utcs": PART, "properties": {"name": "x", "number": 1}},
        {
            "fact": "put_node",
            "utcs": PART,
            "properties": {"name": "x", "number": "1", "mass_kg": "1 lb"},
        },
        {
            "fact": "put_node",
            "utcs": PART,
            "properties": {"name": "x", "number": "1", "mass_kg": -1},
        },
        {
            "fact": "put_node",
            "utcs": PART,
            "properties": {"name": "x", "number": "1", "status": "new"},
        },
        {"fact": "put_node", "utcs": PART, "properties": {"name": "x", "number": "1", "cage": "O"}},
        {"fact": "put_node", "utcs": SERIAL, "properties": {"name": "x", "number": "1"}},
        {"fact": "put_node", "utcs": "28-1001", "properties": {"name": "x", "number": "1"}},
        {"fact": "retire_node", "utcs": PART},
        {"fact": "put_link", "source": PART, "link": "CONTAINS", "target": SERIAL, "slot": "1"},
        {"fact": "put_link", "source": AIRCRAFT, "link": "CONTAINS", "target": PART, "slot": "1"},
        {"fact": "put_link", "source": AIRCRAFT, "link": "CONTAINS", "target": SERIAL},
        {"fact": "put_link", "source": SERIAL, "link": "INSTANCE_OF", "target": PART, "slot": "1"},
        {
            "fact": "put_link",
            "source": SERIAL,
            "link": "INSTANCE_OF",
            "target": PART,
            "properties": {"a": 1},
        },
        {"fact": "put_link", "source": SERIAL, "link": "INSTANCE", "target": PART},
        {"fact": "end_link", "source": PART, "link": "CONTAINS", "target": SERIAL, "slot": "1"},
        {"fact": "correct", "source": "urn:x", "id": "1"},
    ],
)
def test_what_reading_refuses_the_schema_refuses(fact: dict[str, Any]) -> None:
    assert not is_taken(event(fact))
    assert not event_validator().is_valid(event(fact))


@pytest.mark.parametrize(
    "fact",
    [
        {
            "fact": "put_node",
            "utcs": PART,
            "properties": {"name": "x", "number": "1", "mass_kg": "1 kg"},
        },
        {"fact": "put_node", "utcs": AIRCRAFT, "properties": {"name": "x", "msn": "1"}},
        {
            "fact": "put_link",
            "source": AIRCRAFT,
            "link": "CONTAINS",
            "target": AIRCRAFT,
            "slot": "1",
        },
        {"fact": "put_link", "source": SERIAL, "link": "INSTANCE_OF", "target": PART},
        {"fact": "put_link", "source": SERIAL, "link": "INSTANCE_OF", "target": PART, "slot": None},
        {"fact": "correct", "source": "urn:x", "id": "0", "reason": "typed twice"},
    ],
)
def test_what_people_write_by_hand_both_take(fact: dict[str, Any]) -> None:
    assert is_taken(event(fact))
    event_validator().validate(event(fact))


@settings(max_examples=25)
@given(st.data())
def test_property_of_another_kind_is_refused_by_both(data: st.DataObject) -> None:
    utcs, properties = data.draw(things())
    foreign = sorted({name for cls in ontology.kinds().values() for name in cls.model_fields})
    name = data.draw(
        st.sampled_from(foreign).filter(lambda n: n not in type(properties).model_fields)
    )
    document = {"fact": "put_node", "utcs": str(utcs)}
    document["properties"] = json.loads(properties.model_dump_json()) | {name: None}

    assert not is_taken(event(document))
    assert not kind_validator(utcs.kind).is_valid(document["properties"])


def test_unknown_names_are_told_apart() -> None:
    with pytest.raises(OntologyError, match="did you mean part"):
        kind_schema("prat")
    with pytest.raises(OntologyError, match="did you mean CONTAINS"):
        link_schema("CONTAIN")


def test_schemas_are_json_through_and_through() -> None:
    for schema in (event_schema(), kind_schema("part"), link_schema("HAS_COMPONENT")):
        assert json.loads(json.dumps(schema)) == schema
