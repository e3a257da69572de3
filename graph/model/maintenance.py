"""Maintenance: what is due, what was done, when, and the release that says so."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.engineering import AtaChapter, Priority, ReleaseStatus
from graph.model.kind import (
    Amount,
    Code,
    Count,
    Day,
    Days,
    FlightCycles,
    FlightHours,
    Hours,
    Kind,
    Line,
    Lines,
    Number,
    Text,
    quantity,
)
from graph.model.time import UtcDatetime

Millimetres = Annotated[Decimal, quantity("mm", ge=0)]


class TaskSource(StrEnum):
    """What a scheduled task stems from."""

    MSG3 = "msg3"
    CERTIFICATION_MAINTENANCE = "certification_maintenance"
    AIRWORTHINESS_LIMITATION = "airworthiness_limitation"
    DIRECTIVE = "directive"
    BULLETIN = "bulletin"
    MODIFICATION = "modification"
    OPERATOR = "operator"


class FailureEffect(StrEnum):
    """The MSG-3 failure effect category, 5 to 9 in order."""

    EVIDENT_SAFETY = "evident_safety"
    EVIDENT_OPERATIONAL = "evident_operational"
    EVIDENT_ECONOMIC = "evident_economic"
    HIDDEN_SAFETY = "hidden_safety"
    HIDDEN_ECONOMIC = "hidden_economic"


class TaskCategory(StrEnum):
    """What sort of work a task is, after MSG-3."""

    LUBRICATION = "lubrication"
    SERVICING = "servicing"
    OPERATIONAL_CHECK = "operational_check"
    VISUAL_CHECK = "visual_check"
    GENERAL_VISUAL_INSPECTION = "general_visual_inspection"
    DETAILED_INSPECTION = "detailed_inspection"
    SPECIAL_DETAILED_INSPECTION = "special_detailed_inspection"
    FUNCTIONAL_CHECK = "functional_check"
    RESTORATION = "restoration"
    DISCARD = "discard"
    MODIFICATION = "modification"


class Task(Kind):
    """A task of the maintenance programme: what is to be done, and when it falls due (MSG-3, M.A.302)."""

    number: Number | None = Field(default=None, description="The task number of the programme.")
    revision: Code | None = Field(default=None, description="The revision of the task.")
    task_source: TaskSource | None = Field(default=None, description="What it stems from.")
    failure_effect: FailureEffect | None = Field(
        default=None, description="The MSG-3 category of the failure it guards against."
    )
    category: TaskCategory | None = Field(default=None, description="What sort of work it is.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it is done on.")
    procedure: Text | None = Field(default=None, description="How it is done.")
    applicability: Text | None = Field(default=None, description="What it applies to, as printed.")
    threshold_fh: FlightHours | None = Field(
        default=None, description="First due at these flight hours."
    )
    threshold_fc: FlightCycles | None = Field(
        default=None, description="First due at these flight cycles."
    )
    threshold_days: Days | None = Field(default=None, description="First due at this age.")
    interval_fh: FlightHours | None = Field(
        default=None, description="Repeated each so many flight hours."
    )
    interval_fc: FlightCycles | None = Field(
        default=None, description="Repeated each so many flight cycles."
    )
    interval_days: Days | None = Field(default=None, description="Repeated each so many days.")
    tolerance_fh: FlightHours | None = Field(
        default=None, description="How far it may run over, in FH."
    )
    tolerance_fc: FlightCycles | None = Field(
        default=None, description="How far it may run over, in FC."
    )
    tolerance_days: Days | None = Field(
        default=None, description="How far it may run over, in days."
    )
    zones: Lines = Field(default=(), description="The aircraft zones it is done in.")
    access: Lines = Field(default=(), description="The panels and doors to be opened.")
    skill: Line | None = Field(default=None, description="The trade or licence it needs.")
    crew: Count | None = Field(default=None, description="How many people it needs.")
    estimated_h: Hours | None = Field(default=None, description="The labour it is thought to take.")
    is_critical: bool | None = Field(
        default=None, description="Whether it is a critical maintenance task (145.A.48)."
    )
    status: ReleaseStatus | None = Field(default=None, description="Where the task stands.")


class WorkOrderCategory(StrEnum):
    """What a work order is for."""

    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    INSPECTION = "inspection"
    MODIFICATION = "modification"
    REPAIR = "repair"
    OVERHAUL = "overhaul"
    REMOVAL = "removal"


class WorkOrderStatus(StrEnum):
    """Where a work order stands, from request to release."""

    REQUESTED = "requested"
    PLANNED = "planned"
    OPEN = "open"
    IN_WORK = "in_work"
    ON_HOLD = "on_hold"
    PERFORMED = "performed"
    INSPECTED = "inspected"
    RELEASED = "released"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Effectiveness(StrEnum):
    """Whether an action cured what it was meant to cure."""

    PENDING = "pending"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"


class WorkOrder(Kind):
    """An order to maintain one aircraft or unit, and the record of it (145.A.55, 14 CFR 43.9)."""

    number: Number = Field(description="The number of the work order.")
    category: WorkOrderCategory | None = Field(default=None, description="What it is for.")
    priority: Priority | None = Field(default=None, description="How soon it is needed.")
    is_aog: bool | None = Field(
        default=None, description="Whether the aircraft is grounded for it."
    )
    status: WorkOrderStatus | None = Field(default=None, description="Where it stands.")
    station: Line | None = Field(default=None, description="Where it is done.")
    opened_at: UtcDatetime | None = Field(default=None, description="When it was opened.")
    due_on: Day | None = Field(default=None, description="The day it must be done by.")
    planned_start_at: UtcDatetime | None = Field(default=None, description="When it is to begin.")
    planned_end_at: UtcDatetime | None = Field(default=None, description="When it is to end.")
    started_at: UtcDatetime | None = Field(default=None, description="When work began.")
    ended_at: UtcDatetime | None = Field(default=None, description="When work ended.")
    estimated_h: Hours | None = Field(default=None, description="The labour it is thought to take.")
    actual_h: Hours | None = Field(default=None, description="The labour it took.")
    required_signoffs: Lines = Field(
        default=(), description="The roles that must sign before it can be released."
    )
    references: Lines = Field(default=(), description="The maintenance data used, with revision.")
    work_performed: Text | None = Field(default=None, description="What was done.")
    effectiveness: Effectiveness | None = Field(
        default=None, description="Whether it cured what it was meant to cure."
    )


class FindingCategory(StrEnum):
    """What sort of thing was found."""

    DAMAGE = "damage"
    WEAR = "wear"
    CORROSION = "corrosion"
    CRACK = "crack"
    LEAK = "leak"
    MALFUNCTION = "malfunction"
    CONTAMINATION = "contamination"
    MISSING = "missing"
    NO_FAULT_FOUND = "no_fault_found"
    OTHER = "other"


class FindingSeverity(StrEnum):
    """How bad a finding is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class FindingStatus(StrEnum):
    """What has become of a finding."""

    OPEN = "open"
    DEFERRED = "deferred"
    RECTIFIED = "rectified"
    CLOSED = "closed"


