"""`python -m api.serve`: the API process, told everything by its environment."""

from __future__ import annotations

import asyncio
import getpass
import sys
from pathlib import Path

import uvicorn
from pydantic import ValidationError

from api.app import create_app
from api.keyring import Keyring
from api.persisted import Documents, DocumentsError
from api.schema import make_schema
from api.settings import Settings
from api.upkeep import keep_up
from graph.errors import TraceError
from graph.flows.submit import Principal
from graph.model.wording import setting_faults
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError


async def serve(settings: Settings) -> None:
    """Serves until it is told to end.

    Raises:
        DocumentsError: The folder of documents cannot be used.
        GraphUnreachableError: The graph does not answer; whoever started us may try again.
    """
    documents = read_documents(
        settings.documents
    )  # first: a wrong setting is told whatever the graph does
    graph = await Graph.open(
        settings.neo4j_uri,
        settings.neo4j_user,
        settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
        timeout_s=settings.timeout_s,
    )
    owner = Principal.of(getpass.getuser(), "admin")
    Keyring(settings.home / "secrets").api_token(owner)  # there for programs from the start
    async with graph:
        config = uvicorn.Config(
            create_app(graph, settings, documents),
            host=settings.api_host,
            port=settings.api_port,
            # One process that is not behind a proxy: what a client claims about itself is not believed.
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="info",
            timeout_graceful_shutdown=2,
            ws="websockets-sansio",
            ws_max_size=1024 * 1024,
        )
        upkeep = asyncio.create_task(keep_up(graph))
        try:
            await uvicorn.Server(config).serve()
        finally:
            upkeep.cancel()


def read_documents(folder: Path | None) -> Documents:
    """Returns what GraphQL may execute: the documents of the folder that is set, else anything.

    Raises:
        DocumentsError: The folder cannot be used.
    """
    return Documents() if folder is None else Documents.of_folder(folder, make_schema()._schema)


def main() -> int:
    """Runs the process; returns its exit status: 2 for bad settings, 3 if the graph is down."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.writelines(f"{fault}\n" for fault in setting_faults(error))
        return 2
    try:
        asyncio.run(serve(settings))
    except TraceError as error:
        sys.stderr.write(f"{error.message}\n")
        if isinstance(error, DocumentsError):
            return 2
        return 3 if isinstance(error, GraphUnreachableError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
