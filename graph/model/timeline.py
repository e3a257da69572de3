"""What we believe of one thing or link over world time, and how one more statement changes it.

A timeline holds every statement that is not withdrawn, in the order (valid_from, tie). Each statement
holds until the next one; a statement that the thing is no more (`off`) holds nowhere. Sorting is all
there is to it, so the belief depends on which statements were made and never on when they arrived.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.model.reading import Reading
from graph.model.time import FAR

Tie = tuple[int, int, str, str]
"""(source rank, event time, source, id): who wins when two speak of one instant; the greatest does."""

UNSET = -(2**63)


@dataclass(slots=True)
class Row:
    """One row of belief: a statement with the interval that it holds for. Never changed once made.

    Attributes:
        valid_from: When the statement becomes true, µs.
        tie: Decides between statements of the same instant.
        off: States an end rather than a content.
        made: Number of the event that made the statement, in the change log.
        valid_to: When the next statement takes over, µs; equal to valid_from if it holds nowhere.
        recorded_at: When this row came to be believed, µs.
        n: The number of the statement among those about its thing; 0 for links.
        content: The stored properties; None where they lie in the graph already, under `stored`.
        stored: Where the graph keeps this row, or the row whose content this one shares.
        is_stored: Whether the graph keeps this very row.
        aliases: The alias keys that the content holds.
        hash: The hash of the content, in hex; None where the graph keeps it already.
        merged_into: Of an end: the thing that this one turned out to be, if it was merged.
        frozen: What no later statement may say otherwise; None where nothing is frozen.
        reading: What the content says that counters stood at; None but for a usage.
    """

    valid_from: int
    tie: Tie
    off: bool
    made: int
    recorded_at: int
    valid_to: int = UNSET
    n: int = 0
    content: Mapping[str, Any] | None = None
    stored: str | None = None
    is_stored: bool = False
    aliases: tuple[str, ...] = ()
    hash: str | None = None
    merged_into: str | None = None
    frozen: tuple[Any, ...] | None = None
    reading: Reading | None = None

    @property
    def holds(self) -> bool:
        """Whether there is any instant at which this row is what we believe."""
        return self.valid_from < self.valid_to

    def overlaps(self, start: int, end: int) -> bool:
        """Whether this row holds at some instant of [start, end)."""
        return self.valid_from < end and start < self.valid_to and self.holds


Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A changed timeline: its rows now, those believed no longer, and those new."""

    rows: Rows
    superseded: Rows
    created: Rows


def _order(row: Row) -> tuple[int, Tie]:
    return row.valid_from, row.tie


def insert(rows: Rows, statement: Row) -> Revision:
    """Returns the timeline with one more statement in it."""
    if not rows:
        statement.valid_to = statement.valid_from if statement.off else FAR
        return Revision((statement,), (), (statement,))
    ordered = list(rows)
    insort(ordered, statement, key=_order)
    return _restated(ordered, (), statement.recorded_at)


def remove(rows: Rows, is_withdrawn: Callable[[Row], bool], now: int) -> Revision:
    """Returns the timeline without the statements that are withdrawn."""
    kept = [row for row in rows if not is_withdrawn(row)]
    return _restated(kept, [row for row in rows if is_withdrawn(row)], now)


def _restated(ordered: Sequence[Row], withdrawn: Iterable[Row], now: int) -> Revision:
    """Gives each statement the interval up to the next; a row whose interval changes is replaced."""
    rows: list[Row] = []
    superseded = list(withdrawn)
    created: list[Row] = []
    starts = [row.valid_from for row in ordered[1:]] + [FAR]
    for row, start_of_next in zip(ordered, starts, strict=False):
        end = row.valid_from if row.off else start_of_next
        if row.valid_to == end:
            rows.append(row)
            continue
        if row.valid_to != UNSET:
            superseded.append(row)
        row = replace(row, valid_to=end, recorded_at=now, is_stored=False)
        created.append(row)
        rows.append(row)
    return Revision(tuple(rows), tuple(superseded), tuple(created))


def covers(rows: Rows, start: int, end: int) -> bool:
    """Says whether some statement holds at every instant of [start, end)."""
    reached = start
    for row in rows:
        if row.valid_from <= reached < row.valid_to:
            reached = row.valid_to
    return reached >= end


def first_uncovered(rows: Rows, start: int) -> int:
    """Returns the first instant from `start` on at which no statement holds; FAR if there is none."""
    reached = start
    for row in rows:
        if row.valid_from <= reached < row.valid_to:
            reached = row.valid_to
    return reached
