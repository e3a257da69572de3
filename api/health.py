"""Is it up, can it work, and how does it do: for supervisors and scrapers."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.metrics import Metrics
from api.rest.problem import problem
from graph.errors import TraceError
from graph.store.database import Graph
from graph.store.health import check_writable
from graph.store.migrate import pending

PATIENCE_S: Final = 4
"""Whoever asks whether we are ready waits about five seconds for the answer."""


def health_router(graph: Graph, metrics: Metrics) -> APIRouter:
    """Returns `/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", summary="Whether this process answers")
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    @router.get(
        "/readyz",
        summary="Whether questions and events can be taken now",
        responses={503: {"description": "Not now; `detail` says why."}},
    )
    async def readyz() -> Response:
        try:
            async with asyncio.timeout(PATIENCE_S):
                reason = await _in_the_way(graph)
        except TraceError as error:
            reason = error.message
        except TimeoutError:
            reason = f"the graph has not answered within {PATIENCE_S} s"
        if reason is None:
            return JSONResponse({"status": "ready"})
        return problem(503, "NOT_READY", reason, headers={"Retry-After": "5"})

    @router.get("/metrics", summary="Measures for Prometheus", response_class=Response)
    async def read_metrics() -> Response:
        return await metrics.scrape(graph)

    return router


async def _in_the_way(graph: Graph) -> str | None:
    """Returns why the graph cannot be worked with, or None."""
    if waiting := await pending(graph):
        return f"{len(waiting)} migrations of the graph wait, from {waiting[0].name!r} on; run `utcs up`"
    await check_writable(graph)
    return None
