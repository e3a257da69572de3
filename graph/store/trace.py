"""Why is it there? What a thing depends on, along the arrows."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.moment import CURRENT
from graph.store.reach import MAX_DEPTH, Answer, checked, reach


async def trace(
    graph: Graph,
    utcs: Utcs,
    *,
    links: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    depth: int = MAX_DEPTH,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Answer:
    """Returns everything that a thing depends on, nearest first.

    Args:
        graph: Where to ask.
        utcs: The thing.
        links: The link types to follow; all unless given.
        kinds: The kinds to tell of; the way may lead over others. All unless given.
        depth: How many links to follow at most.
        first: How many things to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name, a number or the cursor is wrong; the sentence says which.
        NotFoundError: The thing is not there then.
        QueryTimeoutError: Not even a page could be read in time.
    """
    return await reach(graph, checked("trace", utcs, links, kinds, depth, first, after, at), at)
