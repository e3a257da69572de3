"""Whether a repair was effective: `workOrderEffectiveness`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import AsOf, Id, Info, KnownAt, as_float, find
from graph.model.compliance import Limits
from graph.model.time import Coordinates
from graph.model.work_effectiveness import WATCH
from graph.store import work_effectiveness as effects
from graph.store.due import read_horizon

Within = Annotated[
    str | None,
    strawberry.argument(
        description="How long it is watched, until each has run: FH, FC or days; `100fh,30d` unless given."
    ),
]


@strawberry.type(description="Whether what a work order was to cure came back since its release.")
class WorkOrderEffectiveness:
    """Whether what a work order was to cure came back."""

    utcs: str = strawberry.field(description="The work order.")
    verdict: str | None = strawberry.field(
        description="`pending` while it is watched, `effective` or `ineffective`; null: nothing to judge."
    )
    why: str = strawberry.field(description="What that rests on, or until when it is open.")
    recorded: str | None = strawberry.field(
        description="The verdict that stands on the work order."
    )
    released_at: datetime | None = strawberry.field(description="Since when it is watched.")
    unit: str | None = strawberry.field(description="Whose hours and cycles count.")
    cured: list[str] = strawberry.field(description="The alerts that it was to cure.")
    returned: str | None = strawberry.field(description="The first alert that came back.")
    until: date | None = strawberry.field(description="The day on which it ends at the earliest.")
    remaining_fh: float | None = strawberry.field(description="Flight hours that it still runs.")
    remaining_fc: float | None = strawberry.field(description="Flight cycles that it still runs.")
    remaining_days: float | None = strawberry.field(description="Days that it still runs.")
    cut: str | None = strawberry.field(description="What was left out, if anything was.")


async def work_order_effectiveness(
    info: Info, id: Id, within: Within = None, as_of: AsOf = None, known_at: KnownAt = None
) -> WorkOrderEffectiveness | None:
    """Whether a repair was effective."""
    at = Coordinates(as_of, known_at)
    order = await find(info, id, at)
    return told(
        await effects.work_effectiveness(info.context.graph, order, watch=read_watch(within), at=at)
    )


def read_watch(within: str | None) -> Limits:
    """Returns how long a repair is watched.

    Raises:
        BadQuestionError: The text means nothing.
    """
    return WATCH if within is None else read_horizon(within)


def told(found: effects.WorkEffectiveness) -> WorkOrderEffectiveness:
    """Returns a verdict as it is answered."""
    said = found.judgement
    left = said.remaining or Limits()
    return WorkOrderEffectiveness(
        utcs=str(found.order.utcs), verdict=said.verdict, why=said.why,
        recorded=found.order.order.effectiveness, released_at=found.released_at,
        unit=None if found.unit is None else str(found.unit), cured=[str(one) for one in found.cured],
        returned=None if said.returned is None else str(said.returned), until=said.until,
        remaining_fh=as_float(left.fh), remaining_fc=as_float(left.fc),
        remaining_days=as_float(left.days), cut=found.cut,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        work_order_effectiveness,
        description="Whether what a work order was to cure came back since its release: the same alert about "
        "what it was about, what was worked on, or what was put in.",
    ),
]
