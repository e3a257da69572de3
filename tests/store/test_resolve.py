"""Any text that names a thing, to its identifier."""

from __future__ import annotations

import pytest

from graph.model.identifier import IdentifierError
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.resolve import resolve
from tests.store.linking import as_of, id_of, retire, tell, thing
from tests.store.saying import event


@pytest.fixture
async def named(graph: Graph) -> Graph:
    """Two parts and a document that other systems know."""
    await tell(
        graph,
        event(
            thing("part-1", aliases=["dpp:DPP-H2-001"]),
            thing("part-2", aliases=["erp:000000000000047110"]),
        ),
    )
    return graph


@pytest.mark.parametrize(
    "text",
    [
        "utcs:TEST:part:part-1",
        id_of("part-1").checked,
        "dpp:DPP-H2-001",
        "DPP-H2-001",
        "  DPP-H2-001 ",
    ],
)
async def test_every_form_finds_the_same_thing(named: Graph, text: str) -> None:
    assert await resolve(named, text) == id_of("part-1")


async def test_a_mistyped_identifier_is_refused_and_an_unknown_one_left_to_the_question(
    named: Graph,
) -> None:
    wrong = "A" if id_of("part-1").checked[-1] != "A" else "B"

    with pytest.raises(IdentifierError, match="check character"):
        await resolve(named, f"{id_of('part-1')}~{wrong}")
    assert await resolve(named, "utcs:TEST:part:part-3") == id_of("part-3")


async def test_an_alias_names_at_each_moment_what_carried_it_then(named: Graph) -> None:
    await tell(named, event(thing("part-1"), thing("part-2", aliases=["dpp:DPP-H2-001"]), on=5))

    assert await resolve(named, "DPP-H2-001", at=as_of(4)) == id_of("part-1")
    assert await resolve(named, "DPP-H2-001") == id_of("part-2")


async def test_an_alias_of_a_thing_that_ended_says_what_it_named(named: Graph) -> None:
    await tell(named, event(retire("part-1"), on=5))

    with pytest.raises(NotFoundError, match="at another time it names utcs:TEST:part:part-1"):
        await resolve(named, "DPP-H2-001")


async def test_an_ambiguous_text_lists_the_candidates(named: Graph) -> None:
    await tell(named, event(thing("part-3", aliases=["erp:DPP-H2-001"])))

    with pytest.raises(
        BadQuestionError, match=r"names .*part-1.*part-3.*give one of these"
    ) as told:
        await resolve(named, "DPP-H2-001")

    assert told.value.facts["candidates"] == [str(id_of("part-1")), str(id_of("part-3"))]


@pytest.mark.parametrize("text", ["", "nothing at all", "x" * 5000, "📦"])
async def test_what_names_nothing_is_said_to(named: Graph, text: str) -> None:
    with pytest.raises(NotFoundError, match="names nothing now"):
        await resolve(named, text)
