"""In which aircraft was a unit, and when? The times aboard of many units, found upwards level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import FAR
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.reach import MAX_DEPTH
from graph.store.selection import Era
from graph.store.text import fill

EVER: Final = -(2**62)
"""Before all time."""


@dataclass(frozen=True, slots=True)
class Aboard:
    """From when until when, in microseconds since 1970, a unit was in another, directly or within others."""

    carrier: str
    since: int
    until: int


async def find_aboard(
    graph: Graph, units: Collection[Utcs], moment: Moment
) -> dict[Utcs, list[Aboard]]:
    """Returns all times at which units were in aircraft, at any time in the world.

    An aircraft is aboard itself, always. It takes one query for each level of assembly, however many
    units there are.
    """
    found: dict[Utcs, list[Aboard]] = {unit: [] for unit in units}
    level = [(unit, Aboard(str(unit), EVER, FAR)) for unit in units]
    for _ in range(MAX_DEPTH):
        within: defaultdict[str, list[tuple[Utcs, Aboard]]] = defaultdict(list)
        for unit, aboard in level:
            within[aboard.carrier].append((unit, aboard))
            if aboard.carrier.split(":")[2] == "aircraft":  # the graph's own text: not checked anew
                found[unit].append(aboard)
        if not within:
            break
        asked = {"units": sorted(within), "knowledge": moment.knowledge}
        ((rows,),) = await graph.read(known_text("accrual/parents", "CONTAINS", moment), asked)
        level = [
            (unit, Aboard(parent, max(since, aboard.since), min(until, aboard.until)))
            for carrier, parent, since, until in set(map(tuple, rows))
            for unit, aboard in within[carrier]
            if since < aboard.until and aboard.since < until
        ]
    return found


def known_text(name: str, link: str, moment: Moment) -> str:
    """Returns a statement over links of one type that hold at any time in the world."""
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    known = fill("link/ever_known", link="link", types=was_one_of("link", (link,)))
    return fill(name, types=era.relationship_types((link,)), known=known)
