"""Rotations: stops lie between flights that meet, and nothing is guessed where they do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.maintenance import WindowCategory
from graph.model.operation import FlightStatus
from graph.model.rotation import Leg, Rotation, Stop, Turnround, rotation, stands_in

SHIP = Utcs("TEST", "aircraft", "1")
DAY = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = DAY + timedelta(days=3)


def leg(
    number: int, route: str, begins_h: float, lasts_h: float = 2, status: str = "planned"
) -> Leg:
    origin, _, destination = route.partition("-")
    begins = DAY + timedelta(hours=begins_h)
    return Leg(
        Utcs("TEST", "flight", f"F{number}"), SHIP, f"F{number}", origin, destination,
        begins, begins + timedelta(hours=lasts_h), FlightStatus(status),
    )  # fmt: skip


def of(*legs: Leg) -> Rotation:
    return rotation(SHIP, legs, DAY, UNTIL)


def told(found: Rotation) -> list[tuple[str | None, float, float]]:
    return [
        (stop.station, (stop.starts_at - DAY) / timedelta(hours=1), (stop.ends_at - DAY) / timedelta(hours=1))
        for stop in found.stops
    ]  # fmt: skip


def test_stops_lie_between_flights_and_before_the_first_and_after_the_last() -> None:
    found = of(leg(2, "BBBB-AAAA", 10), leg(1, "AAAA-BBBB", 6))

    assert told(found) == [("AAAA", 0, 6), ("BBBB", 8, 10), ("AAAA", 12, 72)]
    assert found.faults == ()
    assert [stop.category for stop in found.stops] == [
        WindowCategory.OVERNIGHT, WindowCategory.LINE_STOP, WindowCategory.BASE_CHECK,
    ]  # fmt: skip


def test_a_flight_before_the_time_says_where_the_aircraft_stands_as_it_begins() -> None:
    found = of(leg(1, "AAAA-BBBB", -30, status="arrived"), leg(2, "BBBB-AAAA", 5))

    assert told(found)[0] == ("BBBB", 0, 5)
    assert [one.number for one in found.legs] == ["F2"]


def test_an_aircraft_in_the_air_as_the_time_begins_is_on_the_ground_once_it_has_landed() -> None:
    assert told(of(leg(1, "AAAA-BBBB", -1, 3))) == [("BBBB", 2, 72)]


def test_where_flights_do_not_meet_nobody_says_where_it_is() -> None:
    found = of(leg(1, "AAAA-BBBB", 2), leg(2, "CCCC-AAAA", 10))

    assert told(found)[1] == (None, 4, 10)
    assert found.faults == (
        "F1 AAAA–BBBB ends at BBBB, and F2 CCCC–AAAA leaves from CCCC; no flight says how it gets there",
    )


def test_a_diverted_flight_ends_where_the_next_one_leaves() -> None:
    diverted = leg(1, "AAAA-BBBB", 2, status="diverted")

    assert told(of(diverted, leg(2, "CCCC-AAAA", 10)))[1] == ("CCCC", 4, 10)
    assert told(of(diverted))[-1] == (None, 4, 72)
    assert of(diverted, leg(2, "CCCC-AAAA", 10)).faults == ()


def test_a_cancelled_flight_is_not_flown() -> None:
    found = of(leg(1, "AAAA-BBBB", 2, status="cancelled"), leg(2, "AAAA-CCCC", 10))

    assert told(found) == [("AAAA", 0, 10), ("CCCC", 12, 72)]


def test_flights_that_overlap_are_a_fault_and_leave_no_stop_in_between() -> None:
    found = of(leg(1, "AAAA-BBBB", 2, 6), leg(2, "BBBB-AAAA", 4, 1), leg(3, "BBBB-AAAA", 9))

    assert told(found) == [("AAAA", 0, 2), ("BBBB", 8, 9), ("AAAA", 11, 72)]
    assert "F2 BBBB–AAAA leaves at 2026-03-01T04:00:00.000000Z, before F1" in found.faults[0]


def test_of_an_aircraft_without_flights_nobody_says_where_it_is() -> None:
    assert told(of()) == [(None, 0, 72)]


def test_turnround_is_no_time_to_work() -> None:
    found = of(leg(1, "AAAA-BBBB", 2), leg(2, "BBBB-AAAA", 5))
    turnround = Turnround(timedelta(minutes=30), timedelta(minutes=45))

    first, between, _ = (stop.usable(turnround) for stop in found.stops)
    assert first == (DAY, DAY + timedelta(hours=1.25))
    assert between is None
    assert found.stops[1].usable(Turnround(timedelta(0), timedelta(minutes=30))) == (
        DAY + timedelta(hours=4), DAY + timedelta(hours=4.5),
    )  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(-40, 90), st.integers(1, 20), st.sampled_from("ABC"), st.sampled_from("ABC")),
        max_size=8,
    )
)  # fmt: skip
def test_stops_and_flights_together_cover_the_time_once(
    flights: list[tuple[int, int, str, str]],
) -> None:
    legs = [
        leg(n, f"{a * 4}-{b * 4}", begins, lasts) for n, (begins, lasts, a, b) in enumerate(flights)
    ]

    found = of(*legs)

    for hour in range(72):
        at = DAY + timedelta(hours=hour, minutes=30)
        on_ground = sum(stop.starts_at <= at < stop.ends_at for stop in found.stops)
        flying = any(one.starts_at <= at < one.ends_at for one in legs)
        assert on_ground == (0 if flying else 1), hour


FREE = Stop(SHIP, "AAAA", DAY, DAY + timedelta(hours=20), None, leg(9, "AAAA-ZZZZ", 20))


@pytest.mark.parametrize(
    ("lost", "flown"),
    [
        ([leg(1, "AAAA-BBBB", 4), leg(2, "BBBB-AAAA", 8), leg(3, "AAAA-CCCC", 12)], ["F1", "F2"]),
        ([leg(1, "BBBB-AAAA", 4)], []),  # it is elsewhere
        (
            [leg(1, "AAAA-BBBB", 4), leg(2, "BBBB-AAAA", 17)],
            [],
        ),  # it would be late for its own flight
        ([leg(1, "AAAA-BBBB", 4)], []),  # it would not be back
        ([], []),
    ],
)
def test_an_aircraft_stands_in_if_it_is_there_and_back_for_its_own_flight(
    lost: list[Leg], flown: list[str]
) -> None:
    assert [one.number for one in stands_in(lost, FREE)] == flown


def test_an_aircraft_with_no_flight_of_its_own_need_not_be_back() -> None:
    free = Stop(SHIP, "AAAA", DAY, UNTIL, None, None)

    assert len(stands_in([leg(1, "AAAA-BBBB", 4), leg(2, "BBBB-CCCC", 8)], free)) == 2
