"""What the worker process tells over HTTP: whether it works, how much it did, how to speak to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from faststream.asgi import AsgiResponse, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from graph.model.schemas import event_schema
from graph.model.schemas import written as written_schema
from ingest.asyncapi import SCHEMA, Names, asyncapi, written
from ingest.hub.take import Hub
from ingest.inlet import Inlet
from ingest.messages.schemas import schema_files
from ingest.page import HEADERS, page
from ingest.queue import Queue
from ingest.settings import Settings

Routes = list[tuple[str, Any]]


def routes(
    queue: Queue,
    inlets: Sequence[Inlet],
    hubs: Sequence[Hub],
    measured: Sequence[Collector],
    settings: Settings,
) -> Routes:
    """Returns all that is answered, by path."""
    return [
        ("/healthz", _fixed(b'{"status":"ok"}', {"content-type": "application/json"})),
        ("/readyz", _readyz(queue, inlets)),
        ("/metrics", _metrics(inlets, hubs, measured)),
        *_documents(settings),
    ]


def _documents(settings: Settings) -> Routes:
    """Returns what tells senders how to talk to this worker: for programs, and for people."""
    names = Names(settings.events, settings.hub, settings.changes, settings.dead_letters)
    document = asyncapi(names, settings.hosts, "amqp" if settings.is_rabbitmq else "kafka")
    json = HEADERS | {"content-type": "application/json"}
    schema = HEADERS | {"content-type": "application/schema+json"}
    return [
        ("/asyncapi.json", _fixed(written(document), json)),
        ("/asyncapi", _fixed(page(document), HEADERS)),
        (f"/{SCHEMA}", _fixed(written_schema(event_schema()), schema)),
        *((f"/schemas/{name}", _fixed(body, schema)) for name, body in schema_files().items()),
    ]


def _fixed(body: bytes, headers: dict[str, str]) -> Any:
    @get
    async def fixed(scope: Any) -> AsgiResponse:
        return AsgiResponse(body, 200, headers)

    return fixed


def _readyz(queue: Queue, inlets: Sequence[Inlet]) -> Any:
    @get
    async def readyz(scope: Any) -> AsgiResponse:
        reason = _trouble(inlets) or queue.find_trouble()
        if reason is None and not await queue.broker.ping(timeout=3):
            reason = "the queue does not answer"
        if reason is None:
            return AsgiResponse(b'{"status":"ready"}', 200, {"content-type": "application/json"})
        problem = {"title": "Not ready", "status": 503, "detail": reason}
        headers = {"content-type": "application/problem+json", "retry-after": "5"}
        return AsgiResponse(orjson.dumps(problem), 503, headers)

    return readyz


def _trouble(inlets: Sequence[Inlet]) -> str | None:
    return next((inlet.intake.trouble for inlet in inlets if inlet.intake.trouble), None)


def _metrics(inlets: Sequence[Inlet], hubs: Sequence[Hub], measured: Sequence[Collector]) -> Any:
    registry = CollectorRegistry()
    registry.register(_Counts(inlets, hubs))
    for one in measured:
        registry.register(one)

    @get
    async def metrics(scope: Any) -> AsgiResponse:
        return AsgiResponse(generate_latest(registry), 200, {"content-type": CONTENT_TYPE_LATEST})

    return metrics


class _Counts:
    """What became of what came in, and whether the graph takes any: read when it is asked."""

    def __init__(self, inlets: Sequence[Inlet], hubs: Sequence[Hub]) -> None:
        self._inlets = inlets
        self._hubs = hubs

    def collect(self) -> list[Metric]:
        """Returns the measures."""
        is_up = _trouble(self._inlets) is None
        up = GaugeMetricFamily("utcs_work_graph_up", "Whether the graph takes events.", is_up)
        return [self._events(), self._reports(), self._samples(), up]

    def _events(self) -> Metric:
        events = CounterMetricFamily(
            "utcs_work_events",
            "Events that were consumed, by what became of them.",
            labels=["status"],
        )
        reports = {id(hub.intake) for hub in self._hubs}
        counts: dict[str, int] = {}
        for inlet in self._inlets:
            if id(inlet.intake) not in reports:
                for status, number in inlet.intake.counts.items():
                    counts[status] = counts.get(status, 0) + number
        for status, number in sorted(counts.items()):
            events.add_metric([status], number)
        return events

    def _reports(self) -> Metric:
        reports = CounterMetricFamily(
            "utcs_hub_reports",
            "Reports of the operational data hub, by stream and what became of their facts.",
            labels=["stream", "status"],
        )
        for hub in self._hubs:
            for status, number in sorted(hub.intake.counts.items()):
                reports.add_metric([hub.stream, status], number)
        return reports

    def _samples(self) -> Metric:
        samples = CounterMetricFamily(
            "utcs_hub_samples", "Samples that were new, by stream.", labels=["stream"]
        )
        for hub in self._hubs:
            samples.add_metric([hub.stream], hub.samples)
        return samples
