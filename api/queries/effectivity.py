"""To what does a change apply: `effectivity`, `effectivityOf`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import (
    KIND_TYPE,
    THING_TYPE,
    After,
    AsOf,
    First,
    Id,
    Info,
    KnownAt,
    find,
    thing_of,
)
from graph.model.applicability import Rule
from graph.model.time import Coordinates
from graph.store import effectivity as question

BASIS: Final[Any] = strawberry.enum(
    question.Basis, name="EffectivityBasis", graphql_name_from="value",
    description="What the answer to what a change applies to rests on.",
)  # fmt: skip

Expression = Annotated[
    str, strawberry.argument(description="A rule, such as `MSN 1001-1012 and post MOD-28-004`.")
]


@strawberry.type(description="A rule of effectivity that limits a change.")
class EffectivityRule:
    """A rule of effectivity that limits a change."""

    utcs: str = strawberry.field(description="The rule as a thing.")
    name: str = strawberry.field(description="What people call it.")
    expression: str | None = strawberry.field(description="What it says.")
    effective_on: date | None = strawberry.field(description="The first day it applies.")
    expires_on: date | None = strawberry.field(description="The last day it applies.")
    problem: str | None = strawberry.field(
        description="Why nobody can know what it says; null where it can be read."
    )


@strawberry.type(description="An aircraft or unit, and whether a change applies to it.")
class EffectivityJudged:
    """An aircraft or unit, and whether a change applies to it."""

    utcs: str = strawberry.field(description="The aircraft or unit.")
    kind: Any = strawberry.field(graphql_type=KIND_TYPE, description="Its kind.")
    name: str = strawberry.field(description="What people call it.")
    aircraft: str | None = strawberry.field(
        description="The aircraft that it is or is in; null if it is in none."
    )
    applies: bool | None = strawberry.field(
        description="Whether the change applies; null where the record does not say."
    )
    why: str = strawberry.field(description="The reason, in one sentence.")
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=thing_of, graphql_type=THING_TYPE, description="The thing itself."
    )


@strawberry.type(description="To what a change, or an expression, applies.")
class EffectivityAnswer:
    """To what a change applies."""

    change: str | None = strawberry.field(description="The change; null where a rule was tried.")
    basis: Any = strawberry.field(graphql_type=BASIS, description="What the answer rests on.")
    rules: list[EffectivityRule] = strawberry.field(description="The rules that limit the change.")
    on: date = strawberry.field(description="The day they were held against, UTC.")
    applying: int = strawberry.field(description="How many aircraft and units are selected.")
    excluded: int = strawberry.field(description="How many are not.")
    undecided: int = strawberry.field(description="Of how many the record does not say.")
    unknown: list[str] = strawberry.field(
        description="Names in the rules that name nothing at that time."
    )
    judged: list[EffectivityJudged] = strawberry.field(
        description="One page: what is selected, then what is undecided, then the rest; by id."
    )
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def effectivity(
    info: Info, id: Id, first: First = 100, after: After = None, as_of: AsOf = None,
    known_at: KnownAt = None,
) -> EffectivityAnswer | None:  # fmt: skip
    """To which aircraft and units a change applies."""
    at = Coordinates(as_of, known_at)
    change = await find(info, id, at)
    answer = await question.effectivity(info.context.graph, change, first=first, after=after, at=at)
    return _told(answer, at)


async def effectivity_of(
    info: Info, expression: Expression, first: First = 100, after: After = None,
    as_of: AsOf = None, known_at: KnownAt = None,
) -> EffectivityAnswer | None:  # fmt: skip
    """What a rule that is not recorded would select."""
    at = Coordinates(as_of, known_at)
    answer = await question.what_if(info.context.graph, expression, first=first, after=after, at=at)
    return _told(answer, at)


def _told(answer: question.Effectivity, at: Coordinates) -> EffectivityAnswer:
    return EffectivityAnswer(
        change=str(answer.change) if answer.change else None,
        basis=answer.basis,
        rules=[_rule(rule) for rule in answer.rules],
        on=answer.on,
        applying=answer.applying,
        excluded=answer.excluded,
        undecided=answer.undecided,
        unknown=list(answer.unknown),
        judged=[_judged(one, at) for one in answer.judged],
        next=answer.next,
    )


def _rule(rule: Rule) -> EffectivityRule:
    return EffectivityRule(
        utcs=str(rule.utcs), name=rule.name, expression=rule.expression,
        effective_on=rule.effective_on, expires_on=rule.expires_on, problem=rule.problem,
    )  # fmt: skip


def _judged(one: question.Judged, at: Coordinates) -> EffectivityJudged:
    return EffectivityJudged(
        utcs=str(one.utcs), kind=KIND_TYPE(one.kind), name=one.name,
        aircraft=str(one.aircraft) if one.aircraft else None,
        applies=one.applies, why=one.why, at=at,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        effectivity,
        description="To which aircraft and units a change applies, each with the reason.",
    ),
    strawberry.field(
        effectivity_of, description="What a rule of effectivity that is not recorded would select."
    ),
]
