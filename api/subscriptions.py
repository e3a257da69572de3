"""What happens, as it happens: `changes` over graphql-transport-ws."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

import orjson
import strawberry

from api.making import make_type
from api.queries.asked import Info, Kinds, kind_words
from api.queries.changes import Change, told
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.store import changes as log
from graph.store.changes import Entry

_AT_ONCE: Final = 100
_ENDS: Final = ("utcs", "source", "target")

Subjects = Annotated[
    list[str] | None,
    strawberry.argument(description="Only changes that say something of these things."),
]
From = Annotated[
    int | None,
    strawberry.argument(
        description="The number of the last change you have: go on after it. From now on unless given."
    ),
]


async def changes(
    info: Info, after: From = None, kinds: Kinds = None, subjects: Subjects = None
) -> AsyncIterator[Change]:
    """Each change once, in order; go on after a pause with the last number you have."""
    graph, tail = info.context.graph, info.context.tail
    seq = (await log.head(graph)).seq if after is None else after
    wanted = _wanted(kind_words(kinds), subjects)
    while True:
        entries = await log.changes(graph, seq, _AT_ONCE)
        for entry in entries:
            if wanted(entry):
                yield told(entry)
            seq = entry.seq
        if not entries:
            await tail.beyond(seq)


def _wanted(kinds: list[str] | None, subjects: list[str] | None) -> Any:
    """The condition that an entry speaks of what was asked for."""
    fitting = None if kinds is None else _extended(kinds)
    named = (
        None
        if subjects is None
        else {str(Utcs.parse(subject, kinds=ontology.kinds())) for subject in subjects}
    )

    def wanted(entry: Entry) -> bool:
        if fitting is None and named is None:
            return True
        touched = _touched(entry)
        of_kind = fitting is None or any(utcs.split(":")[2] in fitting for utcs in touched)
        return of_kind and (named is None or not named.isdisjoint(touched))

    return wanted


def _extended(kinds: list[str]) -> set[str]:
    return {kind for kind in ontology.kinds() if ontology.fits(kind, frozenset(kinds))}


def _touched(entry: Entry) -> set[str]:
    """The things that an event speaks of; a correction, of none but its subject."""
    facts = orjson.loads(entry.event)["data"].get("facts", ())
    ends = {
        fact[end] for fact in facts if fact["fact"] != "correct" for end in _ENDS if end in fact
    }
    return ends | ({str(entry.subject)} if entry.subject else set())


def make_subscription() -> Any:
    """Returns the type of all that can be watched."""
    field = strawberry.subscription(
        changes, description="Each accepted event, in the order of the log."
    )
    return make_type("Subscription", [field], "All that can be watched.")
