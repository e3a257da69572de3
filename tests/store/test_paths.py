"""The shortest ways between two things, each step explained."""

from __future__ import annotations

import pytest

from graph.model.time import parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.paths import Paths, paths
from tests.store.linking import CHAIN, as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event


def ways(found: Paths) -> list[list[str]]:
    return [
        [path[0].source.utcs.local, *(step.target.utcs.local for step in path)]
        for path in found.paths
    ]


async def test_each_step_is_explained(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    found = await paths(graph, id_of("part-1"), id_of("requirement-2"))

    assert ways(found) == [["part-1", "design-2", "design-1", "requirement-2"]]
    last = found.paths[0][-1]
    assert (last.source.name, last.link, last.target.kind) == (
        "design-1",
        "SATISFIES",
        "requirement",
    )
    assert (last.properties, last.made) == ({"rationale": "by analysis"}, 2)
    assert last.valid_from == parse_utc(day(1))
    assert (found.complete, found.cut) == (True, None)


async def test_the_shortest_come_first_and_a_cut_is_said(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(link("part-1", "SATISFIES", "requirement-2"), on=2))

    both = await paths(graph, id_of("part-1"), id_of("requirement-2"))
    one = await paths(graph, id_of("part-1"), id_of("requirement-2"), k=1)

    assert ways(both) == [
        ["part-1", "requirement-2"],
        ["part-1", "design-2", "design-1", "requirement-2"],
    ]
    assert both.complete
    assert ways(one) == ways(both)[:1]
    assert (one.complete, one.cut) == (
        False,
        "cut at 1 path: there may be others as long or longer",
    )


async def test_there_is_no_way_against_the_arrows(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    found = await paths(graph, id_of("requirement-1"), id_of("part-1"))

    assert (found.paths, found.complete) == ((), True)


async def test_only_links_of_the_moment_and_of_the_types_named_are_followed(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(unlink("design-2", "REFINES", "design-1"), on=5))
    ends = id_of("part-1"), id_of("requirement-2")

    assert (await paths(graph, *ends)).paths == ()
    assert len((await paths(graph, *ends, at=as_of(4))).paths) == 1
    assert (await paths(graph, *ends, links=["REALISES"], at=as_of(4))).paths == ()


async def test_two_slots_are_two_ways(graph: Graph) -> None:
    await tell(graph, event(thing("part-1"), thing("part-2")))
    await tell(graph, event(*(link("part-1", "HAS_COMPONENT", "part-2", s) for s in "12")))

    found = await paths(graph, id_of("part-1"), id_of("part-2"))

    assert [path[0].slot for path in found.paths] == ["1", "2"]


async def test_bad_questions_are_refused(graph: Graph) -> None:
    await tell(graph, event(thing("part-1")))

    with pytest.raises(NotFoundError, match="part-2"):
        await paths(graph, id_of("part-1"), id_of("part-2"))
    with pytest.raises(NotFoundError, match="part-2"):
        await paths(graph, id_of("part-2"), id_of("part-1"))
    with pytest.raises(BadQuestionError, match="k: 11 is out of bounds"):
        await paths(graph, id_of("part-1"), id_of("part-2"), k=11)
    with pytest.raises(BadQuestionError, match="source and target are the same"):
        await paths(graph, id_of("part-1"), id_of("part-1"))
