"""All things of a kind, page by page."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.render import page
from api.rest.asked import AskedGraph, FormAt
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.select import place_in_time, select
from graph.store.selection import After, Kinds, Page, Property, Root, Value

router = APIRouter(include_in_schema=False)

LISTED: Final = 100
_COLUMNS: Final = (Property("utcs"), Property("kind"), Property("name"))


@router.get("/kinds/{kind}")
async def get_kind(
    kind: str,
    request: Request,
    graph: AskedGraph,
    at: FormAt,
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The things of a kind in the order of their ids, with how many there are."""
    declared = ontology.get_kind(kind)
    things, total = await _list(graph, kind, Utcs.parse(after) if after else None, at)
    more = (
        request.url.include_query_params(after=things[LISTED - 1][0]).query
        if len(things) > LISTED
        else ""
    )
    return page(
        "kind",
        kind=kind,
        meaning=(declared.__doc__ or "").strip().splitlines()[0],
        things=things[:LISTED],
        total=total,
        more=more,
    )


async def _list(graph: Graph, kind: str, after: Utcs | None, at: Coordinates) -> tuple[Any, int]:
    era, world, knowledge = place_in_time(at, graph.clock())
    values = [world, knowledge, LISTED + 1, str(after)]
    listed = Page(
        Kinds((kind,)),
        _COLUMNS,
        after=After((), Value(3)) if after else None,
        limit=Value(2),
        total=True,
    )
    ((things, total),) = await select(graph, (Root(listed, era, Value(0), Value(1)),), values)
    return things, total
