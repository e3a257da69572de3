"""Events made ready to be decided: all that can be worked out before the log is locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from graph.model.canonical import canonical_json, leaf_hash
from graph.model.event import Event, EventError, event_hash
from graph.model.fact import Correct, Fact, PutLink, PutNode, RetireNode
from graph.model.nesting import write_json
from graph.model.ontology import get_link_type
from graph.model.reading import COUNTERS, Reading
from graph.model.strict import find_unfit
from graph.model.time import to_micros
from graph.model.timeline import Tie
from graph.store.node import stored_properties

Sent = Event | bytes | str | dict[str, Any]
"""A document in any of the forms in which it may be given."""

FROZEN: Final = ("merkle_root", "rule", "as_of", "known_at", "members")
"""The properties of a baseline that never change once the first is stated."""

LinkKey = tuple[str, str, str, str | None]
"""What makes a link the same link: source, link type, target, slot."""


@dataclass(frozen=True, slots=True)
class NodeStatement:
    """What an event says of one thing: its properties, or (`content` None) that it is no more.

    `merged_into` is the thing that one which is no more turned out to be, if it was merged; `replaces`
    the number of the statement that this one was made upon, 0 for none, if the event says so.
    """

    utcs: str
    kind: str
    valid_from: int
    content: dict[str, Any] | None
    aliases: tuple[str, ...]
    hash: str
    merged_into: str | None = None
    replaces: int | None = None

    @property
    def frozen(self) -> tuple[Any, ...] | None:
        """What no later statement may say otherwise: of a baseline that has a root, all that gives it."""
        content = self.content or {}
        return tuple(map(content.get, FROZEN)) if content.get(FROZEN[0]) else None

    @property
    def reading(self) -> Reading | None:
        """What the counters stood at: of a usage."""
        if self.kind != "usage" or self.content is None:
            return None
        content = self.content
        return Reading.of(content.get("measured_at"), self.valid_from, map(content.get, COUNTERS))


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


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One event with its canonical form, its hash and its statements in the form of the graph.

    Each is equal to itself alone: an event that is sent twice is answered twice.

    Attributes:
        sent: The document that it was read from; None if it is the event itself.
    """

    event: Event
    canonical: bytes
    hash: str
    tie: Tie
    statements: tuple[Statement, ...]
    sent: bytes | str | dict[str, Any] | None = None

    @property
    def document(self) -> bytes:
        """The event as it was sent."""
        return self.canonical if self.sent is None else written(self.sent)

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

    def survivors(self) -> Iterator[str]:
        """Yields the things that others are merged into by the event."""
        for statement in self.statements:
            if isinstance(statement, NodeStatement) and statement.merged_into:
                yield statement.merged_into

    def withdrawn(self) -> Iterator[tuple[str, str]]:
        """Yields the identities of the events that the event withdraws."""
        return ((s.source, s.id) for s in self.statements if isinstance(s, Withdrawal))

    def concerns(self) -> Iterator[str]:
        """Yields the keys under which others may wait for what this event brings, or it for them."""
        yield event_key(self.identity)
        yield from self.things()
        yield from self.survivors()
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


def written(sent: Sent) -> bytes:
    """Returns a document as bytes: those that were sent, where it came as such."""
    if isinstance(sent, bytes):
        return sent
    if isinstance(sent, str):
        return sent.encode(errors="surrogatepass")
    return sent.canonical() if isinstance(sent, Event) else write_json(sent)


def prepare(event: Event, sent: Sent | None = None) -> Prepared:
    """Returns an event ready to be decided.

    Args:
        event: What it says.
        sent: The document that it was read from, if it came as one.

    Raises:
        EventError: A text in it holds a character that no record may hold.
    """
    content = event.as_json()
    canonical = canonical_json(content)
    if unfit := find_unfit(content, canonical):
        raise EventError(unfit)
    time = to_micros(event.time)
    statements = tuple(
        _statement(fact, written, time)
        for fact, written in zip(event.facts, content["data"]["facts"], strict=True)
    )
    tie = (event.sourcerank, time, event.source, event.id)
    document = None if isinstance(sent, Event) else sent
    return Prepared(event, canonical, event_hash(canonical), tie, statements, document)


def _statement(fact: Fact, written: dict[str, Any], time: int) -> Statement:
    if isinstance(fact, Correct):
        return Withdrawal(fact.source, fact.id)
    valid_from = time if fact.valid_from is None else to_micros(fact.valid_from)
    hash = content_hash(written)
    if isinstance(fact, PutNode):
        stored = stored_properties(fact.properties)
        aliases = tuple(stored.get("aliases", ()))
        return NodeStatement(
            str(fact.utcs),
            fact.utcs.kind,
            valid_from,
            stored,
            aliases,
            hash,
            replaces=fact.replaces,
        )
    if isinstance(fact, RetireNode):
        into = str(fact.merged_into) if fact.merged_into else None
        return NodeStatement(str(fact.utcs), fact.utcs.kind, valid_from, None, (), hash, into)
    key = (str(fact.source), fact.link, str(fact.target), fact.slot)
    content = _carried(fact) if isinstance(fact, PutLink) else None
    return LinkStatement(key, valid_from, content, hash)


def _carried(fact: PutLink) -> dict[str, Any]:
    reviewed = {} if fact.reason is None else {"reviewed": fact.reason}
    declared = get_link_type(fact.link).properties
    if declared is None or not fact.properties:
        return reviewed
    return stored_properties(declared.model_validate(fact.properties)) | reviewed


def content_hash(written: dict[str, Any]) -> str:
    """Returns the hash of what a fact says, in hex: the leaf hash of its canonical form.

    When it holds and what it was made upon are not part of what it says.
    """
    said = {n: value for n, value in written.items() if n not in ("valid_from", "replaces")}
    return leaf_hash(canonical_json(said)).hex()
