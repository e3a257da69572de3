"""Links in doubt are marked where a trace or impact goes over them; cleared ones are not."""

from __future__ import annotations

from typing import Any

import pytest

from graph.flows.submit import Principal
from graph.flows.suspect import clear_suspect
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.doubts import Doubts, find_doubts
from graph.store.impact import impact
from graph.store.moment import CURRENT
from graph.store.paths import paths
from graph.store.trace import trace
from tests.store.linking import CHAIN, as_of, id_of, link, tell, thing
from tests.store.saying import event

PART = id_of("part-1")
CHANGED = event(thing("requirement-2", text="It shall hold 2 bar."), on=10)


async def traced(graph: Graph, at: Coordinates = CURRENT, **how: Any) -> Doubts:
    answer = await trace(graph, PART, at=at, **how)
    return await find_doubts(graph, "trace", answer, links=how.get("links"), at=at)


def told(found: Doubts) -> set[tuple[str, str, str, str]]:
    return {
        (utcs.local, one.source.local, one.link, one.target.local)
        for utcs, doubts in found.of.items()
        for one in doubts
    }


SATISFIED = ("requirement-2", "design-1", "SATISFIES", "requirement-2")


@pytest.fixture
async def changed(graph: Graph) -> Graph:
    """A requirement that has changed since; another design than those of the part answers it as well."""
    await tell(graph, *CHAIN)
    await tell(
        graph,
        event(thing("design-9"), link("design-9", "SATISFIES", "requirement-2"), on=1),
        CHANGED,
    )
    return graph


async def test_a_link_in_doubt_is_marked_at_what_it_leads_to(changed: Graph) -> None:
    found = await traced(changed)

    assert SATISFIED in told(found)
    assert {each[0] for each in told(found)} <= {"requirement-1", "requirement-2"}
    assert found.cut is None


async def test_what_leads_there_from_elsewhere_is_no_part_of_a_trace(changed: Graph) -> None:
    assert not [each for each in told(await traced(changed)) if each[1] == "design-9"]


async def test_nothing_is_marked_before_the_change_and_while_it_was_not_known(
    changed: Graph,
) -> None:
    ((recorded,),) = await changed.read("MATCH (c:Change) RETURN max(c.recorded_at)")

    assert told(await traced(changed, as_of(9))) == set()
    assert told(await traced(changed, Coordinates(known_at=from_micros(recorded - 1)))) == set()
    assert SATISFIED in told(await traced(changed, as_of(9000)))
    assert SATISFIED in told(await traced(changed, Coordinates(known_at=from_micros(recorded))))


async def test_a_cleared_link_is_marked_no_longer(changed: Graph) -> None:
    before = told(await traced(changed))

    await clear_suspect(
        changed, Principal.of("joe", "editor"), reason="Same tank.", thing=id_of("design-1")
    )

    assert told(await traced(changed)) == before - {SATISFIED}


async def test_an_impact_marks_what_depends_over_a_link_in_doubt(changed: Graph) -> None:
    answer = await impact(changed, id_of("requirement-2"))

    found = told(await find_doubts(changed, "impact", answer))

    assert found == {
        (name, name, "SATISFIES", "requirement-2") for name in ("design-1", "design-9")
    }


async def test_every_page_marks_its_own(changed: Graph) -> None:
    whole = told(await traced(changed))
    found: set[tuple[str, str, str, str]] = set()
    after = None

    for _ in range(4):
        answer = await trace(changed, PART, first=1, after=after)
        found |= told(await find_doubts(changed, "trace", answer))
        after = answer.next

    assert (found, after) == (whole, None)


async def test_what_was_not_followed_is_not_marked(changed: Graph) -> None:
    links = ["REALISES", "REFINES"]

    assert told(await traced(changed, links=links)) == set()


async def test_marks_take_one_statement(changed: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await trace(changed, PART)
    asked: list[str] = []
    read = Graph.read

    async def counted(self: Graph, text: str, *args: Any, **more: Any) -> Any:
        asked.append(text)
        return await read(self, text, *args, **more)

    monkeypatch.setattr(Graph, "read", counted)

    await find_doubts(changed, "trace", answer)

    assert len(asked) == 1


async def test_each_step_of_a_path_says_whether_it_is_in_doubt(changed: Graph) -> None:
    found = await paths(changed, PART, id_of("requirement-2"))

    assert [(step.link, step.is_suspect) for step in found.paths[0]] == [
        ("REALISES", False), ("REFINES", False), ("SATISFIES", True),
    ]  # fmt: skip
