"""Quality: what did not conform, what was done about it, and the measurements that say so."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from graph.model.engineering import Verdict
from graph.model.kind import Amount, Code, Count, Day, Euros, Kind, Line, Number, Text
from graph.model.maintenance import Effectiveness
from graph.model.time import UtcDatetime


class NcrCategory(StrEnum):
    """Where a nonconformance was found."""

    INCOMING = "incoming"
    IN_PROCESS = "in_process"
    FINAL = "final"
    SUPPLIER = "supplier"
    FIELD = "field"
    AUDIT = "audit"


class NcrSeverity(StrEnum):
    """How bad a nonconformance is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Disposition(StrEnum):
    """What the material review board decided about a nonconforming thing."""

    USE_AS_IS = "use_as_is"
    REWORK = "rework"
    REPAIR = "repair"
    SCRAP = "scrap"
    RETURN_TO_SUPPLIER = "return_to_supplier"


class NcrStatus(StrEnum):
    """Where a nonconformance report stands."""

    OPEN = "open"
    CONTAINED = "contained"
    DISPOSITIONED = "dispositioned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Ncr(Kind):
    """A nonconformance report: a product or process that does not meet a requirement (AS9100 §8.7)."""

    number: Number | None = Field(default=None, description="The number of the report.")
    category: NcrCategory | None = Field(default=None, description="Where it was found.")
    severity: NcrSeverity | None = Field(default=None, description="How bad it is.")
    quantity: Amount | None = Field(default=None, description="How many units are affected.")
    containment: Text | None = Field(default=None, description="What was done at once.")
    cause: Text | None = Field(default=None, description="Why it came about.")
    disposition: Disposition | None = Field(default=None, description="What the board decided.")
    cost_eur: Euros | None = Field(default=None, description="What it cost.")
    status: NcrStatus | None = Field(default=None, description="Where the report stands.")
    opened_on: Day | None = Field(default=None, description="The day it was raised.")
    closed_on: Day | None = Field(default=None, description="The day it was closed.")


class CapaCategory(StrEnum):
    """Whether an action mends what happened or keeps it from happening."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class CapaStatus(StrEnum):
    """Where a corrective or preventive action stands."""

    OPEN = "open"
    ANALYSED = "analysed"
    IN_WORK = "in_work"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    CLOSED = "closed"


class Capa(Kind):
    """A corrective or preventive action against the cause of a nonconformance (AS9100 §10.2)."""

    number: Number | None = Field(default=None, description="The number of the action.")
    category: CapaCategory | None = Field(default=None, description="Whether it mends or prevents.")
    method: Line | None = Field(default=None, description="How the cause was sought: 8D, 5 whys, …")
    cause: Text | None = Field(default=None, description="The root cause.")
    action: Text | None = Field(default=None, description="What is done against it.")
    owner: Line | None = Field(default=None, description="The team that answers for it.")
    effectiveness: Effectiveness | None = Field(default=None, description="Whether it worked.")
    status: CapaStatus | None = Field(default=None, description="Where it stands.")
    opened_on: Day | None = Field(default=None, description="The day it was opened.")
    due_on: Day | None = Field(default=None, description="The day it must be in by.")
    closed_on: Day | None = Field(default=None, description="The day it was closed.")


class InspectionCategory(StrEnum):
    """At what point an inspection is made."""

    FIRST_ARTICLE = "first_article"
    INCOMING = "incoming"
    IN_PROCESS = "in_process"
    FINAL = "final"
    SAMPLING = "sampling"


class Inspection(Kind):
    """One characteristic of a lot or unit measured against its limits (AS9102, ISO 2859-1)."""

    number: Number | None = Field(default=None, description="The number of the inspection.")
    category: InspectionCategory | None = Field(
        default=None, description="At what point it was made."
    )
    characteristic: Line | None = Field(default=None, description="What was measured or checked.")
    characteristic_number: Code | None = Field(
        default=None, description="Its balloon number on the drawing (AS9102 field 5)."
    )
    is_key_characteristic: bool | None = Field(
        default=None, description="Whether it is a key characteristic (AS9103)."
    )
    unit_of_measurement: Code | None = Field(
        default=None, description="The unit of the values below, after UCUM: mm, Pa, Cel."
    )
    nominal: Amount | None = Field(default=None, description="The value aimed at.")
    lower_limit: Amount | None = Field(default=None, description="The least value allowed.")
    upper_limit: Amount | None = Field(default=None, description="The greatest value allowed.")
    value: Amount | None = Field(default=None, description="The value measured.")
    method: Line | None = Field(default=None, description="How it was measured.")
    lot_size: Count | None = Field(default=None, description="How many units the lot has.")
    sample_size: Count | None = Field(default=None, description="How many of them were inspected.")
    defects: Count | None = Field(default=None, description="How many of those were bad.")
    verdict: Verdict | None = Field(default=None, description="The outcome.")
    performed_at: UtcDatetime | None = Field(default=None, description="When it was made.")


class Distinction(Kind):
    """A judgement that two records that look alike are of two different things, and why (ISO 8000-8)."""

    first: Line = Field(description="The one, by its identifier.")
    second: Line = Field(description="The other, by its identifier.")
    reason: Text | None = Field(default=None, description="Why they are not one thing.")
