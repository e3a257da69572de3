"""Events in the three modes of CloudEvents, on Kafka and on AMQP, and what is none of them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from graph.model.event import read_event
from ingest.messages.cloudevent import Message, read_documents

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "urn:test",
    "type": "org.utcs.facts.put.v1",
    "time": "2026-01-01T00:00:00Z",
    "actor": "tester",
    "sourcerank": 60,
    "data": {
        "facts": [
            {"fact": "put_node", "utcs": "utcs:TEST:facility:F", "properties": {"name": "Hangar"}}
        ]
    },
}
DATA = orjson.dumps(EVENT["data"])
ATTRIBUTES = {name: str(value) for name, value in EVENT.items() if name != "data"}


def test_structured_event_is_the_body() -> None:
    message = Message(
        orjson.dumps(EVENT), {"content-type": "application/cloudevents+json; charset=UTF-8"}
    )

    (document,) = read_documents(message)

    assert read_event(document) == read_event(EVENT)


@pytest.mark.parametrize("prefix", ["ce_", "ce-", "CE_", "cloudEvents:", "cloudEvents_"])
def test_binary_event_has_its_attributes_in_the_headers(prefix: str) -> None:
    headers = {prefix + name: value for name, value in ATTRIBUTES.items()}

    (document,) = read_documents(Message(DATA, headers | {"content-type": "application/json"}))

    assert read_event(document) == read_event(EVENT)


def test_batched_events_are_read_each() -> None:
    body = orjson.dumps([EVENT, EVENT | {"id": "2"}])
    message = Message(body, {"Content-Type": "application/cloudevents-batch+json"})

    assert [read_event(document).id for document in read_documents(message)] == ["1", "2"]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{", b"[]", b"null"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "application/cloudevents-batch+json"},
        {"content-type": b"\xff"},
        {"ce_id": b"\xff\xfe", "other": "x"},
    ],
)
def test_what_is_no_event_goes_on_as_it_came_to_be_refused(
    body: bytes, headers: dict[str, str | bytes]
) -> None:
    assert read_documents(Message(body, headers)) == [body]


def test_binary_event_whose_data_is_no_json_keeps_its_bytes() -> None:
    message = Message(b"\xff", {f"ce_{name}": value for name, value in ATTRIBUTES.items()})

    assert read_documents(message) == [b"\xff"]
