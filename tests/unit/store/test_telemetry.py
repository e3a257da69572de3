"""Samples on disk: each once, however they are delivered, merged or damaged."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.canonical import canonical_bytes, sha256_hex
from graph.model.identifier import Utcs
from graph.model.parameter import ParameterError
from graph.model.time import from_micros, to_micros
from graph.store.errors import BadQuestionError
from graph.store.telemetry.append import Delivery, Series, append
from graph.store.telemetry.ask import MAX_SAMPLES, Bucket, Sample, Span, buckets, samples, window
from graph.store.telemetry.shelf import Shelf, TelemetryError
from graph.store.telemetry.tidy import tidy

ENGINE = Utcs("TEST", "serial", "E-1")
EGT = "engine.egt"
START = datetime(2026, 1, 15, 23, 59, 50, tzinfo=UTC)
"""Ten seconds before midnight, so that most of what is sent lies on two days."""

Make = Callable[[], Shelf]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "a [strange] folder")


def delivery(offset: int, *, origin: str = "t[0]", count: int = 4, value: float = 500) -> Delivery:
    """A message with one sample each five seconds, from a moment that its offset gives."""
    first = to_micros(START) + offset * 1_000_000
    taken_at = [first + n * 5_000_000 for n in range(count)]
    values = [value + n for n in range(count)]
    return Delivery(origin, offset, (Series(str(ENGINE), EGT, "Cel", taken_at, values),))


def span(days: float = 2, **changes: Any) -> Span:
    asked: dict[str, Any] = {
        "utcs": ENGINE,
        "parameter": EGT,
        "since": START,
        "until": START + timedelta(days=days),
    }
    return Span(**(asked | changes))


def rows(shelf: Shelf) -> list[tuple[Any, ...]]:
    """Every row of every file that holds, doubles and all."""
    files = [
        str(file.path).replace("[", "[[]")
        for stream in shelf.streams()
        for folder in shelf.days(stream)
        for file in shelf.holding(folder)
    ]
    query = 'SELECT origin, "offset", epoch_us(taken_at), value FROM read_parquet($files)'
    return sorted(duckdb.connect().execute(query, {"files": files}).fetchall()) if files else []


def sent(*deliveries: Delivery) -> list[tuple[Any, ...]]:
    return sorted(
        (d.origin, d.offset, at, value)
        for d in deliveries
        for series in d.series
        for at, value in zip(series.taken_at, series.values, strict=True)
    )


def test_samples_lie_in_the_folder_of_their_stream_and_day(shelf: Shelf) -> None:
    assert append(shelf, "flight", [delivery(0)]) == 4

    assert [folder.relative_to(shelf.root).as_posix() for folder in shelf.days("flight")] == [
        "stream=flight/day=2026-01-15",
        "stream=flight/day=2026-01-16",
    ]
    assert rows(shelf) == sent(delivery(0))


def test_a_batch_that_comes_again_wholly_or_partly_adds_only_what_is_new(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(n) for n in range(4)])

    again = append(shelf, "flight", [delivery(n) for n in range(4)])
    more = append(shelf, "flight", [delivery(n) for n in range(2, 6)])

    assert (again, more) == (0, 8)
    assert rows(shelf) == sent(*(delivery(n) for n in range(6)))


def test_offsets_of_another_partition_or_stream_are_other_messages(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(0)])

    append(shelf, "flight", [delivery(0, origin="t[1]")])
    append(shelf, "health", [delivery(0)])

    assert rows(shelf) == sent(delivery(0), delivery(0, origin="t[1]"), delivery(0))


def test_offsets_that_were_passed_over_are_not_taken_for_known(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(100)])

    append(shelf, "flight", [delivery(50)])

    assert rows(shelf) == sent(delivery(100), delivery(50))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()), max_size=12),
    st.integers(0, 2),
)
def test_however_batches_are_cut_repeated_and_merged_each_sample_is_there_once(
    tmp_path_factory: pytest.TempPathFactory,
    cuts: list[tuple[int, int, bool]],
    grace_s: int,
) -> None:
    shelf, told = Shelf(tmp_path_factory.mktemp("law")), set()
    for one, other, tidies in cuts:
        batch = range(min(one, other), max(one, other) + 1)
        append(shelf, "flight", [delivery(n) for n in batch])
        told |= set(batch)
        if tidies:
            tidy(shelf, many=2, grace_s=grace_s - 1)

    assert rows(shelf) == sent(*(delivery(n) for n in told))


WRITER = """
import sys
from pathlib import Path
from graph.store.telemetry.append import append
from graph.store.telemetry.shelf import Shelf
from tests.unit.store.test_telemetry import delivery
print("ready", flush=True)
for first in range(0, 400, 4):
    append(Shelf(Path(sys.argv[1])), "flight", [delivery(n) for n in range(first, first + 4)])
    print(first, flush=True)
