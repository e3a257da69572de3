"""Reads events out of messages: CloudEvents 1.0 in structured, binary and batched mode.

The bindings are those of Kafka (§3, headers `ce_…`) and AMQP (§3, properties `cloudEvents:…`). What is in
no such form is taken for a structured event, so that a sender who forgets the content type is not lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph.model.strict import JsonError, read_json

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
_PREFIXES: Final = ("ce_", "ce-", "cloudevents:", "cloudevents_")
_TEXT_NUMBERS: Final = ("sourcerank",)
"""Extensions that are numbers; headers are text, and every event format but JSON knows no other."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a broker, whichever it is.

    Attributes:
        body: The bytes that were sent.
        headers: By name; a header that is no UTF-8 is left as bytes.
        place: Where it was, for people: `utcs.events[0] at 17`.
        key: What keeps the messages about one thing in order.
        origin: What numbers messages so that each number comes once, such as a partition; "" if nothing does.
        offset: Its number there.
    """

    body: bytes
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    place: str = ""
    key: bytes | None = None
    origin: str = ""
    offset: int = 0

    @property
    def text_headers(self) -> dict[str, str]:
        """Its headers that are text."""
        return {name: v for name, v in self.headers.items() if isinstance(v, str)}


def structured(event: bytes, key: str | None) -> Message:
    """Returns an event as a message of structured mode.

    Args:
        event: The event as JSON.
        key: What keeps the messages about one thing in order.
    """
    return Message(event, {"content-type": STRUCTURED}, key=None if key is None else key.encode())


def read_documents(message: Message) -> list[bytes | dict[str, Any]]:
    """Returns the events in a message, unchecked: what is wrong with one is said where it is refused."""
    attributes = _attributes(message.headers)
    if "specversion" in attributes:
        return [_binary(message, attributes)]
    if _content_type(message.headers) == BATCH:
        return _batch(message.body)
    return [message.body]


def _attributes(headers: Mapping[str, str | bytes]) -> dict[str, Any]:
    """Returns the CloudEvents attributes among some headers, by their names."""
    found: dict[str, Any] = {}
    for header, value in headers.items():
        for prefix in _PREFIXES:
            if header.lower().startswith(prefix):
                text = value.decode(errors="replace") if isinstance(value, bytes) else value
                found[header[len(prefix) :].lower()] = text
    return found


def _content_type(headers: Mapping[str, str | bytes]) -> str:
    value = next((v for name, v in headers.items() if name.lower() == "content-type"), "")
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    return text.partition(";")[0].strip().lower()


def _binary(message: Message, attributes: dict[str, Any]) -> bytes | dict[str, Any]:
    for name in _TEXT_NUMBERS:
        if str(attributes.get(name, "")).isdigit():
            attributes[name] = int(attributes[name])
    try:
        data = read_json(message.body)
    except JsonError:
        return message.body  # refused as what it is, with these bytes kept
    content_type = _content_type(message.headers)
    if content_type:
        attributes["datacontenttype"] = content_type
    return attributes | {"data": data}


def _batch(body: bytes) -> list[bytes | dict[str, Any]]:
    try:
        events = read_json(body)
    except JsonError:
        return [body]
    return events if isinstance(events, list) and events else [body]
