"""How each aircraft complies: directives done in time, bulletins embodied, STCs installed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from random import Random

from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import ReleaseForm, WorkOrderCategory
from ingest.fleet import faults
from ingest.fleet.agenda import Agenda
from ingest.fleet.change import (
    DIRECTIVES,
    RETROFITTED,
    Notice,
    bulletin_date,
    bulletin_id,
    directive_task,
    modification_id,
    stc_id,
)
from ingest.fleet.shop import Shop
from ingest.fleet.statement import AMOS, CERTIFIED, days, link
from ingest.fleet.unit import Airframe, Unit
from ingest.fleet.workorder import Work


class Compliance:
    """Enters what each aircraft owes into the calendar, and does it."""

    def __init__(self, shop: Shop, agenda: Agenda, random: Random) -> None:
        """Numbers its work orders with the shop's."""
        self._shop = shop
        self._agenda = agenda
        self._random = random

    def owe(self, airframe: Airframe) -> None:
        """Enters every directive, bulletin and STC that an aircraft will meet."""
        for notice in DIRECTIVES:
            applies = max(notice.effective, airframe.delivered + days(1))
            self._agenda.add(applies, partial(self._applies, airframe, notice))
            if (notice.utcs.local, airframe.utcs.local) != faults.OPEN_DIRECTIVE_ON:
                done = applies + days(notice.threshold_days * self._random.uniform(0.2, 0.8))
                self._agenda.add(done, partial(self._comply, airframe, notice))
        for key in RETROFITTED:
            after = max(bulletin_date(key), airframe.delivered) + days(
                self._random.uniform(60, 600)
            )
            self._agenda.add(after, partial(self._embody, airframe, key))
        for number in (1, 2):
            after = max(CERTIFIED + days(400 * number), airframe.delivered) + days(120)
            if self._random.random() < 0.4:
                self._agenda.add(after, partial(self._supplement, airframe, number))

    def _applies(self, airframe: Airframe, notice: Notice, at: datetime) -> Iterator[Event]:
        id = f"applies-{notice.utcs.local}-{airframe.msn}"
        yield AMOS.event(id, at, [link(airframe.utcs, "SUBJECT_TO", notice.utcs)])

    def _work(
        self, airframe: Airframe, title: str, executes: tuple[Utcs, ...], at: datetime
    ) -> Work:
        return Work(
            utcs=self._shop.next_order(),
            title=f"{airframe.utcs.local}: {title}",
            category=WorkOrderCategory.MODIFICATION,
            station=airframe.station,
            on=airframe.utcs,
            opened=at - days(1),
            ended=at,
            hours=4,
            executes=executes,
            technician=self._random.randrange(2, 6),
        )

    def _done(self, work: Work, what: str, *facts: Fact) -> Iterator[Event]:
        yield work.open()
        yield work.perform(what, *facts)
        yield work.release(ReleaseForm.CRS, what)

    def _comply(self, airframe: Airframe, notice: Notice, at: datetime) -> Iterator[Event]:
        """Yields compliance; a recurring directive is due again, and done again in time."""
        executes = (notice.utcs, directive_task(notice)) if notice.interval_fh else (notice.utcs,)
        work = self._work(airframe, f"AD {notice.number}", executes, at)
        fh = airframe.fh(at)
        complied = link(
            airframe.utcs,
            "COMPLIES_WITH",
            notice.utcs,
            total_fh=fh,
            total_fc=airframe.fc(at),
            reference=work.utcs.local,
            method=notice.action,
            is_terminating=notice.interval_fh is None,
            next_due_fh=fh + notice.interval_fh if notice.interval_fh else None,
        )
        yield from self._done(work, notice.action, complied)
        if notice.interval_fh:
            again = airframe.when(fh + 0.9 * notice.interval_fh)
            self._agenda.add(again, partial(self._comply, airframe, notice))

    def _embody(self, airframe: Airframe, key: str, at: datetime) -> Iterator[Event]:
        """Yields the embodiment of a bulletin: units of the first part number become the second."""
        units = [
            unit
            for top in airframe.units.values()
            for unit in top.all()
            if unit.item.key == key and unit.dash == "01"
        ]
        if not units:
            return
        work = self._work(airframe, bulletin_id(key).local, (bulletin_id(key),), at)
        facts = [
            link(
                airframe.utcs,
                "EMBODIES",
                bulletin_id(key),
                total_fh=airframe.fh(at),
                total_fc=airframe.fc(at),
                reference=work.utcs.local,
            )
        ]
        for unit in units:
            facts += self._modified(unit, key, work, at)
        yield from self._done(work, f"{modification_id(key).local} embodied.", *facts)

    def _modified(self, unit: Unit, key: str, work: Work, at: datetime) -> list[Fact]:
        embodied = link(
            unit.utcs,
            "EMBODIES",
            modification_id(key),
            total_fh=unit.fh(at),
            total_fc=unit.fc(at),
            reference=work.utcs.local,
        )
        return [embodied, *self._shop.part_changed(unit, "02")]

    def _supplement(self, airframe: Airframe, number: int, at: datetime) -> Iterator[Event]:
        stc = stc_id(number)
        work = self._work(airframe, stc.local, (stc,), at)
        embodied = link(airframe.utcs, "EMBODIES", stc, reference=work.utcs.local)
        yield from self._done(work, f"{stc.local} embodied.", embodied)
