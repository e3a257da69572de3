"""Takes messages into the graph: each is applied, known, parked or a dead letter, and none is lost.

A broker may deliver again whatever was not acknowledged; `apply` answers what it knows with `duplicate`.
So the effect is exactly once, as long as nothing is acknowledged before `Intake.take` has returned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from graph.errors import TraceError
from graph.flows.submit import BATCH_FACTS, Document, Principal, sign, submit
from graph.model.event import EventError
from graph.model.outcome import Outcome, Reason, Status
from graph.model.time import format_utc
from graph.store.apply import refuse
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError, StoreError
from graph.store.health import check_writable
from graph.store.patience import Patience
from ingest.messages.cloudevent import Message, read_documents
from ingest.messages.letter import Attempt, Letter

Sleep = Callable[[float], Awaitable[None]]
Read = Callable[[Message], Sequence[Document]]
Readable = tuple[Message, Sequence[Document]]

Answer = TypeVar("Answer")

Take = Callable[[Sequence[Message]], Awaitable[list[Letter]]]
"""Takes messages in, and returns the dead letters among them once nothing of any can be lost."""


@dataclass(slots=True)
class Intake:
    """Takes messages into a graph in somebody's name.

    Attributes:
        read: What makes events of a message, or says with an EventError why there are none in it.
        trouble: Why nothing can be taken at this moment; None while it can.
        counts: How many events became what, by status.
    """

    graph: Graph
    principal: Principal
    read: Read = read_documents
    patience: Patience = field(default_factory=Patience)
    sleep: Sleep = asyncio.sleep
    facts_at_once: int = BATCH_FACTS
    trouble: str | None = None
    counts: dict[str, int] = field(default_factory=dict)

    async def take(self, messages: Sequence[Message]) -> list[Letter]:
        """Returns the dead letters among some messages, once nothing of any of them can be lost.

        While the graph does not answer it waits, however long. What fails for another reason is tried
        again some times, then in halves, so that in the end one message alone is to blame.
        """
        letters, readable = [], []
        for message in messages:
            try:
                readable.append((message, self.read(message)))
            except EventError as error:
                letters.append(await self.refuse(message, Reason.INVALID, error.message))
        return letters + await self._take(readable, ()) if readable else letters

    async def give_up(self, message: Message, failed: tuple[Attempt, ...]) -> Letter:
        """Returns the dead letter of a message after attempts that failed, once the graph has it, too."""
        reason = f"event: {failed[-1].reason}"
        return await self.refuse(message, Reason.FAILED, reason, failed)

    async def await_graph(self) -> None:
        """Returns once the graph takes events."""
        await self.patiently(lambda: check_writable(self.graph), StoreError)

    async def _take(self, read: Sequence[Readable], failed: tuple[Attempt, ...]) -> list[Letter]:
        documents = [document for _, found in read for document in found]
        for _ in range(self.patience.attempts):
            try:
                outcomes = await self._submit(documents)
            except Exception as error:  # whatever it is, the other messages must not wait for it
                failed = (*failed, Attempt(format_utc(datetime.now(UTC)), _sentence(error)))
                await self.sleep(self.patience.wait_s(len(failed)))
            else:
                owners = [message for message, found in read for _ in found]
                return self._letters(owners, outcomes, failed)
        if len(read) == 1:
            return [await self.give_up(read[0][0], failed)]
        half = len(read) // 2
        first = await self._take(read[:half], ())
        return first + await self._take(read[half:], ())

    async def _submit(self, documents: Sequence[Any]) -> list[Outcome]:
        """Returns what became of the documents, as soon as there is a graph that takes them."""
        return await self.patiently(
            lambda: submit(self.graph, documents, self.principal, facts_at_once=self.facts_at_once)
        )

    async def patiently(
        self,
        ask: Callable[[], Awaitable[Answer]],
        trouble: type[StoreError] = GraphUnreachableError,
    ) -> Answer:
        """Returns the answer to a question, as soon as there is one; meanwhile says what the trouble is."""
        attempt = 0
        while True:
            try:
                answer = await ask()
            except trouble as error:
                attempt += 1
                self.trouble = error.message
                await self.sleep(self.patience.wait_s(attempt))
            else:
                self.trouble = None
                return answer

    def _letters(
        self, owners: Sequence[Message], outcomes: Sequence[Outcome], failed: tuple[Attempt, ...]
    ) -> list[Letter]:
        letters = []
        for message, outcome in zip(owners, outcomes, strict=True):
            self.count(outcome.status)
            if outcome.status is Status.REFUSED:
                assert outcome.code is not None, "a refusal has a reason"  # noqa: S101
                letters.append(Letter(message, outcome.code, outcome.reason or "", failed))
        return letters

    def count(self, status: Status) -> None:
        """Counts what became of an event."""
        self.counts[status] = self.counts.get(status, 0) + 1

    async def refuse(
        self, message: Message, code: Reason, reason: str, failed: tuple[Attempt, ...] = ()
    ) -> Letter:
        """Returns a message as a dead letter, once the graph keeps it, too."""
        signed = [sign(document, self.principal) for document in read_documents(message)]
        await self.patiently(lambda: refuse(self.graph, signed, code, reason))
        self.count(Status.REFUSED)
        return Letter(message, code, reason, failed)


def _sentence(error: Exception) -> str:
    return error.message if isinstance(error, TraceError) else f"{type(error).__name__}: {error}"
