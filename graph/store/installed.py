"""What is in it? The units installed in one at a moment, slot by slot, each with its software."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import Node, read_node
from graph.store.text import fill

_CONTAINS: Final = ("CONTAINS",)
_LOADED: Final = ("LOADED_WITH",)


@dataclass(frozen=True, slots=True)
class Installed:
    """One unit in its place.

    Attributes:
        position: The slots from where the question started down to it; empty for that unit itself.
        unit: What is there.
        software: What is loaded on it.
    """

    position: tuple[str, ...]
    unit: Node
    software: tuple[Node, ...]


async def find_installed(
    graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT
) -> dict[tuple[str, ...], Installed]:
    """Returns what is installed in a unit at any depth, by position; the unit itself at ().

    Empty if the unit is not there then.
    """
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, installed_text(moment), {"utcs": str(utcs)})
    found = {}
    for slots, unit, software in row[0] if row else []:
        position = tuple(slots)
        found[position] = Installed(position, read_node(unit), tuple(map(read_node, software)))
    return found


def installed_text(moment: Moment) -> str:
    """Returns the statement that lists what is installed."""
    return fill(
        "configuration/installed",
        types=moment.types(_CONTAINS),
        holds=moment.holds("link", _CONTAINS),
        holds_row=moment.holds_row("row"),
        loads=moment.types(_LOADED),
        load_holds=moment.holds("load", _LOADED),
        loaded_holds=moment.holds_row("loaded"),
        stale=fill("thing/stale"),
    )
