"""What is no more, and what was wrong: `retire` and `correct`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Details, Outcome, ValidFrom, state
from api.queries.asked import Info

Reason = Annotated[str, strawberry.argument(description="Why.")]


async def retire(
    info: Info,
    utcs: Annotated[str, strawberry.argument(description="The thing.")],
    reason: Reason,
    valid_from: ValidFrom = None,
    event: Details = None,
) -> Outcome:
    """States that a thing is no more; its links must have ended."""
    fact = {"fact": "retire_node", "utcs": utcs, "reason": reason}
    return await state(info, event, utcs, fact, valid_from)


async def correct(
    info: Info,
    source: Annotated[
        str, strawberry.argument(description="The source of the event that was wrong.")
    ],
    id: Annotated[str, strawberry.argument(description="Its id.")],
    reason: Reason,
    event: Details = None,
) -> Outcome:
    """Withdraws every fact of an earlier event."""
    fact = {"fact": "correct", "source": source, "id": id, "reason": reason}
    return await state(info, event, "", fact, None)


FIELDS: Final[list[Any]] = [
    strawberry.field(
        retire, description="States that a thing is no more; its links must have ended."
    ),
    strawberry.field(
        correct, description="Withdraws every fact of an earlier event: it was wrong."
    ),
]
