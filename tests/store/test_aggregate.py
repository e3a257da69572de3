"""How many there are, now and then, and by what."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model.time import Coordinates
from graph.store.aggregate import Group, aggregate, aggregate_text
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import Moment
from tests.store.linking import as_of, retire, tell, thing
from tests.store.saying import event


@pytest.fixture
async def parts(graph: Graph) -> Graph:
    """Four parts of two revisions and one of none; one of them ends."""
    revisions = {"1": "A", "2": "A", "3": "A", "4": "B"}
    facts = [thing(f"part-{n}", revision=revision) for n, revision in revisions.items()]
    await tell(graph, event(*facts, thing("part-5"), on=0), event(retire("part-3"), on=5))
    return graph


async def test_things_are_counted_as_they_are(parts: Graph) -> None:
    assert (await aggregate(parts, "part")).total == 4
    assert (await aggregate(parts, "part", at=as_of(4))).total == 5
    assert (await aggregate(parts, "part", at=as_of(9000))).total == 4
    assert (await aggregate(parts, "part", at=as_of(-1))).total == 0
    assert (await aggregate(parts, "design")).total == 0


async def test_things_are_counted_by_a_property(parts: Graph) -> None:
    now = await aggregate(parts, "part", "revision")
    then = await aggregate(parts, "part", "revision", at=as_of(4))

    assert now.groups == (Group("A", 2), Group("B", 1), Group(None, 1))
    assert then.groups == (Group("A", 3), Group("B", 1), Group(None, 1))
    assert (now.total, now.complete) == (4, True)


async def test_values_that_are_not_listed_are_said_to_be(parts: Graph) -> None:
    answer = await aggregate(parts, "part", "revision", first=1)

    assert answer.groups == (Group("A", 2),)
    assert (answer.complete, answer.cut) == (False, "cut at 1 value: there are more")


async def test_a_kind_counts_those_that_extend_it(graph: Graph) -> None:
    facts = [thing("aircraft-1", serial_number="1"), thing("serial-1", serial_number="1")]
    await tell(graph, event(*facts))

    answer = await aggregate(graph, "serial", "kind")

    assert (answer.total, {g.value: g.count for g in answer.groups}) == (
        2, {"aircraft": 1, "serial": 1},
    )  # fmt: skip
    assert (await aggregate(graph, "aircraft")).total == 1
    assert (await aggregate(graph, "serial", at=as_of(9000))).total == 2


async def test_counting_now_asks_the_count_store_and_no_thing(parts: Graph) -> None:
    text = aggregate_text(Moment.of(parts, Coordinates()), "part", None)

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


@pytest.mark.parametrize(
    ("kind", "group_by", "message"),
    [
        ("prat", None, "kind: 'prat' is not in the ontology; did you mean 'part'"),
        ("part", "colour", "group_by: 'colour' is no property of a part"),
        ("part", "aliases", "group_by: 'aliases' is no property of a part that can be grouped"),
        ("part", "name`} RETURN 1 //", "group_by: "),
    ],
)
async def test_bad_questions_are_refused(
    graph: Graph, kind: str, group_by: str | None, message: str
) -> None:
    with pytest.raises(BadQuestionError, match=message.replace("`", ".")):
        await aggregate(graph, kind, group_by)
