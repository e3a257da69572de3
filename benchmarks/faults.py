"""Nothing is lost, doubled or changed, and order is kept, while worker, broker and database are killed.

    python -m benchmarks faults [--queue rabbitmq] [--events 50000] [--things 200] [--kills 30] [--seed 1]

Events about some things, each in its order, go through a real queue and the worker into a real Neo4j. While
they flow, `kill -9` hits one of the three again and again, and it is started again on its store. Then the
graph is asked what it has. Which is killed after how many events the seed decides, so that a run can be
repeated; to the microsecond none can.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks.stage import BROKER, DATABASE, QUEUES, WORKER, Stage
from graph.model.identifier import Utcs
from graph.store.changes import changes, head
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError
from graph.store.health import read_counters
from graph.store.history import history
from graph.store.migrate import migrate

SOURCE: Final = "urn:bench:faults"
START: Final = datetime(2026, 1, 1, tzinfo=UTC)
AHEAD: Final = 2_000
"""How far sending is ahead of committing, at most: so the broker also dies while it is sent to."""
STUCK_S: Final = 300.0


@dataclass(frozen=True)
class Trial:
    """What is sent, and what is killed meanwhile."""

    queue: str = "kafka"
    events: int = 50_000
    things: int = 200
    kills: int = 30
    seed: int = 1

    def thing(self, number: int) -> str:
        """Returns the thing that an event is about."""
        return f"utcs:BENCH:serial:S-{number % self.things}"

    def time(self, number: int) -> datetime:
        """Returns when what an event says became true."""
        return START + timedelta(seconds=number)

    def event(self, number: int) -> dict[str, Any]:
        """Returns an event; what it says is said by no other."""
        utcs = self.thing(number)
        properties = {"serial_number": utcs.rpartition(":")[2], "name": f"step {number}"}
        return {
            "id": str(number),
            "source": SOURCE,
            "actor": "benchmark",
            "time": self.time(number).isoformat(),
            "data": {"facts": [{"fact": "put_node", "utcs": utcs, "properties": properties}]},
        }

    def plan(self) -> list[tuple[int, str]]:
        """Returns after how many events which of the three is killed; each is, at least once."""
        dice = random.Random(self.seed)
        victims = [WORKER, BROKER, DATABASE]
        victims += dice.choices(victims, k=self.kills - len(victims))
        dice.shuffle(victims)
        marks = sorted(dice.sample(range(self.events * 9 // 10), k=len(victims)))
        return list(zip(marks, victims, strict=True))


@dataclass(frozen=True)
class Verdict:
    """What the graph had in the end.

    Attributes:
        kills: How often each was killed.
        lost: Events that were sent and are not in the log.
        doubled: Entries of the log above one for an event.
        disordered: Things whose events stand in the log in another order than they were sent.
        changed: Things of which some version is not what was sent, or one too many.
        dead: Events that were refused.
        waiting: Messages that the queue still had.
        seconds: From the first event sent to the last committed.
    """

    kills: Counter[str]
    lost: int
    doubled: int
    disordered: int
    changed: int
    dead: int
    waiting: int
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, moved, changed or left behind."""
        wrong = (self.lost, self.doubled, self.disordered, self.changed, self.dead, self.waiting)
        return not any(wrong)


