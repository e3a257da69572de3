"""Persisted documents: a hash in place of a text (Apollo's automatic persisted queries, version 1).

In the strict mode only the documents of a folder are executed, by text or by hash.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLError

MAX_DOCUMENTS: Final = 1000
MAX_TEXT: Final = 50_000

_HASH: Final = re.compile(r"[0-9a-f]{64}")


class Documents:
    """The documents that go by their hash: those of a manifest for good, others while there is room.

    Args:
        manifest: Documents that are known from the start.
        is_closed: Whether no others are executed.
    """

    def __init__(self, manifest: Iterable[str] = (), *, is_closed: bool = False) -> None:
        self._manifest = {_hash(text): text for text in manifest}
        self._recent: OrderedDict[str, str] = OrderedDict()
        self.is_closed = is_closed

    @classmethod
    def of_folder(cls, folder: Path) -> Documents:
        """Returns the documents of all `.graphql` files of a folder, and no others."""
        files = sorted(folder.rglob("*.graphql"))
        return cls((file.read_text(encoding="utf-8") for file in files), is_closed=True)

    def text(self, given: str | None, extensions: Mapping[str, Any] | None) -> str | None:
        """Returns the document to execute: the text that was given, or the one that goes by the hash.

        Raises:
            GraphQLError: Nothing goes by that hash, the hash is not that of the text, or the document
                is not among those allowed.
        """
        digest = _asked(extensions)
        if digest is None:
            self._check_allowed(None if given is None else _hash(given))
            return given
        if given is None:
            return self._known(digest)
        if _hash(given) != digest:
            raise _error("PERSISTED_QUERY_MISMATCH", "provided sha does not match query")
        self._check_allowed(digest)
        self._keep(digest, given)
        return given

    def _known(self, digest: str) -> str:
        if digest in self._manifest:
            return self._manifest[digest]
        if digest in self._recent:
            self._recent.move_to_end(digest)
            return self._recent[digest]
        # Clients of Apollo look for exactly this message and code.
        raise _error("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")

    def _keep(self, digest: str, text: str) -> None:
        if len(text) > MAX_TEXT or digest in self._manifest:
            return
        self._recent[digest] = text
        self._recent.move_to_end(digest)
        if len(self._recent) > MAX_DOCUMENTS:
            self._recent.popitem(last=False)

    def _check_allowed(self, digest: str | None) -> None:
        if self.is_closed and digest not in self._manifest:
            raise _error(
                "DOCUMENT_NOT_ALLOWED",
                "only known documents are executed here; add this one to the folder of documents",
            )


def _asked(extensions: Mapping[str, Any] | None) -> str | None:
    asked = (extensions or {}).get("persistedQuery")
    if asked is None:
        return None
    digest = asked.get("sha256Hash") if isinstance(asked, dict) else None
    if not isinstance(digest, str) or not _HASH.fullmatch(digest) or asked.get("version") != 1:
        raise _error(
            "BAD_QUESTION",
            'extensions.persistedQuery: give {"version": 1, "sha256Hash": "64 hex digits in lower case"}',
        )
    return digest


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _error(code: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
