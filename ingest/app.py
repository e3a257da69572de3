"""The worker process, put together: a broker, the graph that it feeds, and what else it does meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from faststream.asgi import AsgiFastStream

from graph.errors import TraceError
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.follow import Follower, Pace
from graph.store.telemetry.shelf import Shelf
from graph.store.telemetry.tidy import tidy
from ingest.exchange import Exchange
from ingest.files.tables import read_tables
from ingest.followers.changes import Changes
from ingest.followers.freshness import SourceWatch
from ingest.followers.maintenance import Maintenance
from ingest.followers.postgres.mirror import Mirror
from ingest.followers.publishing import Publish
from ingest.followers.run import Followers
from ingest.hub.take import Hub
from ingest.inlet import Inlet
from ingest.intake import Intake
from ingest.messages.debezium import read_change
from ingest.messages.hub import STREAMS
from ingest.queue import Queue
from ingest.reporting.reporter import Writer
from ingest.reporting.reporting import Reporting
from ingest.routes import routes
from ingest.settings import Settings
from ingest.webhooks.webhooks import Webhooks

TIDY_EACH_S: Final = 60.0
"""A stream that trickles makes a file for each message, and each append looks at all files of a day."""

_log: Final = logging.getLogger(__name__)


def create_app(graph: Graph, settings: Settings, writer: Writer | None = None) -> AsgiFastStream:
    """Returns a worker over an open graph.

    Args:
        graph: The graph; the caller closes it after the app has ended.
        settings: What the process was told.
        writer: What makes reports; without it none are sent.

    Raises:
        FileError: A file that a setting names cannot be used.
        PlaceError, WebhookError: A secret is not where it is said to be.
    """
    principal, shelf = Principal.of("utcs-work", "admin"), Shelf(settings.samples)
    hubs = [Hub(stream, Intake(graph, principal), shelf) for stream in STREAMS]
    inlets = [
        Inlet.of_events(Intake(graph, principal), settings),
        *(Inlet((settings.topic(h.stream),), h.take, h.intake, f"hub.{h.stream}") for h in hubs),
        *_captured(graph, principal, settings),
    ]
    queue = Queue.of(inlets, settings)
    exchange = Exchange.of(graph, principal, settings.places)
    webhooks = Webhooks.of(graph, settings.webhooks)
    reporting = Reporting.of(graph, writer, settings.reports)
    pace = Pace(lease_s=settings.lease_s)
    every = [*_followers(graph, settings, queue.publisher), *webhooks.followers]
    followers = Followers(graph, every, pace)

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        await queue.start()
        works = _meanwhile(_tidy(shelf), *_flights(settings, queue))
        async with exchange.running(), reporting.running(), works:
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
        asgi_routes=routes(queue, inlets, hubs, (exchange, webhooks, reporting), settings),
    )


def _captured(graph: Graph, principal: Principal, settings: Settings) -> Iterator[Inlet]:
    """Yields what takes the change events of a foreign database, if there is one."""
    if settings.debezium_mapping is not None:
        tables = read_tables(settings.debezium_mapping)
        intake = Intake(graph, principal, partial(read_change, tables=tables))
        yield Inlet(settings.debezium_topics, intake.take, intake, "debezium", is_ours=False)


def _followers(
    graph: Graph, settings: Settings, publisher: Callable[[str], Publish]
) -> Iterator[Follower]:
    """Yields the followers that a worker was told to run."""
    yield SourceWatch(graph)
    maintenance = settings.topic("maintenance")
    yield Maintenance(graph, maintenance, publisher(maintenance))
    if settings.changes:
        yield Changes(graph, settings.changes, publisher(settings.changes))
    if settings.postgres_uri:
        yield Mirror(graph, settings.postgres_uri.get_secret_value())


def _flights(settings: Settings, queue: Queue) -> Iterator[Coroutine[Any, Any, None]]:
    """Yields what lets the sample fleet go on, if some of it is to."""
    if settings.live_aircraft:
        # Heavy to import, and only the demo needs it.
        from ingest.fleet.live import live, play

        start = datetime.now(UTC).replace(microsecond=0)
        flights = live(1, settings.live_aircraft, start)
        yield play(flights, queue.publisher(settings.events))


@asynccontextmanager
async def _meanwhile(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Goes on with some works while the worker runs."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def _tidy(shelf: Shelf) -> None:
    """Merges small files of samples now and then."""
    while True:
        await asyncio.sleep(TIDY_EACH_S)
        try:
            await asyncio.to_thread(tidy, shelf)
        except (TraceError, OSError):
            _log.exception("samples could not be tidied; it is tried again")
