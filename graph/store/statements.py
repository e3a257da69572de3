"""Since when is it believed to exist, and on whose word? Of many things at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from graph.model.identifier import Utcs
from graph.model.time import FAR, UtcDatetime, from_micros
from graph.store.database import Graph
from graph.store.node import open_end


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement that is believed of a thing.

    Attributes:
        valid_from: From when it holds.
        valid_to: Until when it holds; None while no end is known.
        source: The source of the event that made it.
        id: The id of that event.
        actor: Who stated it.
    """

    valid_from: UtcDatetime
    valid_to: UtcDatetime | None
    source: str
    id: str
    actor: str


async def find_statements(graph: Graph, things: Collection[Utcs]) -> dict[Utcs, tuple[Stated, ...]]:
    """Returns what is believed now of each thing at any time, in the order of time.

    Things of which nothing is believed are left out. The caller bounds how many things there are.
    """
    rows = await graph.read("thing/statements", {"things": [str(u) for u in things], "far": FAR})
    found: defaultdict[Utcs, list[Stated]] = defaultdict(list)
    for utcs, valid_from, valid_to, source, id, actor in rows:
        stated = Stated(from_micros(valid_from), open_end(valid_to), source, id, actor)
        found[Utcs.parse(utcs)].append(stated)
    return {utcs: tuple(statements) for utcs, statements in found.items()}
