"""How much was flown on a deferral? Hours and cycles of what is worked on, since the defect was deferred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from graph.model import ontology
from graph.model.deferral import RUNNING, Flown
from graph.model.identifier import Utcs
from graph.model.sign_off import WorkCase
from graph.model.time import Coordinates, to_micros
from graph.store.accrual import Accrued, Counted, accrue
from graph.store.database import Graph
from graph.store.moment import Moment

_LIMITED: Final = ("fh", "fc")


async def find_flown_since(
    graph: Graph,
    case: WorkCase,
    units: Sequence[Utcs],
    at: datetime,
    known_at: datetime | None = None,
) -> dict[Utcs, Flown]:
    """Returns what was flown until a moment on each deferral that runs and is limited in hours or cycles.

    It is the aircraft that counts or, where none is worked on, the unit that is.
    """
    limited = {
        utcs: said.opened_at
        for one in case.found
        for utcs, said in one.deferrals
        if said.status in RUNNING and (said.limit_fh, said.limit_fc) != (None, None)
    }
    unit = _counting(units)
    if unit is None or not limited:
        return {}
    moment = Moment.of(graph, Coordinates(at, known_at))
    asked = {utcs: (unit, began) for utcs, began in limited.items() if began is not None}
    return await flown_since(graph, asked, moment)


async def flown_since(
    graph: Graph, asked: Mapping[Utcs, tuple[Utcs, datetime]], moment: Moment
) -> dict[Utcs, Flown]:
    """Returns what was flown until a moment on each deferral: of a unit, since the defect was deferred."""
    opened = {
        utcs: (unit, min(to_micros(began), moment.world)) for utcs, (unit, began) in asked.items()
    }
    points = {*opened.values(), *((unit, moment.world) for unit, _ in opened.values())}
    found = await accrue(graph, points, moment, counters=_LIMITED, is_since_overhaul=False)
    return {
        utcs: Flown(
            *(
                _since(found.get(then), found.get((then[0], moment.world)), name)
                for name in _LIMITED
            )
        )
        for utcs, then in opened.items()
    }


def _counting(units: Sequence[Utcs]) -> Utcs | None:
    flying = [one for one in units if ontology.fits(one.kind, frozenset({"serial"}))]
    return next((one for one in flying if one.kind == "aircraft"), next(iter(flying), None))


def _since(then: Accrued | None, now: Accrued | None, name: str) -> Decimal | None:
    """Returns what a counter grew by; None where one of its two values does not say all."""
    before, after = _counted(then, name), _counted(now, name)
    if before is None or after is None or not after.is_known or after.silent:
        return None
    if after.declared is not None and before.declared is None:
        return None
    return after.total - before.total


def _counted(found: Accrued | None, name: str) -> Counted | None:
    counters = () if found is None else found.counters
    return next((one for one in counters if one.counter == name), None)
