"""Whether what a report numbers is on record already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graph.flows.lifecycle import refuse
from graph.model.approval import Breach
from graph.model.identifier import Utcs
from graph.store.database import Graph
from graph.store.standings import find_standings


async def require_fresh(graph: Graph, rule: str, ids: Mapping[str, Utcs]) -> None:
    """Returns if nothing is on record yet of what some fields number, and no two are numbered alike.

    Raises:
        LifecycleError: Something is, or two are.
    """
    known = await find_standings(graph, [*ids.values()])
    twice = {utcs for utcs, times in Counter(ids.values()).items() if times > 1}
    refuse(
        [
            Breach(
                f"{rule}/number",
                f"{field}: {utcs} is on record already; give it a number of its own",
            )
            for field, utcs in ids.items()
            if utcs in known
        ]
        + [
            Breach(
                f"{rule}/number", f"{field}: {utcs} is there twice; give each a number of its own"
            )
            for field, utcs in ids.items()
            if utcs in twice
        ]
    )
