"""Changes under control: `changeRecord` and `lifecycleAudit`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import KIND_TYPE, After, AsOf, First, Id, Info, KnownAt, find
from api.scalars import JSON
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store import change_record as records
from graph.store import lifecycle_audit as audits
from graph.store.errors import BadQuestionError


@strawberry.type(description="A thing that belongs to the record of a change.")
class ChangeMember:
    """A thing that belongs to the record of a change."""

    utcs: str = strawberry.field(description="Its identifier.")
    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its kind.")
    role: str = strawberry.field(
        description="`origin`: the change came from it; `itself`; `outcome`: the change led to it."
    )
    state: str | None = strawberry.field(description="Where it stands.")
    properties: JSON = strawberry.field(description="What is said of it.")


@strawberry.type(description="One thing that happened in the course of a change.")
class ChangeEntry:
    """One thing that happened."""

    at: datetime = strawberry.field(description="When, in the world.")
    utcs: str = strawberry.field(description="To what.")
    what: str = strawberry.field(
        description="`stated`: it came to be, or entered a state; `signed`: a person signed."
    )
    state: str | None = strawberry.field(description="The state that it entered or was in.")
    slot: str | None = strawberry.field(description="The role that was signed in.")
    by: str = strawberry.field(description="Who stated it, or the person who signed.")
    text: str | None = strawberry.field(description="What was decided, or signed for.")
    source: str = strawberry.field(description="The source of the event.")
    event: str = strawberry.field(description="The id of the event, of that source.")
    seq: int = strawberry.field(description="Its number in the change log.")


@strawberry.type(description="A thing that is as a change makes it.")
class ChangeAlteration:
    """A thing that is as a change makes it."""

    change: str = strawberry.field(description="The change.")
    utcs: str = strawberry.field(description="The thing.")
    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its kind.")
    name: str = strawberry.field(description="What people call it.")


@strawberry.type(description="The rule that says where a change applies.")
class ChangeLimit:
    """The rule that says where a change applies."""

    change: str = strawberry.field(description="The change.")
    utcs: str = strawberry.field(description="The effectivity.")
    expression: str | None = strawberry.field(description="The rule.")
    explanation: str | None = strawberry.field(description="The rule in plain words.")


@strawberry.type(description="How far a change has been carried out.")
class ChangeCarried:
    """How far a change has been carried out."""

    change: str = strawberry.field(description="The change.")
    embodied: int = strawberry.field(description="How many units embody it.")
    complied: int = strawberry.field(description="How many units comply with it.")
    work_orders: int = strawberry.field(description="How many work orders carry it out.")


@strawberry.type(description="The whole record of a change, from its origin to its embodiment.")
class ChangeRecord:
    """The whole record of a change."""

    utcs: str = strawberry.field(description="The change.")
    members: list[ChangeMember] = strawberry.field(
        description="The change, what it came from and what came of it."
    )
    entries: list[ChangeEntry] = strawberry.field(
        description="What happened, in the order of time."
    )
    altered: list[ChangeAlteration] = strawberry.field(
        description="What is as the change makes it."
    )
    limits: list[ChangeLimit] = strawberry.field(description="Where it applies.")
    carried: list[ChangeCarried] = strawberry.field(
        description="How far it has been carried out; nothing is told of what nothing is known of."
    )
    complete: bool = strawberry.field(description="Whether nothing was left out.")
    cut: str | None = strawberry.field(description="What was left out, and why.")


@strawberry.type(description="A rule of the lifecycle that a step breaks.")
class Breach:
    """A rule that a step breaks."""

    rule: str = strawberry.field(description="Which, such as `ecr.approve/right`.")
    problem: str = strawberry.field(description="What is wrong.")


@strawberry.type(description="A step that broke rules of the lifecycle.")
class BrokenStep:
    """A step that broke rules."""

    utcs: str = strawberry.field(description="The thing that made it.")
    at: datetime = strawberry.field(description="When, in the world.")
    left: str = strawberry.field(description="The state before.")
    entered: str = strawberry.field(description="The state after.")
    step: str | None = strawberry.field(description="The step that leads so; null if none does.")
    breaches: list[Breach] = strawberry.field(description="The rules, and how each is broken.")
    actor: str = strawberry.field(description="Who stated it.")
    source: str = strawberry.field(description="The source of the event that stated it.")
    event: str = strawberry.field(description="The id of that event.")
    seq: int = strawberry.field(description="Its number in the change log.")


@strawberry.type(description="One page of the steps that broke rules.")
class LifecycleAudit:
    """One page of the steps that broke rules."""

    steps: list[BrokenStep] = strawberry.field(description="By thing, in the order of time.")
    examined: int = strawberry.field(description="How many things were looked at.")
    made: int = strawberry.field(description="How many steps they made.")
    unwitnessed: int = strawberry.field(
        description="How many came into the thread in a later state; that breaks no rule."
    )
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def change_record(
    info: Info, id: Id, as_of: AsOf = None, known_at: KnownAt = None
) -> ChangeRecord | None:
    """The whole record of a change."""
    at = Coordinates(as_of, known_at)
    found = await records.find_change_record(info.context.graph, await find(info, id, at), at=at)
    return ChangeRecord(
        utcs=str(found.utcs),
        members=[
            ChangeMember(
                utcs=str(one.utcs), kind=KIND_TYPE(one.utcs.kind), role=one.role, state=one.state,
                properties=JSON(plain(one.properties)),
            )
            for one in found.members
        ],
        entries=[ChangeEntry(**_fields(one)) for one in found.entries],
        altered=[
            ChangeAlteration(
                change=str(one.change), utcs=str(one.utcs), kind=KIND_TYPE(one.kind), name=one.name
            )
            for one in found.altered
        ],
        limits=[ChangeLimit(**_fields(one)) for one in found.limits],
        carried=[ChangeCarried(**_fields(one)) for one in found.carried],
        complete=found.complete,
        cut=found.cut,
    )  # fmt: skip


async def lifecycle_audit(
    info: Info,
    id: Annotated[
        str | None, strawberry.argument(description="One thing; give it, or a kind.")
    ] = None,
    kind: Annotated[
        Any | None,
        strawberry.argument(graphql_type=KIND_TYPE | None, description="All things of a kind."),
    ] = None,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> LifecycleAudit | None:
    """The steps that broke rules."""
    at, graph = Coordinates(as_of, known_at), info.context.graph
    if (id is None) == (kind is None):
        raise BadQuestionError("id: give either id or kind", field="id")
    if kind is not None:
        found = await audits.audit_kind(graph, kind.value, first=first, after=after, at=at)
    else:
        found = await audits.audit_lifecycle(graph, await find(info, str(id), at), at=at)
    return LifecycleAudit(
        steps=[
            BrokenStep(**(_fields(one) | {"breaches": [Breach(**_fields(b)) for b in one.breaches]}))
            for one in found.steps
        ],
        examined=found.examined, made=found.made, unwitnessed=found.unwitnessed, next=found.next,
    )  # fmt: skip


def _fields(one: Any) -> dict[str, Any]:
    """Returns the fields of an answer as GraphQL tells them: ids as text, times as they are."""
    told = {name: getattr(one, name) for name in one.__slots__}
    return {name: str(v) if isinstance(v, Utcs) else v for name, v in told.items()}


FIELDS: Final[list[Any]] = [
    strawberry.field(
        change_record,
        description="The record of a change: origin, decisions with signatures, orders, what was "
        "altered, where it applies, how far it was carried out; in the order of time.",
    ),
    strawberry.field(
        lifecycle_audit,
        description="Steps of changes and quality records that broke a rule, and who stated them; of one "
        "thing, or of all of a kind.",
    ),
]
