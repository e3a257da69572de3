"""Placing: in time, within the stop and the bays, no spare twice; and a reason where there is no place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.opening import Base, Need, Occupied, Opening, Placed, Placing, most_at_once
from graph.model.rotation import Stop

DAY = datetime(2026, 3, 1, tzinfo=UTC)
BASE = Base(Utcs("TEST", "facility", "B"), "Base", "AAAA", 1, 6)
PART = Utcs("TEST", "part", "P")


def hours(value: float) -> timedelta:
    return timedelta(hours=value)


def ship(name: str) -> Utcs:
    return Utcs("TEST", "aircraft", name)


def opening(begins: float, ends: float, name: str = "1", base: Base | None = BASE) -> Opening:
    stop = Stop(ship(name), "AAAA", DAY + hours(begins), DAY + hours(ends), None, None)
    return Opening(stop, base, stop.starts_at, stop.ends_at)


def need(labour: str, by: float, name: str = "1", **more: Any) -> Need[str]:
    return Need(f"{labour} by {by}", ship(name), DAY + hours(by), Decimal(labour), **more)


def span(placed: Placed[str]) -> tuple[float, float] | None:
    if placed.starts_at is None or placed.ends_at is None:
        return None
    return (placed.starts_at - DAY) / hours(1), (placed.ends_at - DAY) / hours(1)


def test_work_goes_into_the_last_stop_in_which_it_is_done_in_time() -> None:
    placing = Placing[str]([opening(2, 8), opening(10, 18), opening(30, 40)])

    assert span(placing.place(need("8", by=20), DAY)) == (10, 12)  # four people, two hours
    assert span(placing.place(need("16", by=18), DAY)) == (12, 16)  # after what is there already
    assert span(placing.place(need("16", by=18), DAY)) == (2, 6)  # no room for it any more


def test_what_is_late_goes_into_the_first_stop() -> None:
    placing = Placing[str]([opening(2, 8), opening(10, 18)])

    assert span(placing.place(need("8", by=-5), DAY)) == (2, 4)


def test_a_base_with_fewer_people_takes_longer() -> None:
    base = Base(BASE.utcs, BASE.name, BASE.station, BASE.bays, people=2)
    placing = Placing[str]([opening(2, 8, base=base)])

    assert span(placing.place(need("8", by=20), DAY)) == (2, 6)


def test_a_stop_that_is_too_short_says_how_much_is_missing() -> None:
    placed = Placing[str]([opening(2, 4), opening(10, 13)]).place(need("40", by=20), DAY)

    assert placed.opening is None
    assert placed.why == (
        "40 h of labour take 4 people 10 h; the longest stop at a base, on 2026-03-01 at Base, has 3 h "
        "left: take it out of rotation, or split the work"
    )


def test_a_stop_away_from_a_base_takes_nothing() -> None:
    placed = Placing[str]([opening(2, 20, base=None)]).place(need("4", by=20), DAY)

    assert placed.why == (
        "no stop at a base with people before 2026-03-01T20:00:00.000000Z; it stops at AAAA: bring it to "
        "a base"
    )


def test_no_more_aircraft_are_at_a_base_than_it_has_bays() -> None:
    placing = Placing[str](
        [opening(2, 10, "1"), opening(2, 10, "2")],
        [Occupied(BASE.utcs, ship("3"), DAY + hours(7), DAY + hours(9))],
    )

    assert span(placing.place(need("16", by=20, name="1"), DAY)) == (2, 6)
    assert placing.place(need("4", by=20, name="2"), DAY).why == (
        "in every stop that is long enough all bays are taken: Base (1); move another aircraft"
    )


def test_a_spare_is_promised_once_and_a_base_that_has_one_is_preferred() -> None:
    other = Base(Utcs("TEST", "facility", "C"), "Other", "CCCC", 2, 4)
    stops = [opening(2, 8), opening(10, 18, base=other)]
    placing = Placing[str](stops, stock={(BASE.utcs, PART): 1})

    first = placing.place(need("4", by=20, spares={PART: 1}), DAY)
    second = placing.place(need("4", by=20, spares={PART: 1}), DAY)

    assert (first.opening, first.lacking) == (stops[0], ())
    assert (second.opening, second.lacking) == (stops[1], (PART,))


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.integers(1, 3)), max_size=8),
    st.lists(st.tuples(st.integers(0, 80), st.integers(-5, 80), st.integers(1, 3)), max_size=12),
    st.integers(1, 2),
)
def test_whatever_is_placed_keeps_every_bound(
    stops: list[tuple[int, int, int]], needs: list[tuple[int, int, int]], bays: int
) -> None:
    base = Base(BASE.utcs, "Base", "AAAA", bays, 3)
    taken: dict[int, int] = {}
    openings = []
    for begins, lasts, number in sorted(stops):  # an aircraft has one stop at a time
        if begins >= taken.get(number, 0):
            openings.append(opening(begins, begins + lasts, str(number), base))
            taken[number] = begins + lasts
    placing = Placing[str](openings)

    placed = [
        placing.place(need(str(labour), by, str(number)), DAY)
        for labour, by, number in sorted(needs, key=lambda one: one[1])
    ]

    spans = []
    for one in placed:
        if one.opening is None:
            assert one.why
            continue
        assert one.starts_at is not None
        assert one.ends_at is not None
        assert one.opening.starts_at <= one.starts_at <= one.ends_at <= one.opening.ends_at
        assert one.opening.stop.aircraft == one.need.aircraft
        assert one.ends_at <= one.need.by or one.need.by <= DAY
        spans.append(Occupied(base.utcs, one.need.aircraft, one.starts_at, one.ends_at))
    assert most_at_once(span for span in spans if span.starts_at < span.ends_at) <= bays
    for number in (1, 2, 3):  # one job after the other
        own = sorted((s.starts_at, s.ends_at) for s in spans if s.aircraft == ship(str(number)))
        assert all(before[1] <= after[0] for before, after in pairwise(own))
