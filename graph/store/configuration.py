"""What is in this aircraft on that day? Place by place, since when, and under which order it was put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import not_there
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.question import (
    MAX_FIRST,
    bounded,
    read_cursor,
    require_unit,
    sealed,
    write_cursor,
)
from graph.store.suspicion import believed_types
from graph.store.text import fill

DEEPEST: Final = 20
"""So many units are in each other at most, as far as is looked."""

_CONTAINS: Final = ("CONTAINS",)
_INSTALLS: Final = ("INSTALLS",)
_PART: Final = ("INSTANCE_OF",)


@dataclass(frozen=True, slots=True)
class Fitted:
    """One unit in its place.

    Attributes:
        position: The slots from where the question started down to it, joined by points.
        holder: What it is installed in.
        slot: Its place in that.
        part: The part that it is made to; None where that is not recorded.
        part_number: As it is printed.
        since: Since when it has been in that place without a break, however often that was said again.
        order: The work order or operation that put it in, by the event that says so; None where none does.
        reference: The record that the installation names.
    """

    position: str
    unit: Utcs
    name: str
    serial_number: str | None
    holder: Utcs
    slot: str
    part: Utcs | None
    part_number: str | None
    since: UtcDatetime
    order: Utcs | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """One page of what is in an aircraft or assembly, by position.

    Attributes:
        total: How many units are in it, on all pages.
        cut: Where the answer was cut; None if all is told.
        next: The cursor of the next page; None on the last.
    """

    utcs: Utcs
    total: int
    units: tuple[Fitted, ...]
    cut: str | None
    next: str | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing lies deeper than was looked."""
        return self.cut is None


async def configuration(
    graph: Graph,
    utcs: Utcs,
    *,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Configuration:
    """Returns a page of what is installed in an aircraft or assembly at any depth, by one statement.

    What is there now costs the same whatever was there before. A past day is sought among all that was ever
    in the slots: of 5,000 units 50 ms with one installation before each, 280 with a hundred (2026-11).

    Args:
        graph: Where to ask.
        utcs: The aircraft or assembly.
        first: How many units to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is no unit, or a number or the cursor is wrong.
        NotFoundError: It is not there then.
        QueryTimeoutError: It took too long.
    """
    require_unit(utcs, field="unit")
    asked = sealed("configuration", str(utcs), at)
    limit = bounded("first", first, MAX_FIRST)
    place = [] if after is None else read_cursor(asked, after, str)[0].split("\n")
    moment = Moment.of(graph, at)
    parameters = {"utcs": str(utcs), "after": place, "limit": limit + 1}
    row = await moment.ask(graph, configuration_text(moment), parameters)
    if row is None or not row[0]:
        raise await not_there(graph, utcs, moment)
    _, total, deepest, page = row
    cut = f"cut at {DEEPEST} levels: there may be more below" if deepest == DEEPEST else None
    mark = write_cursor(asked, "\n".join(page[limit - 1][0])) if len(page) > limit else None
    return Configuration(utcs, total, tuple(_fitted(*each) for each in page[:limit]), cut, mark)


def _fitted(
    slots: Sequence[str],
    unit: str,
    name: str,
    serial_number: str | None,
    holder: str,
    part: Sequence[str | None] | None,
    reference: str | None,
    statements: Sequence[tuple[int, int, int]],
    orders: Sequence[tuple[int, str]],
) -> Fitted:
    since, made = _begun(statements)
    order = next((order for put, order in orders if put == made), None)
    made_to, number = part or (None, None)
    return Fitted(
        position=".".join(slots),
        unit=Utcs.parse(unit),
        name=name,
        serial_number=serial_number,
        holder=Utcs.parse(holder),
        slot=slots[-1],
        part=Utcs.parse(made_to) if made_to else None,
        part_number=number,
        since=from_micros(since),
        order=Utcs.parse(order) if order else None,
        reference=reference,
    )


def _begun(statements: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """Returns when the latest of some statements that follow each other began, and the event of the first."""
    since, _, made = statements[0]
    for earlier, until, said in statements[1:]:
        if until != since:
            break
        since, made = earlier, said
    return since, made


def configuration_text(moment: Moment) -> str:
    """Returns the statement that lists what is installed, and since when."""
    return fill(
        "configuration/page",
        exists=moment.exists("top"),
        types=moment.types(_CONTAINS),
        holds=moment.holds("link", _CONTAINS),
        unit_exists=moment.exists("unit"),
        holds_row=moment.holds_row("row"),
        instances=moment.types(_PART),
        instance_holds=moment.holds("made", _PART),
        holds_part=moment.holds_row("said"),
        contains_believed=believed_types(moment, _CONTAINS),
        contains_ever=fill("link/ever_known", link="stated", types=was_one_of("stated", _CONTAINS)),
        installs_believed=believed_types(moment, _INSTALLS),
        installs_ever=fill("link/ever_known", link="put", types=was_one_of("put", _INSTALLS)),
        stale=fill("thing/stale"),
    )
