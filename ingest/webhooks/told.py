"""What the change log has to tell to endpoints: entries, notices of maintenance, and the exchanges."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final

import orjson

from graph.model.canonical import sha256_hex
from graph.model.event import DATA_TYPES
from graph.model.exchange.table import EXCHANGES
from graph.store.calls import Call
from graph.store.changes import Entry
from graph.store.database import Graph
from ingest.followers.changes import change_messages
from ingest.followers.maintenance import notices
from ingest.messages.cloudevent import Message
from ingest.messages.notice import NOTICES
from ingest.webhooks.exchanges import answers, reports

Teller = Callable[[Graph, Sequence[Entry]], AsyncIterator[Message]]
"""Tells what some entries have to say, in their order."""

Wants = Callable[[Sequence[str]], bool]
"""Whether any of some types is wanted."""

TELLERS: Final[tuple[tuple[tuple[str, ...], Teller], ...]] = (
    (tuple(DATA_TYPES), change_messages),
    (tuple(str(one.model_fields["type"].default) for one in NOTICES.values()), notices),
    *(
        ((one.type,), partial(answers if one.is_answer else reports, exchange=one))
        for one in EXCHANGES
    ),
)
"""What is told, and by whom."""

TYPES: Final = tuple(type for types, _ in TELLERS for type in types)
"""All types that an endpoint may ask for."""


async def calls_of(
    graph: Graph, entries: Sequence[Entry], endpoint: str, wants: Wants
) -> list[Call]:
    """Returns the calls that some entries give rise to, in the order of the entries."""
    told = [
        (orjson.loads(message.body), message)
        for types, teller in TELLERS
        if entries and wants(types)
        for message in [one async for one in teller(graph, entries)]
    ]
    told.sort(key=lambda one: int(one[0]["utcsseq"]))  # stable: of one entry, as it was told
    return [_call(event, message, endpoint) for event, message in told if wants([event["type"]])]


def _call(event: dict[str, Any], message: Message, endpoint: str) -> Call:
    """Returns an event as the call that tells it; the body says to whom, so no two endpoints get the same."""
    identity = f"{endpoint}\x1f{event['source']}\x1f{event['id']}"
    return Call(
        endpoint=endpoint,
        id=f"msg_{sha256_hex(identity.encode())}",
        body=orjson.dumps(event | {"utcsto": endpoint}, option=orjson.OPT_SORT_KEYS),
        key=(message.key or b"").decode(),
        source=event["source"],
        actor=event.get("actor"),
    )
