"""Was it said before? Which of some identities stand in the log, and with what content."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson

from graph.store.database import Graph

Identity = tuple[str, str]


async def find_logged(
    graph: Graph, identities: Collection[Identity]
) -> dict[Identity, dict[str, Any]]:
    """Returns the events of the log that have one of these identities (source, id), as documents.

    The caller bounds how many there are.
    """
    if not identities:
        return {}
    rows = await graph.read("apply/load_events", {"events": [list(i) for i in identities]})
    return {(source, id): orjson.loads(event) for source, id, _, _, event in rows}


async def find_entry(graph: Graph, identity: Identity) -> tuple[int, str] | None:
    """Returns the number and the canonical JSON of the event of an identity; None if it was never taken."""
    rows = await graph.read("apply/load_events", {"events": [list(identity)]})
    return (rows[0][2], rows[0][4]) if rows else None
