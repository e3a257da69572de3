"""What was believed, row by row, as it was known at some time: for copies of the graph elsewhere.

Knowledge only grows, so what was known at a time can be read at any later time, in parts, and fits together.
Every read holds the lock of the change log: Neo4j shows what is being committed row by row, and a link that
is superseded meanwhile could be missed. So reads are kept short.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.time import FAR, from_micros
from graph.store.changes import Head
from graph.store.database import Graph
from graph.store.prepared import LinkKey

AT_ONCE: Final = 100
"""So many things or links are read under one lock: half of the reads hold it for 5 ms (2026-11)."""

Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of belief.

    Attributes:
        things: What Neo4j keeps of each row of a thing.
        links: The source, link type and target of each row of a link, and what Neo4j keeps of it.
    """

    things: Sequence[Stored]
    links: Sequence[tuple[str, str, str, Stored]]


async def settled_head(graph: Graph) -> Head:
    """Returns how far the change log goes, when all that it holds can be seen."""
    async with graph.transaction() as tx:
        ((seq, recorded_at),) = await tx.run("log/settle")
    return Head(seq, from_micros(recorded_at))


async def changed_rows(
    graph: Graph, things: Sequence[str], links: Sequence[LinkKey], since: int, until: int
) -> AsyncIterator[Rows]:
    """Yields the rows of things and links that came to be believed, or ceased to, in (since, until]."""
    span = {"since": since, "until": until}
    for at in range(0, max(len(things), len(links)), AT_ONCE):
        part = slice(at, at + AT_ONCE)
        wanted = {"things": [*things[part]], "links": [[*key] for key in links[part]]}
        async with graph.transaction() as tx:
            (found,) = await tx.run("row/changed", **wanted, **span)
        yield _known(until, *found)


async def rows_page(graph: Graph, after: str, until: int) -> tuple[str | None, Rows]:
    """Returns all rows of the things that follow one, and of the links that leave them, as known then.

    Returns:
        The last of the things, where the next page begins; None if there are no more.
    """
    async with graph.transaction() as tx:
        ((last, *found),) = await tx.run("row/page", after=after, limit=AT_ONCE, until=until)
    return last, _known(until, *found)


def _known(until: int, things: list[Stored], links: list[Any]) -> Rows:
    for row in (*things, *(row for *_, row in links)):
        if row["superseded_at"] > until:
            row["superseded_at"] = FAR
    return Rows(things, [tuple(link) for link in links])
