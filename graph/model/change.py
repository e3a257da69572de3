"""Change: why and how the product is altered, who demands it, and which aircraft it applies to."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.engineering import AtaChapter, Priority
from graph.model.kind import (
    Code,
    Day,
    Days,
    Euros,
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


class ChangeClass(StrEnum):
    """How much a change asks of the approval, after EASA Part 21.A.91."""

    MINOR = "minor"
    MAJOR = "major"
    EMERGENCY = "emergency"


class EcrStatus(StrEnum):
    """Where a change request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Ecr(Kind):
    """An engineering change request: a problem and a proposed change, put before the board (EIA-649C)."""

    number: Number | None = Field(default=None, description="The number of the request.")
    change_class: ChangeClass | None = Field(default=None, description="How large the change is.")
    priority: Priority | None = Field(default=None, description="How soon it is needed.")
    reason: Text | None = Field(default=None, description="What is wrong or wanted.")
    proposal: Text | None = Field(default=None, description="What is to be changed.")
    decision: Text | None = Field(default=None, description="What the board decided, and why.")
    status: EcrStatus | None = Field(default=None, description="Where the request stands.")
    opened_on: Day | None = Field(default=None, description="The day it was raised.")
    decided_on: Day | None = Field(default=None, description="The day the board decided.")
    due_on: Day | None = Field(default=None, description="The day a decision is needed by.")
    estimated_cost_eur: Euros | None = Field(
        default=None, description="What it is thought to cost."
    )


class EcoStatus(StrEnum):
    """Where a change order stands."""

    DRAFT = "draft"
    RELEASED = "released"
    IN_WORK = "in_work"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


class StockDisposition(StrEnum):
    """What happens to parts already made."""

    USE_AS_IS = "use_as_is"
    REWORK = "rework"
    SCRAP = "scrap"
    RETURN = "return"


class Eco(Kind):
    """An engineering change order: the approved instruction to change the definition (EIA-649C)."""

    number: Number | None = Field(default=None, description="The number of the order.")
    revision: Code | None = Field(default=None, description="The revision of the order.")
    change_class: ChangeClass | None = Field(default=None, description="How large the change is.")
    instructions: Text | None = Field(default=None, description="What is to be done.")
    disposition: StockDisposition | None = Field(
        default=None, description="What happens to parts already made."
    )
    approval_reference: Line | None = Field(
        default=None, description="The approval it rests on, such as the authority's number."
    )
    status: EcoStatus | None = Field(default=None, description="Where the order stands.")
    issued_on: Day | None = Field(default=None, description="The day it was released.")
    due_on: Day | None = Field(default=None, description="The day it must be in by.")
    implemented_on: Day | None = Field(default=None, description="The day it was in.")
    verified_on: Day | None = Field(default=None, description="The day it was shown to be in.")
    cost_eur: Euros | None = Field(default=None, description="What it cost.")


class BulletinCategory(StrEnum):
    """How strongly a bulletin is put."""

    ALERT = "alert"
    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    INFORMATION = "information"


class BulletinStatus(StrEnum):
    """Whether a bulletin holds."""

    DRAFT = "draft"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Bulletin(Kind):
    """A service bulletin: the design holder's instruction for units in service (ATA iSpec 2200)."""

    number: Number = Field(description="The bulletin number.")
    revision: Code | None = Field(default=None, description="The issue of the bulletin.")
    issuer: Line | None = Field(default=None, description="Who issued it.")
    category: BulletinCategory | None = Field(default=None, description="How strongly it is put.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it touches.")
    reason: Text | None = Field(default=None, description="Why it was issued.")
    instructions: Text | None = Field(default=None, description="What is to be done.")
    applicability: Text | None = Field(default=None, description="What it applies to, as printed.")
    threshold_fh: FlightHours | None = Field(default=None, description="Due by these flight hours.")
    threshold_fc: FlightCycles | None = Field(
        default=None, description="Due by these flight cycles."
    )
    threshold_days: Days | None = Field(default=None, description="Due so long after its issue.")
    estimated_h: Hours | None = Field(default=None, description="The labour it is thought to take.")
    status: BulletinStatus | None = Field(default=None, description="Whether it holds.")
    issued_on: Day | None = Field(default=None, description="The day this issue came out.")


