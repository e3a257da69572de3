"""Work orders: `requestWork`, `startWorkOrder` and so on from the table of steps, sign-offs, findings."""

# No postponed annotations here: those of a made function hold types that only it knows.
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.mutations.lifecycle import Says, Signer
from api.mutations.outcome import Outcome, told
from api.mutations.put import read_input, stated_fields, step_input
from api.queries.asked import Id, Info, as_decimal, find
from graph.flows import finding as findings
from graph.flows import work as flow
from graph.model.compliance import Limits
from graph.model.engineering import Priority
from graph.model.maintenance import DeferralCategory, Finding, FindingCategory, FindingSeverity
from graph.model.time import Coordinates
from graph.model.work import STEPS, WorkStep
from graph.model.work_request import Request, read_duration

_NOW: Final = Coordinates()
_KIND: Final = "workorder"

Order = Annotated[str, strawberry.argument(description="The work order, by any id.")]
Found = Annotated[str, strawberry.argument(description="The finding, by any id.")]
At = Annotated[
    datetime | None,
    strawberry.argument(
        description="When; now unless given. It may be over, but not before what was said last."
    ),
]
Amount = Annotated[float | None, strawberry.argument(description="As printed for the item.")]


@strawberry.type(description="A work order that was asked for.")
class RequestedWork:
    """A work order that was asked for."""

    utcs: str = strawberry.field(description="The work order.")
    number: str = strawberry.field(description="Its number.")
    status: str | None = strawberry.field(description="Where it stands.")
    is_new: bool = strawberry.field(
        description="Whether this made it; else it was asked for before, and has not ended."
    )
    outcome: Outcome | None = strawberry.field(
        description="What became of the event; null where nothing was stated."
    )


@strawberry.type(
    description="A step of a work order that was made, or refused because another was faster."
)
class WorkOrderMoved:
    """A step of a work order that was made."""

    utcs: str = strawberry.field(description="The work order.")
    step: str = strawberry.field(description="The step; `sign` for a sign-off ahead of one.")
    state: str = strawberry.field(description="Where the work order stands by it.")
    signer: str = strawberry.field(description="Who signed.")
    at: datetime = strawberry.field(description="Since when it is so.")
    release: str | None = strawberry.field(description="The certificate, where it was released.")
    event: str = strawberry.field(description="The id of the event, of the source `urn:utcs:work`.")
    outcome: Outcome = strawberry.field(
        description="What became of it; `outdated` where another step was made meanwhile."
    )


@strawberry.type(description="What was decided about a finding.")
class FindingDecided:
    """What was decided about a finding."""

    utcs: str = strawberry.field(description="The finding.")
    state: str = strawberry.field(description="Where it stands by it.")
    deferral: str | None = strawberry.field(description="What puts it off, or did.")
    due_at: datetime | None = strawberry.field(description="Until when that holds.")
    signer: str = strawberry.field(description="Who signed.")
    at: datetime = strawberry.field(description="Since when it is so.")
    event: str = strawberry.field(description="The id of the event, of the source `urn:utcs:work`.")
    outcome: Outcome = strawberry.field(
        description="What became of it; `outdated` where something was stated meanwhile."
    )


async def request_work(
    info: Info,
    asset: Annotated[str, strawberry.argument(description="The aircraft or unit, by any id.")],
    maintenance: Annotated[str, strawberry.argument(description="What sort; one line.")],
    due_on: Annotated[date, strawberry.argument(description="The last day; it may be over.")],
    priority: Annotated[
        Any, strawberry.argument(graphql_type=property_enums()["Priority"], description="How soon.")
    ] = Priority.MEDIUM,
    duration: Annotated[
        str | None,
        strawberry.argument(description="How long it is thought to take, such as `4 hours`."),
    ] = None,
) -> RequestedWork | None:
    """Asks for maintenance."""
    hours = None if duration is None else read_duration(duration)
    asked = Request(
        await find(info, asset, _NOW), maintenance, due_on, Priority(priority.value), hours
    )
    made = await flow.request_work(info.context.graph, info.context.principal, asked)
    return RequestedWork(
        utcs=str(made.utcs), number=made.order.number, status=made.order.status,
        is_new=made.is_new, outcome=told(made.outcome) if made.outcome else None,
    )  # fmt: skip


async def sign_work_order(
    info: Info,
    id: Order,
    slot: Annotated[
        str, strawberry.argument(description="The role: performed, inspected, certified, …")
    ],
    signer: Signer,
    at: At = None,
    statement: Says = None,
) -> WorkOrderMoved | None:
    """Signs a work order off in a role that its release asks for."""
    return _moved(await flow.sign_off(
        info.context.graph, info.context.principal, await find(info, id, _NOW), slot,
        signer=await find(info, signer, _NOW), at=at, statement=statement,
    ))  # fmt: skip


async def report_finding(
    info: Info,
    id: Order,
    name: Annotated[str, strawberry.argument(description="What was found; one line.")],
    signer: Signer,
    category: Annotated[
        Any | None,
        strawberry.argument(
            graphql_type=property_enums()["FindingCategory"] | None, description="What sort it is."
        ),
    ] = None,
    severity: Annotated[
        Any | None,
        strawberry.argument(
            graphql_type=property_enums()["FindingSeverity"] | None, description="How bad it is."
        ),
    ] = None,
    about: Annotated[
        str | None,
        strawberry.argument(description="The unit it is about; what is worked on unless given."),
    ] = None,
    at: At = None,
) -> FindingDecided | None:
    """Records something that was found under a work order."""
    said = Finding(
        name=name,
        category=None if category is None else FindingCategory(category.value),
        severity=None if severity is None else FindingSeverity(severity.value),
    )
    return _decided(await findings.report_finding(
        info.context.graph, info.context.principal, await find(info, id, _NOW), said,
        signer=await find(info, signer, _NOW),
        about=None if about is None else await find(info, about, _NOW), at=at,
    ))  # fmt: skip


