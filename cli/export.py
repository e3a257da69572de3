"""`utcs export`: a requirements document out of the graph, as the ReqIF it came as."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.connect import ask
from cli.output import json_out, tell
from cli.questions import AsJson, AsOf, Id, KnownAt, coordinates
from graph.store.database import Graph
from graph.store.resolve import resolve


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

    Example: utcs export utcs:ACME:document:H2-TANK tank.reqif --as-of 2026-01-15
    """
    # The writers bring XML along, which no other verb needs.
    from ingest.files.reqif_export import export_reqif, export_reqifz
    from ingest.files.reqif_write import Exported

    at = coordinates(as_of, known_at)

    async def written(graph: Graph) -> Exported:
        document = await resolve(graph, id, at=at)
        if file.suffix.lower() == ".reqifz":
            return await export_reqifz(graph, document, files or file.parent, at=at)
        return await export_reqif(graph, document, at=at)

    exported = ask(written)
    file.write_bytes(exported.document)
    if as_json:
        json_out({"file": str(file), "bytes": len(exported.document), "notes": exported.notes})
        return
    for note in exported.notes:
        tell(str(note), style="yellow")
    tell(f"{file}: {len(exported.document):,} bytes written")
