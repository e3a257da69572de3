"""Building and delivering an aircraft: order, operations, units, inspections, as-built baseline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random

from graph.model.engineering import Verdict
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.governance import Baseline, BaselineCategory
from graph.model.identifier import Utcs
from graph.model.maintenance import CertificateStatus, Release, ReleaseForm, ReleaseWork
from graph.model.product import SerialStatus, UnitOfMeasure
from graph.model.production import Operation, Order, OrderStatus
from graph.model.quality import Inspection, InspectionCategory
from ingest.fleet.catalogue import SYSTEMS, System, children
from ingest.fleet.design import design_id
from ingest.fleet.factory import Factory
from ingest.fleet.people import facility_id, person_id, tool_id
from ingest.fleet.product import AIRCRAFT_PART
from ingest.fleet.requirement import capital, requirement_id
from ingest.fleet.statement import ERP, MES, PLM, days, end, link, put, utcs
from ingest.fleet.unit import Airframe, Unit, putting_in

BUILD_DAYS = 120
"""From the order's start to delivery."""

_INSPECTED = (
    ("28", "helium leak rate of the LH2 loop", "Pa.m3/s", "0", "0.0001"),
    ("53", "cabin proof pressure", "kPa", "60", "66"),
    ("24", "insulation resistance of the 540 V bus", "MOhm", "50", "1000"),
    ("32", "gear retraction time", "s", "6", "11"),
    ("57", "wing to body step", "mm", "-0.8", "0.8"),
)


def order_id(airframe: Airframe) -> Utcs:
    """Names the production order of an aircraft."""
    return utcs("order", f"PO-{airframe.msn}")


def built(airframe: Airframe, factory: Factory, random: Random) -> Iterator[Event]:
    """Yields the building of an aircraft up to its delivery."""
    start = airframe.delivered - days(BUILD_DAYS)
    yield _ordered(airframe, start)
    for number, system in enumerate(SYSTEMS):
        at = start + days(5 + 3 * number)
        units: dict[str, Unit] = {}
        for item in children(""):
            if item.chapter == system.chapter:
                for slot in item.slots.split():
                    units[f"{item.key}-{slot}"] = yield from factory.make(item, start)
        yield _installed(airframe, system, number, units, at)
    tested = airframe.delivered - days(14)
    for number in range(len(_INSPECTED)):
        yield _inspected(airframe, number, tested + days(number), random)
    yield _delivered(airframe)
    yield _as_built(airframe)


def _ordered(airframe: Airframe, start: datetime) -> Event:
    order = order_id(airframe)
    properties = Order(
        name=f"Build {airframe.utcs.local}",
        number=order.local,
        quantity=1,
        unit_of_measure=UnitOfMeasure.EACH,
        plant="Toulouse",
        planned_start_at=start,
        planned_end_at=airframe.delivered - days(10),
        started_at=start,
        due_on=airframe.delivered.date(),
        status=OrderStatus.CLOSED,
    )
    facts = [
        put(order, properties),
        link(order, "ORDERS", AIRCRAFT_PART),
        link(order, "TAKES_PLACE_AT", facility_id("FAL")),
        put(airframe.utcs, airframe.properties(SerialStatus.IN_PRODUCTION)),
        link(airframe.utcs, "INSTANCE_OF", AIRCRAFT_PART),
        link(airframe.utcs, "PRODUCED_BY", order),
        link(airframe.utcs, "BUILT_TO", design_id("BWB-H2")),
        link(airframe.utcs, "LOCATED_IN", facility_id("FAL")),
    ]
    return ERP.event(f"order-{order.local}", start, facts)


