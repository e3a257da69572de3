"""Packages: everything once, nothing late, as few stops as can be, little thrown away."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.model.packaging import Early, Packable, packages

TODAY = date(2025, 6, 1)
ANY = Early(days=30, percent=100)


def item(name: Any, in_days: int, **said: Any) -> Packable[Any]:
    return Packable(name, said.pop("stops", "A1"), TODAY + timedelta(days=in_days), **said)


def told(found: Any) -> list[tuple[int, set[Any]]]:
    return [((one.on - TODAY).days, set(one.items)) for one in found]


def test_what_falls_due_together_is_done_in_one_stop_on_the_day_the_first_is_due() -> None:
    found = packages([item("a", 10), item("b", 30), item("c", 41), item("d", 60)], TODAY, ANY)

    assert told(found) == [(10, {"a", "b"}), (41, {"c", "d"})]
    assert [one.early_days for one in found] == [20, 19]


def test_what_is_over_is_done_today_with_what_may_be_brought_forward() -> None:
    (found,) = packages([item("late", -5), item("soon", 20)], TODAY, ANY)

    assert (told([found]), found.late) == ([(0, {"late", "soon"})], 1)


def test_little_of_a_short_interval_is_thrown_away() -> None:
    items = [item("first", 0), item("weekly", 5, runs_days=7), item("yearly", 5, runs_days=365)]

    found = packages(items, TODAY, Early(days=30, percent=10))

    assert told(found) == [(0, {"first", "yearly"}), (5, {"weekly"})]


def test_a_panel_that_is_open_anyway_is_used_for_what_needs_it_soon() -> None:
    items = [
        item("a", 0, access=("141AL",)),
        item("b", 50, access=("141AL",)),
        item("c", 50, access=("9",)),
    ]

    assert told(packages(items, TODAY, ANY)) == [(0, {"a", "b"}), (50, {"c"})]


def test_aircraft_are_not_stopped_for_one_another() -> None:
    found = packages([item("a", 3), item("b", 3, stops="A2")], TODAY, ANY)

    assert [(one.stops, one.items) for one in found] == [("A1", ("a",)), ("A2", ("b",))]


def test_in_a_stop_each_trade_opens_each_panel_once_and_labour_is_added_up() -> None:
    hours = [Decimal("1.5"), Decimal(2), None]
    items = [
        item(number, 3, skill="B1", access=("9",), labour_h=labour)
        for number, labour in enumerate(hours)
    ]

    (found,) = packages([*items, item("avionics", 3, skill="B2", access=("9",))], TODAY)

    assert [(block.skill, block.items) for block in found.blocks] == [
        ("B1", (0, 1, 2)),
        ("B2", ("avionics",)),
    ]
    assert (found.labour_h, found.unstated) == (Decimal("3.5"), 2)


def test_of_nothing_there_are_no_packages() -> None:
    assert packages([], TODAY) == ()


@st.composite
def plans(draw: st.DrawFn, most: int = 30) -> list[Packable[int]]:
    one = st.builds(
        item,
        st.just(0),
        st.integers(-20, 120),
        stops=st.sampled_from(["A1", "A2"]),
        runs_days=st.none() | st.integers(1, 900),
        access=st.lists(st.sampled_from("pqr"), max_size=2).map(tuple),
        skill=st.sampled_from([None, "B1", "B2"]),
    )
    drawn = draw(st.lists(one, max_size=most))
    return [replace(one, id=number) for number, one in enumerate(drawn)]


@given(plans(), st.builds(Early, st.integers(0, 60), st.integers(0, 100)))
def test_each_item_is_in_exactly_one_package_and_none_after_its_limit(
    items: list[Packable[int]], early: Early
) -> None:
    found = packages(items, TODAY, early)

    assert Counter(id for one in found for id in one.items) == Counter(p.id for p in items)
    for package in found:
        for id in package.items:
            limit = items[id].limit
            assert TODAY <= package.on <= max(limit, TODAY)
            assert package.stops == items[id].stops
            ahead = (limit - package.on).days
            assert ahead <= 2 * early.of(items[id].runs_days)
    assert len({(one.stops, one.on) for one in found}) == len(found)


@given(plans(most=6), st.builds(Early, st.integers(0, 60), st.integers(0, 100)))
def test_no_choice_of_days_has_fewer_stops(items: list[Packable[int]], early: Early) -> None:
    own = [p for p in items if p.stops == "A1"]
    days = sorted({max(p.limit, TODAY) for p in own})

    def suffice(stops: tuple[date, ...]) -> bool:
        return all(
            any(
                day <= max(p.limit, TODAY) and (p.limit - day).days <= early.of(p.runs_days)
                for day in stops
            )
            for p in own
        )

    fewest = next(n for n in range(len(days) + 1) if any(map(suffice, combinations(days, n))))

    assert len(packages(own, TODAY, early)) <= fewest
