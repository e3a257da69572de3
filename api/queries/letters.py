"""What could not be taken: `deadLetters`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import REASON
from api.queries.asked import After, First, Info
from graph.model.outcome import Reason
from graph.store import letters as question

STATE: Final[Any] = strawberry.enum(
    question.State, name="LetterState", graphql_name_from="value",
    description="How a dead letter stands: nothing is decided, or what was done about it last.",
)  # fmt: skip


@strawberry.type(description="A document that could not be taken, kept to the byte.")
class DeadLetter:
    """A dead letter, without the document in it."""

    hash: str = strawberry.field(description="The SHA-256 of the document, hex.")
    source: str | None = strawberry.field(description="Who sent it, if that could be read.")
    id: str | None = strawberry.field(description="The id of the event, of that source.")
    group: str | None = strawberry.field(
        description="Events of this source and group stand or fall together."
    )
    actor: str | None = strawberry.field(description="In whose name it came.")
    code: Any = strawberry.field(
        graphql_type=REASON, description="Why it was refused last, for programs."
    )
    reason: str = strawberry.field(description="Why: the field, the value and the fix.")
    size: int = strawberry.field(description="How large the document is, in bytes.")
    attempts: int = strawberry.field(
        description="How often it, or what was sent instead, was refused."
    )
    first_at: datetime = strawberry.field(description="When it was refused first.")
    last_at: datetime = strawberry.field(description="When it was refused last.")
    state: Any = strawberry.field(graphql_type=STATE, description="How it stands.")
    endpoint: str | None = strawberry.field(
        description="To whom it could not be delivered, if it is a call of ours."
    )


@strawberry.type(description="One page of dead letters, those refused last first.")
class DeadLetters:
    """One page of dead letters."""

    letters: list[DeadLetter] = strawberry.field(description="The letters.")
    total: int = strawberry.field(description="How many there are in all.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def dead_letters(
    info: Info,
    state: Annotated[
        Any,
        strawberry.argument(
            graphql_type=STATE | None, description="How they stand; whatever they do unless given."
        ),
    ] = None,
    source: Annotated[str | None, strawberry.argument(description="Who sent them.")] = None,
    code: Annotated[
        Any,
        strawberry.argument(graphql_type=REASON | None, description="Why they were refused last."),
    ] = None,
    first: First = 100,
    after: After = None,
) -> DeadLetters | None:
    """Dead letters; REST gives the documents in them, and settles them."""
    selection = question.Selection(state, source, code)
    page = await question.list_letters(info.context.graph, selection, first=first, after=after)
    return DeadLetters(
        letters=[_letter(one) for one in page.letters], total=page.total, next=page.next
    )


def _letter(one: question.Letter) -> DeadLetter:
    return DeadLetter(
        hash=one.hash, source=one.source, id=one.id, group=one.group, actor=one.actor, code=Reason(one.code),
        reason=one.reason, size=one.size, attempts=one.attempts, first_at=one.first_at,
        last_at=one.last_at, state=one.state, endpoint=one.endpoint,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        dead_letters, description="What could not be taken, and how it stands; the last first."
    )
]
