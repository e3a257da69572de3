"""Whether the units that a report names belong to its asset, and what new things are called."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.flows.exchange.take import Case, require_kind
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.installed import find_installed

UNITS = ("serial", "aircraft")


async def require_aboard(graph: Graph, case: Case, fields: Iterable[str]) -> None:
    """Returns if what some fields name was, at the moment of the report, the asset or installed in it.

    Raises:
        BadQuestionError: Something is no unit, or was elsewhere.
    """
    named = {field: require_kind(case.things[field], field, *UNITS) for field in fields}
    if all(utcs == case.asset for utcs in named.values()):
        return
    installed = await find_installed(graph, case.asset, at=Coordinates(as_of=case.at))
    aboard = {one.unit.utcs for one in installed.values()}
    for field, utcs in named.items():
        if utcs not in aboard:
            raise BadQuestionError(
                f"{field}: {utcs} was not installed in {case.asset} then; report it on the passport of the "
                "asset that it was in, or record its installation first",
                field=field,
                value=str(utcs),
            )


def id_for(case: Case, kind: str, number: str) -> Utcs:
    """Returns the identifier of what bears a number: of the authority of the asset."""
    return Utcs(case.asset.authority, kind, re.sub(r"[^A-Za-z0-9._-]", "-", number)[:64])
