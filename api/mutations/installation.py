"""Putting units in and taking them out: `install` and `remove`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.mutations.compliance import DryRun, RuleRefusal, refusals_told
from api.mutations.outcome import Outcome, told
from api.queries.asked import Info, as_decimal, find
from api.queries.compliance import LifePoint, life_told
from graph.flows import installation as flow
from graph.model.identifier import Utcs
from graph.model.product import SerialCondition
from graph.model.time import Coordinates

_NOW: Final = Coordinates()

Unit = Annotated[str, strawberry.argument(description="The unit, by any id.")]
Into = Annotated[
    str, strawberry.argument(description="The aircraft or assembly that has the slot, by any id.")
]
OutOf = Annotated[
    str,
    strawberry.argument(
        name="from", description="The aircraft or assembly that has the slot, by any id."
    ),
]
Slot = Annotated[str, strawberry.argument(description="The slot, such as `BRAKE-2`.")]
At = Annotated[
    datetime | None, strawberry.argument(description="When it was done; now unless given.")
]
Order = Annotated[
    str | None,
    strawberry.argument(description="The work order it was done under, still in work, by any id."),
]
Approval = Annotated[
    str | None,
    strawberry.argument(
        description="What allows a part number that nothing else allows there: a modification, "
        "supplemental type certificate, change order, or nonconformance report with a concession."
    ),
]
TotalFh = Annotated[
    float | None,
    strawberry.argument(description="Flight hours of the aircraft since new, as read then."),
]
TotalFc = Annotated[
    float | None,
    strawberry.argument(description="Flight cycles of the aircraft since new, as read then."),
]
Condition = Annotated[
    Any,
    strawberry.argument(
        graphql_type=property_enums()[SerialCondition.__name__] | None,
        description="What state it is in: serviceable, unserviceable (unless given) or beyond_repair.",
    ),
]


@strawberry.type(description="What is recorded of a unit put in or taken out, or why it is not.")
class UnitMove:
    """What is recorded of a unit put in or taken out."""

    unit: str = strawberry.field(description="The unit.")
    carrier: str = strawberry.field(description="The aircraft or assembly that has the slot.")
    slot: str = strawberry.field(description="The slot.")
    aircraft: str | None = strawberry.field(
        description="The aircraft that this is or is in; null if it is in none."
    )
    position: str = strawberry.field(description="The slots from the outermost unit down to it.")
    at: datetime = strawberry.field(description="When.")
    rests_on: str | None = strawberry.field(
        description="What allows the part number there; null of a removal, and where nothing does."
    )
    life: LifePoint = strawberry.field(description="The counters of the unit then.")
    refusals: list[RuleRefusal] = strawberry.field(
        description="Why it cannot be recorded; all has to be settled first."
    )
    warnings: list[str] = strawberry.field(description="What may surprise.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:installation`: `correct` takes it back."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of it; null if it was only tried or is refused. `outdated` or "
        "`too_many` where somebody else was faster."
    )


async def install(
    info: Info, unit: Unit, into: Into, slot: Slot, at: At = None, work_order: Order = None,
    approval: Approval = None, total_fh: TotalFh = None, total_fc: TotalFc = None,
    dry_run: DryRun = False,
) -> UnitMove | None:  # fmt: skip
    """Records that a unit was put into a slot."""
    claim = flow.Installing(
        unit=await find(info, unit, _NOW), into=await find(info, into, _NOW), slot=slot, at=at,
        work_order=await _named(info, work_order), approval=await _named(info, approval),
        total_fh=as_decimal(total_fh), total_fc=as_decimal(total_fc),
    )  # fmt: skip
    made = await flow.install(info.context.graph, info.context.principal, claim, dry_run=dry_run)
    return _told(made)


async def remove(
    info: Info, unit: Unit, out_of: OutOf, slot: Slot, at: At = None, work_order: Order = None,
    reason: Annotated[
        str | None, strawberry.argument(description="Why; it is kept with the work order.")
    ] = None,
    is_scheduled: Annotated[
        bool | None,
        strawberry.argument(description="Whether that was planned; kept with the work order."),
    ] = None,
    condition: Condition = None,
    to: Annotated[
        str | None,
        strawberry.argument(description="The facility where it lies from then on, by any id."),
    ] = None,
    total_fh: TotalFh = None, total_fc: TotalFc = None, dry_run: DryRun = False,
) -> UnitMove | None:  # fmt: skip
    """Records that a unit was taken out of its slot."""
    claim = flow.Removing(
        unit=await find(info, unit, _NOW), out_of=await find(info, out_of, _NOW), slot=slot, at=at,
        work_order=await _named(info, work_order), reason=reason, is_scheduled=is_scheduled,
        condition=SerialCondition(condition.value) if condition else SerialCondition.UNSERVICEABLE,
        to=await _named(info, to), total_fh=as_decimal(total_fh), total_fc=as_decimal(total_fc),
    )  # fmt: skip
    made = await flow.remove(info.context.graph, info.context.principal, claim, dry_run=dry_run)
    return _told(made)


async def _named(info: Info, text: str | None) -> Utcs | None:
    return None if text is None else await find(info, text, _NOW)


def _told(made: flow.UnitMove) -> UnitMove:
    return UnitMove(
        unit=str(made.unit), carrier=str(made.carrier), slot=made.slot,
        aircraft=None if made.aircraft is None else str(made.aircraft), position=made.position,
        at=made.at, rests_on=made.rests_on, life=life_told(made.life),
        refusals=refusals_told(made.refusals),
        warnings=list(made.warnings), event=made.event,
        outcome=told(made.outcome) if made.outcome else None,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        install,
        description="Records that a unit was put into a slot of an aircraft or assembly, if the rules of "
        "attachment allow it there; refused with every rule that is broken.",
    ),
    strawberry.field(
        remove,
        description="Records that a unit was taken out of the slot that it was in; refused with every "
        "rule that is broken.",
    ),
]
