"""People who may sign, and short ways to make steps of changes in tests."""

from __future__ import annotations

from typing import Any, Final

from graph.flows.change import raise_eco, raise_ecr
from graph.flows.lifecycle import Moved, advance, sign
from graph.flows.submit import Principal
from graph.model.change import ChangeClass, Eco, Ecr
from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import event

ADMIN: Final = Principal.of("gateway", "admin")

ROLES: Final = {
    "ann": "design engineer", "ben": "design engineer", "cleo": "configuration management",
    "bo": "change board", "dora": "design assurance", "otto": "airworthiness office",
    "mia": "material review board", "quinn": "quality assurance",
}  # fmt: skip
GRADES: Final = {
    "cleo": "CM",
    "bo": "CCB",
    "dora": "DA",
    "otto": "OOA",
    "mia": "MRB",
    "quinn": "QA",
}


def person(name: str) -> Utcs:
    """The identifier of a person."""
    return id_of(f"person-{name}")


def stated(name: str, *roles: str, **more: Any) -> dict[str, Any]:
    """States a person."""
    return thing(f"person-{name}", pseudonym=f"person-{name}", roles=roles, **more)


def authorised(name: str, grade: str, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """States the authorisation of a person."""
    given = {"category": "authorisation", "grade": grade, "status": "valid", "number": f"A-{name}"}
    key = f"qualification-{name}-{grade}"
    return thing(key, **given | more), link(f"person-{name}", "QUALIFIED_BY", key)


async def staff(graph: Graph) -> None:
    """States all people with their rights."""
    facts = [stated(name, role) for name, role in ROLES.items()]
    facts += [fact for name, grade in GRADES.items() for fact in authorised(name, grade)]
    await tell(graph, event(*facts))


async def requested(graph: Graph, name: str, change_class: str = "minor") -> Moved:
    """Raises a request, by Ann."""
    request = Ecr(
        name=name,
        reason="It leaks.",
        proposal="A better seal.",
        change_class=ChangeClass(change_class),
    )
    return await raise_ecr(graph, ADMIN, id_of(name), request, signer=person("ann"))


async def ordered(graph: Graph, name: str, *requests: str) -> Moved:
    """Raises an order that carries out requests, by Ann."""
    return await raise_eco(
        graph, ADMIN, id_of(name), Eco(name=name, instructions="Change the drawing."),
        signer=person("ann"), requests=[id_of(one) for one in requests],
    )  # fmt: skip


async def step(
    graph: Graph, name: str, verb: str, by: str, says: str | None = None, **given: Any
) -> Moved:
    """Makes a step, passed on by the gateway; it must be applied."""
    moved = await advance(
        graph, ADMIN, id_of(name), verb, signer=person(by), given=given, statement=says
    )
    assert moved.outcome.status is Status.APPLIED, moved.outcome
    return moved


async def approved(graph: Graph, name: str, slot: str, by: str) -> Moved:
    """Signs an approval; it must be applied."""
    moved = await sign(graph, ADMIN, id_of(name), slot, signer=person(by))
    assert moved.outcome.status is Status.APPLIED, moved.outcome
    return moved


async def decided(graph: Graph, name: str, change_class: str = "minor") -> None:
    """Raises a request and brings it through the board."""
    await requested(graph, name, change_class)
    await step(graph, name, "submit", "ann")
    await step(graph, name, "review", "cleo")
    await step(graph, name, "approve", "bo", decision="Approved.")
