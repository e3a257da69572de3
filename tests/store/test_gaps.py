"""Where the thread breaks off: what trace rules find, at any two times, counted and paged."""

from __future__ import annotations

import pytest

from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.gaps import Gap, count_gaps, find_gaps
from tests.store.linking import as_of, id_of, link, retire, tell, thing, unlink
from tests.store.saying import event

TASKS = ("task-1", "task-2", "task-3", "task-4")


async def gaps(graph: Graph, rule: str, at: Coordinates | None = None) -> list[str]:
    found = await find_gaps(graph, rule, at=at or Coordinates())
    assert found.total == len(found.gaps)
    return [gap.utcs.local for gap in found.gaps]


@pytest.fixture
async def programme(graph: Graph) -> Graph:
    """Tasks that lead to a paragraph, to a requirement with a design, to one without, and nowhere."""
    await tell(
        graph,
        event(
            *(thing(name) for name in TASKS),
            *(thing(f"requirement-{n}") for n in (1, 2, 3, 4)),
            thing("certbasis-1"),
            thing("design-1"),
            link("task-1", "MEETS", "requirement-1"),
            link("requirement-1", "DERIVES_FROM", "requirement-2"),
            link("requirement-2", "DERIVES_FROM", "certbasis-1"),
            link("task-2", "MEETS", "requirement-3"),
            link("design-1", "SATISFIES", "requirement-3"),
            link("task-3", "MEETS", "requirement-4"),
        ),
    )
    return graph


async def test_a_task_leads_through_the_parents_of_its_requirement_to_a_basis(
    programme: Graph,
) -> None:
    assert await gaps(programme, "task-basis") == ["task-3", "task-4"]


async def test_gaps_open_and_close_with_what_is_true_and_known(programme: Graph) -> None:
    (_, known) = await tell(
        programme,
        event(unlink("requirement-2", "DERIVES_FROM", "certbasis-1"), on=10),
        event(link("task-4", "MEETS", "certbasis-1"), on=20),
    )
    await tell(programme, event(unlink("task-2", "MEETS", "requirement-3"), on=5))

    assert await gaps(programme, "task-basis") == ["task-1", "task-2", "task-3"]
    assert await gaps(programme, "task-basis", as_of(3)) == ["task-3", "task-4"]
    assert await gaps(programme, "task-basis", as_of(15)) == list(TASKS)
    assert await gaps(programme, "task-basis", as_of(900)) == ["task-1", "task-2", "task-3"]
    assert await gaps(programme, "task-basis", Coordinates(known_at=from_micros(known))) == [
        "task-1", "task-3",
    ]  # fmt: skip


async def test_a_requirement_is_satisfied_through_those_derived_from_it(programme: Graph) -> None:
    assert await gaps(programme, "requirement-design") == [
        "requirement-1", "requirement-2", "requirement-4",
    ]  # fmt: skip

    await tell(programme, event(link("design-1", "SATISFIES", "requirement-1"), on=1))

    assert await gaps(programme, "requirement-design") == ["requirement-4"]


async def test_what_is_out_of_force_or_gone_is_no_gap(programme: Graph) -> None:
    await tell(
        programme,
        event(thing("requirement-4", status="withdrawn"), on=1),
        event(thing("requirement-1", status="approved"), on=1),
        event(thing("requirement-5"), on=1),
        event(retire("requirement-5"), on=2),
    )

    found = await find_gaps(programme, "requirement-verification")

    assert [gap.utcs.local for gap in found.gaps] == [
        "requirement-1", "requirement-2", "requirement-3",
    ]  # fmt: skip
    assert (found.total, found.of) == (3, 3)


async def test_only_what_a_rule_speaks_of_is_held_against_it(graph: Graph) -> None:
    await tell(
        graph,
        event(
            thing("directive-1", number="1", status="in_force"),
            thing("directive-2", number="2", status="proposed"),
            thing("directive-3", number="3"),
            thing("workorder-1", number="1", category="scheduled"),
            thing("workorder-2", number="2", category="repair"),
            thing("workorder-3", number="3"),
            thing("modelversion-1"),
            thing("modelversion-2", status="rejected"),
        ),
    )

    assert await gaps(graph, "directive-subject") == ["directive-1"]
    assert await gaps(graph, "workorder-task") == ["workorder-1", "workorder-3"]
    assert await gaps(graph, "modelversion-validation") == ["modelversion-1"]


async def test_pages_of_any_size_tell_the_same_and_count_all(programme: Graph) -> None:
    whole = await find_gaps(programme, "requirement-verification")
    found: list[Gap] = []
    after = None
    while True:
        page = await find_gaps(programme, "requirement-verification", first=3, after=after)
        assert (page.total, page.of) == (4, 4)
        found += page.gaps
        if (after := page.next) is None:
            break

    assert found == list(whole.gaps)
    none = await find_gaps(programme, "requirement-verification", prefix="utcs:OTHER:")
    assert (none.total, none.of, none.gaps) == (0, 0, ())


async def test_all_rules_are_counted_in_the_order_of_the_table(programme: Graph) -> None:
    found = {one.rule.name: (one.total, one.of) for one in await count_gaps(programme)}

    assert found["task-basis"] == (2, 4)
    assert found["design-purpose"] == (0, 1)
    assert found["release-signature"] == (0, 0)
    (named,) = await count_gaps(programme, ["task-basis"], first=1)
    assert [gap.utcs for gap in named.gaps] == [id_of("task-3")]


async def test_bad_questions_say_what_is_wrong(graph: Graph) -> None:
    with pytest.raises(
        BadQuestionError, match=r"'task-bases' is not a trace rule; did you mean 'task-"
    ):
        await find_gaps(graph, "task-bases")
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await find_gaps(graph, "task-basis", first=0)
    with pytest.raises(BadQuestionError, match="not a cursor of gaps asked so"):
        await find_gaps(graph, "task-basis", after="x")
