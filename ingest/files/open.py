"""One function that reads any file that the thread takes."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from graph.errors import TraceError
from graph.model.event import Event
from graph.model.identifier import IdentifierError, Utcs, shown
from graph.model.time import as_utc
from ingest.files.cyclonedx import read_cyclonedx
from ingest.files.epcis import read_epcis
from ingest.files.jsonl import read_jsonl
from ingest.files.known import NOTHING, Known
from ingest.files.openlineage import read_openlineage
from ingest.files.rejected import Rejected, file_error
from ingest.files.reqif_read import read_reqif, read_reqifz
from ingest.files.s1000d import read_s1000d
from ingest.files.statement import Speaker
from ingest.files.table_csv import read_csv

_HEAD: Final = 64 * 1024
_EPCIS: Final = re.compile(
    rb'"(epcisBody|EPCISDocument|EPCISQueryDocument|(Object|Aggregation|Association|Transformation|'
    rb'Transaction)Event)"'
)

_CYCLONEDX: Final = re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"')
_OPENLINEAGE: Final = (b'"runId"', b'"eventTime"', b'"job"')
_S1000D: Final = re.compile(rb"<dmodule[\s>]")


class Format(StrEnum):
    """What a file is."""

    TABLE = "a table"
    PARQUET = "Parquet"
    REQIF = "ReqIF"
    REQIFZ = "a ReqIF archive"
    EPCIS = "EPCIS"
    CYCLONEDX = "CycloneDX"
    OPENLINEAGE = "OpenLineage"
    S1000D = "S1000D"
    EVENTS = "JSON Lines"


_BY_NAME: Final = {
    ".csv": Format.TABLE,
    ".tsv": Format.TABLE,
    ".parquet": Format.PARQUET,
    ".txt": Format.TABLE,
    ".reqif": Format.REQIF,
    ".reqifz": Format.REQIFZ,
    ".jsonld": Format.EPCIS,
    ".json": Format.EPCIS,
    ".jsonl": Format.EVENTS,
    ".ndjson": Format.EVENTS,
}


def read_file(
    path: Path,
    *,
    authority: str,
    actor: str,
    now: datetime,
    source: str | None = None,
    mapping: Path | None = None,
    at: datetime | None = None,
    stated: datetime | None = None,
    known: Known = NOTHING,
) -> Iterator[Event | Rejected]:
    """Yields what a file says, as events in an order in which nothing has to wait for what follows.

    Reading is pure: the same file and arguments always give the same events.

    Args:
        path: A table (CSV, Parquet), ReqIF, .reqifz, EPCIS 2.0 JSON-LD, or JSON Lines of events.
        authority: Who issued the identifiers in it; JSON Lines bring their own.
        actor: Who loads it, for events that do not say who did it.
        now: When it is loaded.
        source: The `source` of the events; by default one made from the file's name, except
            that EPCIS events keep one source wherever they stand.
        mapping: A column mapping for a table; by default the built-in one that fits.
        at: From when it is true; by default what the file says, or when it was last written. EPCIS
            and JSON Lines carry their own times.
        stated: When it says so, which decides between two that speak of one instant; by default the
            CREATION-TIME of ReqIF, and for tables the moment of loading.
        known: What the graph knows of the things in an EPCIS file; `known_to.known_to` asks it.

    Raises:
        TraceError: The authority is none.
        FileError: The file as a whole cannot be read; what is only a part of it is `Rejected`.
    """
    _refuse_authority(authority)
    form = sniff(path)
    try:
        at, stated = (
            as_utc(t, name) if t else None for t, name in ((at, "at"), (stated, "stated"))
        )
    except TraceError as error:
        raise file_error(path, error.message) from error
    if mapping and form not in (Format.TABLE, Format.PARQUET):
        raise file_error(path, f"is {form}, which takes no column mapping; leave --mapping out")
    speaker = Speaker(source or f"file:{quote(os.fsencode(path.name))}", actor, authority)
    if form is Format.TABLE:
        since = at or _written(path)
        return read_csv(path, speaker=speaker, stated=stated or now, since=since, mapping=mapping)
    if form is Format.PARQUET:
        # It takes half a second to import, and most files are something else.
        from ingest.files.table_parquet import read_parquet

        since = at or _written(path)
        return read_parquet(
            path, speaker=speaker, stated=stated or now, since=since, mapping=mapping
        )
    if form is Format.CYCLONEDX:
        return read_cyclonedx(path, speaker=speaker, now=now, at=at, stated=stated, known=known)
    if form is Format.S1000D:
        return read_s1000d(path, speaker=speaker, stated=stated or now, at=at)
    if form is Format.OPENLINEAGE:
        return read_openlineage(path, source=source, actor=actor, authority=authority, known=known)
    if form is Format.EPCIS:
        return read_epcis(path, source=source, actor=actor, authority=authority, known=known)
    if form is Format.EVENTS:
        return read_jsonl(path, actor=actor)
    read = read_reqif if form is Format.REQIF else read_reqifz
    return read(path, speaker=speaker, now=now, at=at, stated=stated)


def is_state(path: Path) -> bool:
    """Whether a file says how things are, rather than what happened: then only changes matter.

    Raises:
        FileError: It cannot be opened, is empty, or is none of the formats.
    """
    form = sniff(path)
    if form is Format.PARQUET:
        from ingest.files.table_parquet import holds_events

        return not holds_events(path)
    return form not in (Format.EPCIS, Format.EVENTS)


def _refuse_authority(authority: str) -> None:
    try:
        Utcs(authority, "source", "x")
    except IdentifierError as error:
        raise TraceError(
            f"authority: {shown(authority)} issues no identifiers; give 2 to 16 of A–Z 0–9 "
            "(--authority, or UTCS_AUTHORITY)",
            authority=authority,
        ) from error


def sniff(path: Path) -> Format:
    """Returns what a file is, by its content and then by its name.

    Raises:
        FileError: It cannot be opened, is empty, or is none of the formats.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise file_error(path, f"cannot be opened: {error.strerror}") from error
    if not head.strip():
        raise file_error(path, "is empty")
    found = _by_content(path, head) or _BY_NAME.get(path.suffix.lower())
    if found is None:
        raise file_error(path, f"is of no known format; name it {', '.join(_BY_NAME)}")
    return found


def _by_content(path: Path, head: bytes) -> Format | None:
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    start = head.translate(None, b"\0").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return Format.S1000D if _S1000D.search(head.translate(None, b"\0")) else Format.REQIF
    if start.startswith((b"{", b"[")):
        return _json(path, head)
    return None


def _json(path: Path, head: bytes) -> Format | None:
    if _CYCLONEDX.search(head):
        return Format.CYCLONEDX
    if all(name in head for name in _OPENLINEAGE):
        return Format.OPENLINEAGE
    if _BY_NAME.get(path.suffix.lower()) is Format.EVENTS or not head.lstrip().startswith(b"{"):
        return None  # as its name says
    return Format.EPCIS if _EPCIS.search(head) else Format.EVENTS


def _zipped(path: Path) -> Format:
    """Tells a ReqIF archive from the office files that are zips too."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise file_error(path, f"is a damaged zip archive: {error}") from error
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise file_error(path, "is an office file; save the sheet as CSV (UTF-8)")
    return Format.REQIFZ


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
