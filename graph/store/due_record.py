"""What has to be known to say what is due? What the record says of an aircraft or the fleet, read at once.

However many aircraft, tasks and units there are, it takes the same number of queries.
"""

from __future__ import annotations

from asyncio import TaskGroup
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from graph.model.compliance import Limits
from graph.model.due import Reading, Stand
from graph.model.identifier import Utcs
from graph.model.life import LimitOf, LimitUnit
from graph.model.product import Serial, SerialStatus
from graph.model.time import from_micros
from graph.model.utilisation import PARTS, Utilisation, rate_of
from graph.store.absence import not_there
from graph.store.accomplishments import Page, Unit, find_units
from graph.store.accrual import Accrued, Counted, accrue
from graph.store.applicability import Applicability, applicability
from graph.store.compliance import Standpoint, compliance
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.executions import Executed, Executions, find_executions
from graph.store.leaf_facts import UNIT_KINDS, carrier_text, day
from graph.store.life import LifeLimited, find_limited
from graph.store.moment import Moment
from graph.store.programme import HARD_TIME, OnBoard, Planned, find_on_board, find_programme
from graph.store.question import MAX_FIRST, require_unit
from graph.store.text import fill

MOST_AIRCRAFT: Final = 2_000
MOST_PAIRS: Final = 250_000
"""So many pairs of an aircraft and a task are judged for one question."""

MOST_UNITS: Final = 50_000
"""So many units are looked at whose tasks count by their own age and counters."""

