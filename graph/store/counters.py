"""Where do counters run backwards? Pure: over what would be believed of one usage."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from graph.model.reading import COUNTERS, Reading
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

    What was so elsewhere before is not held against who says something else; and whoever looks at a long
    history only beside what is new need not compare all of it.
    """
    told = sorted(_readings(rows), key=lambda one: (one[0].at, one[1].valid_from))
    new = [reading for reading, _ in _readings(changed, held=False)]
    for place, counter in enumerate(COUNTERS):
        moments = {reading.at for reading in new if reading.counters[place] is not None}
        line = {  # of one moment, what is stated last is believed
            reading.at: Told(reading.at, value, row)
            for reading, row in (told if moments else ())
            if (value := reading.counters[place]) is not None
        }
        times = list(line)
        for moment in sorted(moments):
            next_to = bisect_left(times, moment)
            for earlier, later in pairwise(times[max(next_to - 1, 0) : next_to + 2]):
                if line[later].value < line[earlier].value:
                    yield Fall(counter, line[earlier], line[later])


def _readings(rows: Iterable[Row], *, held: bool = True) -> Iterator[tuple[Reading, Row]]:
    for row in rows:
        if row.reading is not None and (row.holds or not held):
            yield row.reading, row
