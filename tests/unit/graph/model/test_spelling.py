"""What is cleansed means the same before and after, and is clean once and for all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import ontology
from graph.model.product import Aircraft, Part
from graph.model.spelling import clean_code, clean_line, codes, lines


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_code(clean_code(text)) == clean_code(text)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_plain_ascii_without_blanks_is_clean(text: str) -> None:
    assert clean_code(text) == clean_line(text) == text


@given(st.text())
def test_letters_and_digits_are_never_lost_nor_added(text: str) -> None:
    def seen(value: str) -> str:
        return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", value)))

    assert seen(clean_line(text)) == seen(text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("P\u2013100\u2212A", "P-100-A"),
        ("P-100\u00a0 A", "P-100 A"),
        ("P-\u200b100", "P-100"),
        ("\uff30\uff0d\uff11", "P-1"),
        ("p-100a", "p-100a"),
        ("O0I1", "O0I1"),
        ("m\u00b2", "m\u00b2"),
    ],
)
def test_a_code_gets_what_is_on_the_plate_and_nothing_is_guessed(text: str, clean: str) -> None:
    assert clean_code(text) == clean


def test_a_dash_between_words_is_left_alone() -> None:
    assert clean_line("Valve \u2013  left") == "Valve \u2013 left"


def test_codes_and_lines_are_told_apart_by_their_type() -> None:
    assert codes(Part) == {"number", "revision"}
    assert {"registration", "msn", "serial_number"} <= codes(Aircraft)
    assert {"name", "manufacturer", "operator"} <= lines(Aircraft)


@pytest.mark.parametrize("kind", ontology.kinds().values(), ids=lambda kind: kind.kind)
def test_every_name_can_be_cleansed_and_no_property_is_both(kind: type) -> None:
    assert "name" in lines(kind)
    assert lines(kind).isdisjoint(codes(kind))