_COUNTED: Final = ("fh", "fc")
_CONTAINS: Final = ("CONTAINS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_OUT_OF_SERVICE: Final = frozenset({SerialStatus.IN_PRODUCTION, SerialStatus.SCRAPPED})
_DAY: Final = timedelta(days=1)

Moments = tuple[Utcs, int]
"""A unit, and a moment in microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class HardTime:
    """A unit of a part number that a task is performed on by the unit's own age and counters."""

    utcs: Utcs
    name: str
    part: str
    aircraft: Utcs | None
    position: str
    made_on: date | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the record says.

    Attributes:
        aircraft: The aircraft that are asked about and in service.
        tasks: The programme.
        on_board: What the aircraft have on board, of what tasks are performed on.
        applying: To what tasks apply of which a rule or a link says so.
        limited: Units with a limit to their life or between overhauls.
        units: Units with tasks that count by their own age and counters.
        standpoints: How units stand towards directives and bulletins.
        executions: What was done about tasks.
        stands: How far units were: at the moment asked about, and each time that something was done.
        utilisation: How fast aircraft are used.
    """

    moment: Moment
    aircraft: Sequence[Unit]
    tasks: Sequence[Planned]
    on_board: OnBoard
    applying: Applicability
    limited: Sequence[LifeLimited]
    units: Sequence[HardTime]
    standpoints: Sequence[Standpoint]
    executions: Executions
    stands: Mapping[Moments, Stand]
    utilisation: Mapping[Utcs, Utilisation]

    def executed(self, unit: Utcs) -> Mapping[str, Executed]:
        """Returns what was done about each task on a unit."""
        return self.executions.get(str(unit), {})

    def stand(self, unit: Utcs, moment: int) -> Stand:
        """Returns how far a unit was at a moment; its counters only if they were read."""
        found = self.stands.get((unit, moment))
        return Stand(from_micros(moment).date()) if found is None else found


async def find_record(
    graph: Graph, about: Utcs | None, moment: Moment, *, soon: Limits, window_days: int
) -> Record:
    """Returns what the record says of an aircraft or unit, with what is in it, or of the fleet.

    Raises:
        BadQuestionError: It is asked about what is no unit, or there is more than one question looks at.
        NotFoundError: The unit is not there then.
    """
    aircraft = await find_aircraft(graph, about, moment)
    tasks = await find_programme(graph, moment)
    if len(aircraft) * len(tasks) > MOST_PAIRS:
        raise BadQuestionError(
            f"about: {len(aircraft):,} aircraft and {len(tasks):,} tasks are more than the {MOST_PAIRS:,} "
            "pairs that are judged for one question; ask about one aircraft after the other",
            field="about",
        )
    ids = [one.utcs for one in aircraft]
    by_aircraft = [task for task in tasks if not task.is_hard_time]
    ruled = [task.utcs for task in tasks if task.is_limited]
    try:
        async with TaskGroup() as reads:  # side by side: none waits for what another reads
            life = reads.create_task(find_limited(graph, about, moment))
            demands = reads.create_task(_standpoints(graph, about, moment, soon))
            works = reads.create_task(find_executions(graph, set(map(str, ids)), moment))
            aboard = reads.create_task(find_on_board(graph, ids, by_aircraft, moment))
            rules = reads.create_task(applicability(graph, ruled, at=moment.at))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    limited, standpoints, executed = life.result(), demands.result(), works.result()
    units = await _units(graph, about, _unfolded(tasks, limited), moment)
    executed |= await find_executions(graph, {str(unit.utcs) for unit in units}, moment)
    carriers = {*ids, *_carriers(limited), *_carriers(units), *_carriers(standpoints)}
    stands, utilisation = await _counters(graph, carriers, units, executed, moment, window_days)
    return Record(
        moment=moment,
        aircraft=aircraft,
        tasks=tasks,
        on_board=aboard.result(),
        applying=rules.result(),
        limited=limited,
        units=units,
        standpoints=standpoints,
        executions=executed,
        stands=stands,
        utilisation=utilisation,
    )


async def find_aircraft(graph: Graph, about: Utcs | None, moment: Moment) -> list[Unit]:
    """Returns the aircraft that are asked about; without those that are still being built, or scrapped."""
    if about is not None:
        require_unit(about, field="about")
    page = Page(about, "", MOST_AIRCRAFT + 1)
    found = await find_units(graph, moment, page, ())
    if about is not None and not found:
        raise await not_there(graph, about, moment)
    if len(found) > MOST_AIRCRAFT:
        raise BadQuestionError(
            f"about: there are more than {MOST_AIRCRAFT:,} aircraft; ask about one after the other",
            field="about",
        )
    return [
        unit
        for unit in found
        if unit.utcs.kind == "aircraft"
        and isinstance(unit.thing, Serial)
        and unit.thing.status not in _OUT_OF_SERVICE
    ]


def fold(task: Planned, one: LifeLimited) -> bool:
    """Says whether a task does to a unit what the life limit of the unit demands of it anyway."""
    life = {limit.unit: limit.allowed for limit in one.limits if limit.of is LimitOf.LIFE}
    first = task.schedule.first
    demanded = {LimitUnit.FH: first.fh, LimitUnit.FC: first.fc, LimitUnit.DAYS: first.days}
    stated = {unit: value for unit, value in demanded.items() if value is not None}
    return task.is_hard_time and str(one.made_to) in task.parts and life == stated


def _unfolded(tasks: Iterable[Planned], limited: Iterable[LifeLimited]) -> set[str]:
    """Returns the part numbers of which units have tasks that their life limits do not tell of already."""
    by_part = {str(one.made_to): one for one in limited}
    return {
        part
        for task in tasks
        if task.properties.category in HARD_TIME
        for part in task.parts
        if part not in by_part or not fold(task, by_part[part])
    }


async def _units(
    graph: Graph, about: Utcs | None, parts: set[str], moment: Moment
) -> list[HardTime]:
    if not parts:
        return []
    asked: dict[str, Any] = {
        "parts": sorted(parts),
        "about": about and str(about),
        "unit_kinds": UNIT_KINDS,
        "limit": MOST_UNITS + 1,
    }
    row = await moment.ask(graph, units_text(moment), asked)
    found = row[0] if row else []
    if len(found) > MOST_UNITS:
        raise BadQuestionError(
            f"about: more than {MOST_UNITS:,} units have tasks of their own; ask about one aircraft",
            field="about",
        )
    return [
        HardTime(
            Utcs.parse(unit["utcs"]),
            unit["name"],
            part,
            Utcs.parse(place[0]) if place else None,
            ".".join(place[1]) if place else "",
            day(unit.get("manufactured_on")),
        )
        for unit, part, place in found
    ]


async def _standpoints(
    graph: Graph, about: Utcs | None, moment: Moment, soon: Limits
) -> list[Standpoint]:
    found: list[Standpoint] = []
    after: str | None = None
    while True:
        page = await compliance(graph, about, first=MAX_FIRST, after=after, soon=soon, at=moment.at)
        found += page.standpoints
        if (after := page.next) is None:
            return found


def _carriers(found: Iterable[LifeLimited | HardTime | Standpoint]) -> Iterator[Utcs]:
    return (one.aircraft for one in found if one.aircraft is not None)


async def _counters(
    graph: Graph,
    carriers: Iterable[Utcs],
    units: Iterable[HardTime],
    executions: Executions,
    moment: Moment,
    window_days: int,
) -> tuple[dict[Moments, Stand], dict[Utcs, Utilisation]]:
    """Returns how far units were at all moments that matter, and how fast aircraft are used."""
    marks = _marks(moment, window_days)
    aircraft = sorted(set(carriers))
    asked = {(one, mark) for one in aircraft for mark in marks}
    asked |= {(unit.utcs, moment.world) for unit in units}
    parsed = {str(one): one for one, _ in asked}
    for unit, by_task in executions.items():
        done = {ended for executed in set(by_task.values()) for ended, _ in executed.done}
        asked |= {(parsed[unit], ended) for ended in done}
    found: Mapping[Moments, Accrued] = {}
    if asked:
        found = await accrue(graph, asked, moment, counters=_COUNTED, is_since_overhaul=False)
    stands = {key: _stand(key[1], counted) for key, counted in found.items()}
    return stands, {
        one: _utilisation([stands.get((one, mark)) for mark in marks], window_days)
        for one in aircraft
    }


async def find_utilisation(
    graph: Graph, aircraft: Utcs, moment: Moment, window_days: int
) -> Utilisation:
    """Returns how fast one aircraft is used, as the due list has it."""
    marks = _marks(moment, window_days)
    asked = {(aircraft, mark) for mark in marks}
    found = await accrue(graph, asked, moment, counters=_COUNTED, is_since_overhaul=False)
    stands = [
        _stand(mark, found[aircraft, mark]) if (aircraft, mark) in found else None for mark in marks
    ]
    return _utilisation(stands, window_days)


def _marks(moment: Moment, window_days: int) -> list[int]:
    """Returns where the parts of a window begin, and its end."""
    part = window_days * _DAY // PARTS // timedelta(microseconds=1)
    return [moment.world - part * number for number in range(PARTS, -1, -1)]


def _stand(moment: int, counted: Accrued) -> Stand:
    fh, fc = map(_reading, counted.counters[:2])
    return Stand(from_micros(moment).date(), fh, fc)


def _reading(counted: Counted) -> Reading | None:
    if not counted.is_known:
        return None
    return Reading(counted.total, counted.declared is not None, counted.silent)


def _utilisation(stands: Sequence[Stand | None], window_days: int) -> Utilisation:
    found = Utilisation(window_days, {}, {})
    for unit, readings in (
        (LimitUnit.FH, [None if one is None else one.fh for one in stands]),
        (LimitUnit.FC, [None if one is None else one.fc for one in stands]),
    ):
        rate = rate_of(unit, readings, window_days)
        if isinstance(rate, str):
            found.gaps[unit] = rate
        else:
            found.rates[unit] = rate
    return found


def units_text(moment: Moment) -> str:
    """Returns the statement that lists units of some part numbers."""
    return fill(
        "due/units",
        instances=moment.types(_INSTANCE_OF),
        made_holds=moment.holds("made", _INSTANCE_OF),
        holds_row=moment.holds_row("row"),
        contains=moment.types(_CONTAINS),
        step_holds=moment.holds("step", _CONTAINS),
        carrier=carrier_text(moment),
        stale=fill("thing/stale"),
    )
