"""Where units come from: made in the factory, or taken from the pool of repaired ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator
from datetime import datetime
from random import Random
from typing import Final

from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import CertificateStatus, Release, ReleaseForm, ReleaseWork
from graph.model.product import Batch, BatchStatus, SerialCondition, SerialStatus, UnitOfMeasure
from ingest.fleet import faults
from ingest.fleet.catalogue import Item, children
from ingest.fleet.people import facility_id, person_id
from ingest.fleet.product import ALTERNATE, SOFTWARE_ITEMS
from ingest.fleet.statement import MES, days, link, put, stream, utcs
from ingest.fleet.unit import Unit

LEAD_DAYS: Final = 40
"""How long before its installation a new unit is finished."""

MAKERS: Final = {"01X": "9S3AL", faults.UNAPPROVED_DASH: "9H4RD"}
"""Who makes the part numbers that are not the item's own maker's."""

_BATCHED: Final = ("BLADE", "STACK", "SQUIB", "O2GEN")
_BATCH_SIZE: Final = 24


class Factory:
    """Makes units with serial numbers that no other cohort gives, and keeps the pool of spares."""

    def __init__(self, seed: int, cohort: int) -> None:
        """Starts with an empty pool."""
        self._random: Random = stream(seed, "factory", cohort)
        self._first = cohort * 400 * _BATCH_SIZE  # so that no batch is shared by two cohorts
        self._made: dict[str, int] = defaultdict(int)
        self._pool: dict[str, list[tuple[datetime, Unit]]] = defaultdict(list)

    def keep(self, unit: Unit, from_when: datetime) -> None:
        """Puts a repaired unit into the pool, to be taken from a moment on."""
        self._pool[unit.item.key].append((from_when, unit))

    def spare(self, item: Item, at: datetime) -> Generator[Event, None, Unit]:
        """Returns a unit to install: one from the pool that may fly for a while, or a new one."""
        waiting = self._pool[item.key]
        for number, (ready, unit) in enumerate(waiting):
            ends = unit.made + days(item.limit[0]) if item.limit and item.limit[1] == "D" else None
            if ready < at and (ends is None or ends > at + days(200)):
                del waiting[number]
                return unit
        dash = "01X" if item.key in ALTERNATE and self._random.random() < 0.4 else "01"
        return (yield from self.make(item, at, dash))

    def make(self, item: Item, at: datetime, dash: str = "01") -> Generator[Event, None, Unit]:
        """Makes a unit with all that is in it, finished some weeks before it is needed."""
        finished = at - days(LEAD_DAYS + self._random.uniform(0, 20))
        return (yield from self._finish(item, finished, dash))

    def _finish(self, item: Item, at: datetime, dash: str) -> Generator[Event, None, Unit]:
        unit = self._numbered(item, at, dash)
        facts = self._born(unit)
        facts += [link(unit.utcs, "LOCATED_IN", facility_id(unit.lies_at))]
        yield from self._batches(unit)
        yield MES.event(f"made-{unit.utcs.local}", at, facts)
        return unit

    def _numbered(self, item: Item, at: datetime, dash: str) -> Unit:
        self._made[item.key] += 1
        number = self._made[item.key] + self._first
        cage = MAKERS.get(dash, item.maker)
        return Unit(utcs("serial", f"{item.key}-{number:05d}"), item, dash, at, cage, "FACT")

    def _born(self, unit: Unit) -> list[Fact]:
        """States a new unit, and those that are built into it at the same time."""
        state = unit.properties(SerialStatus.IN_STOCK, SerialCondition.NEW)
        facts: list[Fact] = [
            put(unit.utcs, state),
            link(unit.utcs, "INSTANCE_OF", unit.part),
        ]
        if unit.item.key in SOFTWARE_ITEMS:
            facts.append(link(unit.utcs, "LOADED_WITH", utcs("software", f"SW-{unit.item.key}")))
        if unit.item.key in _BATCHED:
            facts.append(link(unit.utcs, "FROM_BATCH", _batch_of(unit)))
        if unit.item.limit and unit.item.limit[1] != "D":
            facts += _certified(unit)
            forging = utcs("batch", f"B1-{unit.item.key}-D001")
            facts.append(link(unit.utcs, "MADE_FROM", forging, quantity=1))
        for child in children(unit.item.key):
            for slot in child.slots.split():
                facts += self._built_in(unit, child, f"{child.key}-{slot}")
        return facts

    def _built_in(self, parent: Unit, item: Item, slot: str) -> list[Fact]:
        child = self._numbered(item, parent.made, "01")
        facts = self._born(child)
        child.lies_at, parent.units[slot] = "", child
        return [*facts, link(parent.utcs, "CONTAINS", child.utcs, slot, total_fh=0, total_fc=0)]

    def _batches(self, unit: Unit) -> Iterator[Event]:
        """Yields the batches that a unit, or one built into it, is the first of."""
        for made in unit.all():
            number = int(made.utcs.local.rpartition("-")[2]) - self._first
            if made.item.key in _BATCHED and (number - 1) % _BATCH_SIZE == 0:
                yield self._batch(made)

    def _batch(self, unit: Unit) -> Event:
        batch, at = _batch_of(unit), unit.made
        properties = Batch(
            name=f"Batch {batch.local}",
            number=batch.local,
            cage=unit.cage,
            quantity=_BATCH_SIZE,
            unit_of_measure=UnitOfMeasure.EACH,
            certificate=f"CoC-{batch.local}",
            manufactured_on=(at - days(120)).date(),
            status=BatchStatus.RELEASED,
        )
        # Units with later numbers are finished up to 70 days before the first one of the batch.
        facts = [put(batch, properties), link(batch, "INSTANCE_OF", unit.part)]
        return MES.event(f"batch-{batch.local}", at - days(120), facts)


def _batch_of(unit: Unit) -> Utcs:
    """Names the batch of a unit by the number of its first one."""
    number = int(unit.utcs.local.rpartition("-")[2])
    return utcs("batch", f"B-{unit.item.key}-{number - (number - 1) % _BATCH_SIZE:05d}")


def _certified(unit: Unit) -> list[Fact]:
    """States the authorised release certificate that a life-limited unit is born with."""
    release = utcs("release", f"F1-{unit.utcs.local}")
    properties = Release(
        name=f"EASA Form 1 of {unit.utcs.local}, new",
        number=release.local,
        form=ReleaseForm.EASA_FORM_1,
        authority="EASA",
        organisation=unit.cage,
        approval_number=f"EASA.21G.{unit.cage}",
        quantity=1,
        work=ReleaseWork.NEW,
        statement="Approved design data; in condition for safe operation (block 13a).",
        status=CertificateStatus.VALID,
        issued_at=unit.made,
    )
    certifier = person_id("FACT", 0)
    return [
        put(release, properties),
        link(release, "SIGNED_BY", certifier, "certified", signed_at=unit.made),
        link(unit.utcs, "CERTIFIED_BY", release),
    ]
