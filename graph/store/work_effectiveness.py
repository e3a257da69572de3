"""Did it help? Whether what a work order was to cure came back since it was released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from graph.model.compliance import Life, Limits
from graph.model.identifier import Utcs
from graph.model.operation import Alert
from graph.model.time import Coordinates, UtcDatetime, format_utc, from_micros, to_micros
from graph.model.work import DONE
from graph.model.work_effectiveness import WATCH, Judgement, Return, is_return, judge
from graph.store.accrual import Accrued, accrue
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.text import fill
from graph.store.work_order import MOST, Order, find_order

_CURES: Final = ("RESOLVES", "CAUSED_BY")
_CONCERNS: Final = ("ABOUT", "WORKS_ON", "INSTALLS")
_COUNTED: Final = ("fh", "fc")


@dataclass(frozen=True, slots=True)
class WorkEffectiveness:
    """Whether the work of a work order was effective.

    Attributes:
        released_at: Since when it is watched; None while it is not released.
        unit: The aircraft or unit whose hours and cycles count; None where nothing is worked on.
        cured: The alerts that it was to cure.
        watch: How long it is watched.
        cut: What was left out, in words; None if nothing was.
    """

    order: Order
    released_at: UtcDatetime | None
    unit: Utcs | None
    cured: tuple[Utcs, ...]
    watch: Limits
    judgement: Judgement
    cut: str | None = None


async def work_effectiveness(
    graph: Graph, utcs: Utcs, *, watch: Limits = WATCH, at: Coordinates = CURRENT
) -> WorkEffectiveness:
    """Returns whether a repair was effective, by what is known of alerts since it was released.

    Raises:
        BadQuestionError: The thing is no work order, or the watch has no end.
        NotFoundError: It is not there then.
    """
    if watch.is_none or any(
        one is not None and one < 0 for one in (watch.fh, watch.fc, watch.days)
    ):
        raise BadQuestionError(
            "within: has no end; give days, FH or FC, such as 100fh,30d", field="within"
        )
    moment = Moment.of(graph, at)
    order = await find_order(graph, utcs, at=at)
    released = _released_at(order)
    cured, seen = await _alerts(graph, moment, order, released or from_micros(moment.world))
    unit = _carrier(order)
    found = Judgement(None, _nothing(order, released, cured))
    if released is not None and cured:
        returns = [
            (one, alert, of) for one, alert in seen for of, was in cured if is_return(was, alert)
        ]
        found = await _judged(graph, moment, unit, released, returns, watch)
    full = len(cured) >= MOST or len(seen) >= MOST
    cut = f"no more than {MOST:,} alerts are looked at" if full else None
    return WorkEffectiveness(
        order, released, unit, tuple(one for one, _ in cured), watch, found, cut
    )


def alerts_text(moment: Moment) -> str:
    """Returns the statement that reads what a work order was to cure, and what was raised since."""
    cures = {f"{name}_holds": moment.holds(name, _CURES) for name in ("direct", "first", "second")}
    return fill(
        "work/alerts",
        cures=moment.types(_CURES),
        concerns=moment.types(_CONCERNS),
        about=moment.types(["ABOUT"]),
        **cures,
        of_holds=moment.holds("of", _CONCERNS),
        about_it_holds=moment.holds("about_it", ["ABOUT"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


async def _alerts(
    graph: Graph, moment: Moment, order: Order, since: datetime
) -> tuple[list[tuple[Utcs, Alert]], list[tuple[Utcs, Alert]]]:
    asked = {"order": str(order.utcs), "since": format_utc(since), "most": MOST}
    row = await moment.ask(graph, alerts_text(moment), asked)
    cured, seen = row or ([], [])
    return _read(cured), _read(seen)


def _read(rows: Iterable[Any]) -> list[tuple[Utcs, Alert]]:
    return [(Utcs.parse(utcs), read_as(Alert, said)) for utcs, said in rows]


def _released_at(order: Order) -> datetime | None:
    """Returns since when a work order is released without a break; None while it is not."""
    since: datetime | None = None
    for step in order.steps:
        since = (since or step.at) if step.status in DONE else None
    return since


def _carrier(order: Order) -> Utcs | None:
    """Returns what counts the hours: the aircraft if one is worked on, else the first unit."""
    units = [unit for unit, _ in order.units if unit.kind in ("aircraft", "serial")]
    return min(units, key=lambda unit: unit.kind != "aircraft", default=None)


def _nothing(order: Order, released: datetime | None, cured: Iterable[Any]) -> str:
    if not cured:
        return "no alert is on record that it was to cure"
    stands = order.order.status or "of no stated status"
    return f"it is {stands}; it is watched from its release on" if released is None else ""


async def _judged(
    graph: Graph,
    moment: Moment,
    unit: Utcs | None,
    released: datetime,
    returns: list[tuple[Utcs, Alert, Utcs]],
    watch: Limits,
) -> Judgement:
    times = [released, from_micros(moment.world), *_detected(returns, moment)]
    lives = await _lives(graph, moment, unit, times)
    came_back = [
        Return(alert, of, lives[said.detected_at])
        for alert, said, of in returns
        if said.detected_at in lives
    ]
    return judge(lives[released], lives[from_micros(moment.world)], came_back, watch)


def _detected(returns: Iterable[tuple[Utcs, Alert, Utcs]], moment: Moment) -> Iterator[datetime]:
    for _, said, _ in returns:
        if said.detected_at is not None and to_micros(said.detected_at) <= moment.world:
            yield said.detected_at


async def _lives(
    graph: Graph, moment: Moment, unit: Utcs | None, times: Iterable[datetime]
) -> dict[datetime | None, Life]:
    """Returns how far the unit was at each moment."""
    asked = {} if unit is None else {(unit, to_micros(at)): at for at in times}
    found = await accrue(graph, list(asked), moment, counters=_COUNTED) if asked else {}
    counted = {asked[key]: one for key, one in found.items()}
    return {at: _life(at, counted.get(at)) for at in times}


def _life(at: datetime, counted: Accrued | None) -> Life:
    known = {one.counter: one.total for one in counted.counters if one.is_known} if counted else {}
    return Life(at.date(), known.get("fh"), known.get("fc"))
