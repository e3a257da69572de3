"""A flight on the wire: what it counts, and what engines and auxiliary power unit showed on it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from graph.model.kind import Code, Count, Number, quantity
from graph.model.operation import Airport, FlightStatus
from graph.model.time import UtcDatetime, format_utc
from ingest.messages.report import Content, Report

FLIGHT_REPORTED: Final = "org.utcs.flight.reported.v1"

FLOWN: Final = frozenset({FlightStatus.ARRIVED, FlightStatus.DIVERTED})
"""A flight counts once it has ended; whether where it was meant to is no matter."""

_ORDER: Final = ("off_block_at", "takeoff_at", "landing_at", "on_block_at")
_NOT_PROPERTIES: Final = {"flight", "corrects", "series"}
_SLACK_H: Final = Decimal("0.1")
"""Hours are rounded to six minutes in many logs."""

Few = Annotated[Count, Field(le=100)]


class FlightData(Content):
    """One flight of the aircraft that is the subject. A later report of the same flight replaces it."""

    flight: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        description="The leg, by an id that is the operator's own and unique for the aircraft."
    )
    corrects: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="The id of an earlier report of this source that was wrong as a whole, such as one "
        "of the wrong aircraft; it is withdrawn.",
    )
    number: Number | None = Field(default=None, description="The flight number.")
    callsign: Code | None = Field(default=None, description="The call sign it was flown under.")
    origin: Airport | None = None
    destination: Airport | None = None
    planned_start_at: UtcDatetime | None = None
    planned_end_at: UtcDatetime | None = None
    off_block_at: UtcDatetime | None = None
    takeoff_at: UtcDatetime | None = None
    landing_at: UtcDatetime | None = None
    on_block_at: UtcDatetime | None = None
    duration_fh: Annotated[Decimal, quantity("FH", ge=0, le=30)] | None = Field(
        default=None, description="The flight hours it counts."
    )
    cycles_fc: Annotated[Decimal, quantity("FC", ge=0, le=100)] | None = Field(
        default=None, description="The flight cycles it counts."
    )
    landings: Few | None = Field(default=None, description="Landings, touch-and-go included.")
    apu_h: Annotated[Decimal, quantity("h", ge=0, le=72)] | None = Field(
        default=None, description="Running hours of the auxiliary power unit, turn-round included."
    )
    apu_starts: Few | None = Field(default=None, description="Its starts.")
    hydrogen_used_kg: Annotated[Decimal, quantity("kg", ge=0, le=200_000)] | None = None
    status: FlightStatus = FlightStatus.ARRIVED

    @model_validator(mode="after")
    def _in_order(self) -> FlightData:
        """Refuses moments and hours that cannot be of one flight."""
        told = [(name, at) for name in _ORDER if (at := getattr(self, name)) is not None]
        for (earlier, before), (later, after) in pairwise(told):
            if after < before:
                raise ValueError(
                    f"{later}: {format_utc(after)} is before {earlier}, {format_utc(before)}; swap or "
                    "mend them"
                )
        if self.status in FLOWN and self.ended_at is None:
            raise ValueError(
                "landing_at: missing, and so is on_block_at; a flight that has ended needs one"
            )
        if self.duration_fh is not None and len(told) > 1:
            most = Decimal((told[-1][1] - told[0][1]).total_seconds()) / 3600 + _SLACK_H
            if self.duration_fh > most:
                raise ValueError(
                    f"duration_fh: {self.duration_fh} FH is longer than from {told[0][0]} to "
                    f"{told[-1][0]}, {most - _SLACK_H:.2f} h; give decimal hours, not minutes"
                )
        return self

    @property
    def ended_at(self) -> datetime | None:
        """When it was over."""
        return self.landing_at or self.on_block_at

    def moments(self) -> dict[str, datetime]:
        """Returns when things happened, by the field that says so; plans may lie ahead."""
        told = {f"data.{name}": getattr(self, name) for name in _ORDER}
        return super().moments() | {name: at for name, at in told.items() if at is not None}

    def properties(self) -> dict[str, Any]:
        """Returns what it says of the flight, by the properties of that kind."""
        return self.model_dump(exclude=_NOT_PROPERTIES, exclude_none=True)


class FlightReported(Report):
    """A flight report."""

    type: Literal["org.utcs.flight.reported.v1"] = FLIGHT_REPORTED
    data: FlightData
