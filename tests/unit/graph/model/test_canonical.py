from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from graph.model.alias import Alias
from graph.model.canonical import (
    MAX_DEPTH,
    CanonicalError,
    canonical_bytes,
    leaf_hash,
    sha256_hex,
)
from graph.model.identifier import Utcs, VersionRef
from graph.model.time import format_utc
from tests.strategies import aliases, moments, utcs_ids

SAFE = 2**53 - 1
MADRID = timezone(timedelta(hours=1))
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# Keys whose order by UTF-16 code units differs from that by code points, and escapes.
keys = text | st.text('ab\U0001f600\uffee\ue000\ud7ff"\\\x00\x1f\x7f\u2028', max_size=6)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=25,
)


@given(plain)
def test_plain_values_are_written_as_the_reference_implementation_does(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)
    assert json.loads(canonical_bytes(value)) == value


def test_every_character_is_escaped_as_the_reference_implementation_does() -> None:
    everything = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]

    assert canonical_bytes(everything) == rfc8785.dumps(everything)


def test_keys_are_in_the_order_of_rfc_8785() -> None:
    """The example of RFC 8785 §3.2.3."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

    assert list(json.loads(canonical_bytes(value))) == order


@given(st.dictionaries(keys, text, max_size=8), st.randoms())
def test_order_of_insertion_does_not_matter(value: dict[str, str], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)

    assert canonical_bytes(dict(items)) == canonical_bytes(value)


class Level(StrEnum):
    AIRCRAFT = "aircraft"


class Rank(IntEnum):
    FIRST = 1


class Colour(Enum):
    RED = "red"


class Words(str):
    __slots__ = ()


class Moment(datetime):
    pass


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2026, 1, 15, 10, tzinfo=MADRID), b'"2026-01-15T09:00:00.000000Z"'),
        (Moment(2026, 1, 15, tzinfo=UTC), b'"2026-01-15T00:00:00.000000Z"'),
        (date(2026, 1, 15), b'"2026-01-15"'),
        (Decimal("1.50"), b'"1.5"'),
        (Decimal("1E+3"), b'"1000"'),
        (Decimal("-1.230E-8"), b'"-0.0000000123"'),
        (Decimal("100"), b'"100"'),
        (Decimal("-0.00"), b'"0"'),
        (Decimal("0E+999999"), b'"0"'),
        (Decimal("0.12345678901234567890123456789010"), b'"0.1234567890123456789012345678901"'),
        (SAFE, b"9007199254740991"),
        (SAFE + 1, b'"9007199254740992"'),
        (-SAFE - 1, b'"-9007199254740992"'),
        (2**63, b'"9223372036854775808"'),
        (True, b"true"),
        (None, b"null"),
        ((1, [2]), b"[1,[2]]"),
        (Level.AIRCRAFT, b'"aircraft"'),
        (Rank.FIRST, b"1"),
        (Colour.RED, b'"red"'),
        (Words("x"), b'"x"'),
        (Utcs("AB", "part", "1"), b'"utcs:AB:part:1"'),
        (VersionRef(Utcs("AB", "part", "1"), 3), b'"utcs:AB:part:1@3"'),
        (Alias("dpp", "DPP-H2-001"), b'"dpp:DPP-H2-001"'),
        ({"b": {"d": 1, "c": ()}, "a": None}, b'{"a":null,"b":{"c":[],"d":1}}'),
        ("Zürich\n\u2028", '"Zürich\\n\u2028"'.encode()),
    ],
)  # fmt: skip
def test_value_is_written_by_the_rules_of_the_project(value: Any, written: bytes) -> None:
    assert canonical_bytes(value) == written
    assert canonical_bytes({"x": value}) == b'{"x":' + written + b"}"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9), st.integers(0, 9))
def test_equal_decimals_have_one_form_without_exponent(value: Decimal, zeros: int) -> None:
    same = Decimal(f"{value:f}" + ("." if "." not in f"{value:f}" else "") + "0" * zeros)
    written = json.loads(canonical_bytes(value))

    assert same == value
    assert canonical_bytes(same) == canonical_bytes(value)
    assert Decimal(written) == value
    assert "E" not in written


@given(moments, utcs_ids(), aliases())
def test_own_types_are_written_as_their_texts(moment: datetime, utcs: Utcs, alias: Alias) -> None:
    value = {"alias": alias, "time": moment, "utcs": utcs}
    texts = {"alias": str(alias), "time": format_utc(moment), "utcs": str(utcs)}

    assert canonical_bytes(value) == rfc8785.dumps(texts)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.5, "1.5 is a float, which is not exact; use Decimal"),
        (float("nan"), "nan is a float"),
        (Decimal("NaN"), "NaN is not a number; leave the field out"),
        (Decimal("sNaN"), "sNaN is not a number"),
        (Decimal("-Infinity"), "-Infinity is not a number"),
        (Decimal("1E+999999999"), "more than 100 digits; round it"),
        (Decimal("1E-999999999"), "more than 100 digits; round it"),
        (Decimal("1" * 101), "more than 100 digits; round it"),
        (10**100, "more than 100 digits; give it as text"),
        pytest.param(-(10**5000), "more than 100 digits; give it as text", id="huge"),
        (datetime(2026, 1, 15), "has no offset; add one"),  # noqa: DTZ001
        (b"x", "bytes has no canonical form; use text"),
        ({1, 2}, "set has no canonical form"),
        (timedelta(1), "timedelta has no canonical form"),
        (object, "type has no canonical form"),
        ("\ud800", "half of a surrogate pair at character 0; give valid Unicode"),
        ({"\udfff": 1}, "half of a surrogate pair"),
        ({1: 2}, "key of type int; use text as key"),
        ({None: 2}, "key of type NoneType; use text as key"),
        ({Level.AIRCRAFT: 2}, "key of type Level; use text as key"),
        ({Utcs("AB", "part", "1"): 2}, "key of type Utcs; use text as key"),
    ],
)
def test_value_without_exact_form_is_refused_where_it_stands(value: Any, said: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        canonical_bytes({"a": [{"good": 1}, {"b": value}]})

    assert caught.value.path == "a[1].b"
    assert str(caught.value).startswith("a[1].b: ")
    assert said in str(caught.value)
    with pytest.raises(CanonicalError, match=r"^value: "):
        canonical_bytes(value)


def test_nesting_is_bounded_and_cycles_end() -> None:
    fits: Any = []
    for _ in range(MAX_DEPTH - 1):
        fits = [fits]
    cycle: list[Any] = []
    cycle.append({"again": cycle})

    assert canonical_bytes(fits) == b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    for value in ([fits], cycle):
        with pytest.raises(CanonicalError, match="nested deeper than 64; flatten"):
            canonical_bytes(value)


def test_ten_megabytes_of_text_take_no_time() -> None:
    began = time.perf_counter()

    assert len(canonical_bytes({"x": "é" * 10_000_000})) == 20_000_008

    assert time.perf_counter() - began < 2


def test_input_is_left_alone() -> None:
    inner = {"b": Decimal("1.50"), "a": [1, 2]}
    value = {"z": inner, "a": 1}

    canonical_bytes(value)

    assert list(value) == ["z", "a"]
    assert value["z"] is inner
    assert list(inner) == ["b", "a"]


def test_hashes_are_those_of_the_standards() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()
    assert leaf_hash(b"abc") == hashlib.sha256(b"\x00abc").digest()
