"""How current the thread is: each source, and each follower of the change log."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.plain import plain
from api.rest.asked import AskedGraph
from api.rest.body import json_answer
from graph.store.followers import followers
from graph.store.freshness import freshness

router = APIRouter(prefix="/api/v1", tags=["graph"])


@router.get("/freshness", summary="When each source last spoke, and how far each follower is")
async def get_freshness(graph: AskedGraph) -> Response:
    """Registered sources, then others, the last to speak first; and every follower that ever ran."""
    sources, following = await freshness(graph), await followers(graph)
    return json_answer({"sources": plain(sources), "followers": plain(following)})
