"""Every row of belief of a thing, in the order of recording, with who said so."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model import ontology
from graph.model.product import Part
from graph.model.time import parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.history import Belief, history, history_text
from tests.store.linking import CHAIN, id_of, retire, tell, thing, unlink
from tests.store.saying import correct, day, event


async def test_each_row_says_what_was_believed_and_who_said_so(graph: Graph) -> None:
    a = event(thing("part-1", revision="A"), on=0, actor="anna")
    b = event(thing("part-1", revision="B"), on=4, actor="ben", source="urn:other")
    await tell(graph, a, b)

    found = await history(graph, id_of("part-1"))

    rows = [
        (
            row.properties.revision if isinstance(row.properties, Part) else None,
            row.version,
            row.valid_to,
            row.superseded_at is None,
            row.cause.actor,
            row.cause.id,
            row.cause.source,
        )
        for row in found.rows
    ]
    assert rows == [
        ("A", 1, None, False, "anna", a["id"], "urn:test"),
        ("A", 1, parse_utc(day(4)), True, "anna", a["id"], "urn:test"),
        ("B", 2, None, True, "ben", b["id"], "urn:other"),
    ]
    assert (found.total, found.next) == (3, None)
    assert found.rows[0].superseded_at == found.rows[1].recorded_at


async def test_links_are_part_of_the_history_of_both_ends(graph: Graph) -> None:
    await tell(graph, *CHAIN, event(unlink("design-1", "SATISFIES", "requirement-2"), on=5))

    def links(rows: tuple[Belief, ...]) -> list[tuple[str, str, bool, dict[str, Any]]]:
        return [
            (row.link.reads, row.link.utcs.local, row.ended, row.link.properties)
            for row in rows
            if row.link and row.link.link == "SATISFIES"
        ]

    source = links((await history(graph, id_of("design-1"))).rows)
    target = links((await history(graph, id_of("requirement-2"))).rows)

    carried = {"rationale": "by analysis"}
    assert source[0] == ("SATISFIES", "requirement-2", False, carried)
    assert target[0] == ("SATISFIED_BY", "design-1", False, carried)
    assert [ended for _, _, ended, _ in source].count(True) == 1
    assert len(source) == len(target) == 3


async def test_a_retirement_is_a_row_without_properties(graph: Graph) -> None:
    await tell(graph, event(thing("part-1")), event(retire("part-1"), on=3))

    last = (await history(graph, id_of("part-1"))).rows[-1]

    assert last.ended
    assert last.properties is None
    assert last.valid_from == parse_utc(day(3))


async def test_what_was_corrected_stays_on_record(graph: Graph) -> None:
    await tell(graph, event(thing("part-1"), id="wrong"), event(correct("wrong"), on=1))

    found = await history(graph, id_of("part-1"))

    assert [row.superseded_at is None for row in found.rows] == [False]


async def test_pages_join_without_gap_or_double(graph: Graph) -> None:
    revisions = [event(thing("part-1", revision=str(n)), on=n) for n in range(8)]
    await tell(graph, *revisions)
    whole = await history(graph, id_of("part-1"))
    listed: list[Belief] = []
    after = None

    while True:
        page = await history(graph, id_of("part-1"), first=4, after=after)
        listed += page.rows
        if (after := page.next) is None:
            break

    assert tuple(listed) == whole.rows
    assert len(listed) == whole.total == 15


async def test_bad_questions_are_refused(graph: Graph) -> None:
    with pytest.raises(NotFoundError, match="is not in the graph"):
        await history(graph, id_of("part-1"))
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await history(graph, id_of("part-1"), first=0)
    with pytest.raises(BadQuestionError, match="is not a cursor of history"):
        await history(graph, id_of("part-1"), after="WyJoaXN0b3J5Il0")


def test_the_statement_names_no_link_type() -> None:
    """With three names for each, Neo4j planned for minutes once the sample fleet was in the graph."""
    text = history_text()

    assert [name for name in ontology.link_types() if name in text] == []
