"""All reports that are sent on a schedule, as one TOML file says, and how it goes with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from graph.errors import TraceError
from graph.store.database import Graph
from ingest.files.rejected import file_error
from ingest.reporting.reporter import Reporter, Writer
from ingest.reporting.settings import read_reporting


@dataclass(frozen=True, eq=False, slots=True)
class Reporting:
    """What sends reports, and its measures."""

    reporters: tuple[Reporter, ...] = ()

    @classmethod
    def of(cls, graph: Graph, writer: Writer | None, path: Path | None) -> Reporting:
        """Returns what a file asks for; nothing where there is no file.

        Raises:
            FileError: The file cannot be meant, or nobody told the worker how reports are made.
            PlaceError: A secret is not where it is said to be.
        """
        if path is None:
            return cls()
        if writer is None:
            raise file_error(path, "needs a worker that makes reports; run `python -m cli.worker`")
        settings = read_reporting(path).report
        for one in settings:
            try:
                writer.check(one.report, one.form)
            except TraceError as error:
                raise file_error(path, f"report {one.name}: {error.message}") from error
        return cls(tuple(Reporter(one, one.place(), graph, writer) for one in settings))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sends reports for as long as this is entered; what is cut off then is finished later."""
        tasks = [asyncio.create_task(one.run()) for one in self.reporters]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in self.reporters:
                await one.place.close()

    def collect(self) -> Iterator[Metric]:
        """Yields the measures, read when they are asked for."""
        files = CounterMetricFamily(
            "utcs_report_files", "Reports that were sent.", labels=["report"]
        )
        up = GaugeMetricFamily("utcs_report_up", "Whether reports can be sent.", labels=["report"])
        for one in self.reporters:
            files.add_metric([one.settings.name], one.files)
            up.add_metric([one.settings.name], one.trouble is None)
        yield from (files, up)
