"""Hours and cycles of units: whatever comes late or is corrected, the sum is that of what is believed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.accrual import Accrued, accrued, accrued_of
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from tests.store.belief import belief
from tests.store.conftest import empty
from tests.store.linking import as_of, tell
from tests.store.reporting import flight as reported
from tests.store.reporting import make_hub, message
from tests.store.saying import contains, correct, day, event, put, removed, retire, serial

A1, A2 = "utcs:TEST:aircraft:A1", "utcs:TEST:aircraft:A2"
E1, P1 = "utcs:TEST:serial:E1", "utcs:TEST:serial:P1"


def link(source: str, type: str, target: str) -> dict[str, Any]:
    return {"fact": "put_link", "source": source, "link": type, "target": target}


def into(parent: str, unit: str, slot: str = "1") -> dict[str, Any]:
    return contains("?", unit.rpartition(":")[2], slot) | {"source": parent}


def out_of(parent: str, unit: str, slot: str = "1") -> dict[str, Any]:
    return removed("?", unit.rpartition(":")[2], slot) | {"source": parent}


def flight(
    number: Any, on: float, aircraft: str = A1, hours: Any = 2, **more: Any
) -> dict[str, Any]:
    """A flight that takes off on a day and lands a tenth of a day later, when it is told."""
    thing = f"utcs:TEST:flight:{aircraft[-2:]}-{number}"
    envelope: dict[str, Any] = {"on": more.pop("told", on + 0.1)}
    envelope |= {name: more.pop(name) for name in list(more) if name == "id"}
    told = {
        "takeoff_at": day(on),
        "landing_at": day(on + 0.1),
        "duration_fh": hours,
        "cycles_fc": 1,
    }
    return event(put(thing, **(told | more)), link(thing, "FLOWN_BY", aircraft), **envelope)


def usage(of: str, on: float, number: int = 1, **counters: Any) -> dict[str, Any]:
    thing = f"utcs:TEST:usage:{of.rpartition(':')[2]}-{number}"
    return event(put(thing, measured_at=day(on), **counters), link(thing, "COUNTS", of), on=on)


def counts(answer: Accrued) -> dict[str, Decimal]:
    return {counted.counter: counted.total for counted in answer.counters}


LATER = as_of(300)


async def fh(graph: Graph, utcs: str, at: Coordinates = LATER) -> Decimal:
    return counts(await accrued(graph, Utcs.parse(utcs), at=at))["fh"]


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Aircraft A1 and A2; engine E1 in A1 from day 10 to 20 and in A2 from day 30; pump P1 in E1."""
    await tell(
        graph,
        event(put(A1), put(A2), serial("E1"), serial("P1"), into(E1, P1)),
        event(into(A1, E1), on=10),
        event(out_of(A1, E1), on=20),
        event(into(A2, E1), on=30),
    )
    return graph


async def test_flights_count_for_the_aircraft_and_for_all_that_was_in_it_then(fleet: Graph) -> None:
    await tell(fleet, *(flight(n, n) for n in (5, 15, 25)), *(flight(n, n, A2) for n in (15, 35)))

    told = {utcs: await fh(fleet, utcs) for utcs in (A1, A2, E1, P1)}

    assert told == {A1: 6, A2: 4, E1: 4, P1: 4}


async def test_every_counter_is_exact_and_says_what_it_is_made_of(fleet: Graph) -> None:
    more: dict[str, Any] = {"apu_h": "0.3", "apu_starts": 2, "landings": 3}
    await tell(
        fleet,
        usage(A1, 12, total_fh="1000.1", total_fc=400, landings=410),
        *(flight(n, n, hours="0.1", **more) for n in (11, 13, 14)),
        flight(15, 15, duration_fh=None),
    )

    answer = await accrued(fleet, Utcs.parse(A1))

    (fh, _, apu_h, *_) = answer.counters
    assert counts(answer) == {
        "fh": Decimal("1000.3"), "fc": 403, "apu_h": Decimal("0.9"), "apu_starts": 6, "landings": 416,
    }  # fmt: skip
    assert (fh.declared, fh.declared_by, fh.declared_at) == (
        Decimal("1000.1"), Utcs.parse("utcs:TEST:usage:A1-1"), parse_utc(day(12)),
    )  # fmt: skip
    assert (fh.flown, fh.flights, fh.silent) == (Decimal("0.2"), 3, 1)
    assert (apu_h.declared, apu_h.flights, apu_h.silent) == (None, 4, 1)


