"""Asks the graph for what a file takes for granted: who bears its codes, what is there and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from graph.errors import TraceError
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from graph.store.moment import CURRENT
from graph.store.neighbours import neighbours
from graph.store.select import place_in_time, select
from graph.store.selection import Aliased, Page, Property, Root, Value
from graph.store.statements import Stated, find_statements
from ingest.files.cyclonedx import aliases_in
from ingest.files.epcis import NamedEvent
from ingest.files.epcis_epc import Codes
from ingest.files.epcis_event import read_event_list
from ingest.files.known import NOTHING, Known
from ingest.files.open import Format, sniff
from ingest.files.openlineage import things_in

_CHUNK: Final = 500
_JUST_BEFORE: Final = timedelta(microseconds=1)


async def known_to(graph: Graph, path: Path, *, authority: str) -> Known:
    """Returns what the graph knows of the things in a file; nothing where its format needs nothing.

    A code that a thing bears already, whoever stated it, means that thing; an event that empties a
    thing without naming what was in it ends what the graph knows to be in it; and what the graph
    knows to exist by then needs no statement.

    Raises:
        FileError: The file cannot be read.
    """
    form = sniff(path)
    if form is Format.CYCLONEDX:
        return Known(await _bearers(graph, iter(sorted(aliases_in(path)))))
    if form is Format.OPENLINEAGE:
        return Known(stated=await _stated(graph, iter(sorted(things_in(path, authority), key=str))))
    if form is not Format.EPCIS:
        return NOTHING
    keys = {thing.key for event in _events(path, Codes(authority, {})) for thing in event.things()}
    things = await _bearers(graph, iter(sorted(keys)))
    met: set[Utcs] = set()
    emptied: set[tuple[Utcs, datetime]] = set()
    for event in _events(path, Codes(authority, things)):
        met.update(thing.utcs for thing in event.things())
        if event.parent and event.empties:
            emptied.add((event.parent.utcs, event.event.time))
    contents = {(utcs, time): await _contents(graph, utcs, time) for utcs, time in emptied}
    return Known(things, contents, await _stated(graph, iter(sorted(met, key=str))))


def _events(path: Path, codes: Codes) -> Iterator[NamedEvent]:
    """Yields the events that can be read; the reader tells of the others."""
    for _, document in read_event_list(path):
        try:
            yield NamedEvent(document, codes)
        except TraceError:
            continue


async def _bearers(graph: Graph, keys: Iterator[str]) -> dict[str, Utcs]:
    era, world, knowledge = place_in_time(CURRENT, graph.clock())
    columns = (Property("utcs"), Property("aliases"))
    root = Root(Page(Aliased(Value(0)), columns, limit=Value(3)), era, Value(1), Value(2))
    found: dict[str, Utcs] = {}
    while chunk := list(islice(keys, _CHUNK)):
        (rows,) = await select(graph, (root,), [chunk, world, knowledge, len(chunk)])
        for utcs, aliases in rows:
            found |= dict.fromkeys(aliases, Utcs.parse(utcs))
    return found


async def _stated(graph: Graph, things: Iterator[Utcs]) -> dict[Utcs, tuple[Stated, ...]]:
    found: dict[Utcs, tuple[Stated, ...]] = {}
    while chunk := list(islice(things, _CHUNK)):
        found |= await find_statements(graph, chunk)
    return found


async def _contents(graph: Graph, utcs: Utcs, time: datetime) -> tuple[Utcs, ...]:
    """Returns what is in a thing, or at a place, just before a moment."""
    place = utcs.kind == "facility"
    found: list[Utcs] = []
    after = None
    while True:
        try:
            page = await neighbours(
                graph,
                utcs,
                direction="in" if place else "out",
                links=["LOCATED_IN" if place else "CONTAINS"],
                first=_CHUNK,
                after=after,
                at=Coordinates(as_of=time - _JUST_BEFORE),
            )
        except NotFoundError:
            return ()
        found += [link.utcs for link in page.links]
        if (after := page.next) is None:
            return tuple(found)
