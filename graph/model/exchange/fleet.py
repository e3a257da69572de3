"""What the planning of flights is told of an aircraft: whether it can fly, and when it can be maintained."""

from __future__ import annotations

from pydantic import Field

from graph.model.availability import Availability
from graph.model.exchange.answers import Told
from graph.model.exchange.message import Message
from graph.model.kind import plain
from graph.model.maintenance import WindowCategory
from graph.model.opening import Base, Opening
from graph.model.rotation import Leg, Rotation
from graph.model.time import format_utc

# ruff: noqa: N815 - members are named as they are written in messages


class FlightLeg(Message):
    """One flight, by its times flown, else those planned."""

    flight: str = Field(description="The flight.")
    number: str | None = Field(description="The flight number.")
    origin: str | None = Field(description="Where it departs.")
    destination: str | None = Field(description="Where it arrives.")
    startsAt: str = Field(description="Off blocks.", json_schema_extra={"format": "date-time"})
    endsAt: str = Field(description="On blocks.", json_schema_extra={"format": "date-time"})
    status: str = Field(description="Where it stands.")

    @classmethod
    def of(cls, leg: Leg) -> FlightLeg:
        """Returns a flight as it is told."""
        return cls(
            flight=str(leg.flight),
            number=leg.number,
            origin=leg.origin,
            destination=leg.destination,
            startsAt=format_utc(leg.starts_at),
            endsAt=format_utc(leg.ends_at),
            status=leg.status.value,
        )


class MaintenanceBase(Message):
    """A facility that maintains aircraft."""

    facility: str = Field(description="The facility.")
    name: str = Field(description="What people call it.")
    station: str = Field(description="The aerodrome that it is at.")
    bays: int | None = Field(description="How many aircraft it takes at once; null if not stated.")
    people: int = Field(description="How many work there who maintain.")

    @classmethod
    def of(cls, base: Base) -> MaintenanceBase:
        """Returns a base as it is told."""
        return cls(
            facility=str(base.utcs),
            name=base.name,
            station=base.station,
            bays=base.bays,
            people=base.people,
        )


class MaintenanceWindow(Message):
    """A stop of an aircraft in which there is time to work."""

    aircraft: str = Field(description="The aircraft.")
    category: WindowCategory = Field(description="What sort of opportunity it is.")
    station: str = Field(description="The aerodrome.")
    startsAt: str = Field(
        description="When work can begin.", json_schema_extra={"format": "date-time"}
    )
    endsAt: str = Field(
        description="When it must be over.", json_schema_extra={"format": "date-time"}
    )
    hours: str = Field(description="How long can be worked.")
    isOpen: bool = Field(
        description="Whether no flight is planned after it, so that it may last longer."
    )
    base: MaintenanceBase | None = Field(description="Who can work there; null where nobody can.")
    after: FlightLeg | None = Field(description="The flight with which it comes.")
    before: FlightLeg | None = Field(description="The flight with which it goes.")

    @classmethod
    def of(cls, opening: Opening) -> MaintenanceWindow:
        """Returns an opening as it is told."""
        stop = opening.stop
        return cls(
            aircraft=str(stop.aircraft),
            category=stop.category,
            station=stop.station or "",
            startsAt=format_utc(opening.starts_at),
            endsAt=format_utc(opening.ends_at),
            hours=plain(opening.hours),
            isOpen=stop.before is None,
            base=MaintenanceBase.of(opening.base) if opening.base else None,
            after=FlightLeg.of(stop.after) if stop.after else None,
            before=FlightLeg.of(stop.before) if stop.before else None,
        )


class RotationFaults(Message):
    """Where the flights of an aircraft do not fit one another."""

    aircraft: str = Field(description="The aircraft.")
    flights: int = Field(description="How many flights there are within the time.")
    faults: list[str] = Field(description="What does not fit, in sentences.")

    @classmethod
    def of(cls, rotation: Rotation) -> RotationFaults:
        """Returns the faults of a rotation as they are told."""
        return cls(
            aircraft=str(rotation.aircraft),
            flights=len(rotation.legs),
            faults=list(rotation.faults),
        )


class FlightRestriction(Message):
    """A deferral under which an aircraft flies."""

    deferral: str = Field(description="The deferral.")
    on: str = Field(description="The aircraft, or the unit in it.")
    text: str | None = Field(description="What may not be done; null where nothing is stated.")
    until: str | None = Field(description="When the defect must be mended by; null if not stated.")
    isOver: bool = Field(description="Whether that is past.")


class AircraftStanding(Message):
    """How one aircraft stands."""

    aircraft: str = Field(description="The aircraft.")
    name: str = Field(description="What people call it.")
    registration: str | None = Field(description="Its registration.")
    availability: Availability = Field(description="Whether it can be planned to fly.")
    because: list[str] = Field(description="What keeps it from flying, in sentences.")
    station: str | None = Field(description="Where it is; null in the air, and if nobody says.")
    next: FlightLeg | None = Field(description="The flight that it is planned for next.")
    orders: list[str] = Field(description="The work orders on it that are not ended.")
    restrictions: list[FlightRestriction] = Field(description="The deferrals that run.")
    overdue: list[str] = Field(description="What is overdue, as unit and number.")


class FlightAvailability(Told):
    """Whether an aircraft can fly, why not, and under what limits."""

    standing: AircraftStanding


class FlightWindows(Told):
    """When an aircraft is on the ground long enough to be worked on, in the thirty days to come."""

    windows: list[MaintenanceWindow] = Field(description="In the order of time.")
    rotation: RotationFaults = Field(description="What they were found from.")
