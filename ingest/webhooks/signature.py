"""Signatures after Standard Webhooks 1.0: HMAC-SHA256 of id, moment and body, one for each secret.

Who is called verifies with any library of the standard, or with the function in docs/exchange.md.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import ClassVar, Final

from graph.errors import TraceError

PREFIX: Final = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


class SecretError(TraceError):
    """A secret is none; the sentence does not repeat it."""

    FORM: ClassVar[str] = f"{PREFIX} and {LEAST_BYTES} to {MOST_BYTES} random bytes in base64"


def read_secret(text: str) -> bytes:
    """Returns the key in a secret as it is written.

    Raises:
        SecretError: It is none.
    """
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:  # its sentence could tell some of the secret
        key = b""
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise SecretError(f"a secret is none; write {SecretError.FORM}")
    return key


def signed_headers(id: str, second: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Returns the three headers of a call.

    Args:
        id: What the call is known by, the same whenever it is made.
        second: The moment of this try, in seconds since 1970.
        body: The very bytes that are sent.
        secrets: Each gives a signature, so that the far end may change its secret when it likes.
    """
    content = f"{id}.{second}.".encode() + body
    signatures = [b64encode(hmac.digest(key, content, sha256)).decode() for key in secrets]
    return {
        "webhook-id": id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
