"""A worker, a queue and a graph of a trial's own; killed, they come back on the same ports and stores."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, Final, Protocol, Self

import aio_pika
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, ChannelInvalidStateError
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from benchmarks.server import kafka_part, neo4j_part
from cli.local.keeper import Keeper
from cli.local.neo4j import USER
from cli.local.part import Part
from cli.local.port import free_port
from tests.rabbitmq import RabbitMQ, rabbitmq_names

WORKER, BROKER, DATABASE = "work", "queue", "graph"
QUEUES: Final = ("kafka", "rabbitmq")
EVENTS, GROUP = "utcs.events", "utcs"
TICK_S: Final = 0.1
LOST: Final = (*CONNECTION_EXCEPTIONS, ChannelInvalidStateError, TimeoutError)
READY_WITHIN_S: Final = 300.0
DRAINED_WITHIN_S: Final = 120.0

Sendable = list[tuple[str, bytes]]


class Queue(Protocol):
    """What a sender does."""

    async def send(self, messages: Sendable) -> None:
        """Returns once the queue has all of some messages, in their order, even if it dies meanwhile."""

    async def waiting(self) -> int:
        """Returns how many messages are not done with."""

    async def close(self) -> None:
        """Ends it."""


class KafkaQueue:
    """Messages to Kafka; its client does what is needed when the broker dies."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None

    async def _open(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                request_timeout_ms=300_000,
            )
            await self._producer.start()
        return self._producer

    async def send(self, messages: Sendable) -> None:
        producer = await self._open()
        sent = [await producer.send(EVENTS, body, key=key.encode()) for key, body in messages]
        await asyncio.gather(*sent)

    async def waiting(self) -> int:
        found = await (await self._open()).partitions_for(EVENTS)
        partitions = [TopicPartition(EVENTS, number) for number in found]
        reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, group_id=GROUP)
        await reader.start()
        try:
            ends = await reader.end_offsets(partitions)
            done = [await reader.committed(partition) or 0 for partition in partitions]
            return int(sum(ends.values()) - sum(done))
        finally:
            await reader.stop()

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()


class RabbitQueue:
    """Messages to RabbitMQ; what it has not confirmed when it dies is sent again, from the first on."""

    def __init__(self, node: RabbitMQ) -> None:
        self._node = node
        self._connection: Any = None
        self._channel: Any = None

    async def send(self, messages: Sendable) -> None:
        left = messages
        while left:
            try:
                channel = await self._open()
                sent = [asyncio.create_task(self._publish(channel, body)) for _, body in left]
                done = await asyncio.gather(*sent, return_exceptions=True)
            except LOST:
                await self._again()
                continue
            failed = next((n for n, one in enumerate(done) if isinstance(one, BaseException)), None)
            left = [] if failed is None else left[failed:]
            if left:
                await self._again()

    async def _open(self) -> Any:
        if self._connection is None:
            self._connection = await aio_pika.connect(self._node.uri, timeout=10)
            self._channel = await self._connection.channel(on_return_raises=True)
        return self._channel

    async def _publish(self, channel: Any, body: bytes) -> None:
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, EVENTS, mandatory=True, timeout=30)

    async def _again(self) -> None:
        await self.close()
        await asyncio.sleep(0.2)

    async def waiting(self) -> int:
        words = ("list_queues", "--quiet", "--no-table-headers", "name", "messages")
        told = await asyncio.to_thread(self._node.control, *words)  # with those that a worker holds
        return int(dict(line.split() for line in told.splitlines())[EVENTS])

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*LOST):
                await asyncio.wait_for(connection.close(), 5)


class Stage:
    """The three, kept running by what `utcs up` keeps its parts running by."""

    def __init__(self, queue: str, folder: Path) -> None:
        self._kind = queue
        self._folder = folder
        self._exits = AsyncExitStack()
        self._parts: dict[str, Part] = {}
        self._keepers: dict[str, Keeper] = {}
        self.queue: Queue
        self.graph: tuple[str, str, str]

    async def __aenter__(self) -> Self:
        graph, password = neo4j_part(self._folder / "neo4j")
        self.graph = (graph.url, USER, password)
        uri, broker = self._broker()
        self._parts = {DATABASE: graph, BROKER: broker, WORKER: self._worker(uri)}
        self._exits.push_async_callback(self._stop)
        ticking = asyncio.create_task(self._tick())
        self._exits.callback(ticking.cancel)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exits.aclose()

    def _broker(self) -> tuple[str, Part]:
        if self._kind == "kafka":
            part = kafka_part(self._folder / "kafka")
            self.queue = KafkaQueue(part.url.removeprefix("kafka://"))
            return part.url, part
        node: RabbitMQ = self._exits.enter_context(rabbitmq_names(self._folder / "rabbitmq"))
        self.queue = RabbitQueue(node)
        return node.uri, node.prepare()

    def _worker(self, uri: str) -> Part:
        port = free_port()
        bolt, user, password = self.graph
        return Part(
            name=WORKER,
            command=[sys.executable, "-m", "ingest.work"],
            url=f"http://127.0.0.1:{port}",
            port=port,
            log=self._folder / "work.log",
            environment={
                "UTCS_HOME": str(self._folder),
                "UTCS_QUEUE_URI": uri,
                "UTCS_NEO4J_URI": bolt,
                "UTCS_NEO4J_USER": user,
                "UTCS_NEO4J_PASSWORD": password,
                "UTCS_WORK_PORT": str(port),
            },
        )

    async def start(self, *names: str) -> None:
        """Returns once some of the three are ready, and kept so."""
        for name in names:
            self._keepers[name] = Keeper(self._parts[name])
        await self.ready()

    async def kill(self, name: str) -> None:
        """Returns once one of them is killed; it is started again at once."""
        while (process := self._keepers[name].state.process) is None:  # noqa: ASYNC110
            await asyncio.sleep(TICK_S)
        process.send(signal.SIGKILL)
        self._keepers[name].stop()
        self._keepers[name] = Keeper(self._parts[name])  # with a new one's short pause

    async def ready(self) -> None:
        """Returns once all that were started are ready."""
        async with asyncio.timeout(READY_WITHIN_S):
            while not all(keeper.is_ready for keeper in self._keepers.values()):  # noqa: ASYNC110
                await asyncio.sleep(TICK_S)

    async def drained(self) -> int:
        """Returns how many messages the queue still has once the worker had time for all, and ended."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAINED_WITHIN_S):
                while await self.queue.waiting():  # noqa: ASYNC110
                    await asyncio.sleep(1)
        self._keepers.pop(WORKER).stop()
        return await self.queue.waiting()

    async def _tick(self) -> None:
        while True:
            for keeper in list(self._keepers.values()):
                keeper.tick()
            await asyncio.sleep(TICK_S)

    async def _stop(self) -> None:
        await self.queue.close()
        for keeper in reversed(list(self._keepers.values())):
            keeper.stop()
