"""Taking events from somebody: who may, and under whose name they are recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.errors import TraceError
from graph.model.event import MAX_BYTES, Event
from graph.model.outcome import Outcome
from graph.model.strict import JsonError, read_json
from graph.store.apply import apply_in_turn
from graph.store.database import Graph

ROLES: Final = ("reader", "editor", "admin")
"""From least to most; each may do what those before it may."""

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
        return cls(actor, frozenset(ROLES[: ROLES.index(role) + 1]))

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
    signed = [_signed(document, principal) for document in batch]
    outcomes: list[Outcome] = []
    async for answered in apply_in_turn(graph, _parts(signed, facts_at_once)):
        outcomes += answered
    return outcomes


def _parts(batch: Sequence[Document], facts_at_once: int) -> Iterator[Sequence[Document]]:
    """Cuts a batch into transactions, never through a group."""
    groups = [_group(document) for document in batch]
    last = {group: place for place, group in enumerate(groups) if group}
    start = facts = whole_at = 0
    for place, document in enumerate(batch):
        facts += _facts(document)
        if group := groups[place]:
            whole_at = max(whole_at, last[group])
        if facts >= facts_at_once and place >= whole_at:
            yield batch[start : place + 1]
            start, facts = place + 1, 0
    if start < len(batch):
        yield batch[start:]


def _group(document: Document) -> tuple[str, str] | None:
    if isinstance(document, Event):
        return (document.source, document.group) if document.group else None
    if isinstance(document, dict) and document.get("group"):
        return str(document.get("source")), str(document["group"])
    return None


def _facts(document: Document) -> int:
    if isinstance(document, Event):
        return len(document.facts)
    data = document.get("data") if isinstance(document, dict) else None
    facts = data.get("facts") if isinstance(data, dict) else None
    return len(facts) if isinstance(facts, list) else 1


def _signed(document: Document, principal: Principal) -> Document:
    if isinstance(document, Event):
        if "admin" in principal.roles or document.actor == principal.actor:
            return document
        return document.model_copy(update={"actor": principal.actor})
    if isinstance(document, bytes):
        document = _read(document)
    if not isinstance(document, dict):
        return document
    if "admin" in principal.roles and document.get("actor"):
        return document
    return document | {"actor": principal.actor}


def _read(document: bytes) -> Document:
    """Returns the JSON object in a document; what is none stays as it is, for `apply` to refuse."""
    if len(document) > MAX_BYTES:
        return document
    try:
        value = read_json(document)
    except JsonError:
        return document
    return value if isinstance(value, dict) else document
