"""Consumes events from RabbitMQ: gathered into batches, in the order of their queue, acknowledged when safe.

Whatever goes wrong with a channel, it is left, and what was not acknowledged comes again over the next one.
So there is one way back, and it is the one that a killed worker takes, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from aio_pika import connect
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, ChannelInvalidStateError, DeliveryError
from faststream.rabbit import Channel, RabbitBroker
from pamqp.common import FieldValue

from graph.model.time import format_utc
from ingest.followers.publishing import Publish
from ingest.gather import gather
from ingest.inlet import Inlet
from ingest.messages.cloudevent import Message
from ingest.messages.letter import Attempt, Letter
from ingest.settings import Settings

SUSPICIOUS: Final = 3
"""A message that came so often and was never acknowledged is taken alone, and done with before the next."""

BLAMED: Final = 8
"""One that came so often, and is the first to come again, was at hand when its worker died: a dead letter."""

DELIVERIES: Final = 20
"""One that came so often is moved aside by RabbitMQ itself: no worker can as much as read it."""

HOLD_S: Final = 120.0
"""How long a message is held while it cannot be taken; then it is given back until the graph answers.

RabbitMQ ends a channel that holds one for longer than its `consumer_timeout` (30 min, from 3.8.15 on), and
each such end counts as a delivery: ten hours without a graph would make dead letters of good messages.
"""

END_WITHIN_S: Final = 10.0
"""How long the batch at hand may take when the worker is told to end."""

CONNECT_WITHIN_S: Final = 10.0

_HEADERS_BYTES: Final = 64 * 1024
"""Headers travel in one frame, and a frame that is too long ends the connection (131,072 by default)."""

Arguments = dict[str, FieldValue]

_QUORUM: Final[Arguments] = {"x-queue-type": "quorum"}
_STREAM: Final[Arguments] = {"x-queue-type": "stream"}
"""A log that many can read, each from where it likes, as a topic of Kafka."""

_EVENTS: Final[Arguments] = _QUORUM | {
    # One worker at a time: two would overtake each other. Another one takes over when it ends.
    "x-single-active-consumer": True,
    "x-delivery-limit": DELIVERIES,
    # By default a dead letter that its queue cannot take at that moment is dropped.
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}

_log: Final = logging.getLogger(__name__)

Delivered = AbstractIncomingMessage


class LostError(Exception):
    """The channel or its consumer is gone."""


class HeldError(Exception):
    """A batch was held for too long."""


EXPECTED: Final = (*CONNECTION_EXCEPTIONS, ChannelInvalidStateError, LostError, TimeoutError)
"""What a queue that goes away brings."""


class RabbitConsumer:
    """Feeds an inlet from a queue.

    Attributes:
        trouble: Why nothing can be consumed at this moment; None while it can.
    """

    def __init__(self, queue: str, inlet: Inlet, broker: RabbitBroker, settings: Settings) -> None:
        self._queue = queue
        self._inlet = inlet
        self._intake = inlet.intake
        self._settings = settings
        self._uri = settings.queue_uri.get_secret_value()
        self._broker = broker
        self.trouble: str | None = None
        self._busy = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Consumes from now on, in the background, until `stop`."""
        connection = await self._broker.connect()
        async with connection.channel() as channel:
            await self._declare(channel)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finishes the batch at hand if that is soon done, and gives the rest back to the queue."""
        with suppress(TimeoutError):
            async with asyncio.timeout(END_WITHIN_S):
                await self._busy.acquire()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=END_WITHIN_S)

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                async with await connect(self._uri, timeout=CONNECT_WITHIN_S) as connection:
                    failures = 0
                    await self._consume(connection)
            except Exception as error:  # whatever it is, a new connection is the way to go on
                is_expected = isinstance(error, EXPECTED)
                self.trouble = f"the queue does not answer: {str(error) or type(error).__name__}"
                _log.warning("%s; connecting again", self.trouble, exc_info=not is_expected)
            failures += 1
            await asyncio.sleep(self._intake.patience.wait_s(failures))

    async def _consume(self, connection: AbstractConnection) -> None:
        """Takes messages over one connection, until it is lost."""
        while True:
            await self._intake.await_graph()
            with suppress(HeldError):
                async with connection.channel() as channel:
                    await self._read(channel)

    async def _read(self, channel: AbstractChannel) -> None:
        """Takes messages over one channel, until it is lost."""
        arrived: asyncio.Queue[Delivered | None] = asyncio.Queue()
        await self._listen(channel, arrived)
        self.trouble = None
        is_first = True
        while True:
            linger_s = self._settings.linger_ms / 1000
            for part in _parts(await gather(arrived, self._settings.batch, linger_s)):
                async with self._busy:
                    await self._take(part, is_first)
                    for message in part:
                        await message.ack()
                is_first = False

    async def _listen(
        self, channel: AbstractChannel, arrived: asyncio.Queue[Delivered | None]
    ) -> None:
        """Lets messages arrive, and None once no more can."""

        def end(*_: Any) -> None:
            arrived.put_nowait(None)

        channel.close_callbacks.add(end)
        (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(end)
        # Never fewer: what comes again does so before all else and in its order, as long as all of it
        # fits. Else what is given back once more goes behind the rest (met with RabbitMQ 3.10).
        await channel.set_qos(prefetch_count=2 * self._settings.batch)
        await self._declare(channel)
        queue = await channel.get_queue(self._queue, ensure=False)
        await queue.consume(arrived.put)

    async def _declare(self, channel: AbstractChannel) -> None:
        """Makes the queues that are not there, and refuses those that would not do."""
        settings = self._settings
        await channel.declare_queue(settings.dead_letters, durable=True, arguments=_QUORUM)
        dead: Arguments = {
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": settings.dead_letters,
        }
        if self._inlet.is_ours:
            await channel.declare_queue(self._queue, durable=True, arguments=_EVENTS | dead)

    async def _take(self, batch: Sequence[Delivered], is_first: bool) -> None:
        """Returns once nothing of a batch can be lost.

        Args:
            batch: What to take.
            is_first: Whether it is the first of its channel: what was at hand when a worker died is.
        """
        messages = [_message(delivered, self._queue) for delivered in batch]
        try:
            async with asyncio.timeout(HOLD_S):
                if is_first and (count := _deliveries(batch[0])) >= BLAMED:
                    letters = [await self._give_up(messages[0], count)]
                else:
                    letters = await self._inlet.take(messages)
                for letter in letters:
                    await self._send(letter)
        except TimeoutError as error:
            raise HeldError from error

    async def _give_up(self, message: Message, count: int) -> Letter:
        reason = f"its worker died or lost the queue while it held it, {count} times"
        now = format_utc(datetime.now(UTC))
        return await self._intake.give_up(message, (Attempt(now, reason),))

    async def _send(self, letter: Letter) -> None:
        """Returns once the queue of dead letters has a letter, on disk."""
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._broker.publish(
                    letter.message.body,
                    self._settings.dead_letters,
                    headers=_told(letter),
                    content_type=_text(letter.message.headers.get("content-type", "")) or None,
                    mandatory=True,
                    persist=True,
                )
            except DeliveryError:  # its sentence has the whole message in it
                name = self._settings.dead_letters
                self.trouble = f"the queue {name} takes no dead letters; is it there, and not full?"
                _log.warning("%s", self.trouble)
                await asyncio.sleep(self._intake.patience.wait_s(attempt))
            else:
                self.trouble = None
                return


class RabbitConsumers:
    """Feeds some inlets, each queue by a consumer of its own.

    Attributes:
        broker: By which dead letters and changes are sent.
    """

    def __init__(self, inlets: Sequence[Inlet], settings: Settings) -> None:
        self._settings = settings
        self.broker = RabbitBroker(
            settings.queue_uri.get_secret_value(),
            logger=None,
            default_channel=Channel(on_return_raises=True),
        )
        self._consumers = [
            RabbitConsumer(queue, inlet, self.broker, settings)
            for inlet in inlets
            for queue in inlet.topics
        ]

    async def start(self) -> None:
        """Consumes from now on, in the background, until `stop`."""
        connection = await self.broker.connect()
        async with connection.channel() as channel:
            for name in self._settings.outward:
                await channel.declare_queue(name, durable=True, arguments=_STREAM)
        for consumer in self._consumers:
            await consumer.start()

    async def stop(self) -> None:
        """Finishes the batches at hand if that is soon done, and gives the rest back."""
        await asyncio.gather(*(consumer.stop() for consumer in self._consumers))

    def find_trouble(self) -> str | None:
        """Returns why something cannot be consumed at this moment; None while all can."""
        return next((one.trouble for one in self._consumers if one.trouble), None)

    def publisher(self, queue: str) -> Publish:
        """Returns what sends messages to a queue in their order, and returns once it has all of them."""

        async def publish(messages: Sequence[Message]) -> None:
            for message in messages:
                headers: dict[str, Any] = {**message.text_headers}
                content_type = headers.pop("content-type", None)
                await self.broker.publish(
                    message.body, queue, headers=headers, content_type=content_type, persist=True
                )

        return publish


def _parts(batch: Sequence[Delivered | None]) -> Iterator[list[Delivered]]:
    """Yields a batch in parts: what may have killed a worker is alone.

    Raises:
        LostError: None stands in it, for the end.
    """
    there = [message for message in batch if message is not None]
    if len(there) < len(batch):
        raise LostError("the channel was ended")
    for is_suspicious, found in groupby(there, lambda message: _deliveries(message) >= SUSPICIOUS):
        part = list(found)
        yield from ([message] for message in part) if is_suspicious else [part]


def _deliveries(message: Delivered) -> int:
    """Returns how often a message came before and was not acknowledged."""
    count = message.headers.get("x-delivery-count")
    return count if isinstance(count, int) else 0


def _message(delivered: Delivered, queue: str) -> Message:
    headers = {name: _wire(value) for name, value in delivered.headers.items()}
    if delivered.content_type:
        headers["content-type"] = delivered.content_type
    place = f"{queue}, message {delivered.message_id}" if delivered.message_id else queue
    return Message(delivered.body, headers, place)


def _wire(value: Any) -> str | bytes:
    """Returns a value of AMQP's types as the other bindings write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, bool):
        return str(value).lower()
    return format_utc(value) if isinstance(value, datetime) else str(value)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode(errors="replace")


def _told(letter: Letter) -> dict[str, Any]:
    """Returns the headers of a dead letter, without those by which a sender steers RabbitMQ."""
    headers = letter.headers()
    ours = {name: value for name, value in headers.items() if name.startswith("utcs-")}
    sent = {
        name: value
        for name, value in headers.items()
        if not name.startswith(("utcs-", "x-")) and name not in ("CC", "BCC", "content-type")
    }
    if sum(len(name) + len(value.encode()) for name, value in sent.items()) > _HEADERS_BYTES:
        return ours
    return sent | ours
