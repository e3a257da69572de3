"""No change breaks those who send what the released schema takes; and the check for that can be trusted."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from graph.model.schemas import event_schema, written
from tests.compatibility import Comparison
from tests.strategies_schema import documents

RELEASED = Path(__file__).parents[4] / "docs" / "schemas" / "event.json"

FIX = (
    "Senders rely on docs/schemas/event.json. Let the old form be taken too, or give the event type a new "
    "version (org.utcs.….v2) beside this one. If nobody can rely on it yet, release anew: "
    "python -m graph.model.schemas > docs/schemas/event.json"
)

Change = Callable[[dict[str, Any]], Any]


@cache
def released() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(RELEASED.read_bytes())
    return schema


def of(schema: dict[str, Any], path: str) -> Any:
    found: Any = schema
    for name in path.split("/"):
        found = found[int(name) if name.isdigit() else name]
    return found


def part(schema: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = of(schema, "$defs/Part/properties")
    return properties


def test_no_change_breaks_senders_of_the_released_schema() -> None:
    broken = Comparison(released(), event_schema()).breaks()

    assert not broken, "\n".join([*broken, FIX])


@cache
def current() -> Draft202012Validator:
    return Draft202012Validator(event_schema())


# Shrinking a document of this schema takes minutes, and the message names the place anyway.
@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.deferred(lambda: documents(released())))
def test_what_the_released_schema_takes_is_taken(document: Any) -> None:
    current().validate(document)


def test_schema_is_written_so_that_it_is_read_alike() -> None:
    schema = event_schema()

    assert json.loads(written(schema)) == schema
    assert max(map(len, written(schema).splitlines())) < 60_000


BREAKING: dict[str, tuple[Change, str]] = {
    "property removed": (lambda s: part(s).pop("mass_kg"), "Part.mass_kg: is not taken any more"),
    "property renamed": (
        lambda s: part(s).update(mass=part(s).pop("mass_kg")), "Part.mass_kg: is not taken any more",
    ),
    "value removed": (
        lambda s: of(s, "$defs/PartStatus/enum").pop(0), "PartStatus: 'in_development' not taken",
    ),
    "longest text shorter": (
        lambda s: part(s)["name"].update(maxLength=10), "Part.name: maxLength was 300, and is 10",
    ),
    "shortest text longer": (
        lambda s: part(s)["name"].update(minLength=2), "Part.name: minLength was 1, and is 2",
    ),
    "range narrower": (
        lambda s: of(s, "properties/sourcerank").update(maximum=50), "maximum was 99, and is 50",
    ),
    "range where there was none": (
        lambda s: of(s, "properties/sourcerank").update(exclusiveMinimum=1), "exclusiveMinimum was open",
    ),
    "property required": (
        lambda s: of(s, "$defs/Part/required").append("revision"), "Part.revision: is required now",
    ),
    "new property required": (
        lambda s: (part(s).update(x={"type": "string"}), of(s, "$defs/Part/required").append("x")),
        "Part.x: is required now",
    ),
    "other type": (
        lambda s: part(s).update(number={"type": "integer"}), "Part.number: was string, and is integer",
    ),
    "null not taken": (
        lambda s: part(s).update(description={"type": "string"}), "was null, and is string now",
    ),
    "other pattern": (
        lambda s: part(s)["name"].update(pattern="^[a-z]+$"), "Part.name: the pattern was",
    ),
    "scheme of aliases removed": (
        lambda s: of(s, "$defs/Part/properties/aliases/items").update(pattern="^(dpp|msn):.+$"),
        "Part.aliases[]: the pattern was",
    ),
    "kind removed": (
        lambda s: of(s, "$defs/PutNode/properties/utcs/allOf/0").update(
            pattern="^utcs:[A-Z0-9]{2,16}:(part):"
        ),
        "PutNode.utcs: the pattern was",
    ),
    "link type removed": (
        lambda s: of(s, "$defs/PutLink/properties/link/enum").remove("CONTAINS"),
        "PutLink.link: 'CONTAINS' not taken any more",
    ),
    "end of a link narrower": (
        lambda s: of(s, "$defs/PutLink/allOf/0/then/properties/target").update(
            pattern="^utcs:[A-Z0-9]{2,16}:(requirement):"
        ),
        "PutLink with link DERIVES_FROM.target: the pattern was",
    ),
    "fact removed": (
        lambda s: of(s, "$defs/Facts/properties/facts/items/oneOf").pop(4), "Correct",
    ),
    "type of event removed": (
        lambda s: of(s, "properties/type").update(enum=["org.utcs.facts.put.v2"]),
        "event.type: 'org.utcs.facts.put.v1' not taken any more",
    ),
    "new attribute where extensions stood": (
        lambda s: s["properties"].update(traceparent={"type": "string"}), "event.traceparent: was",
    ),
    "rule for a kind that was there": (
        lambda s: of(s, "$defs/RetireNode").update(
            allOf=[{"if": {"properties": {"utcs": {"pattern": "^utcs:[A-Z0-9]{2,16}:(part):"}}},
                    "then": {"required": ["reason"]}}]
        ),
        "RetireNode: has a new rule",
    ),
    "keyword that is not known here": (
        lambda s: part(s)["name"].update(contentEncoding="base64"), "cannot be compared",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKING)
def test_change_that_breaks_senders_is_found(name: str) -> None:
    change, told = BREAKING[name]
    changed = copy.deepcopy(released())

    change(changed)

    broken = Comparison(released(), changed).breaks()
    assert any(told in sentence for sentence in broken), broken


NEW_RULE = {
    "if": {"properties": {"utcs": {"pattern": "^utcs:[A-Z0-9]{2,16}:(gizmo):"}}},
    "then": {"properties": {"properties": {"$ref": "#/$defs/Part"}}},
}
HARMLESS: dict[str, Change] = {
    "new property": lambda s: part(s).update(colour={"type": "string"}),
    "new value": lambda s: of(s, "$defs/PartStatus/enum").append("new"),
    "no more required": lambda s: of(s, "$defs/Part/required").remove("number"),
    "longer text": lambda s: part(s)["name"].update(maxLength=1000),
    "other words": lambda s: part(s)["name"].update(description="Otherwise.", title="x"),
    "null taken too": lambda s: part(s).update(name={"anyOf": [part(s)["name"], {"type": "null"}]}),
    "new link type": lambda s: (
        of(s, "$defs/PutLink/properties/link/enum").append("GLUED_TO"),
        of(s, "$defs/PutLink/allOf").append(
            {"if": {"properties": {"link": {"const": "GLUED_TO"}}}, "then": {"required": ["slot"]}}
        ),
    ),
    "new kind": lambda s: (
        of(s, "$defs/PutNode/properties/utcs/allOf/0").update(
            pattern=of(s, "$defs/PutNode/properties/utcs/allOf/0/pattern").replace("(", "(gizmo|")
        ),
        of(s, "$defs/PutNode/allOf").append(NEW_RULE),
    ),
    "new type of event": lambda s: of(s, "properties/type/enum").append("org.utcs.facts.put.v2"),
    "wider end of a link": lambda s: of(s, "$defs/PutLink/allOf/0/then/properties/source").update(
        pattern="^utcs:[A-Z0-9]{2,16}:(design|requirement):"
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_change_that_breaks_nobody_passes(name: str) -> None:
    changed = copy.deepcopy(released())

    HARMLESS[name](changed)

    assert changed != released()
    assert Comparison(released(), changed).breaks() == []


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    """Small schemas of all sorts, many of which differ a little."""
    bounds = st.integers(0, 3)
    words = st.sampled_from([["a"], ["b"], ["a", "b"], ["a", "b", "c"]])
    leaves = st.one_of(
        st.builds(lambda least: {"type": "integer", "minimum": least}, bounds),
        st.builds(lambda most: {"type": "integer", "maximum": most}, bounds),
        st.builds(lambda most: {"type": "string", "maxLength": most}, bounds),
        st.builds(lambda taken: {"type": "string", "enum": taken}, words),
        st.builds(lambda taken: {"type": "string", "pattern": f"^({'|'.join(taken)})$"}, words),
        st.sampled_from(
            [{"type": "null"}, {"type": "boolean"}, {"type": ["string", "null"]}, {"const": "a"}]
        ),
    )

    def wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        names = st.sampled_from(["x", "y"])
        return st.one_of(
            st.builds(lambda choices: {"anyOf": choices}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda items, most: {"type": "array", "items": items, "maxItems": most}, inner, bounds),
            st.builds(
                lambda properties, required, others: {
                    "type": "object", "properties": properties, "required": sorted(required),
                    "additionalProperties": others,
                },
                st.dictionaries(names, inner, min_size=1), st.sets(names), st.booleans(),
            ),
        )  # fmt: skip

    return st.recursive(leaves, wider, max_leaves=4)


@pytest.mark.slow
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_where_nothing_is_found_every_document_is_taken(data: st.DataObject) -> None:
    old, new = data.draw(schemas()), data.draw(schemas())
    if not Comparison(old, new).breaks():
        document = data.draw(documents(old))

        Draft202012Validator(new).validate(document)
