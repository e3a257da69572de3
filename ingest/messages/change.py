"""An entry of the change log on the wire: the event as it was recorded, and the number that it got."""

from __future__ import annotations

import orjson

from graph.model.time import format_utc
from graph.store.changes import Entry
from ingest.messages.cloudevent import Message, structured


def change_message(entry: Entry, key: str | None) -> Message:
    """Returns an entry as a structured CloudEvent with two more extension attributes.

    `utcsseq` is its number, as text, since integers of CloudEvents have 32 bits (§3.1); `utcsrecordedat`
    is when it was recorded.

    Args:
        entry: The entry.
        key: The thing whose messages are to stay in order.
    """
    event = orjson.loads(entry.event) | {
        "utcsseq": str(entry.seq),
        "utcsrecordedat": format_utc(entry.recorded_at),
    }
    return structured(orjson.dumps(event, option=orjson.OPT_SORT_KEYS), key)
