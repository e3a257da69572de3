"""Links in doubt: `clearSuspect`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Outcome, told
from api.queries.asked import Info, Kinds, Links, find, kind_words, link_types
from api.queries.suspects import ChangedPrefix, Other, SuspectLink, Thing, told_suspect
from graph.flows import suspect
from graph.model.time import Coordinates

_NOW: Final = Coordinates()


@strawberry.type(description="What was cleared, or would be.")
class ClearedLinks:
    """What was cleared, or would be."""

    links: list[SuspectLink] = strawberry.field(description="The links, with what had changed.")
    changed_since: list[SuspectLink] = strawberry.field(
        description="Links of which we learnt more since the list was read; they stay in doubt."
    )
    event: str | None = strawberry.field(
        description="The id of the event, of the source `urn:utcs:trace`: `correct` undoes it."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of it; null if it was only planned, or there was nothing to clear."
    )


async def clear_suspect(
    info: Info,
    reason: Annotated[str, strawberry.argument(description="Why the links still hold.")],
    thing: Thing = None,
    other: Other = None,
    links: Links = None,
    kinds: Kinds = None,
    prefix: ChangedPrefix = "",
    most: Annotated[
        int,
        strawberry.argument(
            description="How many may be cleared, at most 250; if more are meant none is."
        ),
    ] = 1,
    read_at: Annotated[
        datetime | None,
        strawberry.argument(
            description="When the list was read: what we learnt later is not cleared."
        ),
    ] = None,
    dry_run: Annotated[
        bool, strawberry.argument(description="Whether to tell only what would happen.")
    ] = False,
) -> ClearedLinks | None:
    """Clears links in doubt."""
    done = await suspect.clear_suspect(
        info.context.graph, info.context.principal, reason=reason,
        thing=None if thing is None else await find(info, thing, _NOW),
        other=None if other is None else await find(info, other, _NOW),
        links=link_types(links), kinds=kind_words(kinds), prefix=prefix, most=most,
        read_at=read_at, dry_run=dry_run,
    )  # fmt: skip
    return ClearedLinks(
        links=[told_suspect(one, _NOW) for one in done.links],
        changed_since=[told_suspect(one, _NOW) for one in done.changed_since],
        event=done.event,
        outcome=told(done.outcome) if done.outcome else None,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        clear_suspect,
        description="Says of links in doubt why they still hold, by one event.",
    ),
]
