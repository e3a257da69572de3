"""Cursors: where a page ended, as opaque text that tells when it was changed or belongs elsewhere."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import orjson

from graph.store.errors import BadQuestionError

_SEAL_BYTES: Final = 6


def write_cursor(list_of: str, position: Sequence[Any]) -> str:
    """Returns the cursor of a position in a list.

    Args:
        list_of: What the list is and how it is ordered; the cursor fits no other.
        position: The values it is ordered by, down to the tie-breakers.
    """
    content = orjson.dumps(position)
    return base64.urlsafe_b64encode(_seal(list_of, content) + content).rstrip(b"=").decode()


def read_cursor(list_of: str, cursor: str, length: int) -> list[Any]:
    """Returns the position that a cursor of the same list holds.

    Raises:
        BadQuestionError: The text is no cursor, was changed, or comes from another list.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        content = raw[_SEAL_BYTES:]
        position = orjson.loads(content)
    except (binascii.Error, ValueError):
        raise _refused(cursor) from None
    if raw[:_SEAL_BYTES] != _seal(list_of, content) or len(position) != length:
        raise _refused(cursor)
    return list(position)


def _seal(list_of: str, content: bytes) -> bytes:
    return blake2b(list_of.encode() + b"\0" + content, digest_size=_SEAL_BYTES).digest()


def _refused(cursor: str) -> BadQuestionError:
    return BadQuestionError(
        f"after: {cursor[:60]!r} is no cursor of this list in this order; "
        "give the endCursor of the page before, unchanged, with the same orderBy",
        field="after",
    )
