"""As designed, as planned, as built, as maintained: `reconciliation`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import THING_TYPE, After, AsOf, First, Id, Info, KnownAt, find
from api.reference import ThingRef
from graph.model.reconciliation import Verdict
from graph.model.time import Coordinates
from graph.store import reconcile

VERDICT: Final[Any] = strawberry.enum(
    Verdict, name="PlaceVerdict", graphql_name_from="value",
    description="How what is in a place stands to what is called for there.",
)  # fmt: skip


def _thing(root: Any) -> ThingRef | None:
    """The unit, fetched together with all others of the answer."""
    return None if root.unit is None else ThingRef(root.unit, root.at)


@strawberry.type(description="What one side says of a place.")
class PlaceCell:
    """What one side says of a place."""

    verdict: Any = strawberry.field(
        graphql_type=VERDICT, description="How it stands to what was designed and allowed then."
    )
    unit: str | None = strawberry.field(description="The unit that is there; null if none is.")
    part: str | None = strawberry.field(description="Its part number, as printed.")
    why: str = strawberry.field(description="What the verdict rests on; empty where as designed.")
    at: strawberry.Private[Coordinates]

    thing: Any = strawberry.field(
        resolver=_thing, graphql_type=THING_TYPE, description="The unit itself."
    )


@strawberry.type(description="One place of an aircraft or assembly, on all four sides.")
class ReconciledPlace:
    """One place, on all four sides."""

    position: str = strawberry.field(description="The slots down to it, joined by points.")
    find: str = strawberry.field(description="The find numbers of the line that calls for it.")
    designed: str | None = strawberry.field(description="The part number that is called for.")
    planned: str | None = strawberry.field(
        description="The one that the bill of the ordered part called for when the order began."
    )
    built: PlaceCell | None = strawberry.field(description="What was there at delivery.")
    maintained: PlaceCell | None = strawberry.field(description="What is there.")
    fault: bool = strawberry.field(description="Whether what is there, or is not, is not allowed.")
    exchanged: bool = strawberry.field(description="Whether another unit was there at delivery.")
    moved_to: str | None = strawberry.field(
        description="Where the unit of delivery is now, if elsewhere in the same aircraft."
    )


@strawberry.type(description="How many places have a verdict.")
class VerdictCount:
    """How many places have a verdict."""

    verdict: Any = strawberry.field(graphql_type=VERDICT, description="The verdict.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="One page of the places of an aircraft or assembly, in their order.")
class Reconciliation:
    """One page of the places of an aircraft or assembly."""

    utcs: str = strawberry.field(description="The aircraft or assembly.")
    part: str = strawberry.field(description="Its part number, as printed.")
    planned_at: datetime | None = strawberry.field(description="When its production order began.")
    built_at: datetime | None = strawberry.field(
        description="When it was delivered, or what its baseline as built shows."
    )
    maintained_at: datetime = strawberry.field(description="The time that is asked about.")
    places: int = strawberry.field(description="How many places there are in all.")
    built: list[VerdictCount] = strawberry.field(
        description="How many have each verdict, as built."
    )
    maintained: list[VerdictCount] = strawberry.field(
        description="How many have each, as maintained."
    )
    exchanged: int = strawberry.field(description="How many have another unit than at delivery.")
    left_out: int = strawberry.field(
        description="How many lines of its bills do not apply to it now, by their effectivity."
    )
    rows: list[ReconciledPlace] = strawberry.field(description="The page.")
    complete: bool = strawberry.field(description="Whether everything could be told.")
    notes: list[str] = strawberry.field(description="What could not be told, and why.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def reconciliation(
    info: Info,
    id: Id,
    differing: Annotated[
        bool, strawberry.argument(description="Only places on which sides are not of one mind.")
    ] = True,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Reconciliation | None:
    """What is in each place against what belongs there."""
    at = Coordinates(as_of, known_at)
    found = await reconcile.reconcile(
        info.context.graph, await find(info, id, at),
        differing=differing, first=first, after=after, at=at,
    )  # fmt: skip
    return Reconciliation(
        utcs=str(found.utcs), part=found.part, planned_at=found.planned_at,
        built_at=found.built_at, maintained_at=found.maintained_at, places=found.places,
        built=_counts(found.built), maintained=_counts(found.maintained), exchanged=found.exchanged,
        left_out=found.left_out,
        rows=[_row(row, found, at) for row in found.rows],
        complete=found.is_complete, notes=list(found.notes), next=found.next,
    )  # fmt: skip


def _row(row: reconcile.Row, found: reconcile.Reconciliation, at: Coordinates) -> ReconciledPlace:
    return ReconciledPlace(
        position=row.position, find=row.find, designed=row.designed, planned=row.planned,
        built=_cell(row.built, Coordinates(found.built_at, at.known_at)),
        maintained=_cell(row.maintained, at),
        fault=row.is_fault, exchanged=row.exchanged, moved_to=row.moved_to,
    )  # fmt: skip


def _cell(cell: reconcile.Cell | None, at: Coordinates) -> PlaceCell | None:
    if cell is None:
        return None
    unit = None if cell.unit is None else str(cell.unit)
    return PlaceCell(verdict=cell.verdict, unit=unit, part=cell.part, why=cell.why, at=at)


def _counts(counts: Mapping[Verdict, int]) -> list[VerdictCount]:
    return [VerdictCount(verdict=verdict, count=count) for verdict, count in counts.items()]


FIELDS: Final[list[Any]] = [
    strawberry.field(
        reconciliation,
        description="As designed, as planned, as built and as maintained, place by place: each side "
        "judged by what was designed and allowed at its own time.",
    ),
]
