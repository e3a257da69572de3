"""The change log: what has changed since."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from api.plain import plain
from api.rest.asked import AskedGraph
from api.rest.body import json_answer
from api.rest.things import First
from graph.store.changes import changes, head

router = APIRouter(prefix="/api/v1", tags=["graph"])


@router.get("/changes", summary="What has changed since")
async def get_changes(
    graph: AskedGraph,
    after: Annotated[
        int, Query(ge=0, le=2**53 - 1, description="A number in the change log; 0 is the start.")
    ] = 0,
    first: First = 100,
) -> Response:
    """Accepted events in the order of the change log, from the one after `after`."""
    entries = [
        plain(entry) | {"event": orjson.loads(entry.event)}
        for entry in await changes(graph, after, first)
    ]
    return json_answer({"entries": entries, "head": (await head(graph)).seq})
