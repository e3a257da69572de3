"""What a Prometheus scraper reads: how the process does, and how the graph does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.store.database import Graph
from graph.store.errors import StoreError
from graph.store.followers import followers
from graph.store.freshness import freshness
from graph.store.health import Counters, read_counters

# Creation times double the answer, and nobody asks when a counter was born.
disable_created_metrics()  # type: ignore[no-untyped-call]

PATIENCE_S: Final = 5
"""Scrapers give up after ten seconds."""

_GAUGES: Final = {
    "head_seq": ("utcs_log_head_seq", "Number of the last entry in the change log."),
    "parked": ("utcs_events_parked", "Events that wait for something they need."),
    "refused": ("utcs_events_refused", "Dead letters, settled or not."),
    "open": ("utcs_dead_letters_open", "Dead letters that nobody has settled."),
    "stale": ("utcs_anchors_stale", "Things whose current copy has been overtaken by the clock."),
}
_SOURCES: Final = {
    "silent_s": (
        "utcs_source_seconds_since_last_event",
        "How long ago the last event of a source was recorded.",
    ),
    "is_stale": ("utcs_source_stale", "Whether a source is silent for longer than it should be."),
}
_FOLLOWERS: Final = {
    "lag_entries": ("utcs_follower_lag_entries", "Entries of the change log that wait for it."),
    "lag_s": ("utcs_follower_lag_seconds", "How long the first of them has waited."),
    "is_running": ("utcs_follower_running", "Whether a process runs it."),
}
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The measures of one process; every app has its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "utcs_http_requests", "Requests answered.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "utcs_http_request_seconds", "From the request's head to the end of the answer.",
            ("method", "route"), registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip
        self._up = Gauge("utcs_graph_up", "Whether the graph answers.", registry=self.registry)
        self._gauges = {
            field: Gauge(name, doc, registry=self.registry)
            for field, (name, doc) in _GAUGES.items()
        }
        self._sources = self._labelled("source", _SOURCES)
        self._followers = self._labelled("follower", _FOLLOWERS)

    def _labelled(self, label: str, gauges: dict[str, tuple[str, str]]) -> dict[str, Gauge]:
        return {
            field: Gauge(name, doc, (label,), registry=self.registry)
            for field, (name, doc) in gauges.items()
        }

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    async def scrape(self, graph: Graph) -> Response:
        """Returns all measures; those of the graph are left out while it does not answer."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                self._set(await read_counters(graph))
                sources = {s.source or str(s.utcs): s for s in await freshness(graph)}
                _set_each(self._sources, sources)
                _set_each(self._followers, {f.name: f for f in await followers(graph)})
            self._up.set(1)
        except (StoreError, TimeoutError):
            self._up.set(0)
            for gauge in self._gauges.values():
                gauge.set(float("nan"))
            for gauge in (*self._sources.values(), *self._followers.values()):
                gauge.clear()
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    def _set(self, counters: Counters) -> None:
        for field, gauge in self._gauges.items():
            gauge.set(getattr(counters, field))


def _set_each(gauges: dict[str, Gauge], measured: Mapping[str, object]) -> None:
    """Tells what there is now, and nothing of what is gone."""
    for field, gauge in gauges.items():
        gauge.clear()
        for label, value in measured.items():
            if (number := getattr(value, field)) is not None:
                gauge.labels(label).set(number)


class Measure:
    """ASGI middleware that counts and times every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request and measures it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.count(method, _route(scope), status, time.perf_counter() - began)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(scope: Scope) -> str:
    """Returns the pattern that matched; never the path, or strangers could make labels at will."""
    return getattr(scope.get("route"), "path", "other")
