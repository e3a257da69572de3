"""The law of counters that only grow: what is refused is what reading all that is believed refuses."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.model.event import read_event
from graph.model.outcome import Reason, Status
from graph.model.reading import COUNTERS
from graph.store.decide import decide
from graph.store.prepared import prepare
from graph.store.world import World
from tests.store.saying import correct, day, event, put

USAGE = "utcs:TEST:usage:U"
RETIRED = {"fact": "retire_node", "utcs": USAGE, "reason": "read off by another system from now on"}
BIRTH = event(put(USAGE), id="birth", on=-1)

DAYS = st.integers(0, 6)
VALUES = st.dictionaries(st.sampled_from(COUNTERS[:2]), st.integers(0, 3), min_size=1)
WHEN = st.none() | DAYS.map(day)


def reading(values: dict[str, int], when: str | None) -> dict[str, Any]:
    return put(USAGE, **values, **({"measured_at": when} if when else {}))


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Readings of one usage, its ends, and corrections of what was said before, as they arrive."""
    said = []
    for n in range(draw(st.integers(2, 12))):
        sort = draw(st.sampled_from(["reading"] * 6 + ["end", "correction"]))
        if sort == "correction":
            fact = correct(f"h{draw(st.integers(0, n)) - 1}")
        else:
            fact = RETIRED if sort == "end" else reading(draw(VALUES), draw(WHEN))
        said.append(event(fact, id=f"h{n}", on=draw(DAYS)))
    return said


def only_grows(told: list[dict[str, Any]]) -> bool:
    """Whether no counter falls in what some events say: all of them read anew, the simple way."""
    facts = {(e["time"], e["id"]): e["data"]["facts"][0] for e in told}
    gone = {fact["id"] for fact in facts.values() if fact["fact"] == "correct"}
    last = {
        on: fact for (on, id), fact in sorted(facts.items()) if id not in gone and "utcs" in fact
    }
    for counter in COUNTERS:
        line: dict[str, int] = {}
        for on, said in sorted((on, fact.get("properties", {})) for on, fact in last.items()):
            if counter in said:
                line[said.get("measured_at", on)] = said[counter]
        if any(later < earlier for (_, earlier), (_, later) in pairwise(sorted(line.items()))):
            return False
    return True


def can_be_corrected(told: list[dict[str, Any]], id: str) -> bool:
    facts = {e["id"]: e["data"]["facts"][0] for e in told}
    return "utcs" in facts.get(id, {}) and correct(id) not in facts.values()


@given(histories())
def test_an_event_is_taken_if_and_only_if_no_counter_falls_in_what_is_believed_then(
    history: list[dict[str, Any]],
) -> None:
    world = World(seq=0, recorded_at=0, now=0)
    told: list[dict[str, Any]] = []

    for document in [BIRTH, *history]:
        prepared = prepare(read_event(document))
        outcome = decide(world, [(prepared,)]).outcomes[id(prepared)]

        fact = document["data"]["facts"][0]
        if fact["fact"] == "correct" and not can_be_corrected(told, fact["id"]):
            assert outcome.code in {Reason.NO_EVENT, Reason.CORRECTION}
        elif only_grows([*told, document]):
            assert outcome.status is Status.APPLIED, outcome
            told.append(document)
        else:
            assert (outcome.status, outcome.code) == (Status.REFUSED, Reason.BACKWARDS)
