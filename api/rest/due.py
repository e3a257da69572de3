"""What is due on an aircraft or in the fleet, and how it is best put together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.due import list_document, packages_document
from api.naming import named
from api.rest.asked import AskedGraph, At, find_about
from api.rest.body import json_answer
from api.rest.things import After, First
from graph.model.due import DueSort, DueStanding
from graph.model.packaging import EARLY, Early
from graph.store.due import HORIZON, WINDOW_DAYS, due_list, due_packages, read_horizon

router = APIRouter(prefix="/api/v1/due", tags=["maintenance"])

About = Annotated[
    str | None,
    Query(
        description="Only this aircraft or unit and what is in it, by any of its ids; else the fleet.",
        examples=["DPP-H2-001"],
        max_length=500,
    ),
]
Within = Annotated[
    str | None,
    Query(
        description="How far ahead: days, FH or FC, whichever comes first, such as `90d` or "
        "`90d,200fh,100fc`.",
        examples=["90d"],
        max_length=60,
    ),
]
Sorts = Annotated[list[DueSort], Query(description="Only this sort; repeat it for several.")]
Standings = Annotated[
    list[DueStanding], Query(description="Only what stands so; repeat it for several.")
]
WindowDays = Annotated[
    int,
    Query(
        alias="windowDays", description="Forecasts are made from what was flown over so many days."
    ),
]


@router.get("", summary="What is due: tasks, directives and life limits")
async def get_due(
    graph: AskedGraph,
    at: At,
    about: About = None,
    sort: Sorts = [],  # noqa: B006 - FastAPI copies defaults
    standing: Standings = [],  # noqa: B006
    within: Within = None,
    window_days: WindowDays = WINDOW_DAYS,
    first: First = 100,
    after: After = None,
) -> Response:
    """The most urgent first: overdue, in tolerance, unknown, due soon, scheduled.

    With a horizon: what is late, what falls due within it, and what nobody can say of.
    """
    with named(window_days="windowDays", sorts="sort"):
        found = await due_list(
            graph,
            await find_about(graph, about, at),
            sorts=sort or None,
            standings=standing or None,
            within=None if within is None else read_horizon(within),
            window_days=window_days,
            first=first,
            after=after,
            at=at,
        )
    return json_answer(list_document(found))


@router.get("/packages", summary="What falls due within a horizon, put together into stops")
async def get_packages(
    graph: AskedGraph,
    at: At,
    about: About = None,
    within: Within = None,
    early_days: Annotated[
        int, Query(alias="earlyDays", description="Brought forward by so many days at most.")
    ] = EARLY.days,
    early_percent: Annotated[
        int,
        Query(alias="earlyPercent", description="And by no larger a share of the days it may run."),
    ] = EARLY.percent,
    window_days: WindowDays = WINDOW_DAYS,
) -> Response:
    """Each item in exactly one stop and none after its limit; what nobody can date is listed apart."""
    with named(window_days="windowDays", early_days="earlyDays", early_percent="earlyPercent"):
        found = await due_packages(
            graph,
            await find_about(graph, about, at),
            within=HORIZON if within is None else read_horizon(within),
            early=Early(early_days, early_percent),
            window_days=window_days,
            at=at,
        )
    return json_answer(packages_document(found))
