"""Configuration: `defineEffectivity`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Outcome, told
from api.mutations.quality import DryRun
from api.queries.asked import Id, Info, find
from api.queries.effectivity import Expression
from graph.flows import effectivity as flow
from graph.model.time import Coordinates

_NOW: Final = Coordinates()


@strawberry.type(description="What defining a rule of effectivity will do or has done.")
class EffectivityDefinition:
    """What defining a rule will do or has done."""

    change: str = strawberry.field(description="The change.")
    rule: str = strawberry.field(description="The rule, new or revised.")
    expression: str = strawberry.field(description="What it will say, in its one way of writing.")
    was: str | None = strawberry.field(description="What it said before; null if it is new.")
    applying: int = strawberry.field(
        description="How many aircraft and units the rule selects now, whatever days limit it."
    )
    undecided: int = strawberry.field(description="Of how many the record does not say.")
    total: int = strawberry.field(description="How many were looked at.")
    joining: list[str] = strawberry.field(
        description="What is selected and was not, or not for certain."
    )
    leaving: list[str] = strawberry.field(
        description="What was selected and is no more, or not for certain."
    )
    selects: list[str] = strawberry.field(description="What the rule names.")
    conflicts: list[str] = strawberry.field(
        description="Why it cannot be done; all has to be settled first."
    )
    doubts: list[str] = strawberry.field(
        description="What is among the conflicts unless it is accepted."
    )
    warnings: list[str] = strawberry.field(description="What may surprise.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:effectivity`: `correct` undoes it."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of it; null if it was only planned or has conflicts."
    )


async def define_effectivity(
    info: Info,
    change: Id,
    expression: Expression,
    rule: Annotated[
        str | None,
        strawberry.argument(description="Which rule, where several limit the change."),
    ] = None,
    explanation: Annotated[
        str | None, strawberry.argument(description="The rule in plain words.")
    ] = None,
    effective_on: Annotated[
        date | None,
        strawberry.argument(description="The first day it applies; as recorded unless given."),
    ] = None,
    expires_on: Annotated[
        date | None,
        strawberry.argument(description="The last day it applies; as recorded unless given."),
    ] = None,
    accept: Annotated[
        bool,
        strawberry.argument(
            description="Whether it may select nothing or everything, or be shared with other changes."
        ),
    ] = False,
    dry_run: DryRun = True,
) -> EffectivityDefinition | None:
    """States to what a change applies."""
    made = await flow.define(
        info.context.graph, info.context.principal, await find(info, change, _NOW), expression,
        rule=None if rule is None else await find(info, rule, _NOW), explanation=explanation,
        effective_on=effective_on, expires_on=expires_on, accept=accept, dry_run=dry_run,
    )  # fmt: skip
    return EffectivityDefinition(
        change=str(made.change), rule=str(made.rule), expression=made.expression, was=made.was,
        applying=made.applying, undecided=made.undecided, total=made.total,
        joining=[str(one) for one in made.joining], leaving=[str(one) for one in made.leaving],
        selects=[str(one) for one in made.selects], conflicts=list(made.conflicts),
        doubts=list(made.doubts), warnings=list(made.warnings), event=made.event,
        outcome=told(made.outcome) if made.outcome else None,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        define_effectivity,
        description="States to what a change applies, by one event; done if it is no dry run.",
    ),
]
