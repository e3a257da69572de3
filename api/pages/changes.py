"""The change log for people: the newest first, page by page, and live where the browser runs scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from api.pages.render import fragment, page
from api.rest.asked import AskedGraph
from graph.store.changes import Entry, changes, head
from graph.store.database import Graph
from graph.store.tail import Tail

LISTED: Final = 100
SAID: Final = 4
"""How many facts of one event the page tells; the event itself is a click away."""

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

Seq = Annotated[int | None, Query(ge=0, le=2**53 - 1)]


def changes_router(tail: Tail) -> APIRouter:
    """Returns the page of changes and what feeds it while it is open."""
    router = APIRouter(include_in_schema=False)

    @router.get("/changes")
    async def get_changes(graph: AskedGraph, before: Seq = None) -> Response:
        """The entries before a number, or the newest; numbers have no gaps, so that pages are exact."""
        newest = (await head(graph)).seq
        last = newest if before is None else min(before - 1, newest)
        first = max(0, last - LISTED)
        entries = await changes(graph, first, last - first) if last > first else ()
        answer = page(
            "changes",
            rows=[_told(entry) for entry in reversed(entries)],
            head=newest,
            is_newest=before is None,
            more=first + 1 if first else None,
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    @router.get("/changes/live")
    async def get_live(request: Request, graph: AskedGraph, after: Seq = None) -> Response:
        """Each further entry as a row of the page; a browser that was cut off goes on by itself."""
        known = request.headers.get("last-event-id", "")
        seq = int(known) if known.isdecimal() and len(known) <= 15 else after
        start = (await head(graph)).seq if seq is None else seq
        return StreamingResponse(_events(graph, tail, start), media_type="text/event-stream")

    return router


async def _events(graph: Graph, tail: Tail, seq: int) -> AsyncIterator[bytes]:
    """Yields server-sent events (HTML Living Standard §9.2), one an entry, until nobody listens."""
    yield b"retry: 2000\n\n"
    while True:
        for entry in await changes(graph, seq, LISTED):
            row = fragment("change", row=_told(entry)).replace("\n", "")
            yield f"id: {entry.seq}\ndata: {row}\n\n".encode()
            seq = entry.seq
        await tail.beyond(seq)


def _told(entry: Entry) -> dict[str, Any]:
    """Returns an entry as the page tells it: who said what of which things."""
    facts = orjson.loads(entry.event)["data"]["facts"]
    return {"entry": entry, "facts": facts[:SAID], "more": len(facts) - SAID}
