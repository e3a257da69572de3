"""What an address may carry after its `?`: a question is answered as it was asked, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant

from graph.model.identifier import shown
from graph.store.errors import BadQuestionError

_MOMENTS: Final = ("asOf", "knownAt")


async def only_known(request: Request) -> None:
    """Lets a request through if its route takes all of its query parameters, each as often.

    A name that is passed over is answered with another question's answer: `asof` with today's.

    Raises:
        BadQuestionError: A parameter is unknown here, or is given twice and takes one value.
    """
    taken = dict(_taken(request.scope["route"].dependant))
    for name in request.query_params:
        if name not in taken:
            raise BadQuestionError(f"{shown(name)}: {_instead(name, list(taken))}", field=name)
        values = request.query_params.getlist(name)
        if len(values) > 1 and not taken[name]:
            listed = " and ".join(shown(value) for value in values[:3])
            raise BadQuestionError(
                f"{name}: given {len(values)} times, {listed}; give it once", field=name
            )


def _taken(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yields the parameters that a route and what it depends on take, and whether they repeat."""
    for field in dependant.query_params:
        yield field.alias, get_origin(field.field_info.annotation) is list
    for inner in dependant.dependencies:
        yield from _taken(inner)


def _instead(name: str, taken: list[str]) -> str:
    written = {each.lower(): each for each in taken}
    near = get_close_matches(name[:40].lower(), written, n=1, cutoff=0.6)
    if near:
        return f"is no parameter here; did you mean {written[near[0]]}?"
    use = f"use {', '.join(taken)}, or leave it out" if taken else "leave it out"
    if name in _MOMENTS:
        return f"this is the whole record, at whatever time it is asked for; {use}"
    return f"is no parameter here; {use}"
