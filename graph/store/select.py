"""Runs a question: one statement, whatever it asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from graph.model.time import FAR, Coordinates, to_micros
from graph.store.compile import compile_question, parameter
from graph.store.database import Graph
from graph.store.errors import StoreError
from graph.store.refresh import refresh
from graph.store.selection import Era, Root

_ATTEMPTS: Final = 5


def place_in_time(at: Coordinates, now: int) -> tuple[Era, int, int]:
    """Returns which stored form answers at these coordinates, and both as microseconds.

    Known now means all that is believed: 1 µs before the far future, which nothing is recorded at.
    """
    world = now if at.as_of is None else to_micros(at.as_of)
    if at.known_at is not None:
        return Era.KNOWN, world, to_micros(at.known_at)
    if at.as_of is None:
        return Era.NOW, world, FAR - 1
    return (Era.LATER if world >= now else Era.PAST), world, FAR - 1


async def select(
    graph: Graph, roots: tuple[Root, ...], values: Sequence[Any], *, timeout_s: float | None = None
) -> list[Any]:
    """Returns the answer to each root: rows of values in the order of their columns, or a number.

    Args:
        graph: Where to ask.
        roots: What to ask.
        values: What stands at each place that the roots name.
        timeout_s: When to give up; the graph's own limit unless given.

    Raises:
        QueryTimeoutError: The question took longer than it was given.
    """
    text = compile_question(roots)
    parameters = {parameter(place): value for place, value in enumerate(values)}
    reads_anchors = any(root.era is Era.NOW for root in roots)
    for _ in range(_ATTEMPTS):
        (row,) = await graph.read(text, {**parameters, "now": graph.clock()}, timeout_s=timeout_s)
        if not (row.pop() and reads_anchors):
            return row
        await refresh(graph)
    raise StoreError("copies on anchors go stale faster than they are refreshed; ask again")
