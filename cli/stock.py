"""`utcs stock`: what lies where, received, set aside for work orders, issued and taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from cli.connect import ask, owner
from cli.output import json_out, rows, say, tell
from cli.questions import AsJson, AsOf, First, KnownAt, coordinates
from cli.signing import When, allowed, day_given, moment_given
from cli.words import Verb
from graph.errors import TraceError
from graph.flows.receipt import receive
from graph.flows.stock import Moved, Wanted, cancel_reservation, issue, reserve, take_back
from graph.flows.submit import Principal
from graph.model.kind import plain
from graph.model.maintenance import ReleaseForm
from graph.model.product import SerialCondition, UnitOfMeasure
from graph.model.stocking import Receipt
from graph.store.database import Graph
from graph.store.resolve import resolve
from graph.store.stock import PartStock, StockPage, find_stock

app = typer.Typer(
    no_args_is_help=True,
    help="Stock: what lies where; receive, reserve, cancel, issue, return.",
    epilog="Example: utcs stock list --part DPP-PART-123",
)

Order = Annotated[str, typer.Argument(help="The work order, by its number or any other id.")]
Thing = Annotated[
    str, typer.Argument(help="A part number, a batch, a lot, or a unit in stock, by any id.")
]
Quantity = Annotated[str, typer.Argument(help="How much, such as 2 or 1.5.")]
Unit = Annotated[
    UnitOfMeasure | None, typer.Option(help="What that is counted in; nothing is converted.")
]


@app.command("list", cls=Verb)
def list_(
    part: Annotated[str | None, typer.Option(help="Only this part, by any id.")] = None,
    place: Annotated[str | None, typer.Option(help="Only what lies in this facility.")] = None,
    is_below: Annotated[
        bool, typer.Option("--below", help="Of the page, only where less is free than the minimum.")
    ] = False,
    first: First = 50,
    after: Annotated[str | None, typer.Option(help="The `next` of the page before.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """List the lots of parts, in the order of the ids of the parts.

    Example: utcs stock list --part DPP-PART-123 --place FAC-MUC
    """
    at = coordinates(as_of, known_at)

    async def listed(graph: Graph) -> StockPage:
        of = None if part is None else await resolve(graph, part, at=at)
        where = None if place is None else await resolve(graph, place, at=at)
        return await find_stock(graph, part=of, place=where, first=first, after=after, at=at)

    page = ask(listed)
    parts = [one for one in page.parts if not is_below or any(lv.is_below for lv in one.levels)]
    if as_json:
        json_out({"parts": parts, "next": page.next})
        return
    rows(
        ("part", "lot", "place", "quantity", "free", "expires", "standing"),
        [line for one in parts for line in _lines(one)],
    )
    if page.next:
        tell(f"There are more: --after {page.next}")


def _lines(one: PartStock) -> list[tuple[object, ...]]:
    lots: list[tuple[object, ...]] = [
        (
            one.part.number,
            lot.lot.utcs.local,
            "" if lot.place is None else lot.place.local,
            plain(lot.lot.stock.quantity or Decimal()),
            plain(lot.lot.unpromised),
            lot.lot.stock.expires_on or "",
            lot.why or "may be used",
        )
        for lot in one.lots
    ]
    short: list[tuple[object, ...]] = [
        (
            one.part.number, "", "" if lv.place is None else lv.place.local, plain(lv.on_hand),
            plain(lv.free), "", f"below its minimum of {plain(lv.minimum or Decimal())}",
        )
        for lv in one.levels
        if lv.is_below
    ]  # fmt: skip
    return lots + short


@app.command("receive", cls=Verb)
def receive_(
    number: Annotated[str, typer.Argument(help="The number of the receipt; it names the lot.")],
    part: Annotated[str, typer.Argument(help="The part number, by any id.")],
    quantity: Quantity,
    place: Annotated[str, typer.Argument(help="The facility where it lies, by any id.")],
    certificate: Annotated[str | None, typer.Option(help="The number of its certificate.")] = None,
    form: Annotated[ReleaseForm | None, typer.Option(help="Which certificate that is.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Who issued it.")] = None,
    issued: Annotated[str | None, typer.Option(help="The day it was issued.")] = None,
    batch: Annotated[str | None, typer.Option(help="The maker's batch number.")] = None,
    serial: Annotated[str | None, typer.Option(help="The unit, where it is serialised.")] = None,
    made: Annotated[str | None, typer.Option(help="The day it was made.")] = None,
    expires: Annotated[str | None, typer.Option(help="The last day it may be used.")] = None,
    condition: Annotated[SerialCondition, typer.Option(help="Its state.")] = SerialCondition.NEW,
    bin: Annotated[str | None, typer.Option(help="The bin or shelf.")] = None,
    minimum: Annotated[
        str | None, typer.Option(help="With less than this free it is reordered.")
    ] = None,
    is_held: Annotated[
        bool, typer.Option("--quarantine", help="Into quarantine, as what lacks papers must.")
    ] = False,
    unit: Unit = None,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Receive something with its certificate.

    Example: utcs stock receive GR-2001 DPP-PART-123 4 utcs:AMPEL360:facility:FAC-MUC
    --certificate F1-2001 --form easa_form_1 --expires 2029-05-31
    """
    when = moment_given(at)
    named = (("--issued", issued), ("--made", made), ("--expires", expires))
    days = [None if text is None else day_given(text, name) for name, text in named]

    async def received(graph: Graph) -> Moved:
        came = Receipt(
            number=number, part=await resolve(graph, part), quantity=_much("quantity", quantity),
            place=await resolve(graph, place), unit=unit, certificate=certificate, form=form,
            organisation=organisation, batch=batch,
            serial=None if serial is None else await resolve(graph, serial), condition=condition,
            bin=bin, minimum=None if minimum is None else _much("--minimum", minimum),
            is_held=is_held,
            issued_on=days[0], manufactured_on=days[1], expires_on=days[2],
        )  # fmt: skip
        return await receive(graph, owner(), came, at=when)

    _tell(allowed(received, as_json), as_json, "received into")


