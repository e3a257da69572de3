"""Maintenance: what is due, what was done, who did it with what, and the release that says so.

Longer than other files, because one family is one file.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from graph.model.engineering import AtaChapter, Priority, ReleaseStatus, Verdict
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
    Percent,
    Text,
    quantity,
)
from graph.model.product import Country, SerialCondition, UnitOfMeasure
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

    number: Code | None = Field(default=None, description="The task number of the programme.")
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

    number: Code = Field(description="The number of the work order.")
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

    number: Code | None = Field(default=None, description="The number of the finding.")
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

    number: Code | None = Field(default=None, description="The form tracking number (block 3).")
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

    number: Code | None = Field(default=None, description="The number of the deferral.")
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


class PersonStatus(StrEnum):
    """Whether a person is at work."""

    ACTIVE = "active"
    ABSENT = "absent"
    LEFT = "left"


class Person(Kind):
    """Someone who works on or answers for aircraft, known here by a pseudonym only (GDPR article 4(5))."""

    pseudonym: Code = Field(description="The pseudonym; `name` repeats it. Never a real name.")
    employer: Line | None = Field(default=None, description="The organisation they work for.")
    roles: Lines = Field(
        default=(), description="What they do: technician, inspector, certifying staff."
    )
    status: PersonStatus | None = Field(default=None, description="Whether they are at work.")

    @model_validator(mode="after")
    def _nameless(self) -> Person:
        if self.name != self.pseudonym:
            raise ValueError("name: a person has none here; repeat the pseudonym")
        return self


class QualificationCategory(StrEnum):
    """What sort of right a qualification gives."""

    LICENCE = "licence"
    TYPE_RATING = "type_rating"
    AUTHORISATION = "authorisation"
    SPECIAL_PROCESS = "special_process"
    RECURRENT = "recurrent"


class QualificationStatus(StrEnum):
    """Whether a qualification holds."""

    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Qualification(Kind):
    """A licence, rating or authorisation that lets a person do or certify work (EASA Part-66, 145.A.35)."""

    number: Code | None = Field(
        default=None, description="The number of the licence or authorisation."
    )
    category: QualificationCategory | None = Field(default=None, description="What right it gives.")
    grade: Code | None = Field(
        default=None, description="The category or level, such as B1 or NDT-2."
    )
    scope: Text | None = Field(default=None, description="What it covers.")
    limitations: Text | None = Field(default=None, description="What it does not cover.")
    issuer: Line | None = Field(default=None, description="Who gave it.")
    status: QualificationStatus | None = Field(default=None, description="Whether it holds.")
    issued_on: Day | None = Field(default=None, description="The day it was given.")
    expires_on: Day | None = Field(default=None, description="The last day it holds.")


class ToolStatus(StrEnum):
    """Whether a tool may be used."""

    AVAILABLE = "available"
    IN_USE = "in_use"
    IN_CALIBRATION = "in_calibration"
    QUARANTINED = "quarantined"
    RETIRED = "retired"


class Tool(Kind):
    """A tool or item of test equipment that is controlled, and calibrated where it measures (145.A.40)."""

    number: Code | None = Field(default=None, description="The asset number of the tool.")
    serial_number: Code | None = Field(default=None, description="The maker's serial number.")
    manufacturer: Line | None = Field(default=None, description="Who made it.")
    category: Line | None = Field(default=None, description="What sort of tool it is.")
    measuring_range: Line | None = Field(
        default=None, description="What it can measure, with unit."
    )
    resolution: Line | None = Field(
        default=None, description="How finely it can be read, with unit."
    )
    interval_days: Days | None = Field(default=None, description="How often it must be calibrated.")
    due_on: Day | None = Field(default=None, description="The day its next calibration is due.")
    location: Line | None = Field(default=None, description="Where it is kept.")
    status: ToolStatus | None = Field(default=None, description="Whether it may be used.")


class Calibration(Kind):
    """One comparison of a tool with a traceable standard, and what it showed (ISO/IEC 17025)."""

    number: Code | None = Field(default=None, description="The number of the certificate.")
    laboratory: Line | None = Field(default=None, description="Who calibrated it.")
    accreditation: Line | None = Field(
        default=None, description="The accreditation of that laboratory."
    )
    standard: Line | None = Field(
        default=None, description="The reference standard it was held against."
    )
    as_found: Text | None = Field(default=None, description="What it read when it came.")
    as_left: Text | None = Field(default=None, description="What it read when it went.")
    uncertainty: Line | None = Field(
        default=None, description="The expanded uncertainty, with unit."
    )
    verdict: Verdict | None = Field(
        default=None, description="Whether it was within its limits as found."
    )
    temperature_degc: Annotated[Decimal, quantity("degC", ge=-273.15)] | None = Field(
        default=None, description="The temperature it was done at."
    )
    humidity_percent: Percent | None = Field(default=None, description="The relative humidity.")
    performed_on: Day | None = Field(default=None, description="The day it was done.")
    due_on: Day | None = Field(default=None, description="The last day it holds.")


class FacilityCategory(StrEnum):
    """What a facility is for."""

    LINE_STATION = "line_station"
    HANGAR = "hangar"
    SHOP = "shop"
    PLANT = "plant"
    WAREHOUSE = "warehouse"
    LABORATORY = "laboratory"
    AIRPORT = "airport"


class Facility(Kind):
    """A place where aircraft and parts are built, kept, tested or maintained (145.A.25)."""

    number: Code | None = Field(default=None, description="The site or location code.")
    category: FacilityCategory | None = Field(default=None, description="What it is for.")
    country: Country | None = Field(default=None, description="The country it is in (ISO 3166).")
    city: Line | None = Field(default=None, description="The town it is in.")
    icao_location: Annotated[str, Field(pattern=r"^[A-Z]{4}$")] | None = Field(
        default=None, description="The location indicator of its aerodrome (ICAO Doc 7910)."
    )
    latitude_deg: Annotated[Decimal, quantity("deg", ge=-90, le=90)] | None = Field(
        default=None, description="Its latitude, WGS 84."
    )
    longitude_deg: Annotated[Decimal, quantity("deg", ge=-180, le=180)] | None = Field(
        default=None, description="Its longitude, WGS 84."
    )
    time_zone: Line | None = Field(default=None, description="Its time zone by the IANA name.")
    approvals: Lines = Field(
        default=(), description="What it is approved to: Part-145, ISO 17025, …"
    )
    bays: Count | None = Field(default=None, description="How many aircraft it takes at once.")


class StockStatus(StrEnum):
    """What may be done with stock."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"
    ISSUED = "issued"


class Stock(Kind):
    """A quantity of one part lying in one place, with its condition and papers (145.A.42)."""

    number: Code | None = Field(default=None, description="The stock or receipt number.")
    quantity: Amount | None = Field(default=None, description="How much lies there.")
    reserved_quantity: Amount | None = Field(
        default=None, description="How much of it is promised."
    )
    minimum_quantity: Amount | None = Field(default=None, description="Below this it is reordered.")
    unit_of_measure: UnitOfMeasure | None = Field(
        default=None, description="What it is counted in."
    )
    bin: Code | None = Field(default=None, description="The bin or shelf it lies in.")
    condition: SerialCondition | None = Field(default=None, description="What state it is in.")
    owner: Line | None = Field(default=None, description="Who owns it.")
    status: StockStatus | None = Field(default=None, description="What may be done with it.")
    received_on: Day | None = Field(default=None, description="The day it came in.")
    expires_on: Day | None = Field(default=None, description="The last day it may be used.")
