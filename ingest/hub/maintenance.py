"""What is to be told of maintenance, and what an entry of the change log changes in that.

Notices are not made of events but of belief: all that is to be told at some knowledge is one set. An entry
tells what is in the set after it and was not before, and withdraws what was and is no more. So a restatement
that changes nothing tells nothing, a late event lands where it belongs, a correction takes back just what
rested on it, and the same entry gives the same messages whenever it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

import orjson

from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.link import LinkProperties
from graph.model.maintenance import Finding, WorkOrder, WorkOrderCategory, WorkOrderStatus
from graph.model.operation import Alert, AlertCategory
from graph.model.time import from_micros, to_micros
from graph.model.work import ENDED
from graph.store.changes import Entry
from graph.store.maintenance import Beliefs
from ingest.hub.belief import Belief, Span
from ingest.messages.cloudevent import Message
from ingest.messages.maintenance import (
    Action,
    Aog,
    Damage,
    Deferred,
    Done,
    Fault,
    Labour,
    Measurement,
    Parts,
    Released,
    Removal,
    Said,
)
from ingest.messages.notice import Notice, notice_message, withdrawal

_DONE: Final = frozenset(
    {
        WorkOrderStatus.PERFORMED,
        WorkOrderStatus.INSPECTED,
        WorkOrderStatus.RELEASED,
        WorkOrderStatus.CLOSED,
    }
)
"""An order in one of these was performed."""

_UNPLANNED: Final = frozenset({WorkOrderCategory.UNSCHEDULED, WorkOrderCategory.REPAIR})

_FORECASTS: Final = frozenset(
    {AlertCategory.ANOMALY, AlertCategory.TREND, AlertCategory.PREDICTION}
)
"""Alerts of what may come; nothing has failed yet."""

_ACTS: Final = {"INSTALLS": "installed", "REMOVES": "removed", "CONSUMES": "consumed"}

One = TypeVar("One", bound=Said)


def messages_of(entry: Entry, records: Iterable[str], beliefs: Beliefs) -> Iterator[Message]:
    """Yields what an entry of the change log has to tell: withdrawals first, then what is new.

    Args:
        entry: The entry.
        records: The records of maintenance that it touches.
        beliefs: What was ever believed of them.
    """
    after = to_micros(entry.recorded_at)
    owners = beliefs.led_to(records)
    before = notices_of(owners, Belief(beliefs, after - 1))
    now = notices_of(owners, Belief(beliefs, after))
    reason = _reason(entry)
    for notice in _ordered(before - now):
        yield notice_message(entry, withdrawal(notice, entry.time, reason))
    for notice in _ordered(now - before):
        yield notice_message(entry, notice)


def notices_of(records: Iterable[str], belief: Belief) -> frozenset[Notice]:
    """Returns all that is to be told of some records."""
    return frozenset(
        notice
        for record in records
        for tell in _TELLERS.get(Utcs.parse(record).kind, ())
        for notice in tell(record, belief)
    )


def _ordered(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: (notice.time, notice.digest))


def _reason(entry: Entry) -> str | None:
    """Returns why an entry withdraws what was told, if it says so."""
    facts = orjson.loads(entry.event)["data"]["facts"]
    return "; ".join(fact["reason"] for fact in facts if fact["fact"] == "correct") or None


def _order(order: str, belief: Belief) -> Iterator[Notice]:
    """Yields what is told of an order once it was performed."""

    def done(said: WorkOrder) -> Done | None:
        return _of(Done, said, workorder=order) if said.status in _DONE else None

    def action(said: WorkOrder) -> Action | None:
        return _of(Action, said, workorder=order) if said.status in _DONE else None

    def labour(said: WorkOrder) -> Labour | None:
        is_known = said.status in _DONE and said.actual_h is not None
        return _of(Labour, said, workorder=order) if is_known else None

    for notice in _each(order, belief, done, "EXECUTES", "executes"):
        said = notice.said
        if isinstance(said, Done) and (said.executes or said.category not in _UNPLANNED):
            yield notice
    yield from _each(order, belief, action, "RESOLVES", "resolves")
    yield from _each(order, belief, labour)


def _grounding(order: str, belief: Belief) -> Iterator[Notice]:
    """Yields when an order grounds an aircraft, and when it does so no longer."""

    def aog(said: WorkOrder) -> Aog:
        is_over = not said.is_aog or said.status in ENDED
        return _of(Aog, said, workorder=order, is_over=is_over)

    was_grounded = False
    for notice in _each(order, belief, aog):
        is_over = isinstance(notice.said, Aog) and notice.said.is_over
        if was_grounded or not is_over:
            yield notice
        was_grounded = not is_over


def _parts(order: str, belief: Belief) -> Iterator[Notice]:
    """Yields what was put in, taken out or used up under an order, and what came out unplanned."""
    for link, act in _ACTS.items():
        for span, item, carried in belief.carried(order, link):
            parts = _of(Parts, carried, workorder=order, act=act, item=item)
            yield _notice(order, belief, span, span.since, parts)
            if act == "removed" and _is_unplanned(order, belief, span, parts.is_scheduled):
                removal = _of(Removal, carried, workorder=order, item=item)
                yield _notice(order, belief, span, span.since, removal)


def _is_unplanned(order: str, belief: Belief, span: Span, is_scheduled: bool | None) -> bool:
    """Whether a unit was taken out that was not to be: as the removal says, or else as its order does."""
    if is_scheduled is not None:
        return not is_scheduled
    categories = belief.stretches(order, lambda one: one.category)
    return any(category in _UNPLANNED for when, category in categories if when.common(span))


def _deferral(deferral: str, belief: Belief) -> Iterator[Notice]:
    return _each(
        deferral, belief, lambda said: _of(Deferred, said, deferral=deferral), "DEFERS", "defers"
    )


def _alert(alert: str, belief: Belief) -> Iterator[Notice]:
    """Yields what is told of a fault; alerts about a source of data are none."""

    def fault(said: Alert) -> Fault | None:
        return None if said.category in _FORECASTS else _of(Fault, said, alert=alert)

    for span, said in belief.stretches(alert, fault, Said.is_same):
        about = belief.links(alert, "ABOUT", span)
        if not any(thing.kind == "source" for thing, _ in about):
            yield _notice(alert, belief, span, span.since, said)


def _finding(finding: str, belief: Belief) -> Iterator[Notice]:
    def measurement(said: Finding) -> Measurement | None:
        values = (said.length_mm, said.width_mm, said.depth_mm, said.measured)
        is_measured = any(value is not None for value in values)
        return _of(Measurement, said, finding=finding) if is_measured else None

    def damage(said: Finding) -> Damage:
        return _of(Damage, said, finding=finding)

    for tell in (damage, measurement):
        yield from _each(finding, belief, tell, "FOUND_IN", "found_in")


def _release(release: str, belief: Belief) -> Iterator[Notice]:
    return _each(
        release, belief, lambda said: _of(Released, said, release=release), "RELEASES", "releases"
    )


_TELLERS: Final[dict[str, tuple[Callable[[str, Belief], Iterator[Notice]], ...]]] = {
    "workorder": (_order, _grounding, _parts),
    "deferral": (_deferral,),
    "alert": (_alert,),
    "finding": (_finding,),
    "release": (_release,),
}


def _each(
    record: str,
    belief: Belief,
    tell: Callable[[Any], Said | None],
    link: str = "",
    field: str = "",
) -> Iterator[Notice]:
    """Yields what is told of a record, once for each thing that a link of it leads to meanwhile.

    Args:
        record: The record.
        belief: What is believed.
        tell: What its properties come to.
        link: The type of that link; if there is none meanwhile, it is told once.
        field: Where it is said what the link leads to.
    """
    for span, said in belief.stretches(record, tell, Said.is_same):
        ends = belief.links(record, link, span) if link else []
        for target, since in ends:
            told = said.model_copy(update={field: target})
            yield _notice(record, belief, span, since, told)
        if not ends:
            yield _notice(record, belief, span, span.since, said)


def _notice(record: str, belief: Belief, span: Span, since: int, said: Said) -> Notice:
    units = belief.units(record, span)
    subject = units[0] if units else Utcs.parse(record)
    return Notice(from_micros(since), said.model_copy(update={"units": units}), subject)


def _of(cls: type[One], stated: Kind | LinkProperties, **more: Any) -> One:
    """Returns what a notice says: the properties of the same name, and some more."""
    given = {name: getattr(stated, name, None) for name in cls.model_fields}
    return cls.model_validate({n: value for n, value in given.items() if value is not None} | more)
