"""Gaps, stays and clashes of a life: the same as a naive look at each single day says."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.whereabouts import (
    Life,
    Place,
    Stretch,
    Whereabouts,
    Within,
    clashes,
    stretches,
    uncovered,
)

AIRCRAFT = Utcs.parse("utcs:TEST:aircraft:A1")
ENGINE, PUMP = Utcs.parse("utcs:TEST:serial:E1"), Utcs.parse("utcs:TEST:serial:P1")
SHOP, SHELF = Utcs.parse("utcs:TEST:facility:F1"), Utcs.parse("utcs:TEST:stock:S1")
DAYS = range(20)

_KINDS = {
    "utcs:TEST:aircraft:A1": Whereabouts.INSTALLED,
    "utcs:TEST:facility:F1": Whereabouts.IN_SHOP,
    "utcs:TEST:stock:S1": Whereabouts.IN_STOCK,
    "utcs:TEST:serial:E1": Whereabouts.INSTALLED,
}


def place(where: Utcs, since: int, until: int, slot: str = "1") -> Place:
    how = _KINDS[str(where)]
    return Place(how, where, slot if how is Whereabouts.INSTALLED else None, since, until, since)


def places(*wheres: Utcs) -> st.SearchStrategy[tuple[Place, ...]]:
    one = st.builds(
        lambda where, since, length: place(where, since, since + length),
        st.sampled_from(wheres), st.integers(0, 18), st.integers(1, 8),
    )  # fmt: skip
    return st.lists(one, max_size=4).map(tuple)


@st.composite
def lives(draw: st.DrawFn) -> dict[Utcs, Life]:
    """An engine that was here and there, and a pump that was in it now and then."""
    engine = draw(places(AIRCRAFT, SHOP, SHELF))
    pump = draw(places(ENGINE, AIRCRAFT, SHOP, SHELF))
    return {ENGINE: Life(ENGINE, 0, 19, engine), PUMP: Life(PUMP, 2, 18, pump)}


def there(held: Iterable[Place], day: int) -> list[Place]:
    return [one for one in held if one.since <= day < one.until]


def known_on(told: dict[Utcs, Life], unit: Utcs, day: int) -> bool:
    """Whether somebody says where a unit was on a day: naive, one day and one place after the other."""
    return any(
        one.where != ENGINE or known_on(told, ENGINE, day) for one in there(told[unit].places, day)
    )


@given(lives())
def test_a_day_is_in_a_gap_if_and_only_if_no_place_says_where_the_unit_was(
    told: dict[Utcs, Life],
) -> None:
    found = stretches(told, PUMP)

    known = {d for d in DAYS for s in found if s.is_known and s.since <= d < s.until}
    born = min([2, *(one.since for one in told[PUMP].places)])
    assert known == {d for d in range(born, 18) if known_on(told, PUMP, d)}
    covered = {d for s in found for d in range(s.since, s.until)}
    assert covered == set(range(born, 18))


@given(lives())
def test_two_clash_on_exactly_the_days_on_which_it_was_both_in_a_place_and_in_something(
    told: dict[Utcs, Life],
) -> None:
    found = clashes(stretches(told, ENGINE))

    days = {
        day
        for one, other in found
        for day in range(max(one.since, other.since), min(one.until, other.until))
    }
    assert days == {
        day
        for day in range(19)
        if {True, False}
        == {one.where.kind == "aircraft" for one in there(told[ENGINE].places, day)}
    }


@given(
    st.lists(st.builds(lambda a, b: (a, a + b), st.integers(-3, 22), st.integers(1, 9)), max_size=6)
)
def test_what_no_span_covers_is_told_once_in_order_and_as_long_as_it_lasts(
    spans: list[tuple[int, int]],
) -> None:
    told = [*uncovered(spans, 0, 20)]

    days = [day for since, until in told for day in range(since, until)]
    assert days == [d for d in DAYS if not any(a <= d < b for a, b in spans)]
    assert all(one[1] < other[0] for one, other in pairwise(told))


def test_a_unit_is_where_its_assembly_is_all_the_way_up() -> None:
    told = {
        ENGINE: Life(ENGINE, 0, 19, (place(AIRCRAFT, 2, 6, "71"), place(SHOP, 8, 19))),
        PUMP: Life(PUMP, 0, 19, (place(ENGINE, 0, 19, "7"),)),
    }

    found = stretches(told, PUMP)

    inside = Within(ENGINE, "7")
    assert found == [
        Stretch(Whereabouts.UNKNOWN, 0, 2, (inside,)),
        Stretch(Whereabouts.INSTALLED, 2, 6, (inside, Within(AIRCRAFT, "71"))),
        Stretch(Whereabouts.UNKNOWN, 6, 8, (inside,)),
        Stretch(Whereabouts.INSTALLED, 8, 19, (inside,), SHOP),
    ]
    assert [(one.made, one.ended) for one in found] == [
        (0, None),
        (2, None),
        (None, None),
        (8, None),
    ]


@pytest.mark.parametrize("slot", ["1", "2"])
def test_assemblies_in_each_other_end_the_walk(slot: str) -> None:
    told = {
        ENGINE: Life(ENGINE, 0, 9, (Place(Whereabouts.INSTALLED, PUMP, slot, 0, 9, 1),)),
        PUMP: Life(PUMP, 0, 9, (place(ENGINE, 0, 9),)),
    }

    assert all(one.within for one in stretches(told, PUMP))
