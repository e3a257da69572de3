"""The worker process, put together: a broker, the graph that it feeds, and what tells how it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
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
from graph.store.follow import Follower, Pace
from ingest.asyncapi import SCHEMA, asyncapi, written
from ingest.exchange import Exchange
from ingest.fleet.live import live, play
from ingest.followers.changes import Changes, Publish
from ingest.followers.freshness import SourceWatch
from ingest.followers.postgres.mirror import Mirror
from ingest.followers.run import Followers
from ingest.handlers.kafka import kafka_broker, kafka_publisher
from ingest.handlers.rabbit import RabbitConsumer
from ingest.intake import Intake
from ingest.page import HEADERS, page
from ingest.settings import Settings


def create_app(graph: Graph, settings: Settings) -> AsgiFastStream:
    """Returns a worker over an open graph.

    Args:
        graph: The graph; the caller closes it after the app has ended.
        settings: What the process was told.
    """
    principal = Principal.of("utcs-work", "admin")
    intake = Intake(graph, principal)
    exchange = Exchange.of(graph, principal, settings.places)
    queue = (_rabbitmq if settings.is_rabbitmq else _kafka)(intake, settings)
    pace = Pace(lease_s=settings.lease_s)
    followers = Followers(graph, [*_followers(graph, settings, queue.publisher)], pace)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        await queue.start()
        async with exchange.running(), _living(settings, queue.publisher(settings.events)):
            yield

    async def stop() -> None:
        await followers.stop()
        await queue.stop()

    return AsgiFastStream(
        queue.broker,
        lifespan=lifespan,
        after_startup=[followers.start],  # some of them publish
        on_shutdown=[stop],
        logger=None,
        asgi_routes=[
            ("/healthz", _healthz),
            ("/readyz", _readyz(intake, queue)),
            ("/metrics", _metrics(intake, exchange)),
            *_documents(settings),
        ],
    )


async def _nothing() -> None:
    pass


@dataclass(frozen=True)
class _Queue:
    """A broker that the worker consumes from and publishes to.

    Attributes:
        broker: What FastStream starts and stops.
        start: Makes what is not there yet, before anything is consumed.
        publisher: Returns what sends to a topic or queue.
        find_trouble: Why nothing can be consumed at this moment, if so.
        stop: Ends consuming.
    """

    broker: Any
    start: Callable[[], Awaitable[None]]
    publisher: Callable[[str], Publish]
    find_trouble: Callable[[], str | None] = lambda: None
    stop: Callable[[], Awaitable[None]] = _nothing


def _kafka(intake: Intake, settings: Settings) -> _Queue:
    broker, declare = kafka_broker(intake, settings)
    return _Queue(broker, declare, partial(kafka_publisher, broker))


def _rabbitmq(intake: Intake, settings: Settings) -> _Queue:
    rabbit = RabbitConsumer(intake, settings)
    return _Queue(
        rabbit.broker, rabbit.start, rabbit.publisher, lambda: rabbit.trouble, rabbit.stop
    )


def _followers(
    graph: Graph, settings: Settings, publisher: Callable[[str], Publish]
) -> Iterator[Follower]:
    """Yields the followers that a worker was told to run."""
    yield SourceWatch(graph)
    if settings.changes:
        yield Changes(graph, settings.changes, publisher(settings.changes))
    if settings.postgres_uri:
        yield Mirror(graph, settings.postgres_uri.get_secret_value())


@asynccontextmanager
async def _living(settings: Settings, publish: Publish) -> AsyncIterator[None]:
    """Lets the sample fleet go on, for as many aircraft as were asked for, while the worker runs."""
    events = live(1, settings.live_aircraft, datetime.now(UTC))
    playing = asyncio.create_task(play(events, publish))
    try:
        yield
    finally:
        playing.cancel()


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


def _readyz(intake: Intake, queue: _Queue) -> Any:
    @get
    async def readyz(scope: Any) -> AsgiResponse:
        reason = intake.trouble or queue.find_trouble()
        if reason is None and not await queue.broker.ping(timeout=3):
            reason = "the queue does not answer"
        if reason is None:
            return AsgiResponse(b'{"status":"ready"}', 200, {"content-type": "application/json"})
        problem = {"title": "Not ready", "status": 503, "detail": reason}
        headers = {"content-type": "application/problem+json", "retry-after": "5"}
        return AsgiResponse(orjson.dumps(problem), 503, headers)

    return readyz


def _metrics(intake: Intake, exchange: Exchange) -> Any:
    registry = CollectorRegistry()
    registry.register(_Counts(intake))
    registry.register(exchange)

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
