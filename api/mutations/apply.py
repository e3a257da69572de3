"""Whole events: `apply`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Outcome, told
from api.queries.asked import Info
from api.scalars import JSON
from graph.flows.submit import submit
from graph.model.time import format_utc
from graph.store.errors import BadQuestionError

MAX_EVENTS: Final = 1000


@strawberry.input(description="A CloudEvents 1.0 event.")
class EventInput:
    """A CloudEvents 1.0 event."""

    id: str = strawberry.field(description="Its id, unique for its source.")
    source: str = strawberry.field(description="A URI reference: who says it.")
    time: datetime = strawberry.field(description="When it became true.")
    data: JSON = strawberry.field(description="What it says: `{facts: [...]}`.")
    type: str | None = strawberry.field(
        default=None, description="`org.utcs.facts.put.v1` unless given."
    )
    subject: str | None = strawberry.field(
        default=None, description="The thing it is mainly about."
    )
    actor: str | None = strawberry.field(
        default=None, description="Who did it; only an admin may say so."
    )
    group: str | None = strawberry.field(
        default=None, description="Those of a group stand or fall together."
    )
    sourcerank: int | None = strawberry.field(default=None, description="Who wins a tie: 0 to 99.")


async def apply(
    info: Info,
    events: Annotated[list[EventInput], strawberry.argument(description=f"At most {MAX_EVENTS}.")],
) -> list[Outcome]:
    """Applies events; one that is refused does not keep the others back."""
    if len(events) > MAX_EVENTS:
        raise BadQuestionError(
            f"events: {len(events)} at once are too many; send at most {MAX_EVENTS}", field="events"
        )
    documents = [_document(event) for event in events]
    outcomes = await submit(info.context.graph, documents, info.context.principal)
    return [told(outcome) for outcome in outcomes]


def _document(event: EventInput) -> dict[str, Any]:
    given = vars(event) | {"time": format_utc(event.time)}
    return {name: value for name, value in given.items() if value is not None}


FIELDS: Final[list[Any]] = [
    strawberry.field(
        apply, description="Applies events; one that is refused does not keep others back."
    )
]
