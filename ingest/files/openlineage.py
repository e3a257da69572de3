"""OpenLineage run events: which job read and wrote which data, and how each of its runs went.

See docs/loading.md for what becomes of which member.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.errors import TraceError
from graph.model.event import Event, explain
from graph.model.fact import Fact, PutLink
from graph.model.identifier import Utcs
from graph.model.strict import JsonError, read_json
from graph.model.time import UtcDatetime
from ingest.files.json_document import MAX_DOCUMENT, read_document
from ingest.files.known import NOTHING, Known
from ingest.files.rejected import Rejected, file_error
from ingest.files.statement import Speaker, make_event, put_link, put_node

SOURCE: Final = "urn:openlineage"
"""One source for all files, so that an event is the same event wherever it is found."""

RANK: Final = 20
"""Below the default: what only mentions a dataset yields to the system that owns it."""

_STATUS: Final = {
    "START": "running",
    "RUNNING": "running",
    "OTHER": "running",
    "COMPLETE": "succeeded",
    "FAIL": "failed",
    "ABORT": "cancelled",
}
_ENDS: Final = frozenset({"COMPLETE", "FAIL", "ABORT"})
_TRAINING: Final = ("TRAIN", "TRAINING", "MODEL_TRAINING")
"""The `jobType` facet of a job that trains a model."""


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    namespace: str = Field(min_length=1)
    name: str = Field(min_length=1)
    facets: dict[str, Any] = Field(default_factory=dict)

    @property
    def foreign(self) -> str:
        """What names it: OpenLineage, Naming Conventions."""
        return f"{self.namespace}/{self.name}"


class _Run(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    id: str = Field(alias="runId", min_length=1)
    facets: dict[str, Any] = Field(default_factory=dict)


class RunEvent(BaseModel):
    """What the thread reads of a run event; all of it, facets too, stays in `extra` of the run."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = Field(
        alias="eventType", default="OTHER", pattern="^(START|RUNNING|COMPLETE|ABORT|FAIL|OTHER)$"
    )
    time: UtcDatetime = Field(alias="eventTime")
    run: _Run
    job: _Named
    inputs: tuple[_Named, ...] = ()
    outputs: tuple[_Named, ...] = ()

    @property
    def trains(self) -> bool:
        """Whether the job says of itself that it trains a model."""
        facet = self.job.facets.get("jobType")
        return isinstance(facet, dict) and str(facet.get("jobType", "")).upper() in _TRAINING


def read_openlineage(
    path: Path, *, actor: str, authority: str, source: str | None = None, known: Known = NOTHING
) -> Iterator[Event | Rejected]:
    """Yields what run events say: first that there are such jobs and data, then the run, then its links.

    Args:
        path: One run event, an array of them, or one on each line.
        actor: Who loads it.
        authority: Who issues the identifiers that are made for the things in it.
        source: The `source` of the events; by default one for all OpenLineage.
        known: What the graph knows of the things in the file.

    Raises:
        FileError: The file as a whole cannot be read.
    """
    reader = _Reader(Speaker(source or SOURCE, actor, authority, RANK), known)
    for where, document in read_run_events(path):
        try:
            yield from reader.read(run_event(document), document)
        except TraceError as error:
            yield Rejected(where, error.message, json.dumps(document)[:2000])


def read_run_events(path: Path) -> Iterator[tuple[str, Any]]:
    """Yields each document with its place; lines that are no JSON come as they are."""
    with path.open("rb") as file:
        first = file.readline(MAX_DOCUMENT + 1)
        try:
            alone = not file.read(1) or not isinstance(read_json(first), dict)
        except JsonError:
            alone = True
    if alone:
        document = read_document(path)
        documents = document if isinstance(document, list) else [document]
        yield from ((f"event {number}", one) for number, one in enumerate(documents, start=1))
        return
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_DOCUMENT + 1), b""), start=1):
            if len(line) > MAX_DOCUMENT:
                raise file_error(
                    path, f"is over {MAX_DOCUMENT:,} bytes; split it", f"line {number}"
                )
            if line.strip():
                yield f"line {number}", _line(line)


def _line(line: bytes) -> Any:
    try:
        return read_json(line)
    except JsonError as error:
        return error.message


