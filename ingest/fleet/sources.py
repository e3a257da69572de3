"""Who tells the story: source systems, devices, and the jobs and plans of the service itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model.event import Event
from graph.model.governance import Job, Plan, PlanStatus, Source, SourceCategory, SourceStatus
from graph.model.identifier import Utcs
from graph.model.learning import RunStatus
from graph.model.production import Device, DeviceCategory, DeviceStatus
from ingest.fleet.people import facility_id
from ingest.fleet.statement import CERTIFIED, MLOPS, NOW, OPS, days, link, put, utcs

DATASET_JOB: Final = utcs("job", "JOB-DATASETS")
WEEK_PLAN: Final = utcs("plan", "PLAN-2025-W45")

_SOURCES: Final = (
    ("plm", SourceCategory.PLM, 60, 24),
    ("mes", SourceCategory.MES, 55, 1),
    ("erp", SourceCategory.ERP, 50, 4),
    ("amos", SourceCategory.CMMS, 60, 1),
    ("lims", SourceCategory.QMS, 50, 24),
    ("qms", SourceCategory.QMS, 50, 24),
    ("caos", SourceCategory.HEALTH_MONITORING, 40, 1),
    ("ops", SourceCategory.FLIGHT_OPERATIONS, 45, 1),
    ("mlops", SourceCategory.FILE, 40, 168),
    ("easa", SourceCategory.AUTHORITY, 90, 168),
)


def source_id(name: str) -> Utcs:
    """Names a source by the last word of its URI."""
    return utcs("source", f"SRC-{name}")


def device_id(station: str) -> Utcs:
    """Names the edge computer of a station."""
    return utcs("device", f"EDGE-{station}")


def sources() -> Iterator[Event]:
    """Yields the source systems, the devices, the export of data sets and the plan of the week."""
    for name, category, rank, interval in _SOURCES:
        yield _source(name, category, rank, interval)
    for base in ("MUC", "CPH", "LIS", "LAB", "FAL"):
        yield _device(base)
    yield _job()
    yield _plan()


def _source(name: str, category: SourceCategory, rank: int, interval: int) -> Event:
    thing = source_id(name)
    properties = Source(
        name=name.upper(),
        uri=f"urn:ampel360:{name}",
        category=category,
        owner="AMPEL360 digital thread team",
        protocol="REST",
        rank=rank,
        interval_h=interval,
        quality_percent=97,
        status=SourceStatus.ACTIVE,
    )
    return OPS.event(f"source-{name}", CERTIFIED - days(300), [put(thing, properties)])


def _device(base: str) -> Event:
    thing, at = device_id(base), CERTIFIED - days(200)
    is_bench = base in ("LAB", "FAL")
    properties = Device(
        name=f"{'Test bench' if is_bench else 'Edge computer'} {base}",
        number=thing.local,
        serial_number=f"E{sum(base.encode())}",
        manufacturer="Edge Nord",
        category=DeviceCategory.TEST_BENCH if is_bench else DeviceCategory.EDGE_COMPUTER,
        type_designation="EN-150",
        protocol="OPC UA",
        address=f"opc.tcp://edge.{base.lower()}.example:4840",
        firmware_revision="4.2.1",
        location=base,
        status=DeviceStatus.RUNNING,
        installed_on=at.date(),
    )
    facts = [put(thing, properties), link(thing, "LOCATED_IN", facility_id(base))]
    return OPS.event(f"device-{base}", at, facts)


def _job() -> Event:
    job, at = DATASET_JOB, CERTIFIED + days(40)
    properties = Job(
        name="Monthly export of health data",
        number=job.local,
        category="export",
        schedule="0 3 1 * *",
        progress_percent=100,
        attempts=1,
        message="43 months exported.",
        status=RunStatus.SUCCEEDED,
        started_at=at,
        ended_at=at + days(0.1),
    )
    facts = [put(job, properties), link(job, "READS", source_id("caos"))]
    return MLOPS.event("job-datasets", at, facts)


def _plan() -> Event:
    plan, at = WEEK_PLAN, NOW - days(9)
    properties = Plan(
        name="Maintenance plan of week 45, 2025",
        number=plan.local,
        starts_at=NOW - days(0.25),
        ends_at=NOW + days(7),
        objective_value=38_646,
        bound=38_627,
        gap_percent="0.05",
        solver="search 0.1",
        seed=1,
        explanation="The inspection of MSN 10001 takes the first night, when it is on the ground.",
        status=PlanStatus.APPROVED,
        computed_at=at,
    )
    return OPS.event("plan-2025-W45", at, [put(plan, properties)])
