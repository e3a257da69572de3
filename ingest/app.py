"""The worker process, put together: a broker, the graph that it feeds, and what tells how it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from faststream.asgi import AsgiFastStream, AsgiResponse, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from graph.flows.submit import Principal
from graph.model.schemas import event_schema
from graph.model.schemas import written as written_schema
from graph.store.database import Graph
from ingest.asyncapi import SCHEMA, asyncapi, written
from ingest.handlers.kafka import kafka_broker
from ingest.intake import Intake
from ingest.page import HEADERS, page
from ingest.settings import Settings


def create_app(graph: Graph, settings: Settings) -> AsgiFastStream:
    """Returns a worker over an open graph.

    Args:
        graph: The graph; the caller closes it after the app has ended.
        settings: What the process was told.
    """
    intake = Intake(graph, Principal.of("utcs-work", "admin"))
    broker, declare = kafka_broker(intake, settings)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        await declare()
        yield

    return AsgiFastStream(
        broker,
        lifespan=lifespan,
        logger=None,
        asgi_routes=[
            ("/healthz", _healthz),
            ("/readyz", _readyz(intake, broker)),
            ("/metrics", _metrics(intake)),
            *_documents(settings),
        ],
    )


@get
async def _healthz(scope: Any) -> AsgiResponse:
    return AsgiResponse(b'{"status":"ok"}', 200, {"content-type": "application/json"})


def _documents(settings: Settings) -> list[tuple[str, Any]]:
    """Returns what tells senders how to talk to this worker: for programs, and for people."""
    document = asyncapi(settings.events, settings.dead_letters, tuple(settings.bootstrap))
    json = HEADERS | {"content-type": "application/json"}
    schema = HEADERS | {"content-type": "application/schema+json"}
    return [
        ("/asyncapi.json", _fixed(written(document), json)),
        ("/asyncapi", _fixed(page(document), HEADERS)),
        (f"/{SCHEMA}", _fixed(written_schema(event_schema()), schema)),
    ]


def _fixed(body: bytes, headers: dict[str, str]) -> Any:
    @get
    async def fixed(scope: Any) -> AsgiResponse:
        return AsgiResponse(body, 200, headers)

    return fixed


def _readyz(intake: Intake, broker: Any) -> Any:
    @get
    async def readyz(scope: Any) -> AsgiResponse:
        reason = intake.trouble
        if reason is None and not await broker.ping(timeout=3):
            reason = "the queue does not answer"
        if reason is None:
            return AsgiResponse(b'{"status":"ready"}', 200, {"content-type": "application/json"})
        problem = {"title": "Not ready", "status": 503, "detail": reason}
        headers = {"content-type": "application/problem+json", "retry-after": "5"}
        return AsgiResponse(orjson.dumps(problem), 503, headers)

    return readyz


def _metrics(intake: Intake) -> Any:
    registry = CollectorRegistry()
    registry.register(_Counts(intake))

    @get
    async def metrics(scope: Any) -> AsgiResponse:
        return AsgiResponse(generate_latest(registry), 200, {"content-type": CONTENT_TYPE_LATEST})

    return metrics


class _Counts:
    """What became of events, and whether the graph takes any: read from the intake when it is asked."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def collect(self) -> list[Metric]:
        """Returns the measures."""
        events = CounterMetricFamily(
            "utcs_work_events",
            "Events that were consumed, by what became of them.",
            labels=["status"],
        )
        for status, number in sorted(self._intake.counts.items()):
            events.add_metric([status], number)
        doc = "Whether the graph takes events."
        return [events, GaugeMetricFamily("utcs_work_graph_up", doc, self._intake.trouble is None)]
