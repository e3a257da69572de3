"""What is believed of things now, who says so, and what quality rules ask about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.quality_rule import Linked, Record, Rule
from graph.model.time import FAR, from_micros
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.neighbours import ARROWS
from graph.store.node import read_properties
from graph.store.text import fill

WINDOW: Final = 500
"""So many things are read at once."""

Makers = dict[str, tuple[Linked, ...]]


async def read_records(
    graph: Graph, things: Collection[Utcs], rules: Iterable[Rule] = ()
) -> dict[Utcs, Record]:
    """Returns the records of things that are there now; the caller bounds how many there are."""
    asked = _Asked(rules)
    moment = Moment.of(graph, CURRENT)
    named = {"things": [str(utcs) for utcs in things]}
    rows = await _ask(graph, "record/named", asked, moment, named)
    records = await _records(graph, rows, asked, moment)
    return {record.utcs: record for record in records}


async def walk_records(
    graph: Graph, kind: str, rules: Iterable[Rule] = (), start: str = ""
) -> AsyncIterator[Sequence[Record]]:
    """Yields the records of a kind, in the order of their ids, so many at a time."""
    asked = _Asked(rules)
    while True:
        parameters = {"kind": kind, "start": start, "limit": WINDOW}
        moment = Moment.of(graph, CURRENT)
        rows = await _ask(graph, "record/of_kind", asked, moment, parameters)
        if rows:
            yield await _records(graph, rows, asked, moment)
        if len(rows) < WINDOW:
            return
        start = f"{rows[-1][0]['utcs']} "  # a blank comes before all that an id may hold


def records_text(moment: Moment, things: str, rules: Iterable[Rule]) -> str:
    """Returns the statement that reads records for some rules."""
    return _text(moment, things, _Asked(rules))


class _Asked:
    """Which links some rules ask for, in a fixed order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        checks = [rule.check for rule in rules]
        self.has = sorted({link for check in checks for link in check.asks})
        self.follows = sorted({link for check in checks for link in check.follows})


def _text(moment: Moment, things: str, asked: _Asked) -> str:
    return fill(
        "record/read",
        things=fill(things),
        has=", ".join(link_piece("record/has", moment, reads) for reads in asked.has),
        linked=", ".join(link_piece("record/linked", moment, reads) for reads in asked.follows),
        stale=fill("thing/stale"),
    )


def link_piece(piece: str, moment: Moment, reads: str) -> str:
    """Returns the piece of a statement that looks over one link, which is named as read from the thing."""
    link, forward = ontology.link_as_read(reads)
    left, right = ARROWS["out" if forward else "in"]
    holds = moment.holds("link", [link.name])
    return fill(piece, left=left, right=right, type=moment.types([link.name]), holds=holds)


async def _ask(
    graph: Graph, things: str, asked: _Asked, moment: Moment, parameters: Mapping[str, Any]
) -> list[list[Any]]:
    row = await moment.ask(graph, _text(moment, things, asked), {**parameters, "far": FAR})
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    found: list[list[Any]] = row[0]
    return found


async def _records(
    graph: Graph, rows: list[list[Any]], asked: _Asked, moment: Moment
) -> Sequence[Record]:
    makers = await _makers(graph, {row[0]["cage"] for row in rows if "cage" in row[0]})
    return [_record(row, asked, makers, moment.day) for row in rows]


def _record(row: list[Any], asked: _Asked, makers: Makers, day: date) -> Record:
    stored, source, rank, merged_into, has, linked = row
    record = read_record([stored, source, rank, has, linked], asked.has, asked.follows, day)
    into = merged_into and Utcs.parse(merged_into)
    return replace(record, makers=makers, merged_into=into)


def read_record(row: list[Any], asks: Sequence[str], follows: Sequence[str], day: date) -> Record:
    """Returns a record from its stored row: properties, source, rank, whether links are there, what follows.

    Args:
        row: The columns, in that order.
        asks: The links of which it was asked whether they are there.
        follows: The links that were followed.
        day: The day it is judged by.
    """
    stored, source, rank, has, linked = row
    return Record(
        utcs=Utcs.parse(stored["utcs"]),
        thing=read_properties(stored["kind"], stored),
        version=stored["n"],
        since=from_micros(stored["valid_from"]),
        source=source,
        rank=rank,
        day=day,
        has=frozenset(name for name, there in zip(asks, has, strict=True) if there),
        linked={n: _linked(found) for n, found in zip(follows, linked, strict=True)},
    )


def _linked(found: list[list[Any]]) -> tuple[Linked, ...]:
    return tuple(
        Linked(Utcs.parse(utcs), from_micros(since), *said) for utcs, since, *said in found
    )


async def _makers(graph: Graph, cages: Collection[str]) -> Makers:
    found: defaultdict[str, tuple[Linked, ...]] = defaultdict(tuple)
    if cages:
        for cage, utcs, since, name in await graph.read("record/makers", {"cages": list(cages)}):
            found[cage] += (Linked(Utcs.parse(utcs), from_micros(since), {"name": name}),)
    return dict(found)