class DirectiveStatus(StrEnum):
    """Whether a directive holds."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Directive(Kind):
    """An airworthiness directive: mandatory action against an unsafe condition (21.A.3B, 14 CFR 39)."""

    number: Number = Field(description="The number of the directive, such as 2026-0042.")
    authority: Code | None = Field(default=None, description="Whose directive it is: EASA, FAA, …")
    revision: Code | None = Field(default=None, description="The revision of the directive.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it touches.")
    unsafe_condition: Text | None = Field(default=None, description="What is unsafe.")
    required_action: Text | None = Field(default=None, description="What must be done.")
    applicability: Text | None = Field(default=None, description="What it applies to, as printed.")
    threshold_fh: FlightHours | None = Field(
        default=None, description="First due by these flight hours after the effective date."
    )
    threshold_fc: FlightCycles | None = Field(
        default=None, description="First due by these flight cycles after the effective date."
    )
    threshold_days: Days | None = Field(
        default=None, description="First due so long after the effective date."
    )
    interval_fh: FlightHours | None = Field(
        default=None, description="Repeated each so many flight hours."
    )
    interval_fc: FlightCycles | None = Field(
        default=None, description="Repeated each so many flight cycles."
    )
    interval_days: Days | None = Field(default=None, description="Repeated each so many days.")
    is_emergency: bool | None = Field(
        default=None, description="Whether it is an emergency directive."
    )
    is_recurring: bool | None = Field(
        default=None, description="Whether the action must be repeated."
    )
    terminating_action: Text | None = Field(
        default=None, description="What ends the need to repeat it."
    )
    status: DirectiveStatus | None = Field(default=None, description="Whether it holds.")
    issued_on: Day | None = Field(default=None, description="The day it was issued.")
    effective_on: Day | None = Field(default=None, description="The day it took effect.")


class ApprovalStatus(StrEnum):
    """Whether an approved change holds."""

    PENDING = "pending"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"


class Stc(Kind):
    """A supplemental type certificate: a major change by other than the type holder (Part 21 E)."""

    number: Number | None = Field(default=None, description="The number of the certificate.")
    revision: Code | None = Field(default=None, description="The revision of the certificate.")
    authority: Code | None = Field(default=None, description="Who issued it: EASA, FAA, …")
    holder: Line | None = Field(default=None, description="Who holds it.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it touches.")
    limitations: Text | None = Field(default=None, description="Under what conditions it holds.")
    status: ApprovalStatus | None = Field(default=None, description="Whether it holds.")
    issued_on: Day | None = Field(default=None, description="The day it was issued.")


class ModificationCategory(StrEnum):
    """Where a modification comes from."""

    PRODUCTION = "production"
    RETROFIT = "retrofit"
    OPERATOR = "operator"
    REPAIR = "repair"


class Modification(Kind):
    """An approved change that is embodied in units, in production or in service (Part 21 D)."""

    number: Number | None = Field(default=None, description="The number of the modification.")
    revision: Code | None = Field(default=None, description="The revision of the modification.")
    category: ModificationCategory | None = Field(default=None, description="Where it comes from.")
    change_class: ChangeClass | None = Field(default=None, description="How large the change is.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it touches.")
    approval_reference: Line | None = Field(default=None, description="The approval it rests on.")
    instructions: Text | None = Field(default=None, description="How it is embodied.")
    mass_change_kg: Annotated[Decimal, quantity("kg")] | None = Field(
        default=None, description="What it adds to the empty mass."
    )
    estimated_h: Hours | None = Field(default=None, description="The labour it is thought to take.")
    status: ApprovalStatus | None = Field(default=None, description="Whether it is approved.")
    issued_on: Day | None = Field(default=None, description="The day it was approved.")


class Effectivity(Kind):
    """A rule that says to which aircraft and units something applies (EIA-649C, S1000D applicability)."""

    expression: Text | None = Field(
        default=None, description="The rule, such as `MSN 1001-1012 and post MOD-28-004`."
    )
    explanation: Text | None = Field(default=None, description="The rule in plain words.")
    msns: Lines = Field(default=(), description="The serial numbers it lists, where it only lists.")
    effective_on: Day | None = Field(default=None, description="The first day it applies.")
    expires_on: Day | None = Field(default=None, description="The last day it applies.")


class TrainingStatus(StrEnum):
    """Where a training requirement stands."""

    PLANNED = "planned"
    REQUIRED = "required"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


class Training(Kind):
    """A training that people need before they may work on or with something (EASA Part-66, Part-147)."""

    number: Number | None = Field(
        default=None, description="The number of the course or requirement."
    )
    audience: Line | None = Field(default=None, description="Who needs it.")
    reason: Text | None = Field(default=None, description="Why it is needed.")
    syllabus: Text | None = Field(default=None, description="What it covers.")
    duration_h: Hours | None = Field(default=None, description="How long it takes.")
    interval_days: Days | None = Field(
        default=None, description="After how long it must be repeated."
    )
    status: TrainingStatus | None = Field(default=None, description="Where it stands.")
    due_on: Day | None = Field(default=None, description="The day it must be done by.")
