"""What a worker does with a real RabbitMQ when messages kill, wait, or their queue goes away."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
from aio_pika import Message as AmqpMessage
from aio_pika import connect
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from pydantic import SecretStr

from graph.model.outcome import Reason
from graph.store.patience import Patience
from ingest.handlers import rabbit
from ingest.handlers.rabbit import RabbitConsumers
from ingest.inlet import Inlet
from ingest.intake import Intake
from ingest.messages.cloudevent import Message
from ingest.messages.letter import Attempt, Letter
from ingest.settings import Settings
from tests.e2e.queues import PATIENCE_S, RabbitQueue
from tests.rabbitmq import RabbitMQ

Take = Callable[[Sequence[Message]], Awaitable[Any]]


class Taking:
    """Stands for an intake: notes what it is given, and does what a test wants done."""

    def __init__(self, do: Take | None = None) -> None:
        self.patience = Patience(first_s=0.01, most_s=0.05)
        self.trouble: str | None = None
        self.graph_is_there = asyncio.Event()
        self.graph_is_there.set()
        self.given: list[list[Message]] = []
        self.taken: list[str] = []
        self._do = do

    async def take(self, messages: Sequence[Message]) -> list[Letter]:
        self.given.append(list(messages))
        letters = await self._do(messages) if self._do else None
        self.taken += [message.body.decode() for message in messages]
        return letters or []

    async def give_up(self, message: Message, attempts: tuple[Attempt, ...]) -> Letter:
        return Letter(message, Reason.FAILED, attempts[-1].reason, attempts)

    async def await_graph(self) -> None:
        await self.graph_is_there.wait()

    async def all_of(self, bodies: Sequence[str]) -> None:
        """Returns once all have been taken."""
        async with asyncio.timeout(PATIENCE_S):
            while {*bodies} - {*self.taken}:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


@pytest.fixture
def settings(rabbitmq_server: RabbitMQ) -> Settings:
    """Queues of a test's own."""
    name = uuid4().hex[:8]
    return Settings(
        queue_uri=SecretStr(rabbitmq_server.uri), neo4j_uri="", neo4j_password=SecretStr(""),
        events=f"events-{name}", dead_letters=f"dead-{name}", changes="", batch=10, linger_ms=5,
    )  # fmt: skip


@asynccontextmanager
async def consuming(intake: Taking, settings: Settings) -> AsyncIterator[RabbitConsumers]:
    consumers = RabbitConsumers([Inlet.of_events(cast("Intake", intake), settings)], settings)
    await consumers.start()
    try:
        yield consumers
    finally:
        await consumers.stop()
        await consumers.broker.stop()


@asynccontextmanager
async def channel_of(settings: Settings) -> AsyncIterator[AbstractChannel]:
    uri = settings.queue_uri.get_secret_value()
    async with await connect(uri) as connection, connection.channel() as channel:
        yield channel


async def send(settings: Settings, *bodies: str, **properties: Any) -> None:
    async with channel_of(settings) as channel:
        for body in bodies:
            message = AmqpMessage(body.encode(), **properties)
            await channel.default_exchange.publish(message, settings.events)


async def waiting(settings: Settings, queue: str) -> int:
    """Returns how many messages are in a queue and in nobody's hands."""
    async with channel_of(settings) as channel:
        found = await channel.declare_queue(queue, passive=True)
        return int(found.declaration_result.message_count or 0)


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await what():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def numbers(count: int) -> list[str]:
    return [f"{n:04}" for n in range(count)]


async def test_what_comes_one_by_one_is_taken_in_batches_in_its_order(settings: Settings) -> None:
    async with consuming(Taking(), settings):
        pass  # its queues are made
    await send(settings, *numbers(300))

    intake = Taking()
    async with consuming(intake, settings):
        await intake.all_of(numbers(300))

    assert intake.taken == numbers(300)
    assert max(map(len, intake.given)) == settings.batch


async def test_a_message_at_which_workers_die_is_moved_aside_and_its_neighbours_are_not(
    rabbitmq_server: RabbitMQ, settings: Settings
) -> None:
    async def die(messages: Sequence[Message]) -> None:
        if any(message.body == b"deadly" for message in messages):
            raise MemoryError  # the connection ends and nothing is acknowledged, as in a real death

    intake = Taking(die)
    neighbours = numbers(15)
    async with consuming(intake, settings):
        await send(settings, *neighbours[:8], "deadly", *neighbours[8:], "deadly")
        await intake.all_of(neighbours)
        dead = await RabbitQueue(rabbitmq_server.uri).dead(settings.dead_letters, 2)
        assert await waiting(settings, settings.dead_letters) == 0

    assert intake.taken == neighbours, "each once, in order"
    assert [*dead] == [b"deadly"]
    # One that was at hand when another died came a time more often.
    times = re.search(r"(\d+) times", dead[b"deadly"]["utcs-reason"])
    assert times is not None
    assert rabbit.BLAMED <= int(times[1]) <= rabbit.BLAMED + 1
    assert "its worker died" in dead[b"deadly"]["utcs-attempts"]


