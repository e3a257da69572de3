from __future__ import annotations

import copy
import pickle
import random
import re
import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaMode

from graph.model.identifier import (
    MAX_LENGTH,
    MODULUS,
    PATTERN,
    RADIX,
    SYMBOLS,
    IdentifierError,
    Utcs,
    VersionRef,
    check_character,
)
from tests.strategies import utcs_ids, version_refs

SERIAL = "utcs:AMPEL360:serial:FC-00042"
LONGEST = Utcs("Z" * 16, "k" * 32, "-" * 64)


# --- the check character: a proof over the whole class of errors ---


def weighted_sum(text: str) -> int:
    """The definition, without Horner's rule: place i from the right, the check character at 1."""
    return sum(SYMBOLS.index(s) * RADIX ** (i + 1) for i, s in enumerate(reversed(text)))


@given(utcs_ids())
def test_check_character_completes_the_weighted_sum_to_one(utcs: Utcs) -> None:
    check = (SYMBOLS + "*").index(check_character(str(utcs)))

    assert (weighted_sum(str(utcs)) + check) % MODULUS == 1


def test_no_substitution_leaves_the_sum_unchanged() -> None:
    """The sum is linear, so a substitution changes it by (a - b) times the weight of its place."""
    weights = [RADIX ** (place + 1) for place in range(MAX_LENGTH)]
    differences = {a - b for a in range(len(SYMBOLS)) for b in range(len(SYMBOLS)) if a != b}

    missed = [(d, w) for w in weights for d in differences if d * w % MODULUS == 0]

    assert len(str(LONGEST)) == MAX_LENGTH
    assert len(differences) == 2 * (len(SYMBOLS) - 1)
    assert missed == []


def test_no_swap_of_different_neighbours_leaves_the_sum_unchanged() -> None:
    """Swapping a at weight w with b at weight 2w changes the sum by (a - b) times w."""
    weights = [RADIX ** (place + 1) for place in range(MAX_LENGTH)]
    differences = {a - b for a in range(len(SYMBOLS)) for b in range(len(SYMBOLS)) if a != b}

    missed = [
        (d, w)
        for w, heavier in pairwise(weights)
        for d in differences
        if (d * heavier - d * w) % MODULUS == 0
    ]

    assert missed == []


def sample() -> list[Utcs]:
    rng = random.Random(67)
    local = SYMBOLS.replace(":", "")
    some = [Utcs("AB", "part", "".join(rng.choices(local, k=rng.randint(1, 30)))) for _ in range(8)]
    return [Utcs.parse(SERIAL), LONGEST, Utcs("00", "a", "."), *some]


@pytest.mark.parametrize("utcs", sample(), ids=str)
def test_every_wrong_symbol_is_refused_on_parsing(utcs: Utcs) -> None:
    plain, check = str(utcs), check_character(str(utcs))

    for i, symbol in enumerate(plain):
        for other in SYMBOLS.replace(symbol, ""):
            with pytest.raises(IdentifierError):
                Utcs.parse(f"{plain[:i]}{other}{plain[i + 1 :]}~{check}")


@pytest.mark.parametrize("utcs", sample(), ids=str)
def test_every_swap_of_neighbours_is_refused_on_parsing(utcs: Utcs) -> None:
    plain, check = str(utcs), check_character(str(utcs))

    for i in range(len(plain) - 1):
        if plain[i] != plain[i + 1]:
            swapped = plain[:i] + plain[i + 1] + plain[i] + plain[i + 2 :]
            with pytest.raises(IdentifierError):
                Utcs.parse(f"{swapped}~{check}")


def test_every_other_check_character_is_refused() -> None:
    for other in (SYMBOLS + "*").replace("5", ""):
        with pytest.raises(IdentifierError, match="'5' expected"):
            Utcs.parse(f"{SERIAL}~{other}")


def test_all_67_check_values_occur_and_are_read_back() -> None:
    ids = [Utcs("AB", "part", f"{a}.{b}") for a in range(67) for b in SYMBOLS[:-1]]

    assert {utcs.checked[-1] for utcs in ids} == set(SYMBOLS + "*")
    assert [Utcs.parse(utcs.checked) for utcs in ids] == ids


def test_check_character_of_the_documented_example() -> None:
    assert check_character(SERIAL) == "5"
    assert Utcs.parse(SERIAL).checked == "utcs:AMPEL360:serial:FC-00042~5"


