"""Product: part numbers, the serialised things made from them, and the places they sit in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.engineering import AtaChapter
from graph.model.kind import (
    Amount,
    Code,
    Count,
    Day,
    Days,
    Euros,
    FlightCycles,
    FlightHours,
    Kilograms,
    Kind,
    Line,
    Lines,
    Number,
    Percent,
)

Cage = Annotated[str, Field(pattern=r"^[0-9A-HJ-NP-Z]{5}$")]
"""A Commercial and Government Entity code: five characters, never I or O (NATO ACodP-1)."""

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""A country by ISO 3166-1 alpha-2."""


class UnitOfMeasure(StrEnum):
    """What a quantity of parts or material is counted in."""

    EACH = "each"
    SET = "set"
    PAIR = "pair"
    KILOGRAM = "kilogram"
    GRAM = "gram"
    LITRE = "litre"
    METRE = "metre"
    SQUARE_METRE = "square_metre"
    ROLL = "roll"


class PartCategory(StrEnum):
    """What sort of thing a part number names."""

    ASSEMBLY = "assembly"
    COMPONENT = "component"
    STANDARD_PART = "standard_part"
    MATERIAL = "material"
    CONSUMABLE = "consumable"
    SOFTWARE_LOAD = "software_load"


class Criticality(StrEnum):
    """What the failure of a part can do, from nothing to the loss of the aircraft."""

    CRITICAL = "critical"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    NON_CRITICAL = "non_critical"


class PartStatus(StrEnum):
    """Whether a part number may still be used."""

    IN_DEVELOPMENT = "in_development"
    ACTIVE = "active"
    RESTRICTED = "restricted"
    OBSOLETE = "obsolete"
    CANCELLED = "cancelled"


class Part(Kind):
    """A part number: the definition that all interchangeable units made to it share (ATA Spec 2000)."""

    number: Number = Field(description="The part number as marked on the part.")
    revision: Code | None = Field(default=None, description="The revision of its definition.")
    cage: Cage | None = Field(default=None, description="The CAGE code of its design owner.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it belongs to.")
    category: PartCategory | None = Field(default=None, description="What sort of part it is.")
    unit_of_measure: UnitOfMeasure | None = Field(
        default=None, description="What it is counted in."
    )
    mass_kg: Kilograms | None = Field(default=None, description="The mass of one unit.")
    material: Line | None = Field(default=None, description="What it is made of.")
    spec: Line | None = Field(
        default=None, description="The specification it is bought or made to."
    )
    criticality: Criticality | None = Field(default=None, description="What its failure can do.")
    is_serialised: bool | None = Field(
        default=None, description="Whether each unit carries a serial number."
    )
    is_life_limited: bool | None = Field(
        default=None, description="Whether it has a mandatory replacement limit (14 CFR 43.10)."
    )
    is_repairable: bool | None = Field(default=None, description="Whether it may be repaired.")
    life_limit_fh: FlightHours | None = Field(
        default=None, description="Life limit in flight hours."
    )
    life_limit_fc: FlightCycles | None = Field(
        default=None, description="Life limit in flight cycles."
    )
    life_limit_days: Days | None = Field(default=None, description="Life limit since manufacture.")
    overhaul_limit_fh: FlightHours | None = Field(
        default=None, description="Flight hours allowed between overhauls."
    )
    overhaul_limit_fc: FlightCycles | None = Field(
        default=None, description="Flight cycles allowed between overhauls."
    )
    shelf_life_days: Days | None = Field(default=None, description="How long it may be stored.")
    lead_time_days: Days | None = Field(
        default=None, description="How long a new one takes to come."
    )
    unit_cost_eur: Euros | None = Field(default=None, description="What one unit costs.")
    hazard: Line | None = Field(default=None, description="Its dangerous-goods class, if any.")
    status: PartStatus | None = Field(default=None, description="Whether it may still be used.")


class SerialCondition(StrEnum):
    """What state a unit is in."""

    NEW = "new"
    SERVICEABLE = "serviceable"
    OVERHAULED = "overhauled"
    REPAIRED = "repaired"
    UNSERVICEABLE = "unserviceable"
    BEYOND_REPAIR = "beyond_repair"


class SerialStatus(StrEnum):
    """What is being done with a unit."""

    IN_PRODUCTION = "in_production"
    IN_SERVICE = "in_service"
    IN_STOCK = "in_stock"
    IN_SHOP = "in_shop"
    IN_TRANSIT = "in_transit"
    PARKED = "parked"
    QUARANTINED = "quarantined"
    RETIRED = "retired"
    SCRAPPED = "scrapped"


