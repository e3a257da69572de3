"""How good is what a source sends? What was counted, and the scores that were stated over time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from graph.model.identifier import Utcs
from graph.model.ontology import kinds
from graph.model.quality_rule import Dimension, Record, Rule, Sort
from graph.model.quality_rules import rules_of
from graph.model.time import FAR, UtcDatetime, from_micros
from graph.store.database import Graph
from graph.store.question import MAX_FIRST, bounded
from graph.store.records import read_records, walk_records

MOST_SOURCES: Final = 1_000


@dataclass(slots=True)
class Tally:
    """What the statements of one source that hold now come to, by weight of the rules.

    Attributes:
        things: How many things are as the source says.
        complete: Weight of the rules of completeness that are kept.
        complete_of: Weight of those that apply.
        sound: Weight of all other rules that are kept: of consistency and of spelling.
        sound_of: Weight of those that apply.
    """

    things: int = 0
    complete: int = 0
    complete_of: int = 0
    sound: int = 0
    sound_of: int = 0

    def add(self, record: Record, rules: Collection[Rule]) -> None:
        """Takes a record of the source in."""
        self.things += 1
        for rule in rules:
            if rule.check.applies(record):
                weight = rule.severity.weight
                kept = 0 if rule.find(record) else weight
                if rule.dimension is Dimension.COMPLETENESS:
                    self.complete, self.complete_of = (
                        self.complete + kept,
                        self.complete_of + weight,
                    )
                else:
                    self.sound, self.sound_of = self.sound + kept, self.sound_of + weight


@dataclass(frozen=True, slots=True)
class Point:
    """A score of a source.

    Attributes:
        at: Since when it holds.
        percent: The score, from 0 to 100.
        counts: What it was computed from; empty where a person stated it.
        source: The source of the event that stated it; with `id`, its identity.
    """

    at: UtcDatetime
    percent: float
    counts: Mapping[str, int]
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The scores of a source over time, the newest first."""

    utcs: Utcs
    name: str
    uri: str | None
    points: tuple[Point, ...] = field(default=())


async def tally(graph: Graph) -> dict[str, Tally]:
    """Returns what is as each source says, held against the rules. Looks at everything, in windows."""
    found: dict[str, Tally] = {}
    for kind in kinds():
        rules = [rule for rule in rules_of(kind) if rule.sort is not Sort.ENRICH]
        async for records in walk_records(graph, kind, rules):
            for record in records:
                found.setdefault(record.source, Tally()).add(record, rules)
    return found


async def find_sent(graph: Graph, sources: Collection[str]) -> dict[str, tuple[int, int]]:
    """Returns how many events of each source were accepted, and how many attempts were refused."""
    rows = await graph.read("source/sent", {"sources": list(sources)})
    return {source: (accepted, refused) for source, accepted, refused in rows}


async def source_quality(
    graph: Graph, source: Utcs | None = None, *, first: int = 100
) -> tuple[Quality, ...]:
    """Returns the scores of one source, or of all, over time.

    Args:
        graph: Where to ask.
        source: The source; all of the first thousand by id unless given.
        first: How many scores of each.

    Raises:
        BadQuestionError: The number is out of bounds.
    """
    bounded("first", first, MAX_FIRST)
    records = await source_records(graph, source)
    parameters = {"things": [str(utcs) for utcs in records], "first": first, "far": FAR}
    rows = await graph.read("source/scores", parameters)
    return tuple(_quality(records[Utcs.parse(utcs)], points) for utcs, points in rows)


async def source_records(graph: Graph, source: Utcs | None = None) -> dict[Utcs, Record]:
    """Returns the source things that there are now; one of them, or all up to a bound."""
    if source is not None:
        return await read_records(graph, [source])
    found: dict[Utcs, Record] = {}
    async for records in walk_records(graph, "source"):
        found |= {record.utcs: record for record in records}
        if len(found) >= MOST_SOURCES:
            break
    return found


def _quality(record: Record, points: list[list[Any]]) -> Quality:
    told = tuple(
        Point(from_micros(at), percent, _counts(extra), source, id)
        for at, percent, extra, source, id in points
    )
    return Quality(record.utcs, record.thing.name, record.get("uri"), told)


def _counts(extra: str | None) -> dict[str, int]:
    counts = orjson.loads(extra).get("quality") if extra else None
    return counts if isinstance(counts, dict) else {}
