"""What a file may be called, and what we call what we keep of it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

MAX_NAME: Final = 200
"""The longest name, in bytes, of which a receipt's name still fits into the 255 of most file systems."""

MANIFEST: Final = ".manifest.json"

_PASSED_OVER: Final = (".part", ".tmp", ".filepart", ".crdownload")
"""What programs append to a name while they write the file."""

_FOREIGN: Final = re.compile(r"[^A-Za-z0-9._-]+")


def is_passed_over(name: str) -> bool:
    """Whether a name says that its file is not for others: it begins with a dot, or is still written."""
    return name.startswith(".") or name.lower().endswith(_PASSED_OVER)


def find_trouble(name: str) -> str | None:
    """Returns why a file of that name is not taken, and the fix; None if it can be."""
    if len(name.encode(errors="surrogatepass")) > MAX_NAME:
        return f"its name is over {MAX_NAME} bytes; give it a shorter one"
    for character in name:
        if "\ud800" <= character <= "\udfff":
            return "its name is not UTF-8; rename it"
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or character in "/\\":
            return f"its name holds U+{ord(character):04X}; rename it"
    return None


def key_of(name: str) -> str:
    """Returns what we call what we keep of a file: its name, or one as near to it as is harmless."""
    if find_trouble(name) is None:
        return name
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:16]
    readable = _FOREIGN.sub("-", name).strip(".-")[: MAX_NAME - len(digest) - 1]
    return f"{readable}-{digest}" if readable else digest