async def test_what_was_declared_of_a_unit_holds_from_then_on_and_flights_add_to_it(
    fleet: Graph,
) -> None:
    await tell(fleet, *(flight(n, n) for n in (11, 12, 13)), usage(E1, 12.5, total_fh=500))

    assert [await fh(fleet, E1, as_of(on)) for on in (11.05, 11.5, 12.5, 13.5)] == [0, 2, 500, 502]


async def test_a_flight_under_way_at_the_time_of_the_declaration_counts_when_it_has_ended(
    fleet: Graph,
) -> None:
    await tell(fleet, flight(1, 12), usage(E1, 12.05, total_fh=500))

    assert await fh(fleet, E1) == 502


async def test_late_declarations_and_flights_land_where_they_belong(fleet: Graph) -> None:
    (before, *_) = await tell(fleet, flight(1, 15))
    await tell(fleet, usage(E1, 12, total_fh=100), flight(2, 11), flight(3, 13))

    now, then = await fh(fleet, E1), await fh(fleet, E1, Coordinates(known_at=from_micros(before)))

    assert [now, then] == [104, 2]


async def test_a_corrected_installation_changes_the_sum_by_itself(fleet: Graph) -> None:
    await tell(fleet, *(flight(n, n) for n in (12, 14, 16)))
    wrong = event(out_of(A1, E1), id="wrong", on=13)
    (*_, known) = await tell(fleet, wrong)
    short = await fh(fleet, E1)

    await tell(fleet, event(correct("wrong"), on=40))

    assert [short, await fh(fleet, E1)] == [2, 6]
    assert await fh(fleet, E1, Coordinates(known_at=from_micros(known))) == 2


async def test_a_flight_withdrawn_cancelled_or_told_anew_counts_as_it_is_told_last(
    fleet: Graph,
) -> None:
    await tell(
        fleet,
        flight(1, 11, id="wrong"),
        flight(2, 12),
        flight(2, 12, told=12.5, status="cancelled"),
        flight(3, 13),
        flight(3, 13, told=13.5, hours=5),
        flight(4, 14, status="planned"),
        flight(5, 15, status="diverted"),
        event(correct("wrong"), on=20),
    )

    assert await fh(fleet, A1) == 7


async def test_reports_through_the_hub_accrue(fleet: Graph, tmp_path: Path) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    sent = [
        message(reported(f"L{n}", subject=A1, on=n, hours=1.5, apu_h=0.25)) for n in (12, 14, 25)
    ]

    await hub.take(sent[::-1])
    await hub.take(sent)

    answer = counts(await accrued(fleet, Utcs.parse(P1)))
    assert [answer["fh"], answer["fc"], answer["apu_h"]] == [3, 2, Decimal("0.5")]


async def test_a_unit_that_is_no_more_keeps_its_hours(fleet: Graph) -> None:
    await tell(fleet, flight(1, 11), event(out_of(E1, P1), retire("P1"), on=50))

    assert await fh(fleet, P1) == 2


def certified(unit: str, on: float, work: str = "overhauled", **more: Any) -> dict[str, Any]:
    """A certificate for work on a unit."""
    form = f"utcs:TEST:release:F1-{unit[-2:]}-{on}"
    said = {"form": "easa_form_1", "work": work, "issued_at": day(on)} | more
    return event(put(form, **said), link(unit, "CERTIFIED_BY", form), on=on)


async def since_overhaul(graph: Graph, utcs: str, at: Coordinates = LATER) -> dict[str, Decimal]:
    found = await accrued(graph, Utcs.parse(utcs), at=at)
    return {since.counter: since.total for since in found.since_overhaul}


async def test_since_overhaul_counts_what_came_after_the_last_certificate_that_says_overhauled(
    fleet: Graph,
) -> None:
    await tell(
        fleet,
        usage(E1, 9, total_fh=1000, total_fc=500),
        *(flight(n, n) for n in (11, 12)),
        certified(E1, 22),
        certified(E1, 26, work="repaired"),
        certified(E1, 27, status="revoked"),
        usage(E1, 29, 2, total_fh=1010, total_fc=503),
        *(flight(n, n, A2) for n in (31, 32, 33)),
    )

    told = [await since_overhaul(fleet, E1, as_of(on)) for on in (15, 22, 29, 40)]

    assert told == [{}, {"fh": 0, "fc": 0}, {"fh": 6, "fc": 1}, {"fh": 12, "fc": 4}]


async def test_what_a_usage_declares_since_overhaul_holds_if_it_is_the_latest_word(
    fleet: Graph,
) -> None:
    await tell(fleet, usage(E1, 12, total_fh=100, since_overhaul_fh=40), flight(1, 15))
    declared = await since_overhaul(fleet, E1)

    await tell(fleet, certified(E1, 18), flight(2, 35, A2))

    assert [declared, await since_overhaul(fleet, E1)] == [{"fh": 42}, {"fh": 2, "fc": 1}]


