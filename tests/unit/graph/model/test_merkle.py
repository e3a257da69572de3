from __future__ import annotations

from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.canonical import leaf_hash
from graph.model.merkle import EMPTY_ROOT, root, set_root
from tests.strategies import hashes

# The reference tree of google/certificate-transparency, merkletree/merkle_tree_test.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word, except that leaves are hashed already."""
    n = len(leaves)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return leaves[0]
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_certificate_transparency_vectors(size: int) -> None:
    assert root([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root([]) == set_root([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(hashes, max_size=70))
def test_root_is_that_of_the_recursive_definition(leaves: list[bytes]) -> None:
    assert root(leaves) == mth(leaves)


def test_large_trees_need_no_recursion() -> None:
    leaves = [leaf_hash(i.to_bytes(4)) for i in range(20_001)]

    assert root(leaves) == mth(leaves)


@given(st.lists(hashes, min_size=1, max_size=20), st.randoms())
def test_root_of_a_set_knows_neither_order_nor_repetition(
    leaves: list[bytes], random: Random
) -> None:
    shuffled = leaves + random.choices(leaves, k=3)
    random.shuffle(shuffled)

    assert set_root(shuffled) == set_root(leaves) == root(sorted(set(leaves)))


@given(st.lists(hashes, min_size=1, max_size=20), st.data())
def test_one_flipped_bit_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(leaves[index]) ^ (1 << bit)).to_bytes(32)

    assert root([*leaves[:index], flipped, *leaves[index + 1 :]]) != root(leaves)


def test_callers_list_is_left_alone() -> None:
    leaves = [leaf_hash(leaf) for leaf in LEAVES]
    before = list(leaves)

    root(leaves)

    assert leaves == before
