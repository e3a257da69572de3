"""The flight schedule of an aircraft, stated for a time as a whole: what is not in it is off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final
from uuid import uuid4

from pydantic import ValidationError

from graph.errors import TraceError
from graph.flows.submit import Principal, submit
from graph.model.event import Event, explain
from graph.model.fact import Fact, Facts, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.operation import Flight, FlightStatus
from graph.model.outcome import Outcome, Reason, Status
from graph.model.rotation import flight_id
from graph.model.time import as_utc, format_utc, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.rotation import find_rotations, require_aircraft
from graph.store.standings import Standing, find_standings

SOURCE: Final = "urn:utcs:schedule"
"""The source of the events that schedules are."""

MOST_LEGS: Final = 1_000


class ScheduleError(TraceError):
    """The schedule contradicts what is flown, or what was stated meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class PlannedLeg:
    """One flight that is planned.

    Attributes:
        leg: The operator's own id of it, unique for the aircraft.
        origin: Where it departs (ICAO Doc 7910).
        starts_at: Off blocks.
        ends_at: On blocks.
    """

    leg: str
    number: str | None
    origin: str
    destination: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a schedule did.

    Attributes:
        planned: The flights that are new or planned otherwise now.
        cancelled: The flights that were planned for that time, and are not in it.
        unchanged: The flights that were planned just so before.
        outcome: What became of the event; None where nothing was new.
    """

    planned: tuple[Utcs, ...]
    cancelled: tuple[Utcs, ...]
    unchanged: tuple[Utcs, ...]
    outcome: Outcome | None


async def state_schedule(
    graph: Graph,
    principal: Principal,
    aircraft: Utcs,
    since: datetime,
    until: datetime,
    legs: Sequence[PlannedLeg],
) -> Scheduled:
    """States what an aircraft is to fly within a time, as one event.

    Args:
        graph: Where to.
        principal: In whose name.
        aircraft: The aircraft.
        since: From when the schedule is meant.
        until: Until when; what was planned to leave in between and is not in it is cancelled.
        legs: What it is to fly.

    Raises:
        BadQuestionError: It is no aircraft, or the flights cannot be flown by one; says which, and why.
        ForbiddenError: The principal may not write.
        NotFoundError: The aircraft is not there.
        ScheduleError: A flight of the schedule was flown, or somebody else was faster.
    """
    principal.require("editor")
    require_aircraft(aircraft, "aircraft")
    since, until = as_utc(since, "from"), as_utc(until, "until")
    _check(since, until, legs)
    moment = Moment.of(graph, CURRENT)
    flights = {flight_id(aircraft, leg.leg): leg for leg in legs}
    known = (await find_rotations(graph, [aircraft], since, until, moment))[aircraft]
    off = [
        leg.flight
        for leg in known.legs
        if leg.status is FlightStatus.PLANNED
        and leg.starts_at >= since
        and leg.flight not in flights
    ]
    there = await find_standings(graph, [aircraft, *flights, *off])
    if aircraft not in there:
        raise await not_there(graph, aircraft, moment)
    changed = [(utcs, leg) for utcs, leg in flights.items() if not _is_as(there.get(utcs), leg)]
    unchanged = tuple(utcs for utcs in flights if utcs not in dict(changed))
    facts = [
        fact for utcs, leg in changed for fact in _planned(utcs, aircraft, leg, there.get(utcs))
    ]
    facts += [_cancelled(there[utcs]) for utcs in off]
    outcome = await _stated(graph, principal, aircraft, facts) if facts else None
    return Scheduled(tuple(utcs for utcs, _ in changed), tuple(off), unchanged, outcome)


async def _stated(
    graph: Graph, principal: Principal, aircraft: Utcs, facts: Sequence[Fact]
) -> Outcome:
    event = Event(
        source=SOURCE,
        id=f"schedule {aircraft} {uuid4()}",
        subject=aircraft,
        time=from_micros(graph.clock()),
        actor=principal.actor,
        data=Facts(facts=tuple(facts)),
    )
    (outcome,) = await submit(graph, [event], principal)
    if outcome.status is not Status.APPLIED:
        again = "; send it again" if outcome.code is Reason.OUTDATED else ""
        raise ScheduleError(f"legs: {outcome.reason or 'the graph refuses it'}{again}")
    return outcome


def _check(since: datetime, until: datetime, legs: Sequence[PlannedLeg]) -> None:
    """Refuses what one aircraft cannot fly."""
    if len(legs) > MOST_LEGS:
        raise BadQuestionError(
            f"legs: {len(legs):,} are more than {MOST_LEGS:,}; send a shorter time", field="legs"
        )
    if since >= until:
        raise BadQuestionError(
            f"until: {format_utc(until)} is not after from, {format_utc(since)}; swap or mend them",
            field="until",
        )
    for fault in _faults(since, until, legs):
        raise BadQuestionError(fault, field=fault.partition(":")[0])


def _faults(since: datetime, until: datetime, legs: Sequence[PlannedLeg]) -> Iterator[str]:
    times = Counter(leg.leg for leg in legs)
    for place, leg in enumerate(legs):
        at = f"legs.{place}"
        if times[leg.leg] > 1:
            yield f"{at}.leg: {leg.leg!r:.80} is there {times[leg.leg]} times; give each flight its own id"
        if leg.starts_at >= leg.ends_at:
            yield (
                f"{at}.plannedEndAt: {format_utc(leg.ends_at)} is not after plannedStartAt, "
                f"{format_utc(leg.starts_at)}; swap or mend them"
            )
        if not since <= leg.starts_at < until:
            yield (
                f"{at}.plannedStartAt: {format_utc(leg.starts_at)} is not within from and until, "
                f"{format_utc(since)} to {format_utc(until)}; widen these, or leave the flight out"
            )
    ordered = sorted(enumerate(legs), key=lambda numbered: numbered[1].starts_at)
    for (_, before), (place, after) in pairwise(ordered):
        if after.starts_at < before.ends_at:
            yield (
                f"legs.{place}.plannedStartAt: {format_utc(after.starts_at)} is before {before.leg!r:.80} is "
                f"on blocks at {format_utc(before.ends_at)}; an aircraft flies one flight at a time"
            )


def _is_as(standing: Standing | None, leg: PlannedLeg) -> bool:
    """Says whether a flight is planned just so already.

    Raises:
        ScheduleError: It is flown.
    """
    if standing is None:
        return False
    flight = standing.thing
    assert isinstance(flight, Flight)  # noqa: S101
    if flight.status not in (None, FlightStatus.PLANNED, FlightStatus.CANCELLED):
        raise ScheduleError(
            f"legs: {leg.leg!r:.80} has {flight.status}; leave out what is flown, or give a new flight "
            "an id of its own"
        )
    return flight == _flight(leg)


def _planned(
    utcs: Utcs, aircraft: Utcs, leg: PlannedLeg, standing: Standing | None
) -> Iterator[Fact]:
    replaces = 0 if standing is None else standing.version
    yield PutNode(utcs=utcs, properties=_flight(leg), replaces=replaces)
    if standing is None:
        yield PutLink(source=utcs, link="FLOWN_BY", target=aircraft)


def _cancelled(standing: Standing) -> Fact:
    assert isinstance(standing.thing, Flight)  # noqa: S101
    flight = standing.thing.model_copy(update={"status": FlightStatus.CANCELLED})
    return PutNode(utcs=standing.utcs, properties=flight, replaces=standing.version)


def _flight(leg: PlannedLeg) -> Flight:
    """Returns what is stated of a flight that is planned.

    Raises:
        BadQuestionError: A property is not as the kind needs it.
    """
    try:
        return Flight(
            name=f"{leg.origin}–{leg.destination} on {leg.starts_at.date()}",
            number=leg.number,
            origin=leg.origin,
            destination=leg.destination,
            planned_start_at=leg.starts_at,
            planned_end_at=leg.ends_at,
            status=FlightStatus.PLANNED,
        )
    except ValidationError as error:
        raise BadQuestionError(f"legs: {leg.leg!r:.80}: {explain(error)}", field="legs") from error
