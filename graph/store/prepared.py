"""Events made ready to be decided: all that can be worked out before the log is locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graph.model.canonical import canonical_bytes, leaf_hash, sha256_hex
from graph.model.event import Event
from graph.model.fact import Correct, EndLink, PutLink, PutNode, RetireNode
from graph.model.ontology import get_link_type
from graph.model.time import to_micros
from graph.model.timeline import Tie
from graph.store.node import stored_properties

LinkKey = tuple[str, str, str, str | None]
"""What makes a link the same link: source, link type, target, slot."""


@dataclass(frozen=True, slots=True)
class NodeStatement:
    """What an event says of one thing: its properties, or (`content` None) that it is no more."""

    utcs: str
    kind: str
    valid_from: int
    content: dict[str, Any] | None
    aliases: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class LinkStatement:
    """What an event says of one link: what it carries, or (`content` None) that it has ended."""

    key: LinkKey
    valid_from: int
    content: dict[str, Any] | None
    hash: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an earlier event was wrong. `earlier` is filled in once that event is found in the log."""

    source: str
    id: str


Statement = NodeStatement | LinkStatement | Withdrawal


@dataclass(frozen=True, slots=True)
class Prepared:
    """One event with its canonical form, its hash and its statements in the form of the graph."""

    event: Event
    canonical: bytes
    hash: str
    tie: Tie
    statements: tuple[Statement, ...]

    @property
    def identity(self) -> tuple[str, str]:
        """(source, id)."""
        return self.event.source, self.event.id

    def things(self) -> Iterator[str]:
        """Yields the things that the event states something of."""
        return (s.utcs for s in self.statements if isinstance(s, NodeStatement))

    def links(self) -> Iterator[LinkKey]:
        """Yields the links that the event states something of."""
        return (s.key for s in self.statements if isinstance(s, LinkStatement))

    def withdrawn(self) -> Iterator[tuple[str, str]]:
        """Yields the identities of the events that the event withdraws."""
        return ((s.source, s.id) for s in self.statements if isinstance(s, Withdrawal))

    def keys(self) -> Iterator[str]:
        """Yields the keys under which others may wait for what this event brings, or it for them."""
        yield event_key(self.identity)
        yield from self.things()
        for key in self.links():
            yield link_key(key)
            yield from (key[0], key[2])
        yield from map(event_key, self.withdrawn())


def event_key(identity: tuple[str, str]) -> str:
    """Returns the key under which others wait for an event."""
    return "event " + " ".join(identity)


def link_key(key: LinkKey) -> str:
    """Returns the key under which others wait for a link."""
    return " ".join(("link", *(part or "" for part in key)))


def prepare(event: Event) -> Prepared:
    """Returns an event ready to be decided."""
    canonical = event.canonical()
    time = to_micros(event.time)
    tie = (event.sourcerank, time, event.source, event.id)
    statements = tuple(_statement(fact, time) for fact in event.facts)
    return Prepared(event, canonical, sha256_hex(canonical), tie, statements)


def _statement(fact: PutNode | RetireNode | PutLink | EndLink | Correct, time: int) -> Statement:
    if isinstance(fact, Correct):
        return Withdrawal(fact.source, fact.id)
    valid_from = time if fact.valid_from is None else to_micros(fact.valid_from)
    if isinstance(fact, PutNode):
        return _node_statement(fact, valid_from)
    if isinstance(fact, RetireNode):
        hash = _hash({"utcs": str(fact.utcs), "retired": True})
        return NodeStatement(str(fact.utcs), fact.utcs.kind, valid_from, None, (), hash)
    return _link_statement(fact, valid_from)


def _node_statement(fact: PutNode, valid_from: int) -> NodeStatement:
    content = stored_properties(fact.properties)
    said = {
        "utcs": str(fact.utcs),
        "kind": fact.utcs.kind,
        "properties": fact.properties.model_dump(exclude_none=True),
    }
    aliases = tuple(content.get("aliases", ()))
    return NodeStatement(str(fact.utcs), fact.utcs.kind, valid_from, content, aliases, _hash(said))


def _link_statement(fact: PutLink | EndLink, valid_from: int) -> LinkStatement:
    key = (str(fact.source), fact.link, str(fact.target), fact.slot)
    said = {"source": key[0], "link": key[1], "target": key[2], "slot": key[3]}
    if isinstance(fact, EndLink):
        return LinkStatement(key, valid_from, None, _hash(said | {"ended": True}))
    declared = get_link_type(fact.link).properties
    carried = declared.model_validate(fact.properties) if declared and fact.properties else None
    content = {} if carried is None else stored_properties(carried)
    dumped = {} if carried is None else carried.model_dump(exclude_none=True)
    return LinkStatement(key, valid_from, content, _hash(said | {"properties": dumped}))


def _hash(said: dict[str, Any]) -> str:
    return leaf_hash(canonical_bytes(said)).hex()
