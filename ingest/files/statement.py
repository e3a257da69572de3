"""Events made from files, with ids that follow from what they say.

The same part of a file, stated at the same time, always becomes the same event; a part that changed,
or that is stated at another time, becomes a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from graph.errors import TraceError
from graph.model.canonical import canonical_bytes, sha256_hex
from graph.model.event import MAX_BYTES, Event, EventError, explain
from graph.model.fact import Correct, Fact, Facts, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs, local_part

KEY_LENGTH: Final = 160
"""So much of what names a part of a file stands in the id of its event."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """On whose word a file is read.

    Attributes:
        source: The `source` of every event.
        actor: Who loads the file.
        authority: Who issued the identifiers in it.
        rank: Who wins when two sources say different things of one instant.
    """

    source: str
    actor: str
    authority: str
    rank: int = 50

    def name(self, kind: str, foreign: str) -> Utcs:
        """Returns the identifier of the thing that the file calls `foreign`."""
        return Utcs(self.authority, kind, local_part(foreign))


def put_node(utcs: Utcs, properties: dict[str, Any], since: datetime | None = None) -> PutNode:
    """Returns the fact that a thing has exactly these properties.

    Raises:
        EventError: A property is unknown or holds a value that its kind does not allow.
    """
    given = {name: value for name, value in properties.items() if value is not None}
    try:
        return PutNode.model_validate({"utcs": utcs, "properties": given, "valid_from": since})
    except (ValidationError, TraceError) as error:
        raise EventError(_reason(error)) from error


def put_link(
    source: Utcs,
    link: str,
    target: Utcs,
    since: datetime | None = None,
    *,
    slot: str | None = None,
    properties: dict[str, Any] | None = None,
) -> PutLink:
    """Returns the fact that one thing depends on another.

    Raises:
        EventError: The link type does not exist, or does not join these kinds.
    """
    fact = {"source": source, "link": link, "target": target, "slot": slot}
    try:
        return PutLink.model_validate(fact | {"valid_from": since, "properties": properties or {}})
    except (ValidationError, TraceError) as error:
        raise EventError(_reason(error)) from error


def make_event(speaker: Speaker, key: str, facts: Iterable[Fact], time: datetime) -> Event:
    """Returns the event that states `facts`, identified by `key` and a hash of its content.

    Args:
        speaker: On whose word.
        key: What names the part of the file for people; the hash makes it unique.
        facts: What is stated; the first fact's thing becomes the subject.
        time: When it was stated.

    Raises:
        EventError: The event is larger than the thread takes, or breaks another rule.
    """
    try:
        data = Facts(facts=tuple(facts))
        content = {
            "source": speaker.source,
            "actor": speaker.actor,
            "sourcerank": speaker.rank,
            "subject": _subject(data),
            "time": time,
            "data": data,
        }
        return _identified(Event.model_validate(content | {"id": "0"}), key)
    except (ValidationError, TraceError) as error:
        raise EventError(_reason(error)) from error


def restated(event: Event, facts: Iterable[Fact]) -> Event:
    """Returns an event of `make_event` with only some of its facts, identified anew."""
    data = Facts(facts=tuple(facts))
    draft = event.model_copy(update={"id": "0", "subject": _subject(data), "data": data})
    return _identified(draft, event.id.rpartition("#")[0])


def _identified(draft: Event, key: str) -> Event:
    canonical = draft.canonical()
    if len(canonical) > MAX_BYTES:
        raise EventError(
            f"event: {len(canonical):,} bytes is over the limit of {MAX_BYTES:,}; "
            "keep large content beside the graph and refer to it"
        )
    return draft.model_copy(update={"id": f"{key[:KEY_LENGTH]}#{sha256_hex(canonical)[:24]}"})


def content_hash(value: Any) -> str:
    """Returns the SHA-256 of a JSON value in canonical form, in hex."""
    return sha256_hex(canonical_bytes(value))


def _subject(data: Facts) -> Utcs | None:
    first = data.facts[0]
    if isinstance(first, Correct):
        return None
    return first.utcs if isinstance(first, PutNode | RetireNode) else first.source


def _reason(error: ValidationError | TraceError) -> str:
    return explain(error) if isinstance(error, ValidationError) else error.message
