"""Operation: what the fleet does, what it tells about itself, and what that means."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.engineering import AtaChapter, Priority
from graph.model.kind import (
    Amount,
    Code,
    Count,
    Day,
    FlightCycles,
    FlightHours,
    Hours,
    Kilograms,
    Kind,
    Line,
    Number,
    Percent,
    Sha256,
    Text,
    quantity,
)
from graph.model.time import UtcDatetime

Airport = Annotated[str, Field(pattern=r"^[A-Z]{4}$")]
"""An aerodrome by its location indicator (ICAO Doc 7910)."""

Rating = Annotated[int, Field(ge=1, le=5, strict=True)]
"""One of five steps, 1 the least (ICAO Doc 9859)."""


class FlightStatus(StrEnum):
    """Where a flight stands."""

    PLANNED = "planned"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    DIVERTED = "diverted"
    CANCELLED = "cancelled"


class Flight(Kind):
    """One flight of one aircraft, planned or flown (ICAO Annex 6, IATA SSIM)."""

    number: Number | None = Field(default=None, description="The flight number.")
    callsign: Code | None = Field(default=None, description="The call sign it was flown under.")
    origin: Airport | None = Field(default=None, description="Where it departs.")
    destination: Airport | None = Field(default=None, description="Where it arrives.")
    planned_start_at: UtcDatetime | None = Field(default=None, description="Scheduled off blocks.")
    planned_end_at: UtcDatetime | None = Field(default=None, description="Scheduled on blocks.")
    off_block_at: UtcDatetime | None = Field(default=None, description="When it left the blocks.")
    takeoff_at: UtcDatetime | None = Field(default=None, description="When it took off.")
    landing_at: UtcDatetime | None = Field(default=None, description="When it landed.")
    on_block_at: UtcDatetime | None = Field(default=None, description="When it was on blocks.")
    duration_fh: FlightHours | None = Field(default=None, description="The flight hours it counts.")
    cycles_fc: FlightCycles | None = Field(default=None, description="The flight cycles it counts.")
    landings: Count | None = Field(default=None, description="The landings it counts.")
    apu_h: Hours | None = Field(
        default=None, description="The running hours of the auxiliary power unit it counts."
    )
    apu_starts: Count | None = Field(
        default=None, description="The starts of the auxiliary power unit it counts."
    )
    hydrogen_used_kg: Kilograms | None = Field(default=None, description="The hydrogen it used.")
    delay_min: Annotated[Decimal, quantity("min")] | None = Field(
        default=None, description="How late it was on blocks; early is negative."
    )
    delay_code: Code | None = Field(default=None, description="The IATA delay code (AHM 730).")
    status: FlightStatus | None = Field(default=None, description="Where it stands.")


class UsageCategory(StrEnum):
    """How the counters came about."""

    RECORDED = "recorded"
    REPORTED = "reported"
    ESTIMATED = "estimated"


class Usage(Kind):
    """The counters of one aircraft or unit: hours, cycles, starts (ATA Spec 2000 chapter 11)."""

    category: UsageCategory | None = Field(default=None, description="How the counters came about.")
    measured_at: UtcDatetime | None = Field(default=None, description="When the counters stood so.")
    total_fh: FlightHours | None = Field(default=None, description="Flight hours since new (TSN).")
    total_fc: FlightCycles | None = Field(
        default=None, description="Flight cycles since new (CSN)."
    )
    since_overhaul_fh: FlightHours | None = Field(
        default=None, description="Flight hours since overhaul (TSO)."
    )
    since_overhaul_fc: FlightCycles | None = Field(
        default=None, description="Flight cycles since overhaul (CSO)."
    )
    apu_h: Hours | None = Field(
        default=None, description="Running hours of the auxiliary power unit."
    )
    apu_starts: Count | None = Field(
        default=None, description="Starts of the auxiliary power unit."
    )
    operating_h: Hours | None = Field(default=None, description="Running hours of the unit itself.")
    landings: Count | None = Field(default=None, description="Landings since new.")
    tank_fillings: Count | None = Field(default=None, description="Fillings of the tank since new.")


class AlertCategory(StrEnum):
    """How an alert came about."""

    ANOMALY = "anomaly"
    EXCEEDANCE = "exceedance"
    TREND = "trend"
    BUILT_IN_TEST = "built_in_test"
    CREW_REPORT = "crew_report"
    PREDICTION = "prediction"


class AlertSeverity(StrEnum):
    """How an alert would be shown to the crew, after CS-25.1322."""

    STATUS = "status"
    ADVISORY = "advisory"
    CAUTION = "caution"
    WARNING = "warning"


class AlertStatus(StrEnum):
    """What has become of an alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    FALSE_ALARM = "false_alarm"


