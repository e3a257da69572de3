"""All places where files are exchanged, as one TOML file says, and what goes on in them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.flows.submit import Principal
from graph.store.database import Graph
from ingest.drop.drop import Dropper
from ingest.drop.settings import DropSettings
from ingest.files.toml import read_toml
from ingest.pickup.pickup import Pickup
from ingest.pickup.settings import PickupSettings


class ExchangeSettings(BaseModel):
    """What is picked up and dropped where; see docs/operator.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pickup: tuple[PickupSettings, ...] = Field(default=(), max_length=1000)
    drop: tuple[DropSettings, ...] = Field(default=(), max_length=1000)

    @model_validator(mode="after")
    def _named_apart(self) -> ExchangeSettings:
        for names in ([one.name for one in self.pickup], [one.name for one in self.drop]):
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"name: {min(twice)!r} stands there twice; names tell them apart")
        journals = [str(one.journal) for one in self.drop]
        if twice := {path for path in journals if journals.count(path) > 1}:
            raise ValueError(f"journal: {min(twice)!r} stands there twice; each drop needs its own")
        return self


def read_exchange(path: Path) -> ExchangeSettings:
    """Returns what a TOML file says of places.

    Raises:
        FileError: It is not there, not TOML, or says what cannot be meant.
    """
    return read_toml(path, ExchangeSettings, "a list of places")


@dataclass(eq=False, slots=True)
class Exchange:
    """All that goes on in places, and how it goes."""

    pickups: list[Pickup] = field(default_factory=list)
    droppers: list[Dropper] = field(default_factory=list)

    @classmethod
    def of(cls, graph: Graph, principal: Principal, path: Path | None) -> Exchange:
        """Returns what a file asks for; nothing where there is no file.

        Raises:
            FileError: The file cannot be meant.
            PlaceError: A secret is not where it is said to be.
        """
        settings = read_exchange(path) if path else ExchangeSettings()
        return cls(
            [Pickup(one, one.place(), graph, principal) for one in settings.pickup],
            [Dropper(one, one.place(), graph) for one in settings.drop],
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Exchanges files for as long as this is entered; what is cut off then is finished later."""
        every: list[Pickup | Dropper] = [*self.pickups, *self.droppers]
        tasks = [asyncio.create_task(one.run()) for one in every]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for one in every:
                await one.place.close()

    def collect(self) -> Iterator[Metric]:
        """Yields the measures, read when they are asked for."""
        yield from self._picked_up()
        yield from self._dropped()

    def _picked_up(self) -> Iterator[Metric]:
        files = CounterMetricFamily(
            "utcs_pickup_files", "Files that were picked up, by where they ended.",
            labels=["pickup", "end"],
        )  # fmt: skip
        events = CounterMetricFamily(
            "utcs_pickup_events", "Events of files that were picked up, by what became of them.",
            labels=["pickup", "status"],
        )  # fmt: skip
        waiting = _gauge("utcs_pickup_waiting", "Files that are not whole yet.", "pickup")
        up = _gauge("utcs_pickup_up", "Whether files can be picked up.", "pickup")
        for pickup in self.pickups:
            name = pickup.settings.name
            for end, number in sorted(pickup.files.items()):
                files.add_metric([name, end], number)
            for status, number in sorted(pickup.events.items()):
                events.add_metric([name, status], number)
            waiting.add_metric([name], pickup.waiting)
            up.add_metric([name], pickup.trouble is None)
        yield from (files, events, waiting, up)

    def _dropped(self) -> Iterator[Metric]:
        files = CounterMetricFamily("utcs_drop_files", "Files that were dropped.", labels=["drop"])
        up = _gauge("utcs_drop_up", "Whether files can be dropped.", "drop")
        for dropper in self.droppers:
            files.add_metric([dropper.settings.name], dropper.files)
            up.add_metric([dropper.settings.name], dropper.trouble is None)
        yield from (files, up)


def _gauge(name: str, says: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, labels=[label])
