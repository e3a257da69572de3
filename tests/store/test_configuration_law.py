"""The law of configuration: what is in an aircraft, where a unit was, what it flew, as plain reading has it.

Random legal histories of two aircraft, an engine and a pump that may be in either or in the engine go
in late, in any order and with some of it corrected; then every question is asked for days and states of
knowledge of its own. The reference reads the events alone, day by day.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, parse_utc
from graph.store.accrual import accrued
from graph.store.apply import apply
from graph.store.changes import head
from graph.store.configuration import configuration
from graph.store.database import Graph
from graph.store.genealogy import genealogy
from graph.store.installed import find_installed
from tests.store.belief import belief
from tests.store.conftest import empty
from tests.store.saying import correct, day, event, put, serial
from tests.store.test_accrual import A1, A2, E1, P1, flight, into, out_of

LAST = 12
DAYS = st.integers(1, LAST)
PLACES = {E1: [A1, A2, None], P1: [A1, E1, None]}
"""Where each may be; its slot is its own, so that no other is ever in it."""


def moves(unit: str) -> st.SearchStrategy[list[tuple[int, str | None]]]:
    step = st.tuples(DAYS, st.sampled_from(PLACES[unit]))
    return st.lists(step, max_size=5, unique_by=lambda move: move[0])


def told(unit: str, steps: list[tuple[int, str | None]]) -> list[dict[str, Any]]:
    """A unit goes from place to place, each time in one event."""
    return [
        event(
            *([out_of(old, unit, unit[-2:])] if old else []),
            *([into(new, unit, unit[-2:])] if new else []),
            on=on,
        )
        for (_, old), (on, new) in pairwise([(0, None), *sorted(steps)])
        if old != new
    ]  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Legal events in the order in which they happen, then flights, then corrections of some flights."""
    structure = [e for unit in (E1, P1) for e in told(unit, draw(moves(unit)))]
    flown = draw(st.lists(st.tuples(DAYS, st.sampled_from([A1, A2])), max_size=6, unique=True))
    flights = [flight(n, on + 0.3, a, n + 1) for n, (on, a) in enumerate(flown)]
    wrong = draw(st.lists(st.sampled_from(flights), max_size=2, unique_by=lambda e: e["id"])) if (
        flights
    ) else []  # fmt: skip
    fixes = [event(correct(e["id"]), on=LAST + 1) for e in wrong]
    return [*sorted(structure, key=lambda e: e["time"]), *flights, *fixes]


def inside(top: str, events: list[dict[str, Any]], at: float) -> dict[tuple[str, ...], str]:
    """What is in a thing, by position, at any depth."""
    held = [key for key in belief(events, day(at)) if len(key) > 1 and key[1] == "CONTAINS"]
    found: dict[tuple[str, ...], str] = {(): top}
    for _ in range(3):
        found |= {
            (*position, slot): target
            for position, unit in found.items()
            for source, _, target, slot in held
            if source == unit
        }
    return found


def flew(unit: str, events: list[dict[str, Any]], at: float) -> Decimal:
    """The hours of all flights that ended by then, of what the unit was in when they began."""
    withdrawn = {f["id"] for e in events for f in e["data"]["facts"] if f["fact"] == "correct"}
    total = Decimal(0)
    for e in events:
        facts = e["data"]["facts"]
        if e["id"] not in withdrawn and facts[-1].get("link") == "FLOWN_BY":
            flown = facts[0]["properties"]
            began = next(d + 0.3 for d in range(LAST + 1) if day(d + 0.3) == flown["takeoff_at"])
            aboard = inside(facts[-1]["target"], events, began).values()
            if flown["landing_at"] <= day(at) and unit in aboard:
                total += Decimal(flown["duration_fh"])
    return total


def nowhere(unit: str, events: list[dict[str, Any]], at: int) -> list[tuple[int, int]]:
    """The days on which it was in no aircraft, from its birth on, as intervals."""
    days = [
        n
        for n in range(at)
        if not any(unit in inside(a, events, n + 0.5).values() for a in (A1, A2))
    ]
    starts = [n for n in days if n - 1 not in days]
    return [(n, next(m for m in range(n, LAST + 3) if m not in days)) for n in starts]


def days_of(since: UtcDatetime, until: UtcDatetime | None, at: int) -> tuple[int, int]:
    begins = next(n for n in range(LAST + 3) if parse_utc(day(n)) >= since)
    ends = at if until is None else next(n for n in range(LAST + 3) if parse_utc(day(n)) >= until)
    return begins, min(ends, at)


async def assert_answers(
    graph: Graph, events: list[dict[str, Any]], at: int, known: UtcDatetime | None
) -> None:
    """Asks for the beginning of a day, a moment after what happened on it."""
    coordinates = Coordinates(parse_utc(day(at + 0.01)), known)
    for top in (A1, A2, E1):
        found = await find_installed(graph, Utcs.parse(top), at=coordinates)
        assert {position: str(one.unit.utcs) for position, one in found.items()} == inside(
            top, events, at + 0.01
        )
        told = await configuration(graph, Utcs.parse(top), first=1000, at=coordinates)
        assert {one.position: str(one.unit) for one in told.units} == {
            ".".join(position): str(one.unit.utcs) for position, one in found.items() if position
        }
    for unit in (A1, E1, P1):
        counted = await accrued(graph, Utcs.parse(unit), at=coordinates)
        assert counted.total("fh") == flew(unit, events, at + 0.01), unit
    for unit in (E1, P1):
        life = await genealogy(graph, Utcs.parse(unit), first=1000, at=coordinates)
        gaps = [days_of(gap.since, gap.until, at) for gap in life.gaps]
        joined = [gap for gap in gaps if gap[0] < gap[1]]
        assert _merged(joined) == nowhere(unit, events, at), unit
        assert life.overlaps == ()


def _merged(gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Gaps that follow each other are one: what a unit was in loose does not matter here."""
    merged: list[tuple[int, int]] = []
    for begins, ends in gaps:
        if merged and merged[-1][1] == begins:
            merged[-1] = (merged[-1][0], ends)
        else:
            merged.append((begins, ends))
    return merged


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    histories(), st.data(), st.randoms(use_true_random=False), st.integers(0, LAST), st.integers(0, LAST)
)  # fmt: skip
@pytest.mark.slow
async def test_random_lives_are_answered_as_a_plain_reading_of_the_events_does(
    graph: Graph, history: list[dict[str, Any]], data: Any, random: Any, then: int, now: int
) -> None:
    await empty(graph)
    there = event(put(A1), put(A2), serial("E1"), serial("P1"))
    earlier = data.draw(st.integers(0, len(history)))
    first, late = [there, *history[:earlier]], history[earlier:]
    random.shuffle(late)

    assert {one.status for one in await apply(graph, first)} == {"applied"}
    known = (await head(graph)).recorded_at
    waiting = late
    for _ in range(len(late)):  # what takes a place that is not free yet is refused, and sent again
        outcomes = [(document, (await apply(graph, [document]))[0]) for document in waiting]
        waiting = [document for document, outcome in outcomes if outcome.status == "refused"]
    assert not waiting

    await assert_answers(graph, [there, *history], now, None)
    await assert_answers(graph, first, then, known)
