"""What the endpoints are given: the graph, who asks, and where in time they ask."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from graph.flows.submit import Principal
from graph.model.time import Coordinates, parse_moment
from graph.store.database import Graph


def _graph(request: Request) -> Graph:
    graph: Graph = request.app.state.graph
    return graph


def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


def _coordinates(
    as_of: Annotated[
        str,
        Query(
            alias="asOf",
            description="What was true then: an RFC 3339 time with offset, or a date.",
            examples=["2026-01-15T09:30:00Z"],
            max_length=50,
        ),
    ] = "",
    known_at: Annotated[
        str,
        Query(alias="knownAt", description="As we knew it then; the same forms.", max_length=50),
    ] = "",
) -> Coordinates:
    # Empty is now, so that a form may send a field that nobody filled in.
    return Coordinates(
        as_of=parse_moment(as_of.strip(), "asOf") if as_of.strip() else None,
        known_at=parse_moment(known_at.strip(), "knownAt") if known_at.strip() else None,
    )


AskedGraph = Annotated[Graph, Depends(_graph)]
Asker = Annotated[Principal, Depends(_principal)]
At = Annotated[Coordinates, Depends(_coordinates)]
