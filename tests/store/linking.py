"""A small world to ask about: a requirement, what answers it, and what is built from that."""

from __future__ import annotations

from typing import Any

from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.model.time import Coordinates, parse_utc
from graph.store.apply import apply
from graph.store.database import Graph
from tests.store.saying import day, event, put


def id_of(name: str) -> Utcs:
    """The identifier of a thing named like `design-1`: kind first."""
    return Utcs("TEST", name.partition("-")[0], name)


def thing(name: str, /, **properties: Any) -> dict[str, Any]:
    """States a thing."""
    needed = {"requirement": {"text": f"It shall {name}."}, "part": {"number": name}}
    kind = name.partition("-")[0]
    return put(str(id_of(name)), **{"name": name} | needed.get(kind, {}) | properties)


def link(
    source: str,
    type: str,
    target: str,
    slot: str | None = None,
    fact: str = "put_link",
    **properties: Any,
) -> dict[str, Any]:
    """States that one thing depends on another."""
    said = {
        "fact": fact,
        "source": str(id_of(source)),
        "link": type,
        "target": str(id_of(target)),
        "slot": slot,
    }
    return said | ({"properties": properties} if properties else {})


def unlink(source: str, type: str, target: str, slot: str | None = None) -> dict[str, Any]:
    """States that one thing depends on another no longer."""
    return link(source, type, target, slot, fact="end_link")


def retire(name: str) -> dict[str, Any]:
    """States that a thing is no more."""
    return {"fact": "retire_node", "utcs": str(id_of(name)), "reason": "obsolete"}


async def tell(graph: Graph, *events: dict[str, Any]) -> list[int]:
    """Applies events one by one and returns when each was recorded; none may be refused."""
    recorded = []
    for said in events:
        (outcome,) = await apply(graph, [said])
        assert outcome.status is Status.APPLIED, outcome
        rows = await graph.read(
            "MATCH (c:Change {seq: $seq}) RETURN c.recorded_at", {"seq": outcome.seq}
        )
        recorded.append(rows[0][0])
    return recorded


def as_of(number: float) -> Coordinates:
    """A day of the test's world, as known now."""
    return Coordinates(as_of=parse_utc(day(number)))


CHAIN = (
    event(
        *(thing(n) for n in ("requirement-1", "requirement-2", "design-1", "design-2", "part-1")),
        on=0,
    ),
    event(
        link("requirement-2", "DERIVES_FROM", "requirement-1"),
        link("design-1", "SATISFIES", "requirement-2", rationale="by analysis"),
        link("design-2", "REFINES", "design-1"),
        link("part-1", "REALISES", "design-2"),
        on=1,
    ),
)
"""part-1 → design-2 → design-1 → requirement-2 → requirement-1."""
