"""`python -m ingest.work`: a worker process, told everything by its environment."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import uvicorn
from pydantic import ValidationError

from graph.errors import TraceError
from graph.model.wording import setting_faults
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError
from graph.store.migrate import pending
from ingest.app import create_app
from ingest.files.rejected import FileError
from ingest.reporting.reporter import Writer
from ingest.settings import Settings, shown

POLL_S: Final = 0.5


class QueueError(TraceError):
    """The queue cannot be used."""


async def work(settings: Settings, writer: Writer | None = None) -> None:
    """Works until it is told to end; what it holds then it finishes, or gives back to the queue.

    Raises:
        GraphUnreachableError: The graph does not answer at the start; whoever started us may try again.
        QueueError: The queue does not answer at the start, or is not as it must be.
    """
    password = settings.neo4j_password.get_secret_value()
    async with await Graph.open(
        settings.neo4j_uri, settings.neo4j_user, password, database=settings.neo4j_database
    ) as graph:
        await _await_migrations(graph)
        config = uvicorn.Config(
            create_app(graph, settings, writer),
            host=settings.work_host,
            port=settings.work_port,
            server_header=False,
            access_log=False,
            log_level="warning",
        )
        try:
            await uvicorn.Server(config).serve()
        except SystemExit as ended:  # uvicorn's word for an app that did not start; it told why
            place = shown(settings.queue_uri.get_secret_value())
            raise QueueError(f"the queue {place} cannot be used; why stands above") from ended


async def _await_migrations(graph: Graph) -> None:
    """Returns once the graph is as this release needs it; whoever starts the graph sees to that."""
    while await pending(graph):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(POLL_S)


def main(writer: Writer | None = None) -> int:
    """Runs the process; returns its exit status: 2 for bad settings, 3 if graph or queue is down."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.stderr.writelines(f"{fault}\n" for fault in setting_faults(error))
        return 2
    try:
        asyncio.run(work(settings, writer))
    except TraceError as error:
        sys.stderr.write(f"{error.message}\n")
        if isinstance(error, FileError):  # one that a setting names
            return 2
        return 3 if isinstance(error, GraphUnreachableError | QueueError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