def run_event(document: Any) -> RunEvent:
    """Returns a run event.

    Raises:
        TraceError: A member is missing or wrong; the sentence names it.
    """
    if not isinstance(document, dict):
        raise TraceError(
            document if isinstance(document, str) else "event: a JSON object is expected"
        )
    try:
        return RunEvent.model_validate(document)
    except ValidationError as error:
        raise TraceError(explain(error)) from error


def things_in(path: Path, authority: str) -> set[Utcs]:
    """Returns the jobs and data that stand in a file, to ask since when they are known."""
    speaker, met = Speaker(SOURCE, "", authority), set[Utcs]()
    for _, document in read_run_events(path):
        try:
            event = run_event(document)
        except TraceError:
            continue  # the reader tells of it
        met |= {speaker.name("job", event.job.foreign)}
        met |= {speaker.name("dataset", one.foreign) for one in (*event.inputs, *event.outputs)}
    return met


class _Reader:
    """One pass through one file: remembers what was met and linked, and when each run began."""

    def __init__(self, speaker: Speaker, known: Known) -> None:
        self.speaker = speaker
        self.since = {utcs: said[0].valid_from for utcs, said in known.stated.items() if said}
        self.began: dict[str, datetime] = {}
        self.linked: dict[tuple[Utcs, str, Utcs], datetime] = {}

    def read(self, event: RunEvent, document: Mapping[str, Any]) -> Iterator[Event]:
        job = self.speaker.name("job", event.job.foreign)
        inputs = [self.speaker.name("dataset", one.foreign) for one in event.inputs]
        outputs = [self.speaker.name("dataset", one.foreign) for one in event.outputs]
        run = self.speaker.name("trainingrun" if event.trains else "job", event.run.id)
        if event.type == "START":
            self.began.setdefault(event.run.id, event.time)
        stated = self._event(event, [put_node(run, self._properties(event, document))])
        yield from self._introduced(event, job, event.job)
        for utcs, one in zip((*inputs, *outputs), (*event.inputs, *event.outputs), strict=True):
            yield from self._introduced(event, utcs, one)
        yield stated
        for fact in self._links(event, run, job, inputs, outputs):
            since = self.linked.get(key := (fact.source, fact.link, fact.target))
            if since is None or event.time < since:
                self.linked[key] = event.time
                yield self._event(event, [fact])

    def _introduced(self, event: RunEvent, utcs: Utcs, named: _Named) -> Iterator[Event]:
        """Yields that a thing exists, unless that is known of the time of the event."""
        since = self.since.get(utcs)
        if since is not None and since <= event.time:
            return
        self.since[utcs] = event.time
        properties: dict[str, Any] = {"name": named.name[:300]}
        properties["extra"] = {"openlineage": {"namespace": named.namespace, "name": named.name}}
        if utcs.kind == "dataset":
            properties["location"] = named.foreign if len(named.foreign) <= 300 else None
        yield self._event(event, [put_node(utcs, properties)])

    def _properties(self, event: RunEvent, document: Mapping[str, Any]) -> dict[str, Any]:
        message = event.run.facets.get("errorMessage")
        said: dict[str, Any] = {
            "name": f"{event.job.name} {event.run.id}"[:300],
            "number": event.run.id[:100],
            "status": _STATUS[event.type],
            "started_at": self.began.get(event.run.id),
            "ended_at": event.time if event.type in _ENDS else None,
            "extra": {"openlineage": dict(document)},
        }
        if not event.trains and isinstance(message, dict) and message.get("message"):
            said["message"] = str(message["message"])[:100_000]
        return said

    def _links(
        self, event: RunEvent, run: Utcs, job: Utcs, inputs: list[Utcs], outputs: list[Utcs]
    ) -> Iterator[PutLink]:
        """Yields what depends on what: the run on its job, the job on what it reads, data on the job."""
        yield put_link(run, "OUTPUT_OF" if event.trains else "PART_OF", job)
        for dataset in dict.fromkeys(inputs):
            yield put_link(job, "READS", dataset)
            if event.trains:
                yield put_link(run, "TRAINED_ON", dataset)
        for dataset in dict.fromkeys(outputs):
            yield put_link(dataset, "OUTPUT_OF", job)

    def _event(self, event: RunEvent, facts: list[Fact]) -> Event:
        return make_event(self.speaker, f"{event.run.id} {event.type}", facts, event.time)