async def test_what_no_worker_can_even_read_is_moved_aside_by_the_broker(
    rabbitmq_server: RabbitMQ, settings: Settings
) -> None:
    async with consuming(Taking(), settings):
        pass  # its queues are made
    await send(settings, "unreadable", headers={"odd": "one"})
    count = 0

    async with channel_of(settings) as channel:
        queue = await channel.get_queue(settings.events)

        async def give_back(message: AbstractIncomingMessage) -> None:
            nonlocal count
            count += 1
            await message.nack(requeue=True)

        await queue.consume(give_back)
        dead = await RabbitQueue(rabbitmq_server.uri).dead(settings.dead_letters, 1)

    assert count == rabbit.DELIVERIES + 1
    assert dead[b"unreadable"]["odd"] == "one"
    assert "delivery_limit" in dead[b"unreadable"]["x-death"]


async def test_while_the_graph_is_away_for_long_messages_are_given_back_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Held, they would end the channel after half an hour, and be dead letters after ten.
    monkeypatch.setattr(rabbit, "HOLD_S", 0.3)

    async def hang(_: Sequence[Message]) -> None:
        if not intake.graph_is_there.is_set():
            await asyncio.sleep(PATIENCE_S)

    intake = Taking(hang)
    async with consuming(intake, settings):
        await send(settings, "first")
        await intake.all_of(["first"])
        intake.graph_is_there.clear()
        await send(settings, *numbers(5))

        async def is_given_back() -> bool:
            return await waiting(settings, settings.events) == 5

        await until(is_given_back)
        tried = len(intake.given)
        await asyncio.sleep(4 * rabbit.HOLD_S)
        assert (await waiting(settings, settings.events), len(intake.given)) == (5, tried)
        intake.graph_is_there.set()
        await intake.all_of(numbers(5))

    assert intake.taken == ["first", *numbers(5)]


async def test_a_channel_that_the_broker_ends_because_a_message_was_held_is_opened_again(
    rabbitmq_server: RabbitMQ, settings: Settings
) -> None:
    async def be_slow(_: Sequence[Message]) -> None:
        if len(intake.given) == 1:
            await asyncio.sleep(5)

    intake = Taking(be_slow)
    timeout = "application:set_env(rabbit, consumer_timeout, {})."
    await asyncio.to_thread(rabbitmq_server.control, "eval", timeout.format(1_000))
    try:
        async with consuming(intake, settings):
            await send(settings, *numbers(3))
            await intake.all_of(numbers(3))

            async def is_taken_again() -> bool:
                return len(intake.given) > 1 and await waiting(settings, settings.events) == 0

            await until(is_taken_again)
    finally:
        await asyncio.to_thread(rabbitmq_server.control, "eval", timeout.format(1_800_000))

    first = [message.body.decode() for message in intake.given[0]]
    assert intake.taken == [*first, *numbers(3)], "again, for the graph to answer `duplicate`"


@pytest.mark.parametrize("how", ["queue", "connection"])
async def test_whatever_of_it_goes_away_it_finds_its_way_back(
    rabbitmq_server: RabbitMQ, settings: Settings, how: str
) -> None:
    intake = Taking()
    async with consuming(intake, settings) as consumer:
        await send(settings, "before")
        await intake.all_of(["before"])
        if how == "connection":
            words = ("close_all_connections", "for a test")
            await asyncio.to_thread(rabbitmq_server.control, *words)
        else:
            async with channel_of(settings) as channel:
                await channel.queue_delete(settings.events)
            await asyncio.sleep(0.5)  # until it is made again, nobody keeps what is sent there
        await send(settings, "after")
        await intake.all_of(["after"])

        assert consumer.find_trouble() is None


async def test_of_two_workers_one_works_and_the_other_takes_over(settings: Settings) -> None:
    first, second = Taking(), Taking()
    async with AsyncExitStack() as leaving:
        await leaving.enter_async_context(consuming(first, settings))
        await send(settings, "sign of life")
        await first.all_of(["sign of life"])

        async with consuming(second, settings):
            await send(settings, *numbers(50)[:25])
            await first.all_of(numbers(50)[:25])
            assert second.taken == []
            await leaving.aclose()
            await send(settings, *numbers(50)[25:])
            await second.all_of(numbers(50)[25:])

    assert second.taken == numbers(50)[25:]


