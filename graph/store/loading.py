"""How busy are the bases? What is planned and reserved at each, day by day, against what it can do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.loading import HOURS_A_PERSON, Job, Load, loads
from graph.model.maintenance import WorkOrder
from graph.model.opening import Base, Occupied
from graph.model.time import Coordinates, from_micros
from graph.model.work import ENDED
from graph.store.bases import find_bases, find_reserved
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import bounded
from graph.store.text import fill
from graph.store.windows import DAYS, MOST_DAYS

MOST_JOBS: Final = 10_000
"""So many work orders are looked at for one question."""

_TAKES_PLACE: Final = ("TAKES_PLACE_AT",)
_WORKS_ON: Final = ("WORKS_ON",)


@dataclass(frozen=True, slots=True)
class BaseLoad:
    """How busy a base is.

    Attributes:
        days: Day by day.
        unplanned: The work orders there that nobody planned for a time.
        unstated: The work orders there that do not say what labour they take.
    """

    base: Base
    days: tuple[Load, ...]
    unplanned: tuple[Utcs, ...]
    unstated: tuple[Utcs, ...]


async def resource_loading(
    graph: Graph,
    *,
    days: int = DAYS,
    hours_a_person: Decimal = HOURS_A_PERSON,
    at: Coordinates = CURRENT,
) -> tuple[BaseLoad, ...]:
    """Returns how busy each base is, from the day of the moment on.

    Raises:
        BadQuestionError: A number is wrong, or there are too many work orders.
    """
    bounded("days", days, MOST_DAYS)
    if not (hours_a_person.is_finite() and 0 < hours_a_person <= 24):
        raise BadQuestionError(
            f"hours_a_person: {plain(hours_a_person)} is out of bounds; give more than 0, at most 24",
            field="hours_a_person",
        )
    moment = Moment.of(graph, at)
    since = from_micros(moment.world)
    bases = await find_bases(graph, moment)
    jobs = await _find_jobs(graph, bases, moment)
    kept: defaultdict[Utcs, list[Occupied]] = defaultdict(list)
    for one in await find_reserved(
        graph, bases, _midnight(since), since + timedelta(days=days), moment
    ):
        kept[one.occupied.base].append(one.occupied)
    asked = [moment.day + timedelta(days=number) for number in range(days)]
    return tuple(
        BaseLoad(
            base,
            tuple(loads(base, jobs[base.utcs], kept[base.utcs], asked, hours_a_person)),
            tuple(
                job.id for job in jobs[base.utcs] if job.starts_at is None or job.ends_at is None
            ),
            tuple(job.id for job in jobs[base.utcs] if job.labour_h is None),
        )
        for base in bases
    )


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


async def _find_jobs(
    graph: Graph, bases: tuple[Base, ...], moment: Moment
) -> defaultdict[Utcs, list[Job]]:
    asked = {
        "facilities": [str(base.utcs) for base in bases],
        "ended": sorted(ENDED),
        "limit": MOST_JOBS + 1,
    }
    row = await moment.ask(graph, planned_text(moment), asked) if bases else None
    found = row[0] if row else []
    if len(found) > MOST_JOBS:
        raise BadQuestionError(
            f"days: more than {MOST_JOBS:,} work orders at the bases are not ended; close what is done",
            field="days",
        )
    jobs: defaultdict[Utcs, list[Job]] = defaultdict(list)
    for base, stored, units in found:
        jobs[Utcs.parse(base)].append(_job(stored, units))
    return jobs


def _job(stored: dict[str, Any], units: list[str]) -> Job:
    order = read_as(WorkOrder, stored)
    return Job(
        id=Utcs.parse(stored["utcs"]),
        on=Utcs.parse(units[0]) if units else None,
        starts_at=order.started_at or order.planned_start_at,
        ends_at=order.planned_end_at,
        labour_h=order.estimated_h,
    )


def planned_text(moment: Moment) -> str:
    """Returns the statement that lists the work orders of bases."""
    return fill(
        "fleet/planned",
        takes_place=moment.types(_TAKES_PLACE),
        takes_holds=moment.holds("place", _TAKES_PLACE),
        works_on=moment.types(_WORKS_ON),
        works_holds=moment.holds("link", _WORKS_ON),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
