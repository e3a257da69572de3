"""The worker's channels as an AsyncAPI 3.0 document; `python -m ingest.asyncapi` writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import BaseModel

from graph.model.event import MAX_BYTES
from graph.model.outcome import Reason
from ingest.messages.cloudevent import BATCH
from ingest.messages.hub import STREAMS
from ingest.messages.notice import NOTICES
from ingest.messages.schemas import schema_name

FILE: Final = Path(__file__).with_name("asyncapi.json")

SCHEMA: Final = "schemas/event.json"
"""Where the schema of events is, seen from the document."""

_DIALECT: Final = "application/schema+json;version=draft-2020-12"
_KEY: Final = (
    "The identifier of the thing that the event is about: then the order of each thing is kept."
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What the topics, or queues, of a worker are called."""

    events: str = "utcs.events"
    hub: str = "utcs.hub"
    changes: str = "utcs.changes"
    dead_letters: str = "utcs.dead-letters"


def asyncapi(
    names: Names = Names(), brokers: tuple[str, ...] = (), protocol: str = "kafka"
) -> Json:
    """Returns the document of a worker.

    Args:
        names: The topics, or queues, that it uses.
        brokers: The brokers, `host:port` each; they are left out of what is checked in.
        protocol: What they speak: `kafka` or `amqp`.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "UTCS Digital Thread: events over a queue",
            "version": version("utcs"),
            "description": "CloudEvents 1.0 into the thread, what came of them, and what could not be taken.",
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            f"broker{number}": {"host": host, "protocol": protocol}
            for number, host in enumerate(brokers, start=1)
        },
        "channels": _channels(names),
        "operations": {
            "takeEvents": _operation(
                "receive", "events", "Takes events; each is applied, known, parked or refused."
            ),
            **{
                f"take{stream.capitalize()}": _operation(
                    "receive", stream, f"Takes reports of the stream {stream}."
                )
                for stream in STREAMS
            },
            "sendChanges": _operation(
                "send", "changes", "Sends each accepted event, in the order of the change log."
            ),
            "sendMaintenance": _operation(
                "send",
                "maintenance",
                "Sends notices of maintenance, in the order of the change log.",
            ),
            "sendDeadLetters": _operation(
                "send", "deadLetters", "Sends what could not be taken, with the reason."
            ),
        },
        "components": {"messages": _messages()},
    }


def _channels(names: Names) -> Json:
    return {
        "events": _channel(
            names.events,
            f"Events, each of {MAX_BYTES:,} bytes at most, in any of three modes.",
            "structured",
            "binary",
            "batched",
        ),
        **{
            stream: _channel(
                f"{names.hub}.{stream}", "A stream of the operational data hub.", stream
            )
            for stream in STREAMS
        },
        "changes": _channel(
            names.changes, "At least once each; the number tells which came before.", "change"
        ),
        "maintenance": _channel(
            f"{names.hub}.maintenance",
            "At least once each; what comes twice has the same id, what is withdrawn is named.",
            *NOTICES,
        ),
        "deadLetters": _channel(
            names.dead_letters,
            "A copy of what could not be taken; the graph keeps the letter itself.",
            "deadLetter",
        ),
    }


def _channel(address: str, description: str, *messages: str) -> Json:
    return {
        "address": address,
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
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
        **{stream: _report(stream) for stream in STREAMS},
        **{verb: _notice(verb) for verb in NOTICES},
        "change": _change(),
        "deadLetter": _dead_letter(),
    }


def _report(stream: str) -> Json:
    return _published(f"A report of the stream {stream}", stream, STREAMS[stream])


def _notice(verb: str) -> Json:
    return _published(f"A notice of maintenance: {verb}", f"maintenance.{verb}", NOTICES[verb])


def _published(title: str, schema: str, model: type[BaseModel]) -> Json:
    """Returns a structured event whose schema is published."""
    return {
        "title": title,
        "summary": (model.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/cloudevents+json",
        "payload": {
            "schemaFormat": _DIALECT,
            "schema": {"$ref": f"schemas/{schema_name(schema)}"},
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": _KEY}}},
    }


def _change() -> Json:
    text = {"type": "string"}
    extensions = {
        "utcsseq": text | {"description": "Its number in the change log."},
        "utcsrecordedat": text | {"format": "date-time", "description": "When it was recorded."},
    }
    return {
        "title": "One entry of the change log",
        "summary": "The event as it was recorded, with its number.",
        "contentType": "application/cloudevents+json",
        "payload": {
            "schemaFormat": _DIALECT,
            "schema": {"allOf": [{"$ref": SCHEMA}, {"properties": extensions}]},
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": _KEY}}},
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
