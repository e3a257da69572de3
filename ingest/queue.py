"""The broker of a worker, Kafka or RabbitMQ: what it is to the rest of the process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ingest.followers.publishing import Publish
from ingest.handlers.kafka import kafka_broker, kafka_publisher
from ingest.handlers.rabbit import RabbitConsumers
from ingest.inlet import Inlet
from ingest.settings import Settings


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Queue:
    """A broker that is consumed from and published to.

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

    @classmethod
    def of(cls, inlets: Sequence[Inlet], settings: Settings) -> Queue:
        """Returns the broker that the settings name, with what is to be consumed from it."""
        if settings.is_rabbitmq:
            rabbit = RabbitConsumers(inlets, settings)
            return cls(
                rabbit.broker, rabbit.start, rabbit.publisher, rabbit.find_trouble, rabbit.stop
            )
        broker, declare = kafka_broker(inlets, settings)
        return cls(broker, declare, partial(kafka_publisher, broker))
