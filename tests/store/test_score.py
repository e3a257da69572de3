"""The quality of sources: computed from counts that anybody can count again, and kept as history."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cypher
from graph.flows.score import Score, percent_of, score_sources
from graph.flows.submit import ForbiddenError, Principal
from graph.model.outcome import Status
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.show import show
from graph.store.sources import source_quality
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import event
from tests.store.test_cypher_plans import operators

EDITOR = Principal.of("emma", "editor")
PLM = id_of("source-plm")
counts = st.integers(0, 10**6)


def counted(**some: int) -> dict[str, int]:
    names = ("accepted", "refused", "things", "complete", "complete_of", "sound", "sound_of")
    return dict.fromkeys(names, 0) | some


async def scored(graph: Graph) -> dict[str, Score]:
    return {score.uri: score for score in await score_sources(graph, EDITOR)}


async def plm(graph: Graph) -> None:
    """A source that sent two requirements, one without a text, and one event that was refused."""
    await tell(
        graph,
        event(thing("source-plm", uri="urn:plm", owner="us"), source="urn:ops"),
        event(thing("requirement-1"), thing("requirement-2", text=None), source="urn:plm"),
    )
    await apply(graph, [event(link("requirement-1", "DERIVES_FROM", "part-1"), source="urn:plm")])


@given(counts, counts, counts, counts, counts, counts)
def test_a_score_is_the_mean_of_what_can_be_told_and_lies_between_0_and_100(
    accepted: int, refused: int, complete: int, lost: int, sound: int, odd: int
) -> None:
    told = counted(accepted=accepted, refused=refused, complete=complete, complete_of=complete + lost,
                   sound=sound, sound_of=sound + odd)  # fmt: skip

    percent = percent_of(told, {})

    shares = [good / of * 100 for good, of in (
        (accepted, accepted + refused), (complete, complete + lost), (sound, sound + odd)) if of]  # fmt: skip
    if not shares:
        assert percent is None
    else:
        assert percent is not None
        assert abs(float(percent) - sum(shares) / len(shares)) <= 0.05 + 1e-9
        assert Decimal(0) <= percent <= Decimal(100)


def test_acceptance_is_counted_from_the_score_before() -> None:
    now = counted(accepted=1010, refused=10)

    assert percent_of(now, {"accepted": 1000, "refused": 0}) == Decimal(50)
    assert percent_of(now, dict(now)) is None
    assert percent_of(now, {"accepted": "many"}) == Decimal("99.0")


async def test_a_source_is_scored_by_what_it_sent_and_what_holds_of_it(graph: Graph) -> None:
    await plm(graph)

    score = (await scored(graph))["urn:plm"]

    complete, complete_of = score.counts["complete"], score.counts["complete_of"]
    assert (score.counts["accepted"], score.counts["refused"], score.counts["things"]) == (1, 1, 2)
    assert complete_of - complete == 5 + 2 * 2, "a text, and two methods of verification"
    assert score.counts["sound"] == score.counts["sound_of"] > 0
    assert score.percent == percent_of(score.counts, {})
    assert score.outcome is not None
    assert score.outcome.status is Status.APPLIED
    node = (await show(graph, PLM)).node.properties.model_dump()
    assert (node["quality_percent"], node["owner"]) == (score.percent, "us")


async def test_scores_are_kept_over_time_and_nothing_new_is_not_stated(graph: Graph) -> None:
    await plm(graph)
    first = (await scored(graph))["urn:plm"]

    again = (await scored(graph))["urn:plm"]
    await tell(graph, event(thing("requirement-2"), on=9, source="urn:plm"))
    better = (await scored(graph))["urn:plm"]

    (quality,) = await source_quality(graph, PLM)
    assert again.outcome is None
    assert [Decimal(str(point.percent)) for point in quality.points] == [
        better.percent,
        first.percent,
    ]
    assert quality.points[0].counts == better.counts
    assert quality.points[0].source == "urn:utcs:quality"
    assert (quality.uri, len(await source_quality(graph))) == ("urn:plm", 1)
    assert len((await source_quality(graph, PLM, first=1))[0].points) == 1


async def test_a_source_that_is_no_thing_or_two_is_scored_and_not_stated(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("source-a", uri="urn:twice"), thing("source-b", uri="urn:twice")),
        event(thing("part-1"), source="urn:twice"),
    )

    scores = await scored(graph)

    for uri in ("urn:test", "urn:twice"):
        assert (scores[uri].utcs, scores[uri].outcome) == (None, None)
        assert scores[uri].percent is not None


async def test_only_an_editor_has_sources_scored(graph: Graph) -> None:
    with pytest.raises(ForbiddenError, match="editor"):
        await score_sources(graph, Principal.of("rita", "reader"))


async def test_events_of_a_source_are_counted_in_the_index(graph: Graph) -> None:
    found = await operators(graph, cypher.load("source/sent"), {"sources": ["urn:a"]})

    assert found & {"NodeIndexSeek", "NodeUniqueIndexSeek", "NodeIndexScan"}
    assert "AllNodesScan" not in found
