"""What the fleet link takes and answers: flight schedules in; status, windows, AOG and loading out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from graph.flows.exchange.fleet import standing_of
from graph.model.exchange.fleet import (
    AircraftStanding,
    FlightLeg,
    MaintenanceBase,
    MaintenanceWindow,
    RotationFaults,
)
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.opening import Placed
from graph.model.packaging import Package
from graph.model.time import format_utc
from graph.store.aog import Grounded
from graph.store.availability import AircraftStatus
from graph.store.due_item import DueItem
from graph.store.loading import BaseLoad
from graph.store.windows import Checks, Windows

SCHEDULE: Final[dict[str, JsonValue]] = {
    "aircraft": "DPP-H2-001",
    "from": "2025-11-06T00:00:00Z",
    "until": "2025-11-08T00:00:00Z",
    "legs": [
        {
            "leg": "AM101-20251106",
            "number": "AM101",
            "origin": "EDDM",
            "destination": "LPPT",
            "plannedStartAt": "2025-11-06T07:00:00Z",
            "plannedEndAt": "2025-11-06T10:20:00Z",
        },
    ],
}
"""A schedule with one flight."""

Moment = Annotated[
    str,
    Field(
        max_length=50,
        description="An RFC 3339 time with its offset.",
        json_schema_extra={"format": "date-time"},
    ),
]
Aerodrome = Annotated[
    str, Field(pattern=r"^[A-Z]{4}$", description="An aerodrome (ICAO Doc 7910).")
]


class _Message(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, populate_by_name=True, serialize_by_alias=True
    )


class ScheduledLeg(_Message):
    """One flight that is planned."""

    leg: str = Field(
        min_length=1,
        max_length=200,
        description="The operator's own id of the flight, unique for the aircraft and for good.",
    )
    number: str | None = Field(
        default=None, min_length=1, max_length=50, description="The flight number."
    )
    origin: Aerodrome
    destination: Aerodrome
    plannedStartAt: Moment = Field(description="Scheduled off blocks.")  # noqa: N815 - as JSON has it
    plannedEndAt: Moment = Field(description="Scheduled on blocks.")  # noqa: N815


class FlightSchedule(_Message):
    """What an aircraft is to fly within a time, as a whole: what was planned and is not in it is off."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCHEDULE]})

    aircraft: str = Field(
        min_length=1, max_length=500, description="The aircraft, by any of its ids."
    )
    since: Moment = Field(alias="from", description="From when the schedule is meant.")
    until: Moment = Field(description="Until when.")
    legs: Annotated[list[ScheduledLeg], Field(max_length=1000)] = Field(
        description="The flights; none where it is not to fly."
    )


class ScheduleAnswer(_Message):
    """What a schedule did."""

    aircraft: str = Field(description="The aircraft.")
    planned: list[str] = Field(description="The flights that are new, or planned otherwise now.")
    cancelled: list[str] = Field(
        description="The flights that were planned for that time, and are not in it."
    )
    unchanged: list[str] = Field(description="The flights that were planned just so before.")
    seq: int | None = Field(
        description="The number of the event in the change log; null where nothing was new."
    )


class WindowsAnswer(_Message):
    """When aircraft are on the ground long enough to be worked on."""

    since: str = Field(alias="from", description="From when was looked.")
    until: str = Field(description="Until when was looked.")
    windows: list[MaintenanceWindow] = Field(description="By aircraft, then in the order of time.")
    rotations: list[RotationFaults] = Field(description="What they were found from.")

    @classmethod
    def of(cls, found: Windows) -> WindowsAnswer:
        """Returns windows as they are told."""
        return cls(
            since=format_utc(found.since),
            until=format_utc(found.until),
            windows=[MaintenanceWindow.of(one) for one in found.openings],
            rotations=[RotationFaults.of(one) for one in found.rotations],
        )


class SpareNeeded(_Message):
    """A part number of which a check needs spares."""

    part: str = Field(description="The part number.")
    quantity: int = Field(description="How many it needs.")
    isThere: bool = Field(  # noqa: N815
        description="Whether the base has as many that nothing else here takes."
    )


class PlannedCheck(_Message):
    """What is due together on an aircraft, and the window that takes it."""

    aircraft: str = Field(description="The aircraft.")
    on: date = Field(description="The last day on which nothing in it is late.", strict=False)
    isLate: bool = Field(description="Whether something in it is late already.")  # noqa: N815
    items: list[str] = Field(description="The numbers of what is done.")
    labourHours: str = Field(description="The labour that is stated of it.")  # noqa: N815
    unstated: int = Field(description="How many items do not say what labour they take.")
    spares: list[SpareNeeded] = Field(description="The units that are exchanged, by part number.")
    window: MaintenanceWindow | None = Field(
        description="The stop that takes it; null if none does."
    )
    startsAt: str | None = Field(description="When its work begins.")  # noqa: N815
    endsAt: str | None = Field(description="When its work is over.")  # noqa: N815
    why: str | None = Field(description="Why no stop takes it; null if one does.")

    @classmethod
    def of(cls, placed: Placed[Package[DueItem]]) -> PlannedCheck:
        """Returns a package as it was placed."""
        package = placed.need.id
        return cls(
            aircraft=str(placed.need.aircraft),
            on=package.on,
            isLate=package.late > 0,
            items=[item.rule.number for item in package.items],
            labourHours=plain(package.labour_h),
            unstated=package.unstated,
            spares=[
                SpareNeeded(
                    part=str(part),
                    quantity=number,
                    isThere=placed.opening is not None and part not in placed.lacking,
                )
                for part, number in placed.need.spares.items()
            ],
            window=MaintenanceWindow.of(placed.opening) if placed.opening else None,
            startsAt=format_utc(placed.starts_at) if placed.starts_at else None,
            endsAt=format_utc(placed.ends_at) if placed.ends_at else None,
            why=placed.why,
        )


