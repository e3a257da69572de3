"""The queues that a worker can take events from, as a sender and a reader of dead letters meet them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from aio_pika import DeliveryMode, connect
from aio_pika import Message as AmqpMessage
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

PATIENCE_S = 60.0
JSON = "application/json"


@dataclass(frozen=True)
class Sent:
    """What is sent; headers that are text or bytes."""

    body: bytes
    key: str = "any"
    content_type: str | None = None
    headers: Mapping[str, str | bytes] | None = None


Send = Callable[[str, Sent], Awaitable[Any]]


class Broker(Protocol):
    """One broker of a test run."""

    uri: str
    attribute: str
    """How the names of CloudEvents attributes begin."""

    def sender(self) -> Any:
        """Yields what sends a message to a topic or queue; all is there when the context ends."""

    async def dead(self, topic: str, count: int) -> dict[bytes, dict[str, str]]:
        """Returns the headers of dead letters by their bodies."""


class KafkaQueue:
    attribute = "ce_"

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap, self.uri = bootstrap, f"kafka://{bootstrap}"

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Send]:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True
        )

        async def send(topic: str, sent: Sent) -> None:
            headers = [(n, v if isinstance(v, bytes) else v.encode()) for n, v in _headers(sent)]
            await producer.send(topic, sent.body, key=sent.key.encode(), headers=headers)

        await producer.start()
        try:
            yield send
        finally:
            await producer.stop()

    async def dead(self, topic: str, count: int) -> dict[bytes, dict[str, str]]:
        reader = AIOKafkaConsumer(
            topic, bootstrap_servers=self.bootstrap, auto_offset_reset="earliest"
        )
        await reader.start()
        try:
            async with asyncio.timeout(PATIENCE_S):
                records = [await reader.getone() for _ in range(count)]
        finally:
            await reader.stop()
        return {r.value: {name: value.decode() for name, value in r.headers} for r in records}


class RabbitQueue:
    attribute = "cloudEvents:"

    def __init__(self, uri: str) -> None:
        self.uri = uri

    @asynccontextmanager
    async def sender(self) -> AsyncIterator[Send]:
        async with await connect(self.uri) as connection, connection.channel() as channel:

            async def send(topic: str, sent: Sent) -> None:
                message = AmqpMessage(
                    sent.body,
                    headers={n: _typed(v) for n, v in (sent.headers or {}).items()},
                    content_type=sent.content_type,
                    delivery_mode=DeliveryMode.PERSISTENT,
                )
                await channel.default_exchange.publish(message, topic)

            yield send

    async def dead(self, topic: str, count: int) -> dict[bytes, dict[str, str]]:
        async with await connect(self.uri) as connection, connection.channel() as channel:
            queue = await channel.get_queue(topic)
            async with asyncio.timeout(PATIENCE_S), queue.iterator(no_ack=True) as found:
                messages = [await anext(found) for _ in range(count)]
        return {m.body: {name: str(v) for name, v in m.headers.items()} for m in messages}


def _typed(value: str | bytes) -> str | bytearray:
    return value if isinstance(value, str) else bytearray(value)


def _headers(sent: Sent) -> list[tuple[str, str | bytes]]:
    typed = {"content-type": sent.content_type} if sent.content_type else {}
    return [*(sent.headers or {}).items(), *typed.items()]
