"""Which records miss what: `recordLint`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import (
    KIND_TYPE,
    THING_TYPE,
    After,
    AsOf,
    First,
    Info,
    Kinds,
    KnownAt,
    find,
    kind_words,
    thing_of,
)
from api.queries.quality import SEVERITY
from graph.model.record_rule import Profile
from graph.model.time import Coordinates
from graph.store import record_lint as question

PROFILE: Final[Any] = strawberry.enum(
    Profile, name="RecordProfile", graphql_name_from="value",
    description="Who demands something of a record: `faa` (14 CFR 43.9, 91.417), `easa` (145.A.50, "
    "145.A.55, M.A.305), or a `contract`.",
)  # fmt: skip


@strawberry.type(description="Something that a maintenance record misses.")
class RecordFinding:
    """Something that a maintenance record misses."""

    utcs: str = strawberry.field(description="The record.")
    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its kind.")
    name: str = strawberry.field(description="What people call it.")
    rule: str = strawberry.field(description="The rule.")
    severity: Any = strawberry.field(graphql_type=SEVERITY, description="How much it matters.")
    clause: str = strawberry.field(description="The clause of the profile that demands it.")
    field: str | None = strawberry.field(
        description="The property; null where it is a link or a signature."
    )
    missing: str = strawberry.field(description="What is missing, in one sentence.")
    source: str = strawberry.field(description="The source that states the record as it is.")
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=thing_of, graphql_type=THING_TYPE, description="The record itself."
    )


@strawberry.type(description="One page of what records miss, by kind, then by id.")
class RecordLint:
    """One page of what records miss."""

    findings: list[RecordFinding] = strawberry.field(description="What is missing.")
    examined: int = strawberry.field(
        description="How many records were looked at for this page; it may hold less than asked for."
    )
    next: str | None = strawberry.field(
        description="The cursor of the next page; null when all records were looked at."
    )


async def record_lint(
    info: Info,
    profile: Annotated[
        Any, strawberry.argument(graphql_type=PROFILE, description="Whose demands.")
    ],
    about: Annotated[
        str | None,
        strawberry.argument(
            description="Only records about this aircraft or unit and what it has on board, by any id."
        ),
    ] = None,
    kinds: Kinds = None, first: First = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> RecordLint | None:  # fmt: skip
    """What maintenance records miss."""
    at = Coordinates(as_of, known_at)
    utcs = None if about is None else await find(info, about, at)
    page = await question.record_lint(
        info.context.graph, profile, utcs, kinds=kind_words(kinds), first=first, after=after, at=at
    )
    told = [
        RecordFinding(
            utcs=str(one.utcs), kind=KIND_TYPE(one.kind), name=one.name, rule=one.rule,
            severity=one.severity, clause=one.clause, field=one.field, missing=one.missing,
            source=one.source, at=at,
        )
        for one in page.findings
    ]  # fmt: skip
    return RecordLint(findings=told, examined=page.examined, next=page.next)


FIELDS: Final[list[Any]] = [
    strawberry.field(
        record_lint,
        description="Which maintenance records miss what a rule or a contract demands, with the clause.",
    )
]
