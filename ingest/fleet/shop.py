"""Removals in line maintenance, the component shop behind them, and the way back through stock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Final

from graph.model.engineering import Priority
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import ReleaseForm, WorkOrderCategory
from graph.model.operation import Usage, UsageCategory
from graph.model.product import SerialCondition, SerialStatus, UnitOfMeasure
from graph.model.resources import Stock, StockStatus
from ingest.fleet.agenda import LATEST, Agenda
from ingest.fleet.factory import Factory
from ingest.fleet.people import facility_id, tool_id
from ingest.fleet.statement import days, end, link, put, utcs
from ingest.fleet.tasks import publication_id
from ingest.fleet.unit import Airframe, Unit, moving, putting_in, taking_out
from ingest.fleet.words import DEFECTS
from ingest.fleet.workorder import Work, found, release_id

LIFE_LIMIT: Final = "life limit reached"
"""The reason that sends a unit to scrap."""

Path = tuple[str, ...]
"""The slots from the airframe down to a unit."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A unit to be exchanged for another, with the reason and what the order carries out."""

    airframe: Airframe
    path: Path
    reason: str
    is_scheduled: bool
    executes: tuple[Utcs, ...] = ()
    because: tuple[Utcs, ...] = ()
    fresh: Unit | None = None
    """What to install; a spare unless given."""
    is_lost: bool = False
    """Whether nobody writes down where the removed unit went."""


def holder(airframe: Airframe, path: Path) -> Airframe | Unit:
    """Returns what the last slot of a path is a slot of."""
    found_in: Airframe | Unit = airframe
    for slot in path[:-1]:
        found_in = found_in.units[slot]
    return found_in


def counted(unit: Unit, at: datetime) -> list[Fact]:
    """States the counters of a life-limited unit as they stand."""
    if unit.item.limit is None or unit.item.limit[1] == "D":
        return []
    usage = utcs("usage", f"USE-{unit.utcs.local}")
    properties = Usage(
        name=f"Usage of {unit.utcs.local}",
        category=UsageCategory.RECORDED,
        measured_at=at,
        total_fh=unit.fh(at),
        total_fc=unit.fc(at),
    )
    facts: list[Fact] = [put(usage, properties)]
    if not unit.is_counted:
        facts.append(link(usage, "COUNTS", unit.utcs))
        unit.is_counted = True
    return facts


