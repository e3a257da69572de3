"""The worker's channels as an AsyncAPI 3.0 document; `python -m ingest.asyncapi` writes it down."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson

from graph.model.event import MAX_BYTES
from graph.model.outcome import Reason
from ingest.messages.cloudevent import BATCH

FILE: Final = Path(__file__).with_name("asyncapi.json")

SCHEMA: Final = "schemas/event.json"
"""Where the schema of events is, seen from the document."""

_DIALECT: Final = "application/schema+json;version=draft-2020-12"
_KEY: Final = (
    "The identifier of the thing that the event is about: then the order of each thing is kept."
)

Json = dict[str, Any]


def asyncapi(
    events: str = "utcs.events",
    dead_letters: str = "utcs.dead-letters",
    brokers: tuple[str, ...] = (),
) -> Json:
    """Returns the document of a worker.

    Args:
        events: The topic that it consumes.
        dead_letters: Where it sends what cannot be taken.
        brokers: The brokers, `host:port` each; they are left out of what is checked in.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "UTCS Digital Thread: events over a queue",
            "version": version("utcs"),
            "description": "CloudEvents 1.0 into the thread, and what could not be taken out of it.",
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            f"broker{number}": {"host": host, "protocol": "kafka"}
            for number, host in enumerate(brokers, start=1)
        },
        "channels": {
            "events": {
                "address": events,
                "description": f"Events, each of {MAX_BYTES:,} bytes at most, in any of three modes.",
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"}
                    for name in ("structured", "binary", "batched")
                },
            },
            "deadLetters": {
                "address": dead_letters,
                "description": "A copy of what could not be taken; the graph keeps the letter itself.",
                "messages": {"deadLetter": {"$ref": "#/components/messages/deadLetter"}},
            },
        },
        "operations": {
            "takeEvents": _operation(
                "receive", "events", "Takes events; each is applied, known, parked or refused."
            ),
            "sendDeadLetters": _operation(
                "send", "deadLetters", "Sends what could not be taken, with the reason."
            ),
        },
        "components": {"messages": _messages()},
    }


def _operation(action: str, channel: str, summary: str) -> Json:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _messages() -> Json:
    key = {"kafka": {"key": {"type": "string", "description": _KEY}}}
    event = {"$ref": SCHEMA}
    return {
        "structured": {
            "title": "One event",
            "summary": "The body is the event.",
            "contentType": "application/cloudevents+json",
            "payload": {"schemaFormat": _DIALECT, "schema": event},
            "bindings": key,
        },
        "binary": {
            "title": "The data of one event",
            "summary": "The body is `data`, the attributes are headers.",
            "contentType": "application/json",
            "headers": {
                "type": "object",
                "required": ["ce_specversion", "ce_id", "ce_source", "ce_time"],
                "properties": {
                    "ce_specversion": {"const": "1.0"},
                    **{f"ce_{name}": {"type": "string"} for name in ("id", "source", "type")},
                    "ce_time": {"type": "string", "format": "date-time"},
                    **{f"ce_{name}": {"type": "string"} for name in ("actor", "group", "subject")},
                    "ce_sourcerank": {"type": "string", "pattern": "^[0-9]{1,2}$"},
                },
            },
            "payload": {"schemaFormat": _DIALECT, "schema": {"$ref": f"{SCHEMA}#/$defs/Facts"}},
            "bindings": key,
        },
        "batched": {
            "title": "Several events",
            "summary": "The body is an array; events of one `group` belong into one.",
            "contentType": BATCH,
            "payload": {
                "schemaFormat": _DIALECT,
                "schema": {"type": "array", "minItems": 1, "items": event},
            },
            "bindings": key,
        },
        "deadLetter": _dead_letter(),
    }


def _dead_letter() -> Json:
    text = {"type": "string"}
    return {
        "title": "What could not be taken",
        "summary": "The bytes as they were sent, whatever they are, under the key with which they came.",
        "headers": {
            "type": "object",
            "required": ["utcs-code", "utcs-reason", "utcs-place", "utcs-attempts"],
            "properties": {
                "utcs-code": text | {"enum": [code.value for code in Reason]},
                "utcs-reason": text | {"description": "The field, the value and the fix."},
                "utcs-place": text | {"description": "Topic, partition and offset."},
                "utcs-attempts": text
                | {"description": "JSON: a list of `at` and `reason` of what failed before."},
            },
        },
    }


def written(document: Json) -> bytes:
    """Returns the document as it is checked in."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    FILE.write_bytes(written(asyncapi()))
