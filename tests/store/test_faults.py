"""The judge of a trial with faults sees what is lost, out of order or changed."""

from __future__ import annotations

from benchmarks.faults import Trial, judge
from graph.flows.submit import Principal, submit
from graph.store.database import Graph


async def test_what_is_lost_out_of_order_or_changed_is_seen(graph: Graph) -> None:
    trial = Trial(events=6, things=2, kills=3)
    sent = [trial.event(number) for number in (0, 4, 2, 1, 3)]
    sent[-1]["data"]["facts"][0]["properties"]["name"] = "another step"
    await submit(graph, sent, Principal.of("tester", "admin"))

    verdict = await judge(trial, graph, waiting=0, seconds=1)

    assert (verdict.lost, verdict.doubled, verdict.disordered, verdict.changed) == (1, 0, 1, 1)
    assert not verdict.is_clean


async def test_what_is_as_it_was_sent_is_clean(graph: Graph) -> None:
    trial = Trial(events=6, things=2, kills=3)
    sent = [trial.event(number) for number in range(6)]
    await submit(graph, sent, Principal.of("tester", "admin"))

    verdict = await judge(trial, graph, waiting=0, seconds=1)

    assert verdict.is_clean


def test_a_seed_is_a_plan_and_each_of_the_three_is_in_it() -> None:
    plans = [Trial(seed=seed, kills=4).plan() for seed in (1, 1, 2)]

    assert plans[0] == plans[1] != plans[2]
    for plan in plans:
        assert {victim for _, victim in plan} == {"work", "queue", "graph"}
        assert plan == sorted(plan)
