"""What is there of the parts that work is said to have used: stock, papers, shelf life, where a unit is?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from graph.model.consumption import Lot, Offer
from graph.model.identifier import Utcs
from graph.model.product import Batch
from graph.model.resources import Stock
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as, read_properties
from graph.store.text import fill

USABLE: Final = ("part", "batch", "stock", "serial")
"""The kinds of what can be used."""

FEW, MOST = 5, 1000
"""So many lots of one part, and papers of one lot, are looked at first; and at most."""


async def find_offers(
    graph: Graph,
    named: Sequence[tuple[str, Utcs]],
    order: Utcs,
    asset: Utcs,
    *,
    most: int = MOST,
    at: Coordinates = CURRENT,
) -> list[Offer]:
    """Returns what there is of each thing that is named, once for each, in their order.

    Of the lots of a part those come first that the order has reserved or used, then those that expire first.

    Raises:
        BadQuestionError: One of them is nothing that is used up or put in.
        NotFoundError: One of them is not there.
    """
    for name, utcs in named:
        if utcs.kind not in USABLE:
            raise BadQuestionError(
                f"partsUsed: {name} is of the kind {utcs.kind}; name a part number, a batch, a stock lot or "
                "a unit",
                field="partsUsed",
            )
    if not named:
        return []
    moment = Moment.of(graph, at)
    names = {utcs: name for name, utcs in named}
    counts = Counter(utcs for _, utcs in named)
    asked = {
        "things": [str(utcs) for utcs in names],
        "order": str(order),
        "asset": str(asset),
        "most": most,
    }
    row = await moment.ask(graph, used_text(moment), asked)
    found = {Utcs.parse(one[0]): one for one in (row[0] if row else [])}
    for utcs in names:
        if utcs not in found:
            raise await not_there(graph, utcs, moment)
    return [_offer(names[utcs], counts[utcs], *found[utcs]) for utcs in names]


def used_text(moment: Moment) -> str:
    """Returns the statement that reads what is used."""
    lots = ("INSTANCE_OF", "FROM_BATCH", "CONSISTS_OF")
    return fill(
        "work/parts",
        certified=moment.types(["CERTIFIED_BY"]),
        paper_holds=moment.holds("paper", ["CERTIFIED_BY"]),
        of_lot=moment.types(lots),
        hop_holds=moment.holds("hop", lots),
        takes=moment.types(["RESERVES", "CONSUMES"]),
        consumes=moment.types(["CONSUMES"]),
        use_holds=moment.holds("use", ["CONSUMES"]),
        lot=lot_text(moment),
        instances=moment.types(["INSTANCE_OF"]),
        made_holds=moment.holds("made", ["INSTANCE_OF"]),
        stands_for=moment.types(["ALTERNATE_OF"]),
        stands_holds=moment.holds("stands", ["ALTERNATE_OF"]),
        components=moment.types(["HAS_COMPONENT"]),
        line_holds=moment.holds("line", ["HAS_COMPONENT"]),
        contains=moment.types(["CONTAINS"]),
        within_holds=moment.holds("within", ["CONTAINS"]),
        step_holds=moment.holds("step", ["CONTAINS"]),
        holds_row=moment.holds_row("row"),
        holds_said=moment.holds_row("said"),
        holds_stock=moment.holds_row("stock"),
        stale=fill("thing/stale"),
    )


def lot_text(moment: Moment) -> str:
    """Returns the expression for a lot of stock, as `read_lot` takes it."""
    papers = ("CERTIFIED_BY", "FROM_BATCH")
    return fill(
        "work/lot",
        from_batch=moment.types(["FROM_BATCH"]),
        from_holds=moment.holds("from", ["FROM_BATCH"]),
        papered=moment.types(papers),
        leg_holds=moment.holds("leg", papers),
        reserves=moment.types(["RESERVES"]),
        promise_holds=moment.holds("promise", ["RESERVES"]),
        holds_said=moment.holds_row("said"),
        holds_origin=moment.holds_row("origin"),
    )


def _offer(
    name: str, count: int, utcs: str, said: Mapping[str, Any], papers: list[Any], lots: list[Any],
    is_installed: bool, is_aboard: bool, is_called_for: bool | None,
) -> Offer:  # fmt: skip
    return Offer(
        named=name,
        utcs=Utcs.parse(utcs),
        thing=read_properties(said["kind"], said),
        count=count,
        papers=tuple(status for _, status in papers),
        lots=tuple(read_lot(*one) for one in lots),
        is_installed=is_installed,
        is_aboard=is_aboard,
        is_called_for=is_called_for,
    )


def read_lot(
    utcs: str, said: Mapping[str, Any], batches: list[Mapping[str, Any]], papers: list[str],
    promised: list[Any], used: Sequence[Any] = (),
) -> Lot:  # fmt: skip
    """Returns a lot of stock from what `lot_text` finds, and what an order used of it."""
    return Lot(
        utcs=Utcs.parse(utcs),
        stock=read_as(Stock, said),
        version=said["n"],
        since=said["valid_from"],
        batches=tuple(read_as(Batch, one) for one in batches),
        papers=tuple(papers),
        promised={
            Utcs.parse(order): None if much is None else Decimal(str(much))
            for order, much in promised
        },
        used=sum((Decimal(str(much or 0)) for much in used), Decimal()),
    )
