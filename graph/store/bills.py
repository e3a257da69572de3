"""What was designed, and what was in it: bills of material, alternates and positions at a moment.

The lines of all bills that matter are one statement. What they are held against is read with what is known
of the parts, so that lines with an effectivity cost no statement more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from graph.model.applicability import Facts, Leaves
from graph.model.bill import Component, Design, PartFacts, Place, Stand
from graph.model.identifier import Utcs
from graph.model.line_effectivity import Effectivities, EndItem
from graph.model.reconciliation import Unit
from graph.store.database import Graph
from graph.store.leaf_facts import carrier_text, day, facts_asked, facts_of, facts_text
from graph.store.moment import Moment
from graph.store.text import fill

_PART: Final = ("INSTANCE_OF",)
_INSIDE: Final = ("CONTAINS",)

Bills = Mapping[str, Sequence[Component]]
"""The lines of each assembly."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What was in an aircraft or assembly at a moment.

    Attributes:
        utcs: The aircraft or assembly.
        carrier: The aircraft that it is or was in; itself if it was in none.
        units: What was in it, by place; itself at ().
    """

    utcs: Utcs
    carrier: Utcs
    units: Mapping[Place, Unit]

    @property
    def part(self) -> str | None:
        """Its own part number then; None where that is not recorded."""
        itself = self.units.get(())
        return itself.part if itself else None

    @property
    def parts(self) -> set[str]:
        """The part numbers in it."""
        return {unit.part for unit in self.units.values() if unit.part}

    @property
    def things(self) -> dict[Place, Utcs]:
        """The unit in each place."""
        inside = {place: Utcs.parse(unit.utcs) for place, unit in self.units.items()}
        return {(): self.utcs} | inside


async def find_stock(graph: Graph, utcs: Utcs, moment: Moment) -> Stock:
    """Returns what was in a unit at a moment."""
    row = await moment.ask(graph, units_text(moment), {"utcs": str(utcs)})
    rows, carrier = row or ([], None)
    units = {tuple(slots): Unit(one, *told) for slots, one, *told in rows}
    return Stock(utcs, Utcs.parse(carrier[0]) if carrier else utcs, units)


async def find_bills(graph: Graph, parts: Iterable[str], moment: Moment) -> Bills:
    """Returns the bills of material of some parts, and of what is in them, at a moment."""
    found = await moment.ask(graph, bill_text(moment), {"parts": sorted(parts)})
    bills: defaultdict[str, list[Component]] = defaultdict(list)
    lines = dict.fromkeys(map(tuple, found[0] if found else []))  # a line comes once for each top
    for assembly, find, component, quantity, only in lines:
        count = Decimal(1) if quantity is None else Decimal(repr(quantity))
        bills[assembly].append(Component((find,), component, count, (only,) if only else ()))
    return dict(bills)


async def find_design(graph: Graph, bills: Bills, parts: Iterable[str], moment: Moment) -> Design:
    """Returns what was designed and allowed at a moment, of the parts in some bills and of others."""
    row = await moment.ask(graph, known_text(moment), {"known": _known(bills, parts)})
    return _design(bills, row[0] if row else ())


async def find_held_design(
    graph: Graph,
    bills: Bills,
    parts: Iterable[str],
    stock: Stock,
    moment: Moment,
    effectivities: Effectivities,
) -> tuple[Design, EndItem]:
    """Returns what was designed and allowed at a moment, and what lines of bills are held against.

    Where no line has an effectivity that can be read, no facts are read for it.
    """
    if not effectivities.said:
        facts = Facts(moment.day, {})
        design = await find_design(graph, bills, parts, moment)
        return design, EndItem(stock.carrier, stock.things, effectivities, facts)
    names = effectivities.names
    things = stock.things
    asked = {
        "known": _known(bills, parts),
        "made": sorted(map(str, things.values())) if effectivities.needs_manufacture else [],
    }
    text = known_with_facts_text(moment, names)
    row = await moment.ask(graph, text, asked | facts_asked(names))
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    known, made, *found = row
    end_item = EndItem(
        stock.carrier,
        things,
        effectivities,
        facts_of(names, found, moment.day),
        {Utcs.parse(utcs): day(on) for utcs, on in made},
    )
    return _design(bills, known), end_item


def _known(bills: Bills, parts: Iterable[str]) -> list[str]:
    return sorted({*parts, *(line.part for bill in bills.values() for line in bill)})


def _design(bills: Bills, rows: Sequence[Sequence[Any]]) -> Design:
    """Returns the design, of which only own positions are.

    Positions of other types of aircraft may bear the same numbers: where there is a bill of material,
    only those count that something it calls for fits, or what may stand in for that.
    """
    own = _positions({line.part for bill in bills.values() for line in bill}, rows)
    parts: dict[str, PartFacts] = {}
    optional: set[str] = set()
    for utcs, said, alternates, superseded, positions in rows:
        stands = [Stand(other, approval) for other, approval in alternates]
        stands += [Stand(other, supersedes=True) for other in superseded]
        places = [one for one in positions if own is None or one[0] in own]
        fits = frozenset(number for _, number, _ in places)
        parts[utcs] = PartFacts(said[0] or utcs, said[1], tuple(stands), fits)
        optional |= {number for _, number, is_mandatory in places if not is_mandatory}
    return Design(bills, parts, frozenset(optional))


def _positions(called: set[str], rows: Iterable[Sequence[Any]]) -> set[str] | None:
    """Returns the positions that parts called for fit, or what stands in for them; None if none is called."""
    if not called:
        return None
    return {
        position
        for utcs, _, alternates, superseded, positions in rows
        if not called.isdisjoint({utcs, *(other for other, _ in alternates), *superseded})
        for position, _, _ in positions
    }


def units_text(moment: Moment) -> str:
    """Returns the statement that lists units with their part numbers."""
    return fill(
        "reconciliation/units",
        types=moment.types(_INSIDE),
        holds=moment.holds("link", _INSIDE),
        instances=moment.types(_PART),
        instance_holds=moment.holds("made", _PART),
        carrier=carrier_text(moment),
        stale=fill("thing/stale"),
    )


def bill_text(moment: Moment) -> str:
    """Returns the statement that lists bills of material."""
    links = ("HAS_COMPONENT",)
    return fill(
        "reconciliation/bill",
        types=moment.types(links),
        holds=moment.holds("link", links),
        stale=fill("thing/stale"),
    )


def known_text(moment: Moment) -> str:
    """Returns the statement that tells of parts what they may stand in for, and where they fit."""
    return fill("reconciliation/known", parts=_parts_text(moment), stale=fill("thing/stale"))


def known_with_facts_text(moment: Moment, names: Leaves) -> str:
    """Returns the same, with the facts that lines of bills are held against."""
    return fill(
        "reconciliation/known_with_facts",
        facts=facts_text(moment, names, has_subjects=False),
        parts=_parts_text(moment),
        holds_row=moment.holds_row("row"),
    )


def _parts_text(moment: Moment) -> str:
    return fill(
        "reconciliation/parts",
        holds_row=moment.holds_row("row"),
        holds_place=moment.holds_row("place"),
        alternates=moment.types(("ALTERNATE_OF",)),
        alternate_holds=moment.holds("link", ("ALTERNATE_OF",)),
        supersedes=moment.types(("SUPERSEDES",)),
        supersede_holds=moment.holds("link", ("SUPERSEDES",)),
        fits=moment.types(("FITS",)),
        fit_holds=moment.holds("link", ("FITS",)),
    )
