"""What does the record make due? Every task, directive and life limit of units, judged one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from graph.model.compliance import SOON, Limits, Standing
from graph.model.due import (
    DueSort,
    DueStanding,
    Gauge,
    Reading,
    Schedule,
    Stand,
    gauges,
    later,
    plain,
    standing_of,
)
from graph.model.identifier import Utcs
from graph.model.life import LifeLimit, LimitOf, LimitUnit
from graph.model.product import Serial
from graph.model.time import from_micros
from graph.model.utilisation import Forecast, Utilisation, forecast
from graph.store.accomplishments import Unit
from graph.store.compliance import Standpoint
from graph.store.due_record import HardTime, Record, fold
from graph.store.executions import Executed
from graph.store.life import LifeLimited
from graph.store.programme import Planned

_NEW: Final = Reading(Decimal(0))

_DUE: Final = {
    Standing.OPEN: DueStanding.SCHEDULED,
    Standing.RECURRING: DueStanding.SCHEDULED,
    Standing.DUE_SOON: DueStanding.DUE_SOON,
    Standing.OVERDUE: DueStanding.OVERDUE,
    Standing.UNKNOWN: DueStanding.UNKNOWN,
}
"""How an item stands whose directive stands so; of all others nothing is due."""

_WORST: Final = {standing: place for place, standing in enumerate(DueStanding)}


@dataclass(frozen=True, slots=True)
class DueUnit:
    """What something is due on.

    Attributes:
        utcs: The aircraft or unit.
        name: What people call it.
        aircraft: The aircraft that it is, or is in; None where it is in none.
        position: The slots from there down to it, with points between; empty where that is not read.
    """

    utcs: Utcs
    name: str
    aircraft: Utcs | None
    position: str = ""


@dataclass(frozen=True, slots=True)
class DueRule:
    """By what rule something is due.

    Attributes:
        sort: What sort of rule it is.
        utcs: The task, directive or bulletin, or the part number that sets a limit.
        number: Its number, as printed.
        name: What is to be done.
        schedule: When it is due, in words.
        performed_on: The parts, designs and positions that it is performed on.
        zones: The zones that it is done in.
        access: The panels that are opened for it.
        skill: The trade that it needs.
        labour_h: The labour that it is thought to take.
        tasks: The tasks that carry it out, where it is no task itself.
    """

    sort: DueSort
    utcs: Utcs
    number: str
    name: str
    schedule: str
    performed_on: tuple[Utcs, ...] = ()
    zones: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    skill: str | None = None
    labour_h: Decimal | None = None
    tasks: tuple[Utcs, ...] = ()


@dataclass(frozen=True, slots=True)
class LastDone:
    """When something was last done, at what totals since new, and on what record that rests."""

    on: date
    fh: Decimal | None
    fc: Decimal | None
    order: Utcs | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """How an item stands.

    Attributes:
        standing: How it stands.
        gauges: Each limit that it has, and what remains.
        forecast: When the first of them is reached; None where one is reached already.
        runs_days: How many days it is given to run, about; None where nobody can say.
        because: What makes it unknown, where that is no counter; or what its limits rest on.
    """

    standing: DueStanding
    gauges: tuple[Gauge, ...]
    forecast: Forecast | None
    runs_days: int | None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that is due on one unit.

    Attributes:
        last: When it was last done; None where no record says that it was.
        orders: The open work orders that are to do it.
        notes: What of the records an engineer should look at.
    """

    unit: DueUnit
    rule: DueRule
    judged: Judged
    last: LastDone | None = None
    orders: tuple[Utcs, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def standing(self) -> DueStanding:
        """How it stands."""
        return self.judged.standing

    @property
    def why(self) -> str:
        """What that rests on, in one sentence."""
        told = [
            *([self.judged.because] if self.judged.because else []),
            *map(str, self.judged.gauges),
        ]
        return "; ".join(told) or "no time is stated to do it in"


def due_items(record: Record, soon: Limits = SOON) -> Iterator[DueItem]:
    """Yields all that is due on the units of a record, in no order."""
    return _Judge(record, soon).items()


class _Judge:
    """Judges one record; what many items have in common is worked out once."""

    def __init__(self, record: Record, soon: Limits) -> None:
        self._record = record
        self._soon = soon
        self._now = record.moment.world
        self._limited = {one.utcs: one for one in record.limited}
        self._standpoints = {(one.unit, one.demand.utcs): one for one in record.standpoints}
        self._rules = {task.utcs: _rule(task) for task in record.tasks}
        self._keys = {task.utcs: str(task.utcs) for task in record.tasks}
        self._orders: dict[str, Utcs] = {}
        self._known: dict[tuple[object, ...], Judged] = {}
        self._last: dict[tuple[object, ...], LastDone] = {}

    def items(self) -> Iterator[DueItem]:
        """Yields all of them."""
        for unit in self._record.aircraft:
            yield from self._of_aircraft(unit)
        for hard in self._record.units:
            yield from self._of_unit(hard)
        yield from self._demanded()
        yield from self._limits()

    def _of_aircraft(self, unit: Unit) -> Iterator[DueItem]:
        aircraft, key = DueUnit(unit.utcs, unit.thing.name, unit.utcs), str(unit.utcs)
        made = unit.thing.manufactured_on if isinstance(unit.thing, Serial) else None
        new = Stand(unit.in_service_on or made, _NEW, _NEW)
        for task in self._record.tasks:
            if task.is_hard_time:
                continue
            applies, because = self._applies(task, unit, key)
            if applies is None:
                judged = Judged(DueStanding.UNKNOWN, (), _never(because), None, because)
                yield DueItem(aircraft, self._rules[task.utcs], judged)
            elif applies:
                yield from self._task(task, aircraft, key, new)

    def _applies(self, task: Planned, unit: Unit, key: str) -> tuple[bool | None, str]:
        """Returns whether a task is to be done on an aircraft, and why nobody can say."""
        has_place = bool(task.parts or task.positions)
        if task.is_limited:
            verdict = self._record.applying.of(task.utcs, unit)
            if not verdict.applies or ("SUBJECT_TO", task.utcs) in unit.links:
                return verdict.applies, verdict.why
            return not has_place or self._record.on_board.has(key, task), verdict.why
        if has_place:
            return self._record.on_board.has(key, task), ""
        what = "what it is performed on has no part number" if task.performed_on else "no link says"
        return None, f"{what} and no rule says to what {task.utcs.local} applies"

    def _of_unit(self, hard: HardTime) -> Iterator[DueItem]:
        unit, key = DueUnit(hard.utcs, hard.name, hard.aircraft, hard.position), str(hard.utcs)
        new, limited = Stand(hard.made_on, _NEW, _NEW), self._limited.get(hard.utcs)
        for task in self._record.tasks:
            if not task.is_hard_time or hard.part not in task.parts:
                continue
            if limited is None or not fold(task, limited):
                yield from self._task(task, unit, key, new)

    def _task(self, task: Planned, unit: DueUnit, key: str, new: Stand) -> Iterator[DueItem]:
        """Yields a task of a unit; nothing if it was done for good, or what it meets asks no more."""
        executed = self._record.executed(key, self._keys[task.utcs])
        met = self._met(task, unit)
        standpoints = [one for one in met if one.standing in _DUE]
        if met and not standpoints and not self._lives_on(met, executed):
            return
        if executed.done and task.schedule.interval.is_none and not executed.undated:
            return
        rule, last = self._rules[task.utcs], self._last_done(unit.utcs, executed)
        orders = tuple(self._order(order) for order in executed.open) if executed.open else ()
        if standpoints and not executed.done and task.schedule.threshold.is_none:
            judged = self._demand(min(standpoints, key=lambda one: _WORST[_DUE[one.standing]]))
        else:
            judged = self._judge(task.schedule, unit, new, executed)
        yield DueItem(unit, rule, judged, last, orders)

    def _met(self, task: Planned, unit: DueUnit) -> list[Standpoint]:
        """Returns how the unit, or its aircraft, stands towards the directives that a task meets."""
        found = []
        for demand in task.meets:
            one = self._standpoints.get((unit.utcs, demand))
            if one is None and unit.aircraft is not None:
                one = self._standpoints.get((unit.aircraft, demand))
            if one is not None:
                found.append(one)
        return found

    @staticmethod
    def _lives_on(met: Sequence[Standpoint], executed: Executed) -> bool:
        """Says whether a task is to be repeated though what it meets was complied with once and for all."""
        return bool(executed.done) and any(one.standing is Standing.COMPLIED for one in met)

    def _judge(self, schedule: Schedule, unit: DueUnit, new: Stand, executed: Executed) -> Judged:
        moments = tuple(dict.fromkeys(ended for ended, _ in executed.done))
        undated = executed.undated[0] if executed.undated else None
        key = (unit.utcs, schedule, moments, undated)
        if (known := self._known.get(key)) is not None:
            return known
        done = [self._record.stand(unit.utcs, moment) for moment in moments]
        found = gauges(schedule, new, done, self._record.stand(unit.utcs, self._now))
        if undated is not None:
            because = f"{Utcs.parse(undated).local} has done it and does not say when it ended"
            judged = Judged(DueStanding.UNKNOWN, (), _never(because), None, because)
        else:
            judged = self._of(found, standing_of(found, self._soon), unit.aircraft)
        self._known[key] = judged
        return judged

    def _of(
        self,
        found: tuple[Gauge, ...],
        standing: DueStanding,
        aircraft: Utcs | None,
        because: str | None = None,
    ) -> Judged:
        utilisation = self._record.utilisation.get(aircraft) if aircraft is not None else None
        when = forecast(found, self._record.moment.day, utilisation)
        return Judged(standing, found, when, _runs(found, utilisation), because)

    def _last_done(self, unit: Utcs, executed: Executed) -> LastDone | None:
        if not executed.done:
            return None
        key = (unit, *executed.done[-1])
        if key not in self._last:
            ended, order = executed.done[-1]
            stand, by = self._record.stand(unit, ended), self._order(order)
            fh, fc = (
                one.total if one and one.is_declared else None for one in (stand.fh, stand.fc)
            )
            self._last[key] = LastDone(from_micros(ended).date(), fh, fc, by, by.local)
        return self._last[key]

    def _order(self, order: str) -> Utcs:
        if order not in self._orders:
            self._orders[order] = Utcs.parse(order)
        return self._orders[order]

    def _demanded(self) -> Iterator[DueItem]:
        """Yields what directives ask, and bulletins that are no mere advice."""
        carried: defaultdict[Utcs, list[Planned]] = defaultdict(list)
        for task in self._record.tasks:
            for demand in task.meets:
                carried[demand].append(task)
        for one in self._record.standpoints:
            if one.standing not in _DUE or not one.demand.is_mandatory:
                continue
            executed = self._record.executed(str(one.unit), str(one.demand.utcs))
            yield DueItem(
                DueUnit(one.unit, one.unit_name, one.aircraft),
                _demand_rule(one, carried[one.demand.utcs]),
                self._demand(one),
                _last_record(one),
                tuple(map(self._order, executed.open)),
                one.notes,
            )

    def _demand(self, one: Standpoint) -> Judged:
        found = tuple(_demand_gauges(one))
        standing = _DUE[one.standing]
        if standing is DueStanding.UNKNOWN:
            return Judged(standing, found, _never(one.why), None, one.why)
        return self._of(found, standing, one.aircraft)

    def _limits(self) -> Iterator[DueItem]:
        """Yields the limits to the life of units, and those between their overhauls."""
        discards = [task for task in self._record.tasks if task.is_hard_time]
        for one in self._record.limited:
            unit = DueUnit(one.utcs, one.name, one.aircraft, one.position)
            tasks = [task for task in discards if fold(task, one)]
            for of in LimitOf:
                limits = [limit for limit in one.limits if limit.of is of]
                if limits:
                    found = tuple(_life_gauge(limit, self._record.moment.day) for limit in limits)
                    standing = standing_of(found, self._soon)
                    yield DueItem(
                        unit,
                        _life_rule(one, of, limits, tasks if of is LimitOf.LIFE else []),
                        self._of(found, standing, one.aircraft),
                        notes=tuple(dict.fromkeys(limit.why for limit in limits)),
                    )


def _never(because: str) -> Forecast:
    return Forecast(None, None, None, because)


def _runs(found: Sequence[Gauge], utilisation: Utilisation | None) -> int | None:
    """Returns how many days something is given to run, about: the least of its limits."""
    days = [one.limit for one in found if one.unit is LimitUnit.DAYS]
    if utilisation is not None:
        days += [
            one.limit / rate.mean
            for one in found
            if (rate := utilisation.rates.get(one.unit)) is not None and rate.mean
        ]
    return min(map(int, days), default=None)


def _rule(task: Planned) -> DueRule:
    said = task.properties
    return DueRule(
        sort=DueSort.TASK,
        utcs=task.utcs,
        number=said.number or task.utcs.local,
        name=said.name,
        schedule=str(task.schedule),
        performed_on=task.performed_on,
        zones=said.zones,
        access=said.access,
        skill=said.skill,
        labour_h=said.estimated_h,
    )


def _demand_rule(one: Standpoint, tasks: Sequence[Planned]) -> DueRule:
    demand = one.demand
    zones, access = (
        tuple(sorted({place for task in tasks for place in getattr(task.properties, name)}))
        for name in ("zones", "access")
    )
    return DueRule(
        sort=DueSort(demand.utcs.kind),
        utcs=demand.utcs,
        number=demand.number,
        name=demand.name,
        schedule=str(Schedule(demand.threshold, demand.interval)),
        zones=zones,
        access=access,
        skill=next((task.properties.skill for task in tasks), None),
        tasks=tuple(task.utcs for task in tasks),
    )


def _demand_gauges(one: Standpoint) -> Iterator[Gauge]:
    """Yields the limits of a directive as it says itself how it stands towards them."""
    limits = one.demand.threshold if one.done is None else one.demand.interval
    due, left = one.due, one.remaining
    if due is None or left is None:
        return
    for unit, limit, at, remaining in (
        (LimitUnit.FH, limits.fh, due.fh, left.fh),
        (LimitUnit.FC, limits.fc, due.fc, left.fc),
    ):
        if at is not None:
            gap = None if remaining is not None else f"nothing counts its {unit}"
            yield Gauge(unit, limit or at, at=at, remaining=remaining, gap=gap)
    if due.day is not None:
        yield Gauge(LimitUnit.DAYS, limits.days or Decimal(0), on=due.day, remaining=left.days)


def _last_record(one: Standpoint) -> LastDone | None:
    if one.done is None:
        return None
    life = one.done.life
    return LastDone(life.day, life.fh, life.fc, one.done.work_order, one.done.reference)


def _life_gauge(limit: LifeLimit, day: date) -> Gauge:
    left = limit.remaining
    gap = limit.why if left is None else None
    if limit.is_least:
        gap = "more may be used up than the record says"
    is_aged = limit.unit is LimitUnit.DAYS
    return Gauge(
        unit=limit.unit,
        limit=limit.allowed,
        at=limit.allowed if limit.of is LimitOf.LIFE and not is_aged else None,
        on=later(day, left) if is_aged else None,
        remaining=left,
        gap=gap,
        is_strict=True,
    )


def _life_rule(
    one: LifeLimited, of: LimitOf, limits: Sequence[LifeLimit], tasks: Sequence[Planned]
) -> DueRule:
    said = [task.properties for task in tasks]
    return DueRule(
        sort=DueSort(of.value),
        utcs=one.made_to,
        number=one.part,
        name="Life limit" if of is LimitOf.LIFE else "Limit between overhauls",
        schedule=" or ".join(f"{plain(limit.allowed)} {limit.unit}" for limit in limits),
        zones=said[0].zones if said else (),
        access=said[0].access if said else (),
        skill=said[0].skill if said else None,
        labour_h=said[0].estimated_h if said else None,
        tasks=tuple(task.utcs for task in tasks),
    )
