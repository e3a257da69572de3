"""What became of an event, and how mutations send events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import uuid4

import strawberry

from api.queries.asked import Info
from graph.flows.submit import submit
from graph.model import outcome as model
from graph.model.time import format_utc

SOURCE: Final = "urn:utcs:graphql"
"""The source of events that do not name their own."""

STATUS: Final[Any] = strawberry.enum(
    model.Status,
    name="OutcomeStatus",
    graphql_name_from="value",
    description="What became of an event.",
)
REASON: Final[Any] = strawberry.enum(
    model.Reason,
    name="OutcomeReason",
    graphql_name_from="value",
    description="Why it was not applied.",
)


@strawberry.type(description="What became of one event. A refusal is an answer, not an error.")
class Outcome:
    """What became of one event."""

    status: Any = strawberry.field(graphql_type=STATUS, description="What became of it.")
    source: str | None = strawberry.field(description="The event's source.")
    id: str | None = strawberry.field(description="The event's id.")
    seq: int | None = strawberry.field(description="Its number in the change log, once applied.")
    code: Any = strawberry.field(
        graphql_type=REASON | None, description="Why it was parked or refused."
    )
    reason: str | None = strawberry.field(
        description="Why, for people: the field, the value and the fix."
    )


@strawberry.input(description="Whose event it is. Sent twice with the same id, it is taken once.")
class EventDetails:
    """What an event says of itself; all of it has a default."""

    id: str | None = strawberry.field(default=None, description="Its id; a new one unless given.")
    source: str | None = strawberry.field(
        default=None, description=f"Its source; `{SOURCE}` unless given."
    )
    time: datetime | None = strawberry.field(
        default=None, description="When it became true; or now."
    )
    subject: str | None = strawberry.field(
        default=None, description="The thing it is mainly about."
    )
    sourcerank: int | None = strawberry.field(
        default=None, description="Who wins when two say different things of one instant: 0 to 99."
    )


Details = Annotated[
    EventDetails | None, strawberry.argument(description="What the event says of itself.")
]
ValidFrom = Annotated[
    datetime | None,
    strawberry.argument(description="Since when it is true; the event's time unless given."),
]


def told(outcome: model.Outcome) -> Outcome:
    """Returns an outcome as GraphQL tells it."""
    return Outcome(
        status=outcome.status, source=outcome.source, id=outcome.id, seq=outcome.seq,
        code=outcome.code, reason=outcome.reason,
    )  # fmt: skip


async def state(
    info: Info,
    details: EventDetails | None,
    subject: str,
    fact: dict[str, Any],
    valid_from: datetime | None,
) -> Outcome:
    """Sends an event that states one fact, and returns what became of it.

    Raises:
        ForbiddenError: The caller may not write.
    """
    given = details or EventDetails()
    if valid_from is not None:
        fact["valid_from"] = format_utc(valid_from)
    event: dict[str, Any] = {
        "id": given.id or str(uuid4()),
        "source": given.source or SOURCE,
        "time": format_utc(given.time or datetime.now(UTC)),
        "subject": given.subject or subject,
        "data": {"facts": [fact]},
    }
    if given.sourcerank is not None:
        event["sourcerank"] = given.sourcerank
    if fact["fact"] == "correct":
        del event["subject"]
    (outcome,) = await submit(info.context.graph, [event], info.context.principal)
    return told(outcome)
