"""Merges small files into large ones, while others write and read: nobody sees a sample twice or not at all.

The merged file names those it replaces, and from its rename on they no longer hold. They are deleted only
later, so that a question that has just listed them can finish.
"""

from __future__ import annotations

import time
from itertools import accumulate
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from graph.store.telemetry.shelf import SCHEMA, Covers, Shelf, Stored, put_file

SMALL_ROWS: Final = 1_000_000
"""Files up to this size are merged."""

MERGED_ROWS: Final = 4_000_000
"""About how large a merged file becomes; this many rows are in memory at once, 250 MB."""

MANY: Final = 16
"""So many small files of one day are worth merging."""

GRACE_S: Final = 120.0
"""How long a replaced file stays; longer than a question takes, and one that takes longer asks again."""


def tidy(shelf: Shelf, *, many: int = MANY, grace_s: float = GRACE_S) -> int:
    """Merges the small files of each day, deletes what was replaced, and returns how many files went.

    Does nothing if another process is at it.
    """
    with shelf.locked("tidy", wait=False) as ours:
        if not ours:
            return 0
        gone = 0
        for stream in shelf.streams():
            for folder in shelf.days(stream):
                gone += _sweep(shelf, folder, grace_s)
                _merge(shelf, folder, many)
        return gone


def _merge(shelf: Shelf, folder: Path, many: int) -> None:
    small = sorted((f for f in shelf.holding(folder) if f.rows <= SMALL_ROWS), key=lambda f: f.rows)
    running = accumulate(file.rows for file in small)
    chosen = [file for file, rows in zip(small, running, strict=True) if rows <= MERGED_ROWS]
    if len(chosen) >= max(many, 2):
        put_file(folder, _sorted(chosen), _union(chosen), _replaced(shelf, folder, chosen))


def _sorted(files: list[Stored]) -> pa.Table:
    """Returns the rows of several files, ordered as questions look for them."""
    texts = pa.schema(
        [f.with_type(pa.string()) if pa.types.is_dictionary(f.type) else f for f in SCHEMA]
    )
    tables = [pq.read_table(pa.BufferReader(file.path.read_bytes())) for file in files]
    table = pa.concat_tables([t.replace_schema_metadata(None).cast(texts) for t in tables])
    order = [(name, "ascending") for name in ("thing", "parameter", "taken_at")]
    return table.sort_by(order).cast(SCHEMA)


def _union(files: list[Stored]) -> Covers:
    covers: Covers = {}
    for file in files:
        for origin, spans in file.covers.items():
            covers[origin] = _joined(covers.get(origin, []) + spans)
    return covers


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the same numbers in as few spans as can be."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _replaced(shelf: Shelf, folder: Path, chosen: list[Stored]) -> tuple[str, ...]:
    """Returns the names that a merged file replaces: also those its parts replaced, if still there.

    Otherwise one that is deleted before them would bring them back.
    """
    there = {file.path.name for file in shelf.present(folder)}
    names = {name for file in chosen for name in (file.path.name, *file.replaces)}
    return tuple(sorted(names & there))


def _sweep(shelf: Shelf, folder: Path, grace_s: float) -> int:
    """Deletes files that were replaced long ago, and drafts that nobody finished."""
    before = time.time() - grace_s
    present = {file.path.name: file for file in shelf.present(folder)}
    replaced = {
        name
        for file in present.values()
        if file.path.stat().st_mtime <= before
        for name in file.replaces
    }
    # What was replaced goes before what replaced it: cut off in between, nothing comes back.
    going = sorted(
        (present[name].path for name in replaced & present.keys()), key=lambda p: p.stat().st_mtime
    )
    drafts = [path for path in folder.glob(".*.parquet.*") if path.stat().st_mtime <= before]
    for path in (*going, *drafts):
        path.unlink(missing_ok=True)
    return len(going) + len(drafts)
