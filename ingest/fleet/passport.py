"""What the passport of DPP-H2-001 answers for: its open work order, and the part it will use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from graph.model.alias import Alias
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import (
    CertificateStatus,
    Release,
    ReleaseForm,
    ReleaseWork,
    Window,
    WindowCategory,
    WindowStatus,
    WorkOrderCategory,
    WorkOrderStatus,
)
from graph.model.product import (
    Batch,
    BatchStatus,
    Criticality,
    Part,
    PartCategory,
    PartStatus,
    SerialCondition,
    UnitOfMeasure,
)
from graph.model.resources import Labour, Shift, Stock, StockStatus
from ingest.fleet.design import design_id
from ingest.fleet.people import facility_id, person_id, tool_id
from ingest.fleet.product import part_id, supplier_id
from ingest.fleet.sources import WEEK_PLAN
from ingest.fleet.statement import AMOS, CERTIFIED, ERP, NOW, OPS, PLM, days, link, put, utcs
from ingest.fleet.unit import Airframe
from ingest.fleet.workorder import Work

WORK_ORDER: Final = utcs("workorder", "WO-54321")
PART: Final = utcs("part", "DPP-PART-123")
STOCK: Final = utcs("stock", "ST-DPP-PART-123")

_BATCH: Final = utcs("batch", "B-DPP-PART-123")
_CERTIFICATE: Final = utcs("release", "F1-DPP-PART-123")
_STATION: Final = "MUC"
_EXPIRES: Final = date(2029, 5, 31)
_CAGE: Final = "9S3AL"


def passport(airframe: Airframe) -> Iterator[Event]:
    """Yields the open inspection of an aircraft, and the certified part in stock for it."""
    yield _part()
    yield _received()
    yield from _inspection(airframe)


def _part() -> Event:
    properties = Part(
        name="Vaporiser inlet filter cartridge",
        number=PART.local,
        revision="B",
        cage=_CAGE,
        ata_chapter="28-31",
        category=PartCategory.CONSUMABLE,
        unit_of_measure=UnitOfMeasure.EACH,
        mass_kg="0.42",
        material="316L mesh",
        criticality=Criticality.SECONDARY,
        is_serialised=False,
        is_life_limited=False,
        shelf_life_days=1825,
        lead_time_days=21,
        unit_cost_eur="186.5",
        status=PartStatus.ACTIVE,
        aliases=(Alias("dpp", PART.local),),
    )
    facts = [
        put(PART, properties),
        link(PART, "REALISES", design_id("VAPOR")),
        link(PART, "SUPPLIED_BY", supplier_id(_CAGE), is_preferred=True),
        link(part_id("VAPOR"), "HAS_COMPONENT", PART, "F010", quantity=1),
    ]
    return PLM.event(f"part-{PART.local}", CERTIFIED - days(300), facts)


def _received() -> Event:
    """States a batch of the part received into stock, with its certificate."""
    at = NOW - days(190)
    batch = Batch(
        name=f"Batch of {PART.local}",
        number="24-0601",
        cage=_CAGE,
        quantity=12,
        unit_of_measure=UnitOfMeasure.EACH,
        certificate=_CERTIFICATE.local,
        manufactured_on=date(2024, 6, 1),
        expires_on=_EXPIRES,
        status=BatchStatus.RELEASED,
    )
    certificate = Release(
        name=f"EASA Form 1 of batch 24-0601, {PART.local}",
        number=_CERTIFICATE.local,
        form=ReleaseForm.EASA_FORM_1,
        authority="EASA",
        organisation="Seal and Bearing Sömmerda",
        approval_number=f"EASA.21G.{_CAGE}",
        quantity=12,
        work=ReleaseWork.NEW,
        statement="Approved design data; in condition for safe operation (block 13a).",
        status=CertificateStatus.VALID,
        issued_at=at - days(20),
    )
    facts = [
        put(_CERTIFICATE, certificate),
        link(_CERTIFICATE, "SIGNED_BY", person_id("FACT", 0), "certified", signed_at=at - days(20)),
        put(_BATCH, batch),
        link(_BATCH, "INSTANCE_OF", PART),
        link(_BATCH, "CERTIFIED_BY", _CERTIFICATE),
        put(STOCK, _stock(reserved=0)),
        link(STOCK, "INSTANCE_OF", PART),
        link(STOCK, "FROM_BATCH", _BATCH),
        link(STOCK, "LOCATED_IN", facility_id(_STATION)),
        link(STOCK, "CERTIFIED_BY", _CERTIFICATE),
    ]
    return ERP.event(f"receipt-{STOCK.local}", at, facts)


def _stock(reserved: int) -> Stock:
    return Stock(
        name=f"{PART.local} at {_STATION}",
        number=STOCK.local,
        quantity=12,
        reserved_quantity=reserved,
        minimum_quantity=4,
        unit_of_measure=UnitOfMeasure.EACH,
        bin="28-31-F",
        condition=SerialCondition.NEW,
        owner="AMPEL360 Services",
        status=StockStatus.AVAILABLE,
        received_on=(NOW - days(190)).date(),
        expires_on=_EXPIRES,
    )


def _inspection(airframe: Airframe) -> Iterator[Event]:
    """Yields the work order: opened, planned into a window, done and signed, not yet completed."""
    work = Work(
        utcs=WORK_ORDER,
        title=f"{airframe.utcs.local}: scheduled inspection of the hydrogen vaporisers",
        category=WorkOrderCategory.INSPECTION,
        station=_STATION,
        on=airframe.utcs,
        opened=NOW - days(7),
        ended=NOW - days(0.1),
        hours=4,
        executes=(utcs("task", "TASK-VAPOR-DET"),),
        technician=2,
    )
    window = utcs("window", "WIN-WO-54321")
    yield _window(airframe, window, work)
    yield work.open(
        link(work.utcs, "RESERVES", STOCK, quantity=1),
        put(STOCK, _stock(reserved=1)),
        link(work.utcs, "SCHEDULED_IN", window),
        link(work.utcs, "SCHEDULED_IN", WEEK_PLAN),
        link(work.utcs, "USES", tool_id(_STATION, 3)),
    )
    yield _shift(work)
    facts = [
        *_worked(work),
        put(work.utcs, work.properties(WorkOrderStatus.IN_WORK)),
        work.signed("performed", 2, work.ended),
        work.signed("inspected", 1, work.ended + days(0.02)),
        work.signed("certified", 0, work.ended + days(0.04)),
    ]
    if airframe.last_flight:
        facts.append(link(window, "BOUNDED_BY", airframe.last_flight))
    worker = person_id(_STATION, 2).local
    yield AMOS.event(f"{work.utcs.local}-signed", work.ended, facts, actor=worker)


def _shift(work: Work) -> Event:
    """States the shift in which the inspection is done."""
    thing, worker = utcs("shift", "SHIFT-WO-54321"), person_id(_STATION, work.technician)
    starts = work.ended - days(0.25)
    properties = Shift(
        name=f"Day shift of {worker.local}",
        number="day",
        starts_at=starts,
        ends_at=starts + days(0.3),
    )
    facts = [
        put(thing, properties),
        link(thing, "ASSIGNED_TO", worker),
        link(thing, "TAKES_PLACE_AT", facility_id(_STATION)),
    ]
    return AMOS.event(f"shift-{thing.local}", work.opened, facts)


def _worked(work: Work) -> list[Fact]:
    """States the hours that the inspection took."""
    thing = utcs("labour", "LAB-WO-54321-1")
    properties = Labour(
        name=f"perform {work.utcs.local}",
        step="perform",
        starts_at=work.ended - days(work.hours / 24),
        ends_at=work.ended,
        labour_h=work.hours,
    )
    worker = person_id(_STATION, work.technician)
    return [
        put(thing, properties),
        link(thing, "STEP_OF", work.utcs),
        link(thing, "SIGNED_BY", worker, "worked", signed_at=work.ended),
    ]


def _window(airframe: Airframe, window: Utcs, work: Work) -> Event:
    properties = Window(
        name=f"Ground time for {work.utcs.local}",
        category=WindowCategory.LINE_STOP,
        station=_STATION,
        starts_at=work.ended - days(0.2),
        ends_at=NOW + days(3),
        capacity_h=12,
        status=WindowStatus.RESERVED,
    )
    facts = [put(window, properties), link(window, "GROUNDS", airframe.utcs)]
    return OPS.event(f"window-{window.local}", work.opened + days(-0.5), facts)
