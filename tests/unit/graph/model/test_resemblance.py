"""How alike two records are, and that the score says why."""

from __future__ import annotations

from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import ontology
from graph.model.resemblance import (
    Values,
    Verdict,
    bare,
    code_key,
    compare,
    features_of,
    keys,
    same_code,
    same_place,
    same_words,
)

LINKS = {name for link in ontology.link_types().values() for name in (link.name, link.inverse)}


def values(kind: str, **said: Any) -> Values:
    return [said.get(feature.name) for feature in features_of(kind)]


texts = st.text(max_size=20)


@given(texts, texts)
def test_likeness_has_no_order_and_lies_between_nought_and_one(one: str, other: str) -> None:
    for alike in (same_code, same_words, same_place):
        assert 0.0 <= alike(one, other) <= 1.0
        assert alike(one, other) == alike(other, one)
        assert alike(one, one) == 1.0


@given(
    st.lists(st.none() | texts, min_size=5, max_size=5),
    st.lists(st.none() | texts, min_size=5, max_size=5),
)
def test_a_pair_scores_the_same_from_both_sides_and_is_the_sum_of_what_is_told(
    one: Values, other: Values
) -> None:
    there, back = compare("serial", one, other), compare("serial", other, one)

    assert (there.score, there.verdict) == (back.score, back.verdict)
    assert there.score == round(sum(c.contribution for c in there.comparisons), 2)
    assert all(c.contribution == 0 for c in there.comparisons if c.similarity is None)
    assert all(c.contribution <= c.weight for c in there.comparisons)


@given(texts, texts)
def test_codes_that_count_as_alike_come_together(one: str, other: str) -> None:
    if same_code(one, other) > 0:
        assert code_key(one) == code_key(other)


@pytest.mark.parametrize("kind", ontology.kinds())
def test_what_is_compared_is_there_to_be_compared(kind: str) -> None:
    features = features_of(kind)
    names = {feature.name for feature in features}

    assert names <= {*ontology.get_kind(kind).model_fields, *LINKS}
    assert any(feature.key for feature in features)
    assert all(0 < f.u < f.m < 1 for f in features)
    assert all(set(f.vetoed_with) <= names for f in features)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("P-100A", "P-100A", 1), ("P-100A", "p 100/a", 0.95), ("P-1O0", "P-I00", 0.8), ("P-100", "P-101", 0)],
)  # fmt: skip
def test_punctuation_and_look_alikes_make_codes_less_alike(
    one: str, other: str, likeness: float
) -> None:
    assert same_code(one, other) == likeness


def test_what_is_compared_weighs_as_fellegi_and_sunter_say() -> None:
    number = features_of("part")[0]

    alike = compare("part", values("part", number="P-1"), values("part", number="P-1"))
    differing = compare("part", values("part", number="P-1"), values("part", number="P-2"))

    assert alike.score == round(log2(number.m / number.u), 2) == 9.89
    assert differing.score == round(log2((1 - number.m) / (1 - number.u)), 2) == -4.32


@pytest.mark.parametrize(
    ("kind", "one", "other", "verdict"),
    [
        ("part", {"number": "P-100", "cage": "0AB12"}, {"number": "P100", "cage": "0AB12"}, Verdict.LIKELY),
        ("part", {"number": "P-100"}, {"number": "P100", "name": "Valve"}, Verdict.POSSIBLE),
        ("part", {"number": "P-1", "name": "Rib"}, {"number": "P-2", "name": "Rib"}, Verdict.UNLIKELY),
        ("serial", {"serial_number": "7", "INSTANCE_OF": "a"}, {"serial_number": "7", "INSTANCE_OF": "b"},
         Verdict.POSSIBLE),
        ("supplier", {"name": "Cryo Valves GmbH", "city": "Bremen"},
         {"name": "Cryo Valves", "city": "Bremen", "country": "DE"}, Verdict.POSSIBLE),
    ],
)  # fmt: skip
def test_pairs_come_to_the_verdict_that_people_would_give(
    kind: str, one: dict[str, str], other: dict[str, str], verdict: Verdict
) -> None:
    assert compare(kind, values(kind, **one), values(kind, **other)).verdict is verdict


def test_two_numbers_of_one_maker_are_two_things_whatever_else_agrees() -> None:
    same = {
        "cage": "0AB12",
        "INSTANCE_OF": "p",
        "manufactured_on": "2025-01-01",
        "manufacturer": "Cryo",
    }

    alike = compare("serial", values("serial", serial_number="7", **same),
                    values("serial", serial_number="8", **same))  # fmt: skip

    assert alike.verdict is Verdict.VETOED
    assert alike.veto == "serial_number: 7 and 8 are two of the same cage, 0AB12"


def test_keys_bring_together_what_is_spelt_differently() -> None:
    one = values("part", number="P-1O0 a", name="Shut-off valve")
    other = values("part", number="p100A", name="VALVE, shut off")

    assert set(keys("part", one)) == set(keys("part", other))
    assert bare("***") == "***"
