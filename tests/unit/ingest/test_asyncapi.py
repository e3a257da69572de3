"""The AsyncAPI document says what the worker does, is valid, and is shown without loading anything."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import SecretStr

from graph.model.outcome import Reason
from graph.model.schemas import event_schema
from ingest.app import create_app
from ingest.asyncapi import FILE, asyncapi, written
from ingest.messages.cloudevent import Message, read_documents
from ingest.messages.letter import Letter
from ingest.settings import Settings
from tests.store.saying import event, serial

OFFICIAL = Path(__file__).parents[2] / "samples" / "asyncapi-3.0.0.json.gz"
"""The schema of AsyncAPI 3.0 documents: @asyncapi/specs 6.11.1, Apache-2.0, `3.0.0-without-$id.json`."""


@pytest.fixture
def client() -> httpx.AsyncClient:
    """What talks to a worker that has not begun to work."""
    settings = Settings(
        queue_uri=SecretStr("kafka://one:9092,two:9092"),
        neo4j_uri="bolt://nowhere",
        neo4j_password=SecretStr("x"),
        events="plant.<events>",
    )
    app: Any = create_app(None, settings)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://worker")


@pytest.mark.parametrize("brokers", [(), ("one:9092", "two:9092")])
def test_document_is_valid_by_the_official_schema(brokers: tuple[str, ...]) -> None:
    official = orjson.loads(gzip.decompress(OFFICIAL.read_bytes()))

    errors = list(Draft7Validator(official).iter_errors(asyncapi(brokers=brokers)))

    assert errors == []


def test_checked_in_document_is_the_one_that_is_made() -> None:
    assert FILE.read_bytes() == written(asyncapi()), "run python -m ingest.asyncapi"


def test_headers_of_a_dead_letter_are_as_told() -> None:
    told = asyncapi()["components"]["messages"]["deadLetter"]["headers"]

    headers = Letter(Message(b"x"), Reason.FAILED, "why").headers()

    Draft202012Validator(told).validate(headers)
    assert headers.keys() == told["properties"].keys()


def test_message_whose_headers_are_as_told_is_read_as_an_event() -> None:
    told = asyncapi()["components"]["messages"]["binary"]["headers"]
    said = event(serial("a"))
    headers = {f"ce_{name}": str(value) for name, value in said.items() if name != "data"}
    headers["ce_specversion"] = "1.0"

    Draft202012Validator(told).validate(headers)
    (read,) = read_documents(Message(orjson.dumps(said["data"]), headers))

    Draft202012Validator(event_schema()).validate(read)


async def test_worker_tells_its_own_topics_and_brokers(client: httpx.AsyncClient) -> None:
    document = (await client.get("/asyncapi.json")).json()

    assert document["channels"]["events"]["address"] == "plant.<events>"
    assert [one["host"] for one in document["servers"].values()] == ["one:9092", "two:9092"]
    assert (await client.get("/schemas/event.json")).json() == event_schema()


async def test_page_loads_nothing_and_lets_no_script_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/asyncapi")
    tags: list[tuple[str, Any]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags.append((tag, dict(attrs)))

    Reader().feed(answer.text)
    linked = [attrs["href"] for _, attrs in tags if "href" in attrs]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "style", "iframe"}
    assert not any("src" in attrs or "style" in attrs for _, attrs in tags)
    assert linked == ["asyncapi.json", "schemas/event.json"]
    assert "It takes from <code>plant.&lt;events&gt;</code>" in answer.text
    assert "It sends to <code>utcs.dead-letters</code>" in answer.text
