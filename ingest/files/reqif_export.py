"""ReqIF out of the graph: a document as it stands at any moment, as .reqif or .reqifz."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from graph.model.engineering import Document, Requirement
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.moment import CURRENT
from graph.store.node import read_properties
from graph.store.select import place_in_time, select
from graph.store.selection import Column, Hop, Named, Page, Property, Root, Row, Value
from graph.store.show import Standing, show
from ingest.files.reqif_links import DERIVED, RELATED
from ingest.files.reqif_skeleton import member_of, page_count, page_id
from ingest.files.reqif_write import Exported, ExportError, Held, Link, object_ids, write_reqif
from ingest.files.reqif_zip import open_archive, pack

_CHUNK: Final = 500
_LINKS: Final = (DERIVED, RELATED)

MAX_LINKS: Final = 10_000
"""The most links of one type that one thing of a document may have."""

K = TypeVar("K", bound=Kind)


async def export_reqif(graph: Graph, document: Utcs, *, at: Coordinates = CURRENT) -> Exported:
    """Returns a document that came by ReqIF, as ReqIF, with what the graph holds of it at a moment.

    Raises:
        NotFoundError: Nothing is known of the document.
        ExportError: It did not come by ReqIF, is not there then, or is not complete.
    """
    pages = await _pages(graph, document, at)
    ids = [Utcs(document.authority, "requirement", local) for local in object_ids(pages)]
    held: dict[str, Held] = {}
    links: dict[Link, datetime] = {}
    for chunk in _chunks(ids):
        for row in await _read(graph, Requirement, chunk, _LINKS, at):
            utcs, since, stored, *linked = row
            properties = _properties(Requirement, stored)
            held[Utcs.parse(utcs).local] = Held(properties, from_micros(since))
            links |= dict(_links(utcs, linked))
    return write_reqif(pages, held, links)


async def export_reqifz(
    graph: Graph, document: Utcs, files: Path, *, at: Coordinates = CURRENT
) -> Exported:
    """Returns the document and what it refers to, as an archive.

    Args:
        graph: Where to ask.
        document: A document that came by ReqIF.
        files: The archive it came in, or a folder with the files; the graph knows only their hashes.
        at: The coordinates of time.

    Raises:
        ExportError: A file is missing, or is not the one that was referred to.
    """
    exported = await export_reqif(graph, document, at=at)
    name = f"{document.local}.reqif"
    contents = {name: exported.document}
    for attached in await _attachments(graph, document, at):
        member = member_of(attached)
        if member is not None:
            contents[member] = _content(files, member, attached.sha256)
    return Exported(pack(contents), exported.notes)


async def _pages(graph: Graph, document: Utcs, at: Coordinates) -> list[Document]:
    shown = await show(graph, document, at=at)
    first = shown.node.properties
    count = page_count(first) if isinstance(first, Document) else None
    if count is None or shown.standing is not Standing.THERE:
        raise ExportError(
            f"{document}: is not a document that came by ReqIF and is there then; "
            "name one that was loaded from .reqif"
        )
    ids = [page_id(document, number) for number in range(1, count + 1)]
    rows = {row[0]: row[2] for row in await _read(graph, Document, ids, (), at)}
    if missing := [str(utcs) for utcs in ids if str(utcs) not in rows]:
        raise ExportError(f"{document}: {', '.join(missing)} is missing; load the document again")
    return [_properties(Document, rows[str(utcs)]) for utcs in ids]


async def _attachments(graph: Graph, document: Utcs, at: Coordinates) -> list[Document]:
    ((_, _, _, linked),) = await _read(graph, Document, [document], (RELATED,), at)
    ids = [Utcs.parse(utcs) for utcs, _ in linked]
    found = [
        row
        for chunk in _chunks([utcs for utcs in ids if utcs.kind == Document.kind])
        for row in await _read(graph, Document, chunk, (), at)
    ]
    return [_properties(Document, stored) for _, _, stored in found]


async def _read(
    graph: Graph, kind: type[Kind], ids: list[Utcs], links: tuple[str, ...], at: Coordinates
) -> list[list[Any]]:
    """Returns id, start and stored properties of each thing, and its links of each type."""
    era, world, knowledge = place_in_time(at, graph.clock())
    linked: tuple[Column, ...] = (Property("utcs"), Property("valid_from", "link"))
    columns: tuple[Column, ...] = (
        Property("utcs"),
        Property("valid_from"),
        Row(tuple(Property(name) for name in kind.model_fields)),
        *(Page(Hop(link, forward=True), linked, limit=Value(4)) for link in links),
    )
    root = Root(Page(Named(Value(0)), columns, limit=Value(3)), era, Value(1), Value(2))
    values = [[str(utcs) for utcs in ids], world, knowledge, len(ids), MAX_LINKS + 1]
    (rows,) = await select(graph, (root,), values)
    for utcs, _, _, *linked_things in rows:
        if any(len(targets) > MAX_LINKS for targets in linked_things):
            raise ExportError(f"{utcs}: has more than {MAX_LINKS:,} links of one type; end some")
    return list(rows)


def _properties(kind: type[K], stored: list[Any]) -> K:
    named = zip(kind.model_fields, stored, strict=True)
    read = read_properties(kind.kind, {name: value for name, value in named if value is not None})
    assert isinstance(read, kind)  # noqa: S101 - read_properties goes by the same word
    return read


def _links(source: str, linked: list[list[list[Any]]]) -> Iterator[tuple[Link, datetime]]:
    start = Utcs.parse(source)
    for link, targets in zip(_LINKS, linked, strict=True):
        for target, since in targets:
            end = Utcs.parse(target)
            if (end.authority, end.kind) == (start.authority, start.kind):
                yield (start.local, link, end.local), from_micros(since)


def _chunks(ids: list[Utcs]) -> Iterator[list[Utcs]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _content(files: Path, member: str, sha256: str | None) -> bytes:
    """Returns the content of a file that the graph knows by its hash."""
    if files.is_dir():
        path = files / member
        inside = path.resolve().is_relative_to(files.resolve())
        content = path.read_bytes() if inside and path.is_file() else None
    else:
        content = open_archive(files).content(member)
    if content is None:
        raise ExportError(f"{member}: is not in {files}; put it there")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ExportError(f"{member}: the file in {files} is another; its SHA-256 must be {sha256}")
    return content