class ChecksAnswer(_Message):
    """What falls due within a time, each in the window that takes it."""

    since: str = Field(alias="from", description="From when was looked.")
    until: str = Field(description="Until when was looked.")
    checks: list[PlannedCheck] = Field(description="In the order in which they must be done.")
    undated: list[str] = Field(
        description="What nobody can say when it is due, as unit and number: in no check."
    )
    rotations: list[RotationFaults] = Field(description="What the windows were found from.")

    @classmethod
    def of(cls, found: Checks) -> ChecksAnswer:
        """Returns checks as they are told."""
        return cls(
            since=format_utc(found.windows.since),
            until=format_utc(found.windows.until),
            checks=[PlannedCheck.of(one) for one in found.placed],
            undated=[f"{one.unit.utcs} {one.rule.number}" for one in found.undated],
            rotations=[RotationFaults.of(one) for one in found.windows.rotations],
        )


class StatusAnswer(_Message):
    """How the aircraft of the fleet stand."""

    aircraft: list[AircraftStanding] = Field(description="By id.")

    @classmethod
    def of(cls, found: tuple[AircraftStatus, ...]) -> StatusAnswer:
        """Returns how aircraft stand as it is told."""
        return cls(aircraft=[standing_of(one) for one in found])


class StandInAircraft(_Message):
    """An aircraft that could fly some flights instead, and be back for its own."""

    aircraft: str = Field(description="The aircraft.")
    flights: list[FlightLeg] = Field(description="The flights that it could fly.")


class AogResponse(_Message):
    """What is known of an aircraft that is grounded, for those who have to act."""

    status: AircraftStanding = Field(description="Why, and where it is.")
    lost: list[FlightLeg] = Field(description="The flights at risk unless it is released before.")
    base: MaintenanceBase | None = Field(description="Who can work on it where it is.")
    parties: list[MaintenanceBase] = Field(
        description="The bases that could send people, where there is no base."
    )
    standIns: list[StandInAircraft] = Field(  # noqa: N815
        description="Who could fly instead, those with the most flights first."
    )


class AogAnswer(_Message):
    """What can be done about each aircraft that is grounded."""

    grounded: list[AogResponse] = Field(description="By aircraft.")

    @classmethod
    def of(cls, found: tuple[Grounded, ...]) -> AogAnswer:
        """Returns what can be done as it is told."""
        return cls(
            grounded=[
                AogResponse(
                    status=standing_of(one.status),
                    lost=[FlightLeg.of(leg) for leg in one.lost],
                    base=MaintenanceBase.of(one.base) if one.base else None,
                    parties=[MaintenanceBase.of(base) for base in one.parties],
                    standIns=[
                        StandInAircraft(
                            aircraft=str(other.aircraft),
                            flights=[FlightLeg.of(leg) for leg in other.legs],
                        )
                        for other in one.stand_ins
                    ],
                )
                for one in found
            ]
        )


class DayLoad(_Message):
    """How much of a base is taken on a day."""

    day: date = Field(description="The day, in UTC.", strict=False)
    baysTaken: int = Field(description="How many aircraft are there at once at most.")  # noqa: N815
    labourHours: str = Field(description="The labour that is planned.")  # noqa: N815
    availableHours: str = Field(description="What its people can do.")  # noqa: N815
    isOver: bool = Field(description="Whether more is planned than it can do.")  # noqa: N815


class BaseLoading(_Message):
    """How busy a base is, day by day."""

    base: MaintenanceBase
    days: list[DayLoad] = Field(description="Day by day.")
    unplanned: list[str] = Field(
        description="The work orders there that nobody planned for a time."
    )
    unstated: list[str] = Field(
        description="The work orders there that do not say what labour they take."
    )


class LoadingAnswer(_Message):
    """How busy the bases are."""

    bases: list[BaseLoading] = Field(description="By facility.")

    @classmethod
    def of(cls, found: tuple[BaseLoad, ...]) -> LoadingAnswer:
        """Returns how busy bases are as it is told."""
        return cls(
            bases=[
                BaseLoading(
                    base=MaintenanceBase.of(one.base),
                    days=[
                        DayLoad(
                            day=load.day,
                            baysTaken=load.bays_taken,
                            labourHours=plain(load.labour_h),
                            availableHours=plain(load.available_h),
                            isOver=load.is_over,
                        )
                        for load in one.days
                    ],
                    unplanned=_texts(one.unplanned),
                    unstated=_texts(one.unstated),
                )
                for one in found
            ]
        )


def _texts(things: tuple[Utcs, ...]) -> list[str]:
    return list(map(str, things))
