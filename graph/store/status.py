"""What is its status? One aircraft or unit as configuration status accounting tells it (ISO 10007, EIA-649C).

Asked as known at an earlier time, it says what we believed then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.model.compliance import SOON, Limits
from graph.model.identifier import Utcs
from graph.model.links import Accomplishment
from graph.model.maintenance import (
    CertificateStatus,
    DeferralStatus,
    FindingStatus,
    WorkOrderStatus,
)
from graph.model.operation import AlertStatus, DiscrepancyStatus
from graph.model.time import Coordinates, from_micros
from graph.store.absence import not_there
from graph.store.accrual import Accrued, accrued
from graph.store.campaign import approvals_of
from graph.store.compliance import Compliance, compliance
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import Node, read_link_properties, read_node
from graph.store.question import require_unit
from graph.store.text import fill

MOST: Final = 1000
"""So many records of each sort are told at most."""

OPEN: Final = (
    *(("finding", status) for status in (FindingStatus.OPEN, FindingStatus.DEFERRED)),
    *(("deferral", status) for status in (DeferralStatus.OPEN, DeferralStatus.EXTENDED)),
    ("discrepancy", DiscrepancyStatus.OPEN),
    *(("alert", status) for status in (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED)),
)
"""The records that are open, and how they stand then; one that does not say how it stands is open, too."""

FINISHED: Final = (
    WorkOrderStatus.RELEASED,
    WorkOrderStatus.CLOSED,
    WorkOrderStatus.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Embodied:
    """A change that is embodied.

    Attributes:
        since: The day on which that was done.
        reference: The record that it rests on: a work order.
        approvals: Under what approval the change stands.
        is_approved: Whether that approval holds; None if it does not say.
    """

    change: Node
    since: date
    reference: str | None
    approvals: tuple[str, ...]
    is_approved: bool | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate.

    Attributes:
        releases: The work order that it releases, if it does.
        is_valid: Whether it holds; None if it does not say.
    """

    certificate: Node
    releases: Utcs | None
    is_valid: bool | None


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A finding, deferral, discrepancy or alert that is open, and the unit that it is about."""

    record: Node
    about: Utcs


@dataclass(frozen=True, slots=True)
class Status:
    """The status of an aircraft or unit.

    Attributes:
        identity: What it is, by all its identifiers.
        accrued: How much it has been used.
        baselines: The configuration baselines that it was built to, or that freeze it.
        embodied: Certificates, modifications and bulletins that are embodied.
        compliance: How it, and what it has on board, stands towards directives and bulletins.
        certificates: The certificates that it rests on itself.
        releases: The latest ten certificates that release work on it.
        released: How many such certificates there are in all, by how they stand.
        records: Findings, deferrals, discrepancies and alerts that are open, also of what it has on board.
        orders: Work orders that are neither released nor cancelled.
        cut: Of what there is more than is told; None when that is all.
    """

    identity: Node
    accrued: Accrued
    baselines: tuple[Node, ...]
    embodied: tuple[Embodied, ...]
    compliance: Compliance
    certificates: tuple[Certificate, ...]
    releases: tuple[Certificate, ...]
    released: dict[str, int]
    records: tuple[OpenRecord, ...]
    orders: tuple[Node, ...]
    cut: str | None


async def status_of(
    graph: Graph, utcs: Utcs, *, soon: Limits = SOON, at: Coordinates = CURRENT
) -> Status:
    """Returns the status of an aircraft or unit.

    Raises:
        BadQuestionError: The thing is neither.
        NotFoundError: It is not there then.
    """
    require_unit(utcs)
    moment = Moment.of(graph, at)
    asked = {
        "utcs": str(utcs),
        "open": [[kind, status.value] for kind, status in OPEN],
        "finished": [status.value for status in FINISHED],
        "limit": MOST + 1,
    }
    row = await moment.ask(graph, accounting_text(moment), asked)
    if row is None or row[0] is None:
        raise await not_there(graph, utcs, moment)
    stored, baselines, embodied, certificates, releases, released, records, orders = row
    lists = {
        "changes": embodied,
        "certificates": certificates,
        "records": records,
        "orders": orders,
    }
    cut = [name for name, found in lists.items() if len(found) > MOST]
    return Status(
        identity=read_node(stored),
        accrued=await accrued(graph, utcs, at=at),
        baselines=tuple(map(read_node, baselines)),
        embodied=tuple(_embodied(*one) for one in embodied[:MOST]),
        compliance=await compliance(graph, utcs, soon=soon, at=at),
        certificates=tuple(_certificate(None, one) for one in certificates[:MOST]),
        releases=tuple(_certificate(order, one) for order, one in releases),
        released={status or "not stated": number for status, number in released},
        records=tuple(OpenRecord(read_node(one), Utcs.parse(unit)) for unit, one in records[:MOST]),
        orders=tuple(map(read_node, orders[:MOST])),
        cut=f"of {' and '.join(cut)} there are more than {MOST:,}" if cut else None,
    )


def _embodied(row: dict[str, Any], since: int, carried: dict[str, Any]) -> Embodied:
    said = Accomplishment.model_validate(read_link_properties("EMBODIES", carried))
    change = read_node(row)
    status = getattr(change.properties, "status", None)
    return Embodied(
        change=change,
        since=from_micros(since).date(),
        reference=said.reference,
        approvals=tuple(approvals_of(change.properties)),
        is_approved=None if status is None else status.value in _HOLDS,
    )


_HOLDS: Final = frozenset({"approved", "issued", "released", "in_work", "implemented", "verified"})
"""How a modification, certificate, bulletin or order stands that holds."""


def _certificate(order: str | None, row: dict[str, Any]) -> Certificate:
    certificate = read_node(row)
    status = getattr(certificate.properties, "status", None)
    return Certificate(
        certificate=certificate,
        releases=None if order is None else Utcs.parse(order),
        is_valid=None if status is None else status.value in _VALID,
    )


_VALID: Final = frozenset({CertificateStatus.VALID.value, "released"})
"""How a certificate, or a document that serves as one, stands that holds."""


def accounting_text(moment: Moment) -> str:
    """Returns the statement that gathers what stands on record of a unit."""
    links = {
        "baseline": ("link", ["BUILT_TO", "FREEZES"]),
        "embodies": ("link", ["EMBODIES"]),
        "certified": ("link", ["CERTIFIED_BY"]),
        "works_on": ("works", ["WORKS_ON"]),
        "releases": ("link", ["RELEASES"]),
        "contains": ("step", ["CONTAINS"]),
        "about": ("link", ["ABOUT"]),
    }
    holds = {
        f"{gap.removesuffix('_on')}_holds": moment.holds(link, types)
        for gap, (link, types) in links.items()
    }
    return fill(
        "status/accounting",
        **{gap: moment.types(types) for gap, (_, types) in links.items()},
        **holds,
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
