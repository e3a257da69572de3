"""What lies where? The stock of parts, lot by lot, with what is set aside of it and what is too little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.consumption import unfit
from graph.model.identifier import Utcs
from graph.model.maintenance import Release
from graph.model.product import Batch, Part, Serial
from graph.model.stocking import Known, Level, Receipt, StockLot, levels
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as, read_properties
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.text import fill
from graph.store.used_parts import lot_text, read_lot

MOST: Final = 1000
"""So many lots of one part are told, and so many alternates."""


@dataclass(frozen=True, slots=True)
class PartStock:
    """The stock of one part number.

    Attributes:
        levels: How much there is, place by place.
        lots: The lots in which something lies, what expires first first.
        alternates: The part numbers that are approved to stand in for it.
        cut: What was left out, in words; None if nothing was.
    """

    utcs: Utcs
    part: Part
    levels: tuple[Level, ...]
    lots: tuple[StockLot, ...]
    alternates: tuple[Utcs, ...]
    cut: str | None


@dataclass(frozen=True, slots=True)
class StockPage:
    """One page of parts of which there is or was stock, by id; `next` is the cursor of the next page."""

    parts: tuple[PartStock, ...]
    next: str | None


async def find_stock(
    graph: Graph,
    *,
    part: Utcs | None = None,
    place: Utcs | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> StockPage:
    """Returns a page of parts with their stock, of one part or all, in one place or all.

    What may be used is judged on the day in the world that is asked about.

    Raises:
        BadQuestionError: It is no part or no place, or a number or the cursor is wrong.
        NotFoundError: The part or the place is not there then.
    """
    _require("part", part, "part")
    _require("place", place, "facility")
    asked = sealed("stock", str(part), str(place), at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    limit = bounded("first", first, MAX_FIRST)
    moment = Moment.of(graph, at)
    named = {"part": part and str(part), "place": place and str(place)}
    row = await moment.ask(
        graph,
        stock_text(moment, is_of_part=part is not None),
        named | {"start": start, "limit": limit + 1, "most": MOST},
    )
    there, found = row if row else ([], [])
    for utcs in (part, place):
        if utcs is not None and str(utcs) not in there:
            raise await not_there(graph, utcs, moment)
    parts = [_part_stock(moment, *one) for one in found]
    mark = write_cursor(asked, str(parts[limit].utcs)) if len(parts) > limit else None
    return StockPage(tuple(parts[:limit]), mark)


async def find_known(graph: Graph, receipt: Receipt, ids: Mapping[str, Utcs]) -> Known:
    """Returns what is on record of the things that a receipt names.

    Args:
        graph: Where to ask.
        receipt: What came in.
        ids: What its lot, certificate and batch are or will be called, by these words.

    Raises:
        BadQuestionError: The part or the place is none.
        NotFoundError: The part, the place or the unit is not there.
    """
    _require("part", receipt.part, "part")
    _require("place", receipt.place, "facility")
    _require("serial", receipt.serial, "serial")
    moment = Moment.of(graph, CURRENT)
    needed = [one for one in (receipt.part, receipt.place, receipt.serial) if one is not None]
    things = [str(utcs) for utcs in (*needed, *ids.values())]
    row = await moment.ask(graph, received_text(moment), {"things": things})
    found = {Utcs.parse(said["utcs"]): (said, *more) for said, *more in (row[0] if row else [])}
    for utcs in needed:
        if utcs not in found:
            raise await not_there(graph, utcs, moment)
    paper, batch = (
        found.get(ids[word]) if word in ids else None for word in ("certificate", "batch")
    )
    unit = None if receipt.serial is None else found[receipt.serial]
    return Known(
        part=read_as(Part, found[receipt.part][0]),
        is_there=ids["lot"] in found,
        certificate=None if paper is None else read_as(Release, paper[0]),
        batch=None if batch is None else (read_as(Batch, batch[0]), _named(batch[1])),
        unit=None if unit is None else (read_as(Serial, unit[0]), _named(unit[1])),
        version=0 if unit is None else unit[0]["n"],
        since=0 if unit is None else unit[0]["valid_from"],
        holder=None if unit is None else _named(unit[2]),
    )


def stock_text(moment: Moment, *, is_of_part: bool) -> str:
    """Returns the statement that reads the stock of parts."""
    return fill(
        "stock/lots",
        parts=fill("stock/of_part" if is_of_part else "stock/of_all"),
        exists=moment.exists("thing"),
        instances=moment.types(["INSTANCE_OF"]),
        made_holds=moment.holds("made", ["INSTANCE_OF"]),
        located=moment.types(["LOCATED_IN"]),
        lies_holds=moment.holds("lies", ["LOCATED_IN"]),
        consists=moment.types(["CONSISTS_OF"]),
        among_holds=moment.holds("among", ["CONSISTS_OF"]),
        alternates=moment.types(["ALTERNATE_OF"]),
        stands_holds=moment.holds("stands", ["ALTERNATE_OF"]),
        lot=lot_text(moment),
        holds_row=moment.holds_row("row"),
        holds_stock=moment.holds_row("stock"),
        stale=fill("thing/stale"),
    )


def received_text(moment: Moment) -> str:
    """Returns the statement that reads what a receipt names."""
    return fill(
        "stock/received",
        instances=moment.types(["INSTANCE_OF"]),
        made_holds=moment.holds("made", ["INSTANCE_OF"]),
        holds_in=moment.types(["CONTAINS", "CONSISTS_OF"]),
        within_holds=moment.holds("within", ["CONTAINS", "CONSISTS_OF"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def _require(field: str, utcs: Utcs | None, kind: str) -> None:
    if utcs is not None and utcs.kind != kind:
        raise BadQuestionError(f"{field}: {utcs} is a {utcs.kind}; give a {kind}", field=field)


def _named(utcs: str | None) -> Utcs | None:
    return None if utcs is None else Utcs.parse(utcs)


def _part_stock(
    moment: Moment, said: Mapping[str, Any], alternates: Sequence[str], lots: Sequence[Any]
) -> PartStock:
    read = [_stock_lot(moment, *one) for one in lots]
    part = read_properties("part", said)
    assert isinstance(part, Part)  # noqa: S101
    return PartStock(
        utcs=Utcs.parse(said["utcs"]),
        part=part,
        levels=levels(read),
        lots=tuple(one for one in read if one.lot.stock.quantity or one.lot.promised),
        alternates=tuple(map(Utcs.parse, alternates)),
        cut=f"no more than {MOST:,} lots are told" if len(lots) >= MOST else None,
    )


def _stock_lot(
    moment: Moment, place: str | None, units: Sequence[str], lot: Sequence[Any]
) -> StockLot:
    found = read_lot(*lot)
    why = unfit(found, moment.day)
    return StockLot(found, _named(place), tuple(map(Utcs.parse, units)), why)
