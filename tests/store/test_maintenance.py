"""Maintenance told to the hub: what a reader keeps is what is believed, however it came to be believed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import permutations
from typing import Any

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.model.outcome import Status
from graph.model.time import to_micros
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.maintenance import find_beliefs
from ingest.followers.maintenance import Maintenance
from ingest.hub.belief import Belief
from ingest.hub.maintenance import notices_of
from ingest.messages.cloudevent import Message
from tests.conftest import GraphServer
from tests.store.conftest import empty
from tests.store.saying import correct, day, event, put, serial
from tests.store.test_apply_law import DAYS, QUICK, feed

AIRCRAFT, ENGINE = "utcs:TEST:aircraft:A", "utcs:TEST:serial:E"
TASK, ALERT = "utcs:TEST:task:T", "utcs:TEST:alert:L"
ORDERS = ["utcs:TEST:workorder:V", "utcs:TEST:workorder:W"]
FINDING, DEFERRAL, RELEASE = "utcs:TEST:finding:F", "utcs:TEST:deferral:D", "utcs:TEST:release:R"
RECORDS = [*ORDERS, FINDING, DEFERRAL, RELEASE, ALERT]

Told = dict[str, Any]


def order(utcs: str, **properties: Any) -> dict[str, Any]:
    return put(utcs, number=utcs[-1], **properties)


def link(source: str, type: str, target: str, fact: str = "put_link") -> dict[str, Any]:
    return {"fact": fact, "source": source, "link": type, "target": target}


def births() -> dict[str, Any]:
    """All things of the test, so that nothing has to wait."""
    units = [put(AIRCRAFT, serial_number="A", msn="A"), serial("E"), put(TASK)]
    records = [put(FINDING), put(DEFERRAL), put(ALERT), put(RELEASE, form="crs")]
    return event(*units, *records, *map(order, ORDERS), on=0, id="birth")


async def told(graph: Graph, cut: int = 100, after: int = 0) -> list[Told]:
    """Every message that the follower sends when it is given the entries in batches of `cut`."""
    sent: list[Message] = []

    async def publish(messages: Sequence[Message]) -> None:
        sent.extend(messages)

    follower = Maintenance(graph, "hub", publish)
    while entries := await changes(graph, after, cut):
        await follower.take(entries)
        after = entries[-1].seq
    return [orjson.loads(message.body) for message in sent]


def kept(messages: Iterable[Told]) -> dict[str, Told]:
    """What a reader has who keeps what is told and drops what is withdrawn."""
    held: dict[str, Told] = {}
    for message in messages:
        if message["type"] == "org.utcs.maintenance.withdrawn.v1":
            del held[message["data"]["withdraws"]]
        else:
            assert message["utcsnotice"] not in held, "it was told already"
            held[message["utcsnotice"]] = message
    return held


async def test_an_order_from_its_opening_to_its_release(graph: Graph) -> None:
    opened = event(
        order(ORDERS[1], category="scheduled", status="open"),
        link(ORDERS[1], "WORKS_ON", AIRCRAFT),
        link(ORDERS[1], "EXECUTES", TASK),
        on=1,
    )
    done = {"category": "scheduled", "actual_h": "4.5", "work_performed": "Inspected."}
    performed = event(order(ORDERS[1], status="performed", **done), on=2, id="performed")
    again = event(order(ORDERS[1], status="inspected", station="MUC", **done), on=3)
    await feed(graph, [births(), opened, performed, again], 1)

    messages = [m for m in await told(graph) if m["utcsseq"] > "1"]

    assert {m["data"]["what"] for m in messages} == {"done", "action", "labour"}
    assert {(m["subject"], m["time"], m["utcsseq"], m["actor"]) for m in messages} == {
        (AIRCRAFT, day(2), "3", "tester")
    }


async def test_a_late_event_moves_what_was_told_and_its_correction_moves_it_back(
    graph: Graph,
) -> None:
    await feed(graph, [births(), event(order(ORDERS[0], status="closed"), on=5)], 1)
    before = kept(await told(graph))

    await apply(graph, [event(order(ORDERS[0], status="closed"), on=3, id="late")])
    late = kept(await told(graph))
    await apply(graph, [event(correct("late"), on=6)])
    messages = await told(graph)

    def done(held: dict[str, Told]) -> list[str]:
        return [m["time"] for m in held.values() if m["data"]["what"] == "done"]

    assert (done(before), done(late)) == ([day(5)], [day(3)])
    assert kept(messages).keys() == before.keys()
    reasons = [m["data"].get("reason") for m in messages if "withdraws" in m["data"]]
    assert reasons == [None, None, "typing error", "typing error"]
    assert len({m["id"] for m in messages}) == len(messages), "a reader may drop what came before"


async def test_an_event_of_very_many_records_is_told_whole(graph: Graph) -> None:
    findings = [put(f"utcs:TEST:finding:F{n}", category="wear") for n in range(700)]
    abouts = [link(f"utcs:TEST:finding:F{n}", "ABOUT", ENGINE) for n in range(700)]
    await feed(graph, [births(), event(*findings, *abouts, on=1)], 1)

    messages = await told(graph, after=1)

    assert {m["data"]["finding"] for m in messages} == {f["utcs"] for f in findings}
    assert {m["subject"] for m in messages} == {ENGINE}


async def test_a_deferral_comes_to_its_aircraft_whichever_link_on_the_way_is_told_last(
    graph: Graph,
) -> None:
    await apply(graph, [births()])
    for n, told_in in enumerate(permutations(range(3))):
        names = [f"utcs:TEST:{kind}:{n}" for kind in ("deferral", "finding", "workorder")]
        links = [
            link(names[0], "DEFERS", names[1]),
            link(names[1], "FOUND_IN", names[2]),
            link(names[2], "WORKS_ON", AIRCRAFT),
        ]
        records = event(put(names[0]), put(names[1]), order(names[2]), on=1)
        await feed(graph, [records, *(event(links[k], on=1) for k in told_in)], 1)

    for cut in (1, 7):
        held = kept(await told(graph, cut, after=1)).values()
        assert {m["data"]["what"] for m in held} == {"deferred", "damage"}
        assert [m["subject"] for m in held] == [AIRCRAFT] * 12


CHAIN = [
    (ORDERS[0], "WORKS_ON", AIRCRAFT),
    (FINDING, "FOUND_IN", ORDERS[0]),
    (DEFERRAL, "DEFERS", FINDING),
    (RELEASE, "RELEASES", ORDERS[0]),
]
"""What one record says of its unit, others rest on: most of what is drawn, as it is the hard part."""

OTHERS = [
    (ORDERS[1], "WORKS_ON", ENGINE),
    (FINDING, "FOUND_IN", ORDERS[1]),
    (FINDING, "ABOUT", ENGINE),
    (DEFERRAL, "DEFERS", ALERT),
    (ALERT, "ABOUT", ENGINE),
    *[(one, "EXECUTES", TASK) for one in ORDERS],
    *[(one, "REMOVES", ENGINE) for one in ORDERS],
    *[(one, "RESOLVES", FINDING) for one in ORDERS],
]

linked = st.builds(
    lambda ends, fact: link(ends[0], ends[1], ends[2], fact),
    st.one_of(st.sampled_from(CHAIN), st.sampled_from(CHAIN), st.sampled_from(OTHERS)),
    st.sampled_from([*["put_link"] * 5, "end_link"]),
)
restated = st.one_of(
    st.builds(
        lambda utcs, status, is_aog: order(utcs, status=status, is_aog=is_aog, actual_h=1),
        st.sampled_from(ORDERS),
        st.sampled_from(["open", "performed", "released"]),
        st.booleans(),
    ),
    st.builds(lambda word: put(FINDING, category=word), st.sampled_from(["crack", "wear"])),
    st.builds(lambda word: put(DEFERRAL, status=word), st.sampled_from(["open", "closed"])),
)
stated = st.one_of(linked, linked, restated)


@st.composite
def tellings(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Statements, ends and corrections, on days in no order."""
    said: list[dict[str, Any]] = []
    for n in range(draw(st.integers(8, 16))):
        facts: list[Any] = draw(st.lists(stated, min_size=1, max_size=3, unique_by=str))
        wrong = draw(st.sampled_from([None, None, *[e["id"] for e in said]]))
        said.append(event(*([correct(wrong)] if wrong else facts), on=draw(DAYS), id=f"m{n}"))
    return said


