"""Configuration status accounting of an aircraft or unit: ISO 10007 §5.5, EIA-649C §5.4."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from api.facts import facts
from api.moment import moment
from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type, facts_table
from api.report.reports.compliance import counts_table, standpoints_table
from api.report.reports.hours import counters
from api.report.words import spaced
from graph.model.identifier import VersionRef
from graph.store.compliance import Standpoint
from graph.store.node import Node
from graph.store.status import Certificate, Embodied, OpenRecord, Status, status_of

_BASELINES: Final = (Column("baseline", Type.ID), Column("name"), Column("root"))
_EMBODIED: Final = (
    Column("change", Type.ID), Column("name"), Column("since", Type.DAY), Column("reference"),
    Column("approvals"), Column("approved", Type.FLAG),
)  # fmt: skip
_CERTIFICATES: Final = (
    Column("certificate", Type.ID), Column("name"), Column("releases", Type.ID),
    Column("valid", Type.FLAG),
)  # fmt: skip
_RECORDS: Final = (
    Column("record", Type.ID), Column("kind"), Column("name"), Column("status"),
    Column("about", Type.ID),
)  # fmt: skip
_ORDERS: Final = (Column("work order", Type.ID), Column("name"), Column("status"))


async def make(asked: Asked) -> Draft:
    """Returns the status of an aircraft or unit."""
    found = await status_of(asked.graph, asked.utcs, at=asked.at)
    outstanding = [one for one in found.compliance.standpoints if one.standing.is_outstanding]
    return Draft(
        title=f"Status of {asked.name}",
        sections=(*_sections(found), *_open(found, outstanding)),
        figures=(
            Figure("outstanding demands", len(outstanding)),
            Figure("open records", len(found.records)),
            Figure("open work orders", len(found.orders)),
        ),
        used=tuple(_used(found)),
    )


STATUS = ReportKind(
    "status", "Configuration status accounting of an aircraft or unit: what it is and what is open.",
    make, subjects=frozenset({"serial"}),
)  # fmt: skip


def _sections(found: Status) -> Iterable[Section]:
    said = facts(found.identity.properties, moment)
    identity = ((fact.name, f"{fact.value} {fact.unit}".rstrip()) for fact in said)
    aliases = (("also known as", one.printed) for one in found.identity.properties.aliases)
    yield Section("Identity", table=facts_table([*identity, *aliases]))
    yield counters(found.accrued)
    frozen = (_baseline(node) for node in found.baselines)
    yield Section("Baselines", table=Table(_BASELINES, tuple(frozen)))
    yield Section("Embodied", table=Table(_EMBODIED, tuple(map(_embodied, found.embodied))))
    rests = tuple(map(_certificate, found.certificates))
    yield Section("Certificates", table=Table(_CERTIFICATES, rests))
    of = sum(found.released.values())
    shown = (f"The latest {len(found.releases):,} of {of:,} certificates that release work on it.",)
    releases = tuple(map(_certificate, found.releases))
    yield Section("Releases", shown, Table(_CERTIFICATES, releases))


def _open(found: Status, outstanding: list[Standpoint]) -> Iterable[Section]:
    counts = found.compliance.counts
    yield Section("Directives and bulletins", table=counts_table(counts))
    yield Section("Outstanding", table=standpoints_table(outstanding))
    records = tuple(map(_record, found.records))
    yield Section("Open records", table=Table(_RECORDS, records), cut=found.cut)
    orders = tuple((one.utcs, one.properties.name, _state(one)) for one in found.orders)
    yield Section("Open work orders", table=Table(_ORDERS, orders), cut=found.cut)


def _baseline(node: Node) -> tuple[Cell, ...]:
    root = getattr(node.properties, "merkle_root", None)
    return node.utcs, node.properties.name, root


def _embodied(one: Embodied) -> tuple[Cell, ...]:
    name, approvals = one.change.properties.name, "; ".join(one.approvals)
    return one.change.utcs, name, one.since, one.reference, approvals, one.is_approved


def _certificate(one: Certificate) -> tuple[Cell, ...]:
    node = one.certificate
    return node.utcs, node.properties.name, one.releases, one.is_valid


def _record(one: OpenRecord) -> tuple[Cell, ...]:
    node = one.record
    return node.utcs, node.kind, node.properties.name, _state(node), one.about


def _state(node: Node) -> str | None:
    state = getattr(node.properties, "status", None)
    return None if state is None else spaced(state)


def _used(found: Status) -> Iterable[str]:
    nodes = [found.identity, *found.baselines, *found.orders]
    nodes += [one.change for one in found.embodied]
    nodes += [one.certificate for one in (*found.certificates, *found.releases)]
    nodes += [one.record for one in found.records]
    return dict.fromkeys(str(VersionRef(node.utcs, node.version)) for node in nodes)
