"""Frozen configurations: `baselineComparison`, `baselineVerification`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import THING_TYPE, After, AsOf, First, Id, Info, KnownAt, find, thing_of
from api.scalars import JSON
from graph.model.time import Coordinates
from graph.store import compare_baselines, verify_baseline

SORT: Final[Any] = strawberry.enum(
    compare_baselines.Sort, name="MemberChangeSort", graphql_name_from="value",
    description="What became of a member.",
)  # fmt: skip


@strawberry.type(description="A property or link in which a member differs.")
class MemberFieldChange:
    """A property or link in which a member differs."""

    field: str = strawberry.field(description="The property, or a link as `CONTAINS [slot]`.")
    before: JSON | None = strawberry.field(description="What the baseline says.")
    after: JSON | None = strawberry.field(description="What the other side says.")


@strawberry.type(description="A member in which two baselines differ.")
class MemberChange:
    """A member in which two baselines differ."""

    utcs: str = strawberry.field(description="The member.")
    name: str = strawberry.field(description="What people call it.")
    sort: Any = strawberry.field(graphql_type=SORT, description="What became of it.")
    fields: list[MemberFieldChange] = strawberry.field(
        description="In what it changed; empty unless that was asked."
    )
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=thing_of,
        graphql_type=THING_TYPE,
        description="The member itself, on the other side.",
    )


@strawberry.type(description="One page of the differences of a baseline, in the order of ids.")
class BaselineComparison:
    """One page of the differences of a baseline."""

    before: str = strawberry.field(description="The baseline.")
    after: str | None = strawberry.field(
        description="The one it is compared with; null for what is recorded."
    )
    as_of: datetime | None = strawberry.field(
        description="What the other side shows: when it is true."
    )
    known_at: datetime | None = strawberry.field(description="And when it was known.")
    added: int = strawberry.field(description="How many members only the other side has.")
    removed: int = strawberry.field(description="How many only the baseline has.")
    changed: int = strawberry.field(description="How many both have, but not alike.")
    changes: list[MemberChange] = strawberry.field(description="The page.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="A member that is not what was frozen.")
class BaselineFault:
    """A member that is not what was frozen."""

    utcs: str = strawberry.field(description="The member.")
    problem: str = strawberry.field(description="In what it is another.")


@strawberry.type(description="What came out when a baseline was computed again from history.")
class BaselineVerification:
    """What came out when a baseline was computed again."""

    utcs: str = strawberry.field(description="The baseline.")
    verified: bool = strawberry.field(description="Whether everything is as it was frozen.")
    merkle_root: str = strawberry.field(description="The root that is stated.")
    recomputed: str | None = strawberry.field(
        description="The root that comes out; null if its scope cannot be found any more."
    )
    members: int = strawberry.field(description="How many members came out.")
    problems: list[str] = strawberry.field(description="What is wrong with the baseline itself.")
    faults: list[BaselineFault] = strawberry.field(
        description="The members that differ, by id, the first 20."
    )
    differing: int | None = strawberry.field(
        description="How many differ in all; null if its tree does not tell."
    )


async def baseline_comparison(
    info: Info,
    id: Id,
    other: Annotated[
        str | None,
        strawberry.argument(description="Another baseline; what is recorded, unless given."),
    ] = None,
    fields: Annotated[
        bool, strawberry.argument(description="Whether to say in what members changed.")
    ] = False,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> BaselineComparison | None:
    """In what a baseline differs from another, or from what is recorded."""
    at, now = Coordinates(as_of, known_at), Coordinates()
    answer = await compare_baselines.compare_baselines(
        info.context.graph, await find(info, id, now),
        None if other is None else await find(info, other, now),
        fields=fields, first=first, page_after=after, at=at,
    )  # fmt: skip
    return BaselineComparison(
        before=str(answer.before), after=str(answer.after) if answer.after else None,
        as_of=answer.at.as_of, known_at=answer.at.known_at,
        added=answer.added, removed=answer.removed, changed=answer.changed,
        changes=[_change(one, answer.at) for one in answer.changes], next=answer.next,
    )  # fmt: skip


def _change(one: compare_baselines.MemberChange, at: Coordinates) -> MemberChange:
    fields = [
        MemberFieldChange(field=each.field, before=_value(each.before), after=_value(each.after))
        for each in one.fields
    ]
    return MemberChange(utcs=str(one.utcs), name=one.name, sort=one.sort, fields=fields, at=at)


def _value(value: Any) -> JSON | None:
    return None if value is None else JSON(plain(value))


async def baseline_verification(info: Info, id: Id) -> BaselineVerification | None:
    """Whether a baseline is what was frozen."""
    utcs = await find(info, id, Coordinates())
    found = await verify_baseline.verify_baseline(info.context.graph, utcs)
    return BaselineVerification(
        utcs=str(found.utcs), verified=found.is_verified, merkle_root=found.merkle_root,
        recomputed=found.recomputed, members=found.members, problems=list(found.problems),
        faults=[BaselineFault(utcs=str(one.utcs), problem=one.problem) for one in found.faults],
        differing=found.differing,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        baseline_comparison,
        description="In what a baseline differs from another one, or from what its scope holds at some "
        "time. It costs what differs, and not what there is.",
    ),
    strawberry.field(
        baseline_verification,
        description="Computes a baseline again from what is recorded, and holds it against its root.",
    ),
]
