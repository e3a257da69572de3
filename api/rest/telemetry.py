"""What was measured of a thing: samples, or their course in buckets."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.rest.asked import AskedGraph, moment
from api.rest.body import json_answer
from api.rest.things import Id
from graph.model.time import Coordinates
from graph.store.resolve import resolve
from graph.store.telemetry.ask import MAX_SAMPLES, Span, buckets, samples
from graph.store.telemetry.shelf import Shelf

router = APIRouter(prefix="/api/v1/telemetry", tags=["telemetry"])


@router.get("/{id:path}", summary="What was measured of it")
async def get_telemetry(
    id: Id,
    graph: AskedGraph,
    request: Request,
    parameter: Annotated[
        str, Query(description="What was measured.", examples=["engine.egt"], max_length=100)
    ],
    since: Annotated[
        str,
        Query(
            alias="from", description="From then on: an RFC 3339 time, or a date.", max_length=50
        ),
    ],
    until: Annotated[str, Query(alias="to", description="Until just before then.", max_length=50)],
    bucket: Annotated[
        int | None,
        Query(description="Draw so many seconds together: count, min, max and mean of each."),
    ] = None,
    first: Annotated[int, Query(description=f"How many samples, 1 to {MAX_SAMPLES:,}.")] = 1000,
) -> Response:
    """Samples in the order of time, or buckets of them, which begin at `from`.

    The thing is meant by what it was called at `from`. `next` is where to go on, as `from`.
    """
    start, end = moment(since, "from"), moment(until, "to")
    utcs = await resolve(graph, id, at=Coordinates(as_of=start))
    span, shelf = Span(utcs, parameter, start, end), Shelf(request.app.state.settings.samples)
    if bucket is not None:
        return json_answer(await asyncio.to_thread(buckets, shelf, span, bucket_s=bucket))
    return json_answer(await asyncio.to_thread(samples, shelf, span, first=first))