async def test_many_units_at_once_have_what_each_has_alone(fleet: Graph) -> None:
    units = [Utcs.parse(utcs) for utcs in (A1, A2, E1, P1)]
    await tell(
        fleet,
        usage(E1, 12, total_fh=100, landings=7),
        *(flight(n, n) for n in (11, 13, 15)),
        certified(P1, 14),
        flight(1, 35, A2),
    )

    for at in (LATER, as_of(14.5)):
        together = await accrued_of(fleet, [*units, Utcs("TEST", "serial", "NONE")], at=at)
        alone = {unit: await accrued(fleet, unit, at=at) for unit in units}
        hours = await accrued_of(fleet, units, counters=("fh",), at=at)

        assert together == alone
        assert {unit: one.total("fh") for unit, one in hours.items()} == {
            unit: one.total("fh") for unit, one in alone.items()
        }


async def test_what_counts_nothing_or_is_unknown_is_refused(fleet: Graph) -> None:
    with pytest.raises(BadQuestionError, match="counts no hours; give an aircraft or a serialised"):
        await accrued(fleet, Utcs("TEST", "flight", "F"))
    with pytest.raises(NotFoundError, match="did you mean utcs:TEST:serial:E1"):
        await accrued(fleet, Utcs("TEST", "serial", "E11"))


# The law: in whatever order things are told, the answer is that of a simple sum over what was told.

DAYS = st.integers(1, 30)
MOVES = st.lists(
    st.tuples(DAYS, st.sampled_from([A1, A2, None])), max_size=5, unique_by=lambda m: m[0]
)
PUMP_MOVES = st.lists(
    st.tuples(DAYS, st.sampled_from([A1, E1, None])), max_size=5, unique_by=lambda m: m[0]
)
FLIGHTS = st.lists(st.tuples(DAYS, st.sampled_from([A1, A2]), st.integers(1, 40)), max_size=8)
USAGES = st.lists(st.tuples(DAYS, st.sampled_from([A1, E1, P1]), st.integers(1, 9000)), max_size=4)


def moves(unit: str, told: Iterable[tuple[int, str | None]]) -> list[dict[str, Any]]:
    """A unit goes from place to place, each time in one event."""
    places = [(0, None), *sorted(told)]
    return [
        event(
            *([out_of(old, unit, unit[-2:])] if old else []),
            *([into(new, unit, unit[-2:])] if new else []),
            on=on,
        )
        for (_, old), (on, new) in pairwise(places)
        if old != new
    ]  # fmt: skip


def reference(
    unit: str, at: float, structure: list[dict[str, Any]], flights: Any, usages: Any
) -> Decimal:
    """The sum, worked out the slow and simple way."""
    last = max(
        ((on, n) for n, (on, of, _) in enumerate(usages) if of == unit and on <= at), default=None
    )
    total, since = (Decimal(usages[last[1]][2]) / 10, last[0]) if last else (Decimal(0), -1)
    for on, aircraft, tenths in flights:
        if since < on + 0.1 <= at:
            inside, held = {aircraft}, belief(structure, day(on))
            for _ in range(3):
                inside |= {key[2] for key in held if len(key) > 1 and key[0] in inside}
            total += Decimal(tenths) / 10 if unit in inside else 0
    return total


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MOVES, PUMP_MOVES, FLIGHTS, USAGES, st.randoms(use_true_random=False), st.integers(0, 32))
@pytest.mark.slow
async def test_in_any_order_the_sum_is_that_of_what_was_told(
    graph: Graph, engine: Any, pump: Any, flights: Any, usages: Any, random: Any, at: int
) -> None:
    await empty(graph)
    there = event(put(A1), put(A2), serial("E1"), serial("P1"))
    structure = [*moves(E1, engine), *moves(P1, pump)]
    told = [
        flight(n, on, a, str(Decimal(tenths) / 10)) for n, (on, a, tenths) in enumerate(flights)
    ]
    told += [
        usage(of, on, n, total_fh=str(Decimal(c) / 10)) for n, (on, of, c) in enumerate(usages)
    ]
    said = [there, *structure, *told]
    random.shuffle(said)

    for _ in range(len(said)):  # what takes a place that is not free yet is refused, and sent again
        outcomes = [(document, (await apply(graph, [document]))[0]) for document in said]
        said = [document for document, outcome in outcomes if outcome.status == "refused"]
    assert not said, [outcome.reason for _, outcome in outcomes]

    for unit in (A1, A2, E1, P1):
        assert await fh(graph, unit, as_of(at)) == reference(unit, at, structure, flights, usages)
