"""Stock: `receiveStock`, `reserveStock`, `cancelReservation`, `issueStock`, `returnStock`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

import strawberry

from api.filters import property_enums
from api.queries.asked import Info, as_decimal, as_float, find
from api.queries.stock import UNIT
from graph.flows import stock as flow
from graph.flows.receipt import receive
from graph.flows.submit import Principal
from graph.model.maintenance import ReleaseForm
from graph.model.product import SerialCondition, UnitOfMeasure
from graph.model.stocking import Receipt
from graph.model.time import Coordinates
from graph.store.database import Graph

_NOW: Final = Coordinates()

Order = Annotated[str, strawberry.argument(description="The work order, by any id.")]
Thing = Annotated[
    str,
    strawberry.argument(
        description="A part number, a batch, a lot, or a unit in stock, by any id."
    ),
]
Quantity = Annotated[float, strawberry.argument(description="How much.")]
Unit = Annotated[
    Any,
    strawberry.argument(
        graphql_type=UNIT | None,
        description="What that is counted in; as the stock is counted unless given. Nothing is converted.",
    ),
]
At = Annotated[datetime | None, strawberry.argument(description="When; now unless given.")]


@strawberry.input(description="Something that came in, as its papers say.")
class StockReceipt:
    """Something that came in."""

    number: str = strawberry.field(description="The number of the receipt; it names the lot.")
    part: str = strawberry.field(description="The part number, by any id.")
    quantity: float = strawberry.field(description="How much.")
    place: str = strawberry.field(description="The facility where it lies, by any id.")
    unit: Any = strawberry.field(
        default=None, graphql_type=UNIT | None,
        description="What it is counted in; as the part number says unless given.",
    )  # fmt: skip
    certificate: str | None = strawberry.field(
        default=None, description="The number of its certificate."
    )
    form: Any = strawberry.field(
        default=None, graphql_type=property_enums()["ReleaseForm"] | None,
        description="Which certificate that is: `easa_form_1` or `faa_8130_3`.",
    )  # fmt: skip
    organisation: str | None = strawberry.field(default=None, description="Who issued it.")
    issued_on: date | None = strawberry.field(default=None, description="The day it was issued.")
    batch: str | None = strawberry.field(default=None, description="The maker's batch number.")
    serial: str | None = strawberry.field(
        default=None, description="The unit, by any id, where the part number is serialised."
    )
    manufactured_on: date | None = strawberry.field(
        default=None, description="The day it was made."
    )
    expires_on: date | None = strawberry.field(
        default=None,
        description="The last day it may be used; counted from the day it was made unless given.",
    )
    condition: Any = strawberry.field(
        default=None, graphql_type=property_enums()["SerialCondition"] | None,
        description="What state it is in; `new` unless given.",
    )  # fmt: skip
    bin: str | None = strawberry.field(default=None, description="The bin or shelf.")
    owner: str | None = strawberry.field(default=None, description="Who owns it.")
    minimum: float | None = strawberry.field(
        default=None, description="With less than this free it is reordered."
    )
    is_held: bool = strawberry.field(
        default=False, description="Whether it goes into quarantine, as what lacks papers must."
    )


@strawberry.type(description="How much of which lot was moved.")
class StockLine:
    """How much of which lot was moved."""

    stock: str = strawberry.field(description="The lot.")
    quantity: float | None = strawberry.field(description="How much.")


@strawberry.type(description="What was moved in stock.")
class StockMoved:
    """What was moved in stock."""

    order: str | None = strawberry.field(description="The work order; null of a receipt.")
    lines: list[StockLine] = strawberry.field(description="From or into which lots.")
    certificate: str | None = strawberry.field(
        description="The certificate with which it came in, if with one."
    )
    at: datetime = strawberry.field(description="Since when it is so.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:work`: `correct` takes it back."
    )
    seq: int = strawberry.field(description="Its number in the change log.")


async def receive_stock(
    info: Info,
    receipt: Annotated[StockReceipt, strawberry.argument(description="What came in.")],
    at: At = None,
) -> StockMoved | None:
    """Records that something came into stock."""
    said = receipt
    came = Receipt(
        number=said.number, part=await find(info, said.part, _NOW),
        quantity=Decimal(str(said.quantity)), place=await find(info, said.place, _NOW),
        unit=None if said.unit is None else UnitOfMeasure(said.unit.value),
        certificate=said.certificate,
        form=None if said.form is None else ReleaseForm(said.form.value),
        organisation=said.organisation, issued_on=said.issued_on, batch=said.batch,
        serial=None if said.serial is None else await find(info, said.serial, _NOW),
        manufactured_on=said.manufactured_on, expires_on=said.expires_on,
        condition=SerialCondition(said.condition.value) if said.condition else SerialCondition.NEW,
        bin=said.bin, owner=said.owner, minimum=as_decimal(said.minimum), is_held=said.is_held,
    )  # fmt: skip
    return _told(await receive(info.context.graph, info.context.principal, came, at=at))


async def reserve_stock(
    info: Info, order: Order, thing: Thing, quantity: Quantity, unit: Unit = None,
    with_alternates: Annotated[
        bool,
        strawberry.argument(
            description="Whether what lacks may be of part numbers that are approved to stand in."
        ),
    ] = False,
    at: At = None,
) -> StockMoved | None:  # fmt: skip
    """Sets something aside for a work order."""
    return await _move(info, flow.reserve, order, thing, quantity, unit, at, with_alternates)


async def cancel_reservation(
    info: Info, order: Order, thing: Thing, quantity: Quantity, unit: Unit = None, at: At = None
) -> StockMoved | None:
    """Frees what was set aside for a work order."""
    return await _move(info, flow.cancel_reservation, order, thing, quantity, unit, at)


async def issue_stock(
    info: Info, order: Order, thing: Thing, quantity: Quantity, unit: Unit = None, at: At = None
) -> StockMoved | None:
    """Issues something to a work order."""
    return await _move(info, flow.issue, order, thing, quantity, unit, at)


async def return_stock(
    info: Info, order: Order, thing: Thing, quantity: Quantity, unit: Unit = None, at: At = None
) -> StockMoved | None:
    """Takes back what was issued and not used."""
    return await _move(info, flow.take_back, order, thing, quantity, unit, at)


async def _move(
    info: Info, move: Callable[[Graph, Principal, flow.Wanted], Awaitable[flow.Moved]], order: str,
    thing: str, quantity: float, unit: Any, at: datetime | None, with_alternates: bool = False,
) -> StockMoved:  # fmt: skip
    wanted = flow.Wanted(
        await find(info, order, _NOW), await find(info, thing, _NOW), Decimal(str(quantity)),
        None if unit is None else UnitOfMeasure(unit.value), at, with_alternates,
    )  # fmt: skip
    return _told(await move(info.context.graph, info.context.principal, wanted))


def _told(made: flow.Moved) -> StockMoved:
    return StockMoved(
        order=None if made.order is None else str(made.order),
        lines=[StockLine(stock=str(one.stock), quantity=as_float(one.quantity)) for one in made.lines],
        certificate=None if made.certificate is None else str(made.certificate),
        at=made.at, event=made.event, seq=made.seq,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        receive_stock,
        description="Records that something came into stock, with its certificate (145.A.42), or into "
        "quarantine.",
    ),
    strawberry.field(
        reserve_stock,
        description="Sets something in stock aside for a work order, what expires first first.",
    ),
    strawberry.field(
        cancel_reservation,
        description="Frees what was set aside for a work order, be that ended or not.",
    ),
    strawberry.field(
        issue_stock,
        description="Issues something from stock to a work order: what is set aside for it first.",
    ),
    strawberry.field(
        return_stock,
        description="Takes what was issued to a work order and not used back into the lots it came from.",
    ),
]
