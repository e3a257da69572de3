"""Where do report and record differ? The discrepancies of a thing, open and settled."""

from __future__ import annotations

from typing import Final

from graph.model.identifier import Utcs
from graph.model.operation import Discrepancy
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_node
from graph.store.text import fill

_ABOUT: Final = ("ABOUT",)


async def find_discrepancies(
    graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT
) -> dict[Utcs, Discrepancy]:
    """Returns the discrepancies about a thing as they stand at a moment."""
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, discrepancies_text(moment), {"utcs": str(utcs)})
    found = {}
    for discrepancy, properties in row[0] if row else []:
        stands = read_node(properties).properties
        assert isinstance(stands, Discrepancy)  # noqa: S101
        found[Utcs.parse(discrepancy)] = stands
    return found


def discrepancies_text(moment: Moment) -> str:
    """Returns the statement that lists the discrepancies of a thing."""
    return fill(
        "discrepancy/about",
        types=moment.types(_ABOUT),
        holds=moment.holds("link", _ABOUT),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
