"""On what known defects does the fleet fly? The deferrals that run, with what is left of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from graph.model import ontology
from graph.model.compliance import Limits
from graph.model.deferral import RUNNING, Flown, ran_out
from graph.model.identifier import Utcs, VersionRef
from graph.model.maintenance import Deferral
from graph.model.time import Coordinates, from_micros
from graph.store.aboard import Aboard, find_aboard
from graph.store.database import Graph
from graph.store.deferral_use import flown_since
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import bounded
from graph.store.select import select
from graph.store.selection import (
    AnyOf,
    Compare,
    Hop,
    Kinds,
    Missing,
    Operator,
    Page,
    Property,
    Root,
    Value,
)

MOST: Final = 20_000
"""So many deferrals are read at most."""

MOST_LINKS: Final = 100
"""Of each deferral so many things are read that it is about, and that it puts off."""

_SAID: Final = ("utcs", "kind", "n", *Deferral.model_fields)
_UTCS: Final = (Property("utcs"),)
_STATUS: Final = Property("status")
_RUNS: Final = AnyOf((Missing(_STATUS), Compare(_STATUS, Operator.IN, Value(3))))
_ABOUT: Final = Page(Hop("ABOUT", forward=True), _UTCS, limit=Value(4))
_DEFERS: Final = Page(Hop("DEFERS", forward=True), (*_UTCS, _ABOUT), limit=Value(4))


@dataclass(frozen=True, slots=True)
class RunningDeferral:
    """A deferral that was not ended, at a moment.

    Attributes:
        on: The unit with the defect, or another thing that it is about; None where nothing says.
        aircraft: In which aircraft that is then.
        defects: What is put off.
        remaining: What is left in hours, cycles and whole days; less than nothing once it ran out.
        expired: How it ran out, in words; None if it still holds.
    """

    ref: VersionRef
    deferral: Deferral
    on: Utcs | None
    aircraft: Utcs | None
    defects: tuple[Utcs, ...]
    remaining: Limits
    expired: str | None


@dataclass(frozen=True, slots=True)
class RunningDeferrals:
    """The deferrals that run: those that ran out first, then those that end first.

    Attributes:
        total: How many run in all.
        is_whole: Whether all of them were read.
    """

    deferrals: tuple[RunningDeferral, ...]
    total: int
    is_whole: bool


async def running_deferrals(
    graph: Graph, about: Utcs | None = None, *, most: int = MOST, at: Coordinates = CURRENT
) -> RunningDeferrals:
    """Returns the deferrals that run in the fleet, or on an aircraft or unit and all that is in it.

    Args:
        graph: Where to ask.
        about: The aircraft or unit.
        most: So many are read, by identifier.
        at: The coordinates of time.

    Raises:
        BadQuestionError: The number is out of bounds.
        QueryTimeoutError: It took too long.
    """
    moment = Moment.of(graph, at)
    running = sorted(one for one in RUNNING if one is not None)
    page = Page(
        Kinds(("deferral",)), (*map(Property, _SAID), _ABOUT, _DEFERS), _RUNS, limit=Value(2), total=True
    )  # fmt: skip
    values = [moment.world, moment.knowledge, bounded("most", most, MOST), running, MOST_LINKS]
    ((rows, total),) = await select(graph, (Root(page, moment.era, Value(0), Value(1)),), values)
    read = [_read(row) for row in rows]
    units = {on for *_, on in read if on is not None and flies(on)}
    aboard = await find_aboard(graph, units, moment)
    flown = await _flown(graph, read, aboard, moment)
    found = [_running(*one, aboard, flown, moment) for one in read]
    kept = [one for one in found if about is None or about in (one.on, one.aircraft)]
    is_whole = len(rows) == total
    return RunningDeferrals(
        tuple(sorted(kept, key=_urgency)), total if about is None else len(kept), is_whole
    )


_Read = tuple[VersionRef, Deferral, tuple[Utcs, ...], Utcs | None]


def _read(row: Sequence[Any]) -> _Read:
    *said, about, defers = row
    stored = {name: value for name, value in zip(_SAID, said, strict=True) if value is not None}
    on = [one for (one,) in about] or [one for _, of in defers for (one,) in of]
    units = sorted(map(Utcs.parse, on), key=lambda one: (not flies(one), str(one)))
    defects = tuple(sorted((Utcs.parse(one) for one, _ in defers), key=str))
    ref = VersionRef(Utcs.parse(stored["utcs"]), stored["n"])
    return ref, read_as(Deferral, stored), defects, next(iter(units), None)


def flies(utcs: Utcs) -> bool:
    """Whether a thing is a unit, which can be in an aircraft."""
    return ontology.fits(utcs.kind, frozenset({"serial"}))


async def _flown(
    graph: Graph, read: Sequence[_Read], aboard: Mapping[Utcs, list[Aboard]], moment: Moment
) -> dict[Utcs, Flown]:
    """Returns what was flown on those limited in hours or cycles, by the aircraft where there is one."""
    asked: dict[Utcs, tuple[Utcs, datetime]] = {}
    for ref, deferral, _, on in read:
        if (deferral.limit_fh, deferral.limit_fc) == (None, None) or deferral.opened_at is None:
            continue
        if on is not None and on in aboard:
            counting = _aircraft(aboard[on], moment) or on
            asked[ref.utcs] = counting, deferral.opened_at
    return await flown_since(graph, asked, moment) if asked else {}


def _aircraft(aboard: Sequence[Aboard], moment: Moment) -> Utcs | None:
    now = (one.carrier for one in aboard if one.since <= moment.world < one.until)
    return next((Utcs.parse(one) for one in now), None)


def _running(
    ref: VersionRef, deferral: Deferral, defects: tuple[Utcs, ...], on: Utcs | None,
    aboard: Mapping[Utcs, list[Aboard]], flown: Mapping[Utcs, Flown], moment: Moment,
) -> RunningDeferral:  # fmt: skip
    at, used = from_micros(moment.world), flown.get(ref.utcs) or Flown()
    return RunningDeferral(
        ref,
        deferral,
        on,
        None if on is None else _aircraft(aboard.get(on, ()), moment),
        defects,
        Limits(
            _left(deferral.limit_fh, used.fh),
            _left(deferral.limit_fc, used.fc),
            None if deferral.due_at is None else _days(deferral.due_at, at),
        ),
        ran_out(deferral, at, used),
    )


def _left(limit: Decimal | None, used: Decimal | None) -> Decimal | None:
    return None if limit is None or used is None else limit - used


def _days(due: datetime, at: datetime) -> Decimal:
    return Decimal((due.date() - at.date()).days)


def _urgency(one: RunningDeferral) -> tuple[bool, bool, Decimal, str]:
    days = one.remaining.days
    return one.expired is None, days is None, days or Decimal(), str(one.ref.utcs)
