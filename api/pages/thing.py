"""The page of one thing: what it is, how it is linked, what was said of it, why, and what it touches."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.facts import facts
from api.moment import moment
from api.pages.render import page
from api.report.asked import ReportKind
from api.report.catalogue import reports_on
from api.rest.asked import AskedGraph, FormAt, moments
from graph.flows.passport import ids_of
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.history import history
from graph.store.impact import impact
from graph.store.neighbours import Neighbour, neighbours
from graph.store.resolve import resolve
from graph.store.show import Shown, Standing, show
from graph.store.trace import trace

router = APIRouter(include_in_schema=False)

LINKS: Final = 500
LISTED: Final = 15
"""How many links, and how much of every other list, the page shows; the rest is a click away."""


@router.get("/things/{id:path}")
async def get_thing(id: str, request: Request, graph: AskedGraph, at: FormAt) -> Response:
    """The page of a thing, by any of its ids; there is one address for each thing."""
    utcs = await resolve(graph, id, at=at)
    if id != str(utcs):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/things/{utcs}{query}", 303)
    shown = await show(graph, utcs, at=at)
    return page(
        "thing",
        shown=shown,
        facts=list(facts(shown.node.properties, moment)),
        past=await history(graph, utcs, first=LISTED),
        as_of=request.query_params.get("asOf", ""),
        known_at=request.query_params.get("knownAt", ""),
        query=(query := moments(request)),
        passport=next(iter(ids_of(utcs, shown.node.properties)), None),
        reports=[(one, _address(one, utcs, query)) for one in reports_on(utcs.kind)],
        **await _around(graph, shown, at),
    )


def _address(report: ReportKind, utcs: Utcs, query: str) -> str:
    """Returns where a report about a thing is, at the times of the page."""
    times = query.replace("?", "&", 1)
    return f"/api/v1/reports/{report.name}?id={utcs}&format=html{times}"


async def _around(graph: Graph, shown: Shown, at: Coordinates) -> dict[str, Any]:
    """What hangs together with a thing; nothing does with one that is not there then."""
    if shown.standing is not Standing.THERE:
        return {"groups": [], "why": None, "touched": None}
    utcs = shown.node.utcs
    near, why, touched = await asyncio.gather(
        neighbours(graph, utcs, first=LINKS, at=at),
        trace(graph, utcs, first=LISTED, at=at),
        impact(graph, utcs, first=LISTED, at=at),
    )
    listed: dict[tuple[str, str], list[Neighbour]] = defaultdict(list)
    for one in near.links:
        listed[one.link, one.direction].append(one)
    groups = [(count, listed[count.link, count.direction]) for count in shown.links]
    return {"groups": groups, "why": why, "touched": touched}
