"""Resources: who maintains, with what right, with which tools and parts, and where."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from graph.model.engineering import Verdict
from graph.model.kind import (
    Amount,
    Code,
    Count,
    Day,
    Days,
    Hours,
    Kind,
    Line,
    Lines,
    Number,
    Percent,
    Text,
    quantity,
)
from graph.model.product import Country, SerialCondition, UnitOfMeasure
from graph.model.time import UtcDatetime


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

    number: Number | None = Field(
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


class Shift(Kind):
    """A stretch of time for which a person is to be at work in a place (145.A.30(d), 145.A.47(b))."""

    number: Number | None = Field(default=None, description="What the shift is called there.")
    starts_at: UtcDatetime = Field(description="When it begins.")
    ends_at: UtcDatetime = Field(description="When it ends.")


class Labour(Kind):
    """Time that a person worked on one step of a work order (145.A.47, 145.A.55)."""

    step: Code = Field(description="The step, such as `perform` or `inspect`.")
    starts_at: UtcDatetime = Field(description="When that work began.")
    ends_at: UtcDatetime = Field(description="When it ended.")
    labour_h: Hours | None = Field(default=None, description="How many hours that are.")
    is_overtime: bool | None = Field(
        default=None, description="Whether it was done outside the shifts of the person."
    )


class ToolStatus(StrEnum):
    """Whether a tool may be used."""

    AVAILABLE = "available"
    IN_USE = "in_use"
    IN_CALIBRATION = "in_calibration"
    QUARANTINED = "quarantined"
    RETIRED = "retired"


class Tool(Kind):
    """A tool or item of test equipment that is controlled, and calibrated where it measures (145.A.40)."""

    number: Number | None = Field(default=None, description="The asset number of the tool.")
    serial_number: Number | None = Field(default=None, description="The maker's serial number.")
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

    number: Number | None = Field(default=None, description="The number of the certificate.")
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

    number: Number | None = Field(default=None, description="The site or location code.")
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

    number: Number | None = Field(default=None, description="The stock or receipt number.")
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
