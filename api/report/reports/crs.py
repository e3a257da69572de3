"""The certificate of release to service of a work order: a copy of the record, with its sign-offs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.report.asked import Asked, ReportKind
from api.report.document import Column, Draft, Section, Table, Type, facts_table
from api.report.reports.certificate import UNSIGNED, day, left_empty, newest, notice, used
from api.report.words import spaced
from graph.model.maintenance import ReleaseForm
from graph.model.product import Aircraft, Serial
from graph.store.certificates import Item, Paper
from graph.store.work_order import Order, find_order


async def make_crs(asked: Asked) -> Draft:
    """Returns the certificate of release to service of a work order.

    Raises:
        BadQuestionError: Nothing released it; the sentence says what is missing.
    """
    paper, others = await newest(asked, [ReleaseForm.CRS])
    utcs, _, items = paper.orders[0] if paper.orders else (None, None, ())
    order = None if utcs is None else await find_order(asked.graph, utcs, at=asked.at)
    facts = tuple(_crs(paper, order, items))
    empty = [(name, name, "the record does not say") for name, entry in facts if not entry]
    empty.append(("Signature", "Signature", UNSIGNED))
    return Draft(
        title=f"Certificate of release to service {paper.release.number or paper.utcs.local}",
        sections=(
            Section("What this is", tuple(notice(paper, others))),
            Section("Certificate", table=facts_table((n, e) for n, e in facts if e)),
            *(_of_order(order) if order else ()),
            left_empty(empty),
        ),
        used=used(paper) + (() if order is None else (f"{order.utcs}@{order.version}",)),
    )


CRS = ReportKind(
    "crs",
    "The certificate of release to service of a work order (145.A.50): a copy of the record.",
    make_crs,
    subjects=frozenset({"workorder", "release"}),
)


def _crs(paper: Paper, order: Order | None, items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Yields what a certificate of release to service has to say (145.A.50, AMC1 145.A.50(b))."""
    release, signature = paper.release, paper.signature("certified")
    work = None if order is None else order.order
    yield "Certificate", release.number or ""
    yield "Released", "\n".join(map(_unit, items))
    yield "Work order", (work and work.number) or release.order_reference or ""
    yield "Maintenance carried out", (work and work.work_performed) or ""
    yield "Tasks", "\n".join(name for _, name in order.tasks) if order else ""
    yield "Maintenance data", "\n".join(work.references) if work else ""
    yield "Completed", day(work.ended_at if work else None) or ""
    yield "Place", "" if work is None else work.station or ""
    yield "Certifies", release.statement or ""
    yield "Limitations and deferred items", release.limitations or "none on record"
    yield "Organisation", release.organisation or ""
    yield "Approval", release.approval_number or ""
    yield "Certifying staff", (signature and (signature.pseudonym or signature.person.local)) or ""
    yield "Licence or authorisation", (signature and signature.authorisation) or ""
    yield "Issued", day(release.issued_at) or ""


def _unit(item: Item) -> str:
    thing = item.thing
    said = [thing.name]
    if isinstance(thing, Aircraft):
        said += [f"{name} {value}" for name, value in
                 (("registration", thing.registration), ("MSN", thing.msn)) if value]  # fmt: skip
    elif isinstance(thing, Serial) and thing.serial_number:
        said.append(f"serial number {thing.serial_number}")
    return ", ".join(said)


def _of_order(order: Order) -> Iterator[Section]:
    """Yields the sign-offs and findings of the work that was released."""
    signed = tuple(
        (one.slot, one.hand.utcs, one.signed_at, one.authorisation, one.statement)
        for one in order.case.signed
    )
    columns = (Column("role"), Column("by", Type.ID), Column("at", Type.MOMENT),
               Column("authorisation"), Column("for"))  # fmt: skip
    yield Section("Sign-offs", table=Table(columns, signed), cut=order.cut)
    found = tuple(
        (one.utcs, one.finding.name, one.finding.status and spaced(one.finding.status),
         "; ".join(deferral.local for deferral, _ in one.deferrals) or None)
        for one in order.case.found
    )  # fmt: skip
    headings = (Column("finding", Type.ID), Column("what"), Column("status"), Column("deferred by"))
    yield Section("Findings", table=Table(headings, found))