@pytest.fixture
def run(neo4j_server: GraphServer) -> Callable[..., Any]:
    """Runs a coroutine function on two graphs after each other, each empty at first."""

    async def on_clean(work: Callable[[Graph], Awaitable[Any]]) -> Any:
        async with await Graph.open(*neo4j_server) as graph:
            await empty(graph)
            return await work(graph)

    return lambda work: asyncio.run(on_clean(work))


@pytest.mark.slow
@settings(max_examples=12, **QUICK)
@given(history=tellings(), seed=st.integers(0, 99), cut=st.integers(1, 5))
def test_what_a_reader_keeps_is_what_is_believed_in_whatever_order_it_was_told(
    run: Callable[..., Any], history: list[dict[str, Any]], seed: int, cut: int
) -> None:
    shuffled = random.Random(seed).sample(history, len(history))

    async def at_once(graph: Graph) -> tuple[set[str], set[str], list[str]]:
        await feed(graph, [births(), *shuffled], cut)
        messages = await told(graph, cut)
        assert await told(graph, 1) == messages, "the batches are no matter"
        entries = await changes(graph)
        known = to_micros(entries[-1].recorded_at)
        believed = notices_of(RECORDS, Belief(await find_beliefs(graph, RECORDS), known))
        return {*kept(messages)}, {n.digest for n in believed}, [e.id for e in entries]

    async def in_order(graph: Graph) -> set[str]:
        withdrawn = {f["id"] for e in history if e["id"] in taken for f in _corrections(e)}
        right = [e for e in history if e["id"] in taken - withdrawn and not [*_corrections(e)]]
        outcomes = await feed(graph, [births(), *sorted(right, key=lambda e: e["time"])], 1)
        assume(set(outcomes) == {Status.APPLIED})
        return {*kept(await told(graph))}

    held, believed, ids = run(at_once)
    taken = {*ids}

    assert held == believed
    assert held == run(in_order)


def _corrections(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [fact for fact in said["data"]["facts"] if fact["fact"] == "correct"]
