"""What does the record make due? Every task, directive and life limit of units, judged one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    standing_of,
)
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.life import LifeLimit, LimitOf, LimitUnit
from graph.model.product import Serial
from graph.model.time import from_micros
from graph.model.utilisation import Forecast, Utilisation, forecast
from graph.store.accomplishments import Unit
from graph.store.compliance import Standpoint
from graph.store.due_item import DueItem, DueRule, DueUnit, Judged, LastDone, Place
from graph.store.due_record import HardTime, Record, fold
from graph.store.executions import NEVER, Executed
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


def due_items(record: Record, soon: Limits = SOON) -> Iterator[DueItem]:
    """Yields all that is due on the units of a record, in no order."""
    return _Judge(record, soon).items()


@dataclass(frozen=True, slots=True)
class _Task:
    """A task, with what all items have of it; tasks of the same times have the same number."""

    planned: Planned
    key: str
    rule: DueRule
    times: int


@dataclass(frozen=True, slots=True)
class _Subject:
    """A unit that is judged, with what is worked out once for tasks of one schedule and history."""

    unit: DueUnit
    key: str
    new: Stand
    now: Stand
    executed: Mapping[str, Executed]
    judged: dict[tuple[int, Executed], Judged] = field(default_factory=dict)
    history: dict[Executed, tuple[LastDone | None, tuple[Utcs, ...]]] = field(default_factory=dict)


class _Judge:
    """Judges one record; what many items have in common is worked out once."""

    def __init__(self, record: Record, soon: Limits) -> None:
        self._record = record
        self._soon = soon
        self._now = record.moment.world
        self._limited = {one.utcs: one for one in record.limited}
        self._standpoints = {(one.unit, one.demand.utcs): one for one in record.standpoints}
        times = {schedule: n for n, schedule in enumerate({t.schedule for t in record.tasks})}
        tasks = [_Task(t, str(t.utcs), _rule(t), times[t.schedule]) for t in record.tasks]
        self._by_aircraft = [task for task in tasks if not task.planned.is_hard_time]
        self._hard_time = [task for task in tasks if task.planned.is_hard_time]

    def items(self) -> Iterator[DueItem]:
        """Yields all of them."""
        for unit in self._record.aircraft:
            yield from self._of_aircraft(unit)
        for hard in self._record.units:
            yield from self._of_unit(hard)
        yield from self._demanded()
        yield from self._limits()

    def _of_aircraft(self, unit: Unit) -> Iterator[DueItem]:
        made = unit.thing.manufactured_on if isinstance(unit.thing, Serial) else None
        new = Stand(unit.in_service_on or made, _NEW, _NEW)
        subject = self._subject(DueUnit(unit.utcs, unit.thing.name, unit.utcs), new)
        for task in self._by_aircraft:
            applies, because = self._applies(task.planned, unit, subject.key)
            if applies is None:
                judged = _unknown(because)
                yield DueItem(subject.unit, task.rule, judged, place=_place(judged, subject, task))
            elif applies and (item := self._task(task, subject)) is not None:
                yield item

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
        unit = DueUnit(hard.utcs, hard.name, hard.aircraft, hard.position)
        subject = self._subject(unit, Stand(hard.made_on, _NEW, _NEW))
        limited = self._limited.get(hard.utcs)
        for task in self._hard_time:
            if hard.part not in task.planned.parts:
                continue
            if limited is None or not fold(task.planned, limited):
                item = self._task(task, subject)
                if item is not None:
                    yield item

    def _subject(self, unit: DueUnit, new: Stand) -> _Subject:
        now = self._record.stand(unit.utcs, self._now)
        return _Subject(unit, str(unit.utcs), new, now, self._record.executed(unit.utcs))

    def _task(self, task: _Task, subject: _Subject) -> DueItem | None:
        """Returns a task of a unit; None if it was done for good, or what it meets asks no more."""
        planned = task.planned
        executed = subject.executed.get(task.key, NEVER)
        if executed.done and planned.schedule.interval.is_none and not executed.undated:
            return None
        judged: Judged | None = None
        if planned.meets:
            met = self._met(planned, subject.unit)
            standing = [one for one in met if one.standing in _DUE]
            if met and not standing and not _lives_on(met, executed):
                return None
            if standing and not executed.done and planned.schedule.threshold.is_none:
                judged = self._demand(min(standing, key=lambda one: _WORST[_DUE[one.standing]]))
        judged = judged or self._judge(task, subject, executed)
        last, orders = self._history(subject, executed)
        place = _place(judged, subject, task)
        return DueItem(subject.unit, task.rule, judged, last, orders, place=place)

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

    def _judge(self, task: _Task, subject: _Subject, executed: Executed) -> Judged:
        if (known := subject.judged.get((task.times, executed))) is not None:
            return known
        if executed.undated:
            order = Utcs.parse(executed.undated[0]).local
            judged = _unknown(f"{order} has done it and does not say when it ended")
        else:
            moments = dict.fromkeys(ended for ended, _ in executed.done)
            done = [self._record.stand(subject.unit.utcs, moment) for moment in moments]
            found = gauges(task.planned.schedule, subject.new, done, subject.now)
            judged = self._of(found, standing_of(found, self._soon), subject.unit.aircraft)
        subject.judged[task.times, executed] = judged
        return judged

    def _of(
        self,
        found: tuple[Gauge, ...],
        standing: DueStanding,
        aircraft: Utcs | None,
    ) -> Judged:
        utilisation = self._record.utilisation.get(aircraft) if aircraft is not None else None
        when = forecast(found, self._record.moment.day, utilisation)
        runs = _runs(found, utilisation)
        return Judged(standing, found, when, runs, _rank(standing, found, when))

    def _history(
        self, subject: _Subject, executed: Executed
    ) -> tuple[LastDone | None, tuple[Utcs, ...]]:
        """Returns when something was last done on a unit, and the open work orders that are to do it."""
        if executed is NEVER:
            return None, ()
        if (known := subject.history.get(executed)) is not None:
            return known
        last = None
        if executed.done:
            ended, order = executed.done[-1]
            stand, by = self._record.stand(subject.unit.utcs, ended), Utcs.parse(order)
            fh, fc = (
                one.total if one and one.is_declared else None for one in (stand.fh, stand.fc)
            )
            last = LastDone(from_micros(ended).date(), fh, fc, by, by.local)
        found = last, tuple(map(Utcs.parse, executed.open))
        subject.history[executed] = found
        return found

    def _demanded(self) -> Iterator[DueItem]:
        """Yields what directives ask, and bulletins that are no mere advice."""
        carried: defaultdict[Utcs, list[Planned]] = defaultdict(list)
        for task in self._record.tasks:
            for demand in task.meets:
                carried[demand].append(task)
        for one in self._record.standpoints:
            if one.standing not in _DUE or not one.demand.is_mandatory:
                continue
            executed = self._record.executed(one.unit).get(str(one.demand.utcs), NEVER)
            judged, rule = self._demand(one), _demand_rule(one, carried[one.demand.utcs])
            yield DueItem(
                DueUnit(one.unit, one.unit_name, one.aircraft),
                rule,
                judged,
                _last_record(one),
                tuple(map(Utcs.parse, executed.open)),
                one.notes,
                place=(*judged.rank, str(one.unit), str(rule.utcs), rule.sort.value),
            )

    def _demand(self, one: Standpoint) -> Judged:
        found = tuple(_demand_gauges(one))
        standing = _DUE[one.standing]
        if standing is DueStanding.UNKNOWN:
            return Judged(
                standing, found, _never(one.why), None, _rank(standing, found, None), one.why
            )
        return self._of(found, standing, one.aircraft)

    def _limits(self) -> Iterator[DueItem]:
        """Yields the limits to the life of units, and those between their overhauls."""
        discards = [task.planned for task in self._hard_time]
        for one in self._record.limited:
            unit = DueUnit(one.utcs, one.name, one.aircraft, one.position)
            tasks = [task for task in discards if fold(task, one)]
            for of in LimitOf:
                limits = [limit for limit in one.limits if limit.of is of]
                if limits:
                    found = tuple(_life_gauge(limit, self._record.moment.day) for limit in limits)
                    judged = self._of(found, standing_of(found, self._soon), one.aircraft)
                    rule = _life_rule(one, of, limits, tasks if of is LimitOf.LIFE else [])
                    yield DueItem(
                        unit,
                        rule,
                        judged,
                        notes=tuple(dict.fromkeys(limit.why for limit in limits)),
                        place=(*judged.rank, str(one.utcs), str(rule.utcs), rule.sort.value),
                    )


def _never(because: str) -> Forecast:
    return Forecast(None, None, None, because)


def _unknown(because: str) -> Judged:
    standing = DueStanding.UNKNOWN
    return Judged(standing, (), _never(because), None, _rank(standing, (), None), because)


def _lives_on(met: Sequence[Standpoint], executed: Executed) -> bool:
    """Says whether a task is to be repeated though what it meets was complied with once and for all."""
    return bool(executed.done) and any(one.standing is Standing.COMPLIED for one in met)


def _rank(standing: DueStanding, found: Sequence[Gauge], when: Forecast | None) -> tuple[int, int]:
    """Returns what items are sorted by first: how they stand, then on what day they fall or fell due."""
    late = [one.on.toordinal() for one in found if one.on is not None and one.is_late]
    if late or any(one.is_late for one in found):
        return _WORST[standing], min(late, default=0)
    expected = when and (when.on or when.latest)
    return _WORST[standing], expected.toordinal() if expected else date.max.toordinal()


def _place(judged: Judged, subject: _Subject, task: _Task) -> Place:
    return *judged.rank, subject.key, task.key, DueSort.TASK.value


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
