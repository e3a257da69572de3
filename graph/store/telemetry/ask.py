"""What was measured? Samples, their course, and the fingerprint of a window that a decision rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from glob import escape
from typing import Any, Final
from urllib.parse import urlencode

import duckdb

from graph.model.canonical import canonical_bytes, sha256_hex
from graph.model.identifier import Utcs
from graph.model.parameter import get_parameter
from graph.model.time import UtcDatetime, format_utc, from_micros, to_micros
from graph.store.errors import BadQuestionError
from graph.store.question import bounded
from graph.store.telemetry.shelf import Shelf, TelemetryError

MAX_SAMPLES: Final = 10_000
"""The most samples, or buckets, in one answer."""

MAX_WINDOW: Final = 1_000_000
"""The most samples of which a fingerprint is made."""

MAX_DAYS: Final = 3_700
"""The longest time one question may be about: ten years."""

ATTEMPTS: Final = 5

_DAY: Final = timedelta(days=1)

# Of one instant the value that was sent last holds, so a sensor that is read out twice counts once.
_SAMPLES: Final = """
SELECT epoch_us(taken_at) AS taken_at, value
FROM read_parquet($files, hive_partitioning = false)
WHERE thing = $thing AND parameter = $parameter AND taken_at >= $since AND taken_at < $until
QUALIFY row_number() OVER (PARTITION BY taken_at ORDER BY "offset" DESC, origin DESC) = 1
ORDER BY taken_at
"""
_LISTED: Final = _SAMPLES + "LIMIT $limit"
_BUCKETS: Final = (
    "SELECT (taken_at - $start) // $width AS bucket, count(*), min(value), max(value), avg(value) "
    + "FROM (" + _SAMPLES + ") GROUP BY bucket ORDER BY bucket"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One measured value."""

    at: UtcDatetime
    value: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was measured from `at` on, for the width of a bucket; a bucket without samples is left out."""

    at: UtcDatetime
    count: int
    min: float
    max: float
    mean: float


@dataclass(frozen=True, slots=True)
class Span:
    """What is asked about: a parameter of a thing, from `since` until just before `until`."""

    utcs: Utcs
    parameter: str
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        get_parameter(self.parameter)
        if not self.since < self.until:
            raise BadQuestionError(
                f"to: {format_utc(self.until)} is not after from, {format_utc(self.since)}; "
                "give a later moment",
                field="to",
            )
        if self.until - self.since > MAX_DAYS * _DAY:
            raise BadQuestionError(
                f"to: {format_utc(self.until)} is more than {MAX_DAYS:,} days after from; ask for less",
                field="to",
            )


@dataclass(frozen=True, slots=True)
class Course:
    """What was measured of a parameter of a thing.

    Attributes:
        unit: The UCUM code of all values.
        samples: Single values, if no buckets were asked for.
        buckets: Values drawn together, if buckets were asked for.
        next: Where to go on, as `from`; None if that is all.
        damaged: Files of these days that cannot be read and were set aside; their samples are missing.
    """

    utcs: Utcs
    parameter: str
    unit: str
    samples: tuple[Sample, ...]
    buckets: tuple[Bucket, ...]
    next: UtcDatetime | None
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A fingerprint of samples: what an alert or a prediction keeps of those it was drawn from.

    Attributes:
        sha256: The SHA-256 of their canonical form; see `window`.
        location: Where to ask for them, relative to the service.
        count: How many there are.
    """

    sha256: str
    location: str
    count: int


def samples(shelf: Shelf, span: Span, *, first: int = 1000) -> Course:
    """Returns single values in the order of time.

    Raises:
        BadQuestionError: The number is out of bounds.
        TelemetryError: The files cannot be read.
    """
    limit = bounded("first", first, MAX_SAMPLES)
    rows, damaged = _ask(shelf, _LISTED, span, limit=limit + 1)
    listed = tuple(Sample(from_micros(at), value) for at, value in rows[:limit])
    more = from_micros(rows[limit][0]) if len(rows) > limit else None
    return _course(span, damaged, samples=listed, next=more)