class Alert(Kind):
    """A sign that a unit is not or will not be healthy, from monitoring or crew (ISO 13374)."""

    number: Number | None = Field(default=None, description="The number of the alert.")
    code: Code | None = Field(default=None, description="The fault or message code.")
    category: AlertCategory | None = Field(default=None, description="How it came about.")
    severity: AlertSeverity | None = Field(default=None, description="How it would be shown.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it is about.")
    parameter: Line | None = Field(default=None, description="The parameter that was out of line.")
    unit_of_measurement: Code | None = Field(
        default=None, description="The unit of the values below, after UCUM."
    )
    value: Amount | None = Field(default=None, description="The value seen.")
    threshold: Amount | None = Field(default=None, description="The value it was held against.")
    confidence_percent: Percent | None = Field(default=None, description="How sure the monitor is.")
    sha256: Sha256 | None = Field(
        default=None, description="The SHA-256 of the telemetry window it was drawn from."
    )
    location: Line | None = Field(default=None, description="Where that window is kept, as a URI.")
    status: AlertStatus | None = Field(default=None, description="What has become of it.")
    detected_at: UtcDatetime | None = Field(default=None, description="When it was raised.")
    closed_at: UtcDatetime | None = Field(default=None, description="When it was dealt with.")


class RecommendationStatus(StrEnum):
    """What has become of a recommendation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    EXPIRED = "expired"


class Recommendation(Kind):
    """An advised action and the risk it answers, for a person to accept or refuse (ICAO Doc 9859)."""

    number: Number | None = Field(default=None, description="The number of the recommendation.")
    action: Text | None = Field(default=None, description="What should be done.")
    rationale: Text | None = Field(default=None, description="Why.")
    severity: Rating | None = Field(default=None, description="How bad it would be, 1 to 5.")
    likelihood: Rating | None = Field(default=None, description="How likely it is, 1 to 5.")
    exposure: Rating | None = Field(default=None, description="How often it could happen, 1 to 5.")
    priority: Priority | None = Field(default=None, description="How soon it should be done.")
    confidence_percent: Percent | None = Field(default=None, description="How sure the adviser is.")
    limit_fh: FlightHours | None = Field(default=None, description="Within these flight hours.")
    limit_fc: FlightCycles | None = Field(default=None, description="Within these flight cycles.")
    due_on: Day | None = Field(default=None, description="The day it should be done by.")
    status: RecommendationStatus | None = Field(default=None, description="What has become of it.")


class DiscrepancyCategory(StrEnum):
    """In what the report and the record differ."""

    SERIAL = "serial"
    PART = "part"
    MISSING = "missing"
    EXTRA = "extra"
    SOFTWARE = "software"
    MODIFICATION = "modification"
    USAGE = "usage"


class DiscrepancyStatus(StrEnum):
    """What has become of a discrepancy."""

    OPEN = "open"
    RECORD_CORRECTED = "record_corrected"
    REPORT_WRONG = "report_wrong"
    CLOSED = "closed"


class Discrepancy(Kind):
    """A difference between what an aircraft reports and what is recorded (ISO 10007 audit)."""

    number: Number | None = Field(default=None, description="The number of the discrepancy.")
    category: DiscrepancyCategory | None = Field(default=None, description="In what they differ.")
    subject_property: Line | None = Field(
        default=None, description="The position or property at issue."
    )
    reported: Line | None = Field(default=None, description="What was reported.")
    recorded: Line | None = Field(default=None, description="What stood in the record.")
    resolution: Text | None = Field(default=None, description="How it was settled.")
    status: DiscrepancyStatus | None = Field(default=None, description="What has become of it.")
    detected_at: UtcDatetime | None = Field(default=None, description="When it was noticed.")
    closed_at: UtcDatetime | None = Field(default=None, description="When it was settled.")


class IncidentSeverity(StrEnum):
    """How an occurrence is classed, after ICAO Annex 13 and Regulation (EU) 376/2014."""

    OCCURRENCE = "occurrence"
    INCIDENT = "incident"
    SERIOUS_INCIDENT = "serious_incident"
    ACCIDENT = "accident"


class IncidentStatus(StrEnum):
    """Where the follow-up of an incident stands."""

    OPEN = "open"
    REPORTED = "reported"
    INVESTIGATED = "investigated"
    CLOSED = "closed"


class Incident(Kind):
    """An occurrence that affected or could have affected safety (ICAO Annex 13, Regulation (EU) 376/2014)."""

    number: Number | None = Field(default=None, description="The number of the occurrence.")
    category: Code | None = Field(
        default=None, description="The ADREP occurrence category, such as SCF-PP."
    )
    severity: IncidentSeverity | None = Field(default=None, description="How it is classed.")
    phase_of_flight: Line | None = Field(
        default=None, description="The phase of flight it fell in."
    )
    location: Line | None = Field(default=None, description="Where it happened.")
    text: Text | None = Field(default=None, description="What happened.")
    is_reportable: bool | None = Field(
        default=None, description="Whether the law demands a report."
    )
    authority_reference: Line | None = Field(
        default=None, description="The number the authority gave."
    )
    injuries: Count | None = Field(default=None, description="How many people were hurt.")
    status: IncidentStatus | None = Field(default=None, description="Where the follow-up stands.")
    occurred_at: UtcDatetime | None = Field(default=None, description="When it happened.")
    due_on: Day | None = Field(default=None, description="The day the report must be sent by.")
    reported_on: Day | None = Field(default=None, description="The day the report was sent.")
