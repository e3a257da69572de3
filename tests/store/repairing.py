"""A repair and what came after it: what the tests of effectiveness begin with."""

from __future__ import annotations

from typing import Any

from graph.store.database import Graph
from tests.store.linking import link, tell, thing
from tests.store.saying import day, event


async def repaired(graph: Graph, *facts: dict[str, Any]) -> None:
    """States an alert of a pump, an order that exchanged the pump for it, released on day 10, at 100 FH."""
    order = {"number": "WO-1", "status": "in_work"}
    await tell(
        graph,
        event(
            thing("aircraft-1"), thing("serial-1"), thing("serial-2"),
            thing("alert-1", code="28-1", detected_at=day(8), status="open"),
            link("alert-1", "ABOUT", "serial-1"),
            thing("workorder-1", **order),
            link("workorder-1", "WORKS_ON", "aircraft-1"), link("workorder-1", "CAUSED_BY", "alert-1"),
            link("workorder-1", "INSTALLS", "serial-2"),
            thing("usage-1", measured_at=day(10), total_fh="100"), link("usage-1", "COUNTS", "aircraft-1"),
            on=9,
        ),
        event(thing("workorder-1", **order | {"status": "released"}), on=10),
        event(thing("workorder-1", **order | {"status": "closed"}), on=11),
        *([event(*facts, on=12)] if facts else []),
    )  # fmt: skip


def counted(on: float, fh: int) -> tuple[dict[str, Any], ...]:
    """States the flight hours of the aircraft."""
    name = f"usage-{on}"
    said = thing(name, measured_at=day(on), total_fh=str(fh))
    return said, link(name, "COUNTS", "aircraft-1")


def alert(name: str, about: str, on: float, **said: Any) -> tuple[dict[str, Any], ...]:
    """States an alert of the same trouble, unless said otherwise."""
    return (
        thing(name, **{"code": "28-1", "detected_at": day(on), "status": "open"} | said),
        link(name, "ABOUT", about),
    )
