import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pickup.names import find_trouble, is_passed_over, key_of

NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300)


@given(NAMES)
def test_key_is_harmless_and_leaves_room_for_what_is_appended(name: str) -> None:
    key = key_of(name)

    assert len(key.encode()) <= 200
    assert not set(key) & set("/\\\n\r\0")
    assert key not in ("", ".", "..") or name in (".", "..")


@given(NAMES)
def test_harmless_name_is_its_own_key(name: str) -> None:
    if find_trouble(name) is None:
        assert key_of(name) == name


@given(NAMES, NAMES)
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


@pytest.mark.parametrize("name", [".", "..", ".a.csv", "a.part", "a.TMP", "a.csv.filepart"])
def test_names_that_say_not_yet_are_passed_over(name: str) -> None:
    assert is_passed_over(name)