class Serial(Kind):
    """One serialised unit, the same thing from its birth to its scrapping (ATA Spec 2000 chapter 9)."""

    serial_number: Number | None = Field(default=None, description="The serial number as marked.")
    cage: Cage | None = Field(
        default=None, description="The CAGE code of who gave the serial number."
    )
    manufacturer: Line | None = Field(default=None, description="Who made it.")
    manufactured_on: Day | None = Field(default=None, description="The day it was made.")
    condition: SerialCondition | None = Field(default=None, description="What state it is in.")
    status: SerialStatus | None = Field(default=None, description="What is being done with it.")
    mod_status: Line | None = Field(
        default=None, description="The modification status on its plate."
    )
    mass_kg: Kilograms | None = Field(default=None, description="Its weighed mass.")
    owner: Line | None = Field(default=None, description="Who owns it.")
    expires_on: Day | None = Field(
        default=None, description="The last day of its calendar or shelf life."
    )


class Aircraft(Serial):
    """One aircraft, identified for life by its manufacturer's serial number (ICAO Annex 7)."""

    msn: Code | None = Field(default=None, description="The manufacturer's serial number.")
    registration: Number | None = Field(
        default=None, description="The nationality and registration mark."
    )
    type_designation: Line | None = Field(
        default=None, description="The type on the type certificate."
    )
    model_designation: Line | None = Field(
        default=None, description="The model or variant of the type."
    )
    line_number: Code | None = Field(
        default=None, description="Its place in the order of building."
    )
    operator: Line | None = Field(default=None, description="Who operates it.")
    home_base: Code | None = Field(
        default=None, description="Where it is based, as an ICAO location."
    )
    icao_address: Annotated[str, Field(pattern=r"^[0-9A-F]{6}$")] | None = Field(
        default=None, description="The 24-bit address, in hex (ICAO Annex 10)."
    )
    first_flight_on: Day | None = Field(default=None, description="The day it first flew.")
    delivered_on: Day | None = Field(default=None, description="The day it was handed over.")
    maximum_takeoff_mass_kg: Kilograms | None = Field(
        default=None, description="The certified maximum take-off mass."
    )
    hydrogen_capacity_kg: Kilograms | None = Field(
        default=None, description="How much liquid hydrogen its tanks hold."
    )


class BatchStatus(StrEnum):
    """What may be done with a batch."""

    IN_PRODUCTION = "in_production"
    RELEASED = "released"
    QUARANTINED = "quarantined"
    EXHAUSTED = "exhausted"
    SCRAPPED = "scrapped"


class Batch(Kind):
    """Parts or material made under one set of conditions and traced together (AS9100 §8.5.2)."""

    number: Number | None = Field(default=None, description="The batch, lot or heat number.")
    cage: Cage | None = Field(default=None, description="The CAGE code of who made it.")
    quantity: Amount | None = Field(default=None, description="How much was made.")
    unit_of_measure: UnitOfMeasure | None = Field(
        default=None, description="What that is counted in."
    )
    certificate: Line | None = Field(
        default=None, description="The number of its certificate of conformity."
    )
    manufactured_on: Day | None = Field(default=None, description="The day it was made.")
    expires_on: Day | None = Field(default=None, description="The last day it may be used.")
    status: BatchStatus | None = Field(default=None, description="What may be done with it.")


class SupplierStatus(StrEnum):
    """Whether one may buy from a supplier."""

    PROSPECTIVE = "prospective"
    APPROVED = "approved"
    CONDITIONAL = "conditional"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Supplier(Kind):
    """An organisation that supplies parts, material or services under the buyer's control (AS9100 §8.4)."""

    number: Number | None = Field(default=None, description="The supplier number of the buyer.")
    cage: Cage | None = Field(default=None, description="Its CAGE code.")
    country: Country | None = Field(default=None, description="The country it is in (ISO 3166).")
    city: Line | None = Field(default=None, description="The town it is in.")
    approvals: Lines = Field(default=(), description="What it is approved to: Part-21G, AS9100, …")
    rating_percent: Percent | None = Field(
        default=None, description="Its score for quality and delivery."
    )
    expires_on: Day | None = Field(default=None, description="The last day of its approval.")
    status: SupplierStatus | None = Field(default=None, description="Whether one may buy from it.")


class Side(StrEnum):
    """Which side of the aircraft's plane of symmetry, looking forward."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Position(Kind):
    """A place in the aircraft for a unit, whichever unit is there (functional item number, S1000D)."""

    number: Number | None = Field(
        default=None, description="The functional item number or position code."
    )
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it belongs to.")
    zone: Code | None = Field(default=None, description="The aircraft zone it is in.")
    side: Side | None = Field(default=None, description="Which side it is on.")
    capacity: Count | None = Field(default=None, description="How many units it holds.")
    is_mandatory: bool | None = Field(
        default=None, description="Whether the aircraft may not fly with it empty."
    )
