"""The change log, read by number."""

from __future__ import annotations

import orjson
import pytest

from graph.model.event import Event
from graph.store.changes import changes, head
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from tests.store.linking import id_of, tell, thing
from tests.store.saying import event


async def test_the_log_is_read_in_order_without_gaps(graph: Graph) -> None:
    said = [event(thing("part-1", revision=str(n)), on=n) for n in range(7)]
    await tell(graph, *said)

    first = await changes(graph, first=4)
    rest = await changes(graph, after=first[-1].seq, first=4)

    assert [entry.seq for entry in first + rest] == list(range(1, 8))
    assert [entry.id for entry in first + rest] == [e["id"] for e in said]
    assert await changes(graph, after=7) == ()


async def test_an_entry_holds_the_event_word_for_word(graph: Graph) -> None:
    said = event(thing("part-1"), actor="anna")
    await tell(graph, said)

    (entry,) = await changes(graph)

    assert Event.model_validate(orjson.loads(entry.event)) == Event.model_validate(said)
    assert (entry.actor, entry.subject, len(entry.hashes)) == ("anna", id_of("part-1"), 1)
    assert entry.recorded_at.utcoffset() is not None


async def test_the_head_is_the_number_of_the_last_entry(graph: Graph) -> None:
    assert (await head(graph)).seq == 0

    await tell(graph, event(thing("part-1")))

    assert (await head(graph)).seq == 1
    assert (await head(graph)).recorded_at == (await changes(graph))[0].recorded_at


async def test_numbers_out_of_bounds_are_refused(graph: Graph) -> None:
    with pytest.raises(BadQuestionError, match="after: -1 is out of bounds"):
        await changes(graph, after=-1)
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await changes(graph, first=0)


async def test_half_of_what_is_being_committed_is_not_shown(graph: Graph) -> None:
    # Neo4j makes a transaction visible entry by entry, in no promised order.
    await tell(graph, *[event(thing("part-1", revision=str(n)), on=n) for n in range(3)])
    async with graph.transaction() as tx:
        await tx.run("MATCH (c:Change {seq: 2}) SET c.seq = 20")

    assert [entry.seq for entry in await changes(graph)] == [1]
    assert await changes(graph, after=1) == ()
