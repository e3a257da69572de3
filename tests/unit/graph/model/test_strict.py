"""JSON that two readers could read differently, and text that does not read as it is stored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.strict import JsonError, find_unfit, read_json, split_array

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(VALUES)
def test_what_is_plain_json_is_read_as_everybody_reads_it(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": "a", "id": "b"}', "'id' is named 2 times"),
        ('{"a": {"id": 1, "x": 2, "id": 1}}', "'id' is named 2 times"),
        ('[{"n": 1}, {"n": 2, "n": ":"}]', "'n' is named 2 times"),
        (r'{"n": "\u003a", "n": "\u003a:"}', "'n' is named 2 times"),
        (r'{"a": 1, "\u0061": 2}', "'a' is named 2 times"),
        ("[1180591620717411303424]", "has 22 digits"),
        ("[0.1234567890123456789]", "has 19 digits"),
        ('{"mass_kg": 1.000000000000000000001e3}', "has 22 digits"),
        ("[1, 2", "not JSON"),
        ("[" * 2000 + "]" * 2000, "not JSON"),
    ],
)
def test_what_readers_could_read_differently_is_refused(text: str, said: str) -> None:
    with pytest.raises(JsonError, match=said):
        read_json(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"source": "urn:epc:id:sgtin:4012345678901.0012345678.25", "id": "a:b"}',
        '{"id": "550e8400-0000-0000-0000-446655440000", "n": 9007199254740993}',
        r'{"n": "\u003a"}',
        "[" * 300 + "]" * 300,
    ],
)
def test_what_only_looks_suspicious_is_read(text: str) -> None:
    assert read_json(text.encode()) == json.loads(text)


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 0, 3]))
def test_items_of_an_array_are_found_as_they_are_written(values: list[Any], indent: Any) -> None:
    text = json.dumps(values, indent=indent)

    assert [json.loads(item) for item in split_array(f" {text} ".encode())] == values


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": ["x", "b\x00c"]}, "a.1: U+0000 at character 2; remove it"),
        ({"name": "\u202eTRAP"}, "name: U+202E at character 1; remove it"),
        ({"extra": {"a\x1bb": 1}}, "extra, a name in it: U+001B at character 2; remove it"),
        ({"name": "a\x0c"}, "name: U+000C at character 2; remove it"),
        ({"name": r"a backslash \u0000 is none", "lines": "one\n\ttwo\r\n"}, None),
        ({"name": "Prüfgerät, \u05d1\u05d3\u05d9\u05e7\u05d4"}, None),
    ],
)
def test_text_holds_no_character_that_makes_it_read_otherwise(value: Any, said: str | None) -> None:
    assert find_unfit(value, json.dumps(value, ensure_ascii=False).encode()) == said
