"""Signatures on work, and the certificate that releases it, as facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from graph.model.deferral import RUNNING
from graph.model.event import explain
from graph.model.fact import EndLink, Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.maintenance import (
    CertificateStatus,
    Release,
    ReleaseForm,
    ReleaseWork,
    WorkOrder,
    WorkOrderCategory,
)
from graph.model.sign_off import Hand, WorkCase, paper_of
from graph.model.time import format_utc
from graph.model.work import Duty, duty_of
from graph.store.errors import BadQuestionError
from graph.store.work_order import Order

_CERTIFIES: Final = (
    "Certifies that the work specified, except as otherwise specified, was carried out in accordance with "
    "Part-145, and in respect to that work the aircraft or component is considered ready for release to "
    "service."
)
"""The words of 145.A.50 and AMC1 145.A.50(b)."""

_APPROVAL: Final = re.compile(r"\b[A-Z]{2}\.145\.[A-Z0-9.-]*[A-Z0-9]")
"""The reference of a maintenance organisation's approval, as EASA Form 3 writes it."""

_WORK: Final[Mapping[WorkOrderCategory, ReleaseWork]] = {
    WorkOrderCategory.SCHEDULED: ReleaseWork.INSPECTED,
    WorkOrderCategory.INSPECTION: ReleaseWork.INSPECTED,
    WorkOrderCategory.MODIFICATION: ReleaseWork.MODIFIED,
    WorkOrderCategory.REPAIR: ReleaseWork.REPAIRED,
    WorkOrderCategory.OVERHAUL: ReleaseWork.OVERHAULED,
}


def signature(
    case: WorkCase, slot: str, duty: Duty, hand: Hand, at: datetime, statement: str | None
) -> list[Fact]:
    """Returns a signature as facts; who signed in that role before has it no longer."""
    standing = case.sign_off(slot)
    facts: list[Fact] = []
    if standing is not None and standing.hand.utcs != hand.utcs:
        facts.append(unsigned(case.utcs, standing.hand.utcs, slot))
    paper = paper_of(duty, hand, at.date()) if duty.grades else None
    return [*facts, signed_by(case.utcs, hand.utcs, slot, at, statement, paper)]


def signed_by(
    thing: Utcs, person: Utcs, slot: str, at: datetime, statement: str | None, paper: str | None
) -> Fact:
    """Returns the fact that a person signed something.

    Raises:
        BadQuestionError: What was signed for is no line of text.
    """
    said = {"signed_at": format_utc(at), "statement": statement, "authorisation": paper}
    carried = {name: value for name, value in said.items() if value}
    try:
        return PutLink(source=thing, link="SIGNED_BY", target=person, slot=slot, properties=carried)
    except ValidationError as error:
        raise BadQuestionError(explain(error).replace("properties.", "")) from error


def unsigned(order: Utcs, person: Utcs, slot: str) -> EndLink:
    """Returns the fact that a signature stands no longer."""
    return EndLink(source=order, link="SIGNED_BY", target=person, slot=slot)


def release_id(order: Order) -> Utcs:
    """Names the certificate that will release a work order."""
    number = f"CRS-{order.utcs.local}"[:58]
    again = len(order.releases)
    return Utcs(order.utcs.authority, "release", f"{number}-{again + 1}" if again else number)


def certificate(
    order: Order,
    thing: WorkOrder,
    utcs: Utcs,
    certifier: Hand,
    at: datetime,
    paper: str | None = None,
    signed_at: datetime | None = None,
) -> list[Fact]:
    """Returns the certificate of release to service as facts: what it releases, who signed it, where.

    Args:
        order: The work order.
        thing: What will be stated of it.
        utcs: The certificate.
        certifier: Who certifies.
        at: When it is issued.
        paper: The authorisation that the signature rests on; looked up unless given.
        signed_at: When it was signed; when it is issued unless given.
    """
    person = certifier.person
    properties = Release(
        name=f"Certificate of release to service, {thing.number}"[:300],
        number=utcs.local,
        form=ReleaseForm.CRS,
        organisation=None if person is None else person.employer,
        approval_number=_approval(order),
        order_reference=thing.number,
        work=None if thing.category is None else _WORK.get(thing.category),
        statement=_CERTIFIES,
        limitations=_limitations(order.case),
        status=CertificateStatus.VALID,
        issued_at=at,
    )
    signed_at = signed_at or at
    paper = paper or paper_of(duty_of("certified"), certifier, signed_at.date())
    facts = [
        PutNode(utcs=utcs, properties=properties, replaces=0),
        PutLink(source=utcs, link="RELEASES", target=order.utcs),
        signed_by(utcs, certifier.utcs, "certified", signed_at, None, paper),
    ]
    if order.place is not None:
        facts.append(PutLink(source=utcs, link="TAKES_PLACE_AT", target=order.place))
    return facts


def _approval(order: Order) -> str | None:
    """Returns the number of the approval that the place of the work is on record with, if it is."""
    found = (_APPROVAL.search(approval) for approval in order.approvals)
    return next((one[0] for one in found if one is not None), None)


def _limitations(case: WorkCase) -> str | None:
    """Returns what was put off, as a certificate has to say (145.A.50(e))."""
    lines = [
        f"{one.finding.name} ({one.utcs.local}) is deferred"
        + (f" until {said.due_at:%Y-%m-%d}" if said.due_at else "")
        + (f" for {plain(said.limit_fh)} FH" if said.limit_fh is not None else "")
        + (f" for {plain(said.limit_fc)} FC" if said.limit_fc is not None else "")
        + (f", {said.reference}" if said.reference else "")
        + (f"; {said.restrictions}" if said.restrictions else "")
        for one in case.found
        for _, said in one.deferrals
        if said.status in RUNNING
    ]
    return "\n".join(lines) or None
