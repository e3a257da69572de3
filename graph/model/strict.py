"""Reads JSON that everybody reads alike, or says what in it they would not (I-JSON, RFC 7493)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import orjson

from graph.errors import TraceError
from graph.model.nesting import write_json

MAX_DIGITS: Final = 17
"""The most digits of a number: binary64 keeps 15 to 17, and RFC 7493 §2.2 promises no more."""

_SUSPECT: Final = re.compile(rb"[-+0-9.eE]{18}|\\u003[aA]")
"""What may be a number too long, or a colon in disguise; most of it stands in harmless text."""

_TOO_DEEP: Final = "containers are nested too deep; flatten them"
_BLANK: Final = re.compile(r"\s*")
_COMMA: Final = re.compile(r"\s*,?")

_ESCAPED: Final = re.compile(rb"\\(?:u00[01]|[bf])")
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202d\u202e]")
"""Control characters but tab and line ends, and the two overrides that make text read in another
order than it is stored (Unicode TR 36 §2.10, CVE-2021-42574)."""


class JsonError(TraceError):
    """A text is no JSON, or JSON that two readers could read differently."""


def read_json(text: bytes) -> Any:
    """Returns the value of a JSON text in UTF-8.

    Raises:
        JsonError: It is not UTF-8 or not JSON, an object names a member twice, or a number has more
            digits than readers keep.
    """
    try:
        text.decode()
        value = orjson.loads(text)
    except UnicodeDecodeError as error:
        raise JsonError(f"byte {error.start} is not UTF-8; write the text as UTF-8") from error
    except orjson.JSONDecodeError as error:
        raise JsonError(
            f"not JSON, line {error.lineno} column {error.colno}: {error.msg}"
        ) from error
    if not is_plain(text, value):
        _read_strictly(text)
    return value


def split_array(text: bytes) -> list[bytes]:
    """Returns the items of a JSON array as they are written, so that each can be read by itself.

    Raises:
        JsonError: The array is nested too deep for its items to be told apart.
    """
    decoder, content = json.JSONDecoder(), text.decode()
    items, at = [], content.index("[") + 1
    try:
        while content[(at := _end(_BLANK, content, at))] != "]":
            _, end = decoder.raw_decode(content, at)
            items.append(content[at:end].encode())
            at = _end(_COMMA, content, end)
    except RecursionError as error:
        raise JsonError(_TOO_DEEP) from error
    return items


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def is_plain(text: bytes, value: Any) -> bool:
    """Whether nothing can be amiss: written anew, the value has as many colons, so no name got lost.

    This looks at most texts, and takes a tenth of the time that reading them strictly does (2026-11).
    """
    if _SUSPECT.search(text):
        return False
    return write_json(value).count(b":") == text.count(b":")


def _read_strictly(text: bytes) -> None:
    try:
        json.loads(text, object_pairs_hook=_once_each, parse_int=_exact, parse_float=_exact)
    except RecursionError as error:
        raise JsonError(_TOO_DEEP) from error


def _once_each(members: list[tuple[str, Any]]) -> None:
    name, times = Counter(name for name, _ in members).most_common(1)[0] if members else ("", 1)
    if times > 1:
        raise JsonError(f"{name!r:.80} is named {times} times in one object; leave one")


def _exact(numeral: str) -> None:
    digits = sum(map(str.isdigit, numeral.lower().partition("e")[0].lstrip("-0.")))
    if digits > MAX_DIGITS:
        raise JsonError(
            f"the number {numeral:.40} has {digits} digits, and readers keep {MAX_DIGITS}; give it as text"
        )


def find_unfit(value: Any, written: bytes) -> str | None:
    """Returns where in a value a character stands that no record may hold, and which; None if nowhere.

    Args:
        value: Dicts, lists and plain values.
        written: The same as JSON, which is looked at first: it is quicker.
    """
    if written.isascii() and not _ESCAPED.search(written):
        return None
    return next(_unfit(value, ""), None)


def _unfit(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str):
        if found := _UNFIT.search(value):
            code = f"U+{ord(found[0]):04X}"
            yield f"{path or 'value'}: {code} at character {found.start() + 1}; remove it"
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _unfit(name, f"{path}, a name in it")
            yield from _unfit(item, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _unfit(item, f"{path}.{number}".lstrip("."))
