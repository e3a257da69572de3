"""The worker process, put together: a broker, the graph that it feeds, and what tells how it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson
from faststream.asgi import AsgiFastStream, AsgiResponse, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.follow import Follower, Pace
from ingest.files.tables import read_tables
from ingest.followers.changes import Changes, Publish
from ingest.followers.freshness import SourceWatch
from ingest.followers.postgres.mirror import Mirror
from ingest.followers.run import Followers
from ingest.handlers.kafka import kafka_broker, kafka_publisher
from ingest.intake import Intake
from ingest.messages.debezium import read_change
from ingest.settings import Settings


def create_app(graph: Graph, settings: Settings) -> AsgiFastStream:
    """Returns a worker over an open graph.

    Args:
        graph: The graph; the caller closes it after the app has ended.
        settings: What the process was told.
    """
    principal = Principal.of("utcs-work", "admin")
    intake = Intake(graph, principal)
    captured = _captured(graph, principal, settings)
    intakes = [intake] if captured is None else [intake, captured]
    broker, declare = kafka_broker(intake, settings, captured)
    publish = kafka_publisher(broker, settings.changes)
    pace = Pace(lease_s=settings.lease_s)
    followers = Followers(graph, [*_followers(graph, settings, publish)], pace)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        await declare()
        yield

    return AsgiFastStream(
        broker,
        lifespan=lifespan,
        after_startup=[followers.start],  # some of them publish
        on_shutdown=[followers.stop],
        logger=None,
        asgi_routes=[
            ("/healthz", _healthz),
            ("/readyz", _readyz(intakes, broker)),
            ("/metrics", _metrics(intakes)),
        ],
    )


def _captured(graph: Graph, principal: Principal, settings: Settings) -> Intake | None:
    """Returns what takes the change events of a foreign database, if there is one.

    Raises:
        FileError: The mapping of its tables cannot be used.
    """
    if settings.debezium_mapping is None:
        return None
    tables = read_tables(settings.debezium_mapping)
    return Intake(graph, principal, partial(read_change, tables=tables))


def _followers(graph: Graph, settings: Settings, publish: Publish) -> Iterator[Follower]:
    """Yields the followers that a worker was told to run."""
    yield SourceWatch(graph)
    if settings.changes:
        yield Changes(graph, settings.changes, publish)
    if settings.postgres_uri:
        yield Mirror(graph, settings.postgres_uri.get_secret_value())


@get
async def _healthz(scope: Any) -> AsgiResponse:
    return AsgiResponse(b'{"status":"ok"}', 200, {"content-type": "application/json"})


def _readyz(intakes: Sequence[Intake], broker: Any) -> Any:
    @get
    async def readyz(scope: Any) -> AsgiResponse:
        reason = _trouble(intakes)
        if reason is None and not await broker.ping(timeout=3):
            reason = "the queue does not answer"
        if reason is None:
            return AsgiResponse(b'{"status":"ready"}', 200, {"content-type": "application/json"})
        problem = {"title": "Not ready", "status": 503, "detail": reason}
        headers = {"content-type": "application/problem+json", "retry-after": "5"}
        return AsgiResponse(orjson.dumps(problem), 503, headers)

    return readyz


def _metrics(intakes: Sequence[Intake]) -> Any:
    registry = CollectorRegistry()
    registry.register(_Counts(intakes))

    @get
    async def metrics(scope: Any) -> AsgiResponse:
        return AsgiResponse(generate_latest(registry), 200, {"content-type": CONTENT_TYPE_LATEST})

    return metrics


def _trouble(intakes: Sequence[Intake]) -> str | None:
    return next((intake.trouble for intake in intakes if intake.trouble is not None), None)


class _Counts:
    """What became of events, and whether the graph takes any: read from the intakes when it is asked."""

    def __init__(self, intakes: Sequence[Intake]) -> None:
        self._intakes = intakes

    def collect(self) -> list[Metric]:
        """Returns the measures."""
        events = CounterMetricFamily(
            "utcs_work_events",
            "Events that were consumed, by what became of them.",
            labels=["status"],
        )
        counts = sum((Counter(intake.counts) for intake in self._intakes), Counter[str]())
        for status, number in sorted(counts.items()):
            events.add_metric([status], number)
        doc = "Whether the graph takes events."
        return [
            events,
            GaugeMetricFamily("utcs_work_graph_up", doc, _trouble(self._intakes) is None),
        ]