def buckets(shelf: Shelf, span: Span, *, bucket_s: int) -> Course:
    """Returns count, least, greatest and mean value of each so many seconds, from the beginning on.

    Raises:
        BadQuestionError: There would be too many buckets; the sentence says how wide they must be.
        TelemetryError: The files cannot be read.
    """
    least = -(-(span.until - span.since) // timedelta(seconds=MAX_SAMPLES))
    width = bounded("bucket", bucket_s, 366 * 86_400, least=max(1, least)) * 1_000_000
    start = to_micros(span.since)
    rows, damaged = _ask(shelf, _BUCKETS, span, start=start, width=width)
    listed = tuple(Bucket(from_micros(start + n * width), *rest) for n, *rest in rows)
    return _course(span, damaged, buckets=listed)


def window(shelf: Shelf, span: Span) -> Window:
    """Returns the fingerprint of all samples of a span.

    It is the SHA-256 of the canonical form (RFC 8785) of an object with `utcs`, `parameter`, `unit`,
    `from`, `to` and `samples`: a list of [time, value], the value as the shortest text that reads back
    as the same binary64. Whoever has the samples can compute it, whatever files they lie in.

    Raises:
        BadQuestionError: There are too many samples.
        TelemetryError: The files cannot be read, or some of them are damaged.
    """
    rows, damaged = _ask(shelf, _LISTED, span, limit=MAX_WINDOW + 1)
    if damaged:
        raise TelemetryError(f"telemetry: {damaged[0]} is damaged; restore it before you decide")
    if len(rows) > MAX_WINDOW:
        raise BadQuestionError(
            f"to: there are over {MAX_WINDOW:,} samples until then; narrow the window", field="to"
        )
    content = {
        "utcs": str(span.utcs),
        "parameter": span.parameter,
        "unit": get_parameter(span.parameter).unit,
        "from": format_utc(span.since),
        "to": format_utc(span.until),
        "samples": [[format_utc(from_micros(at)), repr(value)] for at, value in rows],
    }
    return Window(sha256_hex(canonical_bytes(content)), location(span), len(rows))


def location(span: Span) -> str:
    """Returns where the service tells the samples of a span."""
    asked = {
        "parameter": span.parameter,
        "from": format_utc(span.since),
        "to": format_utc(span.until),
    }
    return f"/api/v1/telemetry/{span.utcs}?{urlencode(asked, safe=':')}"


def _course(span: Span, damaged: tuple[str, ...], **rest: Any) -> Course:
    unit = get_parameter(span.parameter).unit
    told: dict[str, Any] = {"samples": (), "buckets": (), "next": None} | rest
    return Course(span.utcs, span.parameter, unit, damaged=damaged, **told)


def _ask(shelf: Shelf, text: str, span: Span, **more: int) -> tuple[list[Any], tuple[str, ...]]:
    parameters = {
        "thing": str(span.utcs),
        "parameter": span.parameter,
        "since": span.since,
        "until": span.until,
        **more,
    }
    for attempt in range(1, ATTEMPTS + 1):
        files, damaged = _files(shelf, span)
        if not files:
            break
        try:
            with duckdb.connect() as connection:
                return connection.execute(text, {"files": files, **parameters}).fetchall(), damaged
        except duckdb.IOException as error:  # a file was replaced long ago, and went just now
            if attempt == ATTEMPTS:
                raise TelemetryError(f"telemetry {shelf.root}: {error}") from error
    return [], damaged


def _files(shelf: Shelf, span: Span) -> tuple[list[str], tuple[str, ...]]:
    """Returns the files that hold samples of these days, and the names of those that are damaged."""
    first, last = f"day={span.since.date()}", f"day={span.until.date()}"
    days = [
        folder
        for stream in shelf.streams()
        for folder in shelf.days(stream)
        if first <= folder.name <= last
    ]
    held = [escape(str(file.path)) for folder in days for file in shelf.holding(folder)]
    damaged = [path.name for folder in days for path in shelf.set_aside(folder)]
    return held, tuple(damaged)
