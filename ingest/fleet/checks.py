"""Scheduled checks: A checks each 600 flight hours, every fourth a C check, with what they find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from random import Random

from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import (
    Deferral,
    DeferralCategory,
    DeferralStatus,
    FindingStatus,
    ReleaseForm,
    TaskCategory,
    Window,
    WindowCategory,
    WindowStatus,
    WorkOrderCategory,
)
from ingest.fleet.agenda import LATEST, Agenda
from ingest.fleet.health import read_at_check
from ingest.fleet.people import person_id, tool_id
from ingest.fleet.shop import Shop
from ingest.fleet.statement import OPS, days, link, put, utcs
from ingest.fleet.tasks import A_CHECK_FH, C_CHECK_FH, programme_tasks
from ingest.fleet.unit import Airframe, Unit
from ingest.fleet.words import DEFECTS
from ingest.fleet.workorder import Work, finding, found

EARLY_FH = 15
"""Checks are done so many flight hours before they fall due."""


def check_tasks(is_heavy: bool) -> tuple[Utcs, ...]:
    """Returns the tasks of an A check, or of a C check, which does those of an A check too."""
    intervals = (A_CHECK_FH, C_CHECK_FH) if is_heavy else (A_CHECK_FH,)
    return tuple(
        planned.utcs
        for planned in programme_tasks()
        if planned.properties.category is not TaskCategory.DISCARD
        and planned.properties.interval_fh in intervals
    )


class Checks:
    """Calls each aircraft in when its checks fall due."""

    def __init__(self, shop: Shop, agenda: Agenda, random: Random) -> None:
        """Numbers its work orders with the shop's."""
        self._shop = shop
        self._agenda = agenda
        self._random = random

    def call_in(self, airframe: Airframe, number: int) -> None:
        """Enters the next check of an aircraft into the calendar."""
        due = airframe.when((A_CHECK_FH - EARLY_FH) * number)
        self._agenda.add(due, partial(self._check, airframe, number))

    def _check(self, airframe: Airframe, number: int, at: datetime) -> Iterator[Event]:
        is_heavy = number % (C_CHECK_FH // A_CHECK_FH) == 0
        name = f"{airframe.utcs.local}: {'C' if is_heavy else 'A'} check {number}"
        work = Work(
            utcs=self._shop.next_order(),
            title=name,
            category=WorkOrderCategory.SCHEDULED,
            station=airframe.station,
            on=airframe.utcs,
            opened=at - days(2),
            ended=at,
            hours=160 if is_heavy else 40,
            executes=check_tasks(is_heavy),
            technician=self._random.randrange(2, 6),
        )
        window = utcs("window", f"WIN-{airframe.msn}-{number}")
        yield self._window(airframe, window, work, is_heavy)
        yield read_at_check(airframe, number, at)
        yield work.open(link(work.utcs, "SCHEDULED_IN", window))
        yield work.perform(f"{len(work.executes)} tasks done.", *self._seen(airframe, work))
        yield work.release(ReleaseForm.CRS, f"{len(work.executes)} tasks done.")
        self.call_in(airframe, number + 1)

    def _window(self, airframe: Airframe, window: Utcs, work: Work, is_heavy: bool) -> Event:
        properties = Window(
            name=f"Ground time for {work.title}",
            category=WindowCategory.BASE_CHECK if is_heavy else WindowCategory.OVERNIGHT,
            station=airframe.station,
            starts_at=work.ended - days(work.hours / 24),
            ends_at=work.ended + days(0.2),
            capacity_h=round(work.hours * 1.5),
            status=WindowStatus.USED,
        )
        facts = [put(window, properties), link(window, "GROUNDS", airframe.utcs)]
        return OPS.event(f"window-{window.local}", work.opened - days(9), facts)

    def _seen(self, airframe: Airframe, work: Work) -> list[Fact]:
        """States what a check found: up to three findings, some put off to a later day."""
        facts: list[Fact] = [link(work.utcs, "USES", tool_id(work.station, 3))]
        for number in range(1, 1 + self._random.randrange(4)):
            unit = self._random.choice([*airframe.units.values()])
            text, severity = self._random.choice(DEFECTS)
            is_deferred = self._may_wait(airframe, work, severity)
            status = FindingStatus.DEFERRED if is_deferred else FindingStatus.RECTIFIED
            facts += found(work, unit.utcs, text, severity, work.ended, status, number)
            if is_deferred:
                thing = utcs("finding", f"FND-{work.utcs.local[3:]}-{number}")
                facts += self._deferred(work, thing, unit, text)
        return facts

    def _may_wait(self, airframe: Airframe, work: Work, severity: str) -> bool:
        """Says whether a finding is put off; MSN 10001 ends the story with none open."""
        is_wanted = severity == "minor" and self._random.random() < 0.3
        return is_wanted and (airframe.number > 0 or work.ended + days(10) < LATEST)

    def _deferred(self, work: Work, thing: Utcs, unit: Unit, text: str) -> list[Fact]:
        deferral = utcs("deferral", f"DEF-{thing.local[4:]}")
        state = partial(_deferral, deferral, text, work.ended)
        done = work.ended + days(self._random.uniform(3, 9))
        self._agenda.add(done, partial(self._mended, work, thing, unit, text))
        return [
            put(deferral, state(None)),
            link(deferral, "DEFERS", thing),
            link(deferral, "ABOUT", unit.utcs),
            link(
                deferral,
                "SIGNED_BY",
                person_id(work.station, 0),
                "approved",
                signed_at=work.ended,
            ),
        ]

    def _mended(
        self, earlier: Work, thing: Utcs, unit: Unit, text: str, at: datetime
    ) -> Iterator[Event]:
        """Yields the work that ends a deferral within its limit."""
        deferral = utcs("deferral", f"DEF-{thing.local[4:]}")
        work = Work(
            utcs=self._shop.next_order(),
            title=f"Rectify {thing.local}: {text}",
            category=WorkOrderCategory.UNSCHEDULED,
            station=earlier.station,
            on=earlier.on,
            opened=at - days(0.5),
            ended=at,
            hours=2,
            technician=self._random.randrange(2, 6),
        )
        yield work.open(link(work.utcs, "RESOLVES", deferral), link(work.utcs, "RESOLVES", thing))
        rectified = finding(thing, text, "minor", earlier.ended, FindingStatus.CLOSED)
        closed = _deferral(deferral, text, earlier.ended, at)
        yield work.perform(f"Rectified: {text}.", put(thing, rectified), put(deferral, closed))
        yield work.release(ReleaseForm.CRS, f"Rectified: {text}.")


def _deferral(thing: Utcs, text: str, opened: datetime, closed: datetime | None) -> Deferral:
    return Deferral(
        name=f"Deferred: {text}",
        number=thing.local,
        category=DeferralCategory.MEL_C,
        reference="MEL C, ten days",
        reason="No spare at the station.",
        restrictions="None.",
        limit_days=10,
        status=DeferralStatus.CLOSED if closed else DeferralStatus.OPEN,
        opened_at=opened,
        due_at=opened + days(10),
        closed_at=closed,
    )
