"""What may be asked is checked before Neo4j sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.ontology import kinds, link_types
from graph.store.errors import BadQuestionError
from graph.store.question import (
    bounded,
    chosen_kinds,
    chosen_links,
    counted,
    read_cursor,
    sealed,
    write_cursor,
)
from graph.store.search import lucene

PLACES = st.tuples(
    st.integers(0, 2**53), st.text(max_size=80), st.floats(allow_nan=False, width=32)
)


@given(PLACES.filter(lambda place: abs(place[2]) < 1e30))
def test_a_cursor_marks_the_place_it_was_made_at(place: tuple[int, str, float]) -> None:
    mark = write_cursor("trace", *place)

    assert tuple(read_cursor("trace", mark, int, str, float)) == place
    assert mark.isascii()
    with pytest.raises(BadQuestionError, match="not a cursor of impact"):
        read_cursor("impact", mark, int, str, float)


@given(st.text(max_size=60))
def test_whatever_else_is_given_as_a_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadQuestionError, match=r"after: .* is not a cursor of trace"):
        read_cursor("trace", text, int, str)


@pytest.mark.parametrize("value", [0, 11, -1, 10**30, True, 1.0, "3", None])
def test_only_whole_numbers_within_bounds_are_taken(value: object) -> None:
    with pytest.raises(BadQuestionError, match=r"depth: .* give a whole number from 1 to 10"):
        bounded("depth", value, 10)  # type: ignore[arg-type]


def test_names_are_those_of_the_ontology_in_its_order() -> None:
    assert chosen_links(None) == tuple(link_types())
    assert chosen_links(["SATISFIES", "DERIVES_FROM"]) == ("DERIVES_FROM", "SATISFIES")
    assert chosen_links("SATISFIES") == ("SATISFIES",)
    assert chosen_kinds(None) is None
    assert set(chosen_kinds(["serial"]) or ()) == {"serial", "aircraft"}
    assert set(chosen_kinds(list(kinds())) or ()) == set(kinds())


@given(st.text(max_size=20).filter(lambda text: text not in link_types()))
def test_no_other_name_gets_through(text: str) -> None:
    with pytest.raises(BadQuestionError, match=r"links: .* is not in the ontology"):
        chosen_links([text])


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("fuel pump", '"fuel" AND "pump"'),
        ('"fuel pump" x', '"fuel pump" AND "x"'),
        ('say "open', '"say" AND "open"'),
        ("AND OR NOT", '"AND" AND "OR" AND "NOT"'),
        ("a\\ name:b (c* ~2", '"a\\\\" AND "name:b" AND "(c*" AND "~2"'),
        ('x"y"z', '"x" AND "y" AND "z"'),
    ],
)
def test_every_word_of_a_search_stands_in_quotes(text: str, query: str) -> None:
    assert lucene(text) == query


def test_numbers_read_well() -> None:
    assert counted(1, "path") == "1 path"
    assert counted(2000, "path") == "2,000 paths"


def test_a_cursor_is_of_one_question_with_all_that_it_asks() -> None:
    asked = sealed("trace", "utcs:TEST:part:a", ("SATISFIES",), None, 40)
    mark = write_cursor(asked, 1, "b")

    others = [
        sealed("trace", "utcs:TEST:part:b", ("SATISFIES",), None, 40),
        sealed("trace", "utcs:TEST:part:a", ("SATISFIES", "VERIFIES"), None, 40),
        sealed("trace", "utcs:TEST:part:a", ("SATISFIES",), ["part"], 40),
        sealed("impact", "utcs:TEST:part:a", ("SATISFIES",), None, 40),
    ]

    assert read_cursor(asked, mark, int, str) == [1, "b"]
    for other in others:
        with pytest.raises(BadQuestionError, match=r"is not a cursor of (trace|impact) asked so"):
            read_cursor(other, mark, int, str)