@app.command("reserve", cls=Verb)
def reserve_(
    order: Order, thing: Thing, quantity: Quantity, unit: Unit = None,
    with_alternates: Annotated[
        bool, typer.Option("--alternates", help="What lacks may be of approved alternates.")
    ] = False,
    at: When = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Set something in stock aside for a work order, what expires first first.

    Example: utcs stock reserve WO-54321 DPP-PART-123 2
    """
    _move(reserve, order, thing, quantity, unit, at, as_json, "set aside of", with_alternates)


@app.command(cls=Verb)
def cancel(
    order: Order, thing: Thing, quantity: Quantity, unit: Unit = None, at: When = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Free what was set aside for a work order.

    Example: utcs stock cancel WO-54321 DPP-PART-123 2
    """
    _move(cancel_reservation, order, thing, quantity, unit, at, as_json, "free again of")


@app.command("issue", cls=Verb)
def issue_(
    order: Order, thing: Thing, quantity: Quantity, unit: Unit = None, at: When = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Issue something from stock to a work order: what is set aside for it first.

    Example: utcs stock issue WO-54321 DPP-PART-123 1
    """
    _move(issue, order, thing, quantity, unit, at, as_json, "issued from")


@app.command("return", cls=Verb)
def return_(
    order: Order, thing: Thing, quantity: Quantity, unit: Unit = None, at: When = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Take what was issued to a work order and not used back into its lots.

    Example: utcs stock return WO-54321 DPP-PART-123 1
    """
    _move(take_back, order, thing, quantity, unit, at, as_json, "taken back into")


def _move(
    move: Callable[[Graph, Principal, Wanted], Awaitable[Moved]], order: str, thing: str,
    quantity: str, unit: UnitOfMeasure | None, at: str | None, as_json: bool, told: str,
    with_alternates: bool = False,
) -> None:  # fmt: skip
    when, much = moment_given(at), _much("quantity", quantity)

    async def made(graph: Graph) -> Moved:
        of, what = await resolve(graph, order), await resolve(graph, thing)
        return await move(graph, owner(), Wanted(of, what, much, unit, when, with_alternates))

    _tell(allowed(made, as_json), as_json, told)


def _tell(made: Moved, as_json: bool, told: str) -> None:
    if as_json:
        json_out(made)
        return
    for line in made.lines:
        say(f"{plain(line.quantity)} {told} {line.stock.local}")


def _much(field: str, text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise TraceError(
            f"{field}: {text!a:.40} is no number; give one such as 2 or 1.5"
        ) from error
