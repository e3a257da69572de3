"""Receipts: what comes into stock with its certificate, or into quarantine; each is one event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.flows.lifecycle import refuse
from graph.flows.stock import Line, Moved, record
from graph.flows.submit import Principal
from graph.flows.work import ATTEMPTS, moment_of, refused
from graph.model.event import explain
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.maintenance import CertificateStatus, Release
from graph.model.outcome import Reason, Status
from graph.model.product import Batch, BatchStatus, Serial, SerialStatus, UnitOfMeasure
from graph.model.resources import Stock, StockStatus
from graph.model.stocking import Known, Receipt, expiry, receive_breaches
from graph.model.time import from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.stock import find_known

_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""What a receipt is numbered by: its lot is called so."""


async def receive(
    graph: Graph, principal: Principal, receipt: Receipt, *, at: datetime | None = None
) -> Moved:
    """Records that something came into stock, with its certificate, or into quarantine.

    Raises:
        BadQuestionError: A number names nothing, or the part or the place is none.
        ForbiddenError: The principal may not write.
        LifecycleError: A rule is broken; nothing was written.
        NotFoundError: The part, the place or the unit is not there.
    """
    principal.require("editor")
    ids = _ids(receipt)
    for _ in range(ATTEMPTS):
        known = await find_known(graph, receipt, ids)
        when = moment_of(graph, from_micros(known.since), at)
        refuse(receive_breaches(receipt, known, when.date()))
        try:
            facts = _received(receipt, known, ids, when)
        except ValidationError as error:
            raise BadQuestionError(explain(error)) from error
        lines = (Line(ids["lot"], receipt.quantity),)
        id = f"receive {ids['lot']} {uuid4()}"
        moved = Moved(None, lines, ids.get("certificate"), when, id, 0)
        outcome = await record(graph, principal, moved, facts)
        if outcome.status is Status.APPLIED and outcome.seq is not None:
            return replace(moved, seq=outcome.seq)
        if outcome.code is not Reason.OUTDATED:
            break
    raise refused("stock.receive", outcome)


def _ids(receipt: Receipt) -> dict[str, Utcs]:
    """Returns what the lot, the certificate and the batch of a receipt are or will be called."""
    of, part = receipt.part.authority, receipt.part.local
    named = {"lot": _numbered(of, "stock", receipt.number, "number")}
    if receipt.certificate is not None:
        named["certificate"] = _numbered(of, "release", receipt.certificate, "certificate")
    if receipt.batch is not None:
        local = _numbered(of, "batch", receipt.batch, "batch").local
        named["batch"] = Utcs(of, "batch", f"{part}-{local}"[-64:].lstrip("._-"))
    return named


def _numbered(authority: str, kind: str, number: str, field: str) -> Utcs:
    if not _NUMBER.fullmatch(number):
        raise BadQuestionError(
            f"{field}: {number!a:.70} names nothing; give 1 to 60 letters, digits, '.', '_' and '-'",
            field=field,
        )
    return Utcs(authority, kind, number)


def _received(receipt: Receipt, known: Known, ids: Mapping[str, Utcs], at: datetime) -> list[Fact]:
    """Returns what came in as facts: the lot, where it lies, its batch, its unit, its papers."""
    lot, end = ids["lot"], expiry(receipt, known.part)
    unit = receipt.unit or known.part.unit_of_measure
    facts: list[Fact] = [
        PutNode(utcs=lot, properties=_lot(receipt, known, unit, end, at), replaces=0),
        PutLink(source=lot, link="INSTANCE_OF", target=receipt.part),
        PutLink(source=lot, link="LOCATED_IN", target=receipt.place),
    ]
    carriers = [lot]
    if (batch := ids.get("batch")) is not None:
        facts += _batch(receipt, known, batch, unit, end)
        facts.append(PutLink(source=lot, link="FROM_BATCH", target=batch))
    if known.unit is not None and receipt.serial is not None:
        carriers.append(receipt.serial)
        facts += _unit(receipt, known.unit[0], receipt.serial, lot, known.version)
    if (paper := ids.get("certificate")) is not None:
        if known.certificate is None:
            facts.append(PutNode(utcs=paper, properties=_paper(receipt, paper), replaces=0))
        facts += [PutLink(source=one, link="CERTIFIED_BY", target=paper) for one in carriers]
    return facts


def _lot(
    receipt: Receipt, known: Known, unit: UnitOfMeasure | None, end: date | None, at: datetime
) -> Stock:
    return Stock(
        name=f"{known.part.name}, receipt {receipt.number}"[:300],
        number=receipt.number,
        quantity=receipt.quantity,
        minimum_quantity=receipt.minimum,
        unit_of_measure=unit,
        bin=receipt.bin,
        condition=receipt.condition,
        owner=receipt.owner,
        status=StockStatus.QUARANTINED if receipt.is_held else StockStatus.AVAILABLE,
        received_on=at.date(),
        expires_on=end,
    )


def _batch(
    receipt: Receipt, known: Known, utcs: Utcs, unit: UnitOfMeasure | None, end: date | None
) -> list[Fact]:
    """Returns a batch that was not on record; one that was stays as it is said to be."""
    if known.batch is not None:
        return []
    said = Batch(
        name=f"Batch {receipt.batch} of {known.part.number}"[:300],
        number=receipt.batch,
        unit_of_measure=unit,
        certificate=receipt.certificate,
        manufactured_on=receipt.manufactured_on,
        expires_on=end,
        status=None if receipt.is_held else BatchStatus.RELEASED,
    )
    return [
        PutNode(utcs=utcs, properties=said, replaces=0),
        PutLink(source=utcs, link="INSTANCE_OF", target=receipt.part),
    ]


def _unit(receipt: Receipt, unit: Serial, utcs: Utcs, lot: Utcs, version: int) -> list[Fact]:
    """Returns that a unit lies in a lot of its own; stated upon what was decided on."""
    status = SerialStatus.QUARANTINED if receipt.is_held else SerialStatus.IN_STOCK
    said = unit.model_copy(update={"status": status, "condition": receipt.condition})
    return [
        PutNode(utcs=utcs, properties=said, replaces=version),
        PutLink(source=lot, link="CONSISTS_OF", target=utcs),
        PutLink(source=utcs, link="LOCATED_IN", target=receipt.place),
    ]


def _paper(receipt: Receipt, utcs: Utcs) -> Release:
    assert receipt.form is not None  # noqa: S101 - the rules ask for it
    issued = receipt.issued_on
    return Release(
        name=f"{receipt.form.value.replace('_', ' ')} {receipt.certificate}"[:300],
        number=utcs.local,
        form=receipt.form,
        organisation=receipt.organisation,
        quantity=receipt.quantity,
        status=CertificateStatus.VALID,
        issued_at=None if issued is None else datetime.combine(issued, time.min, UTC),
    )
