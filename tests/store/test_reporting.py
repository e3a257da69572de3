"""Reports on a schedule: made, put into their place whole, recorded once, and acknowledged."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cli.worker import Reports
from graph.flows.lifecycle import LifecycleError
from graph.flows.sending import Receipt, record_receipt
from graph.flows.submit import ForbiddenError, Principal
from graph.model.time import Coordinates, TimeError, to_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.sendings import Sending, sendings
from ingest.files.rejected import FileError
from ingest.places.place import PlaceError
from ingest.reporting import reporter as reporting
from ingest.reporting.reporter import Reporter, ReportingError
from ingest.reporting.reporting import Reporting
from ingest.reporting.settings import ReportSettings
from tests.store.linking import tell, thing
from tests.store.saying import event

Make = Callable[..., Reporter]
ANNA = Principal.of("anna", "editor")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FIRST, SECOND = "easa-20260309T0600Z.json", "easa-20260310T0600Z.json"


class Pen:
    """Writes in an instant what says for when it was asked."""

    def __init__(self) -> None:
        self.asked: list[Coordinates] = []

    def check(self, report: str, form: str) -> None:
        """Takes all."""

    async def write(
        self, graph: Graph, report: str, about: str | None, form: str, at: Coordinates
    ) -> bytes:
        self.asked.append(at)
        return f"{report} as of {at.as_of}".encode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.fixture
def make(graph: Graph, place: Path) -> Make:
    """Makes what sends a report each day at six, since March 8, as one worker has it; it is March 10."""

    def made(now: datetime = NOW, writer: Any = None, **changes: Any) -> Reporter:
        said = {
            "name": "easa", "report": "occurrences", "form": "json", "recipient": "EASA",
            "authority": "TEST", "since": "2026-03-08T12:00:00Z", "cron": "0 6 * * *",
            "url": f"file://{place}",
        }  # fmt: skip
        settings = ReportSettings(**said | changes)
        clocked = replace(graph, clock=lambda: to_micros(now))
        return Reporter(settings, settings.place(), clocked, writer or Pen())

    return made


async def sent(graph: Graph) -> list[Sending]:
    far = Coordinates(as_of=NOW + timedelta(days=1000))
    return [*(await sendings(graph, at=far)).sendings]


def files(place: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in place.iterdir() if not one.name.startswith(".")}


def fails_once(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Lets a step be cut off, once, before it does anything."""
    whole = getattr(reporting, name)

    async def cut(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(reporting, name, whole)
        raise asyncio.CancelledError

    monkeypatch.setattr(reporting, name, cut)


async def test_what_is_due_is_sent_in_order_with_its_manifest_and_recorded(
    graph: Graph, make: Make, place: Path
) -> None:
    worker = make()

    await worker.round()

    found = files(place)
    assert set(found) == {FIRST, SECOND, f"{FIRST}.manifest.json", f"{SECOND}.manifest.json"}
    sha256 = hashlib.sha256(found[FIRST]).hexdigest()
    told = json.loads(found[f"{FIRST}.manifest.json"])
    assert told == {"name": FIRST, "size": len(found[FIRST]), "sha256": sha256}
    one, two = (each.job for each in await sent(graph))
    assert (one.report, one.recipient, one.sha256) == ("occurrences", "EASA", sha256)
    assert (one.as_of, one.known_at, one.due_at, one.ended_at) == (
        *[datetime(2026, 3, 9, 6, tzinfo=UTC)] * 3, NOW,
    )  # fmt: skip
    assert (one.location, one.receipt) == (f"file://{place}/{FIRST}", None)
    assert two.due_at == datetime(2026, 3, 10, 6, tzinfo=UTC)


async def test_the_catalogue_writes_what_is_sent_the_same_whenever_it_is_made(
    graph: Graph, make: Make, place: Path
) -> None:
    await tell(graph, event(thing("incident-1", is_reportable=True)))
    await make(writer=Reports()).round()

    again = await Reports().write(
        graph, "occurrences", None, "json", Coordinates(*[datetime(2026, 3, 9, 6, tzinfo=UTC)] * 2)
    )

    assert json.loads(again)["report"]["kind"] == "occurrences"
    assert files(place)[FIRST] == again


@pytest.mark.parametrize("hour", [-2, 0, 24 * 3])
async def test_a_clock_that_is_set_anew_sends_nothing_twice(
    graph: Graph, make: Make, place: Path, hour: int
) -> None:
    await make().round()
    before = [one.utcs for one in await sent(graph)]
    for name in files(place):
        (place / name).unlink()  # the recipient took them

    await make(NOW - timedelta(days=1)).round()
    await make(NOW + timedelta(hours=hour)).round()

    after = [one.utcs for one in await sent(graph)]
    assert after[: len(before)] == before
    assert len(set(after)) == len(after) == 2 + max(0, hour // 24)
    assert not {FIRST, SECOND} & set(files(place))


async def test_killed_between_writing_and_recording_it_is_recorded_and_not_written_again(
    graph: Graph, make: Make, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_once(monkeypatch, "record_sending")
    with pytest.raises(asyncio.CancelledError):
        await make(NOW - timedelta(days=1)).round()
    written = (place / FIRST).stat()
    assert await sent(graph) == []

    await make(NOW - timedelta(days=1)).round()

    assert [one.job.due_at for one in await sent(graph)] == [datetime(2026, 3, 9, 6, tzinfo=UTC)]
    now = (place / FIRST).stat()
    assert (now.st_ino, now.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


async def test_killed_before_the_manifest_it_is_put_there_again_whole(
    graph: Graph, make: Make, place: Path
) -> None:
    (place / FIRST).write_bytes(b"half of")

    await make(NOW - timedelta(days=1)).round()

    (one,) = await sent(graph)
    assert hashlib.sha256(files(place)[FIRST]).hexdigest() == one.job.sha256
    assert f"{FIRST}.manifest.json" in files(place)


async def test_of_two_workers_one_sends(graph: Graph, make: Make, place: Path) -> None:
    workers = [make() for _ in range(4)]

    await asyncio.gather(*(one.round() for one in workers))
    await workers[0].round()

    assert sum(one.files for one in workers) == 2
    assert len(await sent(graph)) == 2


async def test_a_missing_folder_is_told_and_the_report_comes_once_it_is_there(
    graph: Graph, make: Make, place: Path
) -> None:
    worker = make(url=f"file://{place}/later")
    with pytest.raises(PlaceError, match="later"):
        await worker.round()
    assert await sent(graph) == []

    await asyncio.to_thread((place / "later").mkdir)
    await worker.round()

    assert len(await sent(graph)) == 2


async def test_what_cannot_be_made_is_told_and_tried_again(
    graph: Graph, make: Make, place: Path
) -> None:
    waits: list[float] = []

    async def enough(pause_s: float) -> None:
        waits.append(pause_s)
        if len(waits) == 2:
            raise asyncio.CancelledError

    worker = make(writer=Reports(), about="utcs:TEST:aircraft:nowhere")
    worker.sleep = enough

    with pytest.raises(asyncio.CancelledError):
        await worker.run()

    assert worker.trouble is not None
    assert "nowhere" in worker.trouble
    assert (await sent(graph), files(place)) == ([], {})


async def test_a_record_that_was_withdrawn_is_told_and_not_sent_for_ever(
    graph: Graph, make: Make, place: Path
) -> None:
    worker = make(NOW - timedelta(days=1))
    await worker.round()
    (one,) = await sent(graph)
    withdrawn = {
        "fact": "correct", "source": "urn:utcs:reporting", "id": f"sent {one.utcs}", "reason": "wrong"
    }  # fmt: skip
    await tell(graph, event(withdrawn))

    with pytest.raises(ReportingError, match="cannot be recorded"):
        await worker.round()


def receipt(one: Sending, **changes: Any) -> Receipt:
    assert one.job.sha256 is not None
    told = Receipt(one.utcs, one.job.sha256, "E-118", NOW + timedelta(hours=1), "EASA desk")
    return replace(told, **changes)


async def test_a_receipt_is_recorded_once_and_the_same_again_is_the_same(
    graph: Graph, make: Make
) -> None:
    await make().round()
    one, _ = await sent(graph)
    clocked = replace(graph, clock=lambda: to_micros(NOW + timedelta(days=1)))

    first = await record_receipt(clocked, ANNA, receipt(one))
    again = await record_receipt(clocked, ANNA, receipt(one))

    assert (first.is_new, again.is_new) == (True, False)
    done, open_ = await sent(graph)
    assert (done.job.receipt, done.job.received_by) == ("E-118", "EASA desk")
    assert done.job.received_at == NOW + timedelta(hours=1)
    assert done.job.sha256 == one.job.sha256
    outstanding = await sendings(graph, is_outstanding=True, at=Coordinates(as_of=NOW))
    assert open_.utcs in [each.utcs for each in outstanding.sendings]
    later = await sendings(
        graph, is_outstanding=True, at=Coordinates(as_of=NOW + timedelta(days=2))
    )
    assert [each.utcs for each in later.sendings] == [open_.utcs]


@pytest.mark.parametrize(
    ("changes", "error", "why"),
    [
        ({"sha256": "0" * 64}, LifecycleError, "another file came"),
        ({"received_at": NOW - timedelta(hours=1)}, LifecycleError, "before it was sent"),
        ({"received_at": NOW + timedelta(days=9)}, BadQuestionError, "still to come"),
        ({"received_at": datetime(2026, 3, 10, 13)}, TimeError, "receivedAt"),  # noqa: DTZ001
        ({"number": " "}, BadQuestionError, "number: is empty"),
        ({"received_by": ""}, BadQuestionError, "receivedBy: is empty"),
        ({"number": "x" * 500}, BadQuestionError, "receipt"),
    ],
)
async def test_a_receipt_that_cannot_be_meant_is_refused_and_nothing_written(
    graph: Graph, make: Make, changes: dict[str, Any], error: type[Exception], why: str
) -> None:
    await make().round()
    one, _ = await sent(graph)
    clocked = replace(graph, clock=lambda: to_micros(NOW + timedelta(days=1)))

    with pytest.raises(error, match=why):
        await record_receipt(clocked, ANNA, receipt(one, **changes))

    assert (await sent(graph))[0] == one


async def test_another_receipt_of_the_same_report_is_refused(graph: Graph, make: Make) -> None:
    await make().round()
    one, _ = await sent(graph)
    clocked = replace(graph, clock=lambda: to_micros(NOW + timedelta(days=1)))
    await record_receipt(clocked, ANNA, receipt(one))

    with pytest.raises(LifecycleError, match="acknowledged under E-118"):
        await record_receipt(clocked, ANNA, receipt(one, number="E-119"))

    assert (await sent(graph))[0].job.receipt == "E-118"


async def test_of_two_receipts_at_once_one_is_taken(graph: Graph, make: Make) -> None:
    await make().round()
    one, _ = await sent(graph)
    clocked = replace(graph, clock=lambda: to_micros(NOW + timedelta(days=1)))

    told = await asyncio.gather(
        *(record_receipt(clocked, ANNA, receipt(one, number=f"E-{n}")) for n in range(4)),
        return_exceptions=True,
    )

    (taken,) = (each for each in told if not isinstance(each, BaseException))
    assert all(isinstance(each, LifecycleError) for each in told if each is not taken)
    assert (await sent(graph))[0].job.receipt == taken.job.receipt


async def test_a_receipt_of_what_was_never_sent_or_of_a_reader_is_refused(
    graph: Graph, make: Make
) -> None:
    await make().round()
    one, _ = await sent(graph)
    await tell(graph, event(thing("job-1", category="export")))

    for other in ("utcs:TEST:job:job-1", "utcs:TEST:job:REPORT.easa.20250101T0600Z"):
        with pytest.raises(NotFoundError, match="no report that was sent"):
            await record_receipt(graph, ANNA, receipt(one, sending=one.utcs.parse(other)))
    with pytest.raises(ForbiddenError):
        await record_receipt(graph, Principal.of("rita", "reader"), receipt(one))


async def test_what_was_sent_is_paged(graph: Graph, make: Make) -> None:
    await make().round()
    at = Coordinates(as_of=NOW)

    one = await sendings(graph, first=1, at=at)
    two = await sendings(graph, first=1, after=one.next, at=at)

    assert [each.utcs for each in (*one.sendings, *two.sendings)] == [
        each.utcs for each in await sent(graph)
    ]
    assert (one.total, two.next) == (2, None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('report = "occurences"', "did you mean occurrences"),
        ('form = "reqif"', "reqif"),
        ('cron = "61 * * * *"', "minute"),
        ('since = "2026-03-08T12:00:00"', "since"),
        ('recipient = ""', "recipient"),
    ],
)
async def test_a_schedule_that_cannot_be_meant_is_refused_at_the_start(
    graph: Graph, tmp_path: Path, line: str, why: str
) -> None:
    said = {
        "name": '"easa"', "report": '"occurrences"', "recipient": '"EASA"', "authority": '"TEST"',
        "since": "2026-03-08T12:00:00Z", "cron": '"0 6 * * *"', "url": f'"file://{tmp_path}"',
    }  # fmt: skip
    name, _, value = line.partition(" = ")
    text = "\n".join(f"{key} = {given}" for key, given in (said | {name: value}).items())
    path = tmp_path / "reports.toml"
    path.write_text(f"[[report]]\n{text}\n")

    with pytest.raises((FileError, ValidationError), match=why):
        Reporting.of(graph, Reports(), path)


async def test_a_worker_that_cannot_make_reports_does_not_start_with_a_schedule(
    graph: Graph, tmp_path: Path
) -> None:
    path = tmp_path / "reports.toml"
    path.write_text("")

    with pytest.raises(FileError, match=r"cli\.worker"):
        Reporting.of(graph, None, path)
    assert Reporting.of(graph, Reports(), path).reporters == ()
