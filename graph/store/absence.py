"""What to say of a thing that is not there: what it was before, when it comes, or what is like it."""

from __future__ import annotations

from difflib import get_close_matches

from graph.model.identifier import Utcs
from graph.model.time import format_utc
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from graph.store.moment import Moment
from graph.store.node import Node, read_node

_LOOKED_AT = 200  # identifiers that begin alike


_MERGES = 100  # one into the other, that are followed

Nearest = tuple[Node | None, Node | None, Utcs | None]


async def nearest_versions(graph: Graph, utcs: Utcs, moment: Moment) -> Nearest:
    """Returns what comes before and after a moment at which a thing is not there.

    These are the version before, the version after, and the thing that it was merged into before.
    """
    parameters = {"utcs": str(utcs), "world": moment.world, "knowledge": moment.knowledge}
    for before, after, into in await graph.read("thing/nearest", parameters):
        return before and read_node(before), after and read_node(after), into and Utcs.parse(into)
    return None, None, None


async def find_survivor(graph: Graph, utcs: Utcs, moment: Moment) -> Utcs | None:
    """Returns what a thing was merged into by a moment, over all merges; None if it was not."""
    survivor: Utcs | None = None
    for _ in range(_MERGES):
        *_, into = await nearest_versions(graph, survivor or utcs, moment)
        if into is None:
            break
        survivor = into
    return survivor


async def not_there(graph: Graph, utcs: Utcs, moment: Moment) -> NotFoundError:
    """Returns the error for a thing that is not there at a moment, saying when it is, or what is."""
    before, after, into = await nearest_versions(graph, utcs, moment)
    if into is not None:
        survivor = await find_survivor(graph, into, moment) or into
        return NotFoundError(
            f"utcs: {utcs} is not there {moment}: it was merged into {survivor}; ask about that one, "
            "or as of an earlier time",
            utcs=str(utcs),
            merged_into=str(survivor),
        )
    if before is not None and before.valid_to is not None:
        ended = format_utc(before.valid_to)
        return NotFoundError(
            f"utcs: {utcs} is not there {moment}: it ended at {ended}; ask as of an earlier time",
            utcs=str(utcs),
        )
    if after is not None:
        begins = format_utc(after.valid_from)
        return NotFoundError(
            f"utcs: {utcs} is not there {moment}: it begins at {begins}; ask as of a later time",
            utcs=str(utcs),
        )
    return await unknown(graph, utcs, moment)


async def unknown(graph: Graph, utcs: Utcs, moment: Moment) -> NotFoundError:
    """Returns the error for a thing that is not known at a moment, with ids that are like it."""
    near = await _alike(graph, utcs)
    if str(utcs) in near:
        fix = "it was recorded later, or withdrawn by then; ask as known at another time"
    elif near:
        fix = f"did you mean {' or '.join(near)}?"
    else:
        fix = "check the identifier, or search for its name"
    return NotFoundError(
        f"utcs: {utcs} is not in the graph {moment}; {fix}", utcs=str(utcs), near=near
    )


async def _alike(graph: Graph, utcs: Utcs) -> list[str]:
    """Up to three ids of the same authority and kind that are written alike, the likest first."""
    for keep in (len(utcs.local) - 2, len(utcs.local) // 2):
        prefix = str(utcs)[: len(str(utcs)) - len(utcs.local) + max(keep, 0)]
        rows = await graph.read("thing/alike", {"prefix": prefix, "limit": _LOOKED_AT})
        near = get_close_matches(str(utcs), [row[0] for row in rows], n=3, cutoff=0.8)
        if near:
            return [str(utcs)] if str(utcs) in near else near
    return []
