"""What is its status, and what was done to it: `statusOf` and `maintenanceHistory`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import (
    KIND_TYPE,
    After,
    AsOf,
    First,
    Id,
    Info,
    KnownAt,
    Stop,
    find,
    stop,
)
from api.queries.compliance import ComplianceStatus, Soon, compliance_told, soon_of
from api.scalars import JSON
from graph.model.time import Coordinates
from graph.store import maintenance_history as history_question
from graph.store import status as question
from graph.store.accrual import Counted
from graph.store.node import Node


@strawberry.type(description="A counter of a unit, since new.")
class UnitCounter:
    """A counter of a unit."""

    counter: str = strawberry.field(description="`fh`, `fc`, `apu_h`, `apu_starts` or `landings`.")
    unit: str = strawberry.field(description="Its unit.")
    total: float = strawberry.field(description="What was declared, and what was flown since.")
    declared_at: datetime | None = strawberry.field(description="When it was declared last.")
    flights: int = strawberry.field(description="How many flights count since.")
    silent: int = strawberry.field(description="How many of them do not say what they count.")


@strawberry.type(description="A change that is embodied.")
class EmbodiedChange:
    """A change that is embodied."""

    change: Stop = strawberry.field(description="The change.")
    since: date = strawberry.field(description="Since when.")
    reference: str | None = strawberry.field(description="The record it rests on: a work order.")
    approvals: list[str] = strawberry.field(description="Under what approval it stands.")
    is_approved: bool | None = strawberry.field(
        description="Whether that holds; null if it does not say."
    )


@strawberry.type(description="A certificate of a unit, or of work on it.")
class UnitCertificate:
    """A certificate of a unit, or of work on it."""

    certificate: Stop = strawberry.field(description="The certificate.")
    releases: str | None = strawberry.field(description="The work order that it releases.")
    is_valid: bool | None = strawberry.field(
        description="Whether it holds; null if it does not say."
    )
    properties: JSON = strawberry.field(description="What it says.")


@strawberry.type(description="A finding, deferral, discrepancy or alert that is open.")
class OpenRecord:
    """A record that is open."""

    record: Stop = strawberry.field(description="The record.")
    about: str = strawberry.field(description="The unit that it is about.")
    properties: JSON = strawberry.field(description="What it says.")


@strawberry.type(description="How many certificates stand so.")
class CertificateCount:
    """How many certificates stand so."""

    status: str = strawberry.field(description="How they stand.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="The status of an aircraft or unit (ISO 10007, EIA-649C).")
class UnitStatus:
    """The status of an aircraft or unit."""

    identity: Stop = strawberry.field(description="What it is.")
    properties: JSON = strawberry.field(
        description="All that is stated of it, its other ids included."
    )
    counters: list[UnitCounter] = strawberry.field(description="How much it has been used.")
    baselines: list[Stop] = strawberry.field(
        description="The baselines it was built to or frozen in."
    )
    embodied: list[EmbodiedChange] = strawberry.field(
        description="Certificates, modifications and bulletins that are embodied."
    )
    compliance: ComplianceStatus = strawberry.field(
        description="How it, and what it has on board, stands towards directives and bulletins."
    )
    certificates: list[UnitCertificate] = strawberry.field(
        description="The certificates it rests on itself."
    )
    releases: list[UnitCertificate] = strawberry.field(
        description="The latest ten certificates that release work on it."
    )
    released: list[CertificateCount] = strawberry.field(
        description="How many such certificates there are in all, by how they stand."
    )
    open_records: list[OpenRecord] = strawberry.field(
        description="What is open, also of what it has on board."
    )
    open_orders: list[Stop] = strawberry.field(
        description="Work orders that are neither released nor cancelled."
    )
    cut: str | None = strawberry.field(
        description="Of what there is more than is told; null when that is all."
    )


@strawberry.type(description="One thing that happened to a unit.")
class HistoryEntry:
    """One thing that happened to a unit."""

    at: datetime = strawberry.field(description="When.")
    sort: str = strawberry.field(
        description="`work`, `finding`, `release`, `signature`, `installed`, `removed` and so on."
    )
    record: str = strawberry.field(
        description="The record; of an installation, what the unit went into."
    )
    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its kind.")
    name: str | None = strawberry.field(description="What people call it.")
    other: str | None = strawberry.field(
        description="Who signed, what was installed, or the work that a certificate releases."
    )
    slot: str | None = strawberry.field(
        description="The position of an installation, or the role of a signature."
    )
    properties: JSON = strawberry.field(description="What the record or the link says.")


@strawberry.type(description="One page of what happened to a unit, earliest first.")
class MaintenanceHistory:
    """One page of what happened to a unit."""

    utcs: str = strawberry.field(description="The unit.")
    entries: list[HistoryEntry] = strawberry.field(description="What happened.")
    total: int = strawberry.field(description="How many entries there are in all.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def status_of(
    info: Info, id: Id, soon: Soon = None, as_of: AsOf = None, known_at: KnownAt = None
) -> UnitStatus | None:
    """The status of an aircraft or unit."""
    at = Coordinates(as_of, known_at)
    utcs = await find(info, id, at)
    found = await question.status_of(info.context.graph, utcs, soon=soon_of(soon), at=at)
    return UnitStatus(
        identity=_stop(found.identity, at),
        properties=JSON(plain(found.identity.properties)),
        counters=[_counter(one) for one in found.accrued.counters],
        baselines=[_stop(one, at) for one in found.baselines],
        embodied=[
            EmbodiedChange(
                change=_stop(one.change, at), since=one.since, reference=one.reference,
                approvals=list(one.approvals), is_approved=one.is_approved,
            )
            for one in found.embodied
        ],
        compliance=compliance_told(found.compliance, at),
        certificates=[_certificate(one, at) for one in found.certificates],
        releases=[_certificate(one, at) for one in found.releases],
        released=[CertificateCount(status=s, count=n) for s, n in found.released.items()],
        open_records=[
            OpenRecord(
                record=_stop(one.record, at), about=str(one.about),
                properties=JSON(plain(one.record.properties)),
            )
            for one in found.records
        ],
        open_orders=[_stop(one, at) for one in found.orders],
        cut=found.cut,
    )  # fmt: skip


async def maintenance_history(
    info: Info, id: Id, first: First = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> MaintenanceHistory | None:  # fmt: skip
    """The maintenance history of a unit."""
    at = Coordinates(as_of, known_at)
    page = await history_question.maintenance_history(
        info.context.graph, await find(info, id, at), first=first, after=after, at=at
    )
    return MaintenanceHistory(
        utcs=str(page.utcs),
        entries=[
            HistoryEntry(
                at=one.at, sort=one.sort, record=str(one.record), kind=KIND_TYPE(one.kind),
                name=one.name, other=plain(one.other), slot=one.slot,
                properties=JSON(plain(one.properties)),
            )
            for one in page.entries
        ],
        total=page.total,
        next=page.next,
    )  # fmt: skip


def _stop(node: Node, at: Coordinates) -> Stop:
    return stop(node.utcs, node.kind, node.properties.name, at)


def _counter(one: Counted) -> UnitCounter:
    return UnitCounter(
        counter=one.counter, unit=one.unit, total=float(one.total), declared_at=one.declared_at,
        flights=one.flights, silent=one.silent,
    )  # fmt: skip


def _certificate(one: question.Certificate, at: Coordinates) -> UnitCertificate:
    return UnitCertificate(
        certificate=_stop(one.certificate, at), releases=plain(one.releases),
        is_valid=one.is_valid, properties=JSON(plain(one.certificate.properties)),
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        status_of,
        description="The status of an aircraft or unit on any day, as known on any day: identity, "
        "baselines, directives, changes and their approvals, certificates, and what is open.",
    ),
    strawberry.field(
        maintenance_history,
        description="What was done to a unit, in the order of time: work, installations, findings, "
        "certificates, signatures, compliance.",
    ),
]
