"""What a batch needs to know of the graph to be decided, and what it changes there.

`World` is loaded once under the lock of the log (`graph.store.load`), consulted and changed in memory
by `graph.store.decide`, and written back by `graph.store.write`. No I/O here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.model.ontology import link_types
from graph.model.time import FAR
from graph.model.timeline import Revision, Row, Rows, covers, first_uncovered
from graph.store.prepared import LinkKey, Prepared

End = tuple[str, str, str]
"""One end of links of one type: (thing, link type, "out" or "in")."""

Unit = tuple[Prepared, ...]
"""Events that stand or fall together: one event, or those of one group."""


@dataclass(slots=True)
class Thing:
    """What is known of one thing.

    `rows` is None where only its ends of existence matter: it exists from `born` on, without a break.
    """

    kind: str
    n: int
    born: int = FAR
    rows: Rows | None = None
    is_stored: bool = False

    def exists_throughout(self, start: int, end: int) -> bool:
        """Says whether the thing exists at every instant of [start, end)."""
        if self.rows is None:
            return self.born <= start
        return covers(self.rows, start, end)

    def absent_from(self, start: int) -> int:
        """Returns the first instant from `start` on at which the thing does not exist."""
        if self.rows is None:
            return FAR if self.born <= start else start
        return first_uncovered(self.rows, start)

    def merged_by(self, instant: int) -> Row | None:
        """Returns the statement that merged the thing into another one by that instant, if any did."""
        merges = [r for r in self.rows or () if r.merged_into and r.valid_from <= instant]
        return merges[-1] if merges else None


@dataclass(frozen=True, slots=True)
class Known:
    """An event that the log holds already."""

    seq: int
    hash: str


@dataclass(slots=True)
class World:
    """Everything that the events of one batch touch, as it is now."""

    seq: int
    recorded_at: int
    now: int
    things: dict[str, Thing] = field(default_factory=dict)
    links: dict[LinkKey, Rows] = field(default_factory=dict)
    ends: defaultdict[End, set[LinkKey]] = field(default_factory=lambda: defaultdict(set))
    holders: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    events: dict[tuple[str, str], Known] = field(default_factory=dict)
    logged: dict[tuple[str, str], Prepared] = field(default_factory=dict)
    parked: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: dict[Unit, set[str]] = field(default_factory=dict)

    def concerns(self, unit: Unit) -> set[str]:
        """Returns the keys of what a unit brings or lacks, those of the events it withdraws included."""
        logged = [self.logged.get(identity) for p in unit for identity in p.withdrawn()]
        return {key for p in (*unit, *logged) if p is not None for key in p.concerns()}

    def wait(self, unit: Unit) -> None:
        """Takes in a unit that cannot be decided yet."""
        self.waiting[unit] = self.concerns(unit)
        self.parked |= {p.identity: p.hash for p in unit}

    def waiting_for(self, keys: set[str]) -> list[Unit]:
        """Returns the units that wait for any of some keys, in the order of what they tell of."""
        found = (unit for unit, own in self.waiting.items() if not own.isdisjoint(keys))
        return sorted(found, key=lambda unit: unit[0].tie[1:])

    def add_link(self, key: LinkKey, rows: Rows) -> None:
        """Takes a link in, so that both its ends know of it."""
        self.links[key] = rows
        source, link, target, _ = key
        self.ends[source, link, "out"].add(key)
        self.ends[target, link, "in"].add(key)

    def add_holder(self, utcs: str, aliases: Iterable[str]) -> None:
        """Remembers that a thing has borne these aliases."""
        for alias in aliases:
            self.holders[alias].add(utcs)


@dataclass(slots=True)
class Draft:
    """What one unit would change, seen over the world; kept only if the whole unit stands."""

    world: World
    things: dict[str, Thing] = field(default_factory=dict)
    links: dict[LinkKey, Rows] = field(default_factory=dict)
    thing_rows: list[tuple[str, Row]] = field(default_factory=list)
    link_rows: list[tuple[LinkKey, Row]] = field(default_factory=list)
    superseded: list[tuple[str | LinkKey, Row, int]] = field(default_factory=list)
    shrunk: set[str] = field(default_factory=set)

    def thing(self, utcs: str) -> Thing | None:
        """Returns what is known of a thing, this unit's own changes included."""
        return self.things.get(utcs) or self.world.things.get(utcs)

    def link(self, key: LinkKey) -> Rows:
        """Returns the timeline of a link, this unit's own changes included."""
        rows = self.links.get(key)
        return self.world.links.get(key, ()) if rows is None else rows

    def links_at(self, utcs: str, link: str, direction: str) -> Iterator[LinkKey]:
        """Yields the links of one type at one end of a thing."""
        yield from self.world.ends.get((utcs, link, direction), ())

    def links_touching(self, utcs: str) -> Iterator[LinkKey]:
        """Yields every link of a thing, in either direction."""
        for link in link_types():
            for direction in ("out", "in"):
                yield from self.links_at(utcs, link, direction)

    def revise_thing(self, utcs: str, thing: Thing, change: Revision, now: int) -> None:
        """Takes in the new timeline of a thing."""
        self.things[utcs] = thing
        self.thing_rows += ((utcs, row) for row in change.created)
        self.superseded += ((utcs, row, now) for row in change.superseded)

    def revise_link(self, key: LinkKey, change: Revision, now: int) -> None:
        """Takes in the new timeline of a link."""
        if key not in self.world.links:
            self.world.add_link(key, ())
        self.links[key] = change.rows
        self.link_rows += ((key, row) for row in change.created)
        self.superseded += ((key, row, now) for row in change.superseded)


@dataclass(slots=True)
class Journal:
    """What the accepted units changed, in order: everything that has to be written."""

    thing_rows: list[tuple[str, Row]] = field(default_factory=list)
    link_rows: list[tuple[LinkKey, Row]] = field(default_factory=list)
    superseded_at: dict[int, int] = field(default_factory=dict)
    superseded_things: list[tuple[str, Row]] = field(default_factory=list)
    superseded_links: list[tuple[LinkKey, Row]] = field(default_factory=list)

    def keep(self, draft: Draft) -> None:
        """Takes a draft over into the world, and notes what it changed."""
        world = draft.world
        world.things.update(draft.things)
        world.links.update(draft.links)
        self.thing_rows += draft.thing_rows
        self.link_rows += draft.link_rows
        for owner, row, now in draft.superseded:
            self.superseded_at[id(row)] = now
            if row.is_stored and isinstance(owner, str):
                self.superseded_things.append((owner, row))
            elif row.is_stored and not isinstance(owner, str):
                self.superseded_links.append((owner, row))
