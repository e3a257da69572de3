"""OpenLineage run events: jobs, their runs, and the data that they read and write."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.governance import Job
from graph.model.learning import TrainingRun
from graph.store.statements import Stated
from ingest.files.known import Known
from ingest.files.openlineage import things_in
from ingest.files.rejected import FileError

SAMPLE = "rul_training.openlineage.jsonl"
CLEAN, TRAIN = (f"0195a6f0-0000-7000-8000-00000000000{n}" for n in (1, 2))


def run_event(**changes: Any) -> dict[str, Any]:
    return {
        "eventType": "COMPLETE",
        "eventTime": "2026-01-01T00:00:00Z",
        "run": {"runId": "r1"},
        "job": {"namespace": "n", "name": "j"},
        "inputs": [],
        "outputs": [],
    } | changes


def test_runs_jobs_and_data_become_things_and_links(samples: Path, read: Any) -> None:
    loaded = read(samples / SAMPLE)

    assert loaded.rejected == []
    names = {local: thing.name for local, thing in loaded.things.items()}
    assert {(names[a], link, names[b]) for a, link, b in loaded.links} == {
        (f"clean_engine_cycles {CLEAN}", "PART_OF", "clean_engine_cycles"),
        ("clean_engine_cycles", "READS", "telemetry/engine"),
        ("engine_cycles", "OUTPUT_OF", "clean_engine_cycles"),
        (f"train_rul {TRAIN}", "OUTPUT_OF", "train_rul"),
        (f"train_rul {TRAIN}", "TRAINED_ON", "engine_cycles"),
        ("train_rul", "READS", "engine_cycles"),
    }
    clean, train = loaded.things[CLEAN], loaded.things[TRAIN]
    assert isinstance(clean, Job)
    assert isinstance(train, TrainingRun)
    assert (clean.status, train.status) == ("succeeded", "failed")
    assert clean.started_at == datetime(2026, 2, 21, 1, tzinfo=UTC)
    assert clean.ended_at == datetime(2026, 2, 21, 1, 12, 30, tzinfo=UTC)


def test_each_link_is_said_once_and_each_state_of_a_run_at_its_time(
    samples: Path, read: Any
) -> None:
    loaded = read(samples / SAMPLE)

    links = [(f.source, f.link, f.target) for f in loaded.facts if f.fact == "put_link"]
    states = [e.time.minute for e in loaded.events if str(e.subject).endswith(CLEAN)]
    assert len(links) == len(set(links))
    assert states == [0, 0, 12]


def test_what_is_known_by_then_keeps_its_owners_words(samples: Path, read: Any) -> None:
    met = things_in(samples / SAMPLE, "ACME")
    early = Stated(datetime(2020, 1, 1, tzinfo=UTC), None, "urn:mlops", "1", "owner")

    loaded = read(samples / SAMPLE, known=Known(stated=dict.fromkeys(met, (early,))))

    assert len(met) == 4
    assert set(loaded.things) == {CLEAN, TRAIN}


@pytest.mark.parametrize("form", ["one", "array", "lines"])
def test_events_come_alone_in_an_array_or_on_lines(read_text: Any, form: str) -> None:
    events = [run_event(), run_event(run={"runId": "r2"})][: 1 if form == "one" else 2]
    text = {
        "one": json.dumps(events[0], indent=2),
        "array": json.dumps(events),
        "lines": "\n".join(map(json.dumps, events)),
    }[form]

    loaded = read_text("a.json", text)

    assert {"r1", "r2"} & set(loaded.things) == {"r1", "r2"} if len(events) == 2 else {"r1"}
    assert loaded.rejected == []


def test_broken_event_loses_no_other(read_text: Any) -> None:
    lines = [
        json.dumps(run_event()),
        "nonsense",
        json.dumps(run_event(eventTime="2026-01-01T00:00:00")),
        json.dumps(run_event(eventType="MAYBE")),
        json.dumps(run_event(run={})),
        json.dumps(run_event(run={"runId": "r9"})),
    ]

    loaded = read_text("a.jsonl", "\n".join(lines))

    assert {"r1", "r9"} <= set(loaded.things)
    assert [reason.partition(" (")[0][:32] for reason in loaded.reasons] == [
        "line 2: not JSON, line 1 column "[:32],
        "line 3: eventTime: '2026-01-01T0"[:32],
        "line 4: eventType: is written in"[:32],
        "line 5: run.runId: is missing; a"[:32],
    ]


def test_document_that_is_no_json_is_refused(read_text: Any) -> None:
    with pytest.raises(FileError, match="not JSON"):
        read_text("a.json", '[{"eventTime": 1, "runId": 2, "job": 3')
