"""Writes samples: each message once, however often and in whatever batches it is delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby, repeat
from pathlib import Path
from typing import Any

import pyarrow as pa

from graph.store.telemetry.shelf import SCHEMA, Covers, Shelf, TelemetryError, day_of, put_file


@dataclass(frozen=True, slots=True)
class Series:
    """Samples of one parameter of one thing.

    Attributes:
        thing: Its identifier.
        parameter: A name of `graph.model.parameter`.
        unit: The UCUM code of the values.
        taken_at: When each was taken, in microseconds since 1970, ascending.
        values: As many values.
    """

    thing: str
    parameter: str
    unit: str
    taken_at: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one message brought, and which message it was.

    Attributes:
        origin: What numbers its messages, such as `utcs.hub.flight[3]`.
        offset: Its number there.
        series: The samples; none where the message was refused, so that it counts as dealt with.
    """

    origin: str
    offset: int
    series: tuple[Series, ...] = ()


def append(shelf: Shelf, stream: str, deliveries: Iterable[Delivery]) -> int:
    """Keeps the samples of some messages and returns how many were new.

    When it has returned they are on the disk. If the process dies before, some days may be written and
    others not; delivered again, the message adds what is missing, because each file says what it covers.

    Args:
        shelf: Where to.
        stream: The stream that they came in.
        deliveries: Of each origin all messages from its first to its last, in this order.

    Raises:
        TelemetryError: The disk does not take them.
    """
    given = list(deliveries)
    covers = _spans(given)
    days = _by_day(given)
    if not days:
        return 0
    try:
        with shelf.locked(stream):
            return sum(_add(shelf, stream, day, pieces, covers) for day, pieces in days.items())
    except OSError as error:
        raise TelemetryError(
            f"telemetry {shelf.root}: {error.strerror or error}; make room, or see who owns it"
        ) from error


Piece = tuple[Delivery, Series]


def _add(shelf: Shelf, stream: str, day: date, pieces: list[Piece], covers: Covers) -> int:
    folder = shelf.day(stream, day)
    known = _overlapping(shelf, folder, covers)
    new = [piece for piece in pieces if not _is_covered(piece[0], known)]
    if not new:
        return 0
    table = _table(new)
    put_file(folder, table, {d.origin: covers[d.origin] for d, _ in new})
    return int(table.num_rows)


def _overlapping(shelf: Shelf, folder: Path, covers: Covers) -> Covers:
    """Returns which of the messages that were covered already could be among these: mostly none."""
    known: Covers = {}
    for file in shelf.holding(folder):
        for origin in file.covers.keys() & covers.keys():
            ((first, last),) = covers[origin]
            spans = [s for s in file.covers[origin] if s[0] <= last and first <= s[1]]
            known[origin] = known.get(origin, []) + spans
    return known


def _is_covered(delivery: Delivery, known: Covers) -> bool:
    return any(first <= delivery.offset <= last for first, last in known.get(delivery.origin, ()))


def _spans(deliveries: list[Delivery]) -> Covers:
    offsets: defaultdict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        offsets[delivery.origin].append(delivery.offset)
    return {origin: [(min(seen), max(seen))] for origin, seen in offsets.items()}


def _by_day(deliveries: list[Delivery]) -> dict[date, list[Piece]]:
    days: defaultdict[date, list[Piece]] = defaultdict(list)
    for delivery in deliveries:
        for series in delivery.series:
            for day, part in _split(series):
                days[day].append((delivery, part))
    return days


def _split(series: Series) -> Iterator[tuple[date, Series]]:
    """Yields a series day by day; nearly always it lies within one."""
    first, last = day_of(series.taken_at[0]), day_of(series.taken_at[-1])
    if first == last:
        yield first, series
        return
    start = 0
    for day, moments in groupby(series.taken_at, day_of):
        taken_at = list(moments)
        values = series.values[start : start + len(taken_at)]
        start += len(taken_at)
        yield day, Series(series.thing, series.parameter, series.unit, taken_at, values)


def _table(pieces: list[Piece]) -> pa.Table:
    """Returns the rows of some series, ordered as questions look for them."""
    pieces = sorted(pieces, key=lambda p: (p[1].thing, p[1].parameter, p[1].taken_at[0]))
    lengths = [len(series.values) for _, series in pieces]
    return pa.table(
        [
            _repeated([series.thing for _, series in pieces], lengths),
            _repeated([series.parameter for _, series in pieces], lengths),
            _repeated([series.unit for _, series in pieces], lengths),
            pa.array(_joined(s.taken_at for _, s in pieces), pa.timestamp("us", "UTC")),
            pa.array(_joined(s.values for _, s in pieces), pa.float64()),
            _repeated([delivery.origin for delivery, _ in pieces], lengths),
            pa.array(_stretched([d.offset for d, _ in pieces], lengths), pa.int64()),
        ],
        schema=SCHEMA,
    )


@dataclass(slots=True)
class _Numbered:
    """Numbers texts in the order in which they come."""

    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def _repeated(texts: list[str], lengths: list[int]) -> pa.DictionaryArray:
    number = _Numbered()
    indices = pa.array(_stretched([number(text) for text in texts], lengths), pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(number.numbers, pa.string()))


def _stretched(values: list[int], lengths: list[int]) -> list[int]:
    return _joined(map(repeat, values, lengths))


def _joined(parts: Iterable[Iterable[Any]]) -> list[Any]:
    return list(chain.from_iterable(parts))