def _installed(
    airframe: Airframe, system: System, number: int, units: dict[str, Unit], at: datetime
) -> Event:
    operation = utcs("operation", f"OP-{airframe.msn}-{system.chapter}")
    properties = Operation(
        name=f"Install {system.noun} in {airframe.utcs.local}",
        number=f"{10 * (number + 1):04d}",
        sequence=number + 1,
        work_centre=f"FAL-ST{1 + number // 6}",
        estimated_h=24,
        actual_h=26,
        started_at=at - days(1),
        ended_at=at,
        good_quantity=len(units),
        scrap_quantity=0,
        status=OrderStatus.COMPLETED,
    )
    facts: list[Fact] = [
        put(operation, properties),
        link(operation, "STEP_OF", order_id(airframe)),
        link(operation, "ASSIGNED_TO", person_id("FAL", 2 + number % 4)),
        link(operation, "USES", tool_id("FAL", number % 2)),
    ]
    if number:
        earlier = utcs("operation", f"OP-{airframe.msn}-{SYSTEMS[number - 1].chapter}")
        facts.append(link(operation, "PRECEDED_BY", earlier))
    for slot, unit in units.items():
        facts += putting_in(airframe, slot, unit, at, operation.local)
        facts.append(link(operation, "INSTALLS", unit.utcs))
    return MES.event(f"operation-{operation.local}", at, facts)


def _inspected(airframe: Airframe, number: int, at: datetime, random: Random) -> Event:
    chapter, characteristic, unit, low, high = _INSPECTED[number]
    thing = utcs("inspection", f"INSP-{airframe.msn}-{number + 1}")
    value = random.uniform(float(low), float(high))
    properties = Inspection(
        name=f"{capital(characteristic)}, {airframe.utcs.local}",
        number=thing.local,
        category=InspectionCategory.FINAL,
        characteristic=characteristic,
        characteristic_number=str(number + 1),
        is_key_characteristic=True,
        unit_of_measurement=unit,
        lower_limit=low,
        upper_limit=high,
        value=f"{value:.3g}",
        lot_size=1,
        sample_size=1,
        defects=0,
        verdict=Verdict.PASSED,
        performed_at=at,
    )
    facts = [
        put(thing, properties),
        link(thing, "EXAMINES", airframe.utcs),
        link(thing, "VERIFIES", requirement_id(chapter, "FUNC")),
        link(thing, "TAKES_PLACE_AT", facility_id("FAL")),
        link(thing, "SIGNED_BY", person_id("FAL", 1), "inspected", signed_at=at),
    ]
    return MES.event(f"inspection-{thing.local}", at, facts)


def _delivered(airframe: Airframe) -> Event:
    at = airframe.delivered
    release = utcs("release", f"F52-{airframe.msn}")
    certificate = Release(
        name=f"EASA Form 52, statement of conformity of MSN {airframe.msn}",
        number=release.local,
        form=ReleaseForm.EASA_FORM_52,
        authority="EASA",
        organisation="AMPEL360 Aircraft",
        approval_number="EASA.21G.0360",
        quantity=1,
        work=ReleaseWork.NEW,
        statement="Conforms fully to the type certificated design; in condition for safe operation.",
        status=CertificateStatus.VALID,
        issued_at=at,
    )
    facts = [
        put(airframe.utcs, airframe.properties(SerialStatus.IN_SERVICE)),
        end(airframe.utcs, "LOCATED_IN", facility_id("FAL")),
        put(release, certificate),
        link(release, "RELEASES", order_id(airframe)),
        link(release, "SIGNED_BY", person_id("FAL", 0), "certified", signed_at=at),
        link(airframe.utcs, "CERTIFIED_BY", release),
    ]
    return MES.event(f"delivery-{airframe.msn}", at, facts)


def _as_built(airframe: Airframe) -> Event:
    baseline = utcs("baseline", f"ASBUILT-{airframe.msn}")
    members = sum(1 for unit in airframe.units.values() for _ in unit.all())
    properties = Baseline(
        name=f"As built, MSN {airframe.msn}",
        number=baseline.local,
        category=BaselineCategory.AS_BUILT,
        scope=f"{airframe.utcs} and everything it CONTAINS, at any depth",
        as_of=airframe.delivered,
        members=members + 1,
    )
    at = airframe.delivered + days(0.1)
    facts = [
        put(baseline, properties),
        link(baseline, "FREEZES", airframe.utcs),
        link(baseline, "SIGNED_BY", person_id("FAL", 1), "inspected", signed_at=at),
    ]
    return PLM.event(f"baseline-{baseline.local}", at, facts)
