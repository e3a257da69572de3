"""From an alert to work: `raiseRecommendation`, `acceptRecommendation` and `rejectRecommendation`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

import strawberry

from api.mutations.lifecycle import Signer
from api.mutations.outcome import Outcome, told
from api.mutations.work import At
from api.queries.asked import Info, find
from api.queries.health_alerts import RatedRisk, rated
from graph.flows import act_on as acts
from graph.flows import recommend as raises
from graph.model.opening import CREW, Placed
from graph.model.risk import Risk
from graph.model.time import Coordinates
from graph.model.work_request import read_duration
from graph.store.windows import DAYS

_NOW: Final = Coordinates()

Rated = Annotated[int, strawberry.argument(description="1 to 5 (ICAO Doc 9859).")]
Advised = Annotated[str, strawberry.argument(description="The recommendation, by any id.")]


@strawberry.type(description="A recommendation that was raised.")
class RecommendationRaised:
    """A recommendation that was raised."""

    utcs: str = strawberry.field(description="The recommendation.")
    upon: str = strawberry.field(description="The alert or prediction.")
    asset: str = strawberry.field(description="The aircraft, or the unit if that is in none.")
    priority: str | None = strawberry.field(description="How soon it should be done.")
    due_on: date | None = strawberry.field(description="The day it should be done by.")
    risk: RatedRisk = strawberry.field(description="The risk that it answers.")
    event: str = strawberry.field(description="The id of the event, of the source `urn:utcs:work`.")
    outcome: Outcome = strawberry.field(
        description="What became of it; `outdated` where something was stated meanwhile."
    )


@strawberry.type(
    description="The stop in which work is best done. A proposal: nothing is reserved."
)
class ProposedWindow:
    """The stop in which work is best done."""

    starts_at: datetime | None = strawberry.field(description="When the work would begin.")
    ends_at: datetime | None = strawberry.field(description="When it would be over.")
    station: str | None = strawberry.field(description="Where.")
    base: str | None = strawberry.field(description="The base.")
    people: int | None = strawberry.field(description="How many people maintain there.")
    lacking: list[str] = strawberry.field(
        description="The recommended part numbers of which no spare lies there."
    )
    why: str | None = strawberry.field(description="Why no stop takes it; null if one does.")


@strawberry.type(description="A decision about a recommendation.")
class RecommendationDecided:
    """A decision about a recommendation."""

    utcs: str = strawberry.field(description="The recommendation.")
    status: str = strawberry.field(description="Where it stands by it.")
    order: str | None = strawberry.field(description="The work order that was requested.")
    due_on: date | None = strawberry.field(description="The day by which that is due.")
    window: ProposedWindow | None = strawberry.field(description="Where that is best done.")
    signer: str = strawberry.field(description="Who decided.")
    event: str = strawberry.field(description="The id of the event, of the source `urn:utcs:work`.")
    outcome: Outcome = strawberry.field(
        description="What became of it; `outdated` where another decision was made meanwhile."
    )


async def raise_recommendation(
    info: Info,
    upon: Annotated[str, strawberry.argument(description="The alert or prediction, by any id.")],
    action: Annotated[str, strawberry.argument(description="What should be done; one line.")],
    severity: Rated,
    likelihood: Rated,
    exposure: Rated,
    signer: Signer,
    rationale: Annotated[str | None, strawberry.argument(description="Why.")] = None,
    due_on: Annotated[
        date | None,
        strawberry.argument(
            description="The day; an earlier one that risk or prediction ask for counts."
        ),
    ] = None,
    to_do: Annotated[
        list[str] | None,
        strawberry.argument(
            description="The tasks, bulletins or modifications that do it, and part numbers it takes."
        ),
    ] = None,
    at: At = None,
) -> RecommendationRaised | None:
    """Raises a recommendation upon an alert or prediction."""
    advice = raises.Advice(
        action, Risk(severity, likelihood, exposure), rationale, due_on,
        tuple([await find(info, one, _NOW) for one in to_do or ()]),
    )  # fmt: skip
    made = await raises.recommend(
        info.context.graph, info.context.principal, await find(info, upon, _NOW), advice,
        signer=await find(info, signer, _NOW), at=at,
    )  # fmt: skip
    return RecommendationRaised(
        utcs=str(made.utcs), upon=str(made.sign), asset=str(made.asset),
        priority=made.recommendation.priority, due_on=made.recommendation.due_on,
        risk=rated(made.risk), event=made.event, outcome=told(made.outcome),
    )  # fmt: skip


async def accept_recommendation(
    info: Info,
    id: Advised,
    signer: Signer,
    duration: Annotated[
        str, strawberry.argument(description="The labour it is thought to take, such as `4 hours`.")
    ],
    days: Annotated[
        int, strawberry.argument(description="How far ahead a window is looked for.")
    ] = DAYS,
    crew: Annotated[
        int, strawberry.argument(description="How many people work on it at once at most.")
    ] = CREW,
    at: At = None,
) -> RecommendationDecided | None:
    """Accepts a recommendation: its work order is requested."""
    return _decided(await acts.act_on(
        info.context.graph, info.context.principal, await find(info, id, _NOW),
        signer=await find(info, signer, _NOW), estimated_h=read_duration(duration), days=days,
        crew=crew, at=at,
    ))  # fmt: skip


async def reject_recommendation(
    info: Info,
    id: Advised,
    signer: Signer,
    reason: Annotated[str, strawberry.argument(description="Why; one line.")],
    at: At = None,
) -> RecommendationDecided | None:
    """Rejects a recommendation, for a reason."""
    return _decided(await acts.reject_recommendation(
        info.context.graph, info.context.principal, await find(info, id, _NOW),
        signer=await find(info, signer, _NOW), reason=reason, at=at,
    ))  # fmt: skip


def _decided(made: acts.Acted) -> RecommendationDecided:
    order, stated = made.order or (None, None)
    return RecommendationDecided(
        utcs=str(made.utcs), status=made.status, order=None if order is None else str(order),
        due_on=None if stated is None else stated.due_on,
        window=None if made.window is None else _window(made.window),
        signer=str(made.signer), event=made.event, outcome=told(made.outcome),
    )  # fmt: skip


def _window(placed: Placed[Any]) -> ProposedWindow:
    opening = placed.opening
    base = None if opening is None else opening.base
    return ProposedWindow(
        starts_at=placed.starts_at, ends_at=placed.ends_at,
        station=None if opening is None else opening.stop.station,
        base=None if base is None else str(base.utcs), people=None if base is None else base.people,
        lacking=[str(one) for one in placed.lacking], why=placed.why,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        raise_recommendation,
        description="Recommends something upon an open alert or a prediction; severity, likelihood and "
        "exposure set its priority and the day by which it is due.",
    ),
    strawberry.field(
        accept_recommendation,
        description="Accepts a recommendation: its work order is requested, and planned in the last stop at "
        "a base in which it is done in time.",
    ),
    strawberry.field(
        reject_recommendation, description="Rejects a recommendation, for a reason that is signed."
    ),
]