@pytest.mark.parametrize("text", ["a b", "é", "*", "a~b", "x" * (MAX_LENGTH + 1)])
def test_check_character_of_other_text_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match=r"no check value|at most 119"):
        check_character(text)
    with pytest.raises(IdentifierError, match="at most 119"):
        check_character("x" * 10_000_000)


# --- parsing and printing ---


@given(utcs_ids())
def test_what_is_printed_is_read_back(utcs: Utcs) -> None:
    assert Utcs.parse(str(utcs)) == utcs
    assert Utcs.parse(utcs.checked) == utcs
    assert re.search(PATTERN, str(utcs))
    assert re.search(PATTERN, utcs.checked)


@pytest.mark.parametrize(
    ("text", "part", "said"),
    [
        ("", "prefix", "must begin with 'utcs:'"),
        ("UTCS:AB:part:1", "prefix", "in lower case"),
        ("urn:AB:part:1", "prefix", "must begin with"),
        (" utcs:AB:part:1", "prefix", "white space around it; remove it"),
        ("utcs:AB:part:1\n", "prefix", "white space around it"),
        ("utcs:AB:part:1\u00a0", "prefix", "white space around it"),
        ("utcs:", "kind", "kind and local missing"),
        ("utcs:AB", "kind", "kind and local missing"),
        ("utcs:AB:part", "local", "local missing; write utcs:authority:kind:local"),
        ("utcs:AB:part:1:2", "local", "':' too many"),
        ("utcs::part:1", "authority", "authority is empty; it needs 2 to 16 of A–Z 0–9"),
        ("utcs:A:part:1", "authority", "authority has length 1; 2 to 16"),
        (f"utcs:{'A' * 17}:part:1", "authority", "authority has length 17"),
        ("utcs:Ab:part:1", "authority", "contains 'b'; use only A–Z 0–9"),
        ("utcs:\u0410B:part:1", "authority", "U+0410, CYRILLIC CAPITAL LETTER A"),
        ("utcs:AB::1", "kind", "kind is empty"),
        ("utcs:AB:Part:1", "kind", "contains 'P'; use only a–z 0–9"),
        ("utcs:AB:3d:1", "kind", "must begin with a letter"),
        ("utcs:AB:part:", "local", "local is empty"),
        (f"utcs:AB:part:{'1' * 65}", "local", "local has length 65; 1 to 64"),
        ("utcs:AB:part:a b", "local", "contains ' '"),
        ("utcs:AB:part:a/b", "local", "contains '/'"),
        ("utcs:AB:part:a\x00", "local", r"'\\x00' \(U\+0000, a control character\)"),
        ("utcs:AB:part:a\nb", "local", r"U\+000A"),
        ("utcs:AB:part:٣", "local", "ARABIC-INDIC DIGIT THREE"),
        ("utcs:AB:part:\ud800", "local", r"U\+D800"),
        ("utcs:AB:part:FC–1", "local", "EN DASH"),
        ("utcs:AB:part:1~", "check", "exactly one character must follow '~', or leave both out"),
        ("utcs:AB:part:1~ab", "check", "exactly one character must follow"),
        ("utcs:AB:part:1~\x00", "check", "one of the characters is likely mistyped"),
        ("utcs:AB:part:1@3", "local", "contains '@'"),
    ],
)
def test_error_names_the_part_and_the_fix(text: str, part: str, said: str) -> None:
    said = said if "\\" in said else re.escape(said)

    with pytest.raises(IdentifierError, match=said) as caught:
        Utcs.parse(text)

    assert caught.value.part == part


@pytest.mark.parametrize("value", [None, b"utcs:AB:part:1", 5, ["utcs:AB:part:1"], object()])
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(IdentifierError, match="text is needed, not"):
        Utcs.parse(value)
    with pytest.raises(IdentifierError, match="text is needed, not"):
        VersionRef.parse(value)


@pytest.mark.parametrize(
    "head", ["", "utcs:", "utcs:AB:part:", "utcs:AB:part:1~", ":", "utcs" + ":" * 99]
)
@pytest.mark.parametrize("fill", ["A", ":", "~", "é", "@"])
def test_ten_megabytes_fail_fast_and_are_not_repeated(head: str, fill: str) -> None:
    text = head + fill * 10_000_000
    began = time.perf_counter()

    for parse in (Utcs.parse, VersionRef.parse):
        with pytest.raises(IdentifierError) as caught:
            parse(text)
        assert len(str(caught.value)) < 1500

    assert time.perf_counter() - began < 1


