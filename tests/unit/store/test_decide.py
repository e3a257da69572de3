"""The law of the write path, on the part of it that is pure: thousands of histories, no server."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.event import read_event
from graph.model.outcome import Reason, Status
from graph.store.apply import units
from graph.store.decide import decide
from graph.store.prepared import prepare
from graph.store.world import World
from tests.store.saying import contains, correct, day, event, removed, retire, serial

UNSETTLED = (Reason.NOT_THERE, Reason.NO_EVENT)
"""What waits for a thing to exist again that ended, or to undo what waits itself."""

History = list[dict[str, Any]]

NAMES = st.sampled_from("abcd")
SLOTS = st.sampled_from("12")
FACTS = st.one_of(
    st.builds(serial, NAMES, name=st.sampled_from("xyz")),
    st.builds(serial, NAMES, aliases=st.sampled_from([["dpp:DPP-P1"], ["dpp:DPP-Q1"]])),
    st.builds(contains, NAMES, NAMES, SLOTS),
    st.builds(removed, NAMES, NAMES, SLOTS),
    st.builds(retire, NAMES),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Events about four serials, some in groups, some of which are corrected."""
    births = [event(serial(name), id=name) for name in "abcd"[: draw(st.integers(0, 4))]]
    said = [
        event(
            *draw(st.lists(FACTS, min_size=1, max_size=2)),
            on=draw(st.integers(0, 6)),
            id=f"h{n}",
            sourcerank=draw(st.sampled_from([40, 50])),
            **draw(st.sampled_from([{}, {}, {}, {"group": "G"}, {"group": "H"}])),
        )
        for n in range(draw(st.integers(1, 12)))
    ]
    wrong = draw(st.lists(st.sampled_from(births + said), max_size=3, unique_by=lambda e: e["id"]))
    fixes = [event(correct(e["id"]), on=7, id=f"fix-{e['id']}") for e in wrong]
    return births + said + fixes


def decided(history: History) -> tuple[bool, Any]:
    """Whether nothing contradicts another, nor corrects what waits; and what is believed."""
    world = World(seq=0, recorded_at=0, now=10**16)
    verdicts = decide(world, units(prepare(read_event(e)) for e in history))
    contradict = any(why.code in UNSETTLED for why in verdicts.parked.values())
    things = {utcs: thing.rows or () for utcs, thing in world.things.items()}
    held = {
        (what, row.valid_from, row.valid_to, row.tie)
        for what, rows in [*things.items(), *world.links.items()]
        for row in rows
        if row.holds
    }
    return not verdicts.refused and not contradict, held


@settings(max_examples=400, deadline=None)
@given(history=histories(), seed=st.integers(0, 99))
def test_any_order_of_events_that_do_not_contradict_gives_the_same_belief(
    history: History, seed: int
) -> None:
    shuffled = history.copy()
    random.Random(seed).shuffle(shuffled)

    is_whole, first = decided(history)
    is_whole_too, second = decided(shuffled)

    if is_whole and is_whole_too:
        assert first == second


def outcomes(*history: dict[str, Any]) -> dict[str, Status]:
    """What became in the end of each event."""
    world = World(seq=0, recorded_at=0, now=10**16)
    prepared = [prepare(read_event(e)) for e in history]
    found = decide(world, units(prepared)).outcomes
    return {p.event.id: found[id(p)].status for p in prepared}


def test_a_correction_wakes_what_waited_for_what_it_undoes() -> None:
    gone = event(retire("c"), on=2, id="gone")
    installed = event(contains("d", "c"), on=3, id="installed")

    found = outcomes(event(serial("c"), serial("d")), gone, installed, event(correct("gone"), on=7))

    assert found["installed"] == Status.APPLIED


def test_what_contradicts_once_all_it_waited_for_is_there_is_refused() -> None:
    removed_later = event(retire("b"), on=3, id="gone")
    installed = event(contains("a", "b"), on=2, id="installed")

    found = outcomes(event(serial("a")), installed, removed_later, event(serial("b"), on=1))

    assert found == found | {"installed": Status.APPLIED, "gone": Status.REFUSED}


def test_two_that_need_one_another_are_taken_in_together_once_the_third_is_there() -> None:
    installed, taken_out = event(contains("b", "c"), on=1), event(removed("b", "c"), on=4)
    birth = event(serial("c"), retire("c") | {"valid_from": day(5)}, on=0)

    found = outcomes(event(serial("b")), installed, taken_out, birth)

    assert set(found.values()) == {Status.APPLIED}


def test_a_correction_that_would_leave_only_an_end_is_refused_until_both_are_withdrawn() -> None:
    installed, taken_out = (
        event(contains("a", "b"), on=1, id="i"),
        event(removed("a", "b"), on=4, id="o"),
    )
    births = event(serial("a"), serial("b"))

    one = outcomes(births, installed, taken_out, event(correct("i"), on=7, id="fix"))
    both = outcomes(births, installed, taken_out, event(correct("i"), correct("o"), on=7, id="fix"))

    assert (one["fix"], both["fix"]) == (Status.REFUSED, Status.APPLIED)
