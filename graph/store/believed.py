"""Is it believed already? Which facts of some events say of their moment just what the graph says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graph.model.event import Event, EventError
from graph.model.time import FAR
from graph.store.database import Graph
from graph.store.node import read_link_properties
from graph.store.prepared import LinkKey, LinkStatement, NodeStatement, Statement, prepare


async def find_believed(graph: Graph, events: Sequence[Event]) -> list[tuple[bool, ...]]:
    """Says of each fact of each event whether that very content is believed at its `valid_from`.

    Ends, retirements and corrections are never believed in this sense. One statement asks for all
    events, so the caller bounds how many there are.
    """
    stated = [list(_statements(event)) for event in events]
    numbered = list(enumerate(statement for statements in stated for statement in statements))
    things = [[n, s.utcs, s.valid_from] for n, s in numbered if isinstance(s, NodeStatement)]
    links = [[n, *s.key, s.valid_from] for n, s in numbered if isinstance(s, LinkStatement)]
    (row,) = await graph.read("thing/believed", {"things": things, "links": links, "far": FAR})
    held = {number: content for found in row for number, content in found}
    believed = iter([_is_believed(statement, held.get(number)) for number, statement in numbered])
    return [tuple(next(believed) for _ in statements) for statements in stated]


async def find_held(graph: Graph, links: Sequence[LinkKey], at: int) -> frozenset[LinkKey]:
    """Returns which of some links are believed to hold at a moment, in microseconds since 1970."""
    asked = [[n, *key, at] for n, key in enumerate(links)]
    (row,) = await graph.read("thing/believed", {"things": [], "links": asked, "far": FAR})
    return frozenset(links[number] for number, _ in row[1])


def _statements(event: Event) -> Iterator[Statement | None]:
    """Yields the statement of each fact; None of each where the event will be refused."""
    try:
        yield from prepare(event).statements
    except EventError:
        yield from (None for _ in event.facts)


def _is_believed(statement: Statement | None, held: Any) -> bool:
    if held is None:
        return False
    if isinstance(statement, NodeStatement):
        return statement.content is not None and bool(held == statement.hash)
    if isinstance(statement, LinkStatement):
        if statement.content is None:
            return False
        carried = read_link_properties(statement.key[1], held)
        if "reviewed" in statement.content:  # else whether somebody looked is not what is said
            carried |= {"reviewed": held.get("reviewed")}
        return bool(carried == statement.content)
    return False
