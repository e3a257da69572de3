"""The dead letters: what was sent and could not be taken, with the reason. Kept until somebody decides."""

from __future__ import annotations

from graph.model.outcome import Reason
from graph.store.database import Graph
from graph.store.write import dead_letter, write_refusals


async def keep_letter(graph: Graph, document: bytes, code: Reason, reason: str) -> None:
    """Keeps a document that `apply` could not even refuse.

    Raises:
        GraphUnreachableError: The graph did not answer; keep it yourself, and try again.
    """
    async with graph.transaction() as tx:
        letter = dead_letter(document, None, None, code, reason, graph.clock())
        await write_refusals(tx, [letter])
