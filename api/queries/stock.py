"""Stock: `partStock`, the lots of parts with what is set aside, place by place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.queries.asked import After, AsOf, First, Info, KnownAt, as_float, find
from graph.model.stocking import Level, StockLot
from graph.model.time import Coordinates
from graph.store import stock as store

UNIT: Final[Any] = property_enums()["UnitOfMeasure"]


@strawberry.type(description="How much of a lot is set aside for which work order.")
class StockPromise:
    """How much is set aside for which order."""

    order: str = strawberry.field(description="The order.")
    quantity: float | None = strawberry.field(description="How much; null where nothing says.")


@strawberry.type(description="A lot of stock, and whether it may be used.")
class StockLotStanding:
    """A lot of stock."""

    utcs: str = strawberry.field(description="The lot.")
    place: str | None = strawberry.field(description="Where it lies.")
    bin: str | None = strawberry.field(description="The bin or shelf.")
    quantity: float | None = strawberry.field(description="How much lies there.")
    unit: Any = strawberry.field(graphql_type=UNIT | None, description="What it is counted in.")
    free: float | None = strawberry.field(description="How much is set aside for nobody.")
    batches: list[str] = strawberry.field(description="The numbers of the batches it is from.")
    units: list[str] = strawberry.field(description="The serialised units that it consists of.")
    expires_on: date | None = strawberry.field(
        description="The last day it may be used, as the lot says; its batch may say an earlier one."
    )
    unfit: str | None = strawberry.field(
        description="Why it may not be used on the day that is asked about; null if it may."
    )
    promised: list[StockPromise] = strawberry.field(description="For whom it is set aside.")


@strawberry.type(description="How much of a part lies in one place, counted in one unit.")
class StockLevel:
    """How much of a part lies in one place."""

    place: str | None = strawberry.field(description="The place; null where none is on record.")
    unit: Any = strawberry.field(graphql_type=UNIT | None, description="What it is counted in.")
    on_hand: float | None = strawberry.field(description="All that lies there.")
    usable: float | None = strawberry.field(description="What may be used of it.")
    free: float | None = strawberry.field(
        description="What may be used and is set aside for nobody."
    )
    minimum: float | None = strawberry.field(
        description="With less than this free it is reordered."
    )
    is_below: bool = strawberry.field(description="Whether less is free than the minimum.")


@strawberry.type(description="The stock of one part number.")
class PartStock:
    """The stock of one part number."""

    part: str = strawberry.field(description="The part.")
    number: str = strawberry.field(description="Its part number.")
    name: str = strawberry.field(description="What people call it.")
    levels: list[StockLevel] = strawberry.field(description="How much there is, place by place.")
    lots: list[StockLotStanding] = strawberry.field(
        description="The lots in which something lies, what expires first first."
    )
    alternates: list[str] = strawberry.field(
        description="The part numbers that are approved to stand in for it."
    )
    cut: str | None = strawberry.field(description="What was left out; null if nothing was.")


@strawberry.type(
    description="One page of parts of which there is or was stock, in the order of ids."
)
class PartStockPage:
    """One page of parts with their stock."""

    parts: list[PartStock] = strawberry.field(description="The parts.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


async def part_stock(
    info: Info,
    part: Annotated[
        str | None, strawberry.argument(description="Only this part, by any id.")
    ] = None,
    place: Annotated[
        str | None, strawberry.argument(description="Only what lies in this facility, by any id.")
    ] = None,
    first: First = 100,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> PartStockPage | None:
    """A page of parts with their stock."""
    at = Coordinates(as_of, known_at)
    page = await store.find_stock(
        info.context.graph,
        part=None if part is None else await find(info, part, at),
        place=None if place is None else await find(info, place, at),
        first=first, after=after, at=at,
    )  # fmt: skip
    return PartStockPage(parts=[_part(one) for one in page.parts], next=page.next)


def _part(one: store.PartStock) -> PartStock:
    return PartStock(
        part=str(one.utcs), number=one.part.number, name=one.part.name,
        levels=[_level(level) for level in one.levels], lots=[_lot(lot) for lot in one.lots],
        alternates=[str(utcs) for utcs in one.alternates], cut=one.cut,
    )  # fmt: skip


def _level(one: Level) -> StockLevel:
    return StockLevel(
        place=None if one.place is None else str(one.place), unit=one.unit,
        on_hand=as_float(one.on_hand), usable=as_float(one.usable), free=as_float(one.free),
        minimum=as_float(one.minimum), is_below=one.is_below,
    )  # fmt: skip


def _lot(one: StockLot) -> StockLotStanding:
    said = one.lot.stock
    return StockLotStanding(
        utcs=str(one.lot.utcs), place=None if one.place is None else str(one.place), bin=said.bin,
        quantity=as_float(said.quantity), unit=said.unit_of_measure,
        free=as_float(one.lot.unpromised),
        batches=[batch.number or batch.name for batch in one.lot.batches],
        units=[str(unit) for unit in one.units], expires_on=said.expires_on, unfit=one.why,
        promised=[
            StockPromise(order=str(order), quantity=as_float(much))
            for order, much in one.lot.promised.items()
        ],
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        part_stock,
        description="Parts with their stock, in the order of ids: lots with shelf life and papers, what is "
        "set aside for whom, and where less is free than the minimum.",
    )
]
