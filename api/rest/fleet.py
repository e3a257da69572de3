"""The link to the planning of flights: schedules in; status, windows, AOG and resource loading out."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.naming import named
from api.rest.asked import AskedGraph, Asker, At, find_about
from api.rest.events import Key
from api.rest.fleet_messages import (
    SCHEDULE,
    AogAnswer,
    ChecksAnswer,
    FlightSchedule,
    LoadingAnswer,
    ScheduleAnswer,
    StatusAnswer,
    WindowsAnswer,
)
from api.rest.message import PROBLEMS, answered, message_answer, read_message, taken, told
from api.rest.work_messages import WorkProblem
from graph.flows.schedule import PlannedLeg, state_schedule
from graph.flows.submit import Principal
from graph.model.loading import HOURS_A_PERSON
from graph.model.opening import CREW
from graph.model.time import parse_utc
from graph.store.aog import HOURS, aog_response
from graph.store.availability import aircraft_status
from graph.store.database import Graph
from graph.store.loading import resource_loading
from graph.store.resolve import resolve
from graph.store.windows import DAYS, find_checks, find_windows

router = APIRouter(prefix="/api/v1/fleet", tags=["fleet"])

About = Annotated[
    str | None,
    Query(
        description="Only this aircraft, by any of its ids; else the fleet.",
        examples=["DPP-H2-001"],
        max_length=500,
    ),
]
Days = Annotated[int, Query(description="How many days ahead, 1 to 90.")]
Crew = Annotated[
    int, Query(description="How many people work on one aircraft at once at most, 1 to 50.")
]


@router.post(
    "/flight-schedule",
    summary="What an aircraft is to fly",
    response_class=Response,
    openapi_extra=taken(FlightSchedule, SCHEDULE),
    responses={
        200: told("What changed by it; the same schedule again changes nothing.", ScheduleAnswer),
        409: told("A flight of it was flown, or somebody else was faster; nothing was written.", WorkProblem),
        **PROBLEMS,
    },
)  # fmt: skip
async def post_flight_schedule(
    request: Request, graph: AskedGraph, asker: Asker, idempotency_key: Key = None
) -> Response:
    """Plans the flights of an aircraft within a time, as one event; what was planned and is not there is off.

    Single flights, and what became of them, come over the queue as flight reports as well.
    """

    async def asked(body: bytes) -> Response:
        return await _scheduled(graph, asker, read_message(FlightSchedule, body))

    return await answered(request, graph, asker, asked)


async def _scheduled(graph: Graph, asker: Principal, said: FlightSchedule) -> Response:
    legs = [
        PlannedLeg(
            leg=leg.leg,
            number=leg.number,
            origin=leg.origin,
            destination=leg.destination,
            starts_at=parse_utc(leg.plannedStartAt, f"legs.{place}.plannedStartAt"),
            ends_at=parse_utc(leg.plannedEndAt, f"legs.{place}.plannedEndAt"),
        )
        for place, leg in enumerate(said.legs)
    ]
    since, until = parse_utc(said.since, "from"), parse_utc(said.until, "until")
    with named(id="aircraft"):
        aircraft = await resolve(graph, said.aircraft)
    done = await state_schedule(graph, asker, aircraft, since, until, legs)
    return message_answer(
        ScheduleAnswer(
            aircraft=str(aircraft),
            planned=list(map(str, done.planned)),
            cancelled=list(map(str, done.cancelled)),
            unchanged=list(map(str, done.unchanged)),
            seq=done.outcome.seq if done.outcome else None,
        )
    )


@router.get(
    "/aircraft-status",
    summary="Which aircraft can fly",
    responses={200: told("How they stand.", StatusAnswer)},
)
async def get_aircraft_status(graph: AskedGraph, at: At, about: About = None) -> Response:
    """Of each aircraft whether it can fly, why not, and under what limits."""
    found = await aircraft_status(graph, await find_about(graph, about, at), at=at)
    return message_answer(StatusAnswer.of(found))


@router.get(
    "/windows",
    summary="When aircraft can be maintained",
    responses={200: told("Their stops.", WindowsAnswer)},
)
async def get_windows(
    graph: AskedGraph, at: At, about: About = None, days: Days = DAYS
) -> Response:
    """The stops between flights in which there is time to work, with the base that is there."""
    found = await find_windows(graph, await find_about(graph, about, at), days=days, at=at)
    return message_answer(WindowsAnswer.of(found))


@router.get(
    "/checks",
    summary="Which window takes which work",
    responses={200: told("What falls due, each in a window.", ChecksAnswer)},
)
async def get_checks(
    graph: AskedGraph, at: At, about: About = None, days: Days = DAYS, crew: Crew = CREW
) -> Response:
    """What falls due, put together, each in the last stop at a base in which it is done in time."""
    found = await find_checks(
        graph, await find_about(graph, about, at), days=days, crew=crew, at=at
    )
    return message_answer(ChecksAnswer.of(found))


@router.get(
    "/aog",
    summary="What can be done about aircraft that are grounded",
    responses={200: told("Each that is grounded.", AogAnswer)},
)
async def get_aog(
    graph: AskedGraph,
    at: At,
    about: About = None,
    hours: Annotated[int, Query(description="The flights of so many hours, 1 to 336.")] = HOURS,
) -> Response:
    """The flights at risk, who can work on it where it is, and which aircraft could fly instead."""
    found = await aog_response(graph, await find_about(graph, about, at), hours=hours, at=at)
    return message_answer(AogAnswer.of(found))


@router.get(
    "/resource-loading",
    summary="How busy the bases are",
    responses={200: told("Each base, day by day.", LoadingAnswer)},
)
async def get_resource_loading(
    graph: AskedGraph,
    at: At,
    days: Days = DAYS,
    hours_a_person: Annotated[
        Decimal,
        Query(alias="hoursPerPerson", description="So long somebody works on a day, up to 24."),
    ] = HOURS_A_PERSON,
) -> Response:
    """The bays that are taken and the labour that is planned at each base, against what it can do."""
    with named(hours_a_person="hoursPerPerson"):
        found = await resource_loading(graph, days=days, hours_a_person=hours_a_person, at=at)
    return message_answer(LoadingAnswer.of(found))
