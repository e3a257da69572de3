"""A JSON document that is read as a whole, within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from graph.model.strict import JsonError, read_json
from ingest.files.rejected import file_error

MAX_DOCUMENT: Final = 128 * 1024 * 1024
"""The largest document that is read: it is held in memory as a whole."""

_BOM: Final = b"\xef\xbb\xbf"


def read_document(path: Path) -> Any:
    """Returns the value of a JSON document.

    Raises:
        FileError: It is too large, not UTF-8, or not JSON that everybody reads alike.
    """
    with path.open("rb") as file:
        content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise file_error(path, f"is over {MAX_DOCUMENT:,} bytes; split it")
    try:
        return read_json(content.removeprefix(_BOM))
    except JsonError as error:
        raise file_error(path, error.message) from error
