"""Plans: all that a file needs, written down before any of it is sent.

What a file needs depends on what the graph says already, so it cannot be worked out again once some of it
was sent. With the plan, whoever goes on after a cut sends the very same events, and knows what became of all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from graph.model.event import Event
from ingest.files.changes import Item
from ingest.files.rejected import Rejected

PLAN: Final = "plan.jsonl"
CHUNK: Final = 500
"""So many events are sent at once."""


@dataclass(slots=True)
class Plan:
    """What a file needs.

    Attributes:
        path: Where it is written down: one line for each event, and for each part that became none.
        head: The number of the last change before anything was sent: what is later is ours.
        counts: How many parts are `unchanged`, and how many are `rejected`.
    """

    path: Path
    head: int
    counts: Counter[str] = field(default_factory=Counter)

    def rejected(self) -> Iterator[Rejected]:
        """Yields each part that could not be read."""
        for line in _lines(self.path):
            if "rejected" in line:
                yield Rejected(**line["rejected"])

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """Yields the events, some at once; those of one group, which stand together, never apart."""
        batch: list[dict[str, Any]] = []
        for event in (line["event"] for line in _lines(self.path) if "event" in line):
            if len(batch) >= CHUNK and not (
                event.get("group") and _group(event) == _group(batch[-1])
            ):
                yield batch
                batch = []
            batch.append(event)
        if batch:
            yield batch


async def write_plan(path: Path, items: AsyncIterator[Item], head: int) -> Plan:
    """Returns the plan for what a reader yields."""
    plan = Plan(path, head)
    with path.open("wb") as file:
        async for item in items:
            if isinstance(item, Event):
                file.write(b'{"event":' + item.canonical() + b"}\n")
            elif isinstance(item, Rejected):
                plan.counts["rejected"] += 1
                said = {"where": item.where, "reason": item.reason, "raw": item.raw}
                file.write(json.dumps({"rejected": said}).encode() + b"\n")
            else:
                plan.counts["unchanged"] += 1
        file.write(orjson.dumps({"end": {"head": head, "counts": dict(plan.counts)}}) + b"\n")
    return plan


def read_plan(path: Path) -> Plan:
    """Returns a plan as it was written down."""
    (end,) = (line["end"] for line in _lines(path) if "end" in line)
    return Plan(path, end["head"], Counter(end["counts"]))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def _group(event: dict[str, Any]) -> tuple[str, str]:
    return event["source"], event.get("group", "")