class Shop:
    """Exchanges units and repairs what was taken out."""

    def __init__(self, factory: Factory, agenda: Agenda, random: Random, first: int) -> None:
        """Numbers its work orders from `first`."""
        self._factory = factory
        self._agenda = agenda
        self._random = random
        self._number = first

    def next_order(self) -> Utcs:
        """Returns the identifier of the next work order."""
        self._number += 1
        return utcs("workorder", f"WO-{self._number}")

    def exchange(self, exchange: Exchange, at: datetime) -> Iterator[Event]:
        """Yields the exchange of a unit, and sends what came out to the shop."""
        airframe, slot = exchange.airframe, exchange.path[-1]
        into = holder(airframe, exchange.path)
        item = into.units[slot].item
        fresh = exchange.fresh or (yield from self._factory.spare(item, at))
        work = self._line_work(exchange, into.units[slot], at)
        defect, severity = (exchange.reason, "minor")
        if not exchange.is_scheduled:
            defect, severity = self._random.choice(DEFECTS)
        caused = [link(work.utcs, "CAUSED_BY", cause) for cause in exchange.because]
        yield work.open(*caused)
        lies_at = "" if exchange.is_lost else airframe.station
        removed, facts = taking_out(into, slot, at, lies_at)
        facts += counted(removed, at)
        facts += self._issued(work, fresh)
        facts += putting_in(into, slot, fresh, at, work.utcs.local)
        facts += counted(fresh, at)
        facts += self._moved(work, exchange, removed, fresh, at)
        if not exchange.is_scheduled:
            facts += found(work, removed.utcs, defect, severity, at)
        what = f"Exchanged {removed.utcs.local} for {fresh.utcs.local}: {defect}."
        yield work.perform(what, *facts)
        yield work.release(ReleaseForm.CRS, what)
        if not exchange.is_lost:
            ships = at + days(self._random.uniform(2, 5))
            is_spent = exchange.reason == LIFE_LIMIT
            self._agenda.add(ships, partial(self._repair, removed, defect, is_spent))

    def _line_work(self, exchange: Exchange, unit: Unit, at: datetime) -> Work:
        return Work(
            utcs=self.next_order(),
            title=f"{exchange.airframe.utcs.local}: exchange {unit.item.noun} {exchange.path[-1]}",
            category=WorkOrderCategory.REMOVAL,
            station=exchange.airframe.station,
            on=exchange.airframe.utcs,
            opened=at - days(self._random.uniform(0.3, 1.5)),
            ended=at,
            hours=self._random.uniform(1.5, 6),
            executes=exchange.executes,
            technician=self._random.randrange(2, 6),
            priority=Priority.MEDIUM if exchange.is_scheduled else Priority.HIGH,
        )

    def _moved(
        self, work: Work, exchange: Exchange, removed: Unit, fresh: Unit, at: datetime
    ) -> list[Fact]:
        """States the same on the side of the work order: what it took out and put in, and how."""
        return [
            link(
                work.utcs,
                "REMOVES",
                removed.utcs,
                reason=exchange.reason,
                is_scheduled=exchange.is_scheduled,
                position=".".join(exchange.path),
                total_fh=removed.fh(at),
                total_fc=removed.fc(at),
            ),
            link(work.utcs, "INSTALLS", fresh.utcs, total_fh=fresh.fh(at), total_fc=fresh.fc(at)),
            link(work.utcs, "FOLLOWS", publication_id(removed.item, "520A")),
            link(work.utcs, "USES", tool_id(work.station, self._random.randrange(3))),
        ]

    def _issued(self, work: Work, unit: Unit) -> list[Fact]:
        """States that a unit left the stock, if it was in stock."""
        if unit.stock is None:
            return []
        stock, unit.stock = unit.stock, None
        return [
            put(stock, _stock(stock, unit, 0)),
            end(stock, "CONSISTS_OF", unit.utcs),
            link(work.utcs, "CONSUMES", stock, quantity=1),
        ]

    def _repair(self, unit: Unit, defect: str, is_spent: bool, at: datetime) -> Iterator[Event]:
        """Yields the arrival of a unit in the shop; it leaves it some weeks later, if ever."""
        ended = at + days(self._random.uniform(10, 35))
        work = Work(
            utcs=self.next_order(),
            title=f"Shop visit of {unit.utcs.local}: {defect}",
            category=WorkOrderCategory.REPAIR,
            station="SHOP",
            on=unit.utcs,
            opened=at,
            ended=ended,
            hours=self._random.uniform(4, 40),
            technician=self._random.randrange(2, 6),
        )
        condition = SerialCondition.UNSERVICEABLE
        in_shop = put(unit.utcs, unit.properties(SerialStatus.IN_SHOP, condition))
        yield work.open(*moving(unit, "SHOP"), in_shop)
        if ended < LATEST:
            is_scrap = is_spent or self._random.random() < 0.04
            leave = self._scrap if is_scrap else self._return
            self._agenda.add(ended, partial(leave, unit, work))

    def _scrap(self, unit: Unit, work: Work, at: datetime) -> Iterator[Event]:
        what = "Beyond economical repair or life; mutilated and scrapped."
        condition = SerialCondition.BEYOND_REPAIR
        yield work.perform(what, put(unit.utcs, unit.properties(SerialStatus.SCRAPPED, condition)))

    def _return(self, unit: Unit, work: Work, at: datetime) -> Iterator[Event]:
        """Yields the repair, its certificate and the unit's receipt into stock."""
        what = "Disassembled, repaired, tested to the component manual."
        yield work.perform(what, *self._consumed(unit, work))
        stock = unit.stock = utcs("stock", f"ST-{work.utcs.local}")
        certificate = release_id(work, ReleaseForm.EASA_FORM_1)
        repaired = unit.properties(SerialStatus.IN_STOCK, SerialCondition.REPAIRED)
        facts = [
            put(unit.utcs, repaired),
            link(unit.utcs, "CERTIFIED_BY", certificate),
            put(stock, _stock(stock, unit, 1)),
            link(stock, "INSTANCE_OF", unit.part),
            link(stock, "CONSISTS_OF", unit.utcs),
            link(stock, "LOCATED_IN", facility_id("SHOP")),
            link(stock, "CERTIFIED_BY", certificate),
        ]
        yield work.release(ReleaseForm.EASA_FORM_1, what, *facts)
        self._factory.keep(unit, at + days(2))

    def _consumed(self, unit: Unit, work: Work) -> list[Fact]:
        detail = utcs("part", f"H2-{unit.item.key}-D001")
        return [
            link(work.utcs, "CONSUMES", detail, quantity=self._random.randrange(1, 4)),
            link(work.utcs, "USES", tool_id("SHOP", self._random.randrange(7))),
        ]

    def part_changed(self, unit: Unit, dash: str) -> list[Fact]:
        """States that a modification gave a unit another part number; it stays the same unit."""
        old, unit.dash = unit.part, dash
        unit.mod_status = f"post MOD-{unit.item.chapter}-{unit.item.key}"
        in_service = unit.properties(SerialStatus.IN_SERVICE, SerialCondition.SERVICEABLE)
        return [
            end(unit.utcs, "INSTANCE_OF", old),
            link(unit.utcs, "INSTANCE_OF", unit.part),
            put(unit.utcs, in_service),
        ]


def _stock(stock: Utcs, unit: Unit, quantity: int) -> Stock:
    return Stock(
        name=f"{unit.item.noun} {unit.utcs.local} in stock",
        number=stock.local,
        quantity=quantity,
        unit_of_measure=UnitOfMeasure.EACH,
        bin=f"{unit.item.chapter}-{unit.item.key}",
        condition=SerialCondition.REPAIRED,
        owner="AMPEL360 Services",
        status=StockStatus.AVAILABLE if quantity else StockStatus.ISSUED,
    )
