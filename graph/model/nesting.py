"""How deep JSON is nested, and JSON written however deep it is: both without recursion."""

from __future__ import annotations

from typing import Any, Final

import orjson

MAX_NESTING: Final = 64
"""How deep an event may be nested; real ones stay below ten. Most readers of JSON give up at 250."""

_CONTAINERS: Final = (dict, list, tuple)


def is_deeper(value: Any, limit: int = MAX_NESTING) -> bool:
    """Says whether containers stand in each other more than `limit` deep."""
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(limit):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, _CONTAINERS)
        ]
        if not level:
            return False
    return bool(level)


def write_json(value: Any) -> bytes:
    """Returns a value as JSON whatever it holds; what has no form in JSON, as text."""
    try:
        return orjson.dumps(value, default=str)
    except TypeError:  # deeper than 254, or a key that is no text
        return b"".join(_written(value))


def _written(value: Any) -> list[bytes]:
    parts: list[bytes] = []
    waiting = [value]  # what stands last comes first; bytes are JSON already
    while waiting:
        item = waiting.pop()
        if isinstance(item, bytes):
            parts.append(item)
        elif isinstance(item, dict):
            waiting.append(b"}")
            for number, (key, inner) in reversed([*enumerate(item.items())]):
                waiting += [inner, b":", orjson.dumps(_text(key)), b"," * (number > 0)]
            waiting.append(b"{")
        elif isinstance(item, list | tuple):
            waiting.append(b"]")
            for number, inner in reversed([*enumerate(item)]):
                waiting += [inner, b"," * (number > 0)]
            waiting.append(b"[")
        else:
            parts.append(_leaf(item))
    return parts


def _leaf(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=str)
    except TypeError:
        return orjson.dumps(_text(value))


def _text(value: Any) -> str:
    return str(value).encode(errors="replace").decode()
