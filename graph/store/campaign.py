"""How far has it got? Where a bulletin, modification or certificate is embodied, under what approval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from graph.model.change import Bulletin, Eco, Modification, Stc
from graph.model.compliance import Done
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.accomplishments import (
    Orders,
    Page,
    Unit,
    done_about,
    doubts,
    find_orders,
    find_units,
)
from graph.store.applicability import Applicability, applicability
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_properties
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.text import fill

EMBODIED: Final = ("bulletin", "modification", "stc", "eco")
"""The kinds of change that are made to units."""

_IMPLEMENTS: Final = ("IMPLEMENTS",)


class Progress(StrEnum):
    """How far a change has got on one unit."""

    EMBODIED = "embodied"
    OUTSTANDING = "outstanding"
    """It applies and is not embodied; of a change that nobody demands, that is no fault."""

    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Embodiment:
    """How far a change has got on one unit.

    Attributes:
        aircraft: The aircraft that the unit is in; None for one itself, and where it is in none.
        because: Why the change applies or not.
        done: When and how it was embodied.
        notes: What in the records an auditor should look at.
    """

    unit: Utcs
    unit_name: str
    aircraft: Utcs | None
    progress: Progress
    because: str
    done: Done | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """How far a change has got, on a page of units in the order of their ids.

    Attributes:
        approvals: What it rests on: its own approval, and those of what it carries out.
        counts: How many units of the page have got how far, all told: listed or not.
        units: How many units the page is about.
        next: The cursor of the next page of units; None on the last.
    """

    change: Utcs
    name: str
    approvals: tuple[str, ...]
    embodiments: tuple[Embodiment, ...]
    counts: dict[Progress, int]
    units: int
    next: str | None


async def campaign(
    graph: Graph,
    change: Utcs,
    *,
    progress: Collection[Progress] | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Campaign:
    """Returns how far a change has got on all aircraft, and on the units that it was made to.

    Args:
        graph: Where to ask.
        change: A bulletin, modification, supplemental type certificate or change order.
        progress: Only these are listed; all are counted.
        first: How many units to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: The thing is not made to units, or a number or the cursor is wrong.
        NotFoundError: The change is not there then.
    """
    if change.kind not in EMBODIED:
        raise BadQuestionError(
            f"change: a {change.kind} is not embodied in units; give a {', '.join(EMBODIED)}",
            field="change",
        )
    moment = Moment.of(graph, at)
    asked = sealed("campaign", str(change), at)
    (start,) = ("",) if after is None else read_cursor(asked, after, str)
    limit = bounded("first", first, MAX_FIRST)
    thing, approvals = await find_change(graph, change, moment)
    units = await find_units(graph, moment, Page(None, start, limit + 1), [change])
    page = units[:limit]
    applying = await applicability(graph, [change], at=at)
    orders = await find_orders(graph, moment, [(unit, change) for unit in page])
    found = [_embodiment(unit, change, applying, orders) for unit in page]
    listed = [one for one in found if progress is None or one.progress in progress]
    return Campaign(
        change=change,
        name=thing.name,
        approvals=approvals,
        embodiments=tuple(listed),
        counts=dict(Counter(one.progress for one in found).most_common()),
        units=len(page),
        next=write_cursor(asked, str(page[-1].utcs)) if len(units) > len(page) else None,
    )


async def find_change(graph: Graph, change: Utcs, moment: Moment) -> tuple[Kind, tuple[str, ...]]:
    """Returns a change as it stands at a moment, and the approvals that it rests on.

    Raises:
        NotFoundError: It is not there then.
    """
    row = await moment.ask(graph, change_text(moment), {"change": str(change)})
    if row is None or row[0] is None:
        raise await not_there(graph, change, moment)
    thing, *behind = (read_properties(one["kind"], one) for one in (row[0], *row[1]))
    return thing, tuple(text for one in (thing, *behind) for text in approvals_of(one))


def approvals_of(thing: Kind) -> Iterator[str]:
    """Yields under what approval a change stands, as people write it; nothing where none is stated."""
    said: list[Any] = []
    if isinstance(thing, Stc):
        said = [thing.number, thing.authority, thing.holder, thing.status]
    elif isinstance(thing, Modification):
        said = [thing.approval_reference, thing.change_class, thing.status]
    elif isinstance(thing, Bulletin):
        said = [thing.number, thing.issuer, thing.category, thing.status]
    elif isinstance(thing, Eco):
        said = [thing.number, thing.change_class, thing.status]
    if stated := [str(one) for one in said if one is not None]:
        yield ", ".join(stated)


def _embodiment(unit: Unit, change: Utcs, applying: Applicability, orders: Orders) -> Embodiment:
    done, verdict = done_about(unit, change, orders), applying.of(change, unit)
    if done is not None:
        progress = Progress.EMBODIED
    elif verdict.applies is None:
        progress = Progress.UNKNOWN
    else:
        progress = Progress.OUTSTANDING if verdict.applies else Progress.NOT_APPLICABLE
    return Embodiment(
        unit=unit.utcs,
        unit_name=unit.thing.name,
        aircraft=unit.aircraft,
        progress=progress,
        because=verdict.why,
        done=done,
        notes=tuple(doubts(done, orders)) if done is not None else (),
    )


def change_text(moment: Moment) -> str:
    """Returns the statement that reads a change and what it carries out."""
    return fill(
        "compliance/change",
        holds_row=moment.holds_row("row"),
        types=moment.types(_IMPLEMENTS),
        holds=moment.holds("link", _IMPLEMENTS),
        stale=fill("thing/stale"),
    )
