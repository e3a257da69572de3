"""Work orders as the CMMS tells them: opened, performed, signed, released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from graph.model.alias import Alias
from graph.model.engineering import Priority
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import (
    CertificateStatus,
    Finding,
    FindingCategory,
    FindingSeverity,
    FindingStatus,
    Release,
    ReleaseForm,
    ReleaseWork,
    WorkOrder,
    WorkOrderCategory,
    WorkOrderStatus,
)
from ingest.fleet.people import facility_id, licence_id, person_id
from ingest.fleet.statement import AMOS, days, link, put, utcs

SIGNOFFS: Final = ("performed", "inspected", "certified")
"""The roles that sign, in order."""

_CATEGORIES: Final = {
    "leak": FindingCategory.LEAK,
    "wear": FindingCategory.WEAR,
    "chafed": FindingCategory.WEAR,
    "corrosion": FindingCategory.CORROSION,
    "contamination": FindingCategory.CONTAMINATION,
    "no fault": FindingCategory.NO_FAULT_FOUND,
}


@dataclass(frozen=True, slots=True)
class Work:
    """One work order of the story."""

    utcs: Utcs
    title: str
    category: WorkOrderCategory
    station: str
    on: Utcs
    opened: datetime
    ended: datetime
    hours: float
    executes: tuple[Utcs, ...] = ()
    technician: int = 2
    priority: Priority = Priority.MEDIUM

    def properties(self, status: WorkOrderStatus, performed: str | None = None) -> WorkOrder:
        """Returns what is stated of it."""
        is_begun = status not in (WorkOrderStatus.OPEN, WorkOrderStatus.PLANNED)
        return WorkOrder(
            name=self.title,
            number=self.utcs.local,
            category=self.category,
            priority=self.priority,
            is_aog=self.priority is Priority.CRITICAL,
            status=status,
            station=self.station,
            opened_at=self.opened,
            due_on=(self.ended + days(5)).date(),
            planned_start_at=self.ended - days(self.hours / 24),
            planned_end_at=self.ended,
            started_at=self.ended - days(self.hours / 24) if is_begun else None,
            ended_at=self.ended if performed else None,
            estimated_h=round(self.hours, 1),
            actual_h=round(self.hours * 1.1, 1) if performed else None,
            required_signoffs=SIGNOFFS,
            references=("AMM rev 14",),
            work_performed=performed,
            aliases=(Alias.parse("erp", self.utcs.local),),
        )

    def open(self, *more: Fact) -> Event:
        """States that it was opened, what it works on and what it carries out."""
        facts = [
            put(self.utcs, self.properties(WorkOrderStatus.OPEN)),
            link(self.utcs, "WORKS_ON", self.on),
            link(self.utcs, "TAKES_PLACE_AT", facility_id(self.station)),
            link(self.utcs, "ASSIGNED_TO", person_id(self.station, self.technician)),
            *(link(self.utcs, "EXECUTES", task) for task in self.executes),
            *more,
        ]
        planner = person_id(self.station, 6).local
        return AMOS.event(f"{self.utcs.local}-opened", self.opened, facts, actor=planner)

    def perform(self, what: str, *more: Fact) -> Event:
        """States that the work was done and inspected, with what came of it."""
        facts = [
            put(self.utcs, self.properties(WorkOrderStatus.INSPECTED, what)),
            self.signed("performed", self.technician, self.ended),
            self.signed("inspected", 1, self.ended + days(0.02)),
            *more,
        ]
        worker = person_id(self.station, self.technician).local
        return AMOS.event(f"{self.utcs.local}-performed", self.ended, facts, actor=worker)

    def signed(self, role: str, number: int, at: datetime) -> Fact:
        """States a sign-off by one of the people of the station."""
        return _signed(self.utcs, self.station, role, number, at)

    def release(self, form: ReleaseForm, what: str, *more: Fact) -> Event:
        """States the certificate that releases the work."""
        at = self.ended + days(0.05)
        thing = release_id(self, form)
        facts = [
            put(thing, _certificate(thing, form, self, at)),
            link(thing, "RELEASES", self.utcs),
            _signed(thing, self.station, "certified", 0, at),
            put(self.utcs, self.properties(WorkOrderStatus.RELEASED, what)),
            *more,
        ]
        certifier = person_id(self.station, 0).local
        return AMOS.event(f"{self.utcs.local}-released", at, facts, actor=certifier)


def release_id(work: Work, form: ReleaseForm) -> Utcs:
    """Names the certificate of a work order."""
    return utcs("release", f"{'CRS' if form is ReleaseForm.CRS else 'F1'}-{work.utcs.local}")


def _signed(what: Utcs, station: str, role: str, number: int, at: datetime) -> Fact:
    return link(
        what,
        "SIGNED_BY",
        person_id(station, number),
        role,
        signed_at=at,
        statement=f"{role.capitalize()} in accordance with the maintenance data.",
        authorisation=licence_id(station, number).local,
    )


def _certificate(thing: Utcs, form: ReleaseForm, work: Work, at: datetime) -> Release:
    is_crs = form is ReleaseForm.CRS
    return Release(
        name=f"{'Certificate of release to service' if is_crs else 'EASA Form 1'}, {work.utcs.local}",
        number=thing.local,
        form=form,
        authority="EASA",
        organisation=f"AMPEL360 Services {work.station}",
        approval_number=f"DE.145.{work.station}",
        order_reference=work.utcs.local,
        quantity=1,
        work=ReleaseWork.INSPECTED if is_crs else ReleaseWork.REPAIRED,
        statement="Except as otherwise specified, the work was carried out in accordance with Part-145.",
        status=CertificateStatus.VALID,
        issued_at=at,
    )


def found(
    work: Work,
    about: Utcs,
    text: str,
    severity: str,
    at: datetime,
    status: FindingStatus = FindingStatus.RECTIFIED,
    number: int = 1,
) -> list[Fact]:
    """States a finding of a work order."""
    thing = utcs("finding", f"FND-{work.utcs.local[3:]}-{number}")
    properties = finding(thing, text, severity, at, status)
    return [
        put(thing, properties),
        link(thing, "FOUND_IN", work.utcs),
        link(thing, "ABOUT", about),
    ]


def finding(thing: Utcs, text: str, severity: str, at: datetime, status: FindingStatus) -> Finding:
    """Returns what is stated of a finding."""
    categories = (category for word, category in _CATEGORIES.items() if word in text)
    return Finding(
        name=text.capitalize(),
        number=thing.local,
        category=next(categories, FindingCategory.MALFUNCTION),
        severity=FindingSeverity(severity),
        cause=None if status is FindingStatus.OPEN else "Within the experience of the type.",
        rectification="Replaced or restored as the data module tells."
        if status in (FindingStatus.RECTIFIED, FindingStatus.CLOSED)
        else None,
        status=status,
        found_at=at,
    )
