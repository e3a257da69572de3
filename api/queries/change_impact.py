"""What a change asks of maintenance: `changeImpact` and `rehearseChange`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import AsOf, First, Id, Info, KnownAt, find
from api.scalars import JSON
from graph.flows.rehearse_change import rehearse_change as rehearse
from graph.model import change_cost, change_scope
from graph.model.time import Coordinates
from graph.store import change_impact as impacts

_NOW: Final = Coordinates()


@strawberry.type(description="Why a thing is touched.")
class TouchReason:
    """Why a thing is touched."""

    link: str = strawberry.field(
        description="The link, or `PROPOSED` where only the proposal says so."
    )
    utcs: str = strawberry.field(description="What it leads to.")


@strawberry.type(description="A thing that a change touches.")
class Touched:
    """A thing that a change touches."""

    utcs: str = strawberry.field(description="The thing.")
    name: str = strawberry.field(description="What people call it.")
    effect: str = strawberry.field(
        description="`revise`; `new`: it comes with the change; `withdrawn`: the change ends it."
    )
    reasons: list[TouchReason] = strawberry.field(description="Why.")


@strawberry.type(description="A part number, and the one that takes its place.")
class PartReplacement:
    """A part number, and the one that takes its place."""

    old: str = strawberry.field(description="The one whose place is taken.")
    new: str = strawberry.field(description="The one that takes it.")
    new_name: str | None = strawberry.field(description="What people call the new one.")
    unit_cost_eur: float | None = strawberry.field(description="What one costs; null if unknown.")
    lead_time_days: float | None = strawberry.field(
        description="How long a new one takes to come; null if unknown."
    )


@strawberry.type(description="Stock of a part number that a change is about.")
class TouchedStock:
    """Stock of a part number that a change is about."""

    utcs: str = strawberry.field(description="The stock.")
    part: str = strawberry.field(description="The part number.")
    quantity: float | None = strawberry.field(description="How much lies there.")
    reserved_quantity: float | None = strawberry.field(description="How much of it is promised.")
    value_eur: float | None = strawberry.field(
        description="Quantity times the cost of one; null if either is unknown."
    )
    disposition: str | None = strawberry.field(
        description="What happens to it; null if nothing says so."
    )
    is_useless: bool | None = strawberry.field(
        description="Whether it is lost by that; null if nothing says so."
    )
    reserved_by: list[str] = strawberry.field(description="The work that it is set aside for.")


@strawberry.type(description="A unit of a part number that a change is about.")
class TouchedUnit:
    """A unit of a part number that a change is about."""

    utcs: str = strawberry.field(description="The unit.")
    part: str = strawberry.field(description="Its part number.")
    status: str | None = strawberry.field(description="What is being done with it.")
    is_installed: bool = strawberry.field(description="Whether it is installed in something.")
    aircraft: str | None = strawberry.field(description="The aircraft that it is in.")


@strawberry.type(description="An aircraft that has units which a change is about.")
class TouchedAircraft:
    """An aircraft that has units which a change is about."""

    utcs: str = strawberry.field(description="The aircraft.")
    units: int = strawberry.field(description="How many of the units listed it has.")


@strawberry.type(description="One figure of what a change costs.")
class ChangeCost:
    """One figure of what a change costs."""

    what: str = strawberry.field(description="What it is for.")
    amount: float = strawberry.field(description="How much.")
    unit: str = strawberry.field(description="Of what: EUR, or h of labour.")
    basis: str = strawberry.field(description="What it is worked out from.")


@strawberry.type(description="What a change touches, and what it costs as far as the record says.")
class ChangeImpact:
    """What a change touches."""

    utcs: str = strawberry.field(description="The change.")
    changes: list[str] = strawberry.field(
        description="The change, with what it carries out and what carries it out."
    )
    subjects: list[Touched] = strawberry.field(
        description="What it is about: what it alters, names, and takes the place of."
    )
    tasks: list[Touched] = strawberry.field(description="Tasks of the maintenance programme.")
    publications: list[Touched] = strawberry.field(description="Publications and documents.")
    training: list[Touched] = strawberry.field(description="Training.")
    tools: list[Touched] = strawberry.field(description="Tools.")
    replacements: list[PartReplacement] = strawberry.field(description="Part numbers replaced.")
    stock: list[TouchedStock] = strawberry.field(description="Stock of these part numbers.")
    orders: list[Touched] = strawberry.field(description="Production orders that are not done.")
    units: list[TouchedUnit] = strawberry.field(description="Units of these part numbers.")
    units_total: int = strawberry.field(description="How many units there are.")
    aircraft: list[TouchedAircraft] = strawberry.field(description="Aircraft that have any.")
    costs: list[ChangeCost] = strawberry.field(description="What it costs, figure by figure.")
    unknown: list[str] = strawberry.field(
        description="What could not be worked out; it counts in no figure."
    )
    complete: bool = strawberry.field(description="Whether nothing was left out.")
    cut: str | None = strawberry.field(description="What was left out, and why.")


@strawberry.input(description="A part number that is to take the place of another.")
class ReplacementInput:
    """A part number that is to take the place of another."""

    old: str = strawberry.field(description="The one whose place is to be taken.")
    new: str = strawberry.field(description="The one that is to take it.")


@strawberry.type(description="What a change request would do, if it were carried out as proposed.")
class ChangeRehearsal:
    """What a change request would do."""

    utcs: str = strawberry.field(description="The request.")
    objections: list[str] = strawberry.field(
        description="Why what is proposed could not be taken as it stands."
    )
    impact: ChangeImpact = strawberry.field(description="What it would touch.")


async def change_impact(
    info: Info, id: Id, first: First = 1000, as_of: AsOf = None, known_at: KnownAt = None
) -> ChangeImpact | None:
    """What a change asks of maintenance."""
    at = Coordinates(as_of, known_at)
    found = await impacts.find_change_impact(
        info.context.graph, await find(info, id, at), first=first, at=at
    )
    return _told(found)


async def rehearse_change(
    info: Info,
    id: Id,
    replacements: Annotated[
        list[ReplacementInput] | None,
        strawberry.argument(description="Part numbers that are to be replaced."),
    ] = None,
    proposal: Annotated[
        JSON | None,
        strawberry.argument(description="What else would be stated, as an event; it is not sent."),
    ] = None,
    first: First = 1000,
) -> ChangeRehearsal | None:
    """What a change request would touch; nothing is written."""
    pairs = [
        (await find(info, one.old, _NOW), await find(info, one.new, _NOW))
        for one in replacements or ()
    ]
    made = await rehearse(
        info.context.graph, info.context.principal, await find(info, id, _NOW),
        replacements=pairs, proposal=proposal, first=first,  # type: ignore[arg-type]  # it refuses what is no object
    )  # fmt: skip
    return ChangeRehearsal(
        utcs=str(made.utcs), objections=list(made.objections), impact=_told(made.impact)
    )


def _told(found: impacts.ChangeImpact) -> ChangeImpact:
    return ChangeImpact(
        utcs=str(found.utcs),
        changes=list(map(str, found.changes)),
        subjects=list(map(_touched, found.subjects)),
        tasks=list(map(_touched, found.tasks)),
        publications=list(map(_touched, found.publications)),
        training=list(map(_touched, found.training)),
        tools=list(map(_touched, found.tools)),
        replacements=[PartReplacement(**_numbers(one)) for one in found.replacements],
        stock=[TouchedStock(**_numbers(one)) for one in found.stock],
        orders=list(map(_touched, found.orders)),
        units=[TouchedUnit(**plain(one)) for one in found.units],
        units_total=found.units_total,
        aircraft=[TouchedAircraft(utcs=str(utcs), units=n) for utcs, n in found.aircraft],
        costs=[ChangeCost(**_numbers(one)) for one in found.costing.costs],
        unknown=list(found.costing.unknown),
        complete=found.complete,
        cut=found.cut,
    )


def _touched(one: change_scope.Touched) -> Touched:
    reasons = [TouchReason(link=reason.link, utcs=str(reason.utcs)) for reason in one.reasons]
    return Touched(utcs=str(one.utcs), name=one.name, effect=one.effect, reasons=reasons)


def _numbers(
    one: change_scope.Replacement | impacts.TouchedStock | change_cost.Cost,
) -> dict[str, Any]:
    """Returns the fields of an answer as GraphQL tells them, its decimals as floats."""
    told: dict[str, Any] = plain(one)
    return {
        name: float(value) if isinstance(getattr(one, name), Decimal) else value
        for name, value in told.items()
    }


FIELDS: Final[list[Any]] = [
    strawberry.field(
        change_impact,
        description="What a change asks of maintenance: tasks, publications, spares, units, tools, "
        "training; with what it costs as far as the record says.",
    ),
    strawberry.field(
        rehearse_change,
        description="What a change request would touch if it were carried out as proposed, and what "
        "would speak against it. Nothing is written.",
    ),
]
