"""Full-text search, now and then, for whatever people type."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.search import Found, lucene, search
from tests.store.linking import as_of, retire, tell, thing
from tests.store.saying import event


def found(answer: Found) -> set[str]:
    return {hit.utcs.local for hit in answer.things}


@pytest.fixture
async def library(graph: Graph) -> Graph:
    """Three things that speak of hydrogen, one way or another."""
    await tell(
        graph,
        event(
            thing("requirement-1", name="Tank", text="The LH2 tank shall hold hydrogen (liquid)."),
            thing("requirement-2", name="Pump", text="The pump moves liquid hydrogen AND vents."),
            thing(
                "part-1",
                name="Pump FC-00042",
                description='Cryogenic "LH2" pump, C++ inside',
                number="28-4711-02",
            ),
        ),
    )
    return graph


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pump", {"requirement-2", "part-1"}),
        ("PUMP", {"requirement-2", "part-1"}),
        ("pump hydrogen", {"requirement-2"}),
        ("hydrogen pump", {"requirement-2"}),
        ('"liquid hydrogen"', {"requirement-2"}),
        ('"hydrogen liquid"', {"requirement-1"}),
        ('"liquid hydrogen', {"requirement-2"}),
        ("FC-00042", {"part-1"}),
        ("pump AND tank", set()),
        ("pump OR hydrogen", set()),
        ("lh2) OR (name:*", set()),
        ("28-4711-02", {"part-1"}),
        ("C++", {"part-1"}),
        ("* pump", {"requirement-2", "part-1"}),
        ("utcs:TEST:part:part-1", {"part-1"}),
        ("zebra", set()),
    ],
)
async def test_all_words_must_occur_and_no_sign_has_a_meaning(
    library: Graph, text: str, expected: set[str]
) -> None:
    assert found(await search(library, text)) == expected


async def test_kinds_narrow_the_answer(library: Graph) -> None:
    answer = await search(library, "pump", kinds=["part"])

    assert (found(answer), answer.total, answer.complete) == ({"part-1"}, 1, True)
    assert answer.things[0].name == "Pump FC-00042"


async def test_each_moment_has_its_own_words(library: Graph) -> None:
    (learned, _) = await tell(
        library,
        event(thing("part-1", name="Valve"), on=5),
        event(retire("requirement-2"), on=6),
    )

    async def names(at: Coordinates) -> set[str]:
        return found(await search(library, "pump", at=at))

    assert await names(Coordinates()) == set()
    assert await names(as_of(5.5)) == {"requirement-2"}
    assert await names(as_of(4)) == {"requirement-2", "part-1"}
    unaware = Coordinates(known_at=from_micros(learned - 1))
    assert await names(unaware) == {"requirement-2", "part-1"}
    assert found(await search(library, "valve", at=as_of(9000))) == {"part-1"}
    assert found(await search(library, "valve", at=as_of(4))) == set()


async def test_pages_join_without_gap_or_double(graph: Graph) -> None:
    names = [f"part-{n:02}" for n in range(23)]
    await tell(graph, event(*(thing(n, name="Common bolt " + "x " * (len(n) % 3)) for n in names)))
    listed, after = [], None

    while True:
        page = await search(graph, "bolt", first=7, after=after)
        listed += [hit.utcs.local for hit in page.things]
        assert page.total == 23
        if (after := page.next) is None:
            break

    assert sorted(listed) == names


@pytest.mark.parametrize("text", ["", "  ", '""', "!!! && ||", "x" * 501])
async def test_a_text_that_cannot_be_searched_for_is_refused(graph: Graph, text: str) -> None:
    with pytest.raises(BadQuestionError, match="text: "):
        await search(graph, text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
@example(text='a\\" OR *:*')
@example(text="\\")
@example(text="a\\")
async def test_no_text_breaks_the_query(graph: Graph, text: str) -> None:
    try:
        lucene(text)
    except BadQuestionError:
        return

    assert (await search(graph, text)).total == 0
