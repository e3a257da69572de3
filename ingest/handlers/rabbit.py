"""Consumes events from RabbitMQ: gathered into batches, acknowledged one by one when each is safe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue

from ingest.gather import Gather
from ingest.intake import Intake
from ingest.messages.cloudevent import Message
from ingest.messages.letter import Letter
from ingest.settings import Settings

DELIVERIES: Final = 20
"""A message whose worker died so often while it held it is moved aside by RabbitMQ itself."""


def rabbit_broker(
    intake: Intake, settings: Settings
) -> tuple[RabbitBroker, Callable[[], Awaitable[None]]]:
    """Returns the broker that feeds an intake, and what makes its queue where there are none."""
    broker = RabbitBroker(settings.queue_uri.get_secret_value(), logger=None)
    dead = RabbitQueue(settings.dead_letters, queue_type=QueueType.QUORUM)
    queue = RabbitQueue(
        settings.events,
        queue_type=QueueType.QUORUM,
        arguments={
            "x-delivery-limit": DELIVERIES,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": settings.dead_letters,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    gather: Gather[Message, list[Letter]] = Gather(
        lambda messages: _by_message(intake, messages), settings.batch, settings.linger_ms / 1000
    )

    @broker.subscriber(
        queue,
        ack_policy=AckPolicy.MANUAL,
        channel=Channel(prefetch_count=2 * settings.batch),
        decoder=_undecoded,
    )
    async def take(message: RabbitMessage) -> None:
        for letter in await gather(_message(message, settings.events)):
            await broker.publish(
                letter.message.body, dead, headers=dict(letter.headers()), persist=True
            )
        await message.ack()

    async def declare() -> None:
        await broker.connect()
        await broker.declare_queue(dead)

    return broker, declare


async def _by_message(intake: Intake, messages: list[Message]) -> list[list[Letter]]:
    letters = await intake.take(messages)
    return [[letter for letter in letters if letter.message is message] for message in messages]


async def _undecoded(message: RabbitMessage, _: Any) -> Any:
    return message.body


def _message(message: RabbitMessage, queue: str) -> Message:
    raw = message.raw_message
    headers: dict[str, str | bytes] = {
        str(name): value if isinstance(value, str | bytes) else str(value)
        for name, value in (raw.headers or {}).items()
    }
    if raw.content_type:
        headers["content-type"] = raw.content_type
    return Message(raw.body, headers, f"{queue} at {raw.delivery_tag}")
