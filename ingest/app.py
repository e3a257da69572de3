"""The worker process, put together: a broker, the graph that it feeds, and what tells how it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from faststream.asgi import AsgiFastStream, AsgiResponse, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from graph.errors import TraceError
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.telemetry.shelf import Shelf
from graph.store.telemetry.tidy import tidy
from ingest.handlers.kafka import kafka_broker
from ingest.hub.take import Hub
from ingest.intake import Intake
from ingest.messages.hub import STREAMS
from ingest.settings import Settings

TIDY_EACH_S: Final = 60.0
"""A stream that trickles makes a file for each message, and each append looks at all files of a day."""

_log: Final = logging.getLogger(__name__)


def create_app(graph: Graph, settings: Settings) -> AsgiFastStream:
    """Returns a worker over an open graph.

    Args:
        graph: The graph; the caller closes it after the app has ended.
        settings: What the process was told.
    """
    principal, shelf = Principal.of("utcs-work", "admin"), Shelf(settings.samples)
    intake = Intake(graph, principal)
    hubs = [Hub(stream, Intake(graph, principal), shelf) for stream in STREAMS]
    takes = {settings.events: intake.take} | {settings.topic(h.stream): h.take for h in hubs}
    broker, declare = kafka_broker(takes, settings)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        await declare()
        tidying = asyncio.create_task(_tidy(shelf))
        yield
        tidying.cancel()

    return AsgiFastStream(
        broker,
        lifespan=lifespan,
        logger=None,
        asgi_routes=[
            ("/healthz", _healthz),
            ("/readyz", _readyz([intake, *(hub.intake for hub in hubs)], broker)),
            ("/metrics", _metrics(intake, hubs)),
        ],
    )


async def _tidy(shelf: Shelf) -> None:
    """Merges small files of samples now and then."""
    while True:
        await asyncio.sleep(TIDY_EACH_S)
        try:
            await asyncio.to_thread(tidy, shelf)
        except (TraceError, OSError):
            _log.exception("samples could not be tidied; it is tried again")


@get
async def _healthz(scope: Any) -> AsgiResponse:
    return AsgiResponse(b'{"status":"ok"}', 200, {"content-type": "application/json"})


def _readyz(intakes: Sequence[Intake], broker: Any) -> Any:
    @get
    async def readyz(scope: Any) -> AsgiResponse:
        reason = next((intake.trouble for intake in intakes if intake.trouble), None)
        if reason is None and not await broker.ping(timeout=3):
            reason = "the queue does not answer"
        if reason is None:
            return AsgiResponse(b'{"status":"ready"}', 200, {"content-type": "application/json"})
        problem = {"title": "Not ready", "status": 503, "detail": reason}
        headers = {"content-type": "application/problem+json", "retry-after": "5"}
        return AsgiResponse(orjson.dumps(problem), 503, headers)

    return readyz


def _metrics(intake: Intake, hubs: Sequence[Hub]) -> Any:
    registry = CollectorRegistry()
    registry.register(_Counts(intake, hubs))

    @get
    async def metrics(scope: Any) -> AsgiResponse:
        return AsgiResponse(generate_latest(registry), 200, {"content-type": CONTENT_TYPE_LATEST})

    return metrics


class _Counts:
    """What became of what came in, and whether the graph takes any: read when it is asked."""

    def __init__(self, intake: Intake, hubs: Sequence[Hub]) -> None:
        self._intake = intake
        self._hubs = hubs

    def collect(self) -> list[Metric]:
        """Returns the measures."""
        intakes = [self._intake, *(hub.intake for hub in self._hubs)]
        up = all(intake.trouble is None for intake in intakes)
        return [self._events(), self._reports(), self._samples(), _up(up)]

    def _events(self) -> Metric:
        events = CounterMetricFamily(
            "utcs_work_events",
            "Events that were consumed, by what became of them.",
            labels=["status"],
        )
        for status, number in sorted(self._intake.counts.items()):
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


def _up(is_up: bool) -> Metric:
    return GaugeMetricFamily("utcs_work_graph_up", "Whether the graph takes events.", is_up)
