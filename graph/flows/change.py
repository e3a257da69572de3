"""Raising change requests and orders. What follows is steps: see `graph.flows.lifecycle`."""

from __future__ import annotations

from collections.abc import Sequence

from graph.flows.lifecycle import Moved, begin
from graph.flows.submit import Principal
from graph.model.change import Eco, Ecr
from graph.model.identifier import Utcs
from graph.store.database import Graph
from graph.store.standings import find_standings


async def raise_ecr(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    request: Ecr,
    *,
    signer: Utcs,
    causes: Sequence[Utcs] = (),
    about: Sequence[Utcs] = (),
) -> Moved:
    """Raises a change request as a draft.

    Args:
        graph: Where.
        principal: Who asks.
        utcs: Its identifier.
        request: What is wrong or wanted.
        signer: Who raises it.
        causes: What it came from: findings, NCRs, CAPAs, alerts, bulletins, directives.
        about: The parts, units or positions that it speaks of.

    Raises:
        TraceError: As `graph.flows.lifecycle.begin`.
    """
    links = [*(("CAUSED_BY", one) for one in causes), *(("ABOUT", one) for one in about)]
    return await begin(graph, principal, utcs, request, signer=signer, links=links)


async def raise_eco(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    order: Eco,
    *,
    signer: Utcs,
    requests: Sequence[Utcs],
) -> Moved:
    """Raises a change order that carries out requests: approved ones, or urgent ones of an emergency.

    The class of the order is that of its requests, which must be of one class.

    Raises:
        TraceError: As `graph.flows.lifecycle.begin`.
    """
    links = [("IMPLEMENTS", one) for one in requests]
    if order.change_class is None:
        found = (await find_standings(graph, requests)).values()
        said = [one.thing.change_class for one in found if isinstance(one.thing, Ecr)]
        order = order.model_copy(update={"change_class": next(iter(said), None)})
    return await begin(graph, principal, utcs, order, signer=signer, links=links)