class Progress:
    """How many events the graph has, as last heard of it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.committed = 0
        self._changed = asyncio.Condition()

    async def watch(self) -> None:
        """Asks again and again."""
        while True:
            with suppress(GraphUnreachableError):
                self.committed = (await head(self._graph)).seq
                async with self._changed:
                    self._changed.notify_all()
            await asyncio.sleep(0.1)

    async def reach(self, count: int) -> None:
        """Returns once the graph has so many.

        Raises:
            TimeoutError: Nothing has come for long.
        """
        while self.committed < count:
            before = self.committed
            async with asyncio.timeout(STUCK_S), self._changed:
                await self._changed.wait_for(lambda: self.committed > before)  # noqa: B023


async def run(trial: Trial, folder: Path) -> Verdict:
    """Returns how a trial went; its servers are in a folder, and gone afterwards."""
    async with Stage(trial.queue, folder) as stage:
        await stage.start(DATABASE)
        async with await Graph.open(*stage.graph, timeout_s=120) as graph:
            await migrate(graph)
            await stage.start(BROKER, WORKER)
            progress, begun = Progress(graph), time.monotonic()
            watching = asyncio.create_task(progress.watch())
            sending = asyncio.create_task(_send(trial, stage, progress))
            killing = asyncio.create_task(_kill(trial, stage, progress))
            try:
                await asyncio.gather(sending, killing, progress.reach(trial.events))
                seconds = time.monotonic() - begun
                await stage.kill(WORKER)  # what is committed may not be acknowledged yet
                await stage.ready()
                waiting = await stage.drained()
                return await judge(trial, graph, waiting, seconds)
            finally:
                for task in (watching, sending, killing):
                    task.cancel()
                await asyncio.gather(watching, sending, killing, return_exceptions=True)


async def _send(trial: Trial, stage: Stage, progress: Progress) -> None:
    step = 100
    for first in range(0, trial.events, step):
        await progress.reach(first - AHEAD)
        numbers = range(first, min(first + step, trial.events))
        await stage.queue.send([(trial.thing(n), orjson.dumps(trial.event(n))) for n in numbers])


async def _kill(trial: Trial, stage: Stage, progress: Progress) -> None:
    for mark, victim in trial.plan():
        await progress.reach(mark)
        await stage.kill(victim)


async def judge(trial: Trial, graph: Graph, waiting: int, seconds: float) -> Verdict:
    """Returns what a graph has of what was sent."""
    logged: list[int] = []
    while entries := await changes(graph, after=len(logged), first=1000):
        logged += [int(entry.id) for entry in entries]
    own: dict[str, list[int]] = {}
    for number in logged:
        own.setdefault(trial.thing(number), []).append(number)
    names = [trial.thing(n) for n in range(trial.things)]
    return Verdict(
        kills=Counter(victim for _, victim in trial.plan()),
        lost=len({*range(trial.events)} - {*logged}),
        doubled=len(logged) - len({*logged}),
        disordered=sum(numbers != sorted(numbers) for numbers in own.values()),
        changed=sum([not await _is_as_sent(trial, graph, name) for name in names]),
        dead=(await read_counters(graph)).refused,
        waiting=waiting,
        seconds=seconds,
    )


async def _is_as_sent(trial: Trial, graph: Graph, thing: str) -> bool:
    """Whether the versions of a thing are those that were sent, each once, with its content and time."""
    found: dict[tuple[str, datetime], set[int]] = {}
    after: str | None = None
    while True:
        page = await history(graph, Utcs.parse(thing), first=1000, after=after)
        for row in page.rows:
            if row.properties is not None and row.version is not None:
                stated = (row.properties.name, row.valid_from)
                found.setdefault(stated, set()).add(row.version)
        after = page.next
        if after is None:
            break
    numbers = [n for n in range(trial.events) if trial.thing(n) == thing]
    versions = sorted(version for seen in found.values() for version in seen)
    sent = {(f"step {n}", trial.time(n)) for n in numbers}
    return found.keys() == sent and versions == list(range(1, len(numbers) + 1))


def table(trial: Trial, verdict: Verdict) -> str:
    """Returns what a person reads of a trial."""
    columns = {
        "queue": trial.queue,
        "events": f"{trial.events:,}",
        "things": trial.things,
        "worker killed": verdict.kills[WORKER],
        "broker": verdict.kills[BROKER],
        "database": verdict.kills[DATABASE],
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "out of order": verdict.disordered,
        "changed": verdict.changed,
        "refused": verdict.dead,
        "left in queue": verdict.waiting,
        "s": f"{verdict.seconds:,.0f}",
        "events/s": f"{trial.events / verdict.seconds:,.0f}",
    }
    widths = [max(len(name), len(str(value))) for name, value in columns.items()]
    lines = [columns.keys(), map(str, columns.values())]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def main(arguments: Sequence[str]) -> int:
    told = argparse.ArgumentParser(prog="python -m benchmarks faults")
    told.add_argument("--queue", choices=QUEUES, default=Trial.queue)
    for name in ("events", "things", "kills", "seed"):
        told.add_argument(f"--{name}", type=int, default=getattr(Trial, name))
    trial = Trial(**vars(told.parse_args(arguments)))
    with tempfile.TemporaryDirectory() as folder:
        verdict = asyncio.run(run(trial, Path(folder)))
    print(table(trial, verdict))
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
