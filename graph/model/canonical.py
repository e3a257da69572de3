"""The canonical form of a value: the bytes that are compared, logged and hashed.

RFC 8785, with the project's rules for what JSON cannot hold exactly: times as RFC 3339 UTC with
microseconds, decimals and integers from 2^53 as strings, no floats. The form does not tell a
decimal or a large integer from text that reads the same; the ontology does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, Final

import orjson

from graph.errors import TraceError
from graph.model.alias import Alias
from graph.model.identifier import Utcs, VersionRef
from graph.model.time import TimeError, format_utc

MAX_DEPTH: Final = 64
"""How deep containers may be nested; real events stay below ten."""

MAX_DIGITS: Final = 100
"""The most digits of a number, so that a decimal like 1E+999999999 is refused, not written out."""

_SAFE: Final = 2**53  # RFC 8785 §3.2.2.3: integers beyond do not survive IEEE 754 binary64


class CanonicalError(TraceError):
    """A value has no canonical form; the sentence says where in it, and what to use instead.

    Attributes:
        path: Where the value stands, as in `data.facts[0].mass_kg`; empty for the value itself.
    """

    path: str


class _UnfitError(Exception):
    """Carries the problem up to `canonical_bytes`, which gathers the path on the way."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.path: list[str] = []


def canonical_bytes(value: Any) -> bytes:
    """Returns the canonical form of dicts, lists and plain values; the same value, the same bytes.

    Raises:
        CanonicalError: The value holds something with no exact written form, such as a float.
    """
    try:
        return orjson.dumps(_plain(value, 0))
    except _UnfitError as error:
        path = "".join(reversed(error.path)).lstrip(".")
        raise CanonicalError(f"{path or 'value'}: {error}", path=path) from None


def canonical_json(value: Any) -> bytes:
    """Returns what `canonical_bytes` does, for JSON that holds neither floats nor large integers.

    Several times as fast: only names beyond ASCII can be in another order than RFC 8785's.
    """
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return written if written.isascii() else canonical_bytes(value)


def sha256_hex(data: bytes) -> str:
    """Returns the SHA-256 of the bytes in lower-case hex."""
    return sha256(data).hexdigest()


def leaf_hash(data: bytes) -> bytes:
    """Returns the hash of one leaf, SHA-256(0x00 ‖ data) (RFC 6962 §2.1)."""
    return sha256(b"\x00" + data).digest()


def _plain(value: Any, depth: int) -> Any:
    """Returns the value in types that orjson writes canonically, with all objects in order."""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, dict | list | tuple):
        if depth == MAX_DEPTH:
            raise _UnfitError(f"containers are nested deeper than {MAX_DEPTH}; flatten them")
        return _object(value, depth) if isinstance(value, dict) else _array(value, depth)
    for base, write in _WRITERS.items():  # enums, and subclasses such as a library's datetime
        if isinstance(value, base):
            return write(value)
    raise _UnfitError(
        f"{type(value).__name__} has no canonical form; use text, a number, a list or a dict"
    )


def _object(value: dict[Any, Any], depth: int) -> dict[str, Any]:
    plain = {}
    for key in _ordered(value):
        item = value[key]
        if item is None or (type(item) is str and item.isascii()):  # most fields: a call less
            plain[key] = item
            continue
        try:
            plain[key] = _plain(item, depth + 1)
        except _UnfitError as error:
            error.path.append(f".{key}")
            raise
    return plain


def _array(value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    plain: list[Any] = []
    try:
        for item in value:
            plain.append(_plain(item, depth + 1))
    except _UnfitError as error:
        error.path.append(f"[{len(plain)}]")
        raise
    return plain


def _ordered(value: dict[Any, Any]) -> list[str]:
    """Returns the keys in the order of RFC 8785 §3.2.3: by their UTF-16 code units."""
    for key in value:
        if type(key) is not str:
            raise _UnfitError(f"key of type {type(key).__name__}; use text as key")
    if "".join(value).isascii():
        return sorted(value)
    try:
        return sorted(value, key=lambda key: key.encode("utf-16-be"))
    except UnicodeEncodeError as error:
        raise _not_unicode(error) from None


def _same(value: Any) -> Any:
    return value


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise _not_unicode(error) from None
    return str.__str__(value)


def _integer(value: int) -> int | str:
    if -_SAFE < value < _SAFE:
        return int(value)
    if abs(value) >= 10**MAX_DIGITS:
        raise _UnfitError(f"the integer has more than {MAX_DIGITS} digits; give it as text")
    return str(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise _UnfitError(f"{value} is not a number; leave the field out")
    if not value:
        return "0"
    text = str(value)
    if len(text) > MAX_DIGITS or abs(value.adjusted()) > MAX_DIGITS:
        raise _UnfitError(f"the decimal has more than {MAX_DIGITS} digits; round it")
    if "E" in text:
        text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(value: datetime) -> str:
    try:
        return format_utc(value)
    except TimeError as error:
        raise _UnfitError(error.message) from None


def _float(value: float) -> str:
    raise _UnfitError(f"{value!r} is a float, which is not exact; use Decimal")


def _not_unicode(error: UnicodeEncodeError) -> _UnfitError:
    return _UnfitError(f"half of a surrogate pair at character {error.start}; give valid Unicode")


_WRITERS: Final[dict[type, Callable[[Any], Any]]] = {
    Enum: lambda member: _plain(member.value, 0),
    str: _text,
    type(None): _same,
    bool: _same,
    int: _integer,
    float: _float,
    Decimal: _decimal,
    datetime: _time,
    date: date.isoformat,
    Utcs: str,
    VersionRef: str,
    Alias: str,
}
"""How each type is written; for subclasses the first base counts, so enums stand first."""