class Finding(Kind):
    """Something found during maintenance that is not as it should be (EASA 145.A.55, M.A.403)."""

    number: Number | None = Field(default=None, description="The number of the finding.")
    category: FindingCategory | None = Field(default=None, description="What sort it is.")
    severity: FindingSeverity | None = Field(default=None, description="How bad it is.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it was found on.")
    zone: Code | None = Field(default=None, description="The aircraft zone it is in.")
    location: Line | None = Field(default=None, description="Where exactly it is.")
    length_mm: Millimetres | None = Field(default=None, description="Its length.")
    width_mm: Millimetres | None = Field(default=None, description="Its width.")
    depth_mm: Millimetres | None = Field(default=None, description="Its depth.")
    measured: Text | None = Field(default=None, description="What else was measured.")
    cause: Text | None = Field(default=None, description="Why it came about.")
    rectification: Text | None = Field(default=None, description="What was done about it.")
    is_repeat: bool | None = Field(default=None, description="Whether it was found before.")
    status: FindingStatus | None = Field(default=None, description="What has become of it.")
    found_at: UtcDatetime | None = Field(default=None, description="When it was found.")


class ReleaseForm(StrEnum):
    """Which certificate a release is."""

    CRS = "crs"
    EASA_FORM_1 = "easa_form_1"
    FAA_8130_3 = "faa_8130_3"
    EASA_FORM_52 = "easa_form_52"