async def defer_finding(
    info: Info,
    id: Found,
    category: Annotated[
        Any,
        strawberry.argument(
            graphql_type=property_enums()["DeferralCategory"], description="The rule it stands on."
        ),
    ],
    reference: Annotated[
        str, strawberry.argument(description="The MEL or CDL item, or the approval.")
    ],
    reason: Annotated[str, strawberry.argument(description="Why it cannot be mended at once.")],
    signer: Signer,
    restrictions: Annotated[
        str | None, strawberry.argument(description="What may not be done meanwhile.")
    ] = None,
    limit_days: Amount = None,
    limit_fh: Amount = None,
    limit_fc: Amount = None,
    at: At = None,
) -> FindingDecided | None:
    """Puts an open finding off, within limits."""
    terms = findings.Deferring(
        DeferralCategory(category.value), reference, reason, restrictions,
        Limits(as_decimal(limit_fh), as_decimal(limit_fc), as_decimal(limit_days)),
    )  # fmt: skip
    return _decided(await findings.defer_finding(
        info.context.graph, info.context.principal, await find(info, id, _NOW), terms,
        signer=await find(info, signer, _NOW), at=at,
    ))  # fmt: skip


async def extend_deferral(
    info: Info,
    id: Found,
    reason: Annotated[str, strawberry.argument(description="Why it could not be mended in time.")],
    signer: Signer,
    at: At = None,
) -> FindingDecided | None:
    """Lets the deferral of a finding run for its interval once more."""
    return _decided(await findings.extend_deferral(
        info.context.graph, info.context.principal, await find(info, id, _NOW), reason=reason,
        signer=await find(info, signer, _NOW), at=at,
    ))  # fmt: skip


async def rectify_finding(
    info: Info,
    id: Found,
    rectification: Annotated[str, strawberry.argument(description="What was done about it.")],
    signer: Signer,
    at: At = None,
) -> FindingDecided | None:
    """Records what was done about a finding."""
    return _decided(await findings.rectify_finding(
        info.context.graph, info.context.principal, await find(info, id, _NOW),
        rectification=rectification, signer=await find(info, signer, _NOW), at=at,
    ))  # fmt: skip


def _step_field(step: WorkStep) -> Any:
    """Returns the field that makes one step; it takes the properties that the step states, if any."""
    every = stated_fields(_KIND)
    stated = {one: every[one] for one in (*step.needs, *step.takes)}
    made = _plain_step(step) if not stated else _giving_step(step, stated)
    made.__name__ = f"{step.name}_{_KIND}"  # fields are told apart by it
    leaves = " or ".join(sorted(step.sources))
    return strawberry.field(
        made,
        name=f"{step.name}WorkOrder",
        description=f"Takes a work order from {leaves} to {step.target}, signed for {step.duty.name}.",
    )


def _plain_step(step: WorkStep) -> Callable[..., Any]:
    async def move(
        info: Info, id: Id, signer: Signer, at: At = None, statement: Says = None
    ) -> WorkOrderMoved | None:
        return await _advance(info, step, id, signer, at, {}, statement)

    return move


def _giving_step(step: WorkStep, stated: dict[str, Any]) -> Callable[..., Any]:
    field = f"{step.name}WorkOrder"
    inputs = step_input(field, stated, f"What {field} states.")

    async def move(
        info: Info,
        id: Id,
        signer: Signer,
        input: Annotated[
            Any,
            strawberry.argument(graphql_type=inputs | None, description="What the step states."),
        ] = None,
        at: At = None,
        statement: Says = None,
    ) -> WorkOrderMoved | None:
        said = {} if input is None else read_input(input, stated)
        return await _advance(info, step, id, signer, at, said, statement)

    return move


async def _advance(
    info: Info, step: WorkStep, id: str, signer: str, at: datetime | None, said: dict[str, Any],
    says: str | None,
) -> WorkOrderMoved:  # fmt: skip
    return _moved(await flow.advance(
        info.context.graph, info.context.principal, await find(info, id, _NOW), step.name,
        signer=await find(info, signer, _NOW), at=at, given=said, statement=says,
    ))  # fmt: skip


def _moved(made: flow.Stepped) -> WorkOrderMoved:
    return WorkOrderMoved(
        utcs=str(made.utcs), step=made.step, state=made.state, signer=str(made.signer), at=made.at,
        release=None if made.release is None else str(made.release), event=made.event,
        outcome=told(made.outcome),
    )  # fmt: skip


def _decided(made: findings.Decided) -> FindingDecided:
    return FindingDecided(
        utcs=str(made.utcs), state=made.state, signer=str(made.signer), at=made.at,
        deferral=None if made.deferral is None else str(made.deferral), due_at=made.due_at,
        event=made.event, outcome=told(made.outcome),
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        request_work,
        description="Asks for maintenance of an asset; asked for again, the work order is the same as long "
        "as it has not ended.",
    ),
    *(_step_field(step) for step in STEPS.values()),
    strawberry.field(
        sign_work_order,
        description="Signs a work order off in a role that its release asks for, without moving it.",
    ),
    strawberry.field(
        report_finding, description="Records something that was found under a work order, as open."
    ),
    strawberry.field(
        defer_finding,
        description="Puts an open finding off: MEL B for 3, C for 10, D for 120 days at most, others as "
        "printed for the item.",
    ),
    strawberry.field(
        extend_deferral,
        description="Lets the deferral of a finding run for its interval once more; MEL B and C only.",
    ),
    strawberry.field(
        rectify_finding,
        description="Records what was done about a finding; what put it off is closed.",
    ),
]
