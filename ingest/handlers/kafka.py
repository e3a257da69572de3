"""Consumes events from Kafka: whole batches, in the order of their partitions, committed when all is safe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from aiokafka import ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from graph.model.event import MAX_BYTES
from ingest.followers.publishing import Publish
from ingest.inlet import Inlet
from ingest.messages.cloudevent import Message
from ingest.messages.letter import Letter
from ingest.settings import Settings

MAX_POLL_MS: Final = 24 * 3600 * 1000
"""How long a consumer may hold its batch while the graph is down; heartbeats show that it lives."""

MAX_MESSAGE: Final = 2 * MAX_BYTES
"""The largest message, in bytes: the largest event, and what is told along with it."""

AGAIN_S: Final = 1.0
"""How long to wait before a batch that could not be finished is read again."""

_log: Final = logging.getLogger(__name__)

Records = tuple["ConsumerRecord[bytes, bytes]", ...]


def kafka_broker(
    inlets: Sequence[Inlet], settings: Settings
) -> tuple[KafkaBroker, Callable[[], Awaitable[None]]]:
    """Returns the broker that feeds some inlets, and what makes topics where there are none."""
    broker = KafkaBroker(
        settings.bootstrap,
        client_id="utcs-work",
        logger=None,
        acks="all",
        enable_idempotence=True,
        max_request_size=MAX_MESSAGE,
    )
    for inlet in inlets:
        _subscribe(broker, inlet, settings)

    async def declare() -> None:
        await _make_topics(inlets, settings)

    return broker, declare


def _subscribe(broker: KafkaBroker, inlet: Inlet, settings: Settings) -> None:
    @broker.subscriber(
        *inlet.topics,
        batch=True,
        group_id=inlet.group(settings),
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        max_records=settings.batch,
        batch_timeout_ms=settings.linger_ms,
        max_poll_interval_ms=MAX_POLL_MS,
        parser=_without_headers,
        decoder=_undecoded,
    )
    async def take(message: KafkaMessage) -> None:
        records: Any = message.raw_message
        try:
            letters = await inlet.take([_message(record) for record in records])
            await _send(broker, settings.dead_letters, letters)
        except Exception:
            # Left alone, it would be passed over by the next commit; so it is read again.
            _log.exception("a batch could not be finished, and is taken again")
            await asyncio.sleep(AGAIN_S)
            await message.nack()
        else:
            await message.ack()


def kafka_publisher(broker: KafkaBroker, topic: str) -> Publish:
    """Returns what sends messages to a topic of a broker that is up.

    All are under way at once; the producer is idempotent, so each partition gets its own in their order.
    """

    async def publish(messages: Sequence[Message]) -> None:
        sent = [
            await broker.publish(
                message.body,
                topic,
                key=message.key,
                headers=message.text_headers,
                no_confirm=True,
            )
            for message in messages
        ]
        # To the end of all, also when one fails: nothing may be under way when they are sent again.
        for outcome in await asyncio.gather(*sent, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    return publish


async def _make_topics(inlets: Sequence[Inlet], settings: Settings) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.bootstrap)
    await admin.start()
    try:
        for topic in _topics(inlets, settings):  # one by one: where one exists, others may not
            with suppress(TopicAlreadyExistsError):
                await admin.create_topics([topic])
    finally:
        await admin.close()


def _topics(inlets: Sequence[Inlet], settings: Settings) -> Iterator[NewTopic]:
    for inlet in inlets:
        for name in inlet.topics if inlet.is_ours else ():
            yield NewTopic(name, settings.partitions, settings.replicas)
    yield NewTopic(settings.dead_letters, 1, settings.replicas)
    large = {"max.message.bytes": str(MAX_MESSAGE)}
    for name in settings.outward:
        yield NewTopic(name, settings.partitions, settings.replicas, topic_configs=large)


async def _without_headers(records: Records, parse: Any) -> Any:
    """Lets FastStream see no headers: it takes all for UTF-8, and one that is none would end the consumer."""
    message = await parse(tuple(replace(record, headers=()) for record in records))
    message.raw_message = records
    return message


async def _undecoded(message: KafkaMessage, _: Any) -> Any:
    return message.body


def _message(record: ConsumerRecord[bytes, bytes]) -> Message:
    return Message(
        body=record.value or b"",
        headers={name: _text(value) for name, value in record.headers},
        place=f"{record.topic}[{record.partition}] at {record.offset}",
        key=record.key,
        origin=f"{record.topic}[{record.partition}]",
        offset=record.offset,
    )


def _text(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


async def _send(broker: KafkaBroker, topic: str, letters: Sequence[Letter]) -> None:
    for letter in letters:
        await broker.publish(
            letter.message.body, topic, key=letter.message.key, headers=letter.headers()
        )