"""


@pytest.mark.slow
def test_killed_between_file_and_commit_nothing_is_lost_or_doubled(shelf: Shelf) -> None:
    # What is printed is "committed"; the next writer starts from the beginning, as after a lost commit.
    committed = 0
    for patience in (1, 3, 9, 20, 200):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(shelf.root)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            env=os.environ | {"PYTHONPATH": "."},
        )
        with writer:
            assert writer.stdout
            for number, line in enumerate(writer.stdout):
                if line.strip() != b"ready":
                    committed = max(committed, int(line) + 4)
                if number == patience:
                    writer.kill()

    assert committed == 400
    assert rows(shelf) == sent(*(delivery(n) for n in range(committed)))


def test_two_writers_at_once_keep_each_sample_once(shelf: Shelf) -> None:
    batches = [[delivery(n) for n in range(first, first + 5)] for first in range(20)]

    def write(turn: list[list[Delivery]]) -> None:
        for batch in turn:
            append(shelf, "flight", batch)

    threads = [threading.Thread(target=write, args=(turn,)) for turn in (batches, batches[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert rows(shelf) == sent(*(delivery(n) for n in range(24)))


def test_while_files_are_merged_and_deleted_readers_see_no_double_and_no_gap(shelf: Shelf) -> None:
    for n in range(8):
        append(shelf, "flight", [delivery(n, value=n * 10)])
    settled = set(rows(shelf))
    seen, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(rows(shelf))

    reader = threading.Thread(target=read)
    reader.start()
    went = 0
    for n in range(8, 60):
        append(shelf, "flight", [delivery(n, count=1, value=0)])
        went += tidy(shelf, many=2, grace_s=0.3)
    done.set()
    reader.join()

    assert (len(seen) > 1, went > 1) == (True, True)
    for found in seen:
        assert len(found) == len(set(found))
        assert settled <= set(found)


def test_a_merged_file_replaces_also_what_its_parts_replaced(shelf: Shelf) -> None:
    for n in range(4):
        append(shelf, "flight", [delivery(n, count=1)])
        tidy(shelf, many=2)
    (folder,) = shelf.days("flight")
    newest = max(shelf.holding(folder), key=lambda f: f.rows)

    for file in shelf.present(folder):
        if file.path != newest.path and file.replaces:
            file.path.unlink()  # the one in the middle goes first, as if a deletion was cut off

    assert rows(shelf) == sent(*(delivery(n, count=1) for n in range(4)))


@pytest.mark.parametrize("harm", ["cut", "bit", "empty", "foreign"])
def test_a_damaged_file_is_set_aside_and_said_and_its_messages_can_come_again(
    shelf: Shelf, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    append(shelf, "flight", [delivery(0, count=1)])
    append(shelf, "flight", [delivery(1, count=1)])
    (folder,) = shelf.days("flight")
    (path,) = (file.path for file in shelf.holding(folder) if (0, 0) in file.covers["t[0]"])
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(
        {"cut": bytes(data[:300]), "bit": bytes(data), "empty": b"", "foreign": b"x" * 9}[harm]
    )

    course = samples(shelf, span())

    assert [s.at for s in course.samples] == [START + timedelta(seconds=1)]
    assert course.damaged == (path.name,)
    assert "damaged" in caplog.text
    with pytest.raises(TelemetryError, match="damaged; restore it before you decide"):
        window(shelf, span())
    assert append(shelf, "flight", [delivery(0, count=1), delivery(1, count=1)]) == 1
    assert rows(shelf) == sent(delivery(0, count=1), delivery(1, count=1))


def test_an_unfinished_file_is_no_file_and_is_swept_away_later(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(0, count=1)])
    (folder,) = shelf.days("flight")
    draft = folder / ".0123.parquet.77"
    draft.write_bytes(b"PAR1 half a file")

    found = rows(shelf)
    tidy(shelf, grace_s=-1)

    assert found == rows(shelf) == sent(delivery(0, count=1))
    assert not draft.exists()


def test_a_full_disk_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(TelemetryError, match="make room, or see who owns it"):
        append(Shelf(tmp_path / "file"), "flight", [delivery(0)])


def test_of_one_instant_the_value_that_was_sent_last_holds(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(0, count=1, value=1)])
    late = Delivery("t[0]", 7, delivery(0, count=1, value=2).series)

    append(shelf, "flight", [late])

    assert samples(shelf, span()).samples == (Sample(START, 2.0),)
    assert len(rows(shelf)) == 2


def test_pages_join_to_the_whole(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(0, count=10)])
    whole = samples(shelf, span()).samples

    pages: list[tuple[Sample, ...]] = []
    since: datetime | None = START
    while since:
        course = samples(shelf, span(since=since), first=3)
        pages.append(course.samples)
        since = course.next

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert sum(pages, ()) == whole


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.floats(-50, 1000)), min_size=1), st.integers(1, 99)
)
def test_buckets_say_what_the_samples_say(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[int, float]], width: int
) -> None:
    points = sorted(dict(given).items())
    shelf = Shelf(tmp_path_factory.mktemp("law"))
    taken_at = [to_micros(START) + s * 1_000_000 for s, _ in points]
    series = Series(str(ENGINE), EGT, "Cel", taken_at, [value for _, value in points])
    append(shelf, "flight", [Delivery("t[0]", 0, (series,))])

    found = buckets(shelf, span(days=0.01), bucket_s=width).buckets

    expected: dict[int, list[float]] = {}
    for second, value in points:
        expected.setdefault(second // width, []).append(value)
    assert [(b.at, b.count, b.min, b.max) for b in found] == [
        (START + timedelta(seconds=n * width), len(v), min(v), max(v)) for n, v in expected.items()
    ]
    assert [b.mean for b in found] == pytest.approx([sum(v) / len(v) for v in expected.values()])


def test_a_window_hashes_alike_however_its_samples_lie_in_files(shelf: Shelf) -> None:
    for n in range(5):
        append(shelf, "flight", [delivery(n, value=0.1 + n)])
    before = window(shelf, span())

    tidy(shelf, many=2)

    course = samples(shelf, span())
    content = {
        "utcs": str(ENGINE), "parameter": EGT, "unit": "Cel",
        "from": "2026-01-15T23:59:50.000000Z", "to": "2026-01-17T23:59:50.000000Z",
        "samples": [[s.at, repr(s.value)] for s in course.samples],
    }  # fmt: skip
    assert window(shelf, span()) == before
    assert before.sha256 == sha256_hex(canonical_bytes(content))
    assert before.location == (
        "/api/v1/telemetry/utcs:TEST:serial:E-1?parameter=engine.egt"
        "&from=2026-01-15T23:59:50.000000Z&to=2026-01-17T23:59:50.000000Z"
    )


def test_nothing_was_measured_is_an_answer(shelf: Shelf) -> None:
    course = samples(shelf, span())

    assert (course.samples, course.next, course.damaged) == ((), None, ())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"until": START}, "to: .* is not after from"),
        ({"until": START + timedelta(days=9999)}, "to: .* more than 3,700 days after from"),
        ({"parameter": "engine.etg"}, "did you mean 'engine.egt'"),
    ],
)
def test_a_span_that_cannot_be_meant_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises((BadQuestionError, ParameterError), match=problem):
        span(**changes)


def test_too_many_samples_or_buckets_at_once_are_refused(shelf: Shelf) -> None:
    with pytest.raises(BadQuestionError, match=r"first: 10001 is out of bounds"):
        samples(shelf, span(), first=MAX_SAMPLES + 1)
    with pytest.raises(BadQuestionError, match=r"bucket: 17 .* whole number from 18 to"):
        buckets(shelf, span(), bucket_s=17)


def test_buckets_begin_where_the_question_does(shelf: Shelf) -> None:
    append(shelf, "flight", [delivery(0, count=3)])

    (first, second) = buckets(shelf, span(days=0.01), bucket_s=10).buckets

    assert first == Bucket(START, 2, 500, 501, 500.5)
    assert second.at == START + timedelta(seconds=10)
    assert all(a.at < b.at for a, b in pairwise([first, second]))
    assert from_micros(to_micros(first.at)) == START
