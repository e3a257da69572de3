"""How many things of each kind there are now: from the count store, so at no cost at any size."""

from __future__ import annotations

from graph.model import ontology
from graph.store.database import Graph


async def census(graph: Graph) -> dict[str, int]:
    """Returns the number of living things by kind, in the order of the ontology.

    A thing counts under its own kind only: an aircraft is not counted among the serials again.
    """
    (row,) = await graph.read("health/census")
    labels = {one["label"]: one["count"] for one in row[0]["nodes"] if "label" in one}
    counts = {kind: labels.get(ontology.label(kind), 0) for kind in ontology.kinds()}
    for kind, wider in _extensions():
        counts[wider] -= labels.get(ontology.label(kind), 0)
    return counts


def _extensions() -> list[tuple[str, str]]:
    """Each kind with the one that it extends, if it extends one."""
    lines = (ontology.lineage(kind) for kind in ontology.kinds())
    return [(line[0], line[1]) for line in lines if len(line) > 1]
