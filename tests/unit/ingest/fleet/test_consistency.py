"""Holds the story against rules that are written here anew and share no code with the generator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import networkx as nx
import pytest

from graph.model import ontology
from graph.model.event import Event
from graph.model.fact import Correct, EndLink, Fact, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs
from graph.model.time import FAR_FUTURE
from ingest.fleet import faults
from ingest.fleet.generate import generate
from ingest.fleet.statement import NOW, utcs

Key = tuple[Utcs, str, Utcs, str | None]
Span = tuple[datetime, datetime]


@dataclass
class World:
    """What the events say, put together by the simplest rules that could hold."""

    born: dict[Utcs, datetime] = field(default_factory=dict)
    retired: dict[Utcs, datetime] = field(default_factory=dict)
    spans: dict[Key, list[Span]] = field(default_factory=lambda: defaultdict(list))
    complaints: list[str] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        # A link may name a thing that the same event puts, wherever it stands in it.
        for fact in sorted(event.facts, key=lambda fact: not isinstance(fact, PutNode)):
            match fact:
                case PutNode():
                    self.born.setdefault(fact.utcs, self._at(fact, event))
                case RetireNode():
                    self._retire(fact, event)
                case PutLink():
                    self._put(fact, event)
                case EndLink():
                    self._end(fact, event)

    @staticmethod
    def _at(fact: Fact, event: Event) -> datetime:
        assert not isinstance(fact, Correct)
        return fact.valid_from or event.time

    def _put(self, fact: PutLink, event: Event) -> None:
        at = self._at(fact, event)
        for end in (fact.source, fact.target):
            if end not in self.born:
                self.complaints.append(f"{event.id}: {end} is not known yet")
            elif self.born[end] > at or self.retired.get(end, FAR_FUTURE) <= at:
                self.complaints.append(f"{event.id}: {end} does not exist at {at}")
        spans = self.spans[fact.source, fact.link, fact.target, fact.slot]
        if not spans or spans[-1][1] != FAR_FUTURE:
            if spans and spans[-1][1] > at:
                self.complaints.append(f"{event.id}: {fact.link} begins before it ended")
            spans.append((at, FAR_FUTURE))

    def _end(self, fact: EndLink, event: Event) -> None:
        at = self._at(fact, event)
        spans = self.spans[fact.source, fact.link, fact.target, fact.slot]
        if not spans or spans[-1][1] != FAR_FUTURE or spans[-1][0] >= at:
            self.complaints.append(f"{event.id}: ends a {fact.link} that does not hold at {at}")
            return
        spans[-1] = (spans[-1][0], at)

    def _retire(self, fact: RetireNode, event: Event) -> None:
        at = self._at(fact, event)
        self.retired[fact.utcs] = at
        for (source, link, target, _), spans in self.spans.items():
            if fact.utcs in (source, target) and spans[-1][1] > at:
                self.complaints.append(f"{event.id}: {link} outlives {fact.utcs}")

    def of_type(self, name: str) -> Iterator[tuple[Utcs, Utcs, str | None, Span]]:
        for (source, link, target, slot), spans in self.spans.items():
            if link == name:
                yield from ((source, target, slot, span) for span in spans)


@pytest.fixture(scope="module")
def world(story: Sequence[Event]) -> World:
    withdrawn = {
        (fact.source, fact.id)
        for event in story
        for fact in event.facts
        if isinstance(fact, Correct)
    }
    world = World()
    for event in story:
        if event.identity not in withdrawn:
            world.tell(event)
    return world


def test_no_event_says_a_thing_twice(story: Sequence[Event]) -> None:
    def said(fact: Fact) -> tuple[object, ...]:
        if isinstance(fact, PutLink | EndLink):
            return fact.source, fact.link, fact.target, fact.slot
        return (fact.utcs,) if isinstance(fact, PutNode | RetireNode) else (fact.id,)

    twice = [event.id for event in story if len(set(map(said, event.facts))) < len(event.facts)]

    assert twice == []


def overlapping(spans: Sequence[Span]) -> bool:
    return any(earlier[1] > later[0] for earlier, later in pairwise(sorted(spans)))


def test_every_link_finds_both_ends_alive_when_it_is_told(world: World) -> None:
    assert world.complaints == []


@pytest.mark.slow
def test_the_aircraft_after_the_first_twelve_build_on_what_is_told_before_them_too() -> None:
    # Their units once belonged to batches that were told of later, because numbers began within one.
    world = World()

    for event in generate(seed=1, scale=13 / 12):
        world.tell(event)

    assert world.complaints == []


def test_cardinalities_hold_at_every_instant(world: World) -> None:
    crowded: list[object] = []
    for name, declared in ontology.link_types().items():
        held: dict[object, list[Span]] = defaultdict(list)
        for source, target, slot, span in world.of_type(name):
            if declared.max_out == 1:
                held["out", source].append(span)
            if declared.max_in == 1:
                held["in", target].append(span)
            if declared.slotted:
                held["slot", source, slot].append(span)
        crowded += [(name, key) for key, spans in held.items() if overlapping(spans)]

    assert crowded == []


def test_nothing_contains_or_derives_from_itself(world: World) -> None:
    for name, declared in ontology.link_types().items():
        if declared.acyclic:
            graph = nx.DiGraph([(s, t) for s, t, _, _ in world.of_type(name)])
            assert nx.is_directed_acyclic_graph(graph), name


def whereabouts(world: World) -> dict[Utcs, list[Span]]:
    """Where each unit was: installed in something, or lying at some base."""
    seen: dict[Utcs, list[Span]] = {thing: [] for thing in world.born if thing.kind == "serial"}
    for _, target, _, span in world.of_type("CONTAINS"):
        seen[target].append(span)
    for source, _, _, span in world.of_type("LOCATED_IN"):
        if source.kind == "serial":
            seen[source].append(span)
    return seen


def test_a_unit_is_in_exactly_one_place_from_its_birth_on(world: World) -> None:
    lost: dict[Utcs, list[Span]] = {}
    for unit, spans in whereabouts(world).items():
        spans.sort()
        assert spans, unit
        assert not overlapping(spans), unit
        ends = [world.born[unit], *(end for _, end in spans)]
        begins = [*(begin for begin, _ in spans), FAR_FUTURE]
        gaps = [(end, begin) for end, begin in zip(ends, begins, strict=True) if end != begin]
        if gaps:
            lost[unit] = gaps

    gap = (faults.GAP_BEGINS, faults.GAP_ENDS)
    assert lost == {utcs("serial", faults.GAP_SERIAL): [gap]}


def test_units_move_between_aircraft(world: World) -> None:
    homes: dict[Utcs, set[Utcs]] = defaultdict(set)
    for source, target, _, _ in world.of_type("CONTAINS"):
        homes[target].add(source)

    assert sum(len(found) > 1 for found in homes.values()) >= 20


def test_counters_never_run_backwards(story: Sequence[Event]) -> None:
    wrong = {fact.id for event in story for fact in event.facts if isinstance(fact, Correct)}
    told: dict[Utcs, list[tuple[datetime, int]]] = defaultdict(list)
    for event in story:
        for fact in event.facts:
            if isinstance(fact, PutNode) and fact.utcs.kind == "usage" and event.id not in wrong:
                hours = int(fact.properties.model_dump()["total_fh"])
                told[fact.utcs].append((event.time, hours))

    for usage, counts in told.items():
        counts.sort()
        assert all(a[1] <= b[1] for a, b in pairwise(counts)), usage


def test_no_unit_flies_beyond_its_hard_life(story: Sequence[Event]) -> None:
    limits = {
        fact.utcs: fact.properties.model_dump()
        for event in story
        for fact in event.facts
        if isinstance(fact, PutNode) and fact.utcs.kind == "part"
    }
    part_of: dict[Utcs, Utcs] = {}
    for event in story:
        for fact in event.facts:
            if isinstance(fact, PutLink) and fact.link == "INSTANCE_OF":
                part_of[fact.source] = fact.target
    for event in story:
        for fact in event.facts:
            if isinstance(fact, PutNode) and fact.utcs.kind == "usage":
                unit = utcs("serial", fact.utcs.local.removeprefix("USE-"))
                if unit in part_of:
                    used, limit = fact.properties.model_dump(), limits[part_of[unit]]
                    assert (
                        limit["life_limit_fh"] is None or used["total_fh"] <= limit["life_limit_fh"]
                    )
                    assert (
                        limit["life_limit_fc"] is None or used["total_fc"] <= limit["life_limit_fc"]
                    )


def test_an_alias_names_one_thing_only(story: Sequence[Event]) -> None:
    named: dict[object, set[Utcs]] = defaultdict(set)
    for event in story:
        for fact in event.facts:
            if isinstance(fact, PutNode):
                for alias in fact.properties.aliases:
                    named[alias].add(fact.utcs)

    assert [alias for alias, things in named.items() if len(things) > 1] == []


def test_the_story_ends_before_its_last_day_does(story: Sequence[Event]) -> None:
    assert max(event.time for event in story) <= NOW
