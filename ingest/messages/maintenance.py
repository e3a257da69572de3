"""Maintenance on the wire: what is said of work done, of work put off or unasked for, and of findings."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from pydantic import Field

from graph.model.engineering import AtaChapter
from graph.model.identifier import Utcs
from graph.model.kind import (
    Amount,
    Code,
    Days,
    FlightCycles,
    FlightHours,
    Hours,
    Line,
    Lines,
    Name,
    Number,
    Sha256,
    Text,
)
from graph.model.maintenance import (
    CertificateStatus,
    DeferralCategory,
    DeferralStatus,
    Effectiveness,
    FindingCategory,
    FindingSeverity,
    FindingStatus,
    Millimetres,
    ReleaseForm,
    ReleaseWork,
    WorkOrderCategory,
)
from graph.model.operation import AlertCategory, AlertSeverity, AlertStatus
from graph.model.product import UnitOfMeasure
from graph.model.time import UtcDatetime
from ingest.messages.report import Wire

SCHEDULED: Final = "org.utcs.maintenance.scheduled.v1"
UNSCHEDULED: Final = "org.utcs.maintenance.unscheduled.v1"
FINDING: Final = "org.utcs.maintenance.finding.v1"
OUTCOME: Final = "org.utcs.maintenance.outcome.v1"
WITHDRAWN: Final = "org.utcs.maintenance.withdrawn.v1"

_OF_ORDERS: Final = frozenset({"number", "category"})


class Said(Wire):
    """The base of what a notice says."""

    type: ClassVar[str]
    labels: ClassVar[frozenset[str]] = frozenset({"number"})
    """Told along with the rest; a change of these alone is none."""

    units: tuple[Utcs, ...] = Field(
        default=(),
        description="What it is about: aircraft first, then other units; none if unknown.",
    )

    def is_same(self, other: Said) -> bool:
        """Whether another one says the same, labels aside."""
        blank = dict.fromkeys(self.labels)
        return self.model_copy(update=blank) == other.model_copy(update=blank)


class Done(Said):
    """A work order was performed; told once for each item that it carried out."""

    type = SCHEDULED
    labels = _OF_ORDERS
    what: Literal["done"] = "done"
    workorder: Utcs
    number: Number | None = None
    category: WorkOrderCategory | None = None
    executes: Utcs | None = Field(
        default=None, description="What was carried out: a task, directive, bulletin, …"
    )


class Deferred(Said):
    """Something was put off; told anew when its limits or its state change."""

    type = SCHEDULED
    what: Literal["deferred"] = "deferred"
    deferral: Utcs
    number: Number | None = None
    defers: Utcs | None = Field(default=None, description="What is put off.")
    category: DeferralCategory | None = None
    reference: Line | None = None
    reason: Text | None = None
    restrictions: Text | None = None
    limit_fh: FlightHours | None = None
    limit_fc: FlightCycles | None = None
    limit_days: Days | None = None
    due_at: UtcDatetime | None = None
    status: DeferralStatus | None = None


class Fault(Said):
    """A built-in test, a crew or a limit told of a fault; told anew when its state changes."""

    type = UNSCHEDULED
    what: Literal["fault"] = "fault"
    alert: Utcs
    number: Number | None = None
    name: Name | None = None
    code: Code | None = None
    category: AlertCategory | None = None
    severity: AlertSeverity | None = None
    ata_chapter: AtaChapter | None = None
    parameter: Line | None = None
    unit_of_measurement: Code | None = None
    value: Amount | None = None
    threshold: Amount | None = None
    status: AlertStatus | None = None


class Removal(Said):
    """A unit was taken out that was not to be taken out."""

    type = UNSCHEDULED
    what: Literal["removal"] = "removal"
    workorder: Utcs
    item: Utcs = Field(description="The unit that was taken out.")
    position: Line | None = None
    reason: Line | None = None
    total_fh: FlightHours | None = None
    total_fc: FlightCycles | None = None


class Aog(Said):
    """An aircraft is on the ground for a work order, or is so no longer."""

    type = UNSCHEDULED
    what: Literal["aog"] = "aog"
    workorder: Utcs
    number: Number | None = None
    is_over: bool = Field(description="Whether the order grounds it no longer.")


class Damage(Said):
    """Something was found that is not as it should be; `category` says what, also that it was nothing."""

    type = FINDING
    what: Literal["damage"] = "damage"
    finding: Utcs
    number: Number | None = None
    name: Name | None = None
    found_in: Utcs | None = Field(default=None, description="The occasion, such as a work order.")
    category: FindingCategory | None = None
    severity: FindingSeverity | None = None
    ata_chapter: AtaChapter | None = None
    zone: Code | None = None
    location: Line | None = None
    cause: Text | None = None
    rectification: Text | None = None
    is_repeat: bool | None = None
    status: FindingStatus | None = None


class Measurement(Said):
    """What was measured of a finding."""

    type = FINDING
    what: Literal["measurement"] = "measurement"
    finding: Utcs
    number: Number | None = None
    found_in: Utcs | None = Field(default=None, description="The occasion, such as a work order.")
    length_mm: Millimetres | None = None
    width_mm: Millimetres | None = None
    depth_mm: Millimetres | None = None
    measured: Text | None = None


class Action(Said):
    """What was done under a work order; told once for each thing that it put right."""

    type = OUTCOME
    labels = _OF_ORDERS
    what: Literal["action"] = "action"
    workorder: Utcs
    number: Number | None = None
    category: WorkOrderCategory | None = None
    resolves: Utcs | None = Field(default=None, description="What was put right.")
    work_performed: Text | None = None
    references: Lines = ()
    effectiveness: Effectiveness | None = None


class Parts(Said):
    """A unit was put in or taken out under a work order, or something was used up."""

    type = OUTCOME
    what: Literal["parts"] = "parts"
    workorder: Utcs
    act: Literal["installed", "removed", "consumed"]
    item: Utcs
    quantity: Amount | None = None
    unit_of_measure: UnitOfMeasure | None = None
    position: Line | None = None
    reason: Line | None = None
    is_scheduled: bool | None = None
    total_fh: FlightHours | None = None
    total_fc: FlightCycles | None = None
    reference: Line | None = None


class Labour(Said):
    """The hours that a work order took."""

    type = OUTCOME
    labels = _OF_ORDERS
    what: Literal["labour"] = "labour"
    workorder: Utcs
    number: Number | None = None
    actual_h: Hours


class Released(Said):
    """Work was certified; told anew when the certificate is revoked or superseded."""

    type = OUTCOME
    what: Literal["release"] = "release"
    release: Utcs
    number: Number | None = None
    releases: Utcs | None = Field(default=None, description="The work that is released.")
    form: ReleaseForm
    work: ReleaseWork | None = None
    organisation: Line | None = None
    limitations: Text | None = None
    status: CertificateStatus | None = None
    issued_at: UtcDatetime | None = None


class Withdrawn(Said):
    """What was told is believed no longer: it was wrong, or later knowledge says it otherwise."""

    type = WITHDRAWN
    withdraws: Sha256 = Field(description="The `utcsnotice` of what was told.")
    told: str = Field(description="The `type` under which it was told.")
    reason: str | None = Field(default=None, description="Why, if a correction says so.")
