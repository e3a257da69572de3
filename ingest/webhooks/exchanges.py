"""What is told of the exchanges: reports as they were taken, and answers when the log may have changed them.

An answer is told once for each batch of entries and asset, as it stood at the last entry that touched it: so
it is a function of that entry, and catching up costs by assets and not by flights.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from graph.flows.exchange.take import SOURCE
from graph.flows.exchange.tell import tell
from graph.model.canonical import sha256_hex
from graph.model.exchange.table import ASSET, EXCHANGE, SAID, Exchange
from graph.model.time import Coordinates, format_utc
from graph.store.changes import Entry
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from graph.store.passports import Passport, find_passports, list_passports
from graph.store.touched import Touched, touched
from ingest.messages.cloudevent import Message, structured

RULES: Final = frozenset({"part", "task", "directive", "bulletin", "effectivity"})
"""What is said of one of these may change what is so of every asset."""


async def reports(
    graph: Graph, entries: Sequence[Entry], exchange: Exchange
) -> AsyncIterator[Message]:
    """Yields what was reported in an exchange, in the order of the log."""
    found = [
        (entry, event)
        for entry in entries
        if (event := orjson.loads(entry.event)).get(EXCHANGE) == exchange.name
    ]
    passports = await find_passports(graph, {event[ASSET] for _, event in found})
    for entry, event in found:
        own = [one for one in passports.get(event[ASSET], ()) if str(one.asset) == event[ASSET]]
        identity = f"{exchange.type}\x1f{entry.source}\x1f{entry.id}"
        data = orjson.loads(event[SAID])
        yield _message(entry, exchange, identity, event[ASSET], own[0].dpp if own else None, data)


async def answers(
    graph: Graph, entries: Sequence[Entry], exchange: Exchange
) -> AsyncIterator[Message]:
    """Yields what an exchange answers of each asset that some entries touched."""
    about = await touched(graph, entries)
    moved = [[*_moved(one, exchange)] for one in about]
    passports = await find_passports(graph, {thing for things in moved for thing in things})
    every = await list_passports(graph) if any(map(_is_rule, _flat(moved))) else ()
    last: dict[Passport, Entry] = {}
    for entry, things in zip(entries, moved, strict=True):
        for thing in things:
            for one in every if _is_rule(thing) else passports.get(thing, ()):
                if one.asset.kind == "aircraft" or not exchange.is_of_aircraft:
                    last[one] = entry
    for one, entry in sorted(last.items(), key=lambda each: each[1].seq):
        at = Coordinates(as_of=entry.recorded_at, known_at=entry.recorded_at)
        try:
            told = await tell(graph, exchange.name, one.asset, one.dpp, at=at)
        except NotFoundError:
            continue  # it was not there yet, or is no more
        identity = f"{exchange.type}\x1f{one.asset}\x1f{entry.seq}"
        data = told.model_dump(mode="json")
        yield _message(entry, exchange, identity, str(one.asset), one.dpp, data)


def _moved(about: Touched, exchange: Exchange) -> Iterator[str]:
    """Yields the things by which an entry may change an answer."""
    for thing in about.things:
        if thing.split(":")[2] in exchange.moved_by:
            yield thing
    for source, link, target, _ in about.links:
        if link in exchange.moved_by:
            yield from (source, target)


def _flat(lists: Iterable[Sequence[str]]) -> Iterator[str]:
    return (one for some in lists for one in some)


def _is_rule(thing: str) -> bool:
    return thing.split(":")[2] in RULES


def _message(
    entry: Entry,
    exchange: Exchange,
    identity: str,
    asset: str,
    dpp: str | None,
    data: Mapping[str, Any],
) -> Message:
    event = {
        "specversion": "1.0",
        "id": sha256_hex(identity.encode()),
        "source": SOURCE,
        "type": exchange.type,
        "subject": asset,
        "time": format_utc(entry.recorded_at if exchange.is_answer else entry.time),
        "datacontenttype": "application/json",
        "dataschema": f"urn:utcs:schema:{exchange.name}:v1",
        "actor": entry.actor,
        "utcsseq": str(entry.seq),
        "utcsrecordedat": format_utc(entry.recorded_at),
        "data": data,
    } | ({} if dpp is None else {"utcsdpp": dpp})
    return structured(orjson.dumps(event, option=orjson.OPT_SORT_KEYS), asset)
