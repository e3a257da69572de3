"""The sample fleet as it goes on: in the order of time, the same again, never the same twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

from graph.model.maintenance import WorkOrder, WorkOrderStatus
from ingest.fleet.live import live

START = datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_events_come_in_the_order_of_time_and_each_identity_once() -> None:
    events = [*islice(live(1, 12, START), 2000)]

    times = [event.time for event in events]
    assert times == sorted(times)
    assert times[0] == START
    assert len({event.identity for event in events}) == len(events)


def test_there_is_something_to_see_in_every_half_minute_of_the_first_five() -> None:
    seen = {int((e.time - START).total_seconds() // 30) for e in islice(live(1, 12, START), 99)}

    assert seen >= set(range(10))


def test_the_same_start_tells_the_same_and_a_later_one_nothing_of_it() -> None:
    once, again = ([e.canonical() for e in islice(live(1, 3, START), 200)] for _ in range(2))
    later = {e.identity for e in islice(live(1, 3, START + timedelta(seconds=1)), 200)}

    assert once == again
    assert not later & {e.identity for e in islice(live(1, 3, START), 200)}


def test_every_work_order_that_is_opened_is_performed_and_released() -> None:
    stood: dict[str, list[WorkOrderStatus | None]] = {}
    for event in islice(live(1, 3, START), 600):
        for fact in event.facts:
            said = getattr(fact, "properties", None)
            if isinstance(said, WorkOrder):
                stood.setdefault(str(said.number), []).append(said.status)

    told = [*stood.values()][:-3]
    assert told
    assert {tuple(map(str, steps)) for steps in told} == {("open", "performed", "released")}
