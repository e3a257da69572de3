"""What was done about a change: `comply` and `embody`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Outcome, told
from api.queries.asked import Info, as_decimal, find
from api.queries.compliance import LifePoint, life_told, point_told
from graph.flows import compliance as flow
from graph.model.refusal import Refusal
from graph.model.time import Coordinates

_NOW: Final = Coordinates()

Unit = Annotated[str, strawberry.argument(description="The aircraft or unit, by any id.")]
Change = Annotated[str, strawberry.argument(description="The change, by any id.")]
Order = Annotated[
    str, strawberry.argument(description="The released work order it was done under, by any id.")
]
DoneAt = Annotated[
    datetime | None,
    strawberry.argument(description="When it was done; when the work order ended unless given."),
]
TotalFh = Annotated[
    float | None,
    strawberry.argument(description="Flight hours since new, then; as accrued unless given."),
]
TotalFc = Annotated[
    float | None,
    strawberry.argument(description="Flight cycles since new, then; as accrued unless given."),
]
DryRun = Annotated[bool, strawberry.argument(description="Whether to try only, and write nothing.")]


@strawberry.type(description="Why something cannot be recorded.")
class RuleRefusal:
    """Why something cannot be recorded."""

    rule: str = strawberry.field(description="The rule that refuses it.")
    why: str = strawberry.field(description="What is wrong, and what to do.")


@strawberry.type(description="What is recorded of something done to a unit, or why it is not.")
class Accomplishment:
    """What is recorded of something done to a unit."""

    unit: str = strawberry.field(description="The aircraft or unit.")
    change: str = strawberry.field(description="The change.")
    work_order: str = strawberry.field(description="The work order.")
    done_at: datetime = strawberry.field(description="When it was done.")
    life: LifePoint = strawberry.field(description="The counters of the unit then.")
    next_due: LifePoint | None = strawberry.field(
        description="When it is due again; null is never."
    )
    refusals: list[RuleRefusal] = strawberry.field(
        description="Why it cannot be recorded; all has to be settled first."
    )
    warnings: list[str] = strawberry.field(description="What may surprise.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:compliance`: `correct` takes it back."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of it; null if it was only tried or is refused."
    )


async def comply(
    info: Info, unit: Unit, change: Change, work_order: Order,
    method: Annotated[str, strawberry.argument(description="The method of compliance.")],
    done_at: DoneAt = None, total_fh: TotalFh = None, total_fc: TotalFc = None,
    is_terminating: Annotated[
        bool | None,
        strawberry.argument(description="Whether nothing is due again; as the demand says else."),
    ] = None,
    dry_run: DryRun = False,
) -> Accomplishment | None:  # fmt: skip
    """Records that a unit complies with a directive or bulletin."""
    claim = flow.Claim(
        unit=await find(info, unit, _NOW), change=await find(info, change, _NOW),
        work_order=await find(info, work_order, _NOW), done_at=done_at, method=method,
        is_terminating=is_terminating, total_fh=as_decimal(total_fh), total_fc=as_decimal(total_fc),
    )  # fmt: skip
    made = await flow.comply(info.context.graph, info.context.principal, claim, dry_run=dry_run)
    return _told(made)


async def embody(
    info: Info, unit: Unit, change: Change, work_order: Order, done_at: DoneAt = None,
    total_fh: TotalFh = None, total_fc: TotalFc = None, dry_run: DryRun = False,
) -> Accomplishment | None:  # fmt: skip
    """Records that a change is embodied in a unit."""
    claim = flow.Claim(
        unit=await find(info, unit, _NOW), change=await find(info, change, _NOW),
        work_order=await find(info, work_order, _NOW), done_at=done_at,
        total_fh=as_decimal(total_fh), total_fc=as_decimal(total_fc),
    )  # fmt: skip
    made = await flow.embody(info.context.graph, info.context.principal, claim, dry_run=dry_run)
    return _told(made)


def refusals_told(refusals: Iterable[Refusal]) -> list[RuleRefusal]:
    """Returns why something cannot be recorded."""
    return [RuleRefusal(rule=one.rule, why=one.why) for one in refusals]


def _told(made: flow.Accomplishment) -> Accomplishment:
    return Accomplishment(
        unit=str(made.unit), change=str(made.change), work_order=str(made.work_order),
        done_at=made.done_at, life=life_told(made.life), next_due=point_told(made.next_due),
        refusals=refusals_told(made.refusals),
        warnings=list(made.warnings), event=made.event,
        outcome=told(made.outcome) if made.outcome else None,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        comply,
        description="Records that a unit complies with a directive or bulletin, under a released work "
        "order, and when that is due again; refused with the rule that is broken.",
    ),
    strawberry.field(
        embody,
        description="Records that a bulletin, modification, supplemental type certificate or change order "
        "is embodied in a unit, under a released work order; refused with the rule that is broken.",
    ),
]
