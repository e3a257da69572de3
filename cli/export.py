"""`utcs export`: a requirements document out of the graph, as the ReqIF it came as."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.connect import ask
from cli.output import json_out, tell
from cli.questions import AsJson, AsOf, Id, KnownAt, coordinates
from graph.errors import TraceError
from graph.store.database import Graph
from graph.store.resolve import resolve


class Form(StrEnum):
    """What can be written, by how the file's name ends."""

    DOCUMENT = ".reqif"
    ARCHIVE = ".reqifz"


def export(
    id: Id,
    file: Annotated[Path, typer.Argument(help="What to write: a .reqif or .reqifz file.")],
    files: Annotated[
        Path | None,
        typer.Option(
            help="For .reqifz: the archive or folder with the pictures; the graph knows their hashes only."
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Write a document that came by ReqIF as ReqIF again, as it stands or as it stood.

    The sample fleet has none; `utcs load tests/samples/h2_tank.reqif --authority ACME` brings one.

    Example: utcs export utcs:ACME:document:_h2-tank-exchange tank.reqif --as-of 2026-03-01
    """
    form, at = _form(file), coordinates(as_of, known_at)
    # The writers bring XML along, which no other verb needs.
    from ingest.files.reqif_export import export_reqif, export_reqifz
    from ingest.files.reqif_write import Exported

    async def written(graph: Graph) -> Exported:
        document = await resolve(graph, id, at=at)
        if form is Form.ARCHIVE:
            return await export_reqifz(graph, document, files or file.parent, at=at)
        return await export_reqif(graph, document, at=at)

    exported = ask(written)
    write_whole(file, exported.document)
    if as_json:
        json_out({"file": str(file), "bytes": len(exported.document), "notes": exported.notes})
        return
    for note in exported.notes:
        tell(str(note), style="yellow")
    tell(f"{file}: {len(exported.document):,} bytes written")


def _form(file: Path) -> Form:
    try:
        return Form(file.suffix.lower())
    except ValueError:
        raise TraceError(
            f"file: {file} does not say what to write; let its name end in {' or '.join(Form)}"
        ) from None


def write_whole(file: Path, content: bytes) -> None:
    """Puts the content at a path in one step: who reads it, or a full disk, never meets half of it.

    Raises:
        TraceError: The place cannot be written; what stood there stands there still.
    """
    target = file.resolve()  # a link stays a link
    fresh = target.with_name(f".{target.name[:200]}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as beside:
            beside.write(content)
        if target.is_file():
            fresh.chmod(target.stat().st_mode & 0o777)
        fresh.replace(target)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise TraceError(
            f"file: {file} cannot be written ({error.strerror}); name a file in a folder that is "
            "there and writable for you"
        ) from error
