"""Master data: `cleanse`, `merge`, `notDuplicate`, `scoreSources`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Outcome, told
from api.plain import plain
from api.queries.asked import After, First, Id, Info, as_float, find
from api.queries.quality import Kind, Rules
from api.scalars import JSON
from graph.flows import cleanse as cleansing
from graph.flows import distinguish, merge, score
from graph.model.survivorship import Choice, Side
from graph.model.time import Coordinates

DryRun = Annotated[bool, strawberry.argument(description="Whether to tell only what would happen.")]
_NOW: Final = Coordinates()


SIDE: Final[Any] = strawberry.enum(
    Side, name="MergeSide", graphql_name_from="value", description="One of two records of a thing."
)


@strawberry.input(description="Whose value of a property shall survive.")
class Preference:
    """Whose value of a property shall survive."""

    field: str = strawberry.field(
        description="The property, as in events: `mass_kg`, `extra.colour`."
    )
    side: Any = strawberry.field(graphql_type=SIDE, description="Whose value.")


@strawberry.type(description="A property that a rule would change.")
class ProposedChange:
    """A property that a rule would change."""

    field: str = strawberry.field(description="The property.")
    old: JSON | None = strawberry.field(description="What stands there.")
    new: JSON | None = strawberry.field(description="What the rule would put there.")
    rule: str = strawberry.field(description="The rule.")
    why: str = strawberry.field(description="What it finds, and where the new value is from.")


@strawberry.type(description="What would change, or has changed, of one thing.")
class Proposal:
    """What would change of one thing."""

    utcs: str = strawberry.field(description="The thing.")
    changes: list[ProposedChange] = strawberry.field(description="The changes.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:quality`: `correct` undoes it."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of it; null if only proposed."
    )


@strawberry.type(description="One page of proposals, in the order of ids.")
class Cleansing:
    """One page of proposals."""

    proposals: list[Proposal] = strawberry.field(description="The proposals.")
    examined: int = strawberry.field(description="How many things were looked at.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="What was decided about a property that two records say differently.")
class MergeChoice:
    """What was decided about a property."""

    field: str = strawberry.field(description="The property.")
    survivor: JSON | None = strawberry.field(description="What the survivor says.")
    duplicate: JSON | None = strawberry.field(description="What the duplicate says.")
    value: JSON | None = strawberry.field(description="What will be said from now on.")
    why: str = strawberry.field(description="The reason.")


@strawberry.type(description="What becomes of a link of the duplicate.")
class MergeMove:
    """What becomes of a link of the duplicate."""

    reads: str = strawberry.field(description="The link as read from the duplicate.")
    utcs: str = strawberry.field(description="What stands at its other end.")
    slot: str | None = strawberry.field(description="Its slot.")
    kept: bool = strawberry.field(
        description="Whether the survivor gets it; else it has it, or is at its other end."
    )


@strawberry.type(description="What a merge will do or has done.")
class Merge:
    """What a merge will do or has done."""

    survivor: str = strawberry.field(description="The record that stays.")
    duplicate: str = strawberry.field(description="The record that goes.")
    at: datetime = strawberry.field(description="From when on they are one.")
    choices: list[MergeChoice] = strawberry.field(description="What survives, and why.")
    moves: list[MergeMove] = strawberry.field(description="What becomes of the links.")
    conflicts: list[str] = strawberry.field(
        description="Why it cannot be done; all has to be settled first."
    )
    warnings: list[str] = strawberry.field(description="What may surprise.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:quality`: `correct` undoes it."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of it; null if it was only planned or has conflicts."
    )


@strawberry.type(description="The score of a source.")
class Score:
    """The score of a source."""

    uri: str = strawberry.field(description="What its events carry as their source.")
    utcs: str | None = strawberry.field(
        description="The source; null where no thing, or more than one, has that uri."
    )
    percent: float | None = strawberry.field(description="From 0 to 100; null if nothing tells it.")
    counts: JSON = strawberry.field(description="What it was computed from.")
    outcome: Outcome | None = strawberry.field(
        description="What became of the event; null where there was nothing new to state."
    )


async def cleanse(
    info: Info,
    kind: Kind,
    rules: Rules = None,
    things: Annotated[
        list[str] | None, strawberry.argument(description="Only these things; of all unless given.")
    ] = None,
    first: First = 100,
    after: After = None,
    dry_run: DryRun = True,
) -> Cleansing | None:
    """What rules would change of things of a kind, or have changed."""
    named = None if things is None else [await find(info, one, _NOW) for one in things]
    page = await cleansing.cleanse(
        info.context.graph, info.context.principal, kind.value,
        rules=rules, things=named, first=first, after=after, dry_run=dry_run,
    )  # fmt: skip
    proposals = [
        Proposal(
            utcs=str(one.utcs),
            changes=[_change(change) for change in one.changes],
            event=one.event,
            outcome=told(one.outcome) if one.outcome else None,
        )
        for one in page.proposals
    ]
    return Cleansing(proposals=proposals, examined=page.examined, next=page.next)


async def merge_things(
    info: Info,
    survivor: Id,
    duplicate: Id,
    reason: Annotated[str, strawberry.argument(description="Why they are one thing.")],
    prefer: Annotated[
        list[Preference] | None,
        strawberry.argument(description="Whose value shall survive, against the rules."),
    ] = None,
    dry_run: DryRun = True,
) -> Merge | None:
    """Makes two records of one thing one."""
    wanted = {one.field: one.side for one in prefer or ()}
    made = await merge.merge(
        info.context.graph, info.context.principal,
        await find(info, survivor, _NOW), await find(info, duplicate, _NOW),
        reason=reason, prefer=wanted, dry_run=dry_run,
    )  # fmt: skip
    return Merge(
        survivor=str(made.survivor),
        duplicate=str(made.duplicate),
        at=made.at,
        choices=[_choice(choice) for choice in made.choices],
        moves=[
            MergeMove(reads=one.reads, utcs=str(one.utcs), slot=one.slot, kept=one.kept)
            for one in made.moves
        ],
        conflicts=list(made.conflicts),
        warnings=list(made.warnings),
        event=made.event,
        outcome=told(made.outcome) if made.outcome else None,
    )


async def not_duplicate(
    info: Info,
    first: Id,
    second: Id,
    reason: Annotated[str, strawberry.argument(description="Why they are not one thing.")],
) -> Outcome | None:
    """States that two things are not one."""
    one, other = await find(info, first, _NOW), await find(info, second, _NOW)
    return told(
        await distinguish.distinguish(
            info.context.graph, info.context.principal, one, other, reason=reason
        )
    )


async def score_sources(info: Info) -> list[Score] | None:
    """Scores every source, and states the scores."""
    scores = await score.score_sources(info.context.graph, info.context.principal)
    return [
        Score(
            uri=one.uri,
            utcs=str(one.utcs) if one.utcs else None,
            percent=as_float(one.percent),
            counts=JSON(dict(one.counts)),
            outcome=told(one.outcome) if one.outcome else None,
        )
        for one in scores
    ]


def _change(change: cleansing.Change) -> ProposedChange:
    old, new = JSON(plain(change.old)), JSON(plain(change.new))
    return ProposedChange(field=change.field, old=old, new=new, rule=change.rule, why=change.why)


def _choice(choice: Choice) -> MergeChoice:
    return MergeChoice(
        field=choice.field,
        survivor=JSON(choice.survivor),
        duplicate=JSON(choice.duplicate),
        value=JSON(choice.value),
        why=choice.why,
    )


FIELDS: Final[list[Any]] = [
    strawberry.field(
        cleanse,
        description="What rules that cleanse and enrich would change; done if it is no dry run.",
    ),
    strawberry.field(
        merge_things,
        name="merge",
        description="Makes two records of one thing one, by one event; done if it is no dry run.",
    ),
    strawberry.field(
        not_duplicate,
        description="States that two things that look alike are not one; it stays so until withdrawn.",
    ),
    strawberry.field(
        score_sources,
        description="Scores every source and states the scores; meant to run once a day.",
    ),
]
