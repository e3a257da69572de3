"""Taking events from somebody: who may, and under whose name they are recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import TraceError
from graph.model.event import MAX_BYTES, Event
from graph.model.outcome import Outcome
from graph.model.strict import JsonError, read_json
from graph.store.apply import Signed, apply_in_turn
from graph.store.database import Graph
from graph.store.prepared import Sent

ROLES: Final = ("reader", "editor", "admin")
"""From least to most; each may do what those before it may."""

VIEWERS: Final = ("operator", "authority")
"""Who is shown passports and nothing else of the thread, from least to most."""

BATCH_FACTS: Final = 250
"""About how many facts one transaction takes, so that a person's single change need not wait long."""

Document = Event | bytes | dict[str, Any]


class ForbiddenError(TraceError):
    """Somebody asks for what their roles do not allow."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who asks: a person or a program, and what they may do."""

    actor: str
    roles: frozenset[str]

    @classmethod
    def of(cls, actor: str, role: str) -> Principal:
        """Returns somebody with a role and all lesser ones."""
        ladder = VIEWERS if role in VIEWERS else ROLES
        return cls(actor, frozenset(ladder[: ladder.index(role) + 1]))

    def require(self, role: str) -> None:
        """Raises ForbiddenError unless this principal has the role."""
        if role not in self.roles:
            raise ForbiddenError(
                f"{self.actor} lacks the role {role!r}; ask an admin for a token that has it",
                actor=self.actor,
                role=role,
            )


async def submit(
    graph: Graph,
    batch: Sequence[Document],
    principal: Principal,
    *,
    facts_at_once: int = BATCH_FACTS,
) -> list[Outcome]:
    """Applies events in the name of somebody, and says what became of each, in order.

    An event without an `actor` is recorded as the principal's. An admin may pass on what others
    did, as a gateway or a loader does; anybody else's event is recorded under their own name.
    A long batch takes several transactions; events of one `group` share one.

    Args:
        graph: Where to.
        batch: The events.
        principal: In whose name.
        facts_at_once: About how many facts one transaction takes; more is faster where nobody waits.

    Raises:
        ForbiddenError: The principal may not write.
        GraphUnreachableError: Part of the batch may be applied; send all of it again.
    """
    principal.require("editor")
    signed = [sign(document, principal) for document in batch]
    outcomes: list[Outcome] = []
    async for answered in apply_in_turn(graph, _parts(signed, facts_at_once)):
        outcomes += answered
    return outcomes


def _parts(batch: Sequence[Signed], facts_at_once: int) -> Iterator[Sequence[Signed]]:
    """Cuts a batch into transactions, never through a group."""
    groups = [_group(signed.read) for signed in batch]
    last = {group: place for place, group in enumerate(groups) if group}
    start = facts = whole_at = 0
    for place, signed in enumerate(batch):
        facts += _facts(signed.read)
        if group := groups[place]:
            whole_at = max(whole_at, last[group])
        if facts >= facts_at_once and place >= whole_at:
            yield batch[start : place + 1]
            start, facts = place + 1, 0
    if start < len(batch):
        yield batch[start:]


def _group(document: Sent) -> tuple[str, str] | None:
    if isinstance(document, Event):
        return (document.source, document.group) if document.group else None
    if isinstance(document, dict) and document.get("group"):
        return str(document.get("source")), str(document["group"])
    return None


def _facts(document: Sent) -> int:
    if isinstance(document, Event):
        return len(document.facts)
    data = document.get("data") if isinstance(document, dict) else None
    facts = data.get("facts") if isinstance(data, dict) else None
    return len(facts) if isinstance(facts, list) else 1


def sign(document: Document, principal: Principal) -> Signed:
    """Returns a document in the name of somebody, who may be another's only for an admin."""
    if isinstance(document, Event):
        if "admin" not in principal.roles and document.actor != principal.actor:
            document = document.model_copy(update={"actor": principal.actor})
        return Signed(document, document, document.actor)
    read = _read(document) if isinstance(document, bytes) else document
    if not isinstance(read, dict):
        return Signed(document, read, principal.actor)
    if "admin" not in principal.roles or not read.get("actor"):
        read = read | {"actor": principal.actor}
    named = read["actor"]
    return Signed(document, read, named if isinstance(named, str) else None)


def _read(document: bytes) -> Sent:
    """Returns the JSON object in a document; what is none stays as it is, for `apply` to refuse."""
    if len(document) > MAX_BYTES:
        return document
    try:
        value = read_json(document)
    except JsonError:
        return document
    return value if isinstance(value, dict) else document
