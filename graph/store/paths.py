"""How do they hang together? The shortest ways from one thing to another, each step explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import open_end, read_link_properties
from graph.store.question import bounded, chosen_links, counted
from graph.store.reach import MAX_DEPTH
from graph.store.suspicion import find_suspect
from graph.store.text import fill

MAX_PATHS: Final = 10
"""More ways than anybody reads."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A thing on the way."""

    utcs: Utcs
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One link on the way, from the thing that depends to the thing it depends on.

    Attributes:
        made: The number in the change log of the event that stated the link.
        is_suspect: Whether what it leads to has changed since somebody last looked.
    """

    source: Stop
    link: str
    target: Stop
    slot: str | None
    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    made: int
    properties: dict[str, Any]
    is_suspect: bool


@dataclass(frozen=True, slots=True)
class Paths:
    """The shortest ways, shortest first.

    Attributes:
        paths: The steps of each way.
        complete: Whether there is no other way.
        cut: Where and why the answer was cut; None when it is complete.
    """

    source: Utcs
    target: Utcs
    paths: tuple[tuple[Step, ...], ...]
    complete: bool
    cut: str | None


async def paths(
    graph: Graph,
    source: Utcs,
    target: Utcs,
    *,
    k: int = 3,
    links: Iterable[str] | None = None,
    at: Coordinates = CURRENT,
) -> Paths:
    """Returns the `k` shortest ways along the arrows: why `source` depends on `target`.

    Args:
        graph: Where to ask.
        source: The thing that depends.
        target: The thing it depends on.
        k: How many ways at most.
        links: The link types to follow; all unless given.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name or a number is wrong; the sentence says which.
        NotFoundError: One of the things is not there then.
        QueryTimeoutError: It took too long.
    """
    if source == target:
        raise BadQuestionError(
            f"target: source and target are the same, {target}; give two things", field="target"
        )
    moment = Moment.of(graph, at)
    text = paths_text(moment, chosen_links(links), bounded("k", k, MAX_PATHS))
    row = await moment.ask(graph, text, {"source": str(source), "target": str(target)})
    assert row is not None, "a statement that matches nothing optionally has one row"  # noqa: S101
    for utcs, exists in ((source, row[0]), (target, row[1])):
        if not exists:
            raise await not_there(graph, utcs, moment)
    suspect = await find_suspect(graph, moment, (links for _, links in row[2]))
    found = tuple(_steps(things, links, suspect) for things, links in row[2])
    full = len(found) == k
    cut = f"cut at {counted(k, 'path')}: there may be others as long or longer" if full else None
    return Paths(source, target, found, cut is None, cut)


def paths_text(moment: Moment, types: tuple[str, ...], k: int) -> str:
    """Returns the statement that finds the shortest ways."""
    return fill(
        "path/shortest",
        source_exists=moment.exists("source"),
        target_exists=moment.exists("target"),
        k=k,
        types=moment.types(types),
        holds=moment.holds("link", types),
        depth=MAX_DEPTH,
        name=moment.name("thing"),
        type=fill("link/type", link="step"),
        stale=fill("thing/stale"),
    )


def _steps(
    things: list[tuple[str, str, str]],
    links: list[tuple[str | None, str, dict[str, Any]]],
    suspect: frozenset[str],
) -> tuple[Step, ...]:
    stops = [Stop(Utcs.parse(utcs), kind, name) for utcs, kind, name in things]
    return tuple(
        Step(
            source=source,
            link=link,
            target=target,
            slot=row.get("slot"),
            valid_from=from_micros(row["valid_from"]),
            valid_to=open_end(row["valid_to"]),
            made=row["made"],
            properties=read_link_properties(link, row),
            is_suspect=id in suspect,
        )
        for (source, target), (id, link, row) in zip(pairwise(stops), links, strict=True)
    )
