"""One thing at a moment: its version, its standing, its links."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from graph.model.identifier import Utcs
from graph.model.product import Part
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from graph.store.show import LinkCount, Shown, Standing, show
from tests.store.linking import CHAIN, as_of, id_of, link, retire, tell, thing
from tests.store.saying import correct, day, event


async def test_a_thing_is_shown_with_all_that_is_known_of_its_version(graph: Graph) -> None:
    said = event(thing("part-1", mass_kg="1.25", extra={"a": 1}, aliases=["dpp:DPP-1"]), on=2)
    (recorded,) = await tell(graph, said)

    shown = await show(graph, id_of("part-1"))

    node = shown.node
    assert isinstance(node.properties, Part)
    assert (str(node.properties.mass_kg), node.properties.extra) == ("1.25", {"a": 1})
    assert [str(alias) for alias in node.properties.aliases] == ["dpp:DPP-1"]
    assert (node.utcs, node.kind, node.version, node.made) == (id_of("part-1"), "part", 1, 1)
    assert node.recorded_at == from_micros(recorded)
    assert (node.valid_to, node.superseded_at) == (None, None)
    assert len(node.hash) == 64
    assert (shown.standing, shown.since) == (Standing.THERE, parse_utc(day(2)))


async def test_links_are_counted_by_type_and_direction(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(thing("design-3")))
    await tell(graph, event(link("design-3", "REFINES", "design-1"), on=2))

    shown = await show(graph, id_of("design-1"))

    assert shown.links == (
        LinkCount("SATISFIES", "out", "SATISFIES", 1),
        LinkCount("REFINES", "in", "REFINED_BY", 2),
    )
    earlier = await show(graph, id_of("design-1"), at=as_of(1.5))
    assert earlier.links[1].count == 1


async def test_each_moment_shows_its_own_version(graph: Graph) -> None:
    first, second = await tell(
        graph,
        event(thing("part-1", revision="A"), on=0),
        event(thing("part-1", revision="B"), on=4),
    )

    async def revision(at: Coordinates) -> tuple[str | None, int]:
        node = (await show(graph, id_of("part-1"), at=at)).node
        assert isinstance(node.properties, Part)
        return node.properties.revision, node.version

    assert await revision(Coordinates()) == ("B", 2)
    assert await revision(as_of(3)) == ("A", 1)
    assert await revision(as_of(4)) == ("B", 2)
    assert await revision(as_of(9000)) == ("B", 2)
    assert await revision(Coordinates(known_at=from_micros(second - 1))) == ("A", 1)
    assert await revision(Coordinates(known_at=from_micros(first))) == ("A", 1)


async def test_a_retired_thing_tells_since_when_and_shows_its_last_version(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("part-1", revision="A"), on=0),
        event(thing("part-1", revision="B"), on=2),
        event(retire("part-1"), on=5),
    )

    shown = await show(graph, id_of("part-1"))

    assert (shown.standing, shown.since) == (Standing.ENDED, parse_utc(day(5)))
    assert (shown.node.version, shown.node.valid_to) == (2, parse_utc(day(5)))
    assert shown.links == ()
    assert (await show(graph, id_of("part-1"), at=as_of(3))).standing is Standing.THERE


async def test_a_thing_ahead_tells_from_when(graph: Graph) -> None:
    await tell(graph, event(thing("part-1"), on=5))

    shown = await show(graph, id_of("part-1"), at=as_of(1))

    assert (shown.standing, shown.since) == (Standing.AHEAD, parse_utc(day(5)))


async def test_a_thing_that_returns_is_ended_between(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("part-1"), on=0),
        event(retire("part-1"), on=2),
        event(thing("part-1"), on=6),
    )

    between = await show(graph, id_of("part-1"), at=as_of(3))

    assert (between.standing, between.since) == (Standing.ENDED, parse_utc(day(2)))
    assert (await show(graph, id_of("part-1"))).standing is Standing.THERE


async def test_a_retirement_that_the_clock_brings_is_seen_at_once(graph: Graph) -> None:
    soon = graph.clock() + 60 * 1_000_000
    when = from_micros(soon)
    await tell(graph, event(thing("part-1")), event(retire("part-1")) | {"time": when.isoformat()})
    assert (await show(graph, id_of("part-1"))).standing is Standing.THERE

    graph.clock = lambda: soon

    assert (await show(graph, id_of("part-1"))).standing is Standing.ENDED


async def test_what_was_withdrawn_is_unknown_now_but_not_then(graph: Graph) -> None:
    wrong = event(thing("part-1"), id="wrong")
    (recorded, _) = await tell(graph, wrong, event(correct("wrong"), on=1))

    with pytest.raises(NotFoundError, match="ask as known at another time"):
        await show(graph, id_of("part-1"))
    then = await show(graph, id_of("part-1"), at=Coordinates(known_at=from_micros(recorded)))
    assert then.standing is Standing.THERE


async def test_an_unknown_thing_is_refused_with_its_likeness(graph: Graph) -> None:
    await tell(graph, event(thing("part-12345"), thing("part-12346")))

    with pytest.raises(NotFoundError, match=r"did you mean utcs:TEST:part:part-1234[56]"):
        await show(graph, Utcs.parse("utcs:TEST:part:part-12354"))
    with pytest.raises(NotFoundError, match="or search for its name"):
        await show(graph, Utcs.parse("utcs:OTHER:tool:x"))


async def test_what_is_shown_becomes_json_with_every_property(graph: Graph) -> None:
    await tell(graph, event(thing("part-1", mass_kg="1.25")))

    document = TypeAdapter(Shown).dump_python(await show(graph, id_of("part-1")), mode="json")

    assert document["node"]["utcs"] == "utcs:TEST:part:part-1"
    assert document["node"]["valid_from"] == day(0)
    assert document["node"]["valid_to"] is None
    assert document["node"]["properties"]["mass_kg"] == "1.25"
    assert document["standing"] == "there"
