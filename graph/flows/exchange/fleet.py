"""What the planning of flights is told of an aircraft, as messages."""

from __future__ import annotations

from graph.model.exchange.fleet import AircraftStanding, FlightLeg, FlightRestriction
from graph.model.time import format_utc
from graph.store.availability import AircraftStatus


def standing_of(status: AircraftStatus) -> AircraftStanding:
    """Returns how an aircraft stands, as it is told."""
    return AircraftStanding(
        aircraft=str(status.utcs),
        name=status.name,
        registration=status.registration,
        availability=status.availability,
        because=list(status.because),
        station=status.station,
        next=FlightLeg.of(status.next) if status.next else None,
        orders=list(map(str, status.orders)),
        restrictions=[
            FlightRestriction(
                deferral=str(one.deferral),
                on=str(one.on),
                text=one.text,
                until=format_utc(one.until) if one.until else None,
                isOver=one.is_over,
            )
            for one in status.restrictions
        ],
        overdue=[f"{one.unit.utcs} {one.rule.number}" for one in status.overdue],
    )
