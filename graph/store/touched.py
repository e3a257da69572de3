"""What does an entry of the change log say something of: which things, and which links?

A correction touches what the event that it withdraws had stated. Nothing else changes with an entry: an
event that had waited has an entry of its own, and a thing can only go when its links have ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from graph.store.changes import Entry
from graph.store.database import Graph
from graph.store.prepared import LinkKey

Identity = tuple[str, str]
Facts = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Touched:
    """The things and links of which belief may change, in the order in which they are spoken of."""

    things: tuple[str, ...]
    links: tuple[LinkKey, ...]

    @property
    def first(self) -> str | None:
        """The thing that is spoken of first."""
        return next(iter((*self.things, *(source for source, *_ in self.links))), None)


async def touched(graph: Graph, entries: Sequence[Entry]) -> list[Touched]:
    """Returns what each of some entries touches."""
    stated = [_facts(entry.event) for entry in entries]
    wrong = {identity for facts in stated for identity in _withdrawn(facts)}
    earlier = await _find_facts(graph, wrong) if wrong else {}
    return [
        _touched([*facts, *(f for identity in _withdrawn(facts) for f in earlier[identity])])
        for facts in stated
    ]


async def _find_facts(graph: Graph, events: Iterable[Identity]) -> dict[Identity, Facts]:
    rows = await graph.read("apply/load_events", {"events": [list(event) for event in events]})
    return {(source, id): _facts(event) for source, id, _, _, event in rows}


def _facts(event: str) -> Facts:
    facts: Facts = orjson.loads(event)["data"]["facts"]
    return facts


def _withdrawn(facts: Facts) -> Iterator[Identity]:
    return ((fact["source"], fact["id"]) for fact in facts if fact["fact"] == "correct")


def _touched(facts: Facts) -> Touched:
    return Touched(
        tuple(dict.fromkeys(fact["utcs"] for fact in facts if "utcs" in fact)),
        tuple(dict.fromkeys(_link(fact) for fact in facts if "link" in fact)),
    )


def _link(fact: dict[str, Any]) -> LinkKey:
    return fact["source"], fact["link"], fact["target"], fact.get("slot")