class ReleaseWork(StrEnum):
    """The one term that stands in block 11 of EASA Form 1 and FAA 8130-3."""

    NEW = "new"
    OVERHAULED = "overhauled"
    REPAIRED = "repaired"
    INSPECTED = "inspected"
    MODIFIED = "modified"
    PROTOTYPE = "prototype"


class CertificateStatus(StrEnum):
    """Whether a certificate holds."""

    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Release(Kind):
    """A certificate that releases work or a unit: CRS, EASA Form 1, FAA 8130-3 (145.A.50)."""

    number: Number | None = Field(default=None, description="The form tracking number (block 3).")
    form: ReleaseForm = Field(description="Which certificate it is.")
    authority: Code | None = Field(default=None, description="The approving authority (block 1).")
    organisation: Line | None = Field(default=None, description="Who releases the work (block 4).")
    approval_number: Code | None = Field(
        default=None, description="The approval of that organisation (block 14c)."
    )
    order_reference: Line | None = Field(
        default=None, description="The work order, contract or invoice number (block 5)."
    )
    quantity: Amount | None = Field(default=None, description="How many items (block 9).")
    work: ReleaseWork | None = Field(default=None, description="The status or work (block 11).")
    remarks: Text | None = Field(default=None, description="The remarks (block 12).")
    statement: Text | None = Field(
        default=None, description="What is certified, under which rule (blocks 13a and 14a)."
    )
    limitations: Text | None = Field(default=None, description="Under what limits it was released.")
    status: CertificateStatus | None = Field(default=None, description="Whether it holds.")
    issued_at: UtcDatetime | None = Field(
        default=None, description="When it was signed (block 14e)."
    )


class DeferralCategory(StrEnum):
    """The rule a deferral stands on: the MEL repair interval categories, or another."""

    MEL_A = "mel_a"
    MEL_B = "mel_b"
    MEL_C = "mel_c"
    MEL_D = "mel_d"
    CDL = "cdl"
    STRUCTURAL = "structural"
    OTHER = "other"


class DeferralStatus(StrEnum):
    """Whether a deferral still runs."""

    OPEN = "open"
    EXTENDED = "extended"
    CLOSED = "closed"
    EXPIRED = "expired"


class Deferral(Kind):
    """A decision to fly with a known defect for a limited time (M.A.403, 145.A.50(e), MMEL)."""

    number: Number | None = Field(default=None, description="The number of the deferral.")
    category: DeferralCategory | None = Field(default=None, description="The rule it stands on.")
    reference: Line | None = Field(
        default=None, description="The MEL or CDL item, or the approval."
    )
    reason: Text | None = Field(default=None, description="Why it could not be mended at once.")
    restrictions: Text | None = Field(default=None, description="What may not be done meanwhile.")
    limit_fh: FlightHours | None = Field(
        default=None, description="How many flight hours it may run."
    )
    limit_fc: FlightCycles | None = Field(
        default=None, description="How many flight cycles it may run."
    )
    limit_days: Days | None = Field(default=None, description="How many days it may run.")
    status: DeferralStatus | None = Field(default=None, description="Whether it still runs.")
    opened_at: UtcDatetime | None = Field(default=None, description="When the defect was deferred.")
    due_at: UtcDatetime | None = Field(default=None, description="When it must be mended by.")
    closed_at: UtcDatetime | None = Field(default=None, description="When it was mended.")


class WindowCategory(StrEnum):
    """What sort of opportunity a window is."""

    LINE_STOP = "line_stop"
    OVERNIGHT = "overnight"
    BASE_CHECK = "base_check"
    SHOP_SLOT = "shop_slot"
    AOG = "aog"


class WindowStatus(StrEnum):
    """Whether a window can still be used."""

    OFFERED = "offered"
    RESERVED = "reserved"
    USED = "used"
    LOST = "lost"


class Window(Kind):
    """A stretch of time and a place in which an aircraft can be maintained."""

    category: WindowCategory | None = Field(default=None, description="What sort it is.")
    station: Line | None = Field(default=None, description="Where it is.")
    starts_at: UtcDatetime | None = Field(default=None, description="When the aircraft comes free.")
    ends_at: UtcDatetime | None = Field(default=None, description="When it must be ready again.")
    capacity_h: Hours | None = Field(
        default=None, description="The labour that can be spent in it."
    )
    status: WindowStatus | None = Field(default=None, description="Whether it can be used.")
