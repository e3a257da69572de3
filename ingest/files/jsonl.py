"""JSON Lines of events: one CloudEvents document on each line, read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from graph.model.event import MAX_BYTES, Event, EventError, read_event
from graph.model.strict import JsonError, read_json
from ingest.files.rejected import Rejected

_BOM: Final = b"\xef\xbb\xbf"
_CHUNK: Final = 1024 * 1024


def read_jsonl(path: Path, *, actor: str) -> Iterator[Event | Rejected]:
    """Yields the event on each line, or what is wrong with that line.

    Args:
        path: A UTF-8 file; empty lines are allowed.
        actor: Who is meant where an event does not say who did it.
    """
    with path.open("rb") as file:
        for number, (line, size) in enumerate(_lines(file), start=1):
            text = (line.removeprefix(_BOM) if number == 1 else line).strip()
            if not text and size <= MAX_BYTES:
                continue
            try:
                yield read_event({"actor": actor} | _document(text, size))
            except EventError as error:
                yield Rejected(f"line {number}", error.message, text.decode(errors="replace"))


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yields each line, cut just beyond the limit, and its full size: memory stays bounded."""
    while line := file.readline(MAX_BYTES + 2):
        size = len(line)
        if not line.endswith(b"\n"):
            while rest := file.readline(_CHUNK):
                size += len(rest)
                if rest.endswith(b"\n"):
                    break
        yield line, size


def _document(text: bytes, size: int) -> dict[str, Any]:
    if size > MAX_BYTES + 1:
        raise EventError(
            f"event: {size:,} bytes is over the limit of {MAX_BYTES:,}; "
            "keep large content beside the graph and refer to it by hash"
        )
    try:
        document = read_json(text)
    except JsonError as error:
        raise EventError(f"event: {error}") from error
    if not isinstance(document, dict):
        raise EventError("event: a JSON object is expected, one event on each line")
    return document
