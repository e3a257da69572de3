"""When sources last spoke, and the alert about one that is silent for too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros
from graph.store.apply import apply
from graph.store.changes import Entry, changes
from graph.store.database import Graph
from graph.store.freshness import Freshness, freshness
from graph.store.neighbours import neighbours
from graph.store.show import show
from ingest.followers.freshness import CODE, SOURCE, SourceWatch
from tests.store.saying import event, put, serial

HOUR = 3_600_000_000
ERP = "utcs:TEST:source:ERP"


class Clock:
    """The graph's time, which the test moves."""

    def __init__(self, graph: Graph) -> None:
        self.now = graph.clock()
        self.start = self.now
        graph.clock = lambda: self.now

    def at(self, hours: float) -> None:
        self.now = self.start + int(hours * HOUR)


@pytest.fixture
def clock(graph: Graph) -> Clock:
    return Clock(graph)


class Watching:
    """A watch and how far it has been told."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.watch, self.seq = graph, SourceWatch(graph, every_s=0), 0

    async def catch_up(self) -> None:
        while entries := await changes(self.graph, self.seq):
            await self.take(entries)
        await self.take(())

    async def take(self, entries: Sequence[Entry]) -> None:
        await self.watch.take(entries)
        self.seq = entries[-1].seq if entries else self.seq


@pytest.fixture
def watching(graph: Graph) -> Watching:
    return Watching(graph)


async def register(graph: Graph, **properties: Any) -> None:
    told = {"name": "ERP", "uri": "urn:erp", "interval_h": "2", "status": "active"}
    await apply(graph, [event(put(ERP, **told | properties), source="urn:admin")])


async def speak(graph: Graph, source: str = "urn:erp") -> None:
    (outcome,) = await apply(graph, [event(serial("a"), source=source)])
    assert outcome.seq


async def alerts(graph: Graph) -> list[tuple[str, str]]:
    rows = await graph.read(
        "MATCH (a:Alert {code: $code}) RETURN a.utcs, a.status ORDER BY a.detected_at",
        {"code": CODE},
    )
    return [tuple(row) for row in rows]


async def test_of_each_source_it_is_known_when_it_last_spoke_registered_or_not(
    graph: Graph, clock: Clock, watching: Watching
) -> None:
    await register(graph)
    await speak(graph)
    clock.at(1)
    await speak(graph)
    await speak(graph, "urn:stranger")
    await watching.catch_up()
    clock.at(1.5)

    erp, *others = await freshness(graph)

    assert (erp.utcs, erp.source, erp.name) == (Utcs.parse(ERP), "urn:erp", "ERP")
    assert (str(erp.interval_h), erp.silent_s, erp.is_stale) == ("2", 1800, False)
    assert erp.due_at == from_micros(clock.start + 3 * HOUR)
    assert [(o.source, o.utcs, o.due_at) for o in others] == [
        ("urn:stranger", None, None), ("urn:admin", None, None),
    ]  # fmt: skip


async def test_an_alert_is_raised_once_for_a_lapse_and_resolved_when_the_source_speaks(
    graph: Graph, clock: Clock, watching: Watching
) -> None:
    await register(graph)
    await speak(graph)
    await watching.catch_up()
    assert await alerts(graph) == []

    clock.at(2.5)
    for _ in range(3):
        await watching.catch_up()
    await Watching(graph).catch_up()
    ((alert, status),) = await alerts(graph)
    (node,) = [(await show(graph, Utcs.parse(alert))).node]
    (about,) = (await neighbours(graph, Utcs.parse(alert))).links
    clock.at(3)
    await speak(graph)
    await watching.catch_up()

    assert status == "open"
    assert node is not None
    assert node.valid_from == from_micros(clock.start + 1 + 2 * HOUR), "spoken by the second entry"
    assert (about.link, str(about.utcs)) == ("ABOUT", ERP)
    assert await alerts(graph) == [(alert, "resolved")]
    clock.at(6)
    await watching.catch_up()
    assert [status for _, status in await alerts(graph)] == ["resolved", "open"]


async def test_our_own_alerts_are_no_sign_of_life(
    graph: Graph, clock: Clock, watching: Watching
) -> None:
    await register(graph)
    clock.at(5)
    await watching.catch_up()
    await watching.catch_up()

    assert [status for _, status in await alerts(graph)] == ["open"]
    assert SOURCE not in [one.source for one in await freshness(graph)]


@pytest.mark.parametrize("properties", [{"status": "paused"}, {"interval_h": None}])
async def test_nothing_is_expected_of_a_source_that_is_paused_or_has_no_interval(
    graph: Graph, clock: Clock, watching: Watching, properties: dict[str, Any]
) -> None:
    await register(graph, **properties)
    clock.at(1000)
    await watching.catch_up()

    (erp, *_) = await freshness(graph)
    assert (erp.due_at, erp.is_stale) == (None, False)
    assert await alerts(graph) == []


async def test_one_that_never_spoke_is_waited_for_from_when_it_was_registered(
    graph: Graph, clock: Clock, watching: Watching
) -> None:
    await register(graph)
    await watching.catch_up()
    clock.at(1.9)
    early = await freshness(graph)
    clock.at(2.1)
    late = await freshness(graph)

    def told(found: tuple[Freshness, ...]) -> tuple[Any, bool]:
        return found[0].silent_s, found[0].is_stale

    assert (told(early), told(late)) == ((None, False), (None, True))


async def test_a_watch_that_is_behind_raises_nothing(
    graph: Graph, clock: Clock, watching: Watching
) -> None:
    await register(graph)
    await speak(graph)
    clock.at(50)
    await speak(graph)
    first, second, third = await changes(graph)

    await watching.take((first,))
    await watching.take((second,))
    assert await alerts(graph) == []
    await watching.take((third,))
    await watching.take(())

    assert await alerts(graph) == []


async def test_what_people_wrote_on_an_alert_stays_when_it_is_resolved(
    graph: Graph, clock: Clock, watching: Watching
) -> None:
    await register(graph)
    clock.at(3)
    await watching.catch_up()
    ((alert, _),) = await alerts(graph)
    told = {"name": "ERP is silent", "code": CODE, "status": "acknowledged", "number": "TICKET-7"}
    hour = clock.now - clock.start
    noted = event(put(alert, **told), time=from_micros(clock.start + hour).isoformat())
    await apply(graph, [noted])
    clock.at(4)
    await speak(graph)
    await watching.catch_up()

    node = (await show(graph, Utcs.parse(alert), at=Coordinates())).node
    assert node is not None
    found = node.properties.model_dump()
    assert (found["status"], found["number"]) == ("resolved", "TICKET-7")
    assert found["closed_at"] == from_micros(clock.start + 4 * HOUR)
