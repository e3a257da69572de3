"""The page of one thing: what it is, how it is linked, what was said of it, why, and what it touches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, get_args

from fastapi import APIRouter, Request
from pydantic.fields import FieldInfo
from starlette.responses import RedirectResponse, Response

from api.pages.render import page
from api.rest.asked import AskedGraph, At
from graph.model.identifier import Utcs
from graph.model.kind import Kind, Unit
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.history import history
from graph.store.impact import impact
from graph.store.neighbours import neighbours
from graph.store.resolve import resolve
from graph.store.show import Shown, Standing, show
from graph.store.trace import trace

router = APIRouter(include_in_schema=False)

LINKS: Final = 200
LISTED: Final = 25
"""How many links, and how much of every other list, the page shows; the rest is a link away."""

_APART: Final = frozenset({"name", "description", "aliases", "extra"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One property as the page shows it."""

    name: str
    value: str
    unit: str
    meaning: str


@router.get("/things/{id:path}")
async def get_thing(id: str, request: Request, graph: AskedGraph, at: At) -> Response:
    """The page of a thing, by any of its ids; there is one address for each thing."""
    utcs = await resolve(graph, id, at=at)
    if id != str(utcs):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/things/{utcs}{query}", 303)
    shown = await show(graph, utcs, at=at)
    return page(
        "thing",
        shown=shown,
        facts=list(facts(shown.node.properties)),
        past=await history(graph, utcs, first=LISTED),
        as_of=request.query_params.get("asOf", ""),
        known_at=request.query_params.get("knownAt", ""),
        query=f"?{request.url.query}" if request.url.query else "",
        **await _around(graph, shown, at),
    )


async def _around(graph: Graph, shown: Shown, at: Coordinates) -> dict[str, Any]:
    """What hangs together with a thing; nothing does with one that is not there then."""
    if shown.standing is not Standing.THERE:
        return {"links": [], "why": None, "touched": None}
    utcs = shown.node.utcs
    near, why, touched = await asyncio.gather(
        neighbours(graph, utcs, first=LINKS, at=at),
        trace(graph, utcs, first=LISTED, at=at),
        impact(graph, utcs, first=LISTED, at=at),
    )
    return {"links": _grouped(near), "why": why, "touched": touched}


def facts(thing: Kind) -> Iterator[Fact]:
    """Yields what is known of a thing's properties, in the order of its kind's declaration."""
    for name, field in type(thing).model_fields.items():
        value = getattr(thing, name)
        if name not in _APART and value is not None and value != ():
            unit = unit_of(field)
            label = name.removesuffix(f"_{unit}") if unit else name
            yield Fact(label.replace("_", " "), _written(value), unit, field.description or "")


def unit_of(field: FieldInfo) -> str:
    """Returns the unit of a quantity, or nothing."""
    marks = [*field.metadata]
    for part in get_args(field.annotation):
        marks += getattr(part, "__metadata__", ())
    return next((mark.symbol for mark in marks if isinstance(mark, Unit)), "")


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return f"{value:f}" if hasattr(value, "as_tuple") else str(getattr(value, "value", value))


def _grouped(near: Any) -> list[Any]:
    return [(reads, list(group)) for reads, group in groupby(near.items, key=lambda one: one.reads)]
