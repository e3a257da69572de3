"""Sets as trees: one root for a set, proofs that cannot be bent, comparisons that cost what differs."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from math import log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.merkle import EMPTY_ROOT
from graph.model.prefix_tree import (
    BUCKET,
    Branch,
    Member,
    PrefixTreeError,
    build,
    compare,
    holds,
    prove,
)


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def member(number: int, version: int = 0, links: int = 0) -> Member:
    return Member(f"utcs:T:part:{number}", digest(f"v{version}"), digest(f"l{links}"))


Said = dict[int, tuple[int, int]]


def drawn(size: int, seed: int) -> Said:
    """Some of 400 members, most of them as in every other set."""
    random = Random(seed)
    rare = [0] * 30 + [1]
    return {n: (random.choice(rare), random.choice(rare)) for n in random.sample(range(400), size)}


some = st.dictionaries(st.integers(0, 9), st.tuples(st.integers(0, 2), st.integers(0, 1)))
many = st.builds(drawn, st.integers(0, 400), st.integers(0, 2**32))
numbers = some | many
seldom = settings(max_examples=40)


def members(said: Said) -> list[Member]:
    return [member(number, *what) for number, what in said.items()]


def recomputed(of: list[Member], depth: int = 0) -> bytes:
    """The root by the sentences of the documentation, sharing no code."""
    if len(of) <= 64:
        placed = sorted(of, key=lambda m: digest(m.utcs))
        leaves = [sha256(b"\0" + digest(m.utcs) + m.version + m.links).digest() for m in placed]
        return sha256(b"\2" + b"".join(leaves)).digest()
    parts = [[m for m in of if int(digest(m.utcs).hex()[depth], 16) == n] for n in range(16)]
    return sha256(
        b"\1" + b"".join(recomputed(p, depth + 1) if p else bytes(32) for p in parts)
    ).digest()


@seldom
@given(numbers, st.randoms())
def test_a_set_has_one_root_whatever_the_order(said: Said, random: Random) -> None:
    ordered = members(said)
    shuffled = random.sample(ordered, len(ordered))

    tree = build(shuffled)

    assert tree.root == build(ordered).root
    assert tree.root == (recomputed(ordered) if ordered else EMPTY_ROOT)
    assert {*tree.members()} == {*ordered}


@seldom
@given(numbers, numbers)
def test_two_sets_have_one_root_only_if_they_are_equal(one: Said, other: Said) -> None:
    assert (build(members(one)).root == build(members(other)).root) == (one == other)


@seldom
@given(numbers, numbers)
def test_a_comparison_finds_the_difference_of_the_sets(one: Said, other: Said) -> None:
    found, _ = compare(build(members(one)), build(members(other)))

    left = {m.utcs: m for m in members(one)}
    right = {m.utcs: m for m in members(other)}
    wanted = {u: (left.get(u), right.get(u)) for u in left | right if left.get(u) != right.get(u)}
    assert {d.utcs: (d.before, d.after) for d in found} == wanted
    assert len(found) == len(wanted)


@settings(max_examples=10)
@given(st.integers(1, 30), st.integers(0, 2**32))
def test_a_comparison_costs_what_differs_and_not_what_there_is(changes: int, seed: int) -> None:
    size = 3_000
    changed = {*Random(seed).sample(range(size), changes)}
    before = build(member(n) for n in range(size))
    after = build(member(n, version=1 if n in changed else 0) for n in range(size))

    found, looked = compare(before, after)

    depth = 1 + log(size / BUCKET, 16)
    assert len(found) == changes
    assert looked <= 2 * (depth + 2) * changes
    assert compare(before, before) == ([], 0)


@seldom
@given(numbers.filter(bool), st.data())
def test_a_proof_holds_for_its_member_and_for_nothing_else(said: Said, data: st.DataObject) -> None:
    tree = build(members(said))
    number = data.draw(st.sampled_from(sorted(said)))

    proved = prove(tree.root, tree.nodes, f"utcs:T:part:{number}")

    assert proved is not None
    shown, proof = proved
    assert shown == member(number, *said[number])
    assert holds(proof, shown, tree.root)
    assert not holds(proof, shown, digest("another root"))
    for bent in (
        replace(shown, utcs=shown.utcs + "x"),
        replace(shown, version=digest("x")),
        replace(shown, links=digest("x")),
    ):
        assert not holds(proof, bent, tree.root)
    assert not holds(replace(proof, leaves=(*proof.leaves, digest("x"))), shown, tree.root)
    assert not holds(
        replace(proof, branches=(*proof.branches, Branch((None,) * 16))), shown, tree.root
    )
    assert prove(tree.root, tree.nodes, "utcs:T:part:none") is None


def test_nothing_is_proved_of_the_empty_set() -> None:
    tree = build(())

    assert (tree.root, tree.size, prove(tree.root, tree.nodes, "utcs:T:part:1")) == (
        EMPTY_ROOT, 0, None,
    )  # fmt: skip


def test_a_member_given_twice_is_refused() -> None:
    with pytest.raises(PrefixTreeError, match="utcs:T:part:1 is given twice"):
        build([member(1), member(2), member(1, version=1)])


def test_the_root_of_this_release_is_the_root_of_every_release() -> None:
    """What was signed once must come out again: these were computed when the form was fixed."""
    few, many = build(map(member, range(3))), build(map(member, range(500)))

    assert few.root.hex() == "a1c4c0726fb640459dc53768fb73e0b946818ac60bd29eca217358a2d7dccae7"
    assert many.root.hex() == "4ba7752059bbdb9f4b15187df6c4481f935be6c98f6339cb04f8e0ff44fe114c"
