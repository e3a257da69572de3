"""Counters only grow: what would run backwards is refused, in whatever order it comes, on a real graph."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from graph.model.identifier import Utcs
from graph.model.outcome import Outcome, Reason, Status
from graph.model.reading import COUNTERS
from graph.store.accrual import accrued
from graph.store.apply import apply
from graph.store.database import Graph
from tests.store.linking import as_of, tell
from tests.store.saying import correct, day, event, put, serial

PUMP = "utcs:TEST:serial:PUMP"
USAGE = "utcs:TEST:usage:PUMP"
BELIEVED = """
MATCH (a:Usage)-[:VERSION]->(v)
WHERE v.superseded_at = 253402300799999999
WITH a.utcs AS utcs, v ORDER BY utcs, v.valid_from
RETURN utcs, collect([v.valid_from, v.valid_to, v.measured_at, v.total_fh])
"""
REFUSED = (Status.REFUSED, Reason.BACKWARDS)
APPLIED = (Status.APPLIED, None)


def reading(on: float, *, usage: str = USAGE, told: float | None = None, **counters: Any) -> Any:
    """What counters stood at on a day, told then or on another."""
    fact = put(usage, measured_at=day(on), **counters)
    return event(fact, on=on if told is None else told)


async def said(graph: Graph, *events: dict[str, Any]) -> list[tuple[Status, Reason | None]]:
    return [(outcome.status, outcome.code) for outcome in await apply(graph, list(events))]


async def refusal(graph: Graph, said: dict[str, Any]) -> Outcome:
    (outcome,) = await apply(graph, [said])
    assert (outcome.status, outcome.code) == REFUSED, outcome
    return outcome


@pytest.fixture
async def counted(graph: Graph) -> Graph:
    """A pump with 100 hours on day 10 and 120 on day 20, each told by an event of its own."""
    await tell(
        graph,
        event(
            serial("PUMP"),
            put(USAGE, measured_at=day(0), total_fh=0),
            {"fact": "put_link", "source": USAGE, "link": "COUNTS", "target": PUMP},
        ),
        reading(10, total_fh=100) | {"id": "c10"},
        reading(20, total_fh=120) | {"id": "c20"},
    )
    return graph


async def hours(graph: Graph, on: float) -> int:
    return int((await accrued(graph, Utcs.parse(PUMP), at=as_of(on))).total("fh"))


async def test_what_runs_backwards_is_refused_with_both_readings_and_who_stated_them(
    counted: Graph,
) -> None:
    outcome = await refusal(counted, reading(30, total_fh="119.5") | {"id": "c30"})

    assert outcome.reason == (
        f"total_fh: {USAGE} would fall from 120 at {day(20)} (event 'c20' of source 'urn:test') to 119.5 "
        f"at {day(30)} (event 'c30' of source 'urn:test'); a counter since new only grows, so correct the "
        "event that is wrong, or state this one right"
    )
    assert (
        await said(counted, reading(30, total_fh=120), reading(31, total_fh=121)) == [APPLIED] * 2
    )
    assert await hours(counted, 40) == 121


async def test_each_counter_since_new_is_watched_and_the_others_may_fall(graph: Graph) -> None:
    free = ("since_overhaul_fh", "since_overhaul_fc", "apu_h", "apu_starts")
    first = [reading(1, usage=f"{USAGE}-{n}", **{n: 9}) for n in (*COUNTERS, *free)]
    then = [reading(2, usage=f"{USAGE}-{n}", **{n: 8}) for n in (*COUNTERS, *free)]
    assert set(await said(graph, *first)) == {APPLIED}

    found = await said(graph, *then)

    assert found == [REFUSED] * len(COUNTERS) + [APPLIED] * len(free)


async def test_a_reading_without_a_counter_says_nothing_of_it(counted: Graph) -> None:
    assert await said(counted, reading(25, landings=7)) == [APPLIED]
    await refusal(counted, reading(30, total_fh=119))
    await refusal(counted, reading(30, landings=6))


async def test_late_readings_must_fit_between_those_that_are_known(counted: Graph) -> None:
    await refusal(counted, reading(15, told=40, total_fh=99))
    await refusal(counted, reading(15, told=40, total_fh=121))

    assert await said(counted, reading(15, told=40, total_fh=110)) == [APPLIED]
    assert [await hours(counted, on) for on in (12, 16, 41)] == [100, 110, 120]


async def test_a_reading_of_the_past_cannot_be_restated_above_a_later_one(counted: Graph) -> None:
    restated = reading(10, told=50, total_fh=130) | {"id": "r10"}

    outcome = await refusal(counted, restated)

    assert "from 130" in (outcome.reason or "")
    assert await said(counted, reading(10, told=50, total_fh=105)) == [APPLIED]
    assert await hours(counted, 15) == 105


async def test_without_measured_at_a_reading_is_of_when_it_is_stated_from(counted: Graph) -> None:
    undated = put(USAGE, total_fh=119) | {"valid_from": day(15)}

    assert await said(counted, event(undated, on=60)) == [APPLIED]
    await refusal(counted, event(put(USAGE, total_fh=119), on=61))


async def test_a_reading_that_was_too_high_is_corrected_before_or_with_the_right_one(
    counted: Graph,
) -> None:
    assert await said(counted, reading(30, total_fh=1300) | {"id": "typed"}) == [APPLIED]
    right = reading(40, total_fh=140)
    await refusal(counted, right)
    assert await said(counted, event(correct("typed"), on=41), right) == [APPLIED] * 2

    assert await said(counted, reading(50, total_fh=1500) | {"id": "again"}) == [APPLIED]
    pair = [reading(51, total_fh=151), event(correct("again"), on=51)]
    assert await said(counted, *[one | {"group": "mend"} for one in pair]) == [APPLIED] * 2
    assert [await hours(counted, on) for on in (45, 60)] == [140, 151]


async def test_a_correction_that_leaves_a_fall_behind_is_refused(counted: Graph) -> None:
    assert await said(counted, reading(20, told=21, total_fh=100) | {"id": "low"}) == [APPLIED]
    assert await said(counted, reading(30, total_fh=110)) == [APPLIED]

    outcome = await refusal(counted, event(correct("low"), on=31))

    assert "from 120" in (outcome.reason or "")
    assert await hours(counted, 31) == 110


async def test_of_a_group_that_runs_backwards_nothing_is_kept_and_the_one_to_blame_is_named(
    counted: Graph,
) -> None:
    group = [reading(30, total_fh=125), reading(31, total_fh=124), event(serial("X"), on=32)]

    found = await said(counted, *[one | {"group": "month"} for one in group])

    assert found == [(Status.REFUSED, Reason.GROUP), REFUSED, (Status.REFUSED, Reason.GROUP)]
    assert await hours(counted, 40) == 120


async def test_in_any_order_the_same_readings_are_taken_and_the_same_is_believed(
    graph: Graph,
) -> None:
    orders = list(permutations([(30, 121), (31, 121), (32, 125), (33, 130)]))
    things = [f"{USAGE}-{n}" for n in range(len(orders))]

    for usage, order in zip(things, orders, strict=True):
        told = [reading(on, usage=usage, total_fh=fh) for on, fh in order]
        backwards = reading(31.5, usage=usage, told=99, total_fh=126)
        assert await said(graph, *told, backwards) == [*[APPLIED] * 4, REFUSED]

    believed = await graph.read(BELIEVED)
    assert {utcs for utcs, _ in believed} == set(things)
    assert len({repr(rows) for _, rows in believed}) == 1
