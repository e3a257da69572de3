"""One step in either direction, with what the links carry."""

from __future__ import annotations

import pytest

from graph.model.time import Coordinates, parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.neighbours import Neighbour, neighbours
from tests.store.linking import CHAIN, as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event


async def test_links_are_listed_with_all_that_they_carry(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    found = await neighbours(graph, id_of("design-1"))

    inward, outward = found.links
    assert (inward.reads, inward.direction, inward.utcs) == ("REFINED_BY", "in", id_of("design-2"))
    assert (outward.link, outward.direction, outward.name) == ("SATISFIES", "out", "requirement-2")
    assert outward.properties == {"rationale": "by analysis"}
    assert (outward.valid_from, outward.valid_to) == (parse_utc(day(1)), None)
    assert (outward.made, outward.kind) == (2, "requirement")
    assert (found.total, found.next) == (2, None)


async def test_a_direction_and_types_can_be_chosen(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    inward = await neighbours(graph, id_of("design-1"), direction="in")
    chosen = await neighbours(graph, id_of("design-1"), links=["SATISFIES"])

    assert [n.utcs.local for n in inward.links] == ["design-2"]
    assert [n.utcs.local for n in chosen.links] == ["requirement-2"]
    assert (inward.total, chosen.total) == (1, 1)


async def test_one_thing_in_two_slots_is_two_neighbours_on_any_page(graph: Graph) -> None:
    await tell(graph, event(*(thing(n) for n in ("part-1", "part-2", "part-3"))))
    slots = [("part-2", "10"), ("part-2", "20"), ("part-3", "30")]
    await tell(graph, event(*(link("part-1", "HAS_COMPONENT", t, s) for t, s in slots)))
    listed, after = [], None

    while True:
        page = await neighbours(graph, id_of("part-1"), first=1, after=after)
        listed += [(n.utcs.local, n.slot) for n in page.links]
        assert page.total == 3
        if (after := page.next) is None:
            break

    assert listed == slots


async def test_the_links_are_those_of_the_moment(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(unlink("design-1", "SATISFIES", "requirement-2"), on=5))

    async def out(at: Coordinates) -> tuple[Neighbour, ...]:
        return (await neighbours(graph, id_of("design-1"), direction="out", at=at)).links

    (then,) = await out(as_of(4))
    assert (then.link, then.valid_to) == ("SATISFIES", parse_utc(day(5)))
    assert await out(as_of(5)) == ()
    assert await out(as_of(9000)) == ()


async def test_bad_questions_are_refused(graph: Graph) -> None:
    with pytest.raises(NotFoundError):
        await neighbours(graph, id_of("part-1"))
    with pytest.raises(BadQuestionError, match="direction: 'up' is unknown; give 'out' or 'in'"):
        await neighbours(graph, id_of("part-1"), direction="up")  # type: ignore[arg-type]
    with pytest.raises(BadQuestionError, match="first: 5000 is out of bounds"):
        await neighbours(graph, id_of("part-1"), first=5000)
    with pytest.raises(BadQuestionError, match="is not a cursor of neighbours"):
        await neighbours(graph, id_of("part-1"), after="AAAA")
