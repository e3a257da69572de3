"""When was it done? The work orders that carried tasks out on units, finished or still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.model.time import parse_utc, to_micros
from graph.store.accomplishments import RELEASED
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.text import fill

_WORKS_ON: Final = ("WORKS_ON",)
_EXECUTES: Final = ("EXECUTES",)
_DONE: Final = frozenset(status.value for status in RELEASED)


@dataclass(slots=True)
class Executed:
    """What was done about one task on one unit.

    Attributes:
        done: When work orders that were released ended, in microseconds since 1970, and which; by time.
        undated: Work orders that were released, and do not say when they ended.
        open: Work orders that are to carry it out, and were not released by then.
    """

    done: list[tuple[int, str]] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


NEVER: Final = Executed()
"""Nothing was done about it, and nothing is under way."""

Executions = Mapping[tuple[str, str], Executed]
"""By unit and task."""


async def find_executions(graph: Graph, units: Collection[str], moment: Moment) -> Executions:
    """Returns what was done about tasks on some units, up to a moment; one query however many units."""
    row = await moment.ask(graph, orders_text(moment), {"units": sorted(units)}) if units else None
    found: defaultdict[tuple[str, str], Executed] = defaultdict(Executed)
    for unit, order, status, ended_at, tasks in row[0] if row else []:
        ended = None if ended_at is None else to_micros(parse_utc(ended_at))
        is_done = status in _DONE and (ended is None or ended <= moment.world)
        for task in tasks:
            executed = found[unit, task]
            if not is_done:
                executed.open.append(order)
            elif ended is None:
                executed.undated.append(order)
            else:
                executed.done.append((ended, order))
    for executed in found.values():
        executed.done.sort()
    return found


def orders_text(moment: Moment) -> str:
    """Returns the statement that reads work orders on units and the tasks that they carry out."""
    return fill(
        "due/orders",
        works_on=moment.types(_WORKS_ON),
        works_holds=moment.holds("works", _WORKS_ON),
        executes=moment.types(_EXECUTES),
        executes_holds=moment.holds("link", _EXECUTES),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
