"""Persisted documents: a hash in place of a text (Apollo's automatic persisted queries, version 1).

In the strict mode only the documents of a folder are executed, by text or by hash. They are checked
against the schema when the process starts, so that a mistake in one stops it there.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from graphql import GraphQLError, GraphQLSchema, parse, specified_rules, validate

from api.limits import MAX_TOKENS, RULES
from graph.errors import TraceError

MAX_DOCUMENTS: Final = 1000
MAX_TEXT: Final = 50_000

_HASH: Final = re.compile(r"[0-9a-f]{64}")


class DocumentsError(TraceError):
    """The folder of documents cannot be used; the sentence says which file, and why.

    Attributes:
        path: The folder or the file.
    """

    path: Path


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
    def of_folder(cls, folder: Path, schema: GraphQLSchema) -> Documents:
        """Returns the documents of all `.graphql` files of a folder, and no others.

        Args:
            folder: An absolute path; folders in it are looked into too.
            schema: What every document must fit.

        Raises:
            DocumentsError: There is no such folder, no document in it, or one that could not be
                executed.
        """
        if not folder.is_absolute():
            # The process may work in another folder than the one in which it was started.
            raise _unusable(folder, "is no absolute path; begin it with a slash")
        if not folder.is_dir():
            raise _unusable(folder, "is no folder")
        files = sorted(folder.rglob("*.graphql"))
        if not files:
            raise _unusable(folder, "holds no .graphql file, so nothing could be asked")
        return cls((_read(file, schema) for file in files), is_closed=True)

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


def _read(file: Path, schema: GraphQLSchema) -> str:
    """Returns a document, byte by byte as it stands in its file: so its hash is the file's."""
    try:
        text = file.read_bytes().decode("utf-8")
        document = parse(text, max_tokens=MAX_TOKENS)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(file, f"cannot be read: {error}") from error
    except GraphQLError as error:
        raise _unusable(file, _told(error)) from error
    for wrong in validate(schema, document, (*specified_rules, *RULES), max_errors=1):
        raise _unusable(file, _told(wrong)) from wrong
    return text


def _told(error: GraphQLError) -> str:
    places = "".join(f", line {at.line}, column {at.column}" for at in (error.locations or [])[:1])
    return f"is no document for this service{places}: {error.message}"


def _unusable(path: Path, why: str) -> DocumentsError:
    return DocumentsError(f"UTCS_DOCUMENTS: {path} {why}", path=path)


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
