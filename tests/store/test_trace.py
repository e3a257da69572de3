"""What a thing depends on, and what depends on it: against the same facts in memory."""

from __future__ import annotations

import asyncio
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model.time import Coordinates, from_micros, parse_utc, to_micros
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError, QueryTimeoutError
from graph.store.impact import impact
from graph.store.reach import Answer
from graph.store.trace import trace
from tests.store.belief import belief
from tests.store.conftest import empty
from tests.store.linking import CHAIN, as_of, id_of, link, retire, tell, thing, unlink
from tests.store.saying import correct, day, event


def reached(answer: Answer) -> list[tuple[str, int]]:
    return [(found.utcs.local, found.depth) for found in answer.things]


async def test_trace_follows_the_arrows_and_says_that_nothing_lies_beyond(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    answer = await trace(graph, id_of("part-1"))

    assert reached(answer) == [
        ("design-2", 1), ("design-1", 2), ("requirement-2", 3), ("requirement-1", 4),
    ]  # fmt: skip
    assert (answer.total, answer.deepest, answer.complete, answer.cut) == (4, 4, True, None)
    assert answer.kinds == {"design": 2, "requirement": 2}
    assert answer.extent == "nothing further beyond depth 4"
    assert answer.things[0].name == "design-2"


async def test_impact_goes_against_the_arrows(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    answer = await impact(graph, id_of("requirement-1"))

    assert reached(answer) == [
        ("requirement-2", 1), ("design-1", 2), ("design-2", 3), ("part-1", 4),
    ]  # fmt: skip


async def test_a_cut_says_where_and_how_much_is_just_beyond(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    answer = await impact(graph, id_of("requirement-1"), depth=2)

    assert reached(answer) == [("requirement-2", 1), ("design-1", 2)]
    assert (answer.total, answer.complete) == (2, False)
    assert answer.cut == answer.extent == "cut at depth 2: at least 1 more beyond"


async def test_a_depth_that_just_suffices_is_complete(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    assert (await trace(graph, id_of("part-1"), depth=4)).complete
    assert not (await trace(graph, id_of("part-1"), depth=3)).complete


@pytest.mark.parametrize("depth", [9, 10, 11, 12, 39, 40])
async def test_depths_are_exact_where_texts_are_shared(graph: Graph, depth: int) -> None:
    names = [f"design-{n:02}" for n in range(43)]
    await tell(graph, event(*map(thing, names)))
    pairs = zip(names[1:], names, strict=False)
    await tell(graph, event(*(link(a, "REFINES", b) for a, b in pairs)))

    answer = await impact(graph, id_of(names[0]), depth=depth)

    assert reached(answer) == [(name, n) for n, name in enumerate(names)][1 : depth + 1]
    assert answer.total == depth
    assert answer.cut is not None
    assert answer.cut.startswith(f"cut at depth {depth}: at least ")


async def test_a_kind_is_told_of_but_the_way_leads_over_others(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    answer = await trace(graph, id_of("part-1"), kinds=["requirement"])

    assert reached(answer) == [("requirement-2", 3), ("requirement-1", 4)]
    assert (answer.total, answer.kinds) == (2, {"requirement": 2})


async def test_a_kind_stands_for_those_that_extend_it(graph: Graph) -> None:
    facts = [thing("aircraft-1", serial_number="1"), thing("serial-1", serial_number="1")]
    await tell(graph, event(*facts))
    await tell(graph, event(link("aircraft-1", "CONTAINS", "serial-1", "1")))

    answer = await impact(graph, id_of("serial-1"), kinds=["serial"])

    assert reached(answer) == [("aircraft-1", 1)]


async def test_only_the_links_named_are_followed(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    answer = await trace(graph, id_of("part-1"), links=["REFINES", "REALISES"])

    assert reached(answer) == [("design-2", 1), ("design-1", 2)]
    assert answer.complete


async def test_a_cycle_ends_and_does_not_reach_its_own_start(graph: Graph) -> None:
    await tell(graph, event(*(thing(f"design-{n}") for n in (1, 2, 3))))
    ring = [("design-1", "design-2"), ("design-2", "design-3"), ("design-3", "design-1")]
    await tell(graph, event(*(link(a, "INTERFACES_WITH", b) for a, b in ring)))

    answer = await trace(graph, id_of("design-1"))

    assert reached(answer) == [("design-2", 1), ("design-3", 2)]
    assert answer.complete


async def test_pages_join_without_gap_or_double(graph: Graph) -> None:
    leaves = [f"requirement-{n:02}" for n in range(2, 20)]
    await tell(graph, event(*map(thing, ["requirement-1", *leaves])))
    await tell(graph, event(*(link(n, "DERIVES_FROM", "requirement-1") for n in leaves)))
    listed, after = [], None

    while True:
        page = await impact(graph, id_of("requirement-1"), first=5, after=after)
        listed += [name for name, _ in reached(page)]
        assert page.total == 18
        if (after := page.next) is None:
            break

    assert listed == leaves


async def test_the_past_and_the_knowledge_of_a_day_are_asked_for(graph: Graph) -> None:
    born, linked = await tell(graph, *CHAIN)
    late = event(unlink("design-1", "SATISFIES", "requirement-2"), on=5)
    (learned,) = await tell(graph, late)

    before = await trace(graph, id_of("part-1"), at=as_of(4))
    after = await trace(graph, id_of("part-1"), at=as_of(6))
    unaware = Coordinates(as_of=parse_utc(day(6)), known_at=from_micros(learned - 1))
    earlier = Coordinates(as_of=parse_utc(day(6)), known_at=from_micros(born))

    assert (before.total, after.total) == (4, 2)
    assert (await trace(graph, id_of("part-1"))).total == 2
    assert (await trace(graph, id_of("part-1"), at=unaware)).total == 4
    assert (await trace(graph, id_of("part-1"), at=earlier)).total == 0
    assert linked > born


async def test_names_are_those_of_the_moment(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(thing("design-2", name="renamed"), on=9))

    now = await trace(graph, id_of("part-1"))
    then = await trace(graph, id_of("part-1"), at=as_of(5))

    assert (now.things[0].name, then.things[0].name) == ("renamed", "design-2")


async def test_a_name_that_changes_by_the_clock_alone_is_never_stale(graph: Graph) -> None:
    await tell(graph, *CHAIN)
    soon = graph.clock() + 3600 * 1_000_000
    rename = event(thing("design-2", name="renamed"))
    await tell(graph, rename | {"time": from_micros(soon).isoformat()})
    assert (await trace(graph, id_of("part-1"))).things[0].name == "design-2"

    graph.clock = lambda: soon

    assert (await trace(graph, id_of("part-1"))).things[0].name == "renamed"


async def test_a_link_holds_from_the_first_instant_and_not_at_the_last(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(unlink("part-1", "REALISES", "design-2"), on=5))
    last = to_micros(parse_utc(day(5)))

    def totals(micros: int) -> Any:
        return trace(graph, id_of("part-1"), at=Coordinates(as_of=from_micros(micros)))

    assert (await totals(last - 1)).total == 4
    assert (await totals(last)).total == 0
    assert (await trace(graph, id_of("part-1"), at=as_of(1))).total == 4


async def test_an_unknown_thing_is_named_with_what_is_like_it(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    with pytest.raises(NotFoundError, match=r"requirement-3 is not in the graph.*requirement-[12]"):
        await trace(graph, id_of("requirement-3"))


async def test_a_thing_that_ended_is_said_to_have_ended(graph: Graph) -> None:
    await tell(graph, event(thing("part-1")), event(retire("part-1"), on=3))

    with pytest.raises(NotFoundError, match=r"not there now: it ended at 2025-01-04"):
        await trace(graph, id_of("part-1"))
    with pytest.raises(NotFoundError, match=r"as of 2024-.*it begins at 2025-01-01"):
        await trace(graph, id_of("part-1"), at=as_of(-1))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"depth": 0}, "depth: 0 is out of bounds; give a whole number from 1 to 40"),
        ({"depth": 10**9}, "depth: 1000000000 is out of bounds"),
        ({"depth": True}, "depth: True is out of bounds"),
        ({"first": 1001}, "first: 1001 is out of bounds; give a whole number from 1 to 1,000"),
        (
            {"links": ["SATISFY"]},
            "links: 'SATISFY' is not in the ontology; did you mean 'SATISFIES'",
        ),
        ({"links": []}, "links: empty"),
        ({"kinds": ["prat"]}, "kinds: 'prat' is not in the ontology; did you mean 'part'"),
        ({"kinds": ["x`) DETACH DELETE n //"]}, "is not in the ontology"),
        ({"after": "garbage"}, "after: 'garbage' is not a cursor of trace"),
        ({"after": "é"}, "is not a cursor of trace"),
        ({"after": "WzEsMl0"}, "is not a cursor of trace"),
    ],
)
async def test_a_question_that_cannot_be_asked_says_why(
    graph: Graph, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadQuestionError) as refused:
        await trace(graph, id_of("part-1"), **asked)

    assert message in str(refused.value)


async def test_a_cursor_of_another_question_is_refused(graph: Graph) -> None:
    await tell(graph, *CHAIN)
    mark = (await trace(graph, id_of("part-1"), first=1)).next

    with pytest.raises(BadQuestionError, match="is not a cursor of impact"):
        await impact(graph, id_of("part-1"), after=mark)


async def test_when_counting_takes_too_long_the_page_comes_without_counts(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(graph, *CHAIN)
    real, asked = Graph.read, []

    async def slow(self: Graph, statement: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(kwargs["timeout_s"])
        if "count(*)" in statement:
            raise QueryTimeoutError("too slow")
        return await real(self, statement, *args, **kwargs)

    monkeypatch.setattr(Graph, "read", slow)
    answer = await trace(graph, id_of("part-1"), first=2)

    assert reached(answer) == [("design-2", 1), ("design-1", 2)]
    assert (answer.total, answer.complete) == (None, False)
    assert answer.cut is not None
    assert answer.cut.startswith("cut by time")
    assert sum(asked) <= graph.timeout_s
    assert answer.next is not None


NAMES = ["requirement-1", "requirement-2", "design-1", "design-2", "design-3", "part-1", "part-2"]
PAIRS = [
    ("requirement-2", "DERIVES_FROM", "requirement-1"),
    ("design-1", "SATISFIES", "requirement-1"),
    ("design-2", "SATISFIES", "requirement-2"),
    ("design-1", "INTERFACES_WITH", "design-2"),
    ("design-2", "INTERFACES_WITH", "design-3"),
    ("design-3", "INTERFACES_WITH", "design-1"),
    ("part-1", "REALISES", "design-3"),
    ("part-1", "ALTERNATE_OF", "part-2"),
    ("part-2", "ALTERNATE_OF", "part-1"),
    ("part-2", "SATISFIES", "requirement-2"),
]
DAYS = st.integers(0, 4)
claims = st.sampled_from(PAIRS).flatmap(
    lambda pair: st.sampled_from([link(*pair), link(*pair), unlink(*pair)])
)


@st.composite
def stories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events that link and unlink some things, out of order, and corrections of some."""
    births = [event(*map(thing, NAMES), on=0, id="birth")]
    said = [event(draw(claims), on=draw(DAYS), id=f"h{n}") for n in range(draw(st.integers(1, 16)))]
    wrong = draw(st.lists(st.sampled_from(said), max_size=3, unique_by=lambda e: e["id"]))
    return births + said + [event(correct(e["id"]), on=5, id=f"fix-{e['id']}") for e in wrong]


def reference(known: list[dict[str, Any]], at: str) -> nx.MultiDiGraph:
    """The links of a moment as a graph in memory."""
    found = nx.MultiDiGraph()
    for key in belief(known, at):
        if len(key) == 1:
            found.add_node(key[0])
        else:
            found.add_edge(key[0], key[2], type=key[1])
    return found


@pytest.fixture
def run(neo4j_server: Any) -> Any:
    """Runs a coroutine function on a clean graph, in an event loop of its own for each example."""

    def start(work: Any) -> Any:
        async def on_clean_graph() -> Any:
            async with await Graph.open(*neo4j_server) as graph:
                await empty(graph)
                return await work(graph)

        return asyncio.run(on_clean_graph())

    return start


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories(), at=st.one_of(st.none(), DAYS, st.just(9000)), data=st.data())
def test_what_is_reached_is_what_the_facts_say_at_every_moment(
    run: Any, story: list[dict[str, Any]], at: int | None, data: st.DataObject
) -> None:
    async def work(graph: Graph) -> None:
        outcomes = await apply(graph, story)
        # In the order of the log, which is another where one had to wait for what came after it.
        told = sorted((o.seq, n) for n, o in enumerate(outcomes) if o.seq is not None)
        applied = [story[n] for _, n in told]
        last = data.draw(st.one_of(st.none(), st.integers(1, len(applied))), label="known")
        moment = None if at is None else parse_utc(day(at))
        known_at = None
        if last is not None:
            rows = await graph.read(
                "MATCH (c:Change {seq: $seq}) RETURN c.recorded_at", {"seq": last}
            )
            known_at = from_micros(rows[0][0])
        coordinates = Coordinates(as_of=moment, known_at=known_at)
        known = applied if last is None else applied[:last]
        expected = reference(known, day(9000) if at is None else day(at))

        for name in data.draw(st.sets(st.sampled_from(NAMES), min_size=2, max_size=3)):
            start = str(id_of(name))
            for question, arrows in ((trace, expected), (impact, expected.reverse())):
                answer = await question(graph, id_of(name), at=coordinates)
                depths = nx.single_source_shortest_path_length(arrows, start)
                del depths[start]
                assert {str(t.utcs): t.depth for t in answer.things} == depths, (name, question)
                assert answer.total == len(depths)
                assert answer.complete
                assert answer.deepest == max(depths.values(), default=0)

    run(work)
