"""The start page and search: how people find a thing."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages.render import page
from api.rest.asked import AskedGraph, FormAt, moments
from graph.errors import TraceError
from graph.model import ontology
from graph.store.census import census
from graph.store.changes import head
from graph.store.resolve import resolve
from graph.store.search import search

router = APIRouter(include_in_schema=False)


@router.get("/")
async def get_start(graph: AskedGraph) -> Response:
    """What there is, by kind, and a place to ask."""
    present = [
        (ontology.get_kind(kind).family, kind, count)
        for kind, count in (await census(graph)).items()
        if count
    ]
    families = [
        (family, [rest for _, *rest in kinds])
        for family, kinds in groupby(present, key=lambda one: one[0])
    ]
    return page("start", families=families, head=(await head(graph)).seq)


@router.get("/search")
async def get_search(
    request: Request,
    graph: AskedGraph,
    at: FormAt,
    q: Annotated[str, Query(max_length=300)] = "",
    kinds: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies defaults
    after: str | None = None,
) -> Response:
    """Goes straight to the thing whose id was typed, else lists what the words find."""
    if not q.strip():
        return RedirectResponse("/", 303)
    if not after:
        try:
            utcs = await resolve(graph, q.strip(), at=at)
            return RedirectResponse(f"/things/{utcs}{moments(request)}", 303)
        except TraceError:
            pass  # no id: then these are words
    found = await search(graph, q, kinds=kinds or None, first=50, after=after, at=at)
    more = request.url.include_query_params(after=found.next).query if found.next else ""
    return page("search", q=q, found=found, more=more)
