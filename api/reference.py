"""A thing that a resolver names only: the executor fetches what is selected of it, all at once."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model.time import Coordinates


@dataclass(frozen=True, slots=True)
class ThingRef:
    """A thing by its identifier, at a place in time; it completes to the thing, or to null."""

    utcs: str
    at: Coordinates
