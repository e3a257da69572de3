"""What happened: `changes`, the log of all that was accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import orjson
import strawberry

from api.queries.asked import THING_TYPE, First, Info
from api.reference import ThingRef
from api.scalars import JSON
from graph.model.time import Coordinates
from graph.store import changes as question


def _event(root: Change) -> JSON:
    return JSON(orjson.loads(root.text))


def _thing(root: Change) -> ThingRef | None:
    return ThingRef(root.subject, Coordinates()) if root.subject else None


@strawberry.type(description="One accepted event, as the change log holds it.")
class Change:
    """One accepted event."""

    seq: int = strawberry.field(description="Its number; numbers have no gaps.")
    source: str = strawberry.field(description="Who sent it; with `id`, its identity.")
    id: str = strawberry.field(description="Its id, of that source.")
    type: str = strawberry.field(description="What sort of event it is.")
    subject: str | None = strawberry.field(
        description="The thing it is mainly about, if it names one."
    )
    time: datetime = strawberry.field(description="When it became true.")
    recorded_at: datetime = strawberry.field(description="When we learned of it.")
    actor: str = strawberry.field(description="Who did it.")
    hash: str = strawberry.field(description="The SHA-256 of the canonical event.")
    hashes: list[str] = strawberry.field(description="The hashes of the versions that it stated.")
    text: strawberry.Private[str]

    event: JSON = strawberry.field(
        resolver=_event, description="The event itself, a CloudEvents 1.0 document."
    )
    thing: Any = strawberry.field(
        resolver=_thing, graphql_type=THING_TYPE, description="The subject as it is now."
    )


async def changes(
    info: Info,
    after: Annotated[
        int, strawberry.argument(description="The number of the last change you have.")
    ] = 0,
    first: First = 100,
) -> list[Change]:
    """The change log after a number."""
    return [told(entry) for entry in await question.changes(info.context.graph, after, first)]


def told(entry: question.Entry) -> Change:
    """Returns an entry of the log as GraphQL tells it."""
    return Change(
        seq=entry.seq, source=entry.source, id=entry.id, type=entry.type,
        subject=str(entry.subject) if entry.subject else None, time=entry.time, recorded_at=entry.recorded_at,
        actor=entry.actor, hash=entry.hash, hashes=list(entry.hashes), text=entry.event,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(changes, description="The change log after a number, in order, without gaps."),
]
