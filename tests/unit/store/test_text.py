"""Gaps are filled completely, or not at all."""

from __future__ import annotations

import pytest

from graph.store.text import fill


def test_gaps_are_filled_and_comments_left_out() -> None:
    assert fill("thing/row_now", row="row") == "NOT row:History"


def test_a_gap_that_is_left_is_a_mistake() -> None:
    with pytest.raises(KeyError, match=r"cypher/thing/row_now\.cypher has a gap left: «row»"):
        fill("thing/row_now")


def test_a_piece_without_a_gap_is_a_mistake() -> None:
    with pytest.raises(KeyError, match=r"cypher/thing/row_now\.cypher has no gap «x»"):
        fill("thing/row_now", row="row", x="y")
