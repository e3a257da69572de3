"""The AsyncAPI document as a page for people: no script, no style from elsewhere, nothing to load."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, Final

import orjson

HEADERS: Final = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}

_WORDS: Final = {"receive": "takes from", "send": "sends to"}


def page(document: dict[str, Any]) -> bytes:
    """Returns an AsyncAPI document as a page of plain HTML."""
    return "\n".join(_lines(document)).encode()


def _lines(document: dict[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
    yield f"<title>{escape(info['title'])}</title></head>\n<body>"
    yield f"<h1>{escape(info['title'])}</h1>\n<p>{escape(info['description'])}</p>"
    yield f"<p>Version {escape(info['version'])}. For programs: "
    yield '<a href="asyncapi.json">asyncapi.json</a>, '
    yield '<a href="schemas/event.json">the schema of events</a>.</p>'
    for server in document["servers"].values():
        yield f"<p>Broker: <code>{escape(server['host'])}</code> ({escape(server['protocol'])})</p>"
    for operation in document["operations"].values():
        channel = _referred(document, operation["channel"])
        yield f"<h2>It {_WORDS[operation['action']]} <code>{escape(channel['address'])}</code></h2>"
        yield f"<p>{escape(operation['summary'])} {escape(channel['description'])}</p>"
        for message in channel["messages"].values():
            yield from _message(_referred(document, message))
    yield "</body>\n</html>"


def _message(message: dict[str, Any]) -> Iterator[str]:
    content_type = message.get("contentType", "any")
    yield f"<h3>{escape(message['title'])}</h3>\n<p>{escape(message['summary'])}</p>"
    yield f"<p>Content type: <code>{escape(content_type)}</code></p>"
    for name in ("headers", "payload"):
        if name in message:
            told = orjson.dumps(message[name], option=orjson.OPT_INDENT_2).decode()
            yield f"<details><summary>{name.capitalize()}</summary><pre>{escape(told)}</pre></details>"


def _referred(document: dict[str, Any], reference: dict[str, str]) -> dict[str, Any]:
    found: Any = document
    for name in reference["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)
