"""What the endpoints are given: the graph, who asks, and where in time they ask."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from api.naming import named
from graph.flows.submit import Principal
from graph.model.identifier import Utcs
from graph.model.time import Coordinates, parse_moment
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.resolve import resolve

_LOST_PLUS: Final = re.compile(r"T[0-9:.]+ [0-9]{2}:?[0-9]{2}$")
"""A time whose offset began with a `+` that was not escaped: in an address, `+` is a space."""


def _graph(request: Request) -> Graph:
    graph: Graph = request.app.state.graph
    return graph


def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


AsOf = Annotated[
    str | None,
    Query(
        alias="asOf",
        description="What was true then: an RFC 3339 time with offset, or a date.",
        examples=["2026-01-15T09:30:00Z"],
        max_length=50,
    ),
]
KnownAt = Annotated[
    str | None,
    Query(alias="knownAt", description="As we knew it then; the same forms.", max_length=50),
]


def _coordinates(as_of: AsOf = None, known_at: KnownAt = None) -> Coordinates:
    return Coordinates(find_moment(as_of, "asOf"), find_moment(known_at, "knownAt"))


def _form_coordinates(as_of: AsOf = None, known_at: KnownAt = None) -> Coordinates:
    # A form also sends the fields that nobody filled in.
    return _coordinates((as_of or "").strip() or None, (known_at or "").strip() or None)


def moments(request: Request) -> str:
    """Returns the query that asks for the same times elsewhere; what a form left empty is not in it."""
    given = {
        name: value
        for name in ("asOf", "knownAt")
        if (value := request.query_params.get(name, "").strip())
    }
    return f"?{urlencode(given)}" if given else ""


def find_moment(text: str | None, field: str) -> datetime | None:
    """Returns the moment that a caller wrote into an address; None if it was left out."""
    return None if text is None else moment(text, field)


def moment(text: str, field: str) -> datetime:
    """Returns the moment that a caller wrote into an address.

    Raises:
        TimeError: It is no time.
        BadQuestionError: It is empty, or its `+` was not escaped.
    """
    if not text.strip():
        fix = "give a time such as 2026-01-15T09:30:00Z, or leave it out for now"
        raise BadQuestionError(f"{field}: is empty; {fix}", field=field)
    if _LOST_PLUS.search(text.strip()):
        fix = f"in an address write + as %2B: {text.strip().replace(' ', '%2B')}"
        raise BadQuestionError(f"{field}: {text!r} has a space where + was; {fix}", field=field)
    return parse_moment(text.strip(), field)


async def find_about(graph: Graph, about: str | None, at: Coordinates) -> Utcs | None:
    """Returns the thing that a question is about, by any of its ids; None if it is about all there are.

    Raises:
        BadQuestionError: The id means several things, or was mistyped; the field is `about`.
        NotFoundError: It means nothing then.
    """
    if about is None:
        return None
    with named(id="about"):
        return await resolve(graph, about, at=at)


AskedGraph = Annotated[Graph, Depends(_graph)]
Asker = Annotated[Principal, Depends(_principal)]
At = Annotated[Coordinates, Depends(_coordinates)]
FormAt = Annotated[Coordinates, Depends(_form_coordinates)]
"""Where in time a page is asked for: an empty field is now."""
