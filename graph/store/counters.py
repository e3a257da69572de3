"""Where do counters run backwards? Pure: over what would be believed of one usage."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from graph.model.reading import COUNTERS
from graph.model.time import format_micros
from graph.model.timeline import Row


@dataclass(frozen=True, slots=True)
class Told:
    """One reading of one counter, and the statement that gives it."""

    at: int
    value: float
    row: Row

    def __str__(self) -> str:
        """The reading in words."""
        _, _, source, id = self.row.tie
        return f"{self.value:,.15g} at {format_micros(self.at)} (event {id!r} of source {source!r})"


@dataclass(frozen=True, slots=True)
class Fall:
    """A counter that is lower at the later of two readings."""

    counter: str
    before: Told
    after: Told


def falls(rows: Iterable[Row], changed: Iterable[Row]) -> Iterator[Fall]:
    """Yields where a counter falls from one reading to the next, beside those that changed.

    What was so elsewhere before is not held against who says something else, and of a long history
    little is compared.
    """
    history = _History(rows)
    new = [row.reading for row in changed if row.reading is not None]
    for place, counter in enumerate(COUNTERS):
        for moment in sorted({one.at for one in new if one.counters[place] is not None}):
            beside = (
                history.until(moment - 1, place),
                history.until(moment, place),
                history.after(moment, place),
            )
            for before, after in pairwise(told for told in beside if told is not None):
                if after.value < before.value:
                    yield Fall(counter, before, after)


class _History:
    """All readings that are believed, in order; of one moment, what is stated last is the last."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Takes the rows of a timeline, in its order."""
        readings = [row for row in rows if row.reading is not None and row.holds]
        self._rows = sorted(readings, key=attrgetter("reading.at"))  # stable: the last stays last
        self._times = [row.reading.at for row in self._rows if row.reading is not None]

    def until(self, moment: int, place: int) -> Told | None:
        """Returns what a counter is believed to stand at by a moment."""
        return self._first(range(bisect_right(self._times, moment) - 1, -1, -1), place)

    def after(self, moment: int, place: int) -> Told | None:
        """Returns what a counter is believed to stand at when it is read next after a moment."""
        later = range(bisect_right(self._times, moment), len(self._rows))
        told = self._first(later, place)
        return told and self.until(told.at, place)

    def _first(self, order: Iterable[int], place: int) -> Told | None:
        for number in order:
            row = self._rows[number]
            if row.reading is not None and (value := row.reading.counters[place]) is not None:
                return Told(row.reading.at, value, row)
        return None
