"""From a requirement to the parts, units, work orders and tests that answer it, way by way."""

from __future__ import annotations

import pytest

from graph.model.time import Coordinates, from_micros
from graph.store import thread as question
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.thread import ThreadPath, ThreadPaths, thread_paths
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event


@pytest.fixture
async def built(graph: Graph) -> Graph:
    """Two parts answer a requirement, over a derived one; three units, two of which were worked on."""
    await tell(
        graph,
        event(
            *(thing(f"requirement-{n}") for n in (1, 2)),
            *(thing(f"design-{n}") for n in (1, 2)),
            *(thing(f"part-{n}") for n in (1, 2, 3)),
            *(thing(f"serial-{n}", serial_number=str(n)) for n in (1, 2)),
            thing("aircraft-3"),
            thing("batch-1"),
            *(thing(f"workorder-{n}", number=str(n)) for n in (1, 2)),
            *(thing(f"operation-{n}") for n in (1,)),
            thing("testcase-1"),
            thing("testresult-1", verdict="passed", performed_at=day(1)),
            thing("inspection-1", verdict="failed", performed_at=day(2)),
            link("requirement-2", "DERIVES_FROM", "requirement-1"),
            link("design-1", "SATISFIES", "requirement-2"),
            link("design-2", "REFINES", "design-1"),
            link("part-1", "REALISES", "design-2"),
            link("part-2", "SATISFIES", "requirement-1"),
            link("serial-1", "INSTANCE_OF", "part-1"),
            link("serial-2", "INSTANCE_OF", "part-1"),
            link("aircraft-3", "INSTANCE_OF", "part-3"),
            link("batch-1", "INSTANCE_OF", "part-1"),
            link("workorder-1", "WORKS_ON", "serial-1"),
            link("workorder-2", "INSTALLS", "serial-1"),
            link("operation-1", "INSTALLS", "serial-2"),
            link("testcase-1", "VERIFIES", "requirement-1"),
            link("testresult-1", "RESULT_OF", "testcase-1"),
            link("inspection-1", "EXAMINES", "serial-1"),
        ),
    )
    return graph


CHAIN = ["requirement-1", "requirement-2", "design-1", "design-2", "part-1"]


def stops(found: ThreadPaths) -> list[list[str]]:
    return [[stop.utcs.local for stop in path.stops] for path in found.paths]


async def test_each_way_goes_from_the_requirement_as_far_as_the_thread_does(built: Graph) -> None:
    found = await thread_paths(built, id_of("requirement-1"))

    assert stops(found) == [
        [*CHAIN, "serial-1", "workorder-1"],
        [*CHAIN, "serial-1", "workorder-2"],
        [*CHAIN, "serial-2"],
        ["requirement-1", "part-2"],
    ]
    assert [tie.link for tie in found.paths[0].links] == [
        "DERIVES_FROM", "SATISFIES", "REFINES", "REALISES", "INSTANCE_OF", "WORKS_ON",
    ]  # fmt: skip
    assert (found.total, found.parts, found.units, found.orders) == (4, 2, 2, 2)
    assert (found.complete, found.cut) == (True, None)


async def test_tests_are_told_with_what_they_verify_or_examine_and_their_last_verdict(
    built: Graph,
) -> None:
    found = await thread_paths(built, id_of("requirement-1"))

    (case,) = found.tests
    assert case.result is not None
    assert (case.utcs, case.result.verdict) == (id_of("testcase-1"), "passed")
    (examined,) = found.paths[0].tests
    assert examined.result is not None
    assert (examined.utcs, examined.result.verdict) == (id_of("inspection-1"), "failed")
    assert examined.links[0].link == "EXAMINES"
    assert [path.tests for path in found.paths[2:]] == [(), ()]


async def test_ways_are_as_they_were_true_and_known_and_say_what_is_in_doubt(built: Graph) -> None:
    (_, known, _) = await tell(
        built,
        event(unlink("workorder-1", "WORKS_ON", "serial-1"), on=10),
        event(unlink("part-2", "SATISFIES", "requirement-1"), on=20),
        event(thing("design-1", text="Anew."), on=30),
    )
    utcs = id_of("requirement-1")

    assert (await thread_paths(built, utcs)).total == 2
    assert (await thread_paths(built, utcs, at=as_of(15))).total == 3
    assert (await thread_paths(built, utcs, at=as_of(5))).total == 4
    before = Coordinates(known_at=from_micros(known - 1))
    assert (await thread_paths(built, utcs, at=before)).total == 3
    assert [tie.link for tie in (await thread_paths(built, utcs)).paths[0].links if tie.is_suspect] == [
        "SATISFIES", "REFINES",
    ]  # fmt: skip


async def test_pages_of_any_size_tell_the_same_and_what_is_cut_is_said(
    built: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    utcs = id_of("requirement-1")
    whole = await thread_paths(built, utcs)
    found: list[ThreadPath] = []
    after = None
    while True:
        page = await thread_paths(built, utcs, first=3, after=after)
        assert page.total == 4
        found += page.paths
        if (after := page.next) is None:
            break

    assert found == list(whole.paths)
    monkeypatch.setattr(question, "MOST", 2)
    cut = await thread_paths(built, utcs)
    assert (cut.complete, cut.cut) == (False, "cut at 2 ways: there are more")


async def test_bad_questions_say_what_is_wrong(built: Graph) -> None:
    with pytest.raises(BadQuestionError, match="is a part; give a requirement"):
        await thread_paths(built, id_of("part-1"))
    with pytest.raises(NotFoundError, match="did you mean utcs:TEST:requirement:requirement-"):
        await thread_paths(built, id_of("requirement-12"))
