"""Parts that were used under a work order, before its completion: drawn from stock by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from graph.flows.complete import asset_breaches
from graph.flows.exchange.take import (
    Case,
    Decided,
    Given,
    Taken,
    require_kind,
    restated,
    take,
)
from graph.flows.lifecycle import refuse
from graph.flows.stock_facts import consumed
from graph.flows.submit import Principal
from graph.model.approval import Breach
from graph.model.consumption import Draw, Offer, draw_all
from graph.model.exchange.reports import PartsUsage
from graph.model.exchange.table import BY_NAME
from graph.model.identifier import Utcs
from graph.model.product import UnitOfMeasure
from graph.model.time import format_utc
from graph.model.work import COMPLETABLE
from graph.store.database import Graph
from graph.store.used_parts import find_offers
from graph.store.work_order import Order, find_order

_NAME = "dpp.parts-usage"


async def report_parts(graph: Graph, principal: Principal, dpp: str, report: PartsUsage) -> Taken:
    """Takes what was used: it is drawn from stock, and the work order has used it.

    Raises:
        BadQuestionError: A field is wrong.
        ForbiddenError: The principal may not write.
        LifecycleError: A part may not be used, or is not there; nothing was written.
        NotFoundError: Something that is named is not there.
    """
    fields = {f"parts.{n}.part": one.part for n, one in enumerate(report.parts)}

    async def decide(case: Case) -> Decided:
        order = await find_order(
            graph, require_kind(case.things["workOrderId"], "workOrderId", "workorder")
        )
        used, units = _wanted(case, report)
        offers = await find_offers(graph, list(used), order.utcs, case.asset)
        wanted = {utcs: much for (_, utcs), much in used.items()}
        drawn, unusable = draw_all(
            [_with(one, wanted[one.utcs]) for one in offers], order.utcs, case.at.date()
        )
        refuse([
            *asset_breaches(order, case.asset, _NAME),
            *_of_order(order, case),
            *(_renamed(one) for one in unusable),
            *_of_units(drawn, offers, units),
        ])  # fmt: skip
        facts = [fact for one in drawn for fact in consumed(order.utcs, one, case.at)]
        return Decided(order.utcs, [restated(order), *facts])

    given = Given(BY_NAME[_NAME], dpp, report)
    return await take(graph, principal, given, {"workOrderId": report.workOrderId} | fields, decide)


def _wanted(
    case: Case, report: PartsUsage
) -> tuple[dict[tuple[str, Utcs], Decimal], dict[Utcs, UnitOfMeasure]]:
    """Returns how much was used of what, by the name that it goes by first, and in which unit."""
    names: dict[Utcs, str] = {}
    much: dict[Utcs, Decimal] = {}
    units: dict[Utcs, UnitOfMeasure] = {}
    for n, one in enumerate(report.parts):
        field = f"parts.{n}.part"
        utcs = require_kind(case.things[field], field, "part", "batch", "stock")
        names.setdefault(utcs, one.part)
        if units.setdefault(utcs, one.unit) is not one.unit:
            problem = f"parts.{n}.unit: {one.unit}, and {units[utcs]} before; report it in one unit"
            refuse([Breach(f"{_NAME}/unit", problem)])
        much[utcs] = much.get(utcs, Decimal()) + one.quantity
    return {(names[utcs], utcs): total for utcs, total in much.items()}, units


def _with(offer: Offer, much: Decimal) -> Offer:
    """Returns an offer of which so much is wanted, besides what the order used before."""
    return replace(offer, count=much + sum((lot.used for lot in offer.lots), Decimal()))


def _of_order(order: Order, case: Case) -> Iterator[Breach]:
    status, opened = order.order.status, order.order.opened_at
    if status not in COMPLETABLE:
        wanted = " or ".join(sorted(COMPLETABLE))
        problem = (
            f"workOrderId: {order.utcs.local} is {status}; parts are used while it is {wanted}"
        )
        yield Breach(f"{_NAME}/state", problem)
    if opened is not None and case.at < opened:
        problem = f"at: before {order.utcs.local} was opened, at {format_utc(opened)}"
        yield Breach(f"{_NAME}/before", problem)


def _renamed(breach: Breach) -> Breach:
    """Returns a breach in the words of this report."""
    return Breach(f"{_NAME}/part", breach.problem.replace("partsUsed: ", "parts: ", 1))


def _of_units(
    drawn: Sequence[Draw], offers: Sequence[Offer], units: Mapping[Utcs, UnitOfMeasure]
) -> Iterator[Breach]:
    lots = {one.lot.utcs for one in drawn}
    for offer in offers:
        for lot in offer.lots:
            counted, said = lot.stock.unit_of_measure, units[offer.utcs]
            if lot.utcs in lots and counted not in (None, said):
                problem = (
                    f"parts: {offer.named}: reported in {said}, but {lot.utcs.local} is counted in"
                )
                yield Breach(f"{_NAME}/unit", f"{problem} {counted}; convert it")
