"""Takes messages into the graph: each is applied, known, parked or a dead letter, and none is lost.

A broker may deliver again whatever was not acknowledged; `apply` answers what it knows with `duplicate`.
So the effect is exactly once, as long as nothing is acknowledged before `Intake.take` has returned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from graph.errors import TraceError
from graph.flows.submit import BATCH_FACTS, Document, Principal, submit
from graph.model.event import EventError
from graph.model.outcome import Outcome, Reason, Status
from graph.model.time import format_utc
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError
from graph.store.letters import keep_letter
from graph.store.patience import Patience
from ingest.messages.cloudevent import Message, read_documents
from ingest.messages.letter import Attempt, Letter

Sleep = Callable[[float], Awaitable[None]]
Read = Callable[[Message], Sequence[Document]]
Readable = tuple[Message, Sequence[Document]]


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
                letters.append(await self._give_up(Letter(message, Reason.INVALID, error.message)))
        return letters + await self._take(readable, ()) if readable else letters

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
            reason = f"event: {failed[-1].reason}"
            return [await self._give_up(Letter(read[0][0], Reason.FAILED, reason, failed))]
        half = len(read) // 2
        first = await self._take(read[:half], ())
        return first + await self._take(read[half:], ())

    async def _submit(self, documents: Sequence[Any]) -> list[Outcome]:
        """Returns what became of the documents, as soon as there is a graph that takes them."""
        attempt = 0
        while True:
            try:
                outcomes = await submit(
                    self.graph, documents, self.principal, facts_at_once=self.facts_at_once
                )
            except GraphUnreachableError as error:
                attempt += 1
                self.trouble = error.message
                await self.sleep(self.patience.wait_s(attempt))
            else:
                self.trouble = None
                return outcomes

    def _letters(
        self, owners: Sequence[Message], outcomes: Sequence[Outcome], failed: tuple[Attempt, ...]
    ) -> list[Letter]:
        letters = []
        for message, outcome in zip(owners, outcomes, strict=True):
            self._count(outcome.status)
            if outcome.status is Status.REFUSED:
                assert outcome.code is not None, "a refusal has a reason"  # noqa: S101
                letters.append(Letter(message, outcome.code, outcome.reason or "", failed))
        return letters

    def _count(self, status: Status) -> None:
        self.counts[status] = self.counts.get(status, 0) + 1

    async def _give_up(self, letter: Letter) -> Letter:
        """Returns a letter once it is kept in the graph."""
        self._count(Status.REFUSED)
        while True:
            try:
                await keep_letter(self.graph, letter.message.body, letter.code, letter.reason)
            except GraphUnreachableError as error:
                self.trouble = error.message
                await self.sleep(self.patience.most_s)
            else:
                return letter


def _sentence(error: Exception) -> str:
    return error.message if isinstance(error, TraceError) else f"{type(error).__name__}: {error}"
