"""One thing and what it hangs together with: the questions about a thing, by any of its ids."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from api.naming import named
from api.plain import plain, plain_reach
from api.rest.asked import AskedGraph, At
from api.rest.body import json_answer
from graph.store.accrual import accrued
from graph.store.doubts import find_doubts
from graph.store.history import history
from graph.store.impact import impact
from graph.store.neighbours import neighbours
from graph.store.paths import paths
from graph.store.reach import MAX_DEPTH
from graph.store.resolve import resolve
from graph.store.show import Direction, show
from graph.store.trace import trace

router = APIRouter(prefix="/api/v1/things", tags=["things"])

Id = Annotated[
    str,
    Path(
        description="A UTCS identifier, with or without its check character; an alias such as "
        "`dpp:DPP-H2-001`; or another system's id as printed. Percent-encode what a path cannot hold.",
        examples=["utcs:AMPEL360:aircraft:MSN-10001"],
        max_length=500,
    ),
]
Depth = Annotated[int, Query(description="How many links to follow at most.")]
Links = Annotated[
    list[str], Query(description="Follow only these link types; repeat it for several.")
]
Kinds = Annotated[list[str], Query(description="List only these kinds; repeat it for several.")]
First = Annotated[int, Query(description="How many to list, 1 to 1000.")]
After = Annotated[str | None, Query(description="The `next` of the page before.")]


def _reach(
    depth: Depth = MAX_DEPTH,
    links: Links = [],  # noqa: B006 - FastAPI copies defaults
    kinds: Kinds = [],  # noqa: B006
    first: First = 100,
    after: After = None,
) -> dict[str, Any]:
    """How far a question reaches, as trace and impact take it."""
    return {
        "depth": depth,
        "links": links or None,
        "kinds": kinds or None,
        "first": first,
        "after": after,
    }


Reach = Annotated[dict[str, Any], Depends(_reach)]


# The longer paths stand first: an id may hold slashes, as GS1 Digital Links do.
@router.get("/{id:path}/history", summary="What was said about it")
async def get_history(
    id: Id, graph: AskedGraph, first: First = 100, after: After = None
) -> Response:
    """Every statement about the thing and its links, in the order in which we learned of them.

    That is all that was ever believed, so it takes no `asOf` or `knownAt`: each row says when it
    was true and when it was known.
    """
    return json_answer(await history(graph, await resolve(graph, id), first=first, after=after))


@router.get("/{id:path}/trace", summary="Why it exists")
async def get_trace(id: Id, graph: AskedGraph, at: At, reach: Reach) -> Response:
    """All that it depends on, nearest first, over which links in doubt, and whether that is all."""
    answer = await trace(graph, await resolve(graph, id, at=at), at=at, **reach)
    doubts = await find_doubts(graph, "trace", answer, links=reach["links"], at=at)
    return json_answer(plain_reach(answer, doubts))


@router.get("/{id:path}/impact", summary="What a change of it touches")
async def get_impact(id: Id, graph: AskedGraph, at: At, reach: Reach) -> Response:
    """All that depends on it, nearest first, over which links in doubt, and whether that is all."""
    answer = await impact(graph, await resolve(graph, id, at=at), at=at, **reach)
    doubts = await find_doubts(graph, "impact", answer, links=reach["links"], at=at)
    return json_answer(plain_reach(answer, doubts))


@router.get("/{id:path}/neighbours", summary="What it is linked to")
async def get_neighbours(
    id: Id,
    graph: AskedGraph,
    at: At,
    direction: Annotated[
        Direction | None,
        Query(description="`out` to what it depends on, `in` to what depends on it; else both."),
    ] = None,
    links: Links = [],  # noqa: B006
    first: First = 100,
    after: After = None,
) -> Response:
    """Things one link away, each with the link."""
    utcs = await resolve(graph, id, at=at)
    return json_answer(
        await neighbours(
            graph, utcs, at=at, direction=direction, links=links or None, first=first, after=after
        )
    )


@router.get("/{id:path}/accrued", summary="How much it has been used")
async def get_accrued(id: Id, graph: AskedGraph, at: At) -> Response:
    """Flight hours, cycles and starts: what was declared last, and the flights it was aboard since."""
    return json_answer(await accrued(graph, await resolve(graph, id, at=at), at=at))


@router.get("/{id:path}/paths", summary="How it hangs together with another thing")
async def get_paths(
    id: Id,
    graph: AskedGraph,
    at: At,
    to: Annotated[str, Query(description="The other thing, by any of its ids.", max_length=500)],
    k: Annotated[int, Query(description="How many paths, 1 to 10.")] = 3,
) -> Response:
    """The shortest paths that follow the arrows from it to the other, step by step."""
    source = await resolve(graph, id, at=at)
    with named(id="to", target="to"):
        target = await resolve(graph, to, at=at)
        return json_answer(await paths(graph, source, target, k=k, at=at))


@router.get("/{id:path}", summary="The thing itself")
async def get_thing(id: Id, graph: AskedGraph, at: At) -> Response:
    """Its properties, since when they hold, and how many links it has of each type."""
    shown = await show(graph, await resolve(graph, id, at=at), at=at)
    return json_answer(plain(shown) | {"checked": shown.node.utcs.checked})
