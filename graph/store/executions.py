"""When was it done? The work orders that carried tasks out on units, finished or still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model.time import parse_utc, to_micros
from graph.model.work import DONE
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.text import fill

_WORKS_ON: Final = ("WORKS_ON",)
_EXECUTES: Final = ("EXECUTES",)


@dataclass(frozen=True, slots=True, eq=False)
class Executed:
    """What was done about a task on a unit; tasks that were always done together share it.

    Attributes:
        done: When work orders that were released ended, in microseconds since 1970, and which; by time.
        undated: Work orders that were released, and do not say when they ended.
        open: Work orders that are to carry it out, and were not released by then.
    """

    done: tuple[tuple[int, str], ...] = ()
    undated: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


NEVER: Final = Executed()
"""Nothing was done about it, and nothing is under way."""

Executions = dict[str, dict[str, Executed]]
"""By unit, then by task, directive or bulletin."""


@dataclass(frozen=True, slots=True)
class _Order:
    """A work order on a unit; `ended` is None where it does not say."""

    utcs: str
    is_done: bool
    ended: int | None


async def find_executions(graph: Graph, units: Collection[str], moment: Moment) -> Executions:
    """Returns what was done about tasks on some units, up to a moment; one query however many units."""
    row = await moment.ask(graph, orders_text(moment), {"units": sorted(units)}) if units else None
    orders: defaultdict[str, list[_Order]] = defaultdict(list)
    tasks: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit, order, status, ended_at, executes in row[0] if row else []:
        ended = None if ended_at is None else to_micros(parse_utc(ended_at))
        is_done = status in DONE and (ended is None or ended <= moment.world)
        bit, sets = 1 << len(orders[unit]), tasks[unit]
        orders[unit].append(_Order(order, is_done, ended))
        for task in executes:
            sets[task] |= bit
    return {unit: _executed(orders[unit], sets) for unit, sets in tasks.items()}


def _executed(orders: Sequence[_Order], sets: Mapping[str, int]) -> dict[str, Executed]:
    """Returns what was done about each task; `sets` has a bit for each work order that carries it out."""
    of_set = {bits: _of(orders, bits) for bits in set(sets.values())}
    return {task: of_set[bits] for task, bits in sets.items()}


def _of(orders: Sequence[_Order], bits: int) -> Executed:
    chosen = [order for number, order in enumerate(orders) if bits >> number & 1]
    return Executed(
        done=tuple(sorted((o.ended, o.utcs) for o in chosen if o.is_done and o.ended is not None)),
        undated=tuple(o.utcs for o in chosen if o.is_done and o.ended is None),
        open=tuple(o.utcs for o in chosen if not o.is_done),
    )


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
