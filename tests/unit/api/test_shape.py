"""Rows into answers: nulls, enums and paths as ordinary completion would have them."""

from __future__ import annotations

from typing import Any

import pytest

from api.shape import (
    Faults,
    FieldError,
    Key,
    nullable,
    settle,
    shape_by_kind,
    shape_only,
    shape_row,
    shape_rows,
    tell_enum,
    tell_micros,
)
from graph.model.time import FAR

NAME = Key("name", 0, required="Part.name")
TAGS = Key("tags", 1, is_list=True)


def test_keys_stand_in_the_order_in_which_they_were_asked() -> None:
    shape = shape_row([Key("b", 1), Key("__typename", None, constant="Part"), Key("a", 0)])

    assert list(shape(["x", "y"]).items()) == [("b", "y"), ("__typename", "Part"), ("a", "x")]


def test_one_column_may_be_told_under_two_names() -> None:
    shape = shape_row([Key("a", 0), Key("b", 0, shape=str.upper), Key("c", 1)])

    assert shape(["x", None]) == {"a": "x", "b": "X", "c": None}


def test_a_constant_between_columns_moves_nothing() -> None:
    shape = shape_row([Key("a", 0), Key("t", None, constant="T"), Key("b", 1, shape=tell_micros)])

    assert shape(["x", 0]) == {"a": "x", "t": "T", "b": "1970-01-01T00:00:00.000000Z"}


def test_the_far_future_is_told_as_null() -> None:
    assert tell_micros(FAR) is None


def test_an_empty_list_is_told_where_nothing_is_stored() -> None:
    assert shape_row([NAME, TAGS])(["x", None]) == {"name": "x", "tags": []}


@pytest.mark.parametrize("keys", [[NAME, TAGS], [TAGS, NAME]])
def test_what_may_not_be_null_is_an_error_with_its_path(keys: list[Key]) -> None:
    shape = shape_rows(shape_row(keys))

    with pytest.raises(FieldError, match=r"non-nullable field Part\.name") as caught:
        shape([["x", None], [None, None]])

    assert caught.value.path == [1, "name"]


def test_a_value_that_the_enum_lacks_is_an_error() -> None:
    shape = shape_row([Key("status", 0, shape=tell_enum("PartStatus", frozenset({"active"})))])

    assert shape(["active"]) == {"status": "active"}
    with pytest.raises(FieldError, match="Enum 'PartStatus' cannot represent value: 'gone'"):
        shape(["gone"])


def test_an_error_makes_null_what_may_be_null_above_it_and_tells_the_whole_path() -> None:
    faults = Faults()
    inner = nullable(shape_only(shape_row([NAME])), faults)
    shape = shape_rows(shape_row([Key("maker", 0, shape=inner), Key("n", 1)]))

    answer: Any = {"parts": shape([[[["x"]], 1], [[[None]], 2]])}
    errors = list(settle(answer, []))

    assert answer == {"parts": [{"maker": {"name": "x"}, "n": 1}, {"maker": None, "n": 2}]}
    assert [error.path for error in errors] == [["parts", 1, "maker", "name"]]
    assert faults.found == 1


def test_each_kind_has_its_own_shape() -> None:
    shape = shape_by_kind({"part": shape_row([Key("a", 1)]), "serial": shape_row([Key("b", 2)])}, 0)

    assert [shape(["part", 1, 2]), shape(["serial", 1, 2])] == [{"a": 1}, {"b": 2}]
