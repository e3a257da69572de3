"""The follower that tells one endpoint what the change log says: signed, in order, at least once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp

from graph.store.calls import Call, delivered, find_due, give_up
from graph.store.changes import Entry, head_at
from graph.store.database import Graph
from graph.store.patience import Patience
from ingest.messages.cloudevent import STRUCTURED
from ingest.webhooks.call import Answer, Verdict, call
from ingest.webhooks.settings import EndpointSettings, WebhookError
from ingest.webhooks.signature import signed_headers
from ingest.webhooks.told import calls_of

AGENT: Final = "utcs-webhooks/1"

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _State:
    """What this process knows of an endpoint; all of it may be lost, as calls may come twice."""

    done: set[str]
    tries: Counter[str]
    not_before_s: float = 0.0
    trouble: str | None = None
    is_gone: bool = False


class Webhook:
    """A follower that calls one endpoint about each thing that it wants to be told.

    Calls about one thing are made one after another, in the order of the log, each until it is answered by
    2xx; several things go side by side. One that fails holds back those that come after it about the same
    thing, and all of later batches, until it was tried so often that it is kept as a dead letter. An
    endpoint that is gone is called no more, and loses nothing: its cursor stays where it is. Other endpoints
    have cursors of their own.
    """

    def __init__(self, graph: Graph, settings: EndpointSettings) -> None:
        self.name = f"webhook.{settings.name}"
        self.settings = settings
        self.counts: Counter[str] = Counter()
        self._graph = graph
        self._state = _State(set(), Counter())
        self._patience = Patience(settings.tries, settings.first_wait_s, settings.most_wait_s)

    @property
    def trouble(self) -> str | None:
        """Why the last call was not answered by 2xx; None if it was."""
        return self._state.trouble

    async def resume(self, seq: int) -> int:
        """Returns where to go on, once the endpoint may be called again."""
        if self._state.is_gone:
            await asyncio.Event().wait()  # for good: nobody there wants calls
        await asyncio.sleep(max(0.0, self._state.not_before_s - time.monotonic()))
        since = self.settings.since
        return seq if seq or since is None else (await head_at(self._graph, since)).seq

    async def close(self) -> None:
        """Nothing is held from one batch to the next."""

    async def take(self, entries: Sequence[Entry]) -> None:
        """Makes the calls that some entries give rise to, and those that somebody asked for again."""
        due = await find_due(self._graph, self.settings.name)
        wanted = await calls_of(self._graph, entries, self.settings.name, self.settings.wants)
        calls = [one for one in (*due, *wanted) if one.id not in self._state.done]
        if calls:
            await self._make(calls)
        self._state.done.clear()

    async def _make(self, calls: Sequence[Call]) -> None:
        """Makes some calls.

        Raises:
            WebhookError: One is to be made again; of those after it that are about the same thing none was.
        """
        secrets, most = self.settings.secrets(), self.settings.at_once
        queues: defaultdict[str, list[Call]] = defaultdict(list)
        for one in calls:
            queues[one.key].append(one)
        room, failed = asyncio.Semaphore(most), list[str]()

        async def in_turn(queue: Sequence[Call]) -> None:
            async with room:
                for one in queue:
                    if self._state.is_gone or len(failed) >= most:
                        return  # it is not this thing that fails
                    if why := await self._try(client, one, secrets):
                        failed.append(why)
                        return

        async with aiohttp.ClientSession(auto_decompress=False) as client:
            ended = await asyncio.gather(*map(in_turn, queues.values()), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        if failed:
            raise WebhookError(failed[0])

    async def _try(
        self, client: aiohttp.ClientSession, one: Call, secrets: Sequence[bytes]
    ) -> str | None:
        """Tries one call, and returns why it is to be tried again, if it is."""
        settings, second = self.settings, self._graph.clock() // 1_000_000
        headers = signed_headers(one.id, second, one.body, secrets)
        headers |= {"content-type": STRUCTURED, "user-agent": AGENT, "accept-encoding": "identity"}
        answer = await call(client, settings.url, headers, one.body, settings.timeout_s)
        self._state.trouble = None if answer.verdict is Verdict.DONE else answer.said
        if answer.verdict is Verdict.GONE:
            self._state.is_gone = True
            return (
                f"{settings.place} {answer.said}; it is called no more until a worker starts anew"
            )
        self._state.tries[one.id] += 1
        tries = self._state.tries[one.id]
        if answer.verdict is Verdict.AGAIN and tries < settings.tries:
            return self._later(answer, tries)
        await self._ended(one, answer, tries)
        return None

    def _later(self, answer: Answer, tries: int) -> str:
        """Says when the endpoint is called again: not before it wishes."""
        self.counts["failed"] += 1
        wait_s = max(self._patience.wait_s(tries), answer.after_s or 0.0)
        not_before_s = time.monotonic() + wait_s
        self._state.not_before_s = max(self._state.not_before_s, not_before_s)
        settings = self.settings
        return f"{settings.place} {answer.said} (try {tries} of {settings.tries}); again in {wait_s:.0f} s"

    async def _ended(self, one: Call, answer: Answer, tries: int) -> None:
        """Records what became of a call that is not made again by itself."""
        if answer.verdict is Verdict.DONE:
            self.counts["delivered"] += 1
            if one.is_due:
                await delivered(self._graph, one)
        else:
            self.counts["undelivered"] += 1
            times = "once" if tries == 1 else f"{tries} times"
            why = f"{self.settings.place} {answer.said}, tried {times}; mend the cause, then resend it"
            _log.warning("call %s is a dead letter: %s", one.id, why)
            await give_up(self._graph, one, why)
        del self._state.tries[one.id]
        self._state.done.add(one.id)