@given(st.text(max_size=40).map(lambda text: "utcs:" + text) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        utcs = Utcs.parse(text)
    except IdentifierError as error:
        sentence = str(error)
        assert sentence.isprintable()
    else:
        assert utcs.checked.startswith(text)


def test_unknown_kind_is_refused_with_the_nearest() -> None:
    kinds = {"serial", "part"}

    assert Utcs.parse(SERIAL, kinds=kinds).kind == "serial"
    with pytest.raises(IdentifierError, match="did you mean 'serial'"):
        Utcs.parse("utcs:AB:serail:1", kinds=kinds)
    with pytest.raises(IdentifierError, match="use one of part, serial"):
        Utcs.parse("utcs:AB:qqq:1", kinds=kinds)


# --- the value ---


@pytest.mark.parametrize(
    "parts", [("a", "part", "1"), ("AB", "Part", "1"), ("AB", "part", "1~x"), (12, "part", "1")]
)
def test_wrong_parts_make_no_identifier(parts: Any) -> None:
    with pytest.raises(IdentifierError):
        Utcs(*parts)


@given(st.lists(utcs_ids(), max_size=20))
def test_ids_sort_as_their_texts(ids: list[Utcs]) -> None:
    assert [str(utcs) for utcs in sorted(ids)] == sorted(str(utcs) for utcs in ids)


def test_order_compares_ids_only() -> None:
    low, high = Utcs("A1", "part", "1"), Utcs("AB", "part", "1")

    assert low < high
    assert low <= low <= high
    assert high > low
    assert high >= low
    with pytest.raises(TypeError):
        low < "utcs:AB:part:1"  # type: ignore[operator]  # noqa: B015


def test_value_is_frozen_hashable_and_copies_are_equal() -> None:
    utcs = Utcs.parse(SERIAL)

    with pytest.raises(AttributeError):
        utcs.local = "x"  # type: ignore[misc]
    assert len({utcs, Utcs("AMPEL360", "serial", "FC-00042")}) == 1
    assert copy.deepcopy(utcs) == pickle.loads(pickle.dumps(utcs)) == utcs  # noqa: S301


# --- versions ---


@given(version_refs())
def test_version_reference_is_read_back_in_both_forms(ref: VersionRef) -> None:
    assert VersionRef.parse(str(ref)) == VersionRef.parse(ref.checked) == ref


def test_check_character_of_a_version_is_that_of_the_thing() -> None:
    assert VersionRef(Utcs.parse(SERIAL), 3).checked == f"{SERIAL}~5@3"
    with pytest.raises(IdentifierError, match="'5' expected"):
        VersionRef.parse(f"{SERIAL}~K@3")


@pytest.mark.parametrize(
    "tail",
    ["", "@", "@0", "@-1", "@03", "@3.0", "@٣", "@3 ", "@3@", "@1e3", "@" + "9" * 19, "@3~5"],
)
def test_wrong_version_is_refused(tail: str) -> None:
    with pytest.raises(IdentifierError, match=re.escape("as in utcs:…@3")) as caught:
        VersionRef.parse(SERIAL + tail)

    assert caught.value.part == "version"


@pytest.mark.parametrize("n", [0, -1, 10**18, "3", None, 1.0])
def test_wrong_number_makes_no_version_reference(n: Any) -> None:
    with pytest.raises(IdentifierError, match="whole number from 1"):
        VersionRef(Utcs.parse(SERIAL), n)


# --- Pydantic ---


class Model(BaseModel):
    subject: Utcs


def test_field_takes_text_or_the_value_and_writes_text() -> None:
    model = Model(subject=SERIAL + "~5")

    assert model.subject == Utcs.parse(SERIAL)
    assert Model(subject=model.subject) == model
    assert model.model_dump() == {"subject": SERIAL}
    assert Model.model_validate_json(model.model_dump_json()) == model


@pytest.mark.parametrize("value", ["utcs:AB:part", None, 3, b"utcs:AB:part:1"])
def test_field_error_is_collected_with_the_field(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"subject\n.*identifier"):
        Model.model_validate({"subject": value})


def test_json_schema_is_a_pattern_of_both_directions() -> None:
    modes: tuple[JsonSchemaMode, ...] = ("validation", "serialization")
    for mode in modes:
        schema = TypeAdapter(Utcs).json_schema(mode=mode)
        assert schema["type"] == "string"
        assert schema["pattern"] == PATTERN
