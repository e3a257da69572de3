"""Reports that are sent: that it was done is recorded, once for each due time, and so is the receipt.

Each is one event. What was sent when and to whom is a thing of the kind `job`; its identifier is made of the
name of the schedule and the due time, so that a second one for the same time cannot be stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import ValidationError

from graph.flows.lifecycle import broken, refuse
from graph.flows.submit import Principal, submit
from graph.model.approval import Breach
from graph.model.event import Event, explain
from graph.model.fact import Facts, PutNode
from graph.model.governance import Job
from graph.model.identifier import Utcs
from graph.model.learning import RunStatus
from graph.model.outcome import Outcome, Status
from graph.model.time import as_utc, format_utc, from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.sendings import CATEGORY, Sending, find_sending

SOURCE: Final = "urn:utcs:reporting"


@dataclass(frozen=True, slots=True)
class Sent:
    """A report that was put into its place.

    Attributes:
        name: The schedule that it was made by.
        authority: Who issues the identifier of the record.
        due: For when it was due; it shows what was true then, as it was known then.
        report: Which report it is.
        about: What it is about; None if it is about all.
        cron: When it repeats.
        recipient: The authority or organisation that it is for.
        location: Where it was put.
        sha256: The SHA-256 of the file, in hex.
        sent_at: When it was seen to be there, whole.
    """

    name: str
    authority: str
    due: datetime
    report: str
    about: str | None
    cron: str
    recipient: str
    location: str
    sha256: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a recipient said of a report that came.

    Attributes:
        sending: The record of the report.
        sha256: The SHA-256 of the file that came, in hex.
        number: The number under which the recipient took it.
        received_at: When.
        received_by: Who, for the recipient.
    """

    sending: Utcs
    sha256: str
    number: str
    received_at: datetime
    received_by: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A report with its receipt; `is_new` says whether that was recorded now, or stood there before."""

    utcs: Utcs
    job: Job
    is_new: bool


def sendings_of(name: str, authority: str) -> str:
    """Returns what the identifiers of the records of a schedule begin with."""
    return f"utcs:{authority}:job:REPORT.{name}."


def sending_id(name: str, authority: str, due: datetime) -> Utcs:
    """Returns the identifier of the record of a report that is due at a time."""
    return Utcs.parse(f"{sendings_of(name, authority)}{due:%Y%m%dT%H%MZ}")


async def record_sending(graph: Graph, principal: Principal, sent: Sent) -> Outcome:
    """Records that a report was sent; what became of the event says whether somebody did before.

    Raises:
        ForbiddenError: The principal may not write.
    """
    utcs = sending_id(sent.name, sent.authority, sent.due)
    job = Job(
        name=f"{sent.report} to {sent.recipient}, due {sent.due:%Y-%m-%d %H:%M} UTC"[:300],
        number=utcs.local,
        category=CATEGORY,
        schedule=sent.cron,
        status=RunStatus.SUCCEEDED,
        due_at=sent.due,
        ended_at=sent.sent_at,
        report=sent.report,
        about=sent.about,
        as_of=sent.due,
        known_at=sent.due,
        recipient=sent.recipient,
        location=sent.location,
        sha256=sent.sha256,
    )
    return await _submit(graph, principal, f"sent {utcs}", utcs, sent.sent_at, job, replaces=0)


async def record_receipt(graph: Graph, principal: Principal, said: Receipt) -> Acknowledged:
    """Records that the recipient acknowledged a report; the same receipt again changes nothing.

    Raises:
        BadQuestionError: A field is wrong, or its time is still to come.
        ForbiddenError: The principal may not write.
        LifecycleError: Another file was received, it was before the report was sent, or there is another
            receipt; nothing was written.
        NotFoundError: No such report was sent.
        TimeError: The time has no offset.
    """
    principal.require("editor")
    found = await find_sending(graph, said.sending)
    if found is None:
        raise NotFoundError(f"sending: {said.sending} is no report that was sent", field="sending")
    at = as_utc(said.received_at, "receivedAt")
    if at > from_micros(graph.clock()):
        raise BadQuestionError(f"receivedAt: {format_utc(at)} is still to come", field="receivedAt")
    job = _acknowledged(found.job, said, at)
    refuse(_breaches(found, said, at, job))
    if found.is_acknowledged:
        return Acknowledged(found.utcs, found.job, is_new=False)
    # A second receipt of the same bytes is the same event, and another one is refused.
    since = max(at, found.valid_from + timedelta(microseconds=1))
    id = f"received {found.utcs}"
    outcome = await _submit(graph, principal, id, found.utcs, since, job, replaces=found.version)
    if outcome.status not in (Status.APPLIED, Status.DUPLICATE):
        raise broken([Breach("report.receive/refused", outcome.reason or "the graph refuses it")])
    return Acknowledged(found.utcs, job, is_new=outcome.status is Status.APPLIED)


def _acknowledged(job: Job, said: Receipt, at: datetime) -> Job:
    told = {"receipt": said.number, "received_at": at, "received_by": said.received_by}
    empty = next(
        (name for name, value in told.items() if isinstance(value, str) and not value.strip()), None
    )
    if empty is not None:
        field = {"receipt": "number", "received_by": "receivedBy"}[empty]
        raise BadQuestionError(f"{field}: is empty; give what the recipient said", field=field)
    try:
        return Job.model_validate(job.model_dump() | told)
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


def _breaches(found: Sending, said: Receipt, at: datetime, job: Job) -> list[Breach]:
    broken: list[Breach] = []
    if said.sha256.lower() != found.job.sha256:
        problem = f"sha256: {said.sha256!a:.80} is not what was sent, {found.job.sha256}; another file came"
        broken.append(Breach("report.receive/hash", problem))
    sent = found.job.ended_at
    if sent is not None and at < sent:
        problem = f"receivedAt: {format_utc(at)} is before it was sent, {format_utc(sent)}"
        broken.append(Breach("report.receive/time", problem))
    if found.is_acknowledged and job != found.job:
        problem = (
            f"number: it was acknowledged under {found.job.receipt} by {found.job.received_by} already; "
            "if that is wrong, correct that event"
        )
        broken.append(Breach("report.receive/twice", problem))
    return broken


async def _submit(
    graph: Graph,
    principal: Principal,
    id: str,
    utcs: Utcs,
    at: datetime,
    job: Job,
    *,
    replaces: int,
) -> Outcome:
    event = Event(
        source=SOURCE,
        id=id,
        subject=utcs,
        time=at,
        actor=principal.actor,
        data=Facts(facts=(PutNode(utcs=utcs, properties=job, replaces=replaces),)),
    )
    (outcome,) = await submit(graph, [event], principal)
    return outcome
