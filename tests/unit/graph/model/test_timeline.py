"""Timelines: sorting is all there is to it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph.model.time import FAR
from graph.model.timeline import Row, Rows, covers, first_uncovered, insert, remove


def said(valid_from: int, made: int, *, off: bool = False, rank: int = 50) -> Row:
    return Row(valid_from, (rank, valid_from, "urn:test", f"e{made}"), off, made, made)


statements = st.lists(
    st.tuples(st.integers(0, 9), st.booleans(), st.integers(40, 42)), max_size=12
).map(
    lambda raw: [said(at, n, off=off, rank=rank) for n, (at, off, rank) in enumerate(raw, start=1)]
)


def told(rows: Rows) -> list[tuple[int, int, int]]:
    return [(row.valid_from, row.valid_to, row.made) for row in rows]


def built(sayings: list[Row]) -> Rows:
    rows: Rows = ()
    for row in sayings:
        rows = insert(rows, said(row.valid_from, row.made, off=row.off, rank=row.tie[0])).rows
    return rows


def test_a_statement_holds_until_the_next() -> None:
    rows = built([said(1, 1), said(5, 2)])

    assert told(rows) == [(1, 5, 1), (5, FAR, 2)]


def test_a_late_statement_lands_where_it_belongs() -> None:
    before = built([said(1, 1), said(9, 2)])

    change = insert(before, said(5, 3))

    assert told(change.rows) == [(1, 5, 1), (5, 9, 3), (9, FAR, 2)]
    assert told(change.superseded) == [(1, 9, 1)]
    assert told(change.created) == [(1, 5, 1), (5, 9, 3)]
    assert {row.recorded_at for row in change.created} == {3}


def test_an_end_that_comes_first_still_ends() -> None:
    rows = built([said(8, 1, off=True), said(2, 2)])

    assert told(rows) == [(2, 8, 2), (8, 8, 1)]
    assert not rows[1].holds


def test_of_two_that_speak_of_one_instant_the_higher_rank_wins() -> None:
    rows = built([said(3, 1, rank=60), said(3, 2, rank=40)])

    assert [row.made for row in rows if row.holds] == [1]


def test_a_withdrawn_statement_gives_its_time_back_to_the_one_before() -> None:
    rows = built([said(1, 1), said(5, 2), said(9, 3)])

    change = remove(rows, lambda row: row.made == 2, now=4)

    assert told(change.rows) == [(1, 9, 1), (9, FAR, 3)]
    assert [row.made for row in change.superseded] == [2, 1]
    assert told(change.created) == [(1, 9, 1)]


def test_a_timeline_may_lose_its_last_statement() -> None:
    change = remove(built([said(1, 1)]), lambda row: True, now=2)

    assert change.rows == ()
    assert told(change.superseded) == [(1, FAR, 1)]


@given(statements, st.randoms(use_true_random=False))
def test_the_order_of_arrival_leaves_no_trace(sayings: list[Row], random: object) -> None:
    shuffled = sayings.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert told(built(shuffled)) == told(built(sayings))


@given(statements, st.sets(st.integers(1, 12)))
def test_withdrawing_is_never_having_said(sayings: list[Row], withdrawn: set[int]) -> None:
    change = remove(built(sayings), lambda row: row.made in withdrawn, now=99)

    assert told(change.rows) == told(built([s for s in sayings if s.made not in withdrawn]))


@given(statements)
def test_rows_partition_time_from_the_first_statement_on(sayings: list[Row]) -> None:
    rows = built(sayings)

    for row, after in pairwise(rows):
        assert row.valid_to == (row.valid_from if row.off else after.valid_from)
    if rows and not rows[-1].off:
        assert rows[-1].valid_to == FAR


@given(statements, st.integers(0, 10), st.integers(0, 10))
def test_coverage_is_that_of_every_instant(sayings: list[Row], start: int, end: int) -> None:
    rows = built(sayings)
    instants = range(start, end)
    held = [any(r.valid_from <= t < r.valid_to for r in rows) for t in instants]

    assert covers(rows, start, end) == all(held)
    if False in held:
        assert first_uncovered(rows, start) == start + held.index(False)
