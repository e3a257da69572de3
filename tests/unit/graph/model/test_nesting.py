"""JSON of any depth: measured and written without recursion."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.nesting import is_deeper, write_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def nested(levels: int) -> Any:
    value: Any = "x"
    for level in range(levels):
        value = {"a": value, "b": 1} if level % 2 else [value, 2]
    return value


@given(JSON)
def test_what_is_written_reads_the_same(value: Any) -> None:
    deep = value
    for _ in range(300):  # more than orjson writes by itself
        deep = [deep]

    read = orjson.loads(write_json(deep))

    for _ in range(300):
        (read,) = read
    assert read == value


def test_depth_of_thousands_is_written() -> None:
    written = write_json(nested(20_000))

    assert written.count(b"[") == written.count(b"]") == 10_000


@pytest.mark.parametrize(("levels", "deeper"), [(0, False), (64, False), (65, True), (5000, True)])
def test_depth_is_counted_in_containers(levels: int, deeper: bool) -> None:
    assert is_deeper(nested(levels)) is deeper


def test_what_json_has_no_form_for_is_written_as_text() -> None:
    written = write_json({1: {2}, None: "\ud800", "a": object})

    assert json.loads(written)["1"] == "{2}"
