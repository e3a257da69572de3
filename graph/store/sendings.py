"""Which reports were sent to whom, and which of them did the recipient acknowledge?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.governance import Job
from graph.model.identifier import Utcs
from graph.model.time import FAR, Coordinates, UtcDatetime, from_micros
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.select import select
from graph.store.selection import (
    After,
    All,
    Compare,
    Condition,
    Era,
    Kinds,
    Missing,
    Named,
    Operator,
    Order,
    Page,
    Property,
    Root,
    Value,
)

CATEGORY: Final = "regulatory report"
"""What a job is that made a report and sent it."""

_SAID: Final = ("utcs", "kind", "n", "valid_from", *Job.model_fields)
_READ: Final = tuple(map(Property, _SAID))
_SENT: Final = Compare(Property("category"), Operator.EQ, Value(3))


@dataclass(frozen=True, slots=True)
class Sending:
    """A report that was sent.

    Attributes:
        job: What is stated of it: report, recipient, times, hash, place and receipt.
        version: The number of the statement that holds.
        valid_from: From when that holds.
    """

    utcs: Utcs
    job: Job
    version: int
    valid_from: UtcDatetime

    @property
    def is_acknowledged(self) -> bool:
        """Whether the recipient said that it came."""
        return self.job.receipt is not None


@dataclass(frozen=True, slots=True)
class Sendings:
    """One page of what was sent, by identifier; `next` is the cursor of the next page."""

    sendings: tuple[Sending, ...]
    total: int
    next: str | None


async def sendings(
    graph: Graph,
    *,
    is_outstanding: bool = False,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Sendings:
    """Returns a page of the reports that were sent, and how many there are.

    Args:
        graph: Where to ask.
        is_outstanding: Only those that the recipient has not acknowledged.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A number or the cursor is wrong.
    """
    moment = Moment.of(graph, at)
    asked = sealed("sendings", is_outstanding, at)
    limit = bounded("first", first, MAX_FIRST)
    where: tuple[Condition, ...] = (_SENT, *[Missing(Property("receipt"))] * is_outstanding)
    values: list[Any] = [moment.world, moment.knowledge, limit + 1, CATEGORY]
    place = None
    if after is not None:
        (last,) = read_cursor(asked, after, str)
        values.append(last)
        place = After((), Value(4))
    page = Page(Kinds(("job",)), _READ, All(where), after=place, limit=Value(2), total=True)
    ((rows, total),) = await select(graph, (Root(page, moment.era, Value(0), Value(1)),), values)
    found = [_read(row) for row in rows[:limit]]
    mark = write_cursor(asked, str(found[-1].utcs)) if len(rows) > limit else None
    return Sendings(tuple(found), total, mark)


async def find_sending(graph: Graph, utcs: Utcs) -> Sending | None:
    """Returns a report that was sent, as it was stated last, whatever the clock says; None if none is."""
    page = Page(Named(Value(2)), _READ, _SENT, limit=Value(4))
    return await _last(graph, page, [[str(utcs)], CATEGORY, 1])


async def last_sending(graph: Graph, prefix: str) -> Sending | None:
    """Returns the last of the reports whose identifiers begin so, whatever the clock says."""
    begins = Compare(Property("utcs"), Operator.STARTS_WITH, Value(2))
    page = Page(
        Kinds(("job",)),
        _READ,
        All((begins, _SENT)),
        (Order(Property("utcs"), descending=True),),
        limit=Value(4),
    )
    return await _last(graph, page, [prefix, CATEGORY, 1])


async def _last(graph: Graph, page: Page, values: Sequence[Any]) -> Sending | None:
    """Returns the first of a page at the end of time: a clock that was turned back hides nothing."""
    root = Root(page, Era.LATER, Value(0), Value(1))
    (rows,) = await select(graph, (root,), [FAR - 1, FAR - 1, *values])
    return _read(rows[0]) if rows else None


def _read(row: Sequence[Any]) -> Sending:
    stored = {name: value for name, value in zip(_SAID, row, strict=True) if value is not None}
    return Sending(
        Utcs.parse(stored["utcs"]),
        read_as(Job, stored),
        stored["n"],
        from_micros(stored["valid_from"]),
    )
