"""How many there are, now and then, and of what: what a page counts besides its rows."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model.time import Coordinates
from graph.store.compile import compile_question
from graph.store.database import Graph
from graph.store.select import place_in_time, select
from graph.store.selection import (
    Compare,
    Condition,
    Era,
    Groups,
    Hop,
    Kinds,
    Operator,
    Order,
    Page,
    Property,
    Root,
    Value,
)
from tests.store.linking import as_of, link, retire, tell, thing
from tests.store.saying import event

NAME, REVISION, KIND = Property("name"), Property("revision"), Property("kind")
WORLD, KNOWLEDGE, MANY, ONE, A = (Value(n) for n in range(5))
BY_REVISION = (Groups(REVISION, MANY),)


@pytest.fixture
async def parts(graph: Graph) -> Graph:
    """Four parts of two revisions and one of none; one of them ends."""
    revisions = {"1": "A", "2": "A", "3": "A", "4": "B"}
    facts = [thing(f"part-{n}", revision=revision) for n, revision in revisions.items()]
    await tell(graph, event(*facts, thing("part-5"), on=0), event(retire("part-3"), on=5))
    return graph


async def answer(graph: Graph, page: Page, at: Coordinates | None = None) -> Any:
    """What the store answers to one page; values that it may name are 50, 1 and "A"."""
    era, world, knowledge = place_in_time(at or Coordinates(), graph.clock())
    roots = (Root(page, era, WORLD, KNOWLEDGE),)
    (found,) = await select(graph, roots, [world, knowledge, 50, 1, "A"])
    return found


async def test_things_are_counted_by_a_property_at_any_time(parts: Graph) -> None:
    page = Page(Kinds(("part",)), groups=BY_REVISION)

    assert await answer(parts, page) == [["A", 2], ["B", 1], [None, 1]]
    assert await answer(parts, page, as_of(4)) == [["A", 3], ["B", 1], [None, 1]]
    assert await answer(parts, page, as_of(9000)) == [["A", 2], ["B", 1], [None, 1]]
    assert await answer(parts, page, as_of(-1)) == []


async def test_a_counting_keeps_to_the_filter_and_not_to_the_page(parts: Graph) -> None:
    only_a: Condition = Compare(REVISION, Operator.EQ, A)
    all_of_it = Page(
        Kinds(("part",)), (NAME,), only_a, (Order(NAME),), limit=ONE, total=True, groups=BY_REVISION
    )

    assert await answer(parts, all_of_it) == [[["part-1"]], 2, [["A", 2]]]
    assert await answer(parts, all_of_it, as_of(4)) == [[["part-1"]], 3, [["A", 3]]]


async def test_countings_stand_in_their_order(parts: Graph) -> None:
    page = Page(Kinds(()), groups=(Groups(KIND, MANY), Groups(REVISION, ONE)))

    assert await answer(parts, page) == [[["part", 4]], [["A", 2]]]


async def test_a_kind_counts_those_that_extend_it(graph: Graph) -> None:
    facts = [thing("aircraft-1", serial_number="1"), thing("serial-1", serial_number="1")]
    await tell(graph, event(*facts))
    page = Page(Kinds(("serial",)), total=True, groups=(Groups(KIND, MANY),))

    assert await answer(graph, page) == [2, [["aircraft", 1], ["serial", 1]]]
    assert await answer(graph, page, as_of(9000)) == [2, [["aircraft", 1], ["serial", 1]]]


@pytest.mark.parametrize("at", [Coordinates(), as_of(4), as_of(9000)])
async def test_what_a_link_leads_to_is_counted_as_it_is_listed(
    graph: Graph, at: Coordinates
) -> None:
    parts = [thing("part-1"), thing("part-2", revision="A"), thing("part-3")]
    links = [
        link("part-1", "HAS_COMPONENT", target, slot, quantity="1")
        for target, slot in (("part-2", "1"), ("part-2", "2"), ("part-3", "3"))
    ]
    await tell(graph, event(*parts, on=0), event(*links, on=1))
    inner = Page(Hop("HAS_COMPONENT", forward=True), total=True, groups=BY_REVISION)
    page = Page(Kinds(("part",)), (inner,), limit=ONE)

    assert await answer(graph, page, at) == [[[3, [["A", 2], [None, 1]]]]]


async def test_counting_now_asks_the_count_store_and_no_thing(parts: Graph) -> None:
    page = Page(Kinds(("part",)), total=True)
    text = compile_question((Root(page, Era.NOW, WORLD, KNOWLEDGE),))

    async with parts.driver.session() as session:
        result = await session.run(f"EXPLAIN {text}", {"now": 0})
        plan = (await result.consume()).plan
    assert plan is not None

    def operators(node: dict[str, Any]) -> set[str]:
        return {node["operatorType"].partition("@")[0]}.union(
            *(operators(child) for child in node.get("children", ()))
        )

    assert "NodeCountFromCountStore" in operators(plan)
    assert not {"NodeByLabelScan", "AllNodesScan"} & operators(plan)
