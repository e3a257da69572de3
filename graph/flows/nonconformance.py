"""Raising nonconformance reports and the actions against their causes. What follows is steps."""

from __future__ import annotations

from collections.abc import Sequence

from graph.flows.lifecycle import Moved, begin
from graph.flows.submit import Principal
from graph.model.identifier import Utcs
from graph.model.quality import Capa, Ncr
from graph.store.database import Graph


async def raise_ncr(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    report: Ncr,
    *,
    signer: Utcs,
    about: Sequence[Utcs],
    found_in: Sequence[Utcs] = (),
) -> Moved:
    """Raises a nonconformance report about parts, units or batches, and their supplier where it is theirs.

    Raises:
        TraceError: As `graph.flows.lifecycle.begin`.
    """
    links = [*(("ABOUT", one) for one in about), *(("FOUND_IN", one) for one in found_in)]
    return await begin(graph, principal, utcs, report, signer=signer, links=links)


async def open_capa(
    graph: Graph,
    principal: Principal,
    utcs: Utcs,
    action: Capa,
    *,
    signer: Utcs,
    causes: Sequence[Utcs] = (),
    about: Sequence[Utcs] = (),
) -> Moved:
    """Opens a corrective or preventive action against what caused reports or findings.

    Raises:
        TraceError: As `graph.flows.lifecycle.begin`.
    """
    links = [*(("CAUSED_BY", one) for one in causes), *(("ABOUT", one) for one in about)]
    return await begin(graph, principal, utcs, action, signer=signer, links=links)
