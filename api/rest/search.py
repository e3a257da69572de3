"""Search over the whole graph."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.naming import named
from api.rest.asked import AskedGraph, At
from api.rest.body import json_answer
from api.rest.things import After, First, Kinds
from graph.store.search import search

router = APIRouter(prefix="/api/v1", tags=["graph"])


@router.get("/search", summary="Find things by words")
async def get_search(
    graph: AskedGraph,
    at: At,
    q: Annotated[
        str, Query(description='Words; "quoted" for a phrase.', max_length=300, examples=["tank"])
    ],
    kinds: Kinds = [],  # noqa: B006 - FastAPI copies defaults
    first: First = 20,
    after: After = None,
) -> Response:
    """Things whose texts hold the words, best first."""
    with named(text="q"):
        found = await search(graph, q, kinds=kinds or None, first=first, after=after, at=at)
    return json_answer(found)