async def test_dead_letters_that_nobody_takes_are_kept_until_somebody_does(
    rabbitmq_server: RabbitMQ, settings: Settings
) -> None:
    async def refuse(messages: Sequence[Message]) -> list[Letter]:
        bad = (message for message in messages if message.body == b"bad")
        return [Letter(message, Reason.INVALID, "no event") for message in bad]

    intake = Taking(refuse)
    async with consuming(intake, settings) as consumer:
        await send(settings, "good")
        await intake.all_of(["good"])  # by then all queues have been declared
        async with channel_of(settings) as channel:
            await channel.queue_delete(settings.dead_letters)
        await send(settings, "bad", content_type="text/plain", headers={"CC": ["a"], "n": 7})

        async def is_told() -> bool:
            return "takes no dead letters" in (consumer.find_trouble() or "")

        await until(is_told)
        async with channel_of(settings) as channel:
            quorum: Any = {"x-queue-type": "quorum"}
            await channel.declare_queue(settings.dead_letters, durable=True, arguments=quorum)
        dead = await RabbitQueue(rabbitmq_server.uri).dead(settings.dead_letters, 1)

    headers = dead[b"bad"]
    assert headers["n"] == "7"
    assert (headers["utcs-code"], headers["utcs-reason"]) == ("invalid", "no event")
    assert "CC" not in headers, "by which a sender would steer where it goes"
    assert consumer.find_trouble() is None
    assert await waiting(settings, settings.events) == 0


async def test_values_of_amqp_arrive_as_the_other_bindings_write_them(settings: Settings) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    intake = Taking()
    headers = {"cloudEvents:time": at, "n": 7, "yes": True, "raw": bytearray(b"\xff"), "text": "ä"}
    async with consuming(intake, settings):
        await send(settings, "x", headers=headers, content_type="text/plain", message_id="m-1")
        await intake.all_of(["x"])

    (message,) = intake.given[0]
    assert message.headers == {
        "cloudEvents:time": "2026-01-02T03:04:05.000000Z",
        "n": "7",
        "yes": "true",
        "raw": b"\xff",
        "text": "ä",
        "content-type": "text/plain",
    }
    assert message.place == f"{settings.events}, message m-1"


async def test_told_to_end_it_finishes_what_is_at_hand_and_gives_back_the_rest(
    settings: Settings,
) -> None:
    begun = asyncio.Event()

    async def be_slow(_: Sequence[Message]) -> None:
        begun.set()
        await asyncio.sleep(0.5)

    intake = Taking(be_slow)
    async with consuming(intake, settings):
        await send(settings, *numbers(15))
        await begun.wait()

    done = len(intake.taken)
    assert done == len(intake.given[0]) > 0
    assert await waiting(settings, settings.events) == 15 - done


async def test_a_password_is_never_told(
    rabbitmq_server: RabbitMQ, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    uri = f"amqp://guest:s3cr3t-word@127.0.0.1:{rabbitmq_server.port}/"
    wrong = settings.model_copy(update={"queue_uri": SecretStr(uri)})

    with pytest.raises(Exception, match="ACCESS_REFUSED") as caught:
        await RabbitConsumers([Inlet.of_events(cast("Intake", Taking()), wrong)], wrong).start()

    assert "s3cr3t-word" not in f"{caught.value!r} {caplog.text} {wrong!r}"


def over_tls(settings: Settings, node: RabbitMQ, authority: str) -> Settings:
    """The same queues behind the node's port for TLS."""
    uri = f"amqps://guest:guest@127.0.0.1:{node.tls_port}/{authority}"
    return settings.model_copy(update={"queue_uri": SecretStr(uri)})


async def test_queue_behind_tls_is_consumed_once_its_authority_is_trusted(
    settings: Settings, rabbitmq_server: RabbitMQ
) -> None:
    trusting = over_tls(settings, rabbitmq_server, f"?cafile={rabbitmq_server.certificate}")
    intake = Taking()

    async with consuming(intake, trusting):
        await send(settings, *numbers(20))
        await intake.all_of(numbers(20))

    assert intake.taken == numbers(20)


async def test_broker_that_shows_a_certificate_of_a_stranger_gets_no_password(
    settings: Settings, rabbitmq_server: RabbitMQ
) -> None:
    suspicious = over_tls(settings, rabbitmq_server, "")

    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        async with consuming(Taking(), suspicious):
            pass
