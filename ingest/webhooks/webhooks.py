"""All endpoints, as one TOML file says, and how it goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from graph.store.database import Graph
from ingest.webhooks.settings import read_webhooks
from ingest.webhooks.webhook import Webhook


@dataclass(frozen=True, eq=False, slots=True)
class Webhooks:
    """The followers that call endpoints, and their measures."""

    followers: tuple[Webhook, ...] = ()

    @classmethod
    def of(cls, graph: Graph, path: Path | None) -> Webhooks:
        """Returns what a file asks for; nothing where there is no file.

        Raises:
            FileError: The file cannot be meant.
            WebhookError: A secret is not where it is said to be, or is none.
        """
        endpoints = read_webhooks(path).endpoint if path else ()
        for one in endpoints:
            one.secrets()  # so that a worker without them does not start
        return cls(tuple(Webhook(graph, one) for one in endpoints))

    def collect(self) -> Iterator[Metric]:
        """Yields the measures, read when they are asked for."""
        calls = CounterMetricFamily(
            "utcs_webhook_calls",
            "Calls to endpoints: delivered, failed and to be made again, or undelivered for good.",
            labels=["endpoint", "end"],
        )
        up = GaugeMetricFamily(
            "utcs_webhook_up", "Whether the last call was answered by 2xx.", labels=["endpoint"]
        )
        for one in self.followers:
            for end, number in sorted(one.counts.items()):
                calls.add_metric([one.settings.name, end], number)
            up.add_metric([one.settings.name], one.trouble is None)
        yield from (calls, up)
