"""Cursors are opaque, exact, and tell when they were changed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursors import read_cursor, write_cursor
from graph.store.errors import BadQuestionError

values = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(
    st.characters(exclude_categories=["Cs"])
)  # fmt: skip


@given(position=st.lists(values, min_size=1, max_size=4))
def test_a_cursor_holds_its_position(position: list[object]) -> None:
    cursor = write_cursor("parts", position)

    assert read_cursor("parts", cursor, len(position)) == position


@given(
    position=st.lists(values, min_size=1, max_size=3),
    place=st.integers(0, 200),
    new=st.sampled_from("Aa0-_~="),
)
def test_a_changed_cursor_is_refused(position: list[object], place: int, new: str) -> None:
    cursor = write_cursor("parts", position)
    place %= len(cursor)
    changed = cursor[:place] + new + cursor[place + 1 :]

    # Only bits that carry nothing can be changed unseen.
    with suppress(BadQuestionError):
        assert read_cursor("parts", changed, len(position)) == position


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "bm8gY3Vyc29y", "=" * 9])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(
        BadQuestionError, match=r"after: .* is no cursor of this list in this order"
    ):
        read_cursor("parts", cursor, 1)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadQuestionError, match="with the same orderBy"):
        read_cursor("parts by name", write_cursor("parts", ["x"]), 1)
